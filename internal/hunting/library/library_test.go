package library

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/sqlite"
	"github.com/bailiwick/bailiwick/rbac"
)

// mel and mo read mail, and so may hunt; ada administers; nora has nothing.
const ada, mel, mo, nora = "ada@x", "mel@x", "mo@x", "nora@x"

type world struct {
	t testing.TB
	*Service
	policy *rbac.Snapshot
	at     time.Time
}

func (w *world) Snapshot(context.Context) (*rbac.Snapshot, error) { return w.policy, nil }

func newWorld(t testing.TB) *world {
	t.Helper()
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o700))
	s, err := sqlite.Open(t.Context(), filepath.Join(dir, sqlite.FileName))
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	edits := []rbac.Edit{rbac.PutUser{User: rbac.User{Name: ada, GlobalRoles: []string{"Global Administrator"}}}, rbac.PutRole{Role: rbac.Role{ID: "r", Workload: rbac.Office365, Name: "Mail", Permissions: []string{"Security Reader"}}}}
	for _, name := range []string{mel, mo, nora} {
		edits = append(edits, rbac.PutUser{User: rbac.User{Name: name}})
		if name != nora {
			edits = append(edits, rbac.PutAssignment{Assignment: rbac.Assignment{ID: name, Role: rbac.RoleRef{Workload: rbac.Office365, Name: "Mail"}, User: name, Scope: rbac.Scope{All: true}}})
		}
	}
	w := &world{t: t, at: time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)}
	must(t, s.Change(t.Context(), func(tx store.Writer) error { return tx.ApplyEdits(edits...) }))
	must(t, s.View(t.Context(), func(tx store.Reader) error {
		policy, err := tx.Policy()
		if err != nil {
			return err
		}
		w.policy, err = rbac.Compile(catalog.Default(), policy)
		return err
	}))
	clock := func() time.Time { return w.at }
	w.Service = New(s, &audit.Door{Store: s, Now: clock}, w, clock)
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func as(name string) audit.Actor { return audit.Actor{Name: name, Via: audit.ViaSession} }

func (w *world) kind(what string, err error, want fault.Kind) {
	w.t.Helper()
	if fault.KindOf(err) != want || want == 0 && err != nil {
		w.t.Errorf("%s: %v, want %v", what, err, want)
	}
}

const fine = fault.Kind(0)

func TestAQueryIsItsOwnersUntilTheyShareIt(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	set := Setting{Folder: "Mail", Name: "Phish", Text: "EmailEvents | take 1"}
	q, err := w.Save(ctx, as(mel), set)
	w.kind("save", err, fine)
	_, err = w.Query(ctx, as(mo), q.ID)
	w.kind("another reads it", err, fault.KindNotFound)
	if list, _ := w.Queries(ctx, as(mo)); len(list) != 0 {
		t.Errorf("another lists %v", list)
	}
	w.kind("another removes it", w.Remove(ctx, as(mo), q.ID, ""), fault.KindNotFound)
	w.kind("an administrator removes it", w.Remove(ctx, as(ada), q.ID, ""), fault.KindNotFound)

	set.Sharing = ToRead
	_, err = w.Change(ctx, as(mel), q.ID, Tag(q.HuntingQuery), set)
	w.kind("share", err, fine)
	got, err := w.Query(ctx, as(mo), q.ID)
	w.kind("another reads it", err, fine)
	if got.Text != set.Text || got.Edit.Allowed || got.Share.Allowed || got.Delete.Allowed || got.Edit.Reason == "" {
		t.Errorf("shared to read: %+v", got)
	}
	changed := set
	changed.Text = "EmailEvents"
	_, err = w.Change(ctx, as(mo), q.ID, "", changed)
	w.kind("another changes it", err, fault.KindDenied)
	_, err = w.Query(ctx, as(nora), q.ID)
	w.kind("who may not hunt reads it", err, fault.KindNotFound)
	_, err = w.Queries(ctx, as(nora))
	w.kind("who may not hunt lists", err, fault.KindDenied)

	set.Sharing, changed.Sharing = ToEdit, ToEdit
	_, err = w.Change(ctx, as(mel), q.ID, "", set)
	w.kind("share to edit", err, fine)
	_, err = w.Change(ctx, as(mo), q.ID, "", changed)
	w.kind("another changes the text", err, fine)
	changed.Sharing = Private
	_, err = w.Change(ctx, as(mo), q.ID, "", changed)
	w.kind("another takes it away from everybody", err, fault.KindDenied)
	changed.Sharing, changed.Folder = ToEdit, "Elsewhere"
	_, err = w.Change(ctx, as(mo), q.ID, "", changed)
	w.kind("another moves it", err, fault.KindDenied)
	w.kind("another removes it", w.Remove(ctx, as(mo), q.ID, ""), fault.KindDenied)
	w.kind("an administrator removes what is shared", w.Remove(ctx, as(ada), q.ID, ""), fine)
}

func TestTheSecondOfTwoWritersIsTold(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	q, err := w.Save(ctx, as(mel), Setting{Name: "Phish", Text: "EmailEvents", Sharing: ToEdit})
	w.kind("save", err, fine)
	seen := Tag(q.HuntingQuery)
	_, err = w.Change(ctx, as(mo), q.ID, seen, Setting{Name: "Phish", Text: "EmailEvents | count", Sharing: ToEdit})
	w.kind("the first", err, fine)
	_, err = w.Change(ctx, as(mel), q.ID, seen, Setting{Name: "Phish", Text: "EmailEvents | take 1", Sharing: ToEdit})
	if w.kind("the second", err, fault.KindConflict); err == nil || !strings.Contains(err.Error(), mo) {
		t.Errorf("%v", err)
	}
	w.kind("removing what has changed", w.Remove(ctx, as(mel), q.ID, seen), fault.KindConflict)
}

func TestWhatIsNoQueryIsRefused(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	for name, set := range map[string]Setting{
		"without a name":    {Text: "T"},
		"without text":      {Name: "x", Text: " \n"},
		"a name with lines": {Name: "a\nb", Text: "T"},
		"a name that turns": {Name: "a\u202eb", Text: "T"},
		"too long":          {Name: "x", Text: strings.Repeat("x", longText+1)},
		"shared with whom":  {Name: "x", Text: "T", Sharing: "everyone"},
	} {
		_, err := w.Save(ctx, as(mel), set)
		w.kind(name, err, fault.KindInvalid)
	}
	_, err := w.Save(ctx, as(mel), Setting{Folder: "Mail", Name: "Phish", Text: "T"})
	w.kind("one", err, fine)
	_, err = w.Save(ctx, as(mel), Setting{Folder: "mail", Name: "PHISH", Text: "T"})
	w.kind("one that differs in case", err, fault.KindConflict)
	_, err = w.Save(ctx, as(mo), Setting{Folder: "Mail", Name: "Phish", Text: "T"})
	w.kind("another's of that name", err, fine)
}

// What is shared is read by whoever opens the page: nobody fills it.
func TestNobodyKeepsMoreThanAFew(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	text := func(n int) string { return strings.Repeat("x", n) }
	var last Query
	for n := range mostKept / longText {
		q, err := w.Save(ctx, as(mel), Setting{Name: fmt.Sprint("large ", n), Text: text(longText), Sharing: ToEdit})
		must(t, err)
		last = q
	}
	_, err := w.Save(ctx, as(mel), Setting{Name: "one more", Text: text(longText)})
	w.kind("more than there may be together", err, fault.KindConflict)
	small, err := w.Save(ctx, as(mel), Setting{Name: "small", Text: "print 1", Sharing: ToEdit})
	w.kind("a small one", err, fine)
	_, err = w.Change(ctx, as(mo), small.ID, "", Setting{Name: "small", Text: text(longText), Sharing: ToEdit})
	w.kind("a small one that somebody else makes large", err, fault.KindConflict)
	_, err = w.Change(ctx, as(mo), last.ID, "", Setting{Name: "large", Text: text(longText - 1), Sharing: ToEdit})
	w.kind("a large one that is made smaller", err, fine)
	for n := range mostQueries {
		_, err := w.Save(ctx, as(mo), Setting{Name: fmt.Sprint(n), Text: "print 1"})
		must(t, err)
	}
	_, err = w.Save(ctx, as(mo), Setting{Name: "one more", Text: "print 1"})
	w.kind("one more", err, fault.KindConflict)
}

func TestHistoryIsOnesOwnAndEnds(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	ran := func(who, text string) {
		must(t, w.Remember(ctx, as(who), store.HuntingRun{At: w.at, Text: text, State: Completed}))
		w.at = w.at.Add(time.Minute)
	}
	for i := range 3 {
		ran(mel, fmt.Sprint("T", i))
	}
	ran(mo, "secret")
	page, err := w.History(ctx, as(mel), store.HuntingPlace{}, 2)
	w.kind("read", err, fine)
	if page.Total != 3 || len(page.Items) != 2 || page.Items[0].Text != "T2" {
		t.Errorf("%+v", page)
	}
	page, _ = w.History(ctx, as(mel), page.Next, 2)
	if len(page.Items) != 1 || page.Items[0].Text != "T0" || page.Next != (store.HuntingPlace{}) {
		t.Errorf("the second page: %+v", page)
	}
	w.kind("forget", w.Forget(ctx, as(mel)), fine)
	if page, _ = w.History(ctx, as(mo), store.HuntingPlace{}, 9); page.Total != 1 {
		t.Errorf("another's went too: %+v", page)
	}
	w.at = w.at.Add(Remembered)
	ran(mel, "later")
	if page, _ = w.History(ctx, as(mo), store.HuntingPlace{}, 9); page.Total != 0 {
		t.Errorf("after 30 days: %+v", page)
	}
	_, err = w.History(ctx, as(nora), store.HuntingPlace{}, 9)
	w.kind("who may not hunt", err, fault.KindDenied)
}

// An account of the same name may be another person's, who must not find what the one before asked (S12).
func TestWhatOnlyItsOwnerMayReadGoesWithThem(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	_, err := w.Save(ctx, as(mel), Setting{Name: "Private", Text: "EmailEvents | take 1"})
	w.kind("save", err, fine)
	_, err = w.Save(ctx, as(mel), Setting{Name: "Shared", Text: "EmailEvents | take 2", Sharing: ToRead})
	w.kind("share", err, fine)
	must(t, w.Remember(ctx, as(mel), store.HuntingRun{At: w.at, Text: "secret", State: Completed}))
	must(t, w.store.Change(ctx, func(tx store.Writer) error {
		return tx.ApplyEdits(rbac.RemoveUser{Name: mel}, rbac.PutUser{User: rbac.User{Name: mel}})
	}))
	list, err := w.Queries(ctx, as(mel))
	w.kind("list", err, fine)
	if len(list) != 1 || list[0].Name != "Shared" {
		t.Errorf("of the one before there is %+v", list)
	}
	page, err := w.History(ctx, as(mel), store.HuntingPlace{}, 9)
	w.kind("history", err, fine)
	if page.Total != 0 {
		t.Errorf("of the one before there is %+v", page.Items)
	}
}
