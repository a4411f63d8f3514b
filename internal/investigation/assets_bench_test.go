package investigation

import (
	"testing"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/store"
)

// BenchmarkAssets is a page of 50 people, mailboxes, apps or devices, each reader's own count of them.
func BenchmarkAssets(b *testing.B) {
	s, snapshot := benchStore(b)
	service := New(s, nil, held{snapshot}, byTag, nil)
	for _, list := range []struct {
		name string
		page func(who audit.Actor) error
	}{
		{"users", func(who audit.Actor) error {
			_, err := service.Assets(ctx, who, AssetQuery{Kind: store.EntityUser, Limit: 50})
			return err
		}},
		{"search", func(who audit.Actor) error {
			_, err := service.Assets(ctx, who, AssetQuery{Kind: store.EntityUser, Search: "person0012", Limit: 50})
			return err
		}},
		{"mailboxes", func(who audit.Actor) error {
			_, err := service.Assets(ctx, who, AssetQuery{Kind: store.EntityMailbox, Order: store.ByLast, Limit: 50})
			return err
		}},
		{"apps", func(who audit.Actor) error {
			_, err := service.Assets(ctx, who, AssetQuery{Kind: store.EntityApp, Limit: 50})
			return err
		}},
		{"devices", func(who audit.Actor) error {
			_, err := service.Devices(ctx, who, DeviceQuery{Limit: 50})
			return err
		}},
	} {
		for _, reader := range benchReaders {
			if list.name == "devices" && reader == "workload" {
				continue // has none
			}
			b.Run(list.name+"/"+reader, func(b *testing.B) {
				benchEach(b, func() error { return list.page(audit.Actor{Name: reader + "@x"}) })
			})
		}
	}
}

// BenchmarkIncidentFacets counts the incidents that a reader sees by all that their queue is filtered by.
func BenchmarkIncidentFacets(b *testing.B) {
	s, snapshot := benchStore(b)
	service := New(s, nil, held{snapshot}, byTag, nil)
	for _, of := range []struct{ name, filter string }{{"all", ""}, {"week", benchOpenWeek()}, {"high", "severity eq 'high'"}} {
		for _, reader := range benchReaders {
			b.Run(of.name+"/"+reader, func(b *testing.B) {
				benchEach(b, func() error {
					_, err := service.IncidentFacets(ctx, reader+"@x", Query{Filter: of.filter})
					return err
				})
			})
		}
	}
}
