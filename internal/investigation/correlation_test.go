package investigation

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

// naming is an alert that comes without an incident and names people.
func naming(id, service string, minute int, people ...string) string {
	var evidence []string
	for _, p := range people {
		evidence = append(evidence, fmt.Sprintf(`{"@odata.type":"#microsoft.graph.security.userEvidence","userAccount":{"userPrincipalName":%q}}`, p))
	}
	return fmt.Sprintf(`{"id":%q,"title":"Title of %[1]s","serviceSource":%q,"severity":"low","status":"new","createdDateTime":%s,"evidence":[%s]}`+"\n",
		id, service, stamp(time.Date(2021, 2, 1, 0, minute, 0, 0, time.UTC)), strings.Join(evidence, ","))
}

const ofMail, ofCloud = "microsoftDefenderForOffice365", "microsoftDefenderForCloudApps"

// incidentOf finds the incident that an alert is in.
func (w *world) incidentOf(alert string) string {
	w.t.Helper()
	item, err := w.service.Alert(ctx, "boss@x", alert, full)
	if err != nil {
		w.t.Fatal(err)
	}
	return get(w.t, item, "incidentId").(string)
}

// members says how the alerts of an incident came into it, as a reader is told.
func (w *world) members(reader, incident string) string {
	w.t.Helper()
	list, err := w.service.IncidentMembers(ctx, audit.Actor{Name: reader}, incident)
	if err != nil {
		return fault.KindOf(err).String()
	}
	var lines []string
	for _, m := range list {
		line := strings.TrimSpace(m.Alert + " " + string(m.How) + " " + m.From)
		for _, t := range m.Ties {
			line += fmt.Sprintf(" %s:%s=%s", t.Kind, t.Key, t.With)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "; ")
}

func correlationPolicy() rbac.Policy {
	p := joiningPolicy()
	p.Users = append(p.Users, rbac.User{Name: "boss@x", GlobalRoles: []string{"Security Administrator"}}, rbac.User{Name: "nobody@x"})
	return p
}

// An alert that correlation puts into an incident takes the right to manage it from who does not manage the alert's product, and gives
// nobody anything to see (K6). Why it is there is told to those who see both ends of what ties it.
func TestAnAlertThatIsCorrelatedWidensNobodysSight(t *testing.T) {
	w := newWorld(t, correlationPolicy())
	mail := audit.Actor{Name: "mail@x", Via: audit.ViaToken}
	w.load("mail", naming("mail1", ofMail, 0, "ana@x")+naming("mail2", ofMail, 1, "ana@x"))
	incident := w.incidentOf("mail1")
	change := func(n int) error {
		_, err := w.service.UpdateIncident(ctx, mail, incident, []byte(fmt.Sprintf(`{"assignedTo":"n%d@x"}`, n)), "", full)
		return err
	}
	if err := change(1); err != nil {
		t.Fatal(err)
	}
	if got, want := w.members("mail@x", incident), "mail1 opened; mail2 correlated user:ana@x=mail1"; got != want {
		t.Errorf("before: %s\nwant %s", got, want)
	}

	w.load("cloud", naming("cloud1", ofCloud, 2, "ana@x"))
	if got := w.incidentOf("cloud1"); got != incident {
		t.Fatalf("the alert of cloud apps is in %s, not in %s", got, incident)
	}
	if err := change(2); fault.KindOf(err) != fault.KindDenied || strings.Contains(fault.Message(err), "cloud1") {
		t.Errorf("managing it with an alert of cloud apps in it: %v", err)
	}
	if got, want := w.members("mail@x", incident), "mail1; mail2 correlated user:ana@x=mail1"; got != want {
		t.Errorf("to a reader of mail: %s\nwant %s", got, want)
	}
	if got, want := w.members("boss@x", incident), "mail1 opened; mail2 correlated user:ana@x=mail1; cloud1 correlated user:ana@x=mail2"; got != want {
		t.Errorf("to a reader of all: %s\nwant %s", got, want)
	}
	if got := w.members("nobody@x", incident); got != "not found" {
		t.Errorf("to a reader of nothing: %s", got)
	}
	if got := w.members("mail@x", "none"); got != "not found" {
		t.Errorf("of no incident: %s", got)
	}
	item, err := w.service.Incident(ctx, "mail@x", incident, true, full)
	if err != nil || strings.Contains(string(item), "cloud1") {
		t.Errorf("what the reader of mail gets: %s %v", item, err)
	}
}

// Two stores differ in the alerts that a reader does not see, and in what those name: the incidents, and why each alert is in its own,
// are told alike.
func TestTwoWorldsOfCorrelatedAlerts(t *testing.T) {
	people := []string{"ana@x", "bo@x", "cy@x", "di@x", "ed@x", "flo@x"}
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 11))
			a, b := newWorld(t, correlationPolicy()), newWorld(t, correlationPolicy())
			var first, second strings.Builder
			hidden := 0
			for i := range 24 {
				named := []string{people[r.IntN(len(people))], people[r.IntN(len(people))]}
				minute := i*150 + r.IntN(100)
				if r.IntN(2) == 0 {
					text := naming(fmt.Sprintf("seen%d", i), ofMail, minute, named...)
					first.WriteString(text)
					second.WriteString(text)
					continue
				}
				hidden++
				first.WriteString(naming(fmt.Sprintf("one%d", i), ofCloud, minute, append(named, fmt.Sprintf("only%d@one", i))...))
				second.WriteString(naming(fmt.Sprintf("another%d", 99-i), ofCloud, minute, append(named, fmt.Sprintf("only%d@two", i))...))
			}
			a.load("alerts", first.String())
			b.load("alerts", second.String())
			tell := func(w *world) string {
				var told []string
				page, err := w.service.Incidents(ctx, "mail@x", Query{Count: true, Expand: true, OrderBy: "createdDateTime", Form: full})
				told = append(told, said(page, err))
				for _, item := range page.Items {
					told = append(told, w.members("mail@x", get(t, item, "id").(string)))
				}
				alerts, err := w.service.Alerts(ctx, "mail@x", Query{Count: true, Form: full})
				return renumbered(strings.Join(append(told, said(alerts, err)), "\n"))
			}
			if diff := cmp.Diff(tell(a), tell(b)); diff != "" {
				t.Errorf("%d hidden alerts tell the worlds apart:\n%s", hidden, diff)
			}
		})
	}
}

// renumbered gives incidents that were opened here numbers in the order in which they are met: each store makes other ids.
func renumbered(text string) string {
	ids := map[string]string{}
	return regexp.MustCompile(`\b[1-9]\d{13}\b`).ReplaceAllStringFunc(text, func(id string) string {
		if ids[id] == "" {
			ids[id] = fmt.Sprintf("incident-%d", len(ids))
		}
		return ids[id]
	})
}

func TestTheCorrelationWindowIsASetting(t *testing.T) {
	w := newWorld(t, correlationPolicy())
	boss, mail := audit.Actor{Name: "boss@x", Via: audit.ViaToken}, audit.Actor{Name: "mail@x", Via: audit.ViaToken}
	for _, c := range []struct {
		name   string
		actor  audit.Actor
		window time.Duration
		want   fault.Kind
		tag    string
	}{
		{"by an administrator", boss, time.Minute, 0, ""},
		{"by the owner of the data", local, time.Hour, 0, ""},
		{"of what is not there any more", boss, 3 * time.Hour, fault.KindConflict, CorrelationTag(time.Minute)},
		{"of what is there", boss, 2 * time.Hour, 0, CorrelationTag(time.Hour)},
		{"of whatever is there", boss, time.Hour, 0, "*"},
		{"by a manager of alerts", mail, 2 * time.Hour, fault.KindDenied, CorrelationTag(time.Minute)},
		{"below nothing", boss, -time.Hour, fault.KindInvalid, ""},
		{"longer than sense", boss, 31 * 24 * time.Hour, fault.KindInvalid, ""},
		{"half a minute", boss, 30 * time.Second, fault.KindInvalid, ""},
	} {
		if err := w.service.SetCorrelation(ctx, c.actor, c.tag, c.window); fault.KindOf(err) != c.want || (err == nil) != (c.want == 0) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for _, reader := range []audit.Actor{boss, mail, local} {
		window, change, err := w.service.Correlation(ctx, reader)
		if err != nil || window != time.Hour || change.Allowed == (reader.Name == "mail@x") {
			t.Errorf("%s is told %v %+v %v", reader.Name, window, change, err)
		}
	}
	if _, _, err := w.service.Correlation(ctx, audit.Actor{Name: "nobody@x"}); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("who sees no alerts is told: %v", err)
	}
	w.load("apart", naming("a", ofMail, 0, "ana@x")+naming("b", ofMail, 50, "ana@x")+naming("c", ofMail, 120, "ana@x"))
	if w.incidentOf("a") != w.incidentOf("b") || w.incidentOf("b") == w.incidentOf("c") {
		t.Error("the window of an hour is not what alerts are joined by")
	}
}
