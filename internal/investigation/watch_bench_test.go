package investigation

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/rbac"
)

// BenchmarkWatch200 is one change of an alert and 200 who watch told of it: together, beside each of them asking for news by a query
// of their own.
func BenchmarkWatch200(b *testing.B) {
	p := storyPolicy()
	p.EndpointRoles = false
	for i := range 200 {
		p.Users = append(p.Users, rbac.User{Name: fmt.Sprintf("watcher%d@x", i), GlobalRoles: []string{"Security Reader"}})
	}
	w := newWorld(b, p)
	w.load("incident.json", sample(b, "incident-three-workloads.json"))
	snapshot, err := w.Snapshot(ctx)
	if err != nil {
		b.Fatal(err)
	}
	counted := &counting{Store: w.store}
	s := New(counted, &audit.Door{Store: w.store}, held{snapshot}, byTag, func() time.Time { return w.now })
	change := func(n int) {
		if _, err := s.UpdateAlert(ctx, audit.Actor{Name: "admin@x"}, mailAlert, fmt.Appendf(nil, `{"assignedTo":"somebody%d@x"}`, n), "", full); err != nil {
			b.Fatal(err)
		}
	}
	all := func(b *testing.B, ask func(reader string) error) {
		var done sync.WaitGroup
		for i := range 200 {
			done.Go(func() {
				if err := ask(fmt.Sprintf("watcher%d@x", i)); err != nil {
					b.Error(err)
				}
			})
		}
		done.Wait()
	}
	watch := func(wait time.Duration) func(reader string) error {
		return func(reader string) error {
			_, err := s.Changed(ctx, reader, "window", wait)
			return err
		}
	}
	all(b, watch(0))
	n := 0
	b.Run("together", func(b *testing.B) {
		before := counted.views.Load()
		for b.Loop() {
			n++
			change(n)
			if err := s.lookOnce(ctx); err != nil { // what is done twice a second
				b.Fatal(err)
			}
			all(b, watch(time.Minute))
		}
		b.ReportMetric(float64(counted.views.Load()-before)/float64(b.N), "reads/change")
	})
	b.Run("each", func(b *testing.B) {
		before := counted.views.Load()
		for b.Loop() {
			n++
			change(n)
			all(b, func(reader string) error {
				_, err := s.Alerts(ctx, reader, Query{Top: 1, OrderBy: "lastUpdateDateTime desc"})
				return err
			})
		}
		b.ReportMetric(float64(counted.views.Load()-before)/float64(b.N), "reads/change")
	})
}
