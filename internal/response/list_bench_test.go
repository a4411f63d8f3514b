package response

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// BenchmarkList is the first page of 100,000 actions, its count and its facets, for who sees all of it and for who sees one device
// group of two; the plain page beside it asks for nobody's reach.
func BenchmarkList(b *testing.B) {
	w := newWorld(b)
	w.load(func(tx store.Writer) error {
		for i := range 100_000 {
			a := store.Action{
				ID: fmt.Sprintf("a%06d", i), Workload: rbac.Endpoint, Type: Kinds[i%5].Name, Source: ManualDevice, Status: States[i%len(States)], Device: []string{"s1", "h1", "s2", "h1"}[i%4],
				Created: w.now, Updated: w.now.Add(-time.Duration(i) * time.Second), Decision: Undecided,
			}
			if i%3 == 0 {
				a.Workload, a.Device = rbac.Office365, ""
			}
			if err := tx.PutAction(a); err != nil {
				return err
			}
		}
		return nil
	})
	b.Run("plain page", func(b *testing.B) {
		for b.Loop() {
			must(b, w.store.View(context.Background(), func(tx store.Reader) error {
				_, err := tx.Actions(store.ActionQuery{Reach: store.ActionReach{All: true}, Now: w.now, Limit: 50})
				return err
			}))
		}
	})
	for _, who := range []string{ada, sol, mel} {
		b.Run("page and count of "+who, func(b *testing.B) {
			for b.Loop() {
				_, err := w.service.List(context.Background(), as(who), Query{Limit: 50})
				must(b, err)
			}
		})
		b.Run("facets of "+who, func(b *testing.B) {
			for b.Loop() {
				_, err := w.service.Facets(context.Background(), as(who), Query{})
				must(b, err)
			}
		})
	}
}
