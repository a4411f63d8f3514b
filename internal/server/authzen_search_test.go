package server

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/rbac"
)

type found struct {
	Results []struct {
		Type, ID, Name string
	}
	Page struct {
		Next  string `json:"next_token"`
		Count int
		Total int
	}
}

// searched collects all pages of a search.
func searched(t *testing.T, w *world, caller, what, body string, limit int) []string {
	t.Helper()
	var all []string
	token, total := "", -1
	for range 1000 {
		page := fmt.Sprintf(`,"page":{"limit":%d,"token":%q}}`, limit, token)
		r := w.ask(caller, "POST", "/access/v1/search/"+what, strings.TrimSuffix(body, "}")+page)
		var f found
		if err := json.Unmarshal([]byte(r.Body), &f); err != nil || r.Status != 200 || f.Results == nil {
			t.Fatalf("%s %s: %d %s", what, body, r.Status, r.Body)
		}
		for _, one := range f.Results {
			all = append(all, one.Name+one.ID)
		}
		if total < 0 {
			total = f.Page.Total
		}
		if f.Page.Total != total || f.Page.Count != len(f.Results) || len(f.Results) > limit {
			t.Fatalf("%s %s: page %+v beside a total of %d", what, body, f.Page, total)
		}
		if token = f.Page.Next; token == "" {
			break
		}
	}
	if len(all) != total {
		t.Errorf("%s as %s, %s: %d results, the total says %d", what, caller, body, len(all), total)
	}
	slices.Sort(all)
	return all
}

// TestAuthZENSearchesFindWhatEvaluationAllows asks for each caller everything twice: by search, and one by one. What one
// finds, the other allows, and nothing else.
func TestAuthZENSearchesFindWhatEvaluationAllows(t *testing.T) {
	w := newWorld(t)
	subjects := []string{ada, gita, elena, emil, enzo, hugo, nora, vera, dora}
	things := []string{
		`{"type":"workload","id":"endpoint"}`, `{"type":"workload","id":"endpoint","properties":{"deviceGroup":"Sales devices"}}`,
		`{"type":"workload","id":"office365"}`, `{"type":"workload","id":"identity"}`,
		`{"type":"alert","id":"sales01"}`, `{"type":"alert","id":"hr01"}`, `{"type":"alert","id":"none"}`,
		`{"type":"incident","id":"1042"}`, `{"type":"incident","id":"ihr01"}`,
		`{"type":"device","id":"sales-01"}`, `{"type":"device","id":"hr-01"}`,
	}
	ids := map[string][]string{"workload": {"endpoint", "office365", "cloudapps", "identity"}, "device": {"sales-01", "hr-01"}, "incident": {"1042", "ihr01", "isales01"}, "alert": {"sales01", "sales02", "hr01", "da637490118204417723_-1180349021"}}
	allows := func(caller, subject, action, resource string) bool {
		r := w.ask(caller, "POST", evaluation, fmt.Sprintf(`{"subject":{"type":"user","id":%q},"action":{"name":%q},"resource":%s}`, subject, action, resource))
		return r.Status == 200 && strings.Contains(r.Body, `"decision":true`)
	}
	var actions []string
	for _, c := range rbac.Capabilities {
		actions = append(actions, c.String())
	}
	for _, caller := range []string{ada, gita, elena, enzo, nora} {
		for _, thing := range things {
			for _, action := range []string{"investigation.view", "alerts.manage", "hunting.view", "roles.view"} {
				var want []string
				for _, s := range subjects {
					if allows(caller, s, action, thing) {
						want = append(want, s)
					}
				}
				slices.Sort(want)
				got := searched(t, w, caller, "subject", fmt.Sprintf(`{"subject":{"type":"user","id":"ignored"},"action":{"name":%q},"resource":%s}`, action, thing), 2)
				if !slices.Equal(got, want) {
					t.Errorf("subjects as %s, %s of %s: found %q, allowed %q", caller, action, thing, got, want)
				}
			}
			for _, s := range []string{caller, elena} {
				var want []string
				for _, action := range actions {
					if allows(caller, s, action, thing) {
						want = append(want, action)
					}
				}
				slices.Sort(want)
				got := searched(t, w, caller, "action", fmt.Sprintf(`{"subject":{"type":"user","id":%q},"resource":%s}`, s, thing), 3)
				if !slices.Equal(got, want) {
					t.Errorf("actions as %s, of %s on %s: found %q, allowed %q", caller, s, thing, got, want)
				}
			}
		}
		for kind, known := range ids {
			for _, s := range []string{caller, elena, emil, ada} {
				for _, action := range []string{"investigation.view", "alerts.manage", "analytics.alerts"} {
					got := searched(t, w, caller, "resource", fmt.Sprintf(`{"subject":{"type":"user","id":%q},"action":{"name":%q},"resource":{"type":%q}}`, s, action, kind), 7)
					for _, id := range known {
						if want := allows(caller, s, action, fmt.Sprintf(`{"type":%q,"id":%q}`, kind, id)); want != slices.Contains(got, id) {
							t.Errorf("resources as %s, %s of %s: %s %s is allowed: %v; found %q", caller, action, s, kind, id, want, got)
						}
					}
					for _, id := range got[:min(len(got), 5)] {
						if !allows(caller, s, action, fmt.Sprintf(`{"type":%q,"id":%q}`, kind, id)) {
							t.Errorf("resources as %s, %s of %s: found %s %s, which is denied", caller, action, s, kind, id)
						}
					}
				}
			}
		}
	}
}

func TestAuthZENSearchFaults(t *testing.T) {
	w := newWorld(t)
	good := `{"subject":{"type":"user"},"action":{"name":"investigation.view"},"resource":{"type":"workload","id":"endpoint"}}`
	for name, c := range map[string]struct{ what, body string }{
		"no subject":               {"subject", `{"action":{"name":"x"},"resource":{"type":"workload","id":"endpoint"}}`},
		"no type of subject":       {"subject", `{"subject":{},"action":{"name":"x"},"resource":{"type":"workload","id":"endpoint"}}`},
		"no action":                {"subject", `{"subject":{"type":"user"},"resource":{"type":"workload","id":"endpoint"}}`},
		"no id of the resource":    {"subject", `{"subject":{"type":"user"},"action":{"name":"x"},"resource":{"type":"workload"}}`},
		"no type of the resource":  {"resource", `{"subject":{"type":"user","id":"a"},"action":{"name":"x"},"resource":{}}`},
		"no id of the subject":     {"resource", `{"subject":{"type":"user"},"action":{"name":"x"},"resource":{"type":"alert"}}`},
		"no subject for an action": {"action", `{"resource":{"type":"workload","id":"endpoint"}}`},
		"a page that is none":      {"subject", strings.TrimSuffix(good, "}") + `,"page":7}`},
		"a limit of none":          {"subject", strings.TrimSuffix(good, "}") + `,"page":{"limit":0}}`},
		"a forged token":           {"subject", strings.TrimSuffix(good, "}") + `,"page":{"token":"YWRh"}}`},
		"no body":                  {"subject", ``},
	} {
		if r := w.ask(ada, "POST", "/access/v1/search/"+c.what, c.body); r.Status != 400 {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
	}
	// A token goes on with its own search, of its own caller, and no other.
	first := strings.TrimSuffix(good, "}") + `,"page":{"limit":1}}`
	var f found
	must(t, json.Unmarshal([]byte(w.ask(ada, "POST", "/access/v1/search/subject", first).Body), &f))
	if f.Page.Next == "" {
		t.Fatal("there is one page only")
	}
	next := strings.TrimSuffix(good, "}") + fmt.Sprintf(`,"page":{"limit":1,"token":%q}}`, f.Page.Next)
	if r := w.ask(ada, "POST", "/access/v1/search/subject", next); r.Status != 200 {
		t.Errorf("its own search: %d %s", r.Status, r.Body)
	}
	for name, r := range map[string]reply{
		"another caller":  w.ask(gita, "POST", "/access/v1/search/subject", next),
		"another action":  w.ask(ada, "POST", "/access/v1/search/subject", strings.Replace(next, "investigation", "hunting", 1)),
		"another thing":   w.ask(ada, "POST", "/access/v1/search/subject", strings.Replace(next, "endpoint", "office365", 1)),
		"a larger search": w.ask(ada, "POST", "/access/v1/search/resource", next),
	} {
		if r.Status != 400 {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
	}
	for what, body := range map[string]string{
		"subject":  `{"subject":{"type":"robot"},"action":{"name":"investigation.view"},"resource":{"type":"workload","id":"endpoint"}}`,
		"resource": `{"subject":{"type":"user","id":"nobody"},"action":{"name":"fly"},"resource":{"type":"toaster"}}`,
		"action":   `{"subject":{"type":"user","id":"nobody@contoso.example"},"resource":{"type":"alert","id":"none"}}`,
	} {
		if r := w.ask(ada, "POST", "/access/v1/search/"+what, body); r.Status != 200 || !strings.Contains(r.Body, `"results":[]`) {
			t.Errorf("what there is not, %s: %d %s", what, r.Status, r.Body)
		}
	}
}

// A token is bound to its search by a checksum that anybody can make: what it says is a place in what the caller may know, or refused.
func TestAPageTokenThatSomebodyWroteIsRefusedOrAPlace(t *testing.T) {
	w := newWorld(t)
	for kind, extra := range map[string]string{"alert": "", "incident": "", "device": "", "action": `{"id":"a%d","workload":"endpoint","actionType":"isolateDevice","status":"queued","createdDateTime":"2026-03-01T00:00:00Z","asset":{"type":"device","id":"sales-01"}}`, "workload": ""} {
		for i := range 3 {
			if extra != "" {
				w.load("x", fmt.Sprintf(extra, i))
			}
		}
		body := fmt.Sprintf(`{"subject":{"type":"user","id":%q},"action":{"name":"investigation.view"},"resource":{"type":%q},"page":{"limit":1,"token":%%q}}`, ada, kind)
		var first found
		must(t, json.Unmarshal([]byte(w.ask(ada, "POST", "/access/v1/search/resource", fmt.Sprintf(body, "")).Body), &first))
		token, err := base64.RawURLEncoding.DecodeString(first.Page.Next)
		if err != nil || len(token) < 8 {
			t.Fatalf("%s: there is one page only: %+v", kind, first)
		}
		for _, place := range []string{`{"a":1}`, `[{}]`, `[[1]]`, `[1,2]`, `["x",null]`, `[null]`, `["sales01"]`, `[9e999]`, "x", "x y", "9 y", "\x00", `"`, strings.Repeat("[", 5000)} {
			forged := base64.RawURLEncoding.EncodeToString(append(token[:8:8], place...))
			if r := w.ask(ada, "POST", "/access/v1/search/resource", fmt.Sprintf(body, forged)); r.Status != 200 && r.Status != 400 {
				t.Errorf("%s after %.20q: %d %s", kind, place, r.Status, r.Body)
			}
		}
	}
}
