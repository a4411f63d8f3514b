package investigation

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/ingest"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/sqlite"
	"github.com/bailiwick/bailiwick/internal/store/sqlite/sqlitetest"
	"github.com/bailiwick/bailiwick/rbac"
)

// world is a store with a policy and a service over it.
type world struct {
	t       testing.TB
	store   store.Store
	service *Service
	now     time.Time
	mu      sync.Mutex
	last    *rbac.Snapshot
}

var local = audit.Actor{Name: "local:test", Local: true, Via: audit.ViaCLI}

func newWorld(t testing.TB, p rbac.Policy) *world {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	s := sqlitetest.Open(t, filepath.Join(dir, sqlite.FileName))
	w := &world{t: t, store: s, now: time.Date(2021, 3, 1, 12, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return w.now }
	w.service = New(s, &audit.Door{Store: s, Now: clock}, w, byTag, clock)
	w.edit(policyEdits(p)...)
	return w
}

func policyEdits(p rbac.Policy) []rbac.Edit {
	var edits []rbac.Edit
	edits = append(edits, rbac.SetEndpointRoles{On: p.EndpointRoles})
	for _, u := range p.Users {
		edits = append(edits, rbac.PutUser{User: u})
	}
	for _, g := range p.Groups {
		edits = append(edits, rbac.PutGroup{Group: g})
	}
	edits = append(edits, rbac.SetDeviceGroups{DeviceGroups: p.DeviceGroups})
	for _, r := range p.Roles {
		edits = append(edits, rbac.PutRole{Role: r})
	}
	for _, a := range p.Assignments {
		edits = append(edits, rbac.PutAssignment{Assignment: a})
	}
	return edits
}

func (w *world) edit(edits ...rbac.Edit) {
	w.t.Helper()
	err := w.store.Change(context.Background(), func(tx store.Writer) error {
		if err := tx.ApplyEdits(edits...); err != nil {
			return err
		}
		if _, err := tx.NextPolicyRevision(); err != nil {
			return err
		}
		p, err := tx.Policy()
		if err != nil {
			return err
		}
		return w.service.Regroup(tx, p.DeviceGroups)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// Snapshot compiles what the store has, once a revision.
func (w *world) Snapshot(ctx context.Context) (snapshot *rbac.Snapshot, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	err = w.store.View(ctx, func(r store.Reader) error {
		revision, err := r.PolicyRevision()
		if err != nil {
			return err
		}
		if snapshot = w.last; snapshot != nil && snapshot.Revision() == revision {
			return nil
		}
		p, err := r.Policy()
		if err != nil {
			return err
		}
		if snapshot, err = rbac.Compile(catalog.Default(), p); err == nil {
			w.last = snapshot
		}
		return err
	})
	return snapshot, err
}

// byTag puts a device into the first group that has one of its tags.
func byTag(groups []rbac.DeviceGroup) func(store.Device) string {
	return func(d store.Device) string {
		for _, g := range groups {
			if slices.ContainsFunc(d.AllTags(), func(tag string) bool { return slices.Contains(g.Match.Tag, tag) }) {
				return g.Name
			}
		}
		return rbac.UngroupedDevices
	}
}

func (w *world) load(name, text string) Loaded {
	w.t.Helper()
	done, err := w.tryLoad(local, name, text)
	if err != nil {
		w.t.Fatal(err)
	}
	return done
}

func (w *world) tryLoad(actor audit.Actor, name, text string) (Loaded, error) {
	return w.service.Load(context.Background(), actor, name, func(take func(store.Record) error) error {
		_, err := ingest.Read(name, strings.NewReader(text), take)
		return err
	})
}

func sample(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../ingest/testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// get reads a path like title or evidence.0.hostName out of an object.
func get(t testing.TB, object json.RawMessage, path string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(object, &v); err != nil {
		t.Fatalf("%v: %s", err, object)
	}
	for _, name := range strings.Split(path, "/") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[name]
	}
	return v
}

func ids(t testing.TB, p Page) string {
	t.Helper()
	var list []string
	for _, item := range p.Items {
		list = append(list, get(t, item, "id").(string))
	}
	return strings.Join(list, " ")
}

// role gives a user a role of one permission or more, everywhere that the role can reach.
func role(p *rbac.Policy, user string, w rbac.Workload, access []string, permissions ...string) {
	name := user + " " + w.String() + " " + strings.Join(permissions, "+")
	group := name
	p.Groups = append(p.Groups, rbac.Group{Name: group, Members: []string{user}})
	ref := rbac.RoleRef{Workload: w, Name: name}
	if w == rbac.CloudApps {
		ref.Name = permissions[0]
	} else {
		p.Roles = append(p.Roles, rbac.Role{ID: name, Workload: w, Name: name, Permissions: permissions})
	}
	p.Assignments = append(p.Assignments, rbac.Assignment{ID: name, Role: ref, Group: group, Scope: rbac.Scope{All: true}})
	for i := range p.DeviceGroups {
		if w == rbac.Endpoint && slices.Contains(access, p.DeviceGroups[i].Name) {
			p.DeviceGroups[i].Access = append(p.DeviceGroups[i].Access, group)
		}
	}
}
