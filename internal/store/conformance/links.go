package conformance

import (
	"context"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

func inIncident(t tester, s store.Store, alert string) string {
	t.Helper()
	return read(t, s, func(r store.Reader) (string, error) {
		row, _, err := r.Alert(alert, store.Visible{All: true})
		return row.IncidentID, err
	})
}

// placed: a person's word on where an alert belongs outlasts its record's, and it is told that it was a person's.
func placed(t *testing.T, backend Backend) {
	s := backend(t)()
	later := func(a store.Alert, incident string) store.Alert {
		a.IncidentID, a.Updated = incident, a.Updated.Add(time.Hour)
		return a
	}
	by, free := told("by", 0, "one", "device:d"), told("free", 0, "one", "device:e")
	loadAll(t, s, time.Hour, alertRecords(by, free)...)
	at := noon.Add(time.Minute)
	change(t, s, func(w store.Writer) error { return w.PlaceAlert("by", store.JoinLinked, at) })
	joins := map[string]store.Join{}
	for _, j := range read(t, s, func(r store.Reader) ([]store.Join, error) {
		return r.Joins("one", store.Visible{All: true}, store.EvidenceReach{Whole: store.Visible{All: true}})
	}) {
		joins[j.Alert] = j
	}
	if j := joins["by"]; j.How != store.JoinLinked || !j.At.Equal(at) || j.Origin != "" || len(j.Ties) != 0 {
		t.Errorf("how the alert came there: %+v", j)
	}
	if j := joins["free"]; j.How != "record" {
		t.Errorf("how the other one did: %+v", j)
	}
	loadAll(t, s, time.Hour, alertRecords(later(by, "two"), later(free, "two"), told("near", 0, "three", "device:d"))...)
	same(t, "where they are when their records say otherwise", [2]string{"one", "two"}, [2]string{inIncident(t, s, "by"), inIncident(t, s, "free")})
	loadAll(t, s, time.Hour, alertRecords(later(later(by, ""), ""))...)
	same(t, "and when it says nothing any more", "one", inIncident(t, s, "by"))
	change(t, s, func(w store.Writer) error { return w.PlaceAlert("by", store.JoinLinked, at.Add(time.Minute)) })
	change(t, s, func(w store.Writer) error { return w.PlaceAlert("never", store.JoinLinked, at) })
	change(t, s, func(w store.Writer) error { return w.MergeIncident("two", "one", at.Add(time.Hour)) })
	same(t, "where it is when the incident is merged", "two", inIncident(t, s, "by"))
}

// links: a key of a user's stands for one alert, and rows are known to be in the incident where their alert is now.
func links(t *testing.T, backend Backend) {
	s := backend(t)()
	edit(t, s, putUser("ada@x"), putUser("ben@x"))
	loadAll(t, s, 0, alertRecords(told("a", 0, "one"), told("b", 1, "one"), told("c", 2, "two"))...)
	link := func(l store.HuntingLink, rows ...string) error {
		return s.Change(context.Background(), func(w store.Writer) error { return w.AddHuntingLink(l, rows) })
	}
	first := store.HuntingLink{User: "ada@x", Key: "k", Request: "r", Alert: "b", Rows: 2, Known: 1, At: noon}
	second := store.HuntingLink{User: "ben@x", Key: "k", Request: "r", Alert: "c", Rows: 1, At: noon.Add(time.Hour)}
	for _, err := range []error{link(first, "x", "y"), link(second, "x"), link(store.HuntingLink{Alert: "a"}, "y", "z", "z"), link(store.HuntingLink{Alert: "a"}, "z")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := link(first, "w"); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("a key once more: %v", err)
	}
	if err := link(store.HuntingLink{Alert: "never"}, "w"); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("an alert that is not there: %v", err)
	}
	of := func(user string) store.HuntingLink {
		return read(t, s, func(r store.Reader) (store.HuntingLink, error) {
			l, found, err := r.HuntingLink(user, "k")
			if found == (l == store.HuntingLink{}) {
				t.Errorf("found %v: %+v", found, l)
			}
			return l, err
		})
	}
	same(t, "what Ada made", first, of("ada@x"))
	same(t, "what Ben made by the same key", second, of("ben@x"))
	rows := func(incident string) map[string][]string {
		return read(t, s, func(r store.Reader) (map[string][]string, error) {
			return r.LinkedRows(incident, []string{"x", "y", "z", "w"})
		})
	}
	same(t, "rows of one", map[string][]string{"x": {"b"}, "y": {"a", "b"}, "z": {"a"}}, rows("one"))
	same(t, "rows of two", map[string][]string{"x": {"c"}}, rows("two"))
	same(t, "rows of none", map[string][]string{}, rows("three"))
	change(t, s, func(w store.Writer) error { return w.MergeIncident("two", "one", noon) })
	same(t, "rows of one that was merged", map[string][]string{}, rows("one"))
	same(t, "rows of what it was merged into", map[string][]string{"x": {"b", "c"}, "y": {"a", "b"}, "z": {"a"}}, rows("two"))
	change(t, s, func(w store.Writer) error { return w.ForgetHuntingLinks(noon.Add(time.Minute)) })
	same(t, "a key of long ago", store.HuntingLink{}, of("ada@x"))
	same(t, "another one", second, of("ben@x"))
	same(t, "and the rows stay", []string{"b", "c"}, rows("two")["x"])
	edit(t, s, rbac.RemoveUser{Name: "ben@x"})
	edit(t, s, putUser("ben@x"))
	same(t, "what another of the name made", store.HuntingLink{}, of("ben@x"))
}
