// Package feeds keeps what hunting queries look up beside the tables: rows of feeds from elsewhere, what is known about files, and where
// addresses are. An administrator registers each and says who may read it; the server fetches it on a schedule, or it is loaded by hand.
// No query ever fetches anything: it reads the copy that was kept last.
//
// Feeds are kept by who may change the centre's settings (S16). Their rows are read by who may hunt in one of the products that a feed
// was opened to; one that was opened to none is read by nobody.
package feeds

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/lookup"
	"github.com/bailiwick/bailiwick/internal/outbox"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// The kinds of feeds.
const (
	Rows   = "rows"   // externaldata
	Files  = "files"  // FileProfile()
	Places = "places" // geo_info_from_ip_address()
)

// Snapshots gives the policy in force.
type Snapshots interface {
	Snapshot(ctx context.Context) (*rbac.Snapshot, error)
}

// Writer writes files that queries look up in: an engine.
type Writer interface {
	WriteFile(ctx context.Context, file string, columns []lookup.Stored, rows func(put func(values ...any) error) error) error
}

// Config is what the service is made of.
type Config struct {
	Store     store.Store
	Door      *audit.Door
	Snapshots Snapshots
	Files     Writer
	Dir       string           // where the files are
	Now       func() time.Time // nil: the clock
	// Client gives the client for addresses of the internet, or for those within the centre's own network, too; nil: those of outbox.
	Client func(within bool) *http.Client
}

// Service answers for feeds.
type Service struct {
	Config
	loop   outbox.Loop
	tidied time.Time
}

// New makes the service.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Client == nil {
		c.Client = clientFor
	}
	return &Service{Config: c, loop: outbox.NewLoop()}
}

// now is the time as it is stored.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

func (s *Service) path(file string) string { return filepath.Join(s.Dir, file) }

// Shelf gives what there is to look up, with who may read it, for whoever runs queries.
func (s *Service) Shelf(ctx context.Context) (shelf lookup.Shelf, err error) {
	var list []store.Feed
	err = s.Store.View(ctx, func(tx store.Reader) error {
		list, err = tx.Feeds()
		return err
	})
	for _, f := range list {
		file := ""
		if f.File != "" {
			file = s.path(f.File)
		}
		switch f.Kind {
		case Files:
			shelf.Reputation = file
		case Places:
			shelf.Places = file
		case Rows:
			shelf.Feeds = append(shelf.Feeds, lookup.Feed{ID: f.ID, Name: f.Name, Addresses: f.Addresses, Format: f.Format, Readers: workloads(f.Readers), File: file})
		}
	}
	return shelf, err
}

// Readers tells in which products one hunts who may read the feed that answers to an address or a name; none: nobody may, or there is none.
func (s *Service) Readers(tx store.Reader, source string) (rbac.WorkloadSet, error) {
	list, err := tx.Feeds()
	var shelf lookup.Shelf
	for _, f := range list {
		if f.Kind == Rows {
			shelf.Feeds = append(shelf.Feeds, lookup.Feed{Name: f.Name, Addresses: f.Addresses, Readers: workloads(f.Readers)})
		}
	}
	f, _ := shelf.Find(source)
	return f.Readers, err
}

func workloads(names []string) rbac.WorkloadSet {
	var set rbac.WorkloadSet
	for _, w := range rbac.Workloads {
		for _, name := range names {
			if name == w.String() {
				set |= rbac.SetOf(w)
			}
		}
	}
	return set
}

// List gives all feeds, by name.
func (s *Service) List(ctx context.Context, who audit.Actor) (list []store.Feed, err error) {
	err = s.look(ctx, who, "list feeds", func(tx store.Reader) error {
		list, err = tx.Feeds()
		return err
	})
	return list, err
}

// Feed gives one.
func (s *Service) Feed(ctx context.Context, who audit.Actor, id string) (f store.Feed, err error) {
	err = s.look(ctx, who, "read a feed", func(tx store.Reader) error {
		f, err = find(tx, id)
		return err
	})
	return f, err
}

func find(tx store.Reader, id string) (store.Feed, error) {
	f, found, err := tx.Feed(id)
	if err == nil && !found {
		err = fault.NotFound("feed", "there is no feed %q", cut(id, 80))
	}
	return f, err
}

// attempts is how often policy and data are read until they belong together.
const attempts = 8

// look runs f for who may see the feeds, on one state of the data and the policy that fits it.
func (s *Service) look(ctx context.Context, who audit.Actor, op string, f func(tx store.Reader) error) error {
	for range attempts {
		snapshot, err := s.Snapshots.Snapshot(ctx)
		if err != nil {
			return err
		}
		fits := false
		err = s.Store.View(ctx, func(tx store.Reader) error {
			revision, err := tx.PolicyRevision()
			if fits = snapshot.Revision() == revision; err != nil || !fits {
				return err
			}
			if err := s.may(snapshot, who, op); err != nil {
				return err
			}
			return f(tx)
		})
		if fits || err != nil {
			return err
		}
	}
	return fault.Unavailable("read", "the policy is changing at this moment; try again")
}

// change runs f for who may change the feeds, nobody else writing meanwhile.
func (s *Service) change(ctx context.Context, who audit.Actor, op, object string, f func(tx store.Writer, rec *audit.Record) error) error {
	err := s.Door.Change(ctx, who, op, func(tx store.Writer, rec *audit.Record) error {
		revision, err := tx.PolicyRevision()
		if err != nil {
			return err
		}
		snapshot, err := s.Snapshots.Snapshot(ctx)
		if err != nil {
			return err
		}
		if snapshot.Revision() != revision {
			return fault.Unavailable(op, "the policy is changing at this moment; try again")
		}
		rec.Object, rec.PolicyRevision = object, revision
		if err := s.may(snapshot, who, op); err != nil {
			return err
		}
		return f(tx, rec)
	})
	s.loop.Stir(err)
	return err
}

// may refuses who may not change the centre's settings (S16). Who owns the files owns the centre.
func (s *Service) may(snapshot *rbac.Snapshot, who audit.Actor, op string) error {
	if who.Local || snapshot.Decide(rbac.Request{
		Principal: who.Name, Capability: rbac.ManageSettings, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Other}}, At: s.Now().UTC(),
	}).Allowed {
		return nil
	}
	needs := catalog.Needs(rbac.ManageSettings, rbac.Other, snapshot.Activations())
	return fault.Denied(op, "%s", needs).WithLacks(needs)
}

// How long a file stays that no feed has any more: a query that has begun may still read it.
const mercy = time.Hour

// tidy removes files that no feed has.
func (s *Service) tidy(ctx context.Context) error {
	used := map[string]bool{}
	err := s.Store.View(ctx, func(tx store.Reader) error {
		list, err := tx.Feeds()
		for _, f := range list {
			used[f.File] = true
		}
		return err
	})
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(s.Dir)
	if err != nil {
		return nil //nolint:nilerr // there are none yet
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && !used[strings.TrimSuffix(e.Name(), ".wal")] && time.Since(info.ModTime()) > mercy {
			if err := os.Remove(s.path(e.Name())); err != nil {
				return fmt.Errorf("remove a file of a feed: %w", err)
			}
		}
	}
	return nil
}
