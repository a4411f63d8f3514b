package server

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

const defender = "/beta/roleManagement/defender/"

func (w *world) edit(edits ...rbac.Edit) {
	w.t.Helper()
	must(w.t, w.store.Change(context.Background(), func(tx store.Writer) error {
		if err := tx.ApplyEdits(edits...); err != nil {
			return err
		}
		_, err := tx.NextPolicyRevision()
		return err
	}))
}

// TestUnifiedRolesAsGraphHasThem goes both ways with the shapes of the documentation: what is posted comes back, and what
// was made otherwise reads as Graph would have it.
func TestUnifiedRolesAsGraphHasThem(t *testing.T) {
	w := newWorld(t)
	const role = `{"displayName": "Tier 1 triage", "description": "read and triage", "isEnabled": true,
		"rolePermissions": [{"allowedResourceActions": ["microsoft.xdr/secops/securitydata/read", "microsoft.xdr/secops/securitydata/alerts/manage"]}]}`
	made := w.want(http.StatusCreated, ada, "POST", defender+"roleDefinitions", role)
	var d struct {
		ID, DisplayName, Description       string
		IsBuiltIn, IsEnabled, IsPrivileged bool
		ResourceScopes                     []string
		RolePermissions                    []struct{ AllowedResourceActions []string }
	}
	must(t, json.Unmarshal([]byte(made.Body), &d))
	actions := []string{"microsoft.xdr/secops/securitydata/read", "microsoft.xdr/secops/securitydata/alerts/manage"}
	if d.DisplayName != "Tier 1 triage" || !d.IsEnabled || d.IsBuiltIn || !slices.Equal(d.RolePermissions[0].AllowedResourceActions, actions) ||
		made.Header.Get("Location") == "" || made.Header.Get("OData-Version") != "4.0" {
		t.Errorf("made: %s", made.Body)
	}

	assignment := `{"displayName": "Tier 1 - endpoint", "description": "first line", "roleDefinitionId": "` + d.ID + `",
		"principalIds": ["group:sales-tier1", "` + nora + `"], "directoryScopeIds": ["/"], "appScopeIds": ["Mde"]}`
	given := w.want(http.StatusCreated, ada, "POST", defender+"roleAssignments", assignment)
	var a struct {
		ID, DisplayName, RoleDefinitionID            string
		PrincipalIDs, DirectoryScopeIDs, AppScopeIDs []string
	}
	must(t, json.Unmarshal([]byte(given.Body), &a))
	if a.DisplayName != "Tier 1 - endpoint" || a.RoleDefinitionID != d.ID || !slices.Equal(a.PrincipalIDs, []string{"group:sales-tier1", nora}) ||
		!slices.Equal(a.DirectoryScopeIDs, []string{"/"}) || !slices.Equal(a.AppScopeIDs, []string{"Mde"}) {
		t.Errorf("given: %s", given.Body)
	}

	// The wildcards by which "all read-only" and "all read and manage" are stored, and others that mean what there is.
	for action, want := range map[string]string{
		"microsoft.xdr/secops/*/manage":                          "microsoft.xdr/secops/*/manage",
		"microsoft.xdr/configuration/security/*/manage":          "microsoft.xdr/configuration/security/*/manage",
		"microsoft.xdr/secops/rawdata/*/read":                    "microsoft.xdr/secops/rawdata/emailcontent/read",
		"microsoft.xdr/secops/securitydata/basics/read":          "microsoft.xdr/secops/securitydata/read",
		"microsoft.xdr/configuration/security/core/manage":       "microsoft.xdr/configuration/security/manage",
		"microsoft.xdr/securityposture/posturemanagement/*/read": "microsoft.xdr/securityposture/posturemanagement/*/read",
	} {
		body := map[string]any{"rolePermissions": []any{map[string]any{"allowedResourceActions": []string{action}}}}
		if r := w.want(http.StatusOK, ada, "PATCH", defender+"roleDefinitions/"+d.ID, body); !strings.Contains(r.Body, `"`+want+`"`) {
			t.Errorf("%s came to %s", action, r.Body)
		}
	}

	// Lists, filters and what is expanded.
	for path, want := range map[string][]string{
		"roleDefinitions?$filter=displayName%20eq%20'tier%201%20triage'":                         {d.ID},
		"roleDefinitions?$filter=startsWith(displayName,'Sp')":                                   {"rol_span"},
		"roleDefinitions?$filter=id%20eq%20'rol_span'%20and%20isBuiltIn%20eq%20false":            {"rol_span"},
		"roleDefinitions?$filter=isBuiltIn%20eq%20true":                                          {},
		"roleAssignments?$filter=principalIds/any(a:a%20eq%20'" + nora + "')&$expand=principals": {a.ID},
		"roleAssignments?$filter=principalIds/any(p:p%20eq%20'group:hr-tier1')":                  {"set_span"},
		"roleAssignments?$filter=roleDefinitionId%20eq%20'" + d.ID + "'&$expand=roleDefinition":  {a.ID},
		"resourceNamespaces?$expand=resourceActions":                                             {"microsoft.xdr", "bailiwick"},
		"customAppScopes?$top=1": {"Sales devices"},
	} {
		var page struct{ Value []struct{ ID string } }
		r := w.want(http.StatusOK, gita, "GET", defender+path, nil)
		must(t, json.Unmarshal([]byte(r.Body), &page))
		got := []string{}
		for _, v := range page.Value {
			got = append(got, v.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if r := w.want(http.StatusOK, gita, "GET", defender+"roleAssignments/"+a.ID+"?$expand=principals,roleDefinition", nil); !strings.Contains(r.Body, `"#microsoft.graph.group"`) || !strings.Contains(r.Body, `"userPrincipalName":"`+nora+`"`) || !strings.Contains(r.Body, `"displayName":"Tier 1 triage"`) {
		t.Errorf("expanded: %s", r.Body)
	}
	if r := w.want(http.StatusOK, gita, "GET", defender+"roleAssignments?$top=1&$count=true", nil); !strings.Contains(r.Body, `"@odata.count":2`) || !strings.Contains(r.Body, `$skip=1`) {
		t.Errorf("a page: %s", r.Body)
	}

	// For all data sources, and narrowed to device groups; a change keeps what it does not name.
	w.want(http.StatusOK, ada, "PATCH", defender+"roleAssignments/"+a.ID, map[string]any{"appScopeIds": []string{"/", "/DeviceGroup/Sales devices"}})
	r := w.want(http.StatusOK, ada, "PATCH", defender+"roleAssignments/"+a.ID, map[string]any{"displayName": "Renamed"})
	if !strings.Contains(r.Body, `"appScopeIds":["/","/DeviceGroup/Sales devices"]`) || !strings.Contains(r.Body, `"description":"first line"`) || !strings.Contains(r.Body, "Renamed") {
		t.Errorf("changed: %s", r.Body)
	}
	if set := w.want(http.StatusOK, ada, "GET", "/api/v1/unified/assignments/"+a.ID, nil); !strings.Contains(set.Body, `"dataSources":["all"]`) || !strings.Contains(set.Body, "Sales devices") {
		t.Errorf("in our own words: %s", set.Body)
	}
	w.want(http.StatusNoContent, ada, "DELETE", defender+"roleAssignments/"+a.ID, nil)
	w.want(http.StatusNoContent, ada, "DELETE", defender+"roleDefinitions/"+d.ID, nil)
	w.want(http.StatusNotFound, ada, "GET", defender+"roleDefinitions/"+d.ID, nil)
}

// Two worlds, equal for who may view roles in mail and different elsewhere: people, data sources and counts of the other
// workloads must not show, in our own form or in Graph's.
func TestTwoWorldsOfUnifiedRolesReadTheSame(t *testing.T) {
	mail := rbac.Sources{Workloads: rbac.SetOf(rbac.Office365)}
	span := rbac.RoleRef{Workload: rbac.Unified, Name: "Span"}
	world := func(elsewhere rbac.Sources, hidden ...string) *world {
		w := newWorld(t)
		edits := []rbac.Edit{rbac.SetActivation{Workload: rbac.Office365, Activation: rbac.On}, rbac.SetActivation{Workload: rbac.Identity, Activation: rbac.On},
			rbac.PutRole{Role: rbac.Role{ID: "rol_viewer", Workload: rbac.Unified, Name: "Viewer", Permissions: []string{"Authorization (read)"}}},
			rbac.PutAssignment{Assignment: rbac.Assignment{ID: "a1", Set: "s1", Role: rbac.RoleRef{Workload: rbac.Unified, Name: "Viewer"}, User: nora, Sources: mail, Scope: rbac.Scope{All: true}}},
			rbac.PutAssignment{Assignment: rbac.Assignment{ID: "a2", Set: "s2", Name: "Both", Role: span, User: emil, Sources: elsewhere, Scope: rbac.Scope{All: true}}}}
		for i, name := range hidden {
			id := "hidden" + string(rune('a'+i))
			edits = append(edits, rbac.PutAssignment{Assignment: rbac.Assignment{ID: id, Set: id, Role: span, User: name,
				Sources: rbac.Sources{Workloads: rbac.SetOf(rbac.Identity, rbac.Endpoint)}, Scope: rbac.Scope{DeviceGroups: []string{"HR devices"}}}})
		}
		w.edit(edits...)
		return w
	}
	one, two := world(mail, hugo), world(rbac.Sources{Workloads: rbac.SetOf(rbac.Office365, rbac.Identity)}, elena, vera, enzo)
	for _, path := range []string{
		"/api/v1/roles", "/api/v1/roles?workload=unified", "/api/v1/roles/rol_span", "/api/v1/assignments?workload=unified", "/api/v1/assignments?principal=" + hugo,
		"/api/v1/assignments/hiddena", "/api/v1/assignments/a2", "/api/v1/unified/assignments/s2", "/api/v1/unified/assignments/hiddena", "/api/v1/unified/differences",
		defender + "roleDefinitions?$count=true", defender + "roleAssignments?$count=true&$expand=principals,roleDefinition", defender + "roleAssignments/s2",
		defender + "roleAssignments/hiddena", defender + "roleAssignments?$filter=principalIds/any(a:a%20eq%20'" + vera + "')", defender + "customAppScopes",
	} {
		a, b := one.ask(nora, "GET", path, nil), two.ask(nora, "GET", path, nil)
		x, y := strings.ReplaceAll(plain(a), one.server.URL, "SERVER"), strings.ReplaceAll(plain(b), two.server.URL, "SERVER")
		if x != y {
			x, y = differ(x, y)
			t.Errorf("GET %s:\n%s\n--- and ---\n%s", path, x, y)
		}
	}
	if r := one.want(http.StatusOK, nora, "GET", defender+"roleAssignments", nil); !strings.Contains(r.Body, emil) || strings.Contains(r.Body, hugo) {
		t.Errorf("the two worlds show nothing: %s", r.Body)
	}
}
