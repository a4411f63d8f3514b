package server

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

const (
	evaluation  = "/access/v1/evaluation"
	evaluations = "/access/v1/evaluations"
)

func onSales(user, capability string) string {
	return `{"subject":{"type":"user","id":"` + user + `"},"action":{"name":"` + capability + `"},"resource":{"type":"workload","id":"endpoint","properties":{"deviceGroup":"Sales devices"}}}`
}

func decisions(t *testing.T, r reply) []bool {
	t.Helper()
	var body struct {
		Evaluations []struct {
			Decision *bool `json:"decision"`
		} `json:"evaluations"`
		Decision *bool `json:"decision"`
	}
	if err := json.Unmarshal([]byte(r.Body), &body); err != nil || r.Status != http.StatusOK {
		t.Fatalf("status %d: %s", r.Status, r.Body)
	}
	if body.Decision != nil && body.Evaluations != nil {
		t.Error("a batch has no decision of its own")
	}
	if body.Decision != nil {
		return []bool{*body.Decision}
	}
	var list []bool
	for _, e := range body.Evaluations {
		list = append(list, e.Decision != nil && *e.Decision)
	}
	return list
}

func same(a, b []bool) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// AuthZEN 1.0, 1 and 5: one question, its answer, and what is no question.
func TestAuthZENEvaluation(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		name, asker, body string
		want              bool
	}{
		{"allowed is decision true", elena, onSales(elena, "investigation.view"), true},
		{"a deny is 200 and decision false", elena, onSales(elena, "alerts.manage"), false},
		{"unknown fields are ignored", elena, strings.Replace(onSales(elena, "investigation.view"), `{`, `{"extra":[1],"options":7,`, 1), true},
		{"a context is taken", elena, strings.Replace(onSales(elena, "investigation.view"), `{`, `{"context":{"time":"2024-10-26T01:22-07:00"},`, 1), true},
		{"a property that is asserted of the subject does not count", elena, strings.Replace(onSales(elena, "alerts.manage"), `"type":"user"`, `"type":"user","properties":{"globalRoles":["Global Administrator"],"roles":["admin"]}`, 1), false},
		{"nor one asserted of the resource", elena, strings.Replace(onSales(elena, "alerts.manage"), `"Sales devices"`, `"Sales devices","open":true,"owner":"elena@contoso.example"`, 1), false},
		{"nor one asserted of the action", elena, strings.Replace(onSales(elena, "alerts.manage"), `"name":`, `"properties":{"force":true},"name":`, 1), false},
		{"without a device group it is about all of them (S17)", elena, strings.Replace(onSales(elena, "investigation.view"), `,"properties":{"deviceGroup":"Sales devices"}`, "", 1), false},
		{"an unknown device group is denied", elena, strings.Replace(onSales(elena, "investigation.view"), "Sales devices", "Nowhere", 1), false},
		{"an unknown capability is denied", elena, onSales(elena, "fly"), false},
		{"an unknown workload is denied", ada, strings.Replace(onSales(ada, "investigation.view"), `"endpoint"`, `"toaster"`, 1), false},
		{"an unknown resource type is denied", ada, strings.Replace(onSales(ada, "investigation.view"), `"workload"`, `"toaster"`, 1), false},
		{"a resource type whose room is not built is denied", ada, strings.Replace(onSales(ada, "investigation.view"), `"workload"`, `"device"`, 1), false},
		{"an unknown subject type is denied", ada, strings.Replace(onSales(ada, "investigation.view"), `"user"`, `"robot"`, 1), false},
		{"about another, with roles.view", ada, onSales(emil, "alerts.manage"), true},
		{"about another who is not there", ada, onSales("none@contoso.example", "alerts.manage"), false},
		{"about a disabled user", ada, onSales(dora, "alerts.manage"), false},
		{"an alert in reach may be seen", elena, `{"subject":{"type":"user","id":"` + elena + `"},"action":{"name":"investigation.view"},"resource":{"type":"alert","id":"sales01"}}`, true},
		{"but not changed", elena, `{"subject":{"type":"user","id":"` + elena + `"},"action":{"name":"alerts.manage"},"resource":{"type":"alert","id":"sales01"}}`, false},
		{"by who may, changed", emil, `{"subject":{"type":"user","id":"` + emil + `"},"action":{"name":"alerts.manage"},"resource":{"type":"alert","id":"sales01"}}`, true},
		{"an alert out of reach", elena, `{"subject":{"type":"user","id":"` + elena + `"},"action":{"name":"investigation.view"},"resource":{"type":"alert","id":"hr01"}}`, false},
		{"an incident seen in part", elena, `{"subject":{"type":"user","id":"` + elena + `"},"action":{"name":"investigation.view"},"resource":{"type":"incident","id":"1042"}}`, true},
		{"is not changed (R17)", emil, `{"subject":{"type":"user","id":"` + emil + `"},"action":{"name":"alerts.manage"},"resource":{"type":"incident","id":"1042"}}`, false},
		{"a capability that is not about alerts", ada, `{"subject":{"type":"user","id":"` + ada + `"},"action":{"name":"hunting.view"},"resource":{"type":"alert","id":"sales01"}}`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := w.ask(c.asker, "POST", evaluation, c.body)
			if got := decisions(t, r); !same(got, []bool{c.want}) {
				t.Errorf("got %v, want %v: %s", got, c.want, r.Body)
			}
			if r.Header.Get("Content-Type") != "application/json" {
				t.Errorf("content type %q", r.Header.Get("Content-Type"))
			}
			if context, _ := r.json(t)["context"].(map[string]any); context["reason"] == nil || context["reason"] == "" {
				t.Errorf("no reason: %s", r.Body)
			}
		})
	}
	r := w.ask(elena, "POST", evaluation, strings.Replace(onSales(elena, "investigation.view"), `,"properties":{"deviceGroup":"Sales devices"}`, "", 1))
	if !strings.Contains(r.Body, `"deviceGroups":["Sales devices"]`) {
		t.Errorf("S17: where it does hold is not told: %s", r.Body)
	}
	hidden := w.ask(elena, "POST", evaluation, `{"subject":{"type":"user","id":"`+elena+`"},"action":{"name":"investigation.view"},"resource":{"type":"alert","id":"hr01"}}`)
	never := w.ask(elena, "POST", evaluation, `{"subject":{"type":"user","id":"`+elena+`"},"action":{"name":"investigation.view"},"resource":{"type":"alert","id":"none"}}`)
	if hidden.Body != never.Body {
		t.Errorf("out of reach %s, nonexistent %s", hidden.Body, never.Body)
	}
}

func TestAuthZENFaults(t *testing.T) {
	w := newWorld(t)
	good := onSales(elena, "investigation.view")
	for name, body := range map[string]string{
		"an empty body":                "",
		"not JSON":                     "{",
		"a list":                       "[]",
		"null":                         "null",
		"no subject":                   `{"action":{"name":"x"},"resource":{"type":"workload","id":"endpoint"}}`,
		"no action":                    `{"subject":{"type":"user","id":"x"},"resource":{"type":"workload","id":"endpoint"}}`,
		"no resource":                  `{"subject":{"type":"user","id":"x"},"action":{"name":"x"}}`,
		"no subject type":              strings.Replace(good, `"type":"user",`, "", 1),
		"no subject id":                strings.Replace(good, `,"id":"`+elena+`"`, "", 1),
		"no action name":               strings.Replace(good, `"name":"investigation.view"`, "", 1),
		"no resource type":             strings.Replace(good, `"type":"workload",`, "", 1),
		"no resource id":               strings.Replace(good, `"id":"endpoint",`, "", 1),
		"a subject that is a string":   strings.Replace(good, `{"type":"user","id":"`+elena+`"}`, `"elena"`, 1),
		"an id that is a number":       strings.Replace(good, `"`+elena+`"`, "7", 1),
		"an action that is a list":     strings.Replace(good, `{"name":"investigation.view"}`, "[]", 1),
		"a context that is a string":   strings.Replace(good, "{", `{"context":"x",`, 1),
		"properties that are a string": strings.Replace(good, `{"deviceGroup":"Sales devices"}`, `"x"`, 1),
		"a device group of a number":   strings.Replace(good, `"Sales devices"`, "7", 1),
		"a name that is there twice":   strings.Replace(good, "{", `{"subject":{"type":"user","id":"ada@contoso.example"},`, 1),
	} {
		w.want(http.StatusBadRequest, elena, "POST", evaluation, body)
		if name != "no subject" && !strings.HasPrefix(name, "no ") {
			w.want(http.StatusBadRequest, elena, "POST", evaluations, body)
		}
	}
	w.want(http.StatusBadRequest, elena, "POST", evaluation, good, "Content-Type", "text/plain")
	w.want(http.StatusBadRequest, elena, "POST", evaluation, good, "Content-Type", "application/x-www-form-urlencoded")
	w.want(http.StatusOK, elena, "POST", evaluation, good, "Content-Type", "application/json; charset=utf-8")
	w.want(http.StatusMethodNotAllowed, elena, "GET", evaluation, nil)
	w.want(http.StatusMethodNotAllowed, elena, "PUT", evaluation, good)
	w.want(http.StatusForbidden, elena, "POST", evaluation, onSales(ada, "investigation.view"))
	if r := w.want(http.StatusUnauthorized, "", "POST", evaluation, good); r.Header.Get("WWW-Authenticate") == "" {
		t.Error("401 without WWW-Authenticate")
	}
}

func TestAuthZENRequestIDComesBackUnchanged(t *testing.T) {
	w := newWorld(t)
	const id = "bfe9eb29-ab87-4ca3-be83-a1d5d8305716"
	for _, r := range []reply{
		w.ask(elena, "POST", evaluation, onSales(elena, "investigation.view"), "X-Request-ID", id),
		w.ask(elena, "POST", evaluations, onSales(elena, "investigation.view"), "X-Request-ID", id),
		w.ask(elena, "POST", evaluation, "{", "X-Request-ID", id),
		w.ask("", "POST", evaluation, "{", "X-Request-ID", id),
		w.ask("", "GET", "/.well-known/authzen-configuration", nil, "X-Request-ID", id),
	} {
		if got := r.Header.Get("X-Request-Id"); got != id {
			t.Errorf("status %d: got %q", r.Status, got)
		}
	}
	if r := w.ask(elena, "POST", evaluation, onSales(elena, "investigation.view")); r.Header.Get("X-Request-Id") != "" {
		t.Error("an id came back that nobody sent")
	}
}

// AuthZEN 1.0, 2: a batch.
func TestAuthZENEvaluations(t *testing.T) {
	w := newWorld(t)
	sales := `{"type":"workload","id":"endpoint","properties":{"deviceGroup":"Sales devices"}}`
	hr := `{"type":"workload","id":"endpoint","properties":{"deviceGroup":"HR devices"}}`
	me := `"subject":{"type":"user","id":"` + elena + `"},`
	view := `"action":{"name":"investigation.view"},`
	for _, c := range []struct {
		name, body string
		want       []bool
	}{
		{"in the order asked, all of them", `{` + me + view + `"evaluations":[{"resource":` + sales + `},{"resource":` + hr + `},{"resource":` + sales + `}]}`, []bool{true, false, true}},
		{"execute_all is the default, and can be said", `{` + me + view + `"options":{"evaluations_semantic":"execute_all"},"evaluations":[{"resource":` + hr + `},{"resource":` + sales + `}]}`, []bool{false, true}},
		{"deny_on_first_deny ends with the deny", `{` + me + view + `"options":{"evaluations_semantic":"deny_on_first_deny"},"evaluations":[{"resource":` + sales + `},{"resource":` + hr + `},{"resource":` + sales + `}]}`, []bool{true, false}},
		{"permit_on_first_permit ends with the permit", `{` + me + view + `"options":{"evaluations_semantic":"permit_on_first_permit"},"evaluations":[{"resource":` + hr + `},{"resource":` + sales + `},{"resource":` + hr + `}]}`, []bool{false, true}},
		{"no evaluations is one question", `{` + me + view + `"resource":` + sales + `}`, []bool{true}},
		{"a list in other letters is none", `{` + me + view + `"resource":` + sales + `,"Evaluations":[{"resource":` + hr + `}]}`, []bool{true}},
		{"an empty list too", `{` + me + view + `"resource":` + sales + `,"evaluations":[]}`, []bool{true}},
		{"an item replaces the whole default", `{` + me + view + `"resource":` + sales + `,"evaluations":[{},{"resource":{"type":"workload","id":"endpoint"}},{"action":{"name":"alerts.manage"}}]}`, []bool{true, false, false}},
		{"a fault in one item denies that one", `{` + me + view + `"evaluations":[{"resource":` + sales + `},{},{"resource":7},{"resource":` + sales + `}]}`, []bool{true, false, false, true}},
		{"a fault ends deny_on_first_deny", `{` + me + view + `"options":{"evaluations_semantic":"deny_on_first_deny"},"evaluations":[{},{"resource":` + sales + `}]}`, []bool{false}},
		{"a question about another is a fault of its item", `{` + view + `"resource":` + sales + `,"evaluations":[{"subject":{"type":"user","id":"` + ada + `"}},{` + strings.TrimSuffix(me, ",") + `}]}`, []bool{false, true}},
		{"unknown options are ignored", `{` + me + view + `"options":{"other":1},"evaluations":[{"resource":` + sales + `}]}`, []bool{true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := w.ask(elena, "POST", evaluations, c.body)
			if got := decisions(t, r); !same(got, c.want) {
				t.Errorf("got %v, want %v: %s", got, c.want, r.Body)
			}
		})
	}
	r := w.ask(elena, "POST", evaluations, `{`+me+view+`"evaluations":[{}]}`)
	if want := `"error":{"status":400,"message":`; !strings.Contains(r.Body, want) {
		t.Errorf("the item's fault is not told: %s", r.Body)
	}
	for name, body := range map[string]string{
		"an unknown semantic":           `{` + me + view + `"options":{"evaluations_semantic":"guess"},"evaluations":[{"resource":` + sales + `}]}`,
		"evaluations that are no list":  `{` + me + view + `"evaluations":{}}`,
		"options that are no object":    `{` + me + view + `"options":7,"evaluations":[{"resource":` + sales + `}]}`,
		"a single question, incomplete": `{` + me + view + `"evaluations":[]}`,
		"too many":                      `{` + me + view + `"resource":` + sales + `,"evaluations":[` + strings.Repeat("{},", 1000) + `{}]}`,
	} {
		if r := w.ask(elena, "POST", evaluations, body); r.Status != http.StatusBadRequest {
			t.Errorf("%s: got %d: %s", name, r.Status, r.Body)
		}
	}
}

// AuthZEN 1.0, 4: the metadata names the decision point by the address that was used.
func TestAuthZENConfiguration(t *testing.T) {
	w := newWorld(t)
	r := w.want(http.StatusOK, "", "GET", "/.well-known/authzen-configuration", nil)
	want := map[string]string{
		"policy_decision_point":       w.server.URL,
		"access_evaluation_endpoint":  w.server.URL + evaluation,
		"access_evaluations_endpoint": w.server.URL + evaluations,
		"search_subject_endpoint":     w.server.URL + "/access/v1/search/subject",
		"search_resource_endpoint":    w.server.URL + "/access/v1/search/resource",
		"search_action_endpoint":      w.server.URL + "/access/v1/search/action",
	}
	var got map[string]string
	must(t, json.Unmarshal([]byte(r.Body), &got))
	if len(got) != len(want) {
		t.Errorf("got %v", got)
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s: got %q, want %q", name, got[name], value)
		}
	}
	public := newWorld(t, func(c *Config) { c.PublicURL = "https://centre.contoso.example" })
	r = public.ask("", "GET", "/.well-known/authzen-configuration", nil, "Host", "")
	if !strings.Contains(r.Body, `"policy_decision_point":"http://127.0.0.1`) {
		t.Errorf("asked on loopback: %s", r.Body)
	}
}
