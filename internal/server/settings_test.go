package server

import (
	"net/http"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/rbac"
)

func TestDeviceGroupsCountTheirDevices(t *testing.T) {
	w := newWorld(t)
	got := map[string]any{}
	for _, item := range w.want(http.StatusOK, ada, "GET", "/api/v1/device-groups", nil).json(t)["items"].([]any) {
		group := item.(map[string]any)
		got[group["name"].(string)] = group["deviceCount"]
	}
	if got["Sales devices"] != 2.0 || got["HR devices"] != 1.0 {
		t.Errorf("counts %v", got)
	}
	// Gita reads all roles; endpoint's data she does not see, nor how many devices there are.
	for _, item := range w.want(http.StatusOK, gita, "GET", "/api/v1/device-groups", nil).json(t)["items"].([]any) {
		if count, told := item.(map[string]any)["deviceCount"]; told {
			t.Errorf("gita is told of %v devices", count)
		}
	}
}

func TestTheTableMarksTheReadersOwnAccess(t *testing.T) {
	w := newWorld(t)
	held := map[string]bool{}
	mine := ""
	for _, item := range w.want(http.StatusOK, elena, "GET", "/api/v1/requirements", nil).json(t)["items"].([]any) {
		row := item.(map[string]any)
		if row["id"] != "T1" {
			continue
		}
		for _, c := range row["cells"].([]any) {
			cell := c.(map[string]any)
			for _, p := range cell["anyOf"].([]any) {
				permission := p.(map[string]any)
				if permission["held"] == true {
					held[cell["workload"].(string)+"/"+permission["name"].(string)] = true
				}
			}
			if cell["workload"] == "endpoint" {
				mine = strings.Join([]string{jsonText(cell["mine"].(map[string]any)["everywhere"]), jsonText(cell["mine"].(map[string]any)["somewhere"]), jsonText(cell["mine"].(map[string]any)["deviceGroups"])}, " ")
			}
		}
	}
	if len(held) != 1 || !held["endpoint/View data - Security operations"] {
		t.Errorf("held %v", held)
	}
	if mine != `false true ["Sales devices"]` {
		t.Errorf("mine %s", mine)
	}
}

func TestAreasAreShownToWhoHasSomethingThere(t *testing.T) {
	w := newWorld(t)
	for user, want := range map[string]string{
		ada:   "alerts incidents assets hunting actions analytics detections permissions access audit settings",
		elena: "alerts incidents assets hunting actions analytics access",
		enzo:  "alerts incidents assets hunting actions analytics detections permissions access audit", // his device groups stand under permissions
		vera:  "access",
	} {
		var shown []string
		for _, item := range w.want(http.StatusOK, user, "GET", "/api/v1/me", nil).json(t)["areas"].([]any) {
			area := item.(map[string]any)
			if area["shown"] == true {
				shown = append(shown, area["name"].(string))
			} else if area["reason"] == nil || area["grantors"] == nil || len(area["needs"].([]any)) == 0 && !strings.Contains(area["reason"].(string), "needs a global role") {
				t.Errorf("%s: %v is not shown and does not say why", user, area)
			}
		}
		if got := strings.Join(shown, " "); got != want {
			t.Errorf("%s: got %q, want %q", user, got, want)
		}
	}
}

func TestGlobalRolesOpenWhatTheBrainSays(t *testing.T) {
	w := newWorld(t)
	opens := map[string]string{}
	for _, item := range w.want(http.StatusOK, ada, "GET", "/api/v1/global-roles", nil).json(t)["items"].([]any) {
		role := item.(map[string]any)
		opens[role["name"].(string)] = jsonText(role["opens"])
	}
	if strings.Contains(opens["Security Reader"], "endpoint") || !strings.Contains(opens["Security Reader"], "office365") {
		t.Errorf("S5: Security Reader lost endpoint while its roles are on: %s", opens["Security Reader"])
	}
	if !strings.Contains(opens["Global Administrator"], "endpoint") {
		t.Errorf("Global Administrator: %s", opens["Global Administrator"])
	}
}

// TestARoleTellsOfAScopeThatNarrowsNothing: who scopes a grant believes that it narrows something.
func TestARoleTellsOfAScopeThatNarrowsNothing(t *testing.T) {
	w := newWorld(t)
	w.edit(
		rbac.PutRole{Role: rbac.Role{ID: "rol_scoped", Workload: rbac.Endpoint, Name: "Scoped", Permissions: []string{"Alerts investigation"}}},
		rbac.PutAssignment{Assignment: rbac.Assignment{ID: "a", Role: rbac.RoleRef{Workload: rbac.Endpoint, Name: "Scoped"}, User: elena, Scope: rbac.Scope{DeviceGroups: []string{"Sales devices"}}}},
	)
	moot := func() bool {
		role := w.want(http.StatusOK, ada, "GET", "/api/v1/roles/rol_scoped", nil).json(t)
		told, _ := role["assignments"].([]any)[0].(map[string]any)["moot"].(bool)
		return told
	}
	if moot() {
		t.Error("it narrows, and is said to be moot")
	}
	w.edit(rbac.PutAssignment{Assignment: rbac.Assignment{ID: "b", Role: rbac.RoleRef{Workload: rbac.Endpoint, Name: rbac.EndpointAdministrator}, User: elena, Scope: rbac.Scope{All: true}}})
	if !moot() {
		t.Error("another grant reaches everything, and it is not told")
	}
}
