package server

import (
	"fmt"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// What one may not see must not show in what one is told about others, nor in the name of a device group.
func TestAnswersAboutOthersDoNotTellWhatTheCallerCannotSee(t *testing.T) {
	w := newWorld(t)
	ask := func(caller, subject, kind, id string) string {
		r := w.ask(caller, "POST", "/access/v1/evaluation", fmt.Sprintf(
			`{"subject":{"type":"user","id":%q},"action":{"name":"investigation.view"},"resource":{"type":%q,"id":%q}}`, subject, kind, id))
		return fmt.Sprint(r.Status, " ", r.Body)
	}
	// Gita sees no endpoint alert (S5), and may ask about everybody.
	if got := ask(ada, elena, "alert", "sales01"); !strings.Contains(got, `"decision":true`) {
		t.Fatalf("who sees it is not told that another does: %s", got)
	}
	for kind, ids := range map[string][2]string{"alert": {"sales01", "nothing01"}, "incident": {"1042", "9"}, "device": {"sales-pc-1", "nothing"}} {
		for _, subject := range []string{ada, elena, hugo} {
			hidden, none := ask(gita, subject, kind, ids[0]), ask(gita, subject, kind, ids[1])
			if hidden != none {
				t.Errorf("%s about %s: hidden %s, nonexistent %s", kind, subject, hidden, none)
			}
		}
	}
}

func TestADeviceGroupThatIsNotThereAnswersAsOneOutOfReach(t *testing.T) {
	w := newWorld(t)
	for _, caller := range []string{nora, elena} {
		for _, path := range []string{"/api/v1/access/explain", "/access/v1/evaluation"} {
			ask := func(group string) string {
				body := fmt.Sprintf(`{"capability":"investigation.view","workload":"endpoint","deviceGroup":%q}`, group)
				if strings.HasPrefix(path, "/access") {
					body = fmt.Sprintf(`{"subject":{"type":"user","id":%q},"action":{"name":"investigation.view"},
						"resource":{"type":"workload","id":"endpoint","properties":{"deviceGroup":%q}}}`, caller, group)
				}
				r := w.ask(caller, "POST", path, body)
				return fmt.Sprint(r.Status, " ", strings.ReplaceAll(r.Body, group, "G"))
			}
			if there, not := ask("HR devices"), ask("No devices"); there != not {
				t.Errorf("%s, %s:\nthere     %s\nnot there %s", caller, path, there, not)
			}
		}
	}
	// Who may see the device groups is told that it is none.
	r := w.ask(gita, "POST", "/api/v1/access/explain", `{"capability":"investigation.view","workload":"endpoint","deviceGroup":"No devices"}`)
	if !strings.Contains(r.Body, "unknown-device-group") {
		t.Errorf("a reader of roles: %s", r.Body)
	}
}

// The zero moment is how Go says "no end": it must not become one's grant for ever.
func TestAnEndThatIsNoneIsRefused(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ method, path, body string }{
		{"POST", "/api/v1/assignments", `{"role":"rol_mail","user":"` + vera + `","notAfter":"0001-01-01T00:00:00Z"}`},
		{"PUT", "/api/v1/users/" + vera, `{"displayName":"Vera","notAfter":"0001-01-01T00:00:00Z"}`},
		{"POST", "/api/v1/roles", `{"name":"R","workload":"office365","permissions":[],"assignments":[{"users":["` + vera + `"],"notAfter":"0001-01-01T00:00:00Z"}]}`},
		{"POST", "/api/v1/access/preview", `{"changes":[{"putUser":{"name":"` + vera + `","user":{"notAfter":"1600-01-01T00:00:00Z"}}}]}`},
	} {
		if r := w.ask(ada, c.method, c.path, c.body); r.Status != 400 || !strings.Contains(r.Body, "notAfter") {
			t.Errorf("%s %s: %d %s", c.method, c.path, r.Status, r.Body)
		}
	}
}

func TestWhoTakesTheSightOfARoleFromThemselvesIsToldThatItIsDone(t *testing.T) {
	w := newWorld(t)
	must(t, w.store.Change(t.Context(), func(tx store.Writer) error {
		err := tx.ApplyEdits(
			rbac.PutRole{Role: rbac.Role{ID: "rol_own", Workload: rbac.Office365, Name: "Own", Permissions: []string{"Role Management"}}},
			rbac.PutAssignment{Assignment: rbac.Assignment{ID: "asg_own", User: vera, Role: rbac.RoleRef{Workload: rbac.Office365, Name: "Own"}, Scope: rbac.Scope{All: true}}})
		if err == nil {
			_, err = tx.NextPolicyRevision()
		}
		return err
	}))
	r := w.ask(vera, "PATCH", "/api/v1/roles/rol_own", `{"permissions":[]}`)
	if r.Status != 200 || !strings.Contains(r.Body, `"permissions":[]`) {
		t.Errorf("the change: %d %s", r.Status, r.Body)
	}
	if r := w.ask(vera, "GET", "/api/v1/roles/rol_own", nil); r.Status != 404 {
		t.Errorf("from then on: %d %s", r.Status, r.Body)
	}
}

func TestADelegatedManagerAppliesAFileTwice(t *testing.T) {
	w := newWorld(t)
	w.ask(ada, "POST", "/api/v1/assignments", `{"role":"rol_mail","user":"`+vera+`"}`)
	file := `{"text":"apiVersion: bailiwick/v1\nroles:\n  - {name: Mine, workload: office365, permissions: [Role Management]}\n"}`
	r := w.ask(ada, "POST", "/api/v1/roles", `{"name":"Managers","workload":"office365","permissions":["Role Management"],"assignments":[{"users":["`+vera+`"]}]}`)
	if r.Status != 201 {
		t.Fatal(r.Body)
	}
	for _, path := range []string{"/api/v1/policy/apply", "/api/v1/policy/apply", "/api/v1/policy/plan"} {
		if r := w.ask(vera, "POST", path, file); r.Status != 200 {
			t.Errorf("%s: %d %s", path, r.Status, r.Body)
		}
	}
	if r := w.ask(nora, "POST", "/api/v1/policy/plan", file); r.Status != 403 {
		t.Errorf("by who may see no roles: %d %s", r.Status, r.Body)
	}
}

func TestOnlyTrustedProxiesComeInTheClear(t *testing.T) {
	public, err := url.Parse("https://centre.contoso.example")
	must(t, err)
	s := &server{Config: Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}, public: public}
	for _, c := range []struct{ from, host, want string }{
		{"10.1.2.3:4000", "centre.contoso.example", "https://centre.contoso.example"},
		{"192.0.2.2:4000", "centre.contoso.example", ""},
		{"192.0.2.2:4000", "localhost:8080", ""},
		{"127.0.0.1:4000", "localhost:8080", "http://localhost:8080"},
		{"127.0.0.1:4000", "other.example", ""},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr, r.Host = c.from, c.host
		_, proxied := s.address(r)
		if got := s.origin(r, proxied); got != c.want {
			t.Errorf("from %s for %s: %q, want %q", c.from, c.host, got, c.want)
		}
	}
}
