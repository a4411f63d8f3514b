package investigation

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// benchReaders see everything, one product, every device group, and one device group in hundreds.
var benchReaders = []string{"everything", "workload", "endpoint", "devicegroup"}

// benchWeek is what the queue begins with: what is new or being worked on, of the last week.
func benchWeek() string {
	return "status in ('new','inProgress') and createdDateTime ge " + benchTime(benchAlerts).Add(-7*24*time.Hour).Format(time.RFC3339)
}

// BenchmarkQueue is a page of 50 alerts, with the exact count where the portal asks for it, as readers of much and of little ask for
// it; beside each the same question without roles: for everybody, by the same code.
func BenchmarkQueue(b *testing.B) {
	s, snapshot := benchStore(b)
	service := New(s, &audit.Door{Store: s}, held{snapshot}, byTag, nil)
	for _, page := range []struct {
		name  string
		q     Query
		pages int // before the one that is measured
	}{
		{"first", Query{}, 0},
		{"hundredth", Query{}, 99},
		{"week", Query{Filter: benchWeek(), Count: true}, 0},
		{"severity", Query{OrderBy: "severity desc,createdDateTime desc", Count: true}, 0},
		{"assigned", Query{Filter: "assignedTo eq 'analyst07@x' and status ne 'resolved'", Count: true}, 0},
		{"title", Query{OrderBy: "title", Count: true}, 0},
		{"oldest", Query{OrderBy: "lastUpdateDateTime asc", Filter: "severity eq 'high'", Count: true}, 0},
		{"search", Query{Search: "mimikatz", Count: true}, 0},
	} {
		page.q.Top = 50
		for _, reader := range benchReaders {
			q := page.q
			for range page.pages {
				p, err := service.Alerts(ctx, reader+"@x", q)
				if err != nil {
					b.Fatal(err)
				}
				if p.Next == "" {
					break // fewer alerts than that: the last page is measured
				}
				q.SkipToken = p.Next
			}
			b.Run(page.name+"/"+reader, func(b *testing.B) {
				benchEach(b, func() error {
					p, err := service.Alerts(ctx, reader+"@x", q)
					if err == nil && len(p.Items) == 0 && reader == "everything" {
						err = fmt.Errorf("nothing is found")
					}
					return err
				})
			})
		}
		b.Run(page.name+"/noroles", func(b *testing.B) {
			after := benchPlace(b, s, page.pages)
			benchEach(b, func() error { return benchPlain(s, snapshot, page.q, after) })
		})
	}
}

// BenchmarkFacets counts what a reader sees by all that a queue is filtered by.
func BenchmarkFacets(b *testing.B) {
	s, snapshot := benchStore(b)
	service := New(s, nil, held{snapshot}, byTag, nil)
	for _, of := range []struct{ name, filter string }{
		{"all", ""}, {"week", benchWeek()}, {"high", "severity eq 'high'"},
	} {
		for _, reader := range benchReaders {
			b.Run(of.name+"/"+reader, func(b *testing.B) {
				benchEach(b, func() error {
					_, err := service.Facets(ctx, reader+"@x", Query{Filter: of.filter})
					return err
				})
			})
		}
	}
}

// benchEach measures, and tells the slowest of twenty besides the mean.
func benchEach(b *testing.B, f func() error) {
	b.ReportAllocs()
	var took []time.Duration
	for b.Loop() {
		begun := time.Now()
		if err := f(); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(begun))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100])/1e6, "p95-ms")
}

// benchPlace is where a page begins when nobody has roles.
func benchPlace(b *testing.B, s store.Store, pages int) []any {
	var after []any
	err := s.View(ctx, func(tx store.Reader) error {
		for range pages {
			rows, err := tx.Alerts(store.AlertQuery{Visible: store.Visible{All: true}, Order: newest, After: after, Limit: 50})
			if err != nil || len(rows) == 0 {
				return err
			}
			after = rows[len(rows)-1].Cursor
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return after
}

// benchPlain reads, counts and writes a page as it would be without roles.
func benchPlain(s store.Store, snapshot *rbac.Snapshot, q Query, after []any) error {
	return s.View(ctx, func(tx store.Reader) error {
		v := &sight{tx: tx, snapshot: snapshot, see: snapshot.Reach("everything@x", rbac.ViewInvestigation, time.Now()), visible: store.Visible{All: true}}
		sq, err := v.prepare(alerts, q)
		if err != nil {
			return err
		}
		sq.After, sq.Limit = after, 51
		rows, err := tx.Alerts(sq)
		if err != nil {
			return err
		}
		for _, row := range rows[:min(50, len(rows))] {
			if _, err := v.alert(row, Form{}); err != nil {
				return err
			}
		}
		if q.Count {
			_, err = tx.CountAlerts(sq)
		}
		return err
	})
}
