package intake

import (
	"github.com/bailiwick/bailiwick/internal/hunting/events"
	"github.com/bailiwick/bailiwick/internal/ingest"
	"github.com/bailiwick/bailiwick/internal/store"
)

// latest is what rows of DeviceInfo tell of each device: there are many rows of one, and the last word counts.
type latest map[string][]store.Device

// see remembers a row. An older one is of interest only while the newer says nothing about something.
func (d latest) see(name string, l *events.Load, r events.Row, strict bool) error {
	records, err := ingest.Record(name, r.Line, r.Record(l.Arrived()))
	if err != nil && !strict {
		l.Complain(problem(entry{Line: r.Line, Table: r.Table.Name}, err))
		return nil
	}
	if err != nil {
		return err
	}
	for _, record := range records {
		row, ok := record.Row.(store.DeviceSeen)
		if !ok {
			continue
		}
		told := row.Device
		known := d[told.ID]
		if n := len(known); n > 0 {
			last := known[n-1]
			if told.Seen.Before(last.Seen) && complete(last) {
				continue
			}
			if !told.Seen.Before(last.Seen) && complete(told) {
				known = known[:0]
			}
		}
		if len(known) < 8 || complete(told) {
			d[told.ID] = append(known, told)
		}
	}
	return nil
}

func complete(d store.Device) bool { return d.Known && d.OS != "" && d.Tags != nil }

func (d latest) take(take func(store.Record) error) error {
	for _, list := range d {
		for _, told := range list {
			if err := take(store.Record{Row: store.DeviceSeen{Device: told}}); err != nil {
				return err
			}
		}
	}
	return nil
}
