package events

import (
	"time"

	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

// TableStatus is what the store has of a table.
type TableStatus struct {
	Table    string    `json:"table"`
	Rows     int64     `json:"rows"`
	Bytes    int64     `json:"bytes"`
	Segments int       `json:"segments"`
	From     time.Time `json:"from,omitzero"` // of the rows; zero without any
	To       time.Time `json:"to,omitzero"`
	Arrived  time.Time `json:"arrived,omitzero"` // of the newest
	Counts
}

// Status tells what the store has, table by table in the schema's order; tables of which it never had anything are left out.
func (s *Store) Status() ([]TableStatus, error) {
	m, err := s.current()
	if err != nil {
		return nil, err
	}
	byTable := map[string]*TableStatus{}
	for name, c := range m.Tables {
		byTable[name] = &TableStatus{Table: name, Counts: *c}
	}
	for _, g := range m.Segments {
		t := byTable[g.Table]
		if t == nil {
			t = &TableStatus{Table: g.Table}
			byTable[g.Table] = t
		}
		t.Rows, t.Bytes, t.Segments = t.Rows+g.Rows, t.Bytes+g.Bytes, t.Segments+1
		if from := g.From.Time(); t.From.IsZero() || from.Before(t.From) {
			t.From = from
		}
		if to := g.To.Time(); to.After(t.To) {
			t.To = to
		}
		if g.Arrived.After(t.Arrived) {
			t.Arrived = g.Arrived
		}
	}
	var list []TableStatus
	for _, t := range schema.Tables() {
		if status := byTable[t.Name]; status != nil {
			list = append(list, *status)
		}
	}
	return list, nil
}
