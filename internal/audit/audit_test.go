package audit_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/sqlite"
	"github.com/bailiwick/bailiwick/internal/store/sqlite/sqlitetest"
	"github.com/bailiwick/bailiwick/rbac"
)

// house is a door with a clock that stands still until it is told to go on.
type house struct {
	*audit.Door
	path string
	at   time.Time
}

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{path: filepath.Join(t.TempDir(), sqlite.FileName), at: time.Date(2026, 3, 1, 12, 0, 0, 5, time.UTC)}
	s := sqlitetest.Open(t, h.path)
	h.Door = &audit.Door{Store: s, Now: func() time.Time { return h.at }}
	return h
}

var mira = audit.Actor{Name: "mira", Via: audit.ViaSession, Address: "192.0.2.1", RequestID: "q1"}

func putUser(tx store.Writer, name string) error {
	return tx.ApplyEdits(rbac.PutUser{User: rbac.User{Name: name}})
}

// adds is an operation that does something.
func adds(name string) func(store.Writer, *audit.Record) error {
	return func(tx store.Writer, rec *audit.Record) error {
		*rec = audit.Record{Object: "user:" + name, Workload: rbac.Endpoint, After: map[string]string{"name": name}, PolicyRevision: 3}
		return putUser(tx, name)
	}
}

// tries is an operation that writes, and then ends like this.
func tries(name string, end func() error) func(store.Writer, *audit.Record) error {
	return func(tx store.Writer, rec *audit.Record) error {
		rec.Object, rec.Before, rec.After = "user:"+name, "secret before", "secret after"
		if err := putUser(tx, name); err != nil {
			return err
		}
		return end()
	}
}

func (h *house) do(t testing.TB, actor audit.Actor, f func(store.Writer, *audit.Record) error) {
	t.Helper()
	if err := h.Change(context.Background(), actor, "users.create", f); err != nil {
		t.Fatal(err)
	}
}

func (h *house) entries(t testing.TB) []audit.Entry {
	t.Helper()
	var list []audit.Entry
	h.view(t, func(r store.Reader) error {
		return r.AuditWalk(0, func(e audit.Entry) error {
			list = append(list, e)
			return nil
		})
	})
	return list
}

func (h *house) view(t testing.TB, f func(store.Reader) error) {
	t.Helper()
	if err := h.Store.View(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

func (h *house) has(t testing.TB, user string) (found bool) {
	t.Helper()
	h.view(t, func(r store.Reader) (err error) {
		_, found, err = r.User(user)
		return err
	})
	return found
}

func (h *house) verify(t testing.TB, kept ...store.AuditHead) (report audit.Report) {
	t.Helper()
	h.view(t, func(r store.Reader) (err error) {
		report, err = audit.Verify(r, kept...)
		return err
	})
	return report
}

// tamper does what someone can do who owns the file.
func (h *house) tamper(t testing.TB, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+h.path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, s := range append([]string{
		`DROP TRIGGER IF EXISTS audit_entries_stay`, `DROP TRIGGER IF EXISTS audit_entries_remain`, `DROP TRIGGER IF EXISTS audit_entries_replace_none`,
		`DROP TRIGGER IF EXISTS audit_hashes_stay`, `DROP TRIGGER IF EXISTS audit_hashes_remain`, `DROP TRIGGER IF EXISTS audit_checkpoints_stay`, `DROP TRIGGER IF EXISTS audit_checkpoints_remain`,
	}, statements...) {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func TestAChangeAndItsEntryCommitTogether(t *testing.T) {
	h := newHouse(t)
	h.do(t, mira, adds("noor"))
	if !h.has(t, "noor") {
		t.Error("the change is not there")
	}
	want := audit.Entry{
		Seq: 1, At: h.at, LastAt: h.at, Count: 1, Actor: "mira", Via: "session", Address: "192.0.2.1", RequestID: "q1",
		Operation: "users.create", Object: "user:noor", Workload: rbac.Endpoint, Outcome: audit.Done,
		After: json.RawMessage(`{"name":"noor"}`), PolicyRevision: 3,
	}
	got := h.entries(t)
	if len(got) != 1 {
		t.Fatalf("%d entries, want one", len(got))
	}
	want.Hash = got[0].Hash
	if g, w := toJSON(t, got[0]), toJSON(t, want); g != w {
		t.Errorf("the entry is\n%s\nwant\n%s", g, w)
	}
}

func toJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWhatFailsLeavesNothingBehind(t *testing.T) {
	h := newHouse(t)
	mine := errors.New("mine")
	invalid := fault.Invalid("x", "y")
	for name, end := range map[string]error{"failed": mine, "invalid": invalid} {
		if err := h.Change(t.Context(), mira, "users.create", tries(name, func() error { return end })); !errors.Is(err, end) {
			t.Errorf("%s: got %v, want what it returned", name, err)
		}
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("a panic is swallowed")
			}
		}()
		_ = h.Change(t.Context(), mira, "users.create", tries("panicked", func() error { panic("mine") }))
	}()
	ctx, cancel := context.WithCancel(t.Context())
	err := h.Change(ctx, mira, "users.create", tries("cancelled", func() error { cancel(); return nil }))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled change gives %v", err)
	}
	if err := h.Change(t.Context(), mira, "users.create", func(tx store.Writer, rec *audit.Record) error {
		rec.After = make(chan int)
		return putUser(tx, "untold")
	}); err == nil {
		t.Error("a change that can't be recorded is kept")
	}
	for _, name := range []string{"failed", "invalid", "panicked", "cancelled", "untold"} {
		if h.has(t, name) {
			t.Errorf("%s: the change is there", name)
		}
	}
	if list := h.entries(t); len(list) != 0 {
		t.Errorf("there are entries of changes that did not happen: %v", list)
	}
	h.do(t, mira, adds("after"))
}

func TestNobodyChangesNothing(t *testing.T) {
	h := newHouse(t)
	err := h.Change(t.Context(), audit.Actor{Address: "192.0.2.1"}, "users.create", adds("noor"))
	if fault.KindOf(err) != fault.KindUnauthenticated || h.has(t, "noor") {
		t.Errorf("an actor without a name got %v", err)
	}
	if err := h.Refused(t.Context(), audit.Actor{}, "users.create", audit.Record{}, fault.Denied("x", "y")); err != nil || len(h.entries(t)) != 0 {
		t.Errorf("a refusal of nobody is recorded: %v", err)
	}
}

func TestWhatChangedNothingIsNotRecorded(t *testing.T) {
	h := newHouse(t)
	h.do(t, mira, func(_ store.Writer, rec *audit.Record) error { rec.Skip(); return nil })
	if list := h.entries(t); len(list) != 0 {
		t.Errorf("there is an entry: %v", list)
	}
}

func TestARefusalIsTakenBackAndRecorded(t *testing.T) {
	h := newHouse(t)
	denied := fault.Denied("make user", "needs roles.manage").WithLacks("x")
	ctx, hangUp := context.WithCancel(t.Context())
	refuse := tries("noor", func() error { hangUp(); return denied })
	if err := h.Change(ctx, mira, "users.create", refuse); !errors.Is(err, denied) {
		t.Errorf("got %v, want the refusal", err)
	}
	if h.has(t, "noor") {
		t.Error("what was refused is there")
	}
	list := h.entries(t)
	if len(list) != 1 || list[0].Outcome != audit.Refused || list[0].Object != "user:noor" || list[0].Reason != "make user: needs roles.manage" {
		t.Fatalf("the log has %v, want the refusal", toJSON(t, list))
	}
	if list[0].Before != nil || list[0].After != nil {
		t.Error("the refusal tells what the actor may not see")
	}
}

func TestUnequalRefusalsAreNotCountedTogether(t *testing.T) {
	h := newHouse(t)
	refused := func(via, address, why string) {
		t.Helper()
		a := audit.Actor{Name: "mira", Via: via, Address: address}
		if err := h.Change(t.Context(), a, "users.create", tries("a", func() error { return fault.Denied("x", "%s", why) })); fault.KindOf(err) != fault.KindDenied {
			t.Fatal(err)
		}
	}
	refused(audit.ViaSession, "10.0.0.1", "needs A")
	refused(audit.ViaSession, "203.0.113.66", "needs A")
	refused(audit.ViaToken, "203.0.113.66", "needs A")
	refused(audit.ViaToken, "203.0.113.66", "it would take away the last Global Administrator")
	if got := len(h.entries(t)); got != 4 {
		t.Errorf("%d entries of four refusals that differ", got)
	}
}

// TestManyEqualRefusalsAreTold: counts stand beside the log, where they can be altered. Each tenfold is in it.
func TestManyEqualRefusalsAreTold(t *testing.T) {
	h := newHouse(t)
	for range 120 {
		_ = h.Change(t.Context(), mira, "users.create", tries("a", func() error { return fault.Denied("x", "no") }))
	}
	var reasons []string
	for _, e := range h.entries(t) {
		reasons = append(reasons, fmt.Sprint(e.Count, " ", e.Reason))
	}
	want := []string{"120 x: no", "1 10 times since entry 1: x: no", "1 100 times since entry 1: x: no"}
	if !slices.Equal(reasons, want) {
		t.Errorf("got %q, want %q", reasons, want)
	}
	if report := h.verify(t); report.Broken != nil {
		t.Error(report.Broken)
	}
}

func TestEqualRefusalsAreCounted(t *testing.T) {
	h := newHouse(t)
	refused := func(actor, object string) {
		t.Helper()
		a := mira
		a.Name = actor
		err := h.Change(t.Context(), a, "users.create", tries(object, func() error { return fault.Denied("x", "y") }))
		if fault.KindOf(err) != fault.KindDenied {
			t.Fatal(err)
		}
	}
	start := h.at
	refused("mira", "a")
	refused("mira", "b")
	refused("noor", "a")
	for range 3 {
		h.at = h.at.Add(20 * time.Minute)
		refused("mira", "a")
	}
	h.at = start.Add(time.Hour + 1)
	refused("mira", "a")

	type line struct {
		actor, object string
		count         int
		last          time.Duration
	}
	var got []line
	for _, e := range h.entries(t) {
		got = append(got, line{e.Actor, e.Object, e.Count, e.LastAt.Sub(start)})
	}
	want := []line{{"mira", "user:a", 4, time.Hour}, {"mira", "user:b", 1, 0}, {"noor", "user:a", 1, 0}, {"mira", "user:a", 1, time.Hour + 1}}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("entry %d is %v, want %v", i+1, got[i], want[i])
		}
	}
	if report := h.verify(t); report.Broken != nil {
		t.Errorf("counting broke the chain: %v", report.Broken)
	}
}

func TestHostileTextIsKeptAndBounded(t *testing.T) {
	h := newHouse(t)
	long := make([]byte, 5000)
	for i := range long {
		long[i] = 'x'
	}
	a := audit.Actor{Name: "m\xffira\n{\"seq\":9}", Address: string(long), RequestID: string(long)}
	h.do(t, a, func(_ store.Writer, rec *audit.Record) error {
		rec.Object, rec.After = string(long)+"é", map[string]string{"html": "<script>&\u2028"}
		return nil
	})
	e := h.entries(t)[0]
	if e.Actor != "m\uFFFDira\n{\"seq\":9}" || len(e.Address) > 100 || len(e.RequestID) > 100 || len(e.Object) > 610 {
		t.Errorf("kept as %q, address of %d, request id of %d, object of %d bytes", e.Actor, len(e.Address), len(e.RequestID), len(e.Object))
	}
	if report := h.verify(t); report.Broken != nil || report.Entries != 1 {
		t.Errorf("the chain does not fit: %+v", report)
	}
}
