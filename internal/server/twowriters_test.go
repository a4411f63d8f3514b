package server

import (
	"net/http"
	"strings"
	"testing"
)

// Two administrators read one object, and both write it: the second is told, and overwrites nothing. What somebody writes
// elsewhere meanwhile is none of their business.
func TestTheSecondWriterOfOneObjectIsTold(t *testing.T) {
	w := newWorld(t)
	w.want(http.StatusOK, ada, "PUT", "/api/v1/ceilings/mail", map[string]any{"groups": []string{"machines"}})
	groups := func(description string) map[string]any {
		return map[string]any{"items": []any{
			map[string]any{"name": "Sales devices", "description": description, "open": false, "access": []string{"sales-tier1", "sales-tier2"}, "match": map[string]any{"name": []string{"sales-*"}}},
			map[string]any{"name": "HR devices", "open": false, "access": []string{"hr-tier1"}, "match": map[string]any{"name": []string{"hr-*"}}},
			map[string]any{"name": "Ungrouped devices (default)", "open": false, "access": []string{}},
		}}
	}
	w.keepRules("one", "two")
	notifies := func(name string) map[string]any {
		return map[string]any{"name": name, "severities": []string{"high"}, "everywhere": true, "recipients": []any{map[string]any{"user": elena}}}
	}
	for _, c := range []struct {
		path, method    string
		mine, theirs    map[string]any
		elsewhere       string
		elsewhereMethod string
		other           map[string]any
	}{
		{"/api/v1/roles/rol_mail", "PATCH", map[string]any{"description": "mine"}, map[string]any{"description": "theirs"}, "/api/v1/roles/rol_reader", "PATCH", map[string]any{"description": "other"}},
		{"/api/v1/users/" + vera, "PUT", map[string]any{"displayName": "mine"}, map[string]any{"displayName": "theirs"}, "/api/v1/users/" + nora, "PUT", map[string]any{"displayName": "other"}},
		{"/api/v1/groups/machines", "PUT", map[string]any{"members": []string{enzo, vera}}, map[string]any{"members": []string{enzo, nora}}, "/api/v1/groups/other", "PUT", map[string]any{"members": []string{}}},
		{"/api/v1/ceilings/mail", "PUT", map[string]any{"groups": []string{"machines"}, "description": "mine"}, map[string]any{"groups": []string{"machines"}, "description": "theirs"}, "/api/v1/ceilings/other", "PUT", map[string]any{"groups": []string{"machines"}}},
		{"/api/v1/notifications/rules/one", "PUT", notifies("mine"), notifies("theirs"), "/api/v1/notifications/rules/two", "PUT", notifies("other")},
		{"/api/v1/settings", "PUT", map[string]any{"tellHiddenAlerts": false}, map[string]any{"tellHiddenAlerts": true}, "/api/v1/action-rules", "PUT", map[string]any{"othersApprove": true}},
		{"/api/v1/action-rules", "PUT", map[string]any{"othersApprove": true}, map[string]any{"othersApprove": false}, "/api/v1/settings", "PUT", map[string]any{"tellHiddenAlerts": false}},
		{"/api/v1/device-groups", "PUT", groups("mine"), groups("theirs"), "/api/v1/roles/rol_reader", "PATCH", map[string]any{"description": "another"}},
		{"/api/v1/unified/assignments/set_span", "PUT", map[string]any{"groups": []string{"hr-tier1"}, "dataSources": []string{"identity"}, "name": "mine"},
			map[string]any{"groups": []string{"hr-tier1"}, "dataSources": []string{"identity"}, "name": "theirs"}, "/api/v1/roles/rol_reader", "PATCH", map[string]any{"description": "more"}},
	} {
		t.Run(c.path, func(t *testing.T) {
			read := w.want(http.StatusOK, ada, "GET", c.path, nil)
			tag := read.Header.Get("ETag")
			if tag == "" || read.json(t)["etag"] != tag {
				t.Fatalf("no tag: %q %s", tag, read.Body)
			}
			w.want(http.StatusOK, ada, c.elsewhereMethod, c.elsewhere, c.other) // another object
			if again := w.want(http.StatusOK, ada, "GET", c.path, nil).Header.Get("ETag"); again != tag {
				t.Errorf("a change elsewhere is none of this: %s, then %s", tag, again)
			}
			first := w.want(http.StatusOK, ada, c.method, c.path, c.theirs, "If-Match", tag)
			second := w.want(http.StatusPreconditionFailed, ada, c.method, c.path, c.mine, "If-Match", tag)
			if second.Header.Get("Content-Type") != "application/problem+json" || !strings.Contains(second.Body, "changed it since you read it") {
				t.Errorf("not told: %s", second.Body)
			}
			now := w.want(http.StatusOK, ada, "GET", c.path, nil)
			if now.Header.Get("ETag") != first.Header.Get("ETag") || now.Header.Get("ETag") == tag || strings.Contains(now.Body, "mine") {
				t.Errorf("overwritten: %s", now.Body)
			}
			w.want(http.StatusOK, ada, c.method, c.path, c.mine, "If-Match", now.Header.Get("ETag"))
			w.want(http.StatusOK, ada, c.method, c.path, c.theirs, "If-Match", "*")
		})
	}
	tag := w.want(http.StatusOK, ada, "GET", "/api/v1/assignments/asg_mail", nil).Header.Get("ETag")
	w.want(http.StatusPreconditionFailed, ada, "DELETE", "/api/v1/assignments/asg_hr", nil, "If-Match", tag)
	w.want(http.StatusNoContent, ada, "DELETE", "/api/v1/assignments/asg_mail", nil, "If-Match", tag)
	w.want(http.StatusPreconditionFailed, ada, "DELETE", "/api/v1/roles/rol_reader", nil, "If-Match", tag)
	w.want(http.StatusPreconditionFailed, ada, "PUT", "/api/v1/workloads/endpoint", map[string]any{"roles": false}, "If-Match", tag)
	w.want(http.StatusPreconditionFailed, ada, "PUT", "/api/v1/unified/activation", map[string]any{"workload": "endpoint", "unified": "on"}, "If-Match", tag)
	w.want(http.StatusPreconditionFailed, ada, "PUT", "/api/v1/users/new@contoso.example", map[string]any{"displayName": "New"}, "If-Match", "*")
	// An action that waits: what is approved is what was read.
	w.load("a", `{"id":"act1","workload":"endpoint","actionType":"runAntiVirusScan","status":"pendingApproval","createdDateTime":"2026-03-01T00:00:00Z","asset":{"type":"device","id":"sales-01"}}`)
	tag = w.want(http.StatusOK, ada, "GET", "/api/v1/actions/act1", nil).Header.Get("ETag")
	w.load("b", `{"id":"act1","workload":"endpoint","actionType":"isolateDevice","status":"pendingApproval","createdDateTime":"2026-03-01T00:00:00Z","lastUpdateDateTime":"2026-03-02T00:00:00Z","asset":{"type":"device","id":"sales-01"}}`)
	for _, verb := range []string{"approve", "decline", "cancel"} {
		w.want(http.StatusPreconditionFailed, ada, "POST", "/api/v1/actions/act1/"+verb, map[string]any{}, "If-Match", tag)
	}
	if r := w.want(http.StatusOK, ada, "POST", "/api/v1/action-decisions", map[string]any{"ids": []string{"act1"}, "decision": "approved", "etags": map[string]string{"act1": tag}}); !strings.Contains(r.Body, `"changed":0`) || !strings.Contains(r.Body, "since you read it") {
		t.Errorf("of several: %s", r.Body)
	}
	w.want(http.StatusForbidden, elena, "POST", "/api/v1/actions/act1/approve", map[string]any{}, "If-Match", tag)
	now := w.want(http.StatusOK, ada, "GET", "/api/v1/actions/act1", nil)
	if now.json(t)["etag"] != now.Header.Get("ETag") || now.Header.Get("ETag") == tag {
		t.Errorf("the tag: %s", now.Body)
	}
	w.want(http.StatusOK, ada, "POST", "/api/v1/actions/act1/approve", map[string]any{}, "If-Match", now.Header.Get("ETag"))

	// A tag tells nobody what they may not know: neither that it is there, nor that theirs is old.
	w.want(http.StatusNotFound, enzo, "PATCH", "/api/v1/roles/rol_mail", map[string]any{"description": "x"}, "If-Match", tag)
	w.want(http.StatusForbidden, gita, "PATCH", "/api/v1/roles/rol_mail", map[string]any{"description": "x"}, "If-Match", tag)
	w.want(http.StatusForbidden, nora, "PUT", "/api/v1/users/"+vera, map[string]any{"displayName": "V"}, "If-Match", tag)
}
