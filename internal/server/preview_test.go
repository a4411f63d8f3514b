package server

import (
	"net/http"
	"strings"
	"testing"
)

const previewing = "/api/v1/access/preview"

func proposal(changes ...any) map[string]any { return map[string]any{"changes": changes} }

// Neither change alone gives Nora anything: a group without a role, a role without her. Together they do.
func TestAPreviewJudgesChangesTogether(t *testing.T) {
	w := newWorld(t)
	join := map[string]any{"putGroup": map[string]any{"name": "night", "group": map[string]any{"members": []string{nora}}}}
	give := map[string]any{"createRole": map[string]any{
		"name": "Night mail", "workload": "office365", "permissions": []string{"Security Reader"}, "assignments": []any{map[string]any{"groups": []string{"night"}}},
	}}
	if r := w.want(http.StatusOK, ada, "POST", previewing, proposal(join)).json(t); r["gaining"] != 0.0 || r["total"] != 0.0 {
		t.Errorf("the group alone: %v", r)
	}
	if r := w.want(http.StatusBadRequest, ada, "POST", previewing, proposal(give)); !strings.Contains(r.Body, "night") {
		t.Errorf("the role alone names a group that is not there: %s", r.Body)
	}
	r := w.want(http.StatusOK, ada, "POST", previewing, proposal(join, give)).json(t)
	if r["gaining"] != 1.0 || r["allowed"] != true || !strings.Contains(jsonText(r["users"]), nora) {
		t.Errorf("together: %v", r)
	}
	// What one takes the other gives back: nothing changes.
	swap := proposal(map[string]any{"deleteAssignment": "asg_mail"}, map[string]any{"createAssignment": map[string]any{"role": "rol_mail", "user": emil}})
	if r := w.want(http.StatusOK, ada, "POST", previewing, swap).json(t); r["total"] != 0.0 {
		t.Errorf("taken and given back: %v", r)
	}
	// A fault is told with the change that has it, and nothing was written by any of this.
	bad := w.want(http.StatusBadRequest, ada, "POST", previewing, proposal(join, map[string]any{"createAssignment": map[string]any{"role": "rol_mail"}}))
	if !strings.Contains(bad.Body, "/changes/1") {
		t.Errorf("the second change is at fault: %s", bad.Body)
	}
	w.want(http.StatusNotFound, ada, "GET", "/api/v1/groups/night", nil)
	// The rights of every one of them are asked for.
	w.want(http.StatusForbidden, enzo, "POST", previewing, proposal(map[string]any{"deleteAssignment": "asg_hr"}, join))
	w.want(http.StatusNotFound, enzo, "POST", previewing, proposal(map[string]any{"deleteAssignment": "asg_hr"}, map[string]any{"deleteAssignment": "asg_mail"}))
}

// Elena sees 30 alerts of Sales, Hugo 5 of HR. What they would see by another policy is what they do see by it.
func TestAPreviewCountsTheDataThatComesIntoSight(t *testing.T) {
	w := newWorld(t)
	give := map[string]any{"createAssignment": map[string]any{"role": "rol_reader", "user": nora, "scope": map[string]any{"deviceGroups": []string{"Sales devices", "HR devices"}}}}
	take := map[string]any{"deleteAssignment": "asg_hr"}
	data := func(asker string, changes ...any) (map[string]any, string) {
		t.Helper()
		r := w.want(http.StatusOK, asker, "POST", previewing, proposal(changes...)).json(t)
		found := map[string]any{}
		for _, u := range r["users"].([]any) {
			found[u.(map[string]any)["user"].(string)] = u.(map[string]any)["data"]
		}
		reason, _ := r["uncounted"].(string)
		return found, reason
	}
	count := func(user string) float64 {
		t.Helper()
		r := w.ask(user, "GET", "/v1.0/security/alerts_v2?$count=true&$top=1", nil)
		if r.Status == http.StatusForbidden {
			return 0
		}
		return r.json(t)["@odata.count"].(float64)
	}
	told, reason := data(ada, give, take)
	hers, his := told[nora].(map[string]any), told[hugo].(map[string]any)
	if reason != "" || hers["alertsGained"].(float64) < 35 || hers["alertsLost"] != 0.0 || his["alertsLost"].(float64) < 5 || his["alertsGained"] != 0.0 {
		t.Fatalf("told %v %q", told, reason)
	}
	before := count(hugo)
	w.want(http.StatusCreated, ada, "POST", "/api/v1/assignments", give["createAssignment"])
	w.want(http.StatusNoContent, ada, "DELETE", "/api/v1/assignments/asg_hr", nil)
	if now := count(nora); now != hers["alertsGained"] || before-count(hugo) != his["alertsLost"] {
		t.Errorf("nora sees %v, hugo saw %v and sees %v; told %v", now, before, count(hugo), told)
	}
	incidents := w.want(http.StatusOK, nora, "GET", "/v1.0/security/incidents?$count=true&$top=1", nil).json(t)["@odata.count"]
	if incidents != hers["incidentsGained"] {
		t.Errorf("nora sees %v incidents, told %v", incidents, hers["incidentsGained"])
	}
}

// Who changes roles and sees no alerts is not told how many there are. Who sees a part is told of that part.
func TestAPreviewCountsOnlyWhatTheAskerSees(t *testing.T) {
	w := newWorld(t)
	w.want(http.StatusCreated, ada, "POST", "/api/v1/assignments", map[string]any{"role": "rol_mail", "user": nora})
	w.want(http.StatusCreated, ada, "POST", "/api/v1/roles", map[string]any{
		"name": "Mail roles", "workload": "office365", "permissions": []string{"Role Management"}, "assignments": []any{map[string]any{"users": []string{vera}}},
	})
	taken := proposal(map[string]any{"deleteAssignment": "asg_mail"})
	if r := w.want(http.StatusOK, vera, "POST", previewing, taken); strings.Contains(r.Body, "alertsLost") || !strings.Contains(r.Body, "you see none") {
		t.Errorf("she sees no alerts: %s", r.Body)
	}
	if r := w.want(http.StatusOK, ada, "POST", previewing, taken); !strings.Contains(r.Body, "alertsLost") {
		t.Errorf("ada sees all of them: %s", r.Body)
	}
	// Two worlds that differ in what Enzo does not see - mail - give him the same preview of endpoint.
	one, two := newWorld(t), newWorld(t)
	mail := strings.ReplaceAll(strings.Split(made(), "\n")[0], "microsoftDefenderForEndpoint", "microsoftDefenderForOffice365")
	two.want(http.StatusOK, ada, "POST", "/api/v1/ingest?name=mail.json", strings.ReplaceAll(mail, "sales00", "mail00"))
	ask := proposal(map[string]any{"deleteAssignment": "asg_hr"})
	if a, b := one.ask(enzo, "POST", previewing, ask), two.ask(enzo, "POST", previewing, ask); a.Body != b.Body || a.Status != http.StatusOK {
		t.Errorf("%s\n%s", a.Body, b.Body)
	}
}
