package response

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/sqlite"
	"github.com/bailiwick/bailiwick/internal/store/sqlite/sqlitetest"
	"github.com/bailiwick/bailiwick/rbac"
)

// The people: ada administers, sol works on Sales devices, rita only reads them, pat purges mail and sees nothing, mel reads and
// purges mail, nora has nothing.
const ada, sol, rita, pat, mel, nora = "ada@x", "sol@x", "rita@x", "pat@x", "mel@x", "nora@x"

// world is a store with a policy, devices s1 and s2 of Sales, h1 of HR, and a service over it.
type world struct {
	t       testing.TB
	mu      sync.Mutex
	store   store.Store
	now     time.Time
	service *Service
	robot   *robot
	seen    map[string]bool // incidents in sight
}

func newWorld(t testing.TB) *world {
	t.Helper()
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o700))
	s := sqlitetest.Open(t, filepath.Join(dir, sqlite.FileName))
	w := &world{t: t, store: s, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), robot: &robot{done: map[string]int{}}, seen: map[string]bool{"i1": true}}
	w.service = New(Config{
		Store: s, Door: &audit.Door{Store: s, Now: w.clock}, Snapshots: w, Now: w.clock, Delivers: true,
		Executors: []Routed{{Name: "robot", Executor: w.robot, Types: []string{"runAntiVirusScan", "isolateDevice", "unIsolateDevice", "quarantineFile"}}},
		InSight: func(store.Reader, *rbac.Snapshot, string, time.Time) (alert, incident func(string) (bool, error), err error) {
			in := func(id string) (bool, error) { return w.seen[id], nil }
			return in, in, nil
		},
	})
	role := func(id string, of rbac.Workload, name string, permissions ...string) rbac.Edit {
		return rbac.PutRole{Role: rbac.Role{ID: id, Workload: of, Name: name, Permissions: permissions}}
	}
	give := func(id string, of rbac.Workload, role, group string) rbac.Edit {
		return rbac.PutAssignment{Assignment: rbac.Assignment{ID: id, Role: rbac.RoleRef{Workload: of, Name: role}, Group: group, Scope: rbac.Scope{All: true}}}
	}
	edits := []rbac.Edit{rbac.SetEndpointRoles{On: true}, rbac.PutUser{User: rbac.User{Name: ada, GlobalRoles: []string{"Global Administrator"}}}}
	for _, name := range []string{sol, rita, pat, mel, nora} {
		edits = append(edits, rbac.PutUser{User: rbac.User{Name: name}}, rbac.PutGroup{Group: rbac.Group{Name: "g-" + name, Members: []string{name}}})
	}
	edits = append(edits, rbac.SetDeviceGroups{DeviceGroups: groups("full")},
		role("r1", rbac.Endpoint, "Responder", "View data - Security operations", "Active remediation actions - Security operations"),
		role("r2", rbac.Endpoint, "Reader", "View data - Security operations"), role("r3", rbac.Office365, "Purger", "Search And Purge"),
		role("r4", rbac.Office365, "Mail worker", "Search And Purge", "Security Reader"),
		give("1", rbac.Endpoint, "Responder", "g-"+sol), give("2", rbac.Endpoint, "Reader", "g-"+rita), give("3", rbac.Office365, "Purger", "g-"+pat),
		give("4", rbac.Office365, "Mail worker", "g-"+mel))
	w.edit(edits...)
	w.load(func(tx store.Writer) error {
		taker := tx.TakeRecords(func(d store.Device) string { return map[byte]string{'s': "Sales", 'h': "HR"}[d.ID[0]] })
		a := store.Alert{ID: "al", Status: "new", Severity: "low", Workloads: rbac.SetOf(rbac.Endpoint), Created: w.now, Updated: w.now, Body: json.RawMessage(`{}`), Evidence: json.RawMessage(`[]`)}
		for _, id := range []string{"s1", "s2", "h1"} {
			a.Devices = append(a.Devices, store.Device{ID: id, Name: id, Known: true, Seen: w.now})
		}
		if _, err := taker.Alert(a); err != nil {
			return err
		}
		return taker.Done()
	})
	return w
}

func groups(level string) []rbac.DeviceGroup {
	return []rbac.DeviceGroup{
		{Name: "Sales", Remediation: level, Match: rbac.Match{Name: []string{"s*"}}, Access: []string{"g-" + sol, "g-" + rita}},
		{Name: "HR", Match: rbac.Match{Name: []string{"h*"}}}, {Name: rbac.UngroupedDevices},
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) load(f func(store.Writer) error) {
	w.t.Helper()
	must(w.t, w.store.Change(context.Background(), f))
}

func (w *world) edit(edits ...rbac.Edit) {
	w.t.Helper()
	w.load(func(tx store.Writer) error {
		if err := tx.ApplyEdits(edits...); err != nil {
			return err
		}
		_, err := tx.NextPolicyRevision()
		return err
	})
}

// Snapshot compiles what the store has.
func (w *world) Snapshot(ctx context.Context) (snapshot *rbac.Snapshot, err error) {
	err = w.store.View(ctx, func(r store.Reader) error {
		p, err := r.Policy()
		if err != nil {
			return err
		}
		snapshot, err = rbac.Compile(catalog.Default(), p)
		return err
	})
	return snapshot, err
}

// take loads actions as a file brings them.
func (w *world) take(list ...store.Action) {
	w.t.Helper()
	snapshot, err := w.Snapshot(context.Background())
	must(w.t, err)
	w.load(func(tx store.Writer) error {
		taker := w.service.Taker(tx, snapshot)
		for _, a := range list {
			if _, err := taker.Action(a); err != nil {
				return err
			}
		}
		return taker.Done()
	})
}

// pending is an action of a file that waits for approval.
func (w *world) pending(id string, of rbac.Workload, kind, device string) store.Action {
	return store.Action{ID: id, Workload: of, Type: kind, Source: AutomatedEmail, Status: PendingApproval, Device: device, Decision: Undecided, Created: w.now, Updated: w.now}
}

func (w *world) stored(id string) store.ActionRow {
	w.t.Helper()
	var row store.ActionRow
	must(w.t, w.store.View(context.Background(), func(r store.Reader) (err error) {
		row, _, err = r.Action(id)
		return err
	}))
	return row
}

// lastOf is the last entry of the log about something.
func (w *world) lastOf(object string) (last store.AuditEntry) {
	w.t.Helper()
	must(w.t, w.store.View(context.Background(), func(r store.Reader) error {
		return r.AuditWalk(0, func(e store.AuditEntry) error {
			if e.Object == object {
				last = e
			}
			return nil
		})
	}))
	return last
}

func (w *world) empty() {
	w.t.Helper()
	w.pass(time.Millisecond)
	_, err := w.service.Empty(context.Background())
	must(w.t, err)
}

func as(name string) audit.Actor { return audit.Actor{Name: name, Via: audit.ViaToken} }

// robot is an executor under the test's thumb. It carries each key out once, whatever it answers.
type robot struct {
	mu     sync.Mutex
	done   map[string]int
	order  []string
	answer func(o Order) (Answer, error) // nil: succeeded
}

func (r *robot) Hand(_ context.Context, o Order) (Answer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done[o.Key]++
	r.order = append(r.order, o.Type+" "+strings.Join(strings.Fields(o.Target.Device+" "+o.Target.FileName), " "))
	if r.answer == nil {
		return Answer{Event: Succeed}, nil
	}
	return r.answer(o)
}
func (r *robot) Ask(_ context.Context, o Order) (Answer, error) { return r.answer(o) }
func (r *robot) Pace() time.Duration                            { return 0 }
