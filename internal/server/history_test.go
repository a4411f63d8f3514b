package server

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// Two worlds, equal in all that Enzo may see - he manages the roles of endpoint - and different in what he may not: in one of
// them a mail role is renamed, deleted and brought back, another stays deleted, and a unified role comes to be given for
// mail. What he reads of histories, deleted roles and comparisons is the same; so is what he is refused.
func TestTwoWorldsOfTheHistoryOfRoles(t *testing.T) {
	one, two := newWorld(t), newWorld(t)
	for _, w := range []*world{one, two} {
		w.want(http.StatusOK, ada, "PATCH", "/api/v1/roles/rol_reader", map[string]any{"description": "Seen by Enzo"})
		w.want(http.StatusNoContent, enzo, "DELETE", "/api/v1/assignments/asg_hr", nil)
	}
	two.want(http.StatusOK, ada, "PATCH", "/api/v1/roles/rol_mail", map[string]any{"name": "Hidden name"})
	two.want(http.StatusNoContent, ada, "DELETE", "/api/v1/roles/rol_mail", nil)
	two.want(http.StatusOK, ada, "POST", "/api/v1/roles/rol_mail/restore", map[string]any{})
	made := two.want(http.StatusCreated, ada, "POST", "/api/v1/roles/rol_mail/copy", map[string]any{"name": "Hidden copy"}).json(t)
	two.want(http.StatusNoContent, ada, "DELETE", "/api/v1/roles/"+made["id"].(string), nil)
	two.want(http.StatusCreated, ada, "POST", "/api/v1/assignments", map[string]any{"role": "rol_mail", "user": elena})

	for _, path := range []string{
		"/api/v1/deleted-roles", "/api/v1/roles/rol_reader/versions", "/api/v1/roles/rol_mail/versions", "/api/v1/roles/rol_span/versions",
		"/api/v1/access/compare?left=role:rol_reader&right=role:rol_reader@1", "/api/v1/access/compare?left=role:rol_reader&right=user:" + elena,
		"/api/v1/access/compare?left=user:" + nora + "&right=user:" + elena, "/api/v1/access/compare?left=role:rol_mail&right=user:" + elena,
		"/api/v1/access/compare?left=role:rol_mail@2&right=user:" + elena,
	} {
		a, b := told(one, path), told(two, path)
		if a != b {
			t.Errorf("GET %s:\n%s\n--- and ---\n%s", path, a, b)
		}
	}
	for _, body := range []map[string]any{{}, {"revision": 2}, {"name": "Mine"}} {
		a, b := one.ask(enzo, "POST", "/api/v1/roles/rol_mail/restore", body), two.ask(enzo, "POST", "/api/v1/roles/rol_mail/restore", body)
		if a.Status != http.StatusNotFound || a.Status != b.Status {
			t.Errorf("restoring what is out of sight: %d and %d", a.Status, b.Status)
		}
	}
	// What he sees is something, or nothing would be proved.
	if seen := told(one, "/api/v1/roles/rol_reader/versions"); !strings.Contains(seen, "assignments.delete") || !strings.Contains(seen, "Seen by Enzo") {
		t.Errorf("Enzo sees no history of a role of his: %s", seen)
	}
}

// told is an answer to Enzo without what belongs to the moment and to the request.
func told(w *world, path string) string {
	r := w.ask(enzo, "GET", path, nil)
	return moments.ReplaceAllString(ids.ReplaceAllString(r.Body, "REQUEST"), `"at":NOW`)
}

var moments = regexp.MustCompile(`"at":\s*"[^"]*"`)

func TestARestoreOfWhatSomebodyHasChangedIsRefused(t *testing.T) {
	w := newWorld(t)
	w.want(http.StatusOK, ada, "PATCH", "/api/v1/roles/rol_mail", map[string]any{"description": "One"})
	first := w.want(http.StatusOK, ada, "GET", "/api/v1/roles/rol_mail/versions", nil)
	list := first.json(t)["items"].([]any)
	revision := list[len(list)-1].(map[string]any)["revision"]
	// Whom it is given to is part of what a restore overwrites, and so of the tag.
	w.want(http.StatusCreated, ada, "POST", "/api/v1/assignments", map[string]any{"role": "rol_mail", "user": nora})
	body := map[string]any{"revision": revision}
	tag := first.Header.Get("ETag")
	if r := w.ask(ada, "POST", "/api/v1/roles/rol_mail/restore", body, "If-Match", tag); r.Status != http.StatusPreconditionFailed {
		t.Errorf("with the tag of before: %d %s", r.Status, r.Body)
	}
	now := w.want(http.StatusOK, ada, "GET", "/api/v1/roles/rol_mail/versions", nil)
	if r := w.ask(ada, "POST", "/api/v1/roles/rol_mail/restore", body, "If-Match", now.Header.Get("ETag")); r.Status != http.StatusOK {
		t.Errorf("with the tag of now: %d %s", r.Status, r.Body)
	}
	role := w.want(http.StatusOK, ada, "GET", "/api/v1/roles/rol_mail", nil)
	if strings.Contains(role.Body, nora) || strings.Contains(role.Body, `"One"`) {
		t.Errorf("restored, and yet: %s", role.Body)
	}
}
