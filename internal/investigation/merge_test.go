package investigation

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

var (
	boss = audit.Actor{Name: "boss@x", Via: audit.ViaToken}
	mail = audit.Actor{Name: "mail@x", Via: audit.ViaToken}
)

// given is an alert whose record names an incident.
func given(id, incident, service string) string {
	return fmt.Sprintf(`{"id":%q,"incidentId":%q,"title":"Title of %[1]s","serviceSource":%[3]q,"severity":"low","status":"new","createdDateTime":"2021-02-01T00:00:00Z","evidence":[]}`+"\n", id, incident, service)
}

func written(id, text string) string {
	return fmt.Sprintf(`{"id":%q,"displayName":"Name of %[1]s","description":%q,"status":"active","assignedTo":"a@x","classification":"truePositive","determination":"malware","customTags":["tag %[1]s"],"comments":[{"comment":%[2]q,"createdByDisplayName":"b@x","createdDateTime":"2021-02-02T00:00:00Z"}],"createdDateTime":"2021-02-01T00:00:00Z","lastUpdateDateTime":"2021-02-03T00:00:00Z"}`+"\n", id, text)
}

func mergeWorld(t *testing.T) *world {
	w := newWorld(t, correlationPolicy())
	w.load("made", given("m1", "one", ofMail)+given("m2", "one", ofMail)+given("m3", "two", ofMail)+given("m4", "two", ofMail)+given("c1", "mixed", ofCloud)+given("m5", "mixed", ofMail)+
		written("one", "about one")+written("two", "about two")+written("mixed", "about mixed"))
	return w
}

func (w *world) incident(reader, id string) json.RawMessage {
	w.t.Helper()
	item, err := w.service.Incident(ctx, reader, id, true, full)
	if err != nil {
		w.t.Fatalf("%s: %v", id, err)
	}
	return item
}

func alertsOf(t *testing.T, item json.RawMessage) string {
	t.Helper()
	var o struct{ Alerts []struct{ ID string } }
	if err := json.Unmarshal(item, &o); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, a := range o.Alerts {
		ids = append(ids, a.ID)
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

func TestMergingIncidents(t *testing.T) {
	w := mergeWorld(t)
	if _, err := w.service.CommentIncident(ctx, mail, "two", []byte(`{"comment":"written here"}`), ""); err != nil {
		t.Fatal(err)
	}
	is, err := w.service.MergeIncidents(ctx, mail, "one", []Merging{{ID: "two"}}, "")
	if err != nil || is.ID != "one" || is.Alerts != 4 || is.Name != "Name of one" {
		t.Fatal(is, err)
	}
	one := w.incident("mail@x", "one")
	if got := alertsOf(t, one); got != "m1 m2 m3 m4" {
		t.Errorf("its alerts: %s", got)
	}
	for path, want := range map[string]any{"displayName": "Name of one", "status": "active", "assignedTo": "a@x", "description": "about one"} {
		if got := get(t, one, path); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
	if tags := fmt.Sprint(get(t, one, "customTags")); tags != "[tag one tag two]" {
		t.Errorf("tags %s", tags)
	}
	for _, text := range []string{"about one", "about two", "written here"} {
		if comments := fmt.Sprint(get(t, one, "comments")); !strings.Contains(comments, text) {
			t.Errorf("comments %s, want %q among them", comments, text)
		}
	}
	two := w.incident("mail@x", "two")
	if get(t, two, "status") != "redirected" || get(t, two, "redirectIncidentId") != "one" || alertsOf(t, two) != "" {
		t.Errorf("the one that was merged away: %s", two)
	}
	if got, want := w.members("mail@x", "one"), "m1 record; m2 record; m3 merged two; m4 merged two"; got != want {
		t.Errorf("members: %s\nwant %s", got, want)
	}
	for _, id := range []string{"one", "two"} {
		list, partial, err := w.service.IncidentActivity(ctx, "mail@x", id)
		if err != nil || partial || !slices.ContainsFunc(list, func(a Activity) bool { return a.Operation == "incidents.merge" && a.ID == id }) {
			t.Errorf("the activity of %s: %+v %v %v", id, list, partial, err)
		}
	}
	// What is merged away is changed no more.
	for name, err := range map[string]error{
		"change":  second(w.service.UpdateIncident(ctx, mail, "two", []byte(`{"status":"active"}`), "", full)),
		"comment": second(w.service.CommentIncident(ctx, mail, "two", []byte(`{"comment":"x"}`), "")),
		"merge":   second(w.service.MergeIncidents(ctx, mail, "two", []Merging{{ID: "one"}}, "")),
		"again":   second(w.service.MergeIncidents(ctx, mail, "one", []Merging{{ID: "two"}}, "")),
		"split":   second(w.service.SplitIncident(ctx, mail, "two", []string{"m3"}, "")),
	} {
		if fault.KindOf(err) != fault.KindConflict || !strings.Contains(fault.Message(err), "merged into incident one") {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Later records do not undo it, new ones come to where it leads.
	later := strings.ReplaceAll(given("m3", "two", ofMail), `"status":"new"`, `"status":"new","lastUpdateDateTime":"2021-03-01T00:00:00Z"`)
	w.load("later", later+given("m9", "two", ofMail)+strings.ReplaceAll(written("two", "newer"), "2021-02-03", "2021-03-03"))
	if got := alertsOf(t, w.incident("mail@x", "one")); got != "m1 m2 m3 m4 m9" {
		t.Errorf("its alerts after another load: %s", got)
	}
	if two := w.incident("mail@x", "two"); get(t, two, "status") != "redirected" {
		t.Errorf("a newer record of what was merged away: %s", two)
	}
	// Of a chain each leads to the end.
	if _, err := w.service.MergeIncidents(ctx, boss, "mixed", []Merging{{ID: "one"}}, ""); err != nil {
		t.Fatal(err)
	}
	if two := w.incident("boss@x", "two"); get(t, two, "redirectIncidentId") != "mixed" {
		t.Errorf("the first of a chain: %s", two)
	}
	// Who sees a part of where it leads sees a part of it, and no text that is not theirs.
	part := w.incident("mail@x", "mixed")
	if get(t, part, "@bailiwick.partial") != true || get(t, part, "description") != nil || alertsOf(t, part) != "m1 m2 m3 m4 m5 m9" {
		t.Errorf("to a reader of mail: %s", part)
	}
}

func second[T any](_ T, err error) error { return err }

func TestSplittingIncidents(t *testing.T) {
	w := mergeWorld(t)
	is, err := w.service.SplitIncident(ctx, boss, "mixed", []string{"c1"}, "")
	if err != nil || is.Alerts != 1 || is.Name != "Title of c1" {
		t.Fatal(is, err)
	}
	if got := w.members("boss@x", is.ID); got != "c1 split mixed" {
		t.Errorf("members %s", got)
	}
	if got := alertsOf(t, w.incident("boss@x", "mixed")); got != "m5" {
		t.Errorf("what stays: %s", got)
	}
	made := w.incident("boss@x", is.ID)
	if get(t, made, "assignedTo") != nil || get(t, made, "description") != nil || get(t, made, "status") != "active" {
		t.Errorf("the new one: %s", made)
	}
	// Mail manages what stays by now. What was written about the whole is still for those who see the whole.
	if _, err := w.service.UpdateIncident(ctx, mail, "mixed", []byte(`{"assignedTo":"mail@x"}`), "", full); err != nil {
		t.Error(err)
	}
	rest := w.incident("mail@x", "mixed")
	if get(t, rest, "description") != nil || get(t, rest, "displayName") != "Title of m5" || fmt.Sprint(get(t, rest, "comments")) != "[]" {
		t.Errorf("to a reader of what stays: %s", rest)
	}
	if _, partial, err := w.service.IncidentActivity(ctx, "mail@x", "mixed"); !partial || err != nil {
		t.Errorf("its activity, to a reader of what stays: %v %v", partial, err)
	}
	if whole := w.incident("boss@x", "mixed"); get(t, whole, "description") != "about mixed" {
		t.Errorf("to a reader of both: %s", whole)
	}
	// Nor does it come out by merging what stays into an incident of mail alone.
	if _, err := w.service.MergeIncidents(ctx, mail, "one", []Merging{{ID: "mixed"}}, ""); err != nil {
		t.Fatal(err)
	}
	if one := w.incident("mail@x", "one"); strings.Contains(string(one), "about mixed") || strings.Contains(string(one), "tag mixed") {
		t.Errorf("merging has told: %s", one)
	}
	if one := w.incident("boss@x", "one"); !strings.Contains(string(one), "about mixed") {
		t.Errorf("the comments have not come along: %s", one)
	}
	// Later records do not undo it.
	w.load("later", strings.ReplaceAll(given("c1", "elsewhere", ofCloud), `"status":"new"`, `"status":"new","lastUpdateDateTime":"2021-03-01T00:00:00Z"`))
	if got := w.incidentOf("c1"); got != is.ID {
		t.Errorf("after another load it is in %s", got)
	}
}

func TestMergesAndSplitsAreRefused(t *testing.T) {
	w := mergeWorld(t)
	tag := ETag(must(w.service.Incident(ctx, "mail@x", "two", false, etagForm)))
	if _, err := w.service.UpdateIncident(ctx, mail, "two", []byte(`{"assignedTo":"other@x"}`), "", full); err != nil {
		t.Fatal(err)
	}
	if _, err := w.service.UpdateIncident(ctx, boss, "one", []byte(`{"status":"resolved"}`), "", full); err != nil {
		t.Fatal(err)
	}
	merge := func(actor audit.Actor, into string, from ...Merging) error {
		return second(w.service.MergeIncidents(ctx, actor, into, from, ""))
	}
	split := func(actor audit.Actor, id string, alerts ...string) error {
		return second(w.service.SplitIncident(ctx, actor, id, alerts, ""))
	}
	many := make([]Merging, 51)
	for _, c := range []struct {
		name string
		err  error
		want fault.Kind
		says string
	}{
		{"into one with an alert that one does not manage", merge(mail, "mixed", Merging{ID: "two"}), fault.KindDenied, "Cloud"},
		{"of one with an alert that one does not manage", merge(mail, "two", Merging{ID: "mixed"}), fault.KindDenied, "Cloud"},
		{"by who sees nothing", merge(audit.Actor{Name: "nobody@x"}, "two", Merging{ID: "mixed"}), fault.KindNotFound, ""},
		{"of what is not there", merge(mail, "two", Merging{ID: "none"}), fault.KindNotFound, "none"},
		{"into what is not there", merge(mail, "none", Merging{ID: "two"}), fault.KindNotFound, "none"},
		{"into itself", merge(mail, "two", Merging{ID: "two"}), fault.KindInvalid, "from[0]"},
		{"twice", merge(boss, "two", Merging{ID: "mixed"}, Merging{ID: "mixed"}), fault.KindInvalid, "from[1]"},
		{"of nothing", merge(mail, "two"), fault.KindInvalid, "1 to 50"},
		{"of many", merge(mail, "two", many...), fault.KindInvalid, "1 to 50"},
		{"of what goes on into what is over", merge(mail, "one", Merging{ID: "two"}), fault.KindConflict, "resolved"},
		{"of what was changed meanwhile", merge(mail, "two", Merging{ID: "one", ETag: tag}), fault.KindConflict, "changed meanwhile"},
		{"into what was changed meanwhile", second(w.service.MergeIncidents(ctx, mail, "two", []Merging{{ID: "one"}}, tag)), fault.KindConflict, "assignedTo"},
		{"split of none", split(mail, "two"), fault.KindInvalid, "not none"},
		{"split of all", split(mail, "two", "m3", "m4"), fault.KindInvalid, "not all"},
		{"split of one twice", split(mail, "two", "m3", "m3"), fault.KindInvalid, "alerts[1]"},
		{"split of another's alert", split(mail, "two", "m1"), fault.KindInvalid, "alerts[0]"},
		{"split of a hidden alert", split(mail, "mixed", "c1"), fault.KindDenied, "Cloud"},
		{"split of what is not there", split(mail, "none", "m3"), fault.KindNotFound, "none"},
		{"split of what was changed meanwhile", second(w.service.SplitIncident(ctx, mail, "two", []string{"m3"}, tag)), fault.KindConflict, "assignedTo"},
	} {
		if fault.KindOf(c.err) != c.want || !strings.Contains(fault.Message(c.err), c.says) {
			t.Errorf("%s: %v, want %v and %q", c.name, c.err, c.want, c.says)
		}
	}
	for id, want := range map[string]string{"one": "m1 m2", "two": "m3 m4", "mixed": "c1 m5"} {
		if got := alertsOf(t, w.incident("boss@x", id)); got != want {
			t.Errorf("after the refusals %s has %s", id, got)
		}
	}
	// What is over may be merged into what goes on; what is allowed is said.
	for id, want := range map[string]string{"two": "true true", "mixed": "false false"} {
		item := w.incident("mail@x", id)
		if got := fmt.Sprint(get(t, item, "@bailiwick.actions/merge/allowed"), " ", get(t, item, "@bailiwick.actions/split/allowed")); got != want {
			t.Errorf("of %s merging and splitting is said to be %s", id, got)
		}
	}
	if err := merge(mail, "two", Merging{ID: "one"}); err != nil {
		t.Error(err)
	}
	if err := second(w.service.MergeIncidents(ctx, local, "two", []Merging{{ID: "mixed"}}, "")); err != nil {
		t.Errorf("by the owner of the data: %v", err)
	}
}

func must(item json.RawMessage, err error) json.RawMessage {
	if err != nil {
		panic(err)
	}
	return item
}

// Whatever comes, is merged and is split, each alert is in one incident, and an incident is for those who see its alerts: its classes are
// theirs, and of one that was merged away those of the alerts that it had. What was loaded can be loaded again and changes nothing.
func TestIncidentsAreTheirAlertsWhateverHappens(t *testing.T) {
	w := newWorld(t, correlationPolicy())
	at, run := time.Date(2021, 2, 1, 0, 0, 0, 0, time.UTC), 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		loaded, alerts := []string{}, []string{}
		for step := range rapid.IntRange(2, 8).Draw(t, "steps") {
			var incidents []string
			for _, a := range alerts {
				incidents = append(incidents, w.incidentOf(a))
			}
			switch what := rapid.IntRange(0, 3).Draw(t, "what"); {
			case what < 2 || len(alerts) < 2:
				id := fmt.Sprintf("r%d-%d", run, rapid.IntRange(0, 5).Draw(t, "alert"))
				at = at.Add(time.Minute)
				person := fmt.Sprintf("p%d@r%d", rapid.IntRange(0, 1).Draw(t, "person"), run)
				text := naming(id, rapid.SampledFrom([]string{ofMail, ofCloud}).Draw(t, "service"), 0, person)
				incident := rapid.SampledFrom([]string{"", fmt.Sprintf("g%d", run), fmt.Sprintf("h%d", run)}).Draw(t, "incident")
				text = strings.Replace(text, `"title"`, fmt.Sprintf(`"incidentId":%q,"lastUpdateDateTime":%s,"title"`, incident, stamp(at)), 1)
				if _, err := w.tryLoad(local, "step", text); err != nil {
					t.Fatal(err)
				}
				if loaded = append(loaded, text); !slices.Contains(alerts, id) {
					alerts = append(alerts, id)
				}
			case what == 2:
				into, from := rapid.SampledFrom(incidents).Draw(t, "into"), rapid.SampledFrom(incidents).Draw(t, "from")
				err := second(w.service.MergeIncidents(ctx, boss, into, []Merging{{ID: from}}, ""))
				if (into == from) != (fault.KindOf(err) == fault.KindInvalid) || into != from && err != nil {
					t.Fatalf("merging %s into %s: %v", from, into, err)
				}
			default:
				a := rapid.SampledFrom(alerts).Draw(t, "split")
				if err := second(w.service.SplitIncident(ctx, boss, w.incidentOf(a), []string{a}, "")); err != nil && fault.KindOf(err) != fault.KindInvalid {
					t.Fatal(err)
				}
			}
			before := w.state(alerts)
			for _, text := range loaded[max(0, len(loaded)-1-step%2):] {
				if done, err := w.tryLoad(local, "again", text); err != nil || done.changed() {
					t.Fatalf("loading again: %+v %v", done, err)
				}
			}
			if diff := cmp.Diff(before, w.state(alerts)); diff != "" {
				t.Fatalf("loading again has changed something:\n%s", diff)
			}
		}
	})
}

// state is which incident each alert is in, and checks that incidents are what their alerts make of them.
func (w *world) state(alerts []string) map[string]string {
	w.t.Helper()
	in := map[string]string{}
	of := map[string]map[int64]bool{} // classes of the alerts of each incident
	err := w.store.View(ctx, func(tx store.Reader) error {
		for _, a := range alerts {
			row, found, err := tx.Alert(a, store.Visible{All: true})
			if err != nil || !found || row.IncidentID == "" {
				w.t.Fatalf("alert %s is in no incident: %v", a, err)
			}
			in[a] = row.IncidentID
			if of[row.IncidentID] == nil {
				of[row.IncidentID] = map[int64]bool{}
			}
			of[row.IncidentID][row.Class] = true
		}
		for incident, classes := range of {
			listed, err := tx.IncidentClasses(incident)
			if err != nil {
				return err
			}
			if len(listed) != len(classes) || slices.ContainsFunc(listed, func(c int64) bool { return !classes[c] }) {
				w.t.Fatalf("incident %s is of classes %v, its alerts of %v", incident, listed, classes)
			}
			row, found, err := tx.Incident(incident, store.Visible{All: true})
			if err != nil || !found || row.Redirect != "" {
				w.t.Fatalf("incident %s of an alert: %+v %v", incident, row, err)
			}
			merged, err := tx.MergedInto(incident)
			if err != nil {
				return err
			}
			for _, m := range merged {
				if rows, err := tx.AlertsOfIncident(m, store.Visible{All: true}, 0); err != nil || len(rows) != 0 {
					w.t.Fatalf("incident %s was merged away and has %d alerts: %v", m, len(rows), err)
				}
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return in
}
