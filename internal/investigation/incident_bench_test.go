package investigation

import (
	"strings"
	"testing"
)

// benchOpenWeek is benchWeek of incidents.
func benchOpenWeek() string { return strings.Replace(benchWeek(), "'new'", "'active'", 1) }

// BenchmarkIncidents is a page of 50 incidents, each reader's own view of them.
func BenchmarkIncidents(b *testing.B) {
	s, snapshot := benchStore(b)
	service := New(s, nil, held{snapshot}, byTag, nil)
	for _, page := range []struct {
		name  string
		q     Query
		pages int
	}{
		{"first", Query{}, 0},
		{"hundredth", Query{}, 99},
		{"week", Query{Filter: benchOpenWeek(), Count: true}, 0},
		{"severity", Query{OrderBy: "severity desc", Count: true}, 0},
	} {
		for _, reader := range benchReaders {
			q := page.q
			q.Top = 50
			for range page.pages {
				p, err := service.Incidents(ctx, reader+"@x", q)
				if err != nil {
					b.Fatal(err)
				}
				if p.Next == "" {
					break
				}
				q.SkipToken = p.Next
			}
			b.Run(page.name+"/"+reader, func(b *testing.B) {
				benchEach(b, func() error {
					_, err := service.Incidents(ctx, reader+"@x", q)
					return err
				})
			})
		}
	}
}

// BenchmarkIncident is the page of one incident, with its alerts.
func BenchmarkIncident(b *testing.B) {
	s, snapshot := benchStore(b)
	service := New(s, nil, held{snapshot}, byTag, nil)
	for _, reader := range benchReaders {
		p, err := service.Incidents(ctx, reader+"@x", Query{Top: 1})
		if err != nil || len(p.Items) == 0 {
			b.Fatal(err)
		}
		id := get(b, p.Items[0], "id").(string)
		b.Run(reader, func(b *testing.B) {
			benchEach(b, func() error {
				_, err := service.Incident(ctx, reader+"@x", id, true, full)
				return err
			})
		})
	}
}
