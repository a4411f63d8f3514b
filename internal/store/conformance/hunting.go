package conformance

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// hunting: queries are their owner's until they are shared, runs are their user's alone and so many, and what nobody else may read goes
// with the account.
func hunting(t *testing.T, backend Backend) {
	s := backend(t)()
	edit(t, s, rbac.PutUser{User: rbac.User{Name: "ada@x"}}, rbac.PutUser{User: rbac.User{Name: "ben@x"}})
	put := func(q store.HuntingQuery) error {
		q.Updated = noon
		return s.Change(context.Background(), func(w store.Writer) error { return w.PutHuntingQuery(q) })
	}
	whole := store.HuntingQuery{ID: "q1", Owner: "ada@x", Folder: "Mail", Name: "Rules that forward", Description: "d", Text: "EmailEvents", Sharing: "read", Updated: noon, UpdatedBy: "ben@x"}
	for _, q := range []store.HuntingQuery{whole, {ID: "q2", Owner: "ada@x", Name: "mine"}, {ID: "q3", Owner: "ben@x", Folder: "mail", Name: "rules that forward"}, {ID: "q4", Owner: "ada@x", Folder: "Mail", Name: "Another"}} {
		if err := put(q); err != nil {
			t.Fatal(err)
		}
	}
	if err := put(store.HuntingQuery{ID: "q5", Owner: "ada@x", Folder: "mail", Name: "RULES that forward"}); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("a name that differs in case: %v", err)
	}
	queries := func(user string) (ids []string) {
		for _, q := range read(t, s, func(r store.Reader) ([]store.HuntingQuery, error) { return r.HuntingQueries(user) }) {
			ids = append(ids, q.ID)
		}
		return ids
	}
	same(t, "Ada's and shared ones", []string{"q2", "q4", "q1"}, queries("ada@x"))
	same(t, "Ben's and shared ones", []string{"q1", "q3"}, queries("ben@x"))
	same(t, "those of somebody who has none", []string{"q1"}, queries("nobody@x"))
	query := func(id string) (q store.HuntingQuery, found bool) {
		q = read(t, s, func(r store.Reader) (store.HuntingQuery, error) {
			var err error
			q, found, err = r.HuntingQuery(id)
			return q, err
		})
		return q, found
	}
	if q, found := query("q1"); !found || q != whole {
		t.Errorf("read back: %+v", q)
	}
	change(t, s, func(w store.Writer) error {
		found, err := w.RemoveHuntingQuery("q4")
		again, _ := w.RemoveHuntingQuery("q4")
		if !found || again {
			t.Errorf("removed: %v, and again: %v", found, again)
		}
		return err
	})

	run := func(n int, user string) store.HuntingRun {
		return store.HuntingRun{ID: fmt.Sprint("r", n), User: user, At: noon.Add(time.Duration(n) * time.Minute), Text: "T", Timespan: "P1D", Via: "session", State: "done", Rows: 3, Took: time.Second, CPU: time.Millisecond, Problem: "p"}
	}
	for n := range 5 {
		change(t, s, func(w store.Writer) error { return w.AddHuntingRun(run(n, "ada@x"), 3) })
	}
	change(t, s, func(w store.Writer) error { return w.AddHuntingRun(run(9, "ben@x"), 3) })
	page := func(user string, after store.HuntingPlace, limit int) []store.HuntingRun {
		return read(t, s, func(r store.Reader) ([]store.HuntingRun, error) { return r.HuntingRuns(user, after, limit) })
	}
	same(t, "the first page", []store.HuntingRun{run(4, "ada@x"), run(3, "ada@x")}, page("ada@x", store.HuntingPlace{}, 2))
	same(t, "the second page", []store.HuntingRun{run(2, "ada@x")}, page("ada@x", store.HuntingPlace{At: run(3, "").At.UnixNano(), ID: "r3"}, 2))
	total := func(user string) int64 {
		return read(t, s, func(r store.Reader) (int64, error) { return r.CountHuntingRuns(user) })
	}
	same(t, "how many are kept", [2]int64{3, 1}, [2]int64{total("ada@x"), total("ben@x")})
	change(t, s, func(w store.Writer) error { _, err := w.ForgetHuntingRuns("", run(4, "").At); return err })
	same(t, "without those of long ago", [2]int64{1, 1}, [2]int64{total("ada@x"), total("ben@x")})
	change(t, s, func(w store.Writer) error { _, err := w.ForgetHuntingRuns("ben@x", time.Time{}); return err })
	same(t, "without Ben's", [2]int64{1, 0}, [2]int64{total("ada@x"), total("ben@x")})

	edit(t, s, rbac.RemoveUser{Name: "ada@x"})
	edit(t, s, rbac.PutUser{User: rbac.User{Name: "ada@x"}})
	same(t, "what another of the name finds", []string{"q1"}, queries("ada@x"))
	same(t, "and runs of hers", int64(0), total("ada@x"))
}
