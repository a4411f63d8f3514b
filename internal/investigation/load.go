package investigation

import (
	"context"
	"fmt"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Count tells what became of the records of one kind.
type Count struct {
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
}

func (c *Count) add(t store.Taken) {
	switch t {
	case store.Created:
		c.Created++
	case store.Updated:
		c.Updated++
	default:
		c.Unchanged++
	}
}

// Loaded tells what a file brought.
type Loaded struct {
	File      string `json:"file"`
	Alerts    Count  `json:"alerts"`
	Incidents Count  `json:"incidents"`
	Actions   Count  `json:"actions"`
	Reports   Count  `json:"reports"` // of Threat analytics
	Rows      Count  `json:"rows"`    // of the streaming export; messages in which nothing was found are not kept, and count as unchanged

	Events *Events `json:"events,omitempty"` // rows of the tables that are hunted in; nil: the file has none
}

// Events tells what a file brought of the tables that are hunted in. They are kept elsewhere.
type Events struct {
	New      int64            `json:"new"`
	Known    int64            `json:"known"` // were there already, or stood in the file twice
	Rejected int64            `json:"rejected"`
	Tables   map[string]int64 `json:"tables"` // new rows by table
}

// ActionTaker takes the actions of a file: they are another room's.
type ActionTaker interface {
	Action(store.Action) (store.Taken, error)
	Done() error
}

func (l *Loaded) add(part Loaded) {
	for _, of := range []struct {
		all  *Count
		part Count
	}{{&l.Alerts, part.Alerts}, {&l.Incidents, part.Incidents}, {&l.Actions, part.Actions}, {&l.Reports, part.Reports}, {&l.Rows, part.Rows}} {
		of.all.Created += of.part.Created
		of.all.Updated += of.part.Updated
		of.all.Unchanged += of.part.Unchanged
	}
}

func (l Loaded) changed() bool {
	for _, c := range []Count{l.Alerts, l.Incidents, l.Actions, l.Reports, l.Rows} {
		if c.Created+c.Updated > 0 {
			return true
		}
	}
	return l.Events != nil && l.Events.New > 0
}

// Load takes a file whole or not at all: read hands over its records, and an error of it takes everything back. A record
// that is not newer than what is there changes nothing, so loading twice is loading once. It takes the right to manage
// the centre's settings, or to own its files.
func (s *Service) Load(ctx context.Context, actor audit.Actor, file string, read func(take func(store.Record) error) error) (Loaded, error) {
	return s.LoadBeside(ctx, actor, file, nil, read)
}

// LoadBeside is Load for a file of which some rows are kept elsewhere. They belong to the same change: no record of it, no rows.
func (s *Service) LoadBeside(ctx context.Context, actor audit.Actor, file string, events *Events, read func(take func(store.Record) error) error) (Loaded, error) {
	records := readAhead(ctx, read)
	defer records.close()
	done, _, err := s.part(ctx, actor, file, events, records, 0)
	return done, err
}

// LoadInParts is Load for a large file, that read hands over as often as it is asked to. It is read twice: a fault anywhere in it takes
// nothing. Then it is taken part by part, each a change of its own with so many records or a few more, and between them others come
// to write. What ends it in between leaves whole parts, and the file can be loaded again.
func (s *Service) LoadInParts(ctx context.Context, actor audit.Actor, file string, size int, read func(take func(store.Record) error) error) (Loaded, error) {
	all := Loaded{File: file}
	if err := s.MayManage(ctx, actor, "load alerts and incidents"); err != nil {
		return s.Load(ctx, actor, file, func(func(store.Record) error) error { return err }) // which records it
	}
	if err := read(func(store.Record) error { return ctx.Err() }); err != nil {
		return all, err
	}
	records := readAhead(ctx, read)
	defer records.close()
	for more := true; more; {
		var done Loaded
		var err error
		if done, more, err = s.part(ctx, actor, file, nil, records, size); err != nil {
			return all, err
		}
		all.add(done)
	}
	return all, nil
}

// part takes so many records, or all, in one change.
func (s *Service) part(ctx context.Context, actor audit.Actor, file string, events *Events, records *ahead, most int) (done Loaded, more bool, err error) {
	err = s.door.Change(ctx, actor, "alerts.load", func(tx store.Writer, rec *audit.Record) error {
		done = Loaded{File: file, Events: events}
		snapshot, err := s.snapshots.Snapshot(ctx)
		if err != nil {
			return err
		}
		rec.Object, rec.Workload, rec.PolicyRevision = "file:"+file, rbac.Other, snapshot.Revision()
		if err := s.mayLoad(snapshot, actor); err != nil {
			return err
		}
		taker := tx.TakeRecords(s.group(snapshot.DeviceGroups()))
		actions := s.TakeActions(tx, snapshot)
		now := s.now()
		next := func(piece []store.Record) error { return taker.Ahead(alertsAmong(piece)) }
		if more, err = records.each(most, next, func(r store.Record) error { return done.take(ctx, taker, actions, notAhead(r, now)) }); err != nil {
			return err
		}
		if !done.changed() {
			rec.Skip()
			return nil
		}
		rec.After = done
		window, err := tx.CorrelationWindow()
		if err != nil {
			return err
		}
		if err := taker.Correlate(window, now); err != nil {
			return err
		}
		if err := taker.Done(); err != nil {
			return err
		}
		return actions.Done()
	})
	if err != nil {
		return Loaded{File: file}, false, err
	}
	return done, more, nil
}

func alertsAmong(records []store.Record) []store.Alert {
	list := make([]store.Alert, 0, len(records))
	for _, r := range records {
		if r.Alert != nil {
			list = append(list, *r.Alert)
		}
	}
	return list
}

// mayLoad refuses whoever does not run the centre: records bring devices, and devices decide who sees what.
func (s *Service) mayLoad(snapshot *rbac.Snapshot, actor audit.Actor) error {
	return s.maySet(snapshot, actor, "load alerts and incidents")
}

// notAhead takes what evidence and rows tell as told now at the latest: what is dated ahead must not have the last word about a
// device, a message or a weakness until then (S7).
func notAhead(r store.Record, now time.Time) store.Record {
	if r.Alert != nil {
		for i := range r.Alert.Devices {
			if d := &r.Alert.Devices[i]; d.Seen.After(now) {
				d.Seen = now
			}
		}
	}
	switch row := r.Row.(type) {
	case store.Vulnerability:
		row.Device.Seen = earlier(row.Device.Seen, now)
		r.Row = row
	case store.Configuration:
		row.Device.Seen = earlier(row.Device.Seen, now)
		r.Row = row
	case store.DeviceSeen:
		row.Device.Seen = earlier(row.Device.Seen, now)
		r.Row = row
	case store.Mail:
		row.At, row.Sent = earlier(row.At, now), earlier(row.Sent, now)
		r.Row = row
	case store.VulnerabilityKB:
		row.Modified = earlier(row.Modified, now)
		r.Row = row
	case store.ConfigurationKB:
		row.Seen = earlier(row.Seen, now)
		r.Row = row
	}
	return r
}

func earlier(a, b time.Time) time.Time {
	if a.After(b) {
		return b
	}
	return a
}

func (l *Loaded) take(ctx context.Context, taker store.RecordTaker, actions ActionTaker, r store.Record) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	switch {
	case r.Alert != nil:
		t, err := taker.Alert(*r.Alert)
		l.Alerts.add(t)
		return err
	case r.Incident != nil:
		t, err := taker.Incident(*r.Incident)
		l.Incidents.add(t)
		return err
	case r.Report != nil:
		t, err := taker.Report(*r.Report)
		l.Reports.add(t)
		return err
	case r.Row != nil:
		t, err := taker.Row(r.Row)
		l.Rows.add(t)
		return err
	case r.Action != nil:
		t, err := actions.Action(*r.Action)
		l.Actions.add(t)
		return err
	}
	return fmt.Errorf("a record of nothing")
}

// Regroup moves devices, and with them alerts, to the groups that these rules put them in. It runs within the change of
// the rules, so that no request meets one without the other (S7).
func (s *Service) Regroup(tx store.Writer, groups []rbac.DeviceGroup) error {
	_, err := tx.Regroup(s.group(groups))
	return err
}

// group asks the rules. A device that no evidence has described yet is ungrouped: of an unknown name nothing holds.
func (s *Service) group(groups []rbac.DeviceGroup) func(store.Device) string {
	rules := s.grouping(groups)
	return func(d store.Device) string {
		if !d.Known {
			return rbac.UngroupedDevices
		}
		return rules(d)
	}
}
