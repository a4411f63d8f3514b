package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/analytics"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/detection"
	"github.com/bailiwick/bailiwick/internal/directory"
	"github.com/bailiwick/bailiwick/internal/hunting/duck"
	"github.com/bailiwick/bailiwick/internal/hunting/events"
	"github.com/bailiwick/bailiwick/internal/hunting/feeds"
	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
	"github.com/bailiwick/bailiwick/internal/hunting/library"
	"github.com/bailiwick/bailiwick/internal/hunting/worker"
	"github.com/bailiwick/bailiwick/internal/intake"
	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/notify"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/permissions/devices"
	"github.com/bailiwick/bailiwick/internal/response"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/sqlite"
	"github.com/bailiwick/bailiwick/rbac"
)

// centre is the rooms over one data directory, wired.
type centre struct {
	store         store.Store
	clock         *store.Clock
	door          *audit.Door
	catalog       *rbac.Catalog
	permissions   *permissions.Service
	directory     *directory.Service
	investigation *investigation.Service
	response      *response.Service
	notify        *notify.Service
	analytics     *analytics.Service
	detection     *detection.Service
	intake        *intake.Service
	hunter        *hunt.Hunter
	feeds         *feeds.Service
	library       *library.Service
	workers       *worker.Pool
	data          string
	temporary     bool // the data goes with it
}

// key signs checkpoints of the audit log. It is made when it is first needed.
func (c *centre) key() (*audit.Key, error) { return audit.OpenKey(c.data) }

// prepareDirectory sees that the data directory is ours alone. Whoever can write to it can make themselves an
// administrator, so a directory that others can write to is refused rather than mended: it may be too late.
func prepareDirectory(dir string, create bool) error {
	switch _, err := os.Stat(dir); {
	case errors.Is(err, os.ErrNotExist) && create:
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fmt.Errorf("make the data directory: %w", err)
		}
		if err := os.Chmod(dir, 0o700); err != nil { // whatever the umask
			return fmt.Errorf("make the data directory: %w", err)
		}
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("open the data directory %s: there is none: `bailiwick serve` or `bailiwick apply` makes it", dir)
	}
	if err := sqlite.CheckDir(dir); err != nil {
		return refuse("open the data directory: %w", err)
	}
	return nil
}

// open wires the rooms over the data directory. With create, a directory that is not there is made.
func (p *program) open(ctx context.Context, how opening) (*centre, error) {
	if err := prepareDirectory(p.data, how.create); err != nil {
		return nil, err
	}
	if info, err := os.Stat(filepath.Join(p.data, sqlite.FileName)); !how.create && (err != nil || info.Size() == 0) {
		return nil, fmt.Errorf("open the data directory %s: there is no data in it: `bailiwick serve` or `bailiwick apply` makes some, unless it was lost", p.data)
	}
	state, err := sqlite.Open(ctx, filepath.Join(p.data, sqlite.FileName))
	if err != nil {
		return nil, fmt.Errorf("open the data directory %s: %w", p.data, err)
	}
	if how.serves {
		if err := state.WarmLists(ctx); err != nil {
			state.Close()
			return nil, fmt.Errorf("read the lists: %w", err)
		}
	}
	clock, err := store.NewClock(ctx, state)
	if err != nil {
		state.Close()
		return nil, err
	}
	p.now = clock.Now // what begins and ends does so by one clock
	c := &centre{store: state, clock: clock, door: &audit.Door{Store: state, Now: p.now}, catalog: catalog.Default(), data: p.data}
	c.permissions, err = permissions.New(ctx, state, c.door, c.catalog, p.now)
	if err != nil {
		state.Close()
		return nil, fmt.Errorf("load the policy: %w", err)
	}
	c.directory = directory.New(directory.Config{Store: state, Door: c.door, Now: p.now, Snapshot: c.permissions.Snapshot, Demo: how.demo})
	c.investigation = investigation.New(state, c.door, c.permissions, grouping, p.now)
	c.permissions.OnDeviceGroups = c.investigation.Regroup
	c.respond(how, p.now)
	c.notify = notify.New(notify.Config{
		Store: state, Door: c.door, Snapshots: c.permissions, Told: c.investigation.Told, Detection: c.toldDetection, Mail: how.mailer, Webhooks: how.hooks, Delivers: how.serves, Now: p.now,
	})
	c.analytics = analytics.New(state, c.door, c.permissions, investigation.IncidentName, p.now)
	c.intake = &intake.Service{
		Investigation: c.investigation, Events: events.Open(filepath.Join(p.data, "events"), duck.Engine{MemoryMB: 1024, Threads: 2}, p.now),
	}
	c.feeds = feeds.New(feeds.Config{
		Store: state, Door: c.door, Snapshots: c.permissions, Files: duck.Engine{MemoryMB: 512, Threads: 1}, Dir: filepath.Join(p.data, "feeds"), Now: p.now,
	})
	c.hunter, c.workers = p.hunter(c, p.now)
	c.detect(p.now)
	c.library = library.New(state, c.door, c.permissions, p.now)
	return c, nil
}

// respond opens the Action centre, and lets what a file brings of actions come into it.
func (c *centre) respond(how opening, now func() time.Time) {
	c.response = response.New(response.Config{
		Store: c.store, Door: c.door, Snapshots: c.permissions, InSight: c.investigation.InSight, Executors: how.executors, Delivers: how.serves, Now: now,
	})
	c.investigation.TakeActions = func(tx store.Writer, snapshot *rbac.Snapshot) investigation.ActionTaker {
		return c.response.Taker(tx, snapshot)
	}
}

// opening is how a data directory is opened. The zero value makes nothing.
type opening struct {
	create bool // make the directory if there is none
	demo   bool // anyone may sign in as any persona

	serves    bool // carries approved actions out, by these executors
	executors []response.Routed

	mailer *notify.Mailer // by which it tells people of alerts
	hooks  []*notify.Webhook
}

func (c *centre) close() {
	c.workers.Close()
	c.directory.Close()
	_ = c.store.Close()
	if c.temporary {
		_ = os.RemoveAll(c.data)
	}
}

// grouping is the rules of device groups as the question that loading and regrouping ask of each device.
func grouping(groups []rbac.DeviceGroup) func(store.Device) string {
	rules := devices.Compile(groups)
	return func(d store.Device) string {
		return rules.Group(devices.Device{Name: d.Name, Domain: d.Domain, OS: d.OS, Tags: d.AllTags()})
	}
}
