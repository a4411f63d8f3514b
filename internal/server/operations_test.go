package server

import (
	"net/http"
	"strings"
	"testing"
)

// Each operation: allowed, denied, invalid, missing, in conflict, where it applies. A new operation without a line
// here fails the test at the end.
func TestOperations(t *testing.T) {
	w := newWorld(t)
	role := map[string]any{"name": "EU triage", "workload": "endpoint", "permissions": []string{"View data - Security operations"}}
	with := func(body map[string]any, key string, value any) map[string]any {
		copied := map[string]any{key: value}
		for k, v := range body {
			if k != key {
				copied[k] = v
			}
		}
		return copied
	}
	groups := map[string]any{"items": []any{
		map[string]any{"name": "Sales devices", "open": false, "access": []string{"sales-tier1", "sales-tier2"}, "match": map[string]any{"name": []string{"sales-*"}}},
		map[string]any{"name": "HR devices", "open": false, "access": []string{"hr-tier1"}, "match": map[string]any{"name": []string{"hr-*"}}},
		map[string]any{"name": "Ungrouped devices (default)", "open": false, "access": []string{}},
	}}
	const ok, created, none = http.StatusOK, http.StatusCreated, http.StatusNoContent
	const invalid, nobody, denied, missing, conflict = http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict
	const changed = http.StatusPreconditionFailed // asked with an If-Match of an older state
	covered := map[string]bool{}
	for _, c := range []struct {
		operation, name, user, method, path string
		body                                any
		want                                int
	}{
		{"live", "anyone", "", "GET", "/livez", nil, ok},
		{"ready", "anyone", "", "GET", "/readyz", nil, ok},
		{"metrics", "on this machine", "", "GET", "/metrics", nil, ok},
		{"getSession", "anyone", "", "GET", "/api/v1/session", nil, ok},
		{"signIn", "neither", "", "POST", "/api/v1/session", map[string]any{}, invalid},
		{"signIn", "wrong", "", "POST", "/api/v1/session", map[string]any{"user": ada, "password": "not the password"}, nobody},
		{"signIn", "as a persona, outside the demo", "", "POST", "/api/v1/session", map[string]any{"persona": ada}, nobody},
		{"signOut", "without a session", "", "DELETE", "/api/v1/session", nil, none},
		{"setUp", "with a wrong link", "", "POST", "/api/v1/setup", map[string]any{"link": "x", "user": "x@y", "displayName": "X", "password": "a long password"}, nobody},
		{"setUp", "without a link", "", "POST", "/api/v1/setup", map[string]any{"user": "x@y"}, invalid},
		{"listSessions", "own", nora, "GET", "/api/v1/sessions", nil, ok},
		{"endSession", "another's", nora, "DELETE", "/api/v1/sessions/x", nil, missing},
		{"listTokens", "own", nora, "GET", "/api/v1/tokens", nil, ok},
		{"createToken", "for oneself", nora, "POST", "/api/v1/tokens", map[string]any{"name": "ci", "ttl": "1h"}, created},
		{"createToken", "without end", nora, "POST", "/api/v1/tokens", map[string]any{"name": "ci", "ttl": "never"}, invalid},
		{"createToken", "for another", nora, "POST", "/api/v1/tokens", map[string]any{"name": "ci", "owner": ada}, invalid},
		{"revokeToken", "another's", nora, "DELETE", "/api/v1/tokens/x", nil, missing},
		{"getView", "anyone", nora, "GET", "/api/v1/view", nil, ok},
		{"beginView", "with a token", ada, "POST", "/api/v1/view", map[string]any{"user": elena}, invalid},
		{"beginView", "of nobody", ada, "POST", "/api/v1/view", map[string]any{}, invalid},
		{"beginView", "of two at once", ada, "POST", "/api/v1/view", map[string]any{"user": elena, "role": "rol_mail"}, invalid},
		{"beginView", "of a person on device groups", ada, "POST", "/api/v1/view", map[string]any{"user": elena, "deviceGroups": []string{"Sales devices"}}, invalid},
		{"endView", "without one", nora, "DELETE", "/api/v1/view", nil, none},
		{"getMe", "anyone", nora, "GET", "/api/v1/me", nil, ok},
		{"changePassword", "with a wrong one", nora, "PUT", "/api/v1/me/password", map[string]any{"current": "no", "new": "a long new password"}, invalid},
		{"listWorkloads", "anyone", nora, "GET", "/api/v1/workloads", nil, ok},
		{"setEndpointRoles", "allowed", ada, "PUT", "/api/v1/workloads/endpoint", map[string]any{"roles": true}, ok},
		{"setEndpointRoles", "by the endpoint administrator", enzo, "PUT", "/api/v1/workloads/endpoint", map[string]any{"roles": false}, denied},
		{"setEndpointRoles", "to maybe", ada, "PUT", "/api/v1/workloads/endpoint", map[string]any{"roles": "maybe"}, invalid},

		{"listRoles", "all", ada, "GET", "/api/v1/roles?workload=endpoint&kind=custom&opens=alerts.manage&assigned=true", nil, ok},
		{"listRoles", "without any right", nora, "GET", "/api/v1/roles", nil, denied},
		{"listRoles", "of no workload", ada, "GET", "/api/v1/roles?workload=mail", nil, invalid},
		{"listRoles", "by an unknown parameter", ada, "GET", "/api/v1/roles?wrkload=endpoint", nil, invalid},
		{"listRoles", "two thousand", ada, "GET", "/api/v1/roles?limit=2000", nil, invalid},
		{"createRole", "allowed", ada, "POST", "/api/v1/roles", with(role, "assignments", []any{map[string]any{"groups": []string{"sales-tier1"}, "scope": map[string]any{"deviceGroups": []string{"Sales devices"}}}}), created},
		{"createRole", "of a name that is taken", ada, "POST", "/api/v1/roles", role, conflict},
		{"createRole", "denied", elena, "POST", "/api/v1/roles", role, denied},
		{"createRole", "in another's product", enzo, "POST", "/api/v1/roles", with(role, "workload", "office365"), denied},
		{"createRole", "of a name that is taken, without the right", elena, "POST", "/api/v1/roles", with(role, "name", "Endpoint worker"), denied},
		{"createRole", "with an unknown permission", ada, "POST", "/api/v1/roles", with(with(role, "name", "B"), "permissions", []string{"View everything"}), invalid},
		{"createRole", "with an unknown field", ada, "POST", "/api/v1/roles", with(role, "kind", "built-in"), invalid},
		{"createRole", "with a field twice", ada, "POST", "/api/v1/roles", `{"name":"A","name":"B","workload":"endpoint","permissions":[]}`, invalid},
		{"createRole", "with half a body", ada, "POST", "/api/v1/roles", `{"name":`, invalid},
		{"getRole", "seen", enzo, "GET", "/api/v1/roles/rol_reader", nil, ok},
		{"getRole", "not there", ada, "GET", "/api/v1/roles/rol_none", nil, missing},
		{"getRole", "out of sight", enzo, "GET", "/api/v1/roles/rol_mail", nil, missing},
		{"proposeRoles", "seen", gita, "POST", "/api/v1/access/propose", map[string]any{"outcome": []any{map[string]any{"capability": "actions.remediate", "workload": "office365"}}}, ok},
		{"proposeRoles", "of nothing", gita, "POST", "/api/v1/access/propose", map[string]any{"outcome": []any{}}, invalid},
		{"proposeRoles", "of what there is not", gita, "POST", "/api/v1/access/propose", map[string]any{"outcome": []any{map[string]any{"capability": "fly", "workload": "office365"}}}, invalid},
		{"proposeRoles", "without the right", nora, "POST", "/api/v1/access/propose", map[string]any{"outcome": []any{map[string]any{"capability": "actions.remediate", "workload": "office365"}}}, denied},
		{"updateRole", "allowed", ada, "PATCH", "/api/v1/roles/rol_mail", map[string]any{"description": "Mail"}, ok},
		{"updateRole", "beyond what one holds", enzo, "PATCH", "/api/v1/roles/rol_mail", map[string]any{"permissions": []string{}}, missing},
		{"updateRole", "by who sees it only", gita, "PATCH", "/api/v1/roles/rol_mail", map[string]any{"permissions": []string{}}, denied},
		{"updateRole", "to a name that is taken", ada, "PATCH", "/api/v1/roles/rol_reader", map[string]any{"name": "Endpoint worker"}, conflict},
		{"updateRole", "not there", ada, "PATCH", "/api/v1/roles/rol_none", map[string]any{"name": "X"}, missing},
		{"updateRole", "with an unknown field", ada, "PATCH", "/api/v1/roles/rol_reader", map[string]any{"workload": "identity"}, invalid},
		{"listAssignments", "of a role", ada, "GET", "/api/v1/assignments?role=rol_mail&principal=" + emil, nil, ok},
		{"listAssignments", "without any right", nora, "GET", "/api/v1/assignments", nil, denied},
		{"createAssignment", "allowed", enzo, "POST", "/api/v1/assignments", map[string]any{"role": "rol_reader", "user": nora, "scope": map[string]any{"deviceGroups": []string{"HR devices"}}}, created},
		{"createAssignment", "of a role out of sight", enzo, "POST", "/api/v1/assignments", map[string]any{"role": "rol_mail", "user": enzo}, missing},
		{"createAssignment", "without the right", gita, "POST", "/api/v1/assignments", map[string]any{"role": "rol_mail", "user": gita}, denied},
		{"createAssignment", "to nobody", ada, "POST", "/api/v1/assignments", map[string]any{"role": "rol_mail"}, invalid},
		{"createAssignment", "twice", ada, "POST", "/api/v1/assignments", map[string]any{"role": "rol_mail", "group": "sales-tier2"}, conflict},
		{"getAssignment", "seen", ada, "GET", "/api/v1/assignments/asg_mail", nil, ok},
		{"getAssignment", "out of sight", enzo, "GET", "/api/v1/assignments/asg_mail", nil, missing},
		{"deleteAssignment", "out of sight", elena, "DELETE", "/api/v1/assignments/asg_mail", nil, missing},
		{"deleteAssignment", "without the right", gita, "DELETE", "/api/v1/assignments/asg_mail", nil, denied},
		{"deleteAssignment", "allowed", enzo, "DELETE", "/api/v1/assignments/asg_hr", nil, none},
		{"deleteAssignment", "again", enzo, "DELETE", "/api/v1/assignments/asg_hr", nil, missing},
		{"deleteRole", "without the right", gita, "DELETE", "/api/v1/roles/rol_mail", nil, denied},
		{"deleteRole", "allowed", ada, "DELETE", "/api/v1/roles/rol_mail", nil, none},
		{"deleteRole", "again", ada, "DELETE", "/api/v1/roles/rol_mail", nil, missing},
		{"listRoleVersions", "of a deleted role", gita, "GET", "/api/v1/roles/rol_mail/versions", nil, ok},
		{"listRoleVersions", "out of sight", enzo, "GET", "/api/v1/roles/rol_mail/versions", nil, missing},
		{"listRoleVersions", "not there", ada, "GET", "/api/v1/roles/rol_none/versions", nil, missing},
		{"listDeletedRoles", "seen", gita, "GET", "/api/v1/deleted-roles", nil, ok},
		{"listDeletedRoles", "without any right", nora, "GET", "/api/v1/deleted-roles", nil, denied},
		{"restoreRole", "without the right", gita, "POST", "/api/v1/roles/rol_mail/restore", map[string]any{}, denied},
		{"restoreRole", "out of sight", enzo, "POST", "/api/v1/roles/rol_mail/restore", map[string]any{}, missing},
		{"restoreRole", "to an unknown version", ada, "POST", "/api/v1/roles/rol_mail/restore", map[string]any{"revision": 4711}, missing},
		{"restoreRole", "to no version", ada, "POST", "/api/v1/roles/rol_mail/restore", map[string]any{"revision": 0}, invalid},
		{"restoreRole", "that is gone meanwhile", ada, "POST", "/api/v1/roles/rol_mail/restore", map[string]any{}, changed},
		{"restoreRole", "allowed", ada, "POST", "/api/v1/roles/rol_mail/restore", map[string]any{}, ok},
		{"restoreRole", "that is there", ada, "POST", "/api/v1/roles/rol_mail/restore", map[string]any{}, conflict},
		{"copyRole", "allowed", ada, "POST", "/api/v1/roles/rol_mail/copy", map[string]any{"name": "Mail again", "assignments": true}, created},
		{"copyRole", "under a name that is taken", ada, "POST", "/api/v1/roles/rol_mail/copy", map[string]any{"name": "mail AGAIN"}, conflict},
		{"copyRole", "without a name", ada, "POST", "/api/v1/roles/rol_mail/copy", map[string]any{}, invalid},
		{"copyRole", "without the right", gita, "POST", "/api/v1/roles/rol_mail/copy", map[string]any{"name": "Mine"}, denied},
		{"copyRole", "out of sight", enzo, "POST", "/api/v1/roles/rol_mail/copy", map[string]any{"name": "Mine"}, missing},
		{"compareAccess", "of two roles", gita, "GET", "/api/v1/access/compare?left=role:rol_mail&right=role:endpoint/Tier%201%20readers", nil, missing},
		{"compareAccess", "of a role and a person", gita, "GET", "/api/v1/access/compare?left=role:rol_mail&right=user:" + elena, nil, ok},
		{"compareAccess", "of nothing", gita, "GET", "/api/v1/access/compare?left=role:rol_mail&right=it", nil, invalid},
		{"compareAccess", "of one only", gita, "GET", "/api/v1/access/compare?left=role:rol_mail", nil, invalid},
		{"compareAccess", "out of sight", enzo, "GET", "/api/v1/access/compare?left=role:rol_mail&right=role:rol_reader", nil, missing},
		{"compareAccess", "with another, without the right", nora, "GET", "/api/v1/access/compare?left=user:" + nora + "&right=user:" + elena, nil, denied},
		{"previewAccess", "of a copy", ada, "POST", "/api/v1/access/preview", map[string]any{"changes": []any{map[string]any{"copyRole": map[string]any{"id": "rol_mail", "name": "Third"}}}}, ok},
		{"previewAccess", "of a copy of what is out of sight", enzo, "POST", "/api/v1/access/preview", map[string]any{"changes": []any{map[string]any{"copyRole": map[string]any{"id": "rol_mail", "name": "Third"}}}}, missing},
		{"previewAccess", "of a restoration of what is there", ada, "POST", "/api/v1/access/preview", map[string]any{"changes": []any{map[string]any{"restoreRole": map[string]any{"id": "rol_mail"}}}}, conflict},
		{"listDeviceGroups", "seen", enzo, "GET", "/api/v1/device-groups", nil, ok},
		{"listDeviceGroups", "without any right", elena, "GET", "/api/v1/device-groups", nil, denied},
		{"setDeviceGroups", "allowed", ada, "PUT", "/api/v1/device-groups", groups, ok},
		{"setDeviceGroups", "without the right", elena, "PUT", "/api/v1/device-groups", groups, denied},
		{"setDeviceGroups", "from an old list", ada, "PUT", "/api/v1/device-groups", with(groups, "revision", 1), conflict},
		{"setDeviceGroups", "renamed from what is not there", ada, "PUT", "/api/v1/device-groups", map[string]any{"items": []any{with(groups["items"].([]any)[0].(map[string]any), "renamedFrom", "Nowhere")}}, invalid},
		{"setDeviceGroups", "of an unknown remediation level", ada, "PUT", "/api/v1/device-groups", map[string]any{"items": []any{with(groups["items"].([]any)[0].(map[string]any), "remediation", "fully")}}, invalid},
		{"setDeviceGroups", "of one name twice", ada, "PUT", "/api/v1/device-groups", map[string]any{"items": []any{groups["items"].([]any)[0], groups["items"].([]any)[0]}}, invalid},
		{"listGlobalRoles", "seen", gita, "GET", "/api/v1/global-roles", nil, ok},
		{"listGlobalRoles", "without any right", nora, "GET", "/api/v1/global-roles", nil, denied},
		{"listRequirements", "anyone", nora, "GET", "/api/v1/requirements", nil, ok},
		{"listPermissions", "anyone", nora, "GET", "/api/v1/permissions?workload=endpoint", nil, ok},

		{"explainAccess", "about oneself", elena, "POST", "/api/v1/access/explain", map[string]any{"capability": "alerts.manage", "workload": "endpoint", "deviceGroup": "Sales devices"}, ok},
		{"explainAccess", "about another", ada, "POST", "/api/v1/access/explain", map[string]any{"principal": elena, "capability": "alerts.manage", "workload": "endpoint"}, ok},
		{"explainAccess", "about another, without the right", elena, "POST", "/api/v1/access/explain", map[string]any{"principal": ada, "capability": "alerts.manage", "workload": "endpoint"}, denied},
		{"explainAccess", "of no capability", elena, "POST", "/api/v1/access/explain", map[string]any{"capability": "fly", "workload": "endpoint"}, invalid},
		{"previewAccess", "allowed", ada, "POST", "/api/v1/access/preview", map[string]any{"changes": []any{map[string]any{"createRole": with(role, "name", "New")}}}, ok},
		{"previewAccess", "without any right", nora, "POST", "/api/v1/access/preview", map[string]any{"changes": []any{map[string]any{"createRole": role}}}, denied},
		{"previewAccess", "of nothing", ada, "POST", "/api/v1/access/preview", map[string]any{"changes": []any{map[string]any{}}}, invalid},
		{"previewAccess", "of a role that is not there", ada, "POST", "/api/v1/access/preview", map[string]any{"changes": []any{map[string]any{"deleteRole": "rol_none"}}}, missing},
		{"accessMatrix", "one's own", nora, "GET", "/api/v1/access/matrix", nil, ok},
		{"accessMatrix", "of roles", gita, "GET", "/api/v1/access/matrix?of=roles&workload=office365&onlyHas=true", nil, ok},
		{"accessMatrix", "by every filter", ada, "GET", "/api/v1/access/matrix?group=sales-tier2&capability=alerts.manage&workload=endpoint&deviceGroup=Sales%20devices&onlyHas=true&q=emil&limit=1", nil, ok},
		{"accessMatrix", "of roles, without the right", nora, "GET", "/api/v1/access/matrix?of=roles", nil, denied},
		{"accessMatrix", "on a device group, without the right", nora, "GET", "/api/v1/access/matrix?deviceGroup=Sales%20devices", nil, denied},
		{"accessMatrix", "of a workload whose roles one may not view", enzo, "GET", "/api/v1/access/matrix?workload=office365", nil, denied},
		{"accessMatrix", "of a role out of sight", enzo, "GET", "/api/v1/access/matrix?role=rol_span", nil, invalid},
		{"accessMatrix", "of a group that is not there", ada, "GET", "/api/v1/access/matrix?group=none", nil, invalid},
		{"accessMatrix", "on a device group that is not there", ada, "GET", "/api/v1/access/matrix?deviceGroup=none", nil, invalid},
		{"accessMatrix", "of things", ada, "GET", "/api/v1/access/matrix?of=things", nil, invalid},
		{"accessMatrix", "of roles by person", ada, "GET", "/api/v1/access/matrix?of=roles&principal=" + emil, nil, invalid},
		{"accessMatrix", "by a cursor that was made up", ada, "GET", "/api/v1/access/matrix?cursor=x", nil, invalid},
		{"explainAccess", "about a role", ada, "POST", "/api/v1/access/explain", map[string]any{"role": "rol_reader", "capability": "alerts.manage", "workload": "endpoint"}, ok},
		{"explainAccess", "about a role out of sight", enzo, "POST", "/api/v1/access/explain", map[string]any{"role": "rol_span", "capability": "alerts.manage", "workload": "office365"}, missing},
		{"explainAccess", "about a role and a person", ada, "POST", "/api/v1/access/explain", map[string]any{"role": "rol_mail", "principal": emil, "capability": "alerts.manage", "workload": "office365"}, invalid},
		{"accessMatrix", "another's", nora, "GET", "/api/v1/access/matrix?principal=" + ada, nil, denied},
		{"effectiveAccess", "one's own", nora, "GET", "/api/v1/access/effective", nil, ok},
		{"effectiveAccess", "another's", nora, "GET", "/api/v1/access/effective?principal=" + ada, nil, denied},
		{"effectiveAccess", "of who is not there", ada, "GET", "/api/v1/access/effective?principal=none@contoso.example", nil, missing},
		{"whoMay", "see an alert", ada, "GET", "/api/v1/access/who-may?thing=alert&id=sales01", nil, ok},
		{"whoMay", "change an incident, a page", ada, "GET", "/api/v1/access/who-may?thing=incident&id=1042&capability=alerts.manage&limit=1", nil, ok},
		{"whoMay", "act on a device group", enzo, "GET", "/api/v1/access/who-may?thing=device-group&id=Sales%20devices&capability=actions.remediate", nil, ok},
		{"whoMay", "see an alert that is not there", ada, "GET", "/api/v1/access/who-may?thing=alert&id=none", nil, missing},
		{"whoMay", "see a device group that is not there", ada, "GET", "/api/v1/access/who-may?thing=device-group&id=none", nil, missing},
		{"whoMay", "hunt an alert", ada, "GET", "/api/v1/access/who-may?thing=alert&id=sales01&capability=hunting.view", nil, invalid},
		{"whoMay", "see a thing of no kind", ada, "GET", "/api/v1/access/who-may?thing=mailbox&id=x", nil, invalid},
		{"whoMay", "without the right", elena, "GET", "/api/v1/access/who-may?thing=alert&id=sales01", nil, denied},
		{"whoCan", "allowed", ada, "GET", "/api/v1/access/who-can?capability=alerts.manage&workload=endpoint&deviceGroup=Sales%20devices", nil, ok},
		{"whoCan", "in another's product", enzo, "GET", "/api/v1/access/who-can?capability=alerts.manage&workload=office365", nil, denied},
		{"whoCan", "what", ada, "GET", "/api/v1/access/who-can?workload=office365", nil, invalid},
		{"whoCan", "on no device group", ada, "GET", "/api/v1/access/who-can?capability=alerts.manage&workload=endpoint&deviceGroup=Nowhere", nil, invalid},

		{"listUsers", "allowed", gita, "GET", "/api/v1/users?q=el&limit=1", nil, ok},
		{"listUsers", "without any right", nora, "GET", "/api/v1/users", nil, denied},
		{"getUser", "oneself", nora, "GET", "/api/v1/users/" + nora, nil, ok},
		{"getUser", "another, without the right", nora, "GET", "/api/v1/users/" + ada, nil, missing},
		{"putUser", "allowed", ada, "PUT", "/api/v1/users/new@contoso.example", map[string]any{"displayName": "New"}, ok},
		{"putUser", "without the right", gita, "PUT", "/api/v1/users/new@contoso.example", map[string]any{"displayName": "New"}, denied},
		{"putUser", "with an unknown global role", ada, "PUT", "/api/v1/users/new@contoso.example", map[string]any{"displayName": "New", "globalRoles": []string{"King"}}, invalid},
		{"setPassword", "allowed", ada, "PUT", "/api/v1/users/new@contoso.example/password", map[string]any{"password": "a long new password"}, none},
		{"setPassword", "too short", ada, "PUT", "/api/v1/users/new@contoso.example/password", map[string]any{"password": "short"}, invalid},
		{"setPassword", "of who is not there", ada, "PUT", "/api/v1/users/none@contoso.example/password", map[string]any{"password": "a long new password"}, missing},
		{"setPassword", "without the right", gita, "PUT", "/api/v1/users/" + ada + "/password", map[string]any{"password": "a long new password"}, denied},
		{"removeUser", "without the right", gita, "DELETE", "/api/v1/users/new@contoso.example", nil, denied},
		{"removeUser", "allowed", ada, "DELETE", "/api/v1/users/new@contoso.example", nil, none},
		{"removeUser", "again", ada, "DELETE", "/api/v1/users/new@contoso.example", nil, missing},
		{"removeUser", "the last administrator", ada, "DELETE", "/api/v1/users/" + ada, nil, denied},
		{"listGroups", "allowed", gita, "GET", "/api/v1/groups", nil, ok},
		{"listGroups", "without any right", nora, "GET", "/api/v1/groups", nil, denied},
		{"getGroup", "seen", gita, "GET", "/api/v1/groups/sales-tier1", nil, ok},
		{"getGroup", "without any right", nora, "GET", "/api/v1/groups/sales-tier1", nil, missing},
		{"putGroup", "allowed", ada, "PUT", "/api/v1/groups/night", map[string]any{"members": []string{nora}}, ok},
		{"putGroup", "of another case", ada, "PUT", "/api/v1/groups/NIGHT", map[string]any{"members": []string{nora}}, conflict},
		{"putGroup", "of who is not there", ada, "PUT", "/api/v1/groups/night", map[string]any{"members": []string{"none@contoso.example"}}, invalid},
		{"putGroup", "of a name that is taken, without the right", nora, "PUT", "/api/v1/groups/SALES-TIER1", map[string]any{"members": []string{}}, denied},
		{"putGroup", "of who may not be there, without the right", nora, "PUT", "/api/v1/groups/x", map[string]any{"members": []string{"none@contoso.example"}}, denied},
		{"putGroup", "without the right", gita, "PUT", "/api/v1/groups/night", map[string]any{"members": []string{gita}}, denied},
		{"removeGroup", "without the right", gita, "DELETE", "/api/v1/groups/night", nil, denied},
		{"removeGroup", "allowed", ada, "DELETE", "/api/v1/groups/night", nil, none},
		{"createRole", "over several workloads", ada, "POST", "/api/v1/roles", map[string]any{"name": "Wide", "workload": "unified", "permissions": []string{"microsoft.xdr/secops/*/read", "Alerts"},
			"assignments": []any{map[string]any{"name": "All", "users": []string{nora}, "groups": []string{"hr-tier1"}, "dataSources": []string{"all"}}}}, created},
		{"createRole", "over several workloads, for nothing", ada, "POST", "/api/v1/roles", map[string]any{"name": "Wider", "workload": "unified", "permissions": []string{}, "assignments": []any{map[string]any{"users": []string{nora}}}}, invalid},
		{"createRole", "over several workloads, by a manager of one", enzo, "POST", "/api/v1/roles", map[string]any{"name": "Wider", "workload": "unified", "permissions": []string{}}, denied},
		{"createUnifiedAssignment", "allowed", ada, "POST", "/api/v1/unified/assignments", map[string]any{"role": "rol_span", "name": "Mail", "users": []string{nora}, "dataSources": []string{"office365"}}, created},
		{"createUnifiedAssignment", "for all and some", ada, "POST", "/api/v1/unified/assignments", map[string]any{"role": "rol_span", "users": []string{nora}, "dataSources": []string{"all", "office365"}}, invalid},
		{"createUnifiedAssignment", "of a role of one workload", ada, "POST", "/api/v1/unified/assignments", map[string]any{"role": "rol_reader", "users": []string{nora}, "dataSources": []string{"all"}}, invalid},
		{"createUnifiedAssignment", "seen, without the right", gita, "POST", "/api/v1/unified/assignments", map[string]any{"role": "rol_span", "users": []string{gita}, "dataSources": []string{"all"}}, denied},
		{"createUnifiedAssignment", "of a role out of sight", enzo, "POST", "/api/v1/unified/assignments", map[string]any{"role": "rol_span", "users": []string{enzo}, "dataSources": []string{"all"}}, missing},
		{"getUnifiedAssignment", "seen", gita, "GET", "/api/v1/unified/assignments/set_span", nil, ok},
		{"getUnifiedAssignment", "out of sight", enzo, "GET", "/api/v1/unified/assignments/set_span", nil, missing},
		{"updateUnifiedAssignment", "allowed", ada, "PUT", "/api/v1/unified/assignments/set_span", map[string]any{"name": "HR", "groups": []string{"hr-tier1"}, "users": []string{nora}, "dataSources": []string{"identity", "endpoint"}, "scope": map[string]any{"deviceGroups": []string{"HR devices"}}}, ok},
		{"updateUnifiedAssignment", "to nobody", ada, "PUT", "/api/v1/unified/assignments/set_span", map[string]any{"dataSources": []string{"identity"}}, invalid},
		{"updateUnifiedAssignment", "seen, without the right", gita, "PUT", "/api/v1/unified/assignments/set_span", map[string]any{"users": []string{gita}, "dataSources": []string{"identity"}}, denied},
		{"updateUnifiedAssignment", "out of sight", nora, "PUT", "/api/v1/unified/assignments/set_span", map[string]any{"users": []string{nora}, "dataSources": []string{"identity"}}, missing},
		{"setActivation", "allowed", ada, "PUT", "/api/v1/unified/activation", map[string]any{"workload": "identity", "unified": "shadow"}, ok},
		{"setActivation", "of what is no product", ada, "PUT", "/api/v1/unified/activation", map[string]any{"workload": "other", "unified": "on"}, invalid},
		{"setActivation", "to maybe", ada, "PUT", "/api/v1/unified/activation", map[string]any{"workload": "identity", "unified": "maybe"}, invalid},
		{"setActivation", "by the endpoint administrator", enzo, "PUT", "/api/v1/unified/activation", map[string]any{"workload": "endpoint", "unified": "on"}, denied},
		{"previewAccess", "of activating", ada, "POST", "/api/v1/access/preview", map[string]any{"changes": []any{map[string]any{"setActivation": map[string]any{"workload": "endpoint", "unified": "on"}}}}, ok},
		{"previewAccess", "of a set out of sight", enzo, "POST", "/api/v1/access/preview", map[string]any{"changes": []any{map[string]any{"deleteUnifiedAssignment": "set_span"}}}, missing},
		{"listShadowDifferences", "allowed", gita, "GET", "/api/v1/unified/differences?workload=identity&principal=" + nora, nil, ok},
		{"listShadowDifferences", "without any right", nora, "GET", "/api/v1/unified/differences", nil, denied},
		{"listRoleDefinitions", "allowed", gita, "GET", defender + "roleDefinitions?$filter=startsWith(displayName,'sp')&$count=true&$top=1", nil, ok},
		{"listRoleDefinitions", "without any right", nora, "GET", defender + "roleDefinitions", nil, denied},
		{"listRoleDefinitions", "by a bad filter", gita, "GET", defender + "roleDefinitions?$filter=name%20eq%20'x'", nil, invalid},
		{"listRoleDefinitions", "by an endless filter", gita, "GET", defender + "roleDefinitions?$filter=" + strings.Repeat("%20", 5000), nil, invalid},
		{"listRoleDefinitions", "by an unknown option", gita, "GET", defender + "roleDefinitions?$orderby=id", nil, invalid},
		{"createRoleDefinition", "allowed", ada, "POST", defender + "roleDefinitions", map[string]any{"displayName": "Graph", "rolePermissions": []any{map[string]any{"allowedResourceActions": []string{"microsoft.xdr/secops/*/read"}}}}, created},
		{"createRoleDefinition", "of a name that is taken", ada, "POST", defender + "roleDefinitions", map[string]any{"displayName": "GRAPH"}, conflict},
		{"createRoleDefinition", "of an unknown action", ada, "POST", defender + "roleDefinitions", map[string]any{"displayName": "G", "rolePermissions": []any{map[string]any{"allowedResourceActions": []string{"microsoft.xdr/secops/securitydatabasics/read"}}}}, invalid},
		{"createRoleDefinition", "of more than can be", ada, "POST", defender + "roleDefinitions", map[string]any{"displayName": "G", "rolePermissions": []any{map[string]any{"allowedResourceActions": strings.Split(strings.Repeat("x,", 600), ",")}}}, invalid},
		{"createRoleDefinition", "disabled", ada, "POST", defender + "roleDefinitions", map[string]any{"displayName": "G", "isEnabled": false}, invalid},
		{"createRoleDefinition", "with what is no property", ada, "POST", defender + "roleDefinitions", map[string]any{"displayName": "G", "color": "red"}, invalid},
		{"createRoleDefinition", "without the right", gita, "POST", defender + "roleDefinitions", map[string]any{"displayName": "G"}, denied},
		{"getRoleDefinition", "seen", gita, "GET", defender + "roleDefinitions/rol_span", nil, ok},
		{"getRoleDefinition", "of a product's own role", gita, "GET", defender + "roleDefinitions/rol_reader", nil, missing},
		{"getRoleDefinition", "out of sight", enzo, "GET", defender + "roleDefinitions/rol_span", nil, missing},
		{"updateRoleDefinition", "allowed", ada, "PATCH", defender + "roleDefinitions/rol_span", map[string]any{"description": "Spans"}, ok},
		{"updateRoleDefinition", "seen, without the right", gita, "PATCH", defender + "roleDefinitions/rol_span", map[string]any{"description": "mine"}, denied},
		{"updateRoleDefinition", "of a product's own role", ada, "PATCH", defender + "roleDefinitions/rol_reader", map[string]any{"description": "mine"}, missing},
		{"listRoleAssignments", "of a principal", gita, "GET", defender + "roleAssignments?$filter=principalIds/any(a:a%20eq%20'group:hr-tier1')&$expand=principals,roleDefinition", nil, ok},
		{"listRoleAssignments", "without any right", nora, "GET", defender + "roleAssignments", nil, denied},
		{"listRoleAssignments", "with what can't be expanded", gita, "GET", defender + "roleAssignments?$expand=appScopes", nil, invalid},
		{"createRoleAssignment", "allowed", ada, "POST", defender + "roleAssignments", map[string]any{"displayName": "A", "roleDefinitionId": "rol_span", "principalIds": []string{nora}, "directoryScopeIds": []string{"/"}, "appScopeIds": []string{"Mde", "Mdi"}}, created},
		{"createRoleAssignment", "for what is not here", ada, "POST", defender + "roleAssignments", map[string]any{"displayName": "A", "roleDefinitionId": "rol_span", "principalIds": []string{nora}, "appScopeIds": []string{"Mdc", "/CloudSet/123"}}, invalid},
		{"createRoleAssignment", "for nowhere", ada, "POST", defender + "roleAssignments", map[string]any{"displayName": "A", "roleDefinitionId": "rol_span", "principalIds": []string{nora}}, invalid},
		{"createRoleAssignment", "to who is not there", ada, "POST", defender + "roleAssignments", map[string]any{"displayName": "A", "roleDefinitionId": "rol_span", "principalIds": []string{"none"}, "appScopeIds": []string{"/"}}, invalid},
		{"createRoleAssignment", "of a role that is not there", ada, "POST", defender + "roleAssignments", map[string]any{"displayName": "A", "roleDefinitionId": "none", "principalIds": []string{nora}, "appScopeIds": []string{"/"}}, missing},
		{"createRoleAssignment", "without the right", gita, "POST", defender + "roleAssignments", map[string]any{"displayName": "A", "roleDefinitionId": "rol_span", "principalIds": []string{gita}, "appScopeIds": []string{"/"}}, denied},
		{"getRoleAssignment", "seen", gita, "GET", defender + "roleAssignments/set_span?$expand=roleDefinition", nil, ok},
		{"getRoleAssignment", "out of sight", nora, "GET", defender + "roleAssignments/set_span", nil, missing},
		{"updateRoleAssignment", "allowed", ada, "PATCH", defender + "roleAssignments/set_span", map[string]any{"principalIds": []string{"group:hr-tier1", nora}}, ok},
		{"updateRoleAssignment", "to another role", ada, "PATCH", defender + "roleAssignments/set_span", map[string]any{"roleDefinitionId": "other"}, invalid},
		{"updateRoleAssignment", "seen, without the right", gita, "PATCH", defender + "roleAssignments/set_span", map[string]any{"displayName": "mine"}, denied},
		{"updateRoleAssignment", "out of sight", nora, "PATCH", defender + "roleAssignments/set_span", map[string]any{"displayName": "mine"}, missing},
		{"deleteRoleAssignment", "without the right", gita, "DELETE", defender + "roleAssignments/set_span", nil, denied},
		{"deleteRoleAssignment", "not there", ada, "DELETE", defender + "roleAssignments/none", nil, missing},
		{"deleteRoleDefinition", "seen, without the right", gita, "DELETE", defender + "roleDefinitions/rol_span", nil, denied},
		{"deleteRoleDefinition", "of a product's own role", ada, "DELETE", defender + "roleDefinitions/rol_reader", nil, missing},
		{"listResourceNamespaces", "allowed", gita, "GET", defender + "resourceNamespaces?$expand=resourceActions", nil, ok},
		{"listResourceNamespaces", "without any right", nora, "GET", defender + "resourceNamespaces", nil, denied},
		{"listCustomAppScopes", "allowed", gita, "GET", defender + "customAppScopes", nil, ok},
		{"listCustomAppScopes", "without any right", nora, "GET", defender + "customAppScopes", nil, denied},
		{"deleteUnifiedAssignment", "seen, without the right", gita, "DELETE", "/api/v1/unified/assignments/set_span", nil, denied},
		{"deleteUnifiedAssignment", "out of sight", nora, "DELETE", "/api/v1/unified/assignments/set_span", nil, missing},
		{"deleteUnifiedAssignment", "allowed", ada, "DELETE", "/api/v1/unified/assignments/set_span", nil, none},
		{"deleteUnifiedAssignment", "again", ada, "DELETE", "/api/v1/unified/assignments/set_span", nil, missing},
		{"listCeilings", "all", ada, "GET", "/api/v1/ceilings", nil, ok},
		{"listCeilings", "without the right", nora, "GET", "/api/v1/ceilings", nil, denied},
		{"putCeiling", "allowed", ada, "PUT", "/api/v1/ceilings/mail", map[string]any{"users": []string{gita}, "workloads": []string{"office365"}}, ok},
		{"putCeiling", "of another case", ada, "PUT", "/api/v1/ceilings/MAIL", map[string]any{"users": []string{gita}}, conflict},
		{"putCeiling", "of nobody", ada, "PUT", "/api/v1/ceilings/none", map[string]any{}, invalid},
		{"putCeiling", "of an unknown permission", ada, "PUT", "/api/v1/ceilings/none", map[string]any{"users": []string{gita}, "permissions": []string{"Purge"}}, invalid},
		{"putCeiling", "without the right", gita, "PUT", "/api/v1/ceilings/mail", map[string]any{"users": []string{ada}}, denied},
		{"getCeiling", "by whom it binds", gita, "GET", "/api/v1/ceilings/mail", nil, ok},
		{"getCeiling", "by another", nora, "GET", "/api/v1/ceilings/mail", nil, missing},
		{"removeCeiling", "without the right", gita, "DELETE", "/api/v1/ceilings/mail", nil, denied},
		{"removeCeiling", "by who does not see it", nora, "DELETE", "/api/v1/ceilings/mail", nil, missing},
		{"removeCeiling", "allowed", ada, "DELETE", "/api/v1/ceilings/mail", nil, none},
		{"removeGroup", "again", ada, "DELETE", "/api/v1/groups/night", nil, missing},

		{"alertFacets", "allowed", elena, "GET", "/api/v1/alerts/facets?filter=" + "severity%20eq%20'high'", nil, ok},
		{"alertFacets", "without any right", vera, "GET", "/api/v1/alerts/facets", nil, denied},
		{"alertFacets", "of a bad filter", elena, "GET", "/api/v1/alerts/facets?filter=severity", nil, invalid},
		{"listAudit", "allowed", ada, "GET", "/api/v1/audit?outcome=refused", nil, ok},
		{"listAudit", "of a search", ada, "GET", "/api/v1/audit?search=NIGHT&workload=endpoint&to=2100-01-01T00:00:00Z", nil, ok},
		{"listAudit", "of an unknown workload", ada, "GET", "/api/v1/audit?workload=mail", nil, invalid},
		{"getAuditEntry", "allowed", ada, "GET", "/api/v1/audit/entries/1", nil, ok},
		{"getAuditEntry", "of what was never written", ada, "GET", "/api/v1/audit/entries/99999", nil, missing},
		{"getAuditEntry", "of another workload", enzo, "GET", "/api/v1/audit/entries/1", nil, missing},
		{"getAuditEntry", "without any right", elena, "GET", "/api/v1/audit/entries/1", nil, denied},
		{"listAudit", "without any right", elena, "GET", "/api/v1/audit", nil, denied},
		{"verifyAudit", "allowed", ada, "GET", "/api/v1/audit/verify", nil, ok},
		{"verifyAudit", "by who sees a part", enzo, "GET", "/api/v1/audit/verify", nil, denied},
		{"ingest", "allowed", ada, "POST", "/api/v1/ingest?name=f.json", made()[:strings.Index(made(), "\n")], ok},
		{"ingest", "without the right", enzo, "POST", "/api/v1/ingest", `{}`, denied},
		{"ingest", "of nonsense", ada, "POST", "/api/v1/ingest", `{"id":1}`, invalid},
		{"exportPolicy", "allowed", ada, "GET", "/api/v1/policy", nil, ok},
		{"exportPolicy", "without the right", enzo, "GET", "/api/v1/policy", nil, denied},
		{"planPolicy", "allowed", ada, "POST", "/api/v1/policy/plan", map[string]any{"text": smallPolicy}, ok},
		{"planPolicy", "of nonsense", ada, "POST", "/api/v1/policy/plan", map[string]any{"text": "roles: 7"}, invalid},
		{"planPolicy", "without the right", nora, "POST", "/api/v1/policy/plan", map[string]any{"text": smallPolicy}, denied},
		{"adoptPolicy", "allowed", ada, "POST", "/api/v1/policy/adopt", map[string]any{"text": smallPolicy}, ok},
		{"adoptPolicy", "without the right", nora, "POST", "/api/v1/policy/adopt", map[string]any{"text": smallPolicy}, denied},
		{"adoptPolicy", "of one product's roles only", enzo, "POST", "/api/v1/policy/adopt", map[string]any{"text": smallPolicy}, denied},
		{"adoptPolicy", "of nonsense", ada, "POST", "/api/v1/policy/adopt", map[string]any{"text": "users: 7"}, invalid},
		{"applyPolicy", "of a plan that is stale", ada, "POST", "/api/v1/policy/apply", map[string]any{"text": smallPolicy, "plan": map[string]any{"revision": 1, "fingerprint": "x"}}, conflict},
		{"applyPolicy", "without the right", elena, "POST", "/api/v1/policy/apply", map[string]any{"text": smallPolicy}, denied},
		{"applyPolicy", "allowed", ada, "POST", "/api/v1/policy/apply", map[string]any{"name": "p.yaml", "text": smallPolicy}, ok},
		{"applyPolicy", "with an unknown field", ada, "POST", "/api/v1/policy/apply", map[string]any{"text": smallPolicy, "force": true}, invalid},

		{"planImport", "allowed", ada, "POST", "/api/v1/imports/plan", imported(`[{"name":"Import","permissions":["Alerts investigation"],"groups":[]}]`), ok},
		{"planImport", "by who may change roles of the product", enzo, "POST", "/api/v1/imports/plan", imported(`[{"name":"Import","permissions":["Alerts investigation"]}]`), ok},
		{"planImport", "of another product", enzo, "POST", "/api/v1/imports/plan", map[string]any{"product": "cloudapps", "files": []any{map[string]any{"name": "f", "text": "email,role\na@x,Security reader\n"}}}, denied},
		{"planImport", "of nonsense", ada, "POST", "/api/v1/imports/plan", imported(`[{"name":7}]`), invalid},
		{"planImport", "of a file with neither text nor bytes", ada, "POST", "/api/v1/imports/plan", map[string]any{"product": "endpoint", "files": []any{map[string]any{"name": "f"}}}, invalid},
		{"planImport", "of no file", ada, "POST", "/api/v1/imports/plan", map[string]any{"product": "endpoint", "files": []any{}}, invalid},
		{"planImport", "without the right", nora, "POST", "/api/v1/imports/plan", imported(`[]`), denied},
		{"applyImport", "without the right", elena, "POST", "/api/v1/imports/apply", imported(`[]`), denied},
		{"applyImport", "allowed", ada, "POST", "/api/v1/imports/apply", imported(`[{"name":"Import","permissions":["Alerts investigation"]}]`), ok},
		{"applyImport", "of a stale preview", ada, "POST", "/api/v1/imports/apply", with(imported(`[{"name":"Import","permissions":["Live response - Basic"]}]`), "revision", 1), conflict},

		{"listAlerts", "allowed", elena, "GET", "/v1.0/security/alerts_v2?$count=true&$top=2", nil, ok},
		{"listAlerts", "without any right", vera, "GET", "/v1.0/security/alerts_v2", nil, denied},
		{"listAlerts", "by an unknown option", elena, "GET", "/v1.0/security/alerts_v2?$apply=x", nil, invalid},
		{"getAlert", "seen", elena, "GET", "/v1.0/security/alerts_v2/sales01", nil, ok},
		{"getAlert", "out of reach", elena, "GET", "/v1.0/security/alerts_v2/hr01", nil, missing},
		{"updateAlert", "allowed", emil, "PATCH", "/v1.0/security/alerts_v2/sales01", map[string]any{"status": "inProgress"}, ok},
		{"updateAlert", "seen, without the right", elena, "PATCH", "/v1.0/security/alerts_v2/sales01", map[string]any{"status": "resolved"}, denied},
		{"updateAlert", "out of reach", elena, "PATCH", "/v1.0/security/alerts_v2/hr01", map[string]any{"status": "resolved"}, missing},
		{"updateAlert", "to nonsense", emil, "PATCH", "/v1.0/security/alerts_v2/sales01", map[string]any{"status": "happy"}, invalid},
		{"listAlertComments", "seen", elena, "GET", "/v1.0/security/alerts_v2/sales01/comments", nil, ok},
		{"listAlertComments", "out of reach", elena, "GET", "/v1.0/security/alerts_v2/hr01/comments", nil, missing},
		{"commentAlert", "allowed", emil, "POST", "/v1.0/security/alerts_v2/sales01/comments", map[string]any{"comment": "seen"}, ok},
		{"commentAlert", "seen, without the right", elena, "POST", "/v1.0/security/alerts_v2/sales01/comments", map[string]any{"comment": "seen"}, denied},
		{"commentAlert", "without a comment", emil, "POST", "/v1.0/security/alerts_v2/sales01/comments", map[string]any{}, invalid},
		{"commentAlert", "out of reach", elena, "POST", "/v1.0/security/alerts_v2/hr01/comments", map[string]any{"comment": "seen"}, missing},
		{"listIncidents", "allowed", elena, "GET", "/v1.0/security/incidents?$expand=alerts", nil, ok},
		{"listIncidents", "without any right", vera, "GET", "/v1.0/security/incidents", nil, denied},
		{"listIncidents", "by a bad filter", elena, "GET", "/v1.0/security/incidents?$filter=1", nil, invalid},
		{"getIncident", "seen in part", elena, "GET", "/v1.0/security/incidents/1042?$expand=alerts", nil, ok},
		{"getIncident", "not there", elena, "GET", "/v1.0/security/incidents/9", nil, missing},
		{"updateIncident", "allowed", ada, "PATCH", "/v1.0/security/incidents/1042", map[string]any{"status": "inProgress"}, ok},
		{"updateIncident", "seen, without the right", elena, "PATCH", "/v1.0/security/incidents/1042", map[string]any{"status": "resolved"}, denied},
		{"updateIncident", "to nonsense", ada, "PATCH", "/v1.0/security/incidents/1042", map[string]any{"status": 7}, invalid},
		{"updateIncident", "not there", ada, "PATCH", "/v1.0/security/incidents/9", map[string]any{"status": "resolved"}, missing},
		{"updateIncident", "that was changed meanwhile", ada, "PATCH", "/v1.0/security/incidents/1042", map[string]any{"status": "resolved"}, changed},
		{"listIncidentComments", "seen", ada, "GET", "/v1.0/security/incidents/1042/comments", nil, ok},
		{"listIncidentComments", "not there", ada, "GET", "/v1.0/security/incidents/9/comments", nil, missing},
		{"commentIncident", "allowed", ada, "POST", "/v1.0/security/incidents/1042/comments", map[string]any{"comment": "seen"}, ok},
		{"commentIncident", "seen, without the right", elena, "POST", "/v1.0/security/incidents/1042/comments", map[string]any{"comment": "seen"}, denied},
		{"commentIncident", "not there", ada, "POST", "/v1.0/security/incidents/9/comments", map[string]any{"comment": "seen"}, missing},

		{"authzenConfiguration", "anyone", "", "GET", "/.well-known/authzen-configuration", nil, ok},
		{"evaluate", "without a body", nora, "POST", "/access/v1/evaluation", ``, invalid},
		{"auditCheckpoint", "allowed", gita, "GET", "/api/v1/audit/checkpoint", nil, ok},
		{"auditCheckpoint", "of a part of the log", enzo, "GET", "/api/v1/audit/checkpoint", nil, denied},
		{"exportAudit", "allowed", gita, "GET", "/api/v1/audit/export", nil, ok},
		{"exportAudit", "without the right", nora, "GET", "/api/v1/audit/export", nil, denied},
		{"proveAuditEntry", "allowed", gita, "GET", "/api/v1/audit/entries/1/proof", nil, ok},
		{"proveAuditEntry", "not there", gita, "GET", "/api/v1/audit/entries/1000000/proof", nil, missing},
		{"proveAuditEntry", "of no number", gita, "GET", "/api/v1/audit/entries/x/proof", nil, invalid},
		{"proveAuditEntry", "without the right", nora, "GET", "/api/v1/audit/entries/1/proof", nil, denied},
		{"searchSubject", "without a body", nora, "POST", "/access/v1/search/subject", ``, invalid},
		{"searchResource", "without a body", nora, "POST", "/access/v1/search/resource", ``, invalid},
		{"searchAction", "without a body", nora, "POST", "/access/v1/search/action", ``, invalid},
		{"evaluateMany", "without a body", nora, "POST", "/access/v1/evaluations", ``, invalid},
	} {
		t.Run(c.operation+": "+c.name, func(t *testing.T) {
			covered[c.operation] = true
			var pairs []string
			if c.want == changed {
				pairs = []string{"If-Match", `W/"old"`}
			}
			r := w.ask(c.user, c.method, c.path, c.body, pairs...)
			if r.Status != c.want {
				t.Fatalf("got %d, want %d: %s", r.Status, c.want, r.Body)
			}
			if c.want < 400 {
				return
			}
			body := r.json(t)
			if strings.HasPrefix(c.path, "/v1.0/") || strings.HasPrefix(c.path, "/beta/") {
				if e, _ := body["error"].(map[string]any); e["code"] == "" || e["message"] == "" || e["innerError"] == nil {
					t.Errorf("not an error of Graph's: %s", r.Body)
				}
			} else if body["title"] == nil || body["status"] != float64(c.want) || r.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("not a problem: %s %s", r.Header.Get("Content-Type"), r.Body)
			}
		})
	}
	operations, err := contract()
	must(t, err)
	for _, o := range operations {
		if !covered[o.ID] {
			t.Errorf("%s has no line in the table", o.ID)
		}
	}
}

const smallPolicy = `apiVersion: bailiwick/v1
groups:
  - {name: night-shift, members: [nora@contoso.example]}
`

func imported(roles string) map[string]any {
	return map[string]any{"product": "endpoint", "files": []any{map[string]any{"name": "roles.json", "text": roles}}}
}

func with(m map[string]any, key string, value any) map[string]any {
	m[key] = value
	return m
}
