package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

func listStore(t *testing.T) *Store {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func write(t *testing.T, s *Store, f func(w store.Writer) error) {
	t.Helper()
	if err := s.Change(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

var (
	someTimes      = time.Date(2021, 2, 1, 0, 0, 0, 0, time.UTC)
	someStatuses   = []string{"new", "inProgress", "resolved", "newer than we are"}
	someSeverities = []string{"unknown", "informational", "low", "medium", "high", "unknownFutureValue", "severe"}
	someTitles     = []string{"", "Mimikatz 100%", "mimikatz_100", "Ätzend", "Sign-in", "sign-in 2"}
	somePeople     = []string{"", "ada@x", "Ada@x", "O'Hara"}
	someTags       = [][]string{nil, {"Defender Experts"}, {"one", "two"}, {"two"}}
)

func of[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// someAlert is one of many alerts; the later it is made, the newer.
func someAlert(r *rand.Rand, age int) store.Alert {
	n := r.IntN(150)
	at := someTimes.Add(time.Duration(n%17+age*8) * time.Hour)
	a := store.Alert{
		ID: fmt.Sprintf("%s%d", of(r, []string{"da", "DA"}), n+age*120), IncidentID: of(r, []string{"", fmt.Sprint(1 + r.IntN(9)), fmt.Sprint(n + age*120)}),
		Status: of(r, someStatuses), Severity: of(r, someSeverities), Classification: of(r, []string{"", "truePositive"}),
		ServiceSource: of(r, []string{"a", "b"}), DetectionSource: of(r, []string{"c", "d", ""}), Category: of(r, []string{"Malware", "execution", ""}),
		AssignedTo: of(r, somePeople), Title: of(r, someTitles), SystemTags: of(r, someTags), Techniques: of(r, [][]string{nil, {"T1"}, {"T1", "T2"}}),
		Created: at, Updated: at.Add(time.Duration(age) * time.Minute), Body: []byte("{}"), Evidence: []byte("[]"),
		Workloads: rbac.SetOf(of(r, []rbac.Workload{rbac.Endpoint, rbac.Endpoint, rbac.Office365, rbac.Identity})),
	}
	for range r.IntN(3) {
		d := r.IntN(12)
		a.Devices = append(a.Devices, store.Device{ID: fmt.Sprint("d", d), Known: true, Tags: []string{fmt.Sprint("G", r.IntN(5))}, Seen: a.Updated})
	}
	devices := []string{"", "nobody's"}
	for _, d := range a.Devices {
		devices = append(devices, d.ID)
	}
	for range r.IntN(4) {
		e := store.Entity{Kind: of(r, []store.EntityKind{store.EntityUser, store.EntityUser, store.EntityMailbox, store.EntityDevice, store.EntityFile}), Key: of(r, somePeople[1:]),
			Name: of(r, someTitles), Device: of(r, devices), Closed: r.IntN(4) == 0}
		if e.Kind == store.EntityDevice {
			e.Key = fmt.Sprint("d", r.IntN(12))
		}
		if !slices.ContainsFunc(a.Entities, func(o store.Entity) bool {
			return o.Kind == e.Kind && o.Key == e.Key && o.Device == e.Device && o.Closed == e.Closed
		}) {
			a.Entities = append(a.Entities, e)
		}
	}
	return a
}

func firstTag(d store.Device) string { return append(d.Tags, rbac.UngroupedDevices)[0] }

// somethingHappens makes one change of each kind that there is.
func somethingHappens(t *testing.T, s *Store, r *rand.Rand, age int) {
	write(t, s, func(w store.Writer) error {
		taker := w.TakeRecords(firstTag)
		for range 200 {
			if _, err := taker.Alert(someAlert(r, age)); err != nil {
				return err
			}
		}
		for range 20 {
			at := someTimes.Add(time.Duration(r.IntN(20)+age*8) * time.Hour)
			i := store.Incident{ID: fmt.Sprint(1 + r.IntN(200)), Status: of(r, []string{"", "active", "resolved", "redirected"}), AssignedTo: of(r, somePeople),
				Classification: of(r, []string{"", "truePositive"}), CustomTags: of(r, someTags), SystemTags: of(r, someTags), Created: at, Updated: at.Add(time.Duration(age) * time.Minute),
				Body: []byte(of(r, []string{`{}`, `{"displayName":"Mimikatz on d1"}`, `{"displayName":7}`, `{"displayName":null}`}))}
			if _, err := taker.Incident(i); err != nil {
				return err
			}
		}
		return taker.Done()
	})
	write(t, s, func(w store.Writer) error {
		if err := w.SaveAlert(store.AlertEdit{ID: fmt.Sprint("da", r.IntN(300)), Status: "resolved", AssignedTo: "ada@x", Updated: someTimes.Add(time.Duration(age) * time.Hour), Body: []byte("{}")}); err != nil {
			return err
		}
		return w.SaveIncident(store.IncidentEdit{ID: fmt.Sprint(1 + r.IntN(9)), Status: "resolved", Updated: someTimes.Add(time.Duration(age) * time.Hour), Body: []byte("{}")})
	})
	write(t, s, func(w store.Writer) error {
		for i := range 12 {
			if err := moveAway(w.(*writer), fmt.Sprint(1+r.IntN(9)), fmt.Sprint(1+r.IntN(200)), i == 0); err != nil {
				return err
			}
		}
		return nil
	})
	write(t, s, func(w store.Writer) error {
		_, err := w.Regroup(func(d store.Device) string { return fmt.Sprint("G", (len(d.ID)+int(d.ID[len(d.ID)-1])+age)%5) })
		return err
	})
}

// moveAway moves one of the alerts of an incident to another one, or all of them for good.
func moveAway(w *writer, from, to string, all bool) error {
	if from == to {
		return nil
	}
	most := 1
	if all {
		most = 1000
	}
	var moved []int64
	if err := w.each(`SELECT n FROM alerts WHERE incident = ? LIMIT ?`, func(rows *sql.Rows) error {
		var n int64
		err := rows.Scan(&n)
		moved = append(moved, n)
		return err
	}, from, most); err != nil {
		return err
	}
	for _, n := range moved {
		if _, err := w.exec(`UPDATE alerts SET incident = ?, placed = 1 WHERE n = ?`, to, n); err != nil {
			return err
		}
		if err := w.leave(n, from, to); err != nil {
			return err
		}
	}
	if all {
		if _, err := w.exec(`UPDATE incidents SET redirect = ?, status = 'redirected' WHERE id = ?`, to, from); err != nil {
			return err
		}
	}
	t := w.taker(firstTag)
	t.incidents[from], t.incidents[to] = true, true
	return t.Done()
}

// answers is all that lists tell of a question.
type answers struct {
	Alerts, Incidents [][]any
	Counts            [2]int64
	Facets            store.AlertFacets
	Kinds             store.IncidentFacets
	Errs              [6]string
}

// someThings are what classes stand for.
var someThings = func() map[int64][]int {
	things := map[int64][]int{}
	for class := range int64(60) {
		things[class] = []int{int(class % 3), 3 + int(class%5)}
	}
	return things
}()

func ask(r *reader, alerts, incidents store.AlertQuery) (a answers) {
	fail := func(i int, err error) {
		if err != nil {
			a.Errs[i] = err.Error()
		}
	}
	rows, err := r.Alerts(alerts)
	fail(0, err)
	for _, row := range rows {
		a.Alerts = append(a.Alerts, append([]any{row.ID}, row.Cursor...))
	}
	found, err := r.Incidents(incidents)
	fail(1, err)
	for _, row := range found {
		a.Incidents = append(a.Incidents, append([]any{row.ID, row.Status, row.Severity, row.Alerts, row.Partial}, row.Cursor...))
	}
	a.Counts[0], err = r.CountAlerts(alerts)
	fail(2, err)
	a.Counts[1], err = r.CountIncidents(incidents)
	fail(3, err)
	a.Facets, err = r.AlertFacets(alerts)
	fail(4, err)
	a.Kinds, err = r.IncidentFacets(incidents, someThings)
	fail(5, err)
	return a
}

// Whatever is asked, by whomever, the columns answer what a plain query over the tables does.
func TestTheColumnsAnswerWhatAPlainQueryDoes(t *testing.T) {
	s := listStore(t)
	r := rand.New(rand.NewPCG(4, 2))
	for round := range 3 {
		somethingHappens(t, s, r, round)
		err := s.View(t.Context(), func(tx store.Reader) error {
			held := tx.(*reader)
			if state, err := held.columns(); state == nil || err != nil {
				t.Fatalf("there are no columns: %v", err)
			}
			plain := &reader{ctx: held.ctx, tx: held.tx}
			rapid.Check(t, func(t *rapid.T) {
				v := someSight(t)
				alerts := someQuery(t, v, alertFields)
				incidents := someQuery(t, v, incidentFields)
				for range 2 { // pages
					got, want := ask(held, alerts, incidents), ask(plain, alerts, incidents)
					if diff := cmp.Diff(want, got); diff != "" {
						t.Fatalf("%+v\n%+v\n%s", alerts, incidents, diff)
					}
					alerts.After, incidents.After = nextPlace(t, got.Alerts, 1), nextPlace(t, got.Incidents, 5)
					alerts.Skip, incidents.Skip = 0, 0
				}
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// told is all that lists of things tell of a question.
type told struct {
	Things  []store.EntityRow
	Devices []store.DeviceRow
	Count   int
	Errs    [3]string
}

func askThings(r *reader, q store.EntityQuery, devices store.DeviceQuery, after []any) (a told) {
	fail := func(i int, err error) {
		if err != nil {
			a.Errs[i] = err.Error()
		}
	}
	var err error
	a.Things, err = r.Entities(q)
	fail(0, err)
	a.Count, err = r.CountEntities(q)
	fail(1, err)
	a.Devices, err = r.DeviceRows(devices, q.Sight, q.Order, after)
	fail(2, err)
	return a
}

func TestTheColumnsTellOfThingsWhatAPlainQueryDoes(t *testing.T) {
	s := listStore(t)
	r := rand.New(rand.NewPCG(4, 3))
	for round := range 3 {
		somethingHappens(t, s, r, round)
		err := s.View(t.Context(), func(tx store.Reader) error {
			held := tx.(*reader)
			if state, err := held.columns(); state == nil || err != nil {
				t.Fatalf("there are no columns: %v", err)
			}
			plain := &reader{ctx: held.ctx, tx: held.tx}
			rapid.Check(t, func(t *rapid.T) {
				q := store.EntityQuery{Kind: rapid.SampledFrom([]store.EntityKind{store.EntityUser, store.EntityMailbox, store.EntityDevice, store.EntityApp}).Draw(t, "kind"),
					Sight:  store.Sight{Alerts: someSight(t), Evidence: store.EvidenceReach{Whole: someSight(t)}},
					Search: rapid.SampledFrom([]string{"", "", "A", "mimi", "%", "_", "Ä", "7"}).Draw(t, "search"),
					Order:  rapid.SampledFrom([]store.TallyOrder{store.ByRisk, store.ByLast, store.ByName}).Draw(t, "order"), Limit: rapid.IntRange(1, 4).Draw(t, "limit")}
				if rapid.Bool().Draw(t, "groups") {
					q.Sight.Evidence.Groups = []string{"G1", "G2"}
				}
				devices := store.DeviceQuery{All: rapid.Bool().Draw(t, "all"), Groups: []string{"G1", "G2", "G3"}, Search: q.Search, Limit: q.Limit}
				var after []any
				for range 3 { // pages
					got, want := askThings(held, q, devices, after), askThings(plain, q, devices, after)
					if diff := cmp.Diff(want, got); diff != "" {
						t.Fatalf("%+v\n%s", q, diff)
					}
					if len(got.Things) > 0 {
						q.After = got.Things[len(got.Things)-1].Cursor
					}
					if len(got.Devices) > 0 {
						after = got.Devices[len(got.Devices)-1].Cursor
					}
				}
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// nextPlace is where the next page begins: at the last row of this one, or where that row was before its texts changed.
func nextPlace(t *rapid.T, rows [][]any, from int) []any {
	if len(rows) == 0 {
		return nil
	}
	cursor := slices.Clone(rows[len(rows)-1][from:])
	for i, value := range cursor {
		if text, ok := value.(string); ok && rapid.IntRange(0, 3).Draw(t, "is another now") == 0 {
			cursor[i] = rapid.SampledFrom([]string{text + "a", "", "m", "~"}).Draw(t, "text")
		}
	}
	return cursor
}

func someSight(t *rapid.T) store.Visible {
	classes := rapid.SliceOfDistinct(rapid.Int64Range(1, 40), func(n int64) int64 { return n })
	switch rapid.IntRange(0, 3).Draw(t, "sight") {
	case 0:
		return store.Visible{All: true}
	case 1:
		return store.Visible{Hidden: append([]int64{}, classes.Draw(t, "hidden")...), UpTo: rapid.Int64Range(1, 40).Draw(t, "up to")}
	}
	return store.Visible{Classes: classes.Draw(t, "classes")}
}

var (
	alertFields = []store.Field{store.FieldID, store.FieldCreated, store.FieldUpdated, store.FieldCreated, store.FieldUpdated, store.FieldStatus, store.FieldSeverity, store.FieldClassification,
		store.FieldServiceSource, store.FieldDetectionSource, store.FieldCategory, store.FieldAssignedTo, store.FieldTitle}
	incidentFields = []store.Field{store.FieldID, store.FieldCreated, store.FieldUpdated, store.FieldCreated, store.FieldUpdated, store.FieldStatus, store.FieldSeverity, store.FieldClassification, store.FieldAssignedTo}
)

func someQuery(t *rapid.T, v store.Visible, fields []store.Field) store.AlertQuery {
	q := store.AlertQuery{Visible: v, Limit: rapid.IntRange(1, 12).Draw(t, "limit"), Skip: rapid.SampledFrom([]int{0, 1, 3, 50, 130, 256, 300}).Draw(t, "skip")}
	for range rapid.IntRange(1, 3).Draw(t, "keys") {
		o := store.Order{Field: rapid.SampledFrom(fields).Draw(t, "by"), Desc: rapid.Bool().Draw(t, "desc")}
		if !slices.ContainsFunc(q.Order, func(other store.Order) bool { return other.Field == o.Field }) {
			q.Order = append(q.Order, o)
		}
	}
	if rapid.Bool().Draw(t, "filtered") {
		q.Where = someCondition(t, fields, 2)
	}
	return q
}

func someCondition(t *rapid.T, fields []store.Field, deep int) store.Where {
	kind := rapid.IntRange(0, 12).Draw(t, "condition")
	if deep == 0 {
		kind = max(kind, 3)
	}
	list := func() (l []store.Where) {
		for range rapid.IntRange(0, 3).Draw(t, "parts") {
			l = append(l, someCondition(t, fields, deep-1))
		}
		return l
	}
	text := rapid.SampledFrom(slices.Concat(someStatuses, someSeverities, someTitles, somePeople, []string{"a", "A", "d", "da1", "DA", "%", "_", "1", "Malware", "ä", "truePositive", "two", "T2"}))
	op := rapid.SampledFrom([]store.Op{store.Equal, store.NotEqual, store.Less, store.LessEq, store.Greater, store.GreaterEq})
	switch {
	case kind == 0:
		return store.AllOf(list())
	case kind == 1:
		return store.OneOf(list())
	case kind == 2:
		return store.Not{Where: someCondition(t, fields, deep-1)}
	case kind <= 5:
		f := rapid.SampledFrom(fields).Draw(t, "field")
		c := store.Compare{Field: f, Op: op.Draw(t, "op"), Text: text.Draw(t, "text")}
		if f == store.FieldCreated || f == store.FieldUpdated {
			c.Text, c.Time = "", someTimes.Add(time.Duration(rapid.IntRange(-1, 60).Draw(t, "hour"))*time.Hour)
		}
		return c
	case kind <= 7:
		f := rapid.SampledFrom([]store.Field{store.FieldID, store.FieldAssignedTo, store.FieldTitle, store.FieldCategory}).Draw(t, "within")
		if f == store.FieldCategory && !slices.Contains(fields, f) {
			f = store.FieldTitle
		}
		if f == store.FieldID {
			text = rapid.SampledFrom([]string{"", "d", "DA", "a1", "1d", "9D", "12", "da1", "%", "_"}) // and what runs from one id into the next
		}
		return store.Matches{Field: f, Text: text.Draw(t, "text"), Start: rapid.Bool().Draw(t, "start")}
	case kind == 9:
		names := store.Names{Kind: store.EntityUser, Key: rapid.SampledFrom(append(somePeople, "nobody")).Draw(t, "named")}
		if names.Reach.Whole = someSight(t); rapid.Bool().Draw(t, "a group") {
			names.Reach.Groups = []string{"G1", "G2"}
		}
		if slices.Contains(fields, store.FieldTitle) {
			return names
		}
		where := store.Where(names)
		if deep > 0 && rapid.Bool().Draw(t, "of alerts that are so") {
			where = someCondition(t, alertFields, deep-1)
		}
		return store.OfAlerts{Visible: someSight(t), Where: where}
	case kind == 11 && !slices.Contains(fields, store.FieldTitle):
		return store.Compare{Field: store.FieldTitle, Op: op.Draw(t, "op"), Text: rapid.SampledFrom([]string{"", "7", "Mimikatz on d1"}).Draw(t, "name")}
	case kind == 10 && slices.Contains(fields, store.FieldTitle):
		return store.Compare{Field: store.FieldIncident, Op: op.Draw(t, "op"), Text: fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "incident"))}
	case kind == 8 && slices.Contains(fields, store.FieldTitle):
		return store.InClasses{Classes: rapid.SliceOf(rapid.Int64Range(1, 40)).Draw(t, "in classes")}
	}
	any := store.Any{Field: store.FieldSystemTags}
	switch {
	case !slices.Contains(fields, store.FieldTitle) && rapid.Bool().Draw(t, "custom"):
		any.Field = store.FieldCustomTags
	case slices.Contains(fields, store.FieldTitle) && rapid.Bool().Draw(t, "techniques"):
		any.Field = store.FieldTechniques
	}
	if rapid.Bool().Draw(t, "of a value") {
		any.Op, any.Text = rapid.SampledFrom([]store.Op{store.Equal, store.NotEqual}).Draw(t, "op"), text.Draw(t, "text")
	}
	return any
}

// A question is answered from the state that its own transaction sees, not from a later one.
func TestATransactionSeesOneStateOfTheLists(t *testing.T) {
	s := listStore(t)
	r := rand.New(rand.NewPCG(1, 1))
	somethingHappens(t, s, r, 0)
	all := store.AlertQuery{Visible: store.Visible{All: true}, Order: []store.Order{{Field: store.FieldUpdated, Desc: true}}, Limit: 500}
	read := func(f func(r *reader)) {
		t.Helper()
		if err := s.View(t.Context(), func(tx store.Reader) error { f(tx.(*reader)); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	for round := range 3 {
		read(func(old *reader) {
			before := ask(&reader{ctx: old.ctx, tx: old.tx}, all, all) // the transaction has begun, and nobody has asked for columns
			somethingHappens(t, s, r, round+1)
			read(func(new *reader) {
				if after := ask(new, all, all); cmp.Equal(before, after) {
					t.Error("nothing has changed")
				}
			})
			if diff := cmp.Diff(before, ask(old, all, all)); diff != "" {
				t.Errorf("an older transaction sees what came later: %s", diff)
			}
		})
	}
}

// What is too much to be read by a question is read in the background; meanwhile, the answers are right.
func TestListsCatchUpInTheBackground(t *testing.T) {
	s := listStore(t)
	s.lists.mostInline, s.lists.mostSteps = 10, 100
	r := rand.New(rand.NewPCG(7, 7))
	all := store.AlertQuery{Visible: store.Visible{All: true}, Order: []store.Order{{Field: store.FieldID}}, Limit: 500}
	for round := range 4 {
		somethingHappens(t, s, r, round)
		if round == 2 {
			write(t, s, func(w store.Writer) error { // and of what has changed, a part is forgotten
				_, err := w.(*writer).exec(`DELETE FROM list_changes WHERE seq < (SELECT max(seq) FROM list_changes)`)
				return err
			})
		}
		for _, ready := range []bool{false, true} {
			if ready {
				if err := s.ReadyLists(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			err := s.View(t.Context(), func(tx store.Reader) error {
				held := tx.(*reader)
				if diff := cmp.Diff(ask(&reader{ctx: held.ctx, tx: held.tx}, all, all), ask(held, all, all)); diff != "" {
					t.Error(diff)
				}
				if ready && held.state == nil {
					t.Error("they are not ready")
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Who pages through a list meets everything that was there at the beginning once, whatever comes in meanwhile.
func TestPagesStayInPlaceWhileAlertsComeIn(t *testing.T) {
	s := listStore(t)
	put := func(prefix string, hours ...int) {
		write(t, s, func(w store.Writer) error {
			taker := w.TakeRecords(firstTag)
			for i, h := range hours {
				at := someTimes.Add(time.Duration(h) * time.Hour)
				a := store.Alert{ID: fmt.Sprint(prefix, i), IncidentID: fmt.Sprint(prefix, i), Status: "new", Severity: "low", Created: at, Updated: at, Workloads: rbac.SetOf(rbac.Office365), Body: []byte("{}"), Evidence: []byte("[]")}
				if _, err := taker.Alert(a); err != nil {
					return err
				}
			}
			return taker.Done()
		})
	}
	var hours []int
	for i := range 40 {
		hours = append(hours, i/3) // ties
	}
	put("first", hours...)
	for name, list := range map[string]func(r *reader, q store.AlertQuery) (ids []string, cursor []any, err error){
		"alerts": func(r *reader, q store.AlertQuery) (ids []string, cursor []any, err error) {
			rows, err := r.Alerts(q)
			for _, row := range rows {
				ids, cursor = append(ids, row.ID), row.Cursor
			}
			return ids, cursor, err
		},
		"incidents": func(r *reader, q store.AlertQuery) (ids []string, cursor []any, err error) {
			rows, err := r.Incidents(q)
			for _, row := range rows {
				ids, cursor = append(ids, row.ID), row.Cursor
			}
			return ids, cursor, err
		},
	} {
		q := store.AlertQuery{Visible: store.Visible{All: true}, Order: []store.Order{{Field: store.FieldCreated, Desc: true}}, Limit: 7}
		met := map[string]int{}
		for page := 0; ; page++ {
			var ids []string
			err := s.View(context.Background(), func(tx store.Reader) (err error) {
				ids, q.After, err = list(tx.(*reader), q)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range ids {
				met[id]++
			}
			if len(ids) < q.Limit {
				break
			}
			put(fmt.Sprint(name, page, "-"), 0, 5, 9, 100)
		}
		for i := range hours {
			if n := met[fmt.Sprint("first", i)]; n != 1 {
				t.Errorf("%s: first%d was met %d times", name, i, n)
			}
		}
	}
}
