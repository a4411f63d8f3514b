package server

import (
	"crypto/sha256"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// TestS19AViewEndsByItself: at its end the session is the viewer's own again; one whose person has gone refuses every
// read until it is ended, and that it can be.
func TestS19AViewEndsByItself(t *testing.T) {
	w := newWorld(t)
	secret := strings.Repeat("s", 43)
	hash := sha256.Sum256([]byte(secret))
	now := time.Now()
	must(t, w.store.Change(t.Context(), func(tx store.Writer) error {
		return tx.PutSession(store.Session{Hash: hash[:], ID: "s1", User: ada, CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(time.Hour)})
	}))
	view := func(v *store.View) {
		must(t, w.store.Change(t.Context(), func(tx store.Writer) error { return tx.SetSessionView("s1", v) }))
	}
	status := func(method, path string) int {
		r, err := http.NewRequestWithContext(t.Context(), method, w.server.URL+path, nil)
		must(t, err)
		r.Header.Set("Cookie", cookieName+"="+secret)
		answer, err := w.server.Client().Do(r)
		must(t, err)
		must(t, answer.Body.Close())
		return answer.StatusCode
	}
	const roles = "/api/v1/roles"
	expect := func(name, method, path string, want int) {
		t.Helper()
		if got := status(method, path); got != want {
			t.Errorf("%s: got %d, want %d", name, got, want)
		}
	}
	asElena := store.View{Viewed: rbac.Viewed{User: elena}, Until: now.Add(permissions.ViewLasts)}
	expect("before", "GET", roles, 200)
	view(&asElena)
	expect("while it lasts", "GET", roles, 403)
	expect("a report, which would be recorded as the viewer's", "GET", "/api/v1/reports?of=matrix", 403)
	ended := asElena
	ended.Until = time.Now()
	view(&ended)
	expect("at its end", "GET", roles, 200)

	view(&store.View{Viewed: rbac.Viewed{User: "gone@contoso.example"}, Until: now.Add(time.Minute)})
	expect("of who has gone", "GET", roles, 403)
	expect("of who has gone, asked about itself", "GET", "/api/v1/view", 200)
	expect("of who has gone, ended", "DELETE", "/api/v1/view", 204)
	expect("after that", "GET", roles, 200)

	// Every operation of the contract that is no reading is refused, whatever it would do.
	view(&asElena)
	operations, err := contract()
	must(t, err)
	for _, o := range operations {
		if readOnly(o) {
			continue
		}
		path := strings.NewReplacer("{id}", "x", "{name}", "x", "{seq}", "1").Replace(o.Path)
		if got := status(o.Method, path); got != 403 {
			t.Errorf("%s %s while viewing: got %d, want 403", o.Method, o.Path, got)
		}
	}
}
