package server

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/ingest"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Decisions and searches about actions (S11): of oneself what one sees and may do; of others only about what the caller sees, and
// who may is told to who may see roles.
func TestAuthZENKnowsActions(t *testing.T) {
	w := newWorld(t)
	must(t, w.store.Change(context.Background(), func(tx store.Writer) error {
		if err := tx.ApplyEdits(
			rbac.PutRole{Role: rbac.Role{ID: "rol_act", Workload: rbac.Endpoint, Name: "Responder", Permissions: []string{"View data - Security operations", "Active remediation actions - Security operations"}}},
			rbac.PutAssignment{Assignment: rbac.Assignment{ID: "asg_act", Role: rbac.RoleRef{Workload: rbac.Endpoint, Name: "Responder"}, Group: "sales-tier2", Scope: rbac.Scope{All: true}}},
			rbac.PutRole{Role: rbac.Role{ID: "rol_purge", Workload: rbac.Office365, Name: "Purger", Permissions: []string{"Search And Purge"}}},
			rbac.PutAssignment{Assignment: rbac.Assignment{ID: "asg_purge", Role: rbac.RoleRef{Workload: rbac.Office365, Name: "Purger"}, User: nora, Scope: rbac.Scope{All: true}}}); err != nil {
			return err
		}
		_, err := tx.NextPolicyRevision()
		return err
	}))
	var b strings.Builder
	for i, on := range []string{"sales-01", "sales-01", "hr-01"} {
		fmt.Fprintf(&b, `{"id":"act%d","workload":"endpoint","actionType":"isolateDevice","status":"pendingApproval","createdDateTime":"2026-03-01T00:00:0%dZ","asset":{"type":"device","id":%q}}`+"\n", i, i, on)
	}
	b.WriteString(`{"id":"mail","workload":"office365","actionType":"softDeleteEmail","status":"pendingApproval","createdDateTime":"2026-03-01T00:00:00Z"}`)
	_, err := w.cases.Load(context.Background(), local, "actions", func(take func(store.Record) error) error {
		_, err := ingest.Read("actions", strings.NewReader(b.String()), take)
		return err
	})
	must(t, err)
	for _, c := range []struct {
		asks, about, action, id string
		want                    bool
	}{
		{emil, emil, "actions.remediate", "act0", true}, {elena, elena, "actions.remediate", "act0", false}, {elena, elena, "investigation.view", "act0", true},
		{emil, emil, "investigation.view", "act2", false}, {emil, emil, "actions.remediate", "none", false}, {nora, nora, "actions.remediate", "mail", true},
		{nora, nora, "investigation.view", "mail", false}, {ada, emil, "actions.remediate", "act0", true}, {ada, elena, "actions.remediate", "act0", false},
		{gita, emil, "actions.remediate", "act0", false}, // she does not see it: endpoint roles are on
		{emil, emil, "alerts.manage", "act0", false}, {emil, emil, "detections.manage", "act0", false},
	} {
		r := w.want(http.StatusOK, c.asks, "POST", evaluation, fmt.Sprintf(`{"subject":{"type":"user","id":%q},"action":{"name":%q},"resource":{"type":"action","id":%q}}`, c.about, c.action, c.id))
		if got := strings.Contains(r.Body, `"decision":true`); got != c.want {
			t.Errorf("%s asks whether %s may %s on %s: %s", c.asks, c.about, c.action, c.id, r.Body)
		}
	}
	w.want(http.StatusForbidden, elena, "POST", evaluation, `{"subject":{"type":"user","id":"`+emil+`"},"action":{"name":"actions.remediate"},"resource":{"type":"action","id":"act0"}}`)
	ids := func(r reply) (list []string) {
		found, _ := r.json(t)["results"].([]any)
		for _, one := range found {
			list = append(list, one.(map[string]any)["id"].(string))
		}
		return list
	}
	resources := func(asks, about, action, page string) reply {
		return w.want(http.StatusOK, asks, "POST", "/access/v1/search/resource", fmt.Sprintf(`{"subject":{"type":"user","id":%q},"action":{"name":%q},"resource":{"type":"action"}%s}`, about, action, page))
	}
	for _, c := range []struct {
		asks, about, action string
		want                []string
	}{
		{emil, emil, "actions.remediate", []string{"act1", "act0"}}, {elena, elena, "investigation.view", []string{"act1", "act0"}}, {elena, elena, "actions.remediate", nil},
		{nora, nora, "actions.remediate", nil}, // who sees none meets none
		{ada, emil, "actions.remediate", []string{"act1", "act0"}}, {elena, emil, "actions.remediate", nil}, {ada, ada, "actions.remediate", []string{"act2", "act1", "mail", "act0"}},
	} {
		if got := ids(resources(c.asks, c.about, c.action, "")); !slices.Equal(got, c.want) {
			t.Errorf("%s searches what %s may %s: %v, want %v", c.asks, c.about, c.action, got, c.want)
		}
	}
	first := resources(ada, ada, "actions.remediate", `,"page":{"limit":3}`).json(t)["page"].(map[string]any)
	rest := resources(ada, ada, "actions.remediate", fmt.Sprintf(`,"page":{"limit":3,"token":%q}`, first["next_token"]))
	if got := ids(rest); first["total"] != 4.0 || len(got) != 1 {
		t.Errorf("the first page %v, then %v", first, got)
	}
	who := w.want(http.StatusOK, ada, "POST", "/access/v1/search/subject", `{"subject":{"type":"user"},"action":{"name":"actions.remediate"},"resource":{"type":"action","id":"act0"}}`)
	if got := ids(who); !slices.Contains(got, emil) || !slices.Contains(got, ada) || slices.Contains(got, elena) {
		t.Errorf("who may: %v", got)
	}
}
