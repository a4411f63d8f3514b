package server

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/directory"
	"github.com/bailiwick/bailiwick/internal/permissions"
)

const password = "correct horse battery staple"

// session signs in with a password and gives the cookie.
func (w *world) session(user string) string {
	w.t.Helper()
	must(w.t, w.directory.SetPassword(context.Background(), local, user, password))
	r := w.want(http.StatusOK, "", "POST", "/api/v1/session", map[string]any{"user": user, "password": password})
	cookie, _, _ := strings.Cut(r.Header.Get("Set-Cookie"), ";")
	return cookie
}

// Invariant 4: what is out of reach and what never was are answered alike, byte for byte but for the id that was asked
// for, the date and the request's own id.
func TestForbiddenEqualsNonexistent(t *testing.T) {
	w := newWorld(t)
	body := map[string]any{"status": "resolved"}
	for _, c := range []struct {
		method, hidden, never, user string
		body                        any
	}{
		{"GET", "/v1.0/security/alerts_v2/hr01", "/v1.0/security/alerts_v2/zz01", elena, nil},
		{"GET", "/v1.0/security/alerts_v2/hr01?$select=id", "/v1.0/security/alerts_v2/zz01?$select=id", elena, nil},
		{"PATCH", "/v1.0/security/alerts_v2/hr01", "/v1.0/security/alerts_v2/zz01", elena, body},
		{"PATCH", "/v1.0/security/alerts_v2/hr01", "/v1.0/security/alerts_v2/zz01", emil, map[string]any{"nonsense": 1}},
		{"GET", "/v1.0/security/alerts_v2/hr01/comments", "/v1.0/security/alerts_v2/zz01/comments", elena, nil},
		{"POST", "/v1.0/security/alerts_v2/hr01/comments", "/v1.0/security/alerts_v2/zz01/comments", elena, map[string]any{"comment": "x"}},
		{"GET", "/v1.0/security/incidents/ihr01", "/v1.0/security/incidents/izz01", elena, nil},
		{"GET", "/v1.0/security/incidents/ihr01?$expand=alerts", "/v1.0/security/incidents/izz01?$expand=alerts", elena, nil},
		{"PATCH", "/v1.0/security/incidents/ihr01", "/v1.0/security/incidents/izz01", elena, body},
		{"POST", "/v1.0/security/incidents/ihr01/comments", "/v1.0/security/incidents/izz01/comments", elena, map[string]any{"comment": "x"}},
		{"GET", "/api/v1/roles/rol_mail", "/api/v1/roles/rol_none", enzo, nil},
		{"PATCH", "/api/v1/roles/rol_mail", "/api/v1/roles/rol_none", enzo, map[string]any{"name": "Mine"}},
		{"DELETE", "/api/v1/roles/rol_mail", "/api/v1/roles/rol_none", nora, nil},
		{"GET", "/api/v1/assignments/asg_mail", "/api/v1/assignments/asg_none", enzo, nil},
		{"DELETE", "/api/v1/assignments/asg_mail", "/api/v1/assignments/asg_none", nora, nil},
		{"GET", "/api/v1/users/ada@contoso.example", "/api/v1/users/eve@contoso.example", nora, nil},
		{"DELETE", "/api/v1/users/ada@contoso.example", "/api/v1/users/eve@contoso.example", nora, nil},
		{"PUT", "/api/v1/users/ada@contoso.example/password", "/api/v1/users/eve@contoso.example/password", nora, map[string]any{"password": "a long new password"}},
		{"GET", "/api/v1/groups/hr-tier1", "/api/v1/groups/no-tier1", nora, nil},
		{"DELETE", "/api/v1/groups/hr-tier1", "/api/v1/groups/no-tier1", nora, nil},
	} {
		hidden, never := w.ask(c.user, c.method, c.hidden, c.body), w.ask(c.user, c.method, c.never, c.body)
		if hidden.Status != http.StatusNotFound {
			t.Errorf("%s %s as %s: %d %s", c.method, c.hidden, c.user, hidden.Status, hidden.Body)
		}
		if a, b := plain(hidden), plain(never); a != b {
			t.Errorf("%s %s as %s:\n%s\n%s", c.method, c.hidden, c.user, a, b)
		}
	}
}

var (
	ids   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	dates = regexp.MustCompile(`20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} 20\d\d [\d:]{8} GMT`)
	names = strings.NewReplacer("ihr01", "ID", "izz01", "ID", "hr01", "ID", "zz01", "ID", "rol_mail", "ID", "rol_none", "ID", "asg_mail", "ID",
		"asg_none", "ID", "ada@", "ID@", "eve@", "ID@", "hr-tier1", "ID", "no-tier1", "ID")
)

func plain(r reply) string {
	var b strings.Builder
	b.WriteString(http.StatusText(r.Status) + "\n")
	_ = r.Header.Write(&b)
	b.WriteString(r.Body)
	return names.Replace(dates.ReplaceAllString(ids.ReplaceAllString(b.String(), "REQUEST"), "DATE"))
}

func TestASessionIsACookieOfThisHostOnly(t *testing.T) {
	w := newWorld(t)
	must(t, w.directory.SetPassword(context.Background(), local, elena, password))
	r := w.want(http.StatusOK, "", "POST", "/api/v1/session", map[string]any{"user": elena, "password": password})
	if c := r.Header.Get("Set-Cookie"); !regexp.MustCompile(`^__Host-bailiwick=[\w-]{43}; Path=/; HttpOnly; Secure; SameSite=Strict$`).MatchString(c) {
		t.Errorf("cookie %q", c)
	}
	if strings.Contains(r.Body, password) || r.json(t)["user"] != elena {
		t.Errorf("body %s", r.Body)
	}
	cookie, _, _ := strings.Cut(r.Header.Get("Set-Cookie"), ";")
	w.want(http.StatusOK, "", "GET", "/api/v1/me", nil, "Cookie", cookie)
	// The secret of the one kind is nothing as the other.
	_, secret, _ := strings.Cut(cookie, "=")
	w.want(http.StatusUnauthorized, "", "GET", "/api/v1/me", nil, "Authorization", "Bearer "+secret)
	w.want(http.StatusUnauthorized, "", "GET", "/api/v1/me", nil, "Cookie", cookieName+"="+w.token(elena))
	w.want(http.StatusUnauthorized, "", "GET", "/api/v1/me?access_token="+w.token(elena), nil)
	// A bad token is nobody's, whatever cookie came along.
	w.want(http.StatusUnauthorized, "", "GET", "/api/v1/me", nil, "Cookie", cookie, "Authorization", "Bearer blwk_x")
	out := w.want(http.StatusNoContent, "", "DELETE", "/api/v1/session", nil, "Cookie", cookie)
	if !strings.Contains(out.Header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("signing out leaves the cookie: %q", out.Header.Get("Set-Cookie"))
	}
	w.want(http.StatusUnauthorized, "", "GET", "/api/v1/me", nil, "Cookie", cookie)
}

func TestEachSignInIsANewSession(t *testing.T) {
	w := newWorld(t)
	planted := cookieName + "=" + strings.Repeat("A", 43)
	must(t, w.directory.SetPassword(context.Background(), local, elena, password))
	r := w.want(http.StatusOK, "", "POST", "/api/v1/session", map[string]any{"user": elena, "password": password}, "Cookie", planted)
	if strings.Contains(r.Header.Get("Set-Cookie"), planted) {
		t.Error("the session that was planted is the one that was signed in")
	}
	w.want(http.StatusUnauthorized, "", "GET", "/api/v1/me", nil, "Cookie", planted)
}

func TestAChangeOfAnotherOriginIsRefused(t *testing.T) {
	w := newWorld(t)
	cookie := w.session(ada)
	role := map[string]any{"name": "Planted", "workload": "endpoint", "permissions": []string{}}
	for name, pairs := range map[string][]string{
		"another origin":         {"Origin", "https://evil.example"},
		"another origin's fetch": {"Sec-Fetch-Site", "cross-site"},
		"a sibling of the site":  {"Sec-Fetch-Site", "same-site"},
		"no origin at all":       {"Origin", "null"},
	} {
		pairs = append(pairs, "Cookie", cookie)
		if r := w.ask("", "POST", "/api/v1/roles", role, pairs...); r.Status != http.StatusForbidden {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
		if r := w.ask("", "POST", "/api/v1/session", map[string]any{"persona": ada}, pairs...); r.Status != http.StatusForbidden {
			t.Errorf("%s signs in: %d", name, r.Status)
		}
		if r := w.ask("", "PATCH", "/v1.0/security/alerts_v2/sales01", map[string]any{"status": "resolved"}, pairs...); r.Status != http.StatusForbidden {
			t.Errorf("%s changes an alert: %d", name, r.Status)
		}
	}
	// A form, which needs no leave of ours to be sent.
	w.want(http.StatusBadRequest, "", "POST", "/api/v1/roles", "name=x", "Cookie", cookie, "Content-Type", "application/x-www-form-urlencoded")
	w.want(http.StatusBadRequest, "", "POST", "/api/v1/roles", `{"name":"x","workload":"endpoint","permissions":[]}`, "Cookie", cookie, "Content-Type", "text/plain")
	w.want(http.StatusCreated, "", "POST", "/api/v1/roles", role, "Cookie", cookie, "Origin", w.server.URL, "Sec-Fetch-Site", "same-origin")
}

func TestANameThatSomeoneElsePointsHereIsNotServed(t *testing.T) {
	w := newWorld(t)
	r, err := http.NewRequest("GET", w.server.URL+"/api/v1/session", nil)
	must(t, err)
	r.Host = "rebound.evil.example"
	answer, err := http.DefaultClient.Do(r)
	must(t, err)
	answer.Body.Close()
	if answer.StatusCode != http.StatusBadRequest {
		t.Errorf("got %d", answer.StatusCode)
	}
}

func TestWhatIsTakenAwayIsGoneAtTheNextRequest(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	list := "/v1.0/security/alerts_v2"
	w.want(http.StatusOK, elena, "GET", list, nil)
	_, err := w.permissions.Do(ctx, local, permissions.Unassign("asg_reader"))
	must(t, err)
	w.want(http.StatusForbidden, elena, "GET", list, nil)

	tokens, err := w.directory.Tokens(ctx, audit.Actor{Name: emil}, emil)
	must(t, err)
	if len(tokens) != 0 {
		t.Fatal("too soon")
	}
	w.want(http.StatusOK, emil, "GET", list, nil)
	tokens, err = w.directory.Tokens(ctx, audit.Actor{Name: emil}, emil)
	must(t, err)
	w.want(http.StatusNoContent, emil, "DELETE", "/api/v1/tokens/"+tokens[0].ID, nil)
	w.want(http.StatusUnauthorized, emil, "GET", list, nil)

	cookie := w.session(hugo)
	w.want(http.StatusOK, "", "GET", list, nil, "Cookie", cookie)
	w.want(http.StatusOK, ada, "PUT", "/api/v1/users/"+hugo, map[string]any{"displayName": "Hugo", "disabled": true})
	w.want(http.StatusUnauthorized, "", "GET", list, nil, "Cookie", cookie)
	w.want(http.StatusUnauthorized, "", "POST", "/api/v1/session", map[string]any{"user": hugo, "password": password})
}

func TestAForgedCursorIsRefused(t *testing.T) {
	w := newWorld(t)
	next, _ := w.want(http.StatusOK, ada, "GET", "/api/v1/roles?limit=1", nil).json(t)["next"].(string)
	if next == "" {
		t.Fatal("no next page")
	}
	w.want(http.StatusOK, ada, "GET", "/api/v1/roles?limit=1&cursor="+next, nil)
	w.want(http.StatusBadRequest, ada, "GET", "/api/v1/roles?limit=1&workload=endpoint&cursor="+next, nil)
	w.want(http.StatusBadRequest, ada, "GET", "/api/v1/users?limit=1&cursor="+next, nil)
	w.want(http.StatusBadRequest, gita, "GET", "/api/v1/roles?limit=1&cursor="+next, nil)
	w.want(http.StatusBadRequest, ada, "GET", "/api/v1/roles?cursor=MS9BZG1pbg", nil)
	w.want(http.StatusBadRequest, ada, "GET", "/api/v1/audit?cursor=1", nil)

	link, _ := w.want(http.StatusOK, elena, "GET", "/v1.0/security/alerts_v2?$top=2", nil).json(t)["@odata.nextLink"].(string)
	path := strings.TrimPrefix(link, w.server.URL)
	w.want(http.StatusOK, elena, "GET", path, nil)
	w.want(http.StatusBadRequest, hugo, "GET", path, nil)
	w.want(http.StatusBadRequest, elena, "GET", path+"A", nil)
	w.want(http.StatusBadRequest, elena, "GET", path+"&$filter=severity%20eq%20'high'", nil)
}

func TestPagesOfOurOwnListsJoin(t *testing.T) {
	w := newWorld(t)
	for _, list := range []string{"roles", "assignments", "users", "groups", "device-groups", "audit", "access/matrix", "access/who-can?capability=investigation.view&workload=endpoint&somewhere=true"} {
		path := "/api/v1/" + list
		whole := w.want(http.StatusOK, ada, "GET", path, nil).json(t)
		want := len(whole["items"].([]any))
		if want < 2 || float64(want) != whole["total"] {
			t.Errorf("%s: %d items of %v", list, want, whole["total"])
		}
		sep := "?"
		if strings.Contains(path, "?") {
			sep = "&"
		}
		got, cursor := 0, ""
		for range want + 1 {
			page := w.want(http.StatusOK, ada, "GET", path+sep+"limit=1"+cursor, nil).json(t)
			got += len(page["items"].([]any))
			if page["total"] != whole["total"] {
				t.Errorf("%s: total %v, then %v", list, whole["total"], page["total"])
			}
			next, _ := page["next"].(string)
			if next == "" {
				break
			}
			cursor = "&cursor=" + next
		}
		if got != want {
			t.Errorf("%s: %d on pages, %d in all", list, got, want)
		}
	}
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	w := newWorld(t)
	for _, r := range []reply{
		w.ask(ada, "GET", "/api/v1/me", nil), w.ask("", "GET", "/api/v1/me", nil), w.ask(ada, "GET", "/v1.0/security/alerts_v2", nil),
		w.ask("", "GET", "/api/v1/nothing", nil), w.ask("", "GET", "/v1.0/nothing", nil), w.ask("", "GET", "/", nil),
	} {
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
			"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("status %d, %s: %q", r.Status, name, got)
			}
		}
		if !ids.MatchString(r.Header.Get("Request-Id")) {
			t.Errorf("request id %q", r.Header.Get("Request-Id"))
		}
	}
	if r := w.ask(ada, "GET", "/api/v1/me", nil); r.Header.Get("Bailiwick-Policy-Revision") != "1" {
		t.Errorf("revision %q", r.Header.Get("Bailiwick-Policy-Revision"))
	}
}

func TestAPanicDenies(t *testing.T) {
	w := newWorld(t, func(c *Config) {
		c.Portal = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a secret of ours") })
	})
	r := w.want(http.StatusInternalServerError, "", "GET", "/", nil)
	if strings.Contains(r.Body, "secret") || !strings.Contains(r.Body, "internal error") {
		t.Errorf("body %s", r.Body)
	}
	w.server.Close() // the log is written after the answer
	if !strings.Contains(w.log.String(), "a secret of ours") {
		t.Error("the log does not tell")
	}
}

func TestTheLogHasNoSecrets(t *testing.T) {
	w := newWorld(t)
	cookie := w.session(elena)
	w.ask("", "GET", "/api/v1/me", nil, "Cookie", cookie)
	w.ask(elena, "GET", "/v1.0/security/alerts_v2?$filter=severity%20eq%20'high'", nil)
	w.ask("", "POST", "/api/v1/session", map[string]any{"user": "x\n{\"msg\":\"forged\"}", "password": "hunter2hunter2"})
	w.server.Close() // the log is written after the answer
	text := w.log.String()
	for _, secret := range []string{password, "hunter2", w.token(elena), strings.SplitN(cookie, "=", 2)[1], "severity"} {
		if strings.Contains(text, secret) {
			t.Errorf("the log has %q", secret)
		}
	}
	if !strings.Contains(text, `"operation":"listAlerts"`) || !strings.Contains(text, `"user":"elena@contoso.example"`) {
		t.Errorf("the log tells too little: %s", text)
	}
}

func TestABodyThatIsTooLargeIsRefused(t *testing.T) {
	w := newWorld(t)
	w.want(http.StatusBadRequest, ada, "POST", "/api/v1/roles", `{"name":"`+strings.Repeat("x", bodyLimit)+`"}`)
	w.want(http.StatusBadRequest, ada, "POST", "/api/v1/access/explain", strings.Repeat("[", 100)+strings.Repeat("]", 100))
}

func TestMetricsAreForThisMachineOnly(t *testing.T) {
	w := newWorld(t)
	w.want(http.StatusOK, "", "GET", "/livez", nil)
	counted := false
	for range 100 { // a request is counted after it is answered
		counted = counted || strings.Contains(w.want(http.StatusOK, "", "GET", "/metrics", nil).Body, "bailiwick_requests_total")
	}
	if !counted {
		t.Error("nothing is counted")
	}
	w.want(http.StatusNotFound, "", "GET", "/metrics", nil, "X-Forwarded-For", "203.0.113.9")
}

func TestTheDemoLetsAnyoneBeAnyoneAndSaysSo(t *testing.T) {
	w := newWorld(t, func(c *Config) {
		c.Demo, c.Personas = true, []Persona{{ada, "Ada", "Global Administrator", "Everything."}}
		c.Directory = directory.New(directory.Config{Store: c.Store, Door: c.Audit, Snapshot: c.Permissions.Snapshot, Demo: true})
	})
	s := w.want(http.StatusOK, "", "GET", "/api/v1/session", nil).json(t)
	if s["demo"] != true || s["signedIn"] != false || len(s["personas"].([]any)) != 1 {
		t.Errorf("session %v", s)
	}
	r := w.want(http.StatusOK, "", "POST", "/api/v1/session", map[string]any{"persona": ada})
	cookie, _, _ := strings.Cut(r.Header.Get("Set-Cookie"), ";")
	if me := w.want(http.StatusOK, "", "GET", "/api/v1/me", nil, "Cookie", cookie).json(t); me["demo"] != true || me["name"] != ada {
		t.Errorf("me %v", me)
	}
	w.want(http.StatusUnauthorized, "", "POST", "/api/v1/session", map[string]any{"persona": "eve@contoso.example"})
}

// A page that looks again and again keeps no session alive; what somebody does always counts.
func TestWhatThePortalAsksByItselfIsNoUse(t *testing.T) {
	for _, c := range []struct {
		op, method, header string
		want               bool
	}{
		{"watchQueue", "GET", "", true}, {"listActions", "GET", "1", true}, {"listActions", "GET", "", false}, {"approveAction", "POST", "1", false}, {"signOut", "DELETE", "1", false},
	} {
		r := httptest.NewRequest(c.method, "/", nil)
		r.Header.Set("Bailiwick-By-Itself", c.header)
		if got := byItself(operation{ID: c.op}, r); got != c.want {
			t.Errorf("%s %s %q: %t", c.method, c.op, c.header, got)
		}
	}
}
