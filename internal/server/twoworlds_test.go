package server

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Two worlds, equal in all that Elena may see and different in what she may not: more alerts and incidents on devices
// out of her reach, other people, other roles. Whatever she reads must be the same, headers, order, totals, links,
// marks and errors included. Every reading operation of the contract is in it.
func TestTwoWorldsReadTheSame(t *testing.T) {
	one, two := newWorld(t), newWorld(t)
	hide(one, 3, "low")
	hide(two, 40, "high")
	filters := url.Values{"$filter": {"severity eq 'high' or status eq 'new'"}, "$orderby": {"severity desc"}, "$count": {"true"}, "$top": {"3"}}.Encode()
	reads := map[string][]string{
		"live": {"/livez"}, "ready": {"/readyz"}, "metrics": nil, // counts everybody's requests, for the machine's owner
		"getSession":   nil,                                     // says when her token ends
		"listSessions": {"/api/v1/sessions"}, "listTokens": nil, // ids and times of her own
		"getMe":            nil, // says when her token ends
		"getView":          {"/api/v1/view"},
		"listWorkloads":    {"/api/v1/workloads"},
		"listRoles":        {"/api/v1/roles", "/api/v1/roles?q=Hidden"},
		"getRole":          {"/api/v1/roles/hidden3", "/api/v1/roles/rol_mail"},
		"listAssignments":  {"/api/v1/assignments", "/api/v1/assignments?principal=" + elena},
		"getAssignment":    {"/api/v1/assignments/asg_mail"},
		"listDeviceGroups": {"/api/v1/device-groups"},
		"listGlobalRoles":  {"/api/v1/global-roles"},
		"listRequirements": {"/api/v1/requirements"},
		"listPermissions":  {"/api/v1/permissions"},
		"accessMatrix":     {"/api/v1/access/matrix", "/api/v1/access/matrix?q=hidden", "/api/v1/access/matrix?onlyHas=true", "/api/v1/access/matrix?of=roles", "/api/v1/access/matrix?role=hidden3", "/api/v1/access/matrix?group=hr-tier1", "/api/v1/access/matrix?workload=endpoint&deviceGroup=HR%20devices"},
		"effectiveAccess":  {"/api/v1/access/effective", "/api/v1/access/effective?principal=hidden3@contoso.example"},
		"whoMay": {"/api/v1/access/who-may?thing=alert&id=sales01", "/api/v1/access/who-may?thing=alert&id=hidden3", "/api/v1/access/who-may?thing=incident&id=ihidden3",
			"/api/v1/access/who-may?thing=device&id=hr-01", "/api/v1/access/who-may?thing=device-group&id=HR%20devices"},
		"takeReport":             {"/api/v1/reports?of=roles", "/api/v1/reports?of=assignments&format=json", "/api/v1/reports?of=matrix", "/api/v1/reports?of=matrix&format=json&onlyHas=true", "/api/v1/reports?of=matrix&role=hidden3", "/api/v1/reports?of=role-matrix"},
		"whoCan":                 {"/api/v1/access/who-can?capability=alerts.manage&workload=endpoint"},
		"listRoleVersions":       {"/api/v1/roles/hidden3/versions", "/api/v1/roles/rol_mail/versions", "/api/v1/roles/rol_span/versions"},
		"listDeletedRoles":       {"/api/v1/deleted-roles"},
		"compareAccess":          {"/api/v1/access/compare?left=role:hidden3&right=role:rol_mail", "/api/v1/access/compare?left=user:" + elena + "&right=user:hidden3@contoso.example", "/api/v1/access/compare?left=user:" + elena + "&right=group:hr-tier1"},
		"listUsers":              {"/api/v1/users"},
		"getUser":                {"/api/v1/users/hidden3@contoso.example", "/api/v1/users/" + elena},
		"listGroups":             {"/api/v1/groups"},
		"getGroup":               {"/api/v1/groups/hr-tier1"},
		"listCeilings":           {"/api/v1/ceilings"},
		"getCeiling":             {"/api/v1/ceilings/hidden"},
		"listRoleDefinitions":    {defender + "roleDefinitions?$count=true"},
		"getRoleDefinition":      {defender + "roleDefinitions/rol_span"},
		"listRoleAssignments":    {defender + "roleAssignments?$expand=principals"},
		"getRoleAssignment":      {defender + "roleAssignments/set_span"},
		"listResourceNamespaces": {defender + "resourceNamespaces?$expand=resourceActions"},
		"listCustomAppScopes":    {defender + "customAppScopes"},
		"getUnifiedAssignment":   {"/api/v1/unified/assignments/set_span"},
		"listShadowDifferences":  {"/api/v1/unified/differences"},
		"alertFacets":            {"/api/v1/alerts/facets", "/api/v1/alerts/facets?filter=severity%20eq%20'high'", "/api/v1/alerts/facets?filter=deviceGroups/any(g:g%20eq%20'HR%20devices')"},
		"exportAlerts":           {"/api/v1/alerts/export", "/api/v1/alerts/export?format=json&filter=severity%20eq%20'high'", "/api/v1/alerts/export?search=hidden"},
		"alertActivity":          {"/api/v1/alerts/sales01/activity", "/api/v1/alerts/hidden3/activity"},
		"incidentActivity":       {"/api/v1/incidents/shared/activity", "/api/v1/incidents/ihidden3/activity"},
		"watchQueue":             {"/api/v1/live?window=w"},
		"listActions": {"/api/v1/actions", "/api/v1/actions?tab=pending&limit=2", "/api/v1/actions?tab=history", "/api/v1/actions?search=hidden", "/api/v1/actions?incident=ihidden3",
			"/api/v1/actions?device=hr-01", "/api/v1/actions?workload=office365&type=softDeleteEmail&status=succeeded,failed"},
		"actionFacets":    {"/api/v1/action-facets", "/api/v1/action-facets?search=hidden"},
		"exportActions":   {"/api/v1/action-export", "/api/v1/action-export?search=hidden"},
		"getAction":       {"/api/v1/actions/seen1", "/api/v1/actions/hidden3", "/api/v1/actions/mail3"},
		"listActionTypes": {"/api/v1/action-types"},
		"getActionRules":  {"/api/v1/action-rules"},
		"listSavedViews":  {"/api/v1/saved-views"},

		"listNotificationRules": {"/api/v1/notifications/rules"}, "getNotificationRule": {"/api/v1/notifications/rules/hidden", "/api/v1/notifications/rules/none"},
		"listNotifications": {"/api/v1/notifications/log", "/api/v1/notifications/log?rule=hidden"}, "getNotificationChannels": {"/api/v1/notifications/channels"},

		"listReports":          {"/api/v1/threat-analytics/reports", "/api/v1/threat-analytics/reports?orderby=exposure", "/api/v1/threat-analytics/reports?orderby=alerts&limit=1", "/api/v1/threat-analytics/reports?search=hidden"},
		"getReport":            {"/api/v1/threat-analytics/reports/wave", "/api/v1/threat-analytics/reports/gone"},
		"reportIncidents":      {"/api/v1/threat-analytics/reports/wave/incidents", "/api/v1/threat-analytics/reports/wave/incidents?limit=1"},
		"reportAssets":         {"/api/v1/threat-analytics/reports/wave/assets?kind=device", "/api/v1/threat-analytics/reports/wave/assets?kind=user", "/api/v1/threat-analytics/reports/wave/assets?kind=mailbox&limit=1"},
		"reportExposedDevices": {"/api/v1/threat-analytics/reports/wave/exposed-devices", "/api/v1/threat-analytics/reports/wave/exposed-devices?mitigation=scid-1&limit=1"},
		"reportMail":           {"/api/v1/threat-analytics/reports/wave/mail"},

		"listAudit":       {"/api/v1/audit", "/api/v1/audit?search=hidden", "/api/v1/audit?workload=endpoint&from=2020-01-01T00:00:00Z"},
		"getAuditEntry":   {"/api/v1/audit/entries/1", "/api/v1/audit/entries/9999"},
		"verifyAudit":     {"/api/v1/audit/verify"},
		"auditCheckpoint": {"/api/v1/audit/checkpoint"},
		"exportAudit":     {"/api/v1/audit/export"},
		"proveAuditEntry": {"/api/v1/audit/entries/1/proof", "/api/v1/audit/entries/9999/proof"},
		"exportPolicy":    {"/api/v1/policy"},
		"listAlerts": {"/v1.0/security/alerts_v2?$count=true", "/v1.0/security/alerts_v2?" + filters, "/v1.0/security/alerts_v2?$skip=20&$top=20",
			"/v1.0/security/alerts_v2?$search=hidden&$count=true", "/v1.0/security/alerts_v2?$filter=id%20eq%20'hidden3'&$count=true"},
		"getAlert":             {"/v1.0/security/alerts_v2/sales01", "/v1.0/security/alerts_v2/hidden3", "/v1.0/security/alerts_v2/da637490118204417723_-1180349021"},
		"listAlertComments":    {"/v1.0/security/alerts_v2/sales01/comments", "/v1.0/security/alerts_v2/hidden3/comments"},
		"listIncidents":        {"/v1.0/security/incidents?$count=true&$expand=alerts", "/v1.0/security/incidents?$top=3&$orderby=lastUpdateDateTime%20desc&$count=true"},
		"getIncident":          {"/v1.0/security/incidents/shared", "/v1.0/security/incidents/shared?$expand=alerts", "/v1.0/security/incidents/ihidden3", "/v1.0/security/incidents/1042?$expand=alerts"},
		"listIncidentComments": {"/v1.0/security/incidents/shared/comments", "/v1.0/security/incidents/ihidden3/comments"},
		"authzenConfiguration": {"/.well-known/authzen-configuration"},
	}
	operations, err := contract()
	must(t, err)
	for _, o := range operations {
		paths, known := reads[o.ID]
		if o.Method != "GET" {
			continue
		}
		if !known {
			t.Errorf("%s is a reading operation without a line here", o.ID)
		}
		for _, path := range paths {
			for _, actions := range []string{"", "include"} {
				a, b := seen(one, path, actions), seen(two, path, actions)
				if a != b {
					a, b = differ(a, b)
					t.Errorf("GET %s:\n%s\n--- and ---\n%s", path, a, b)
				}
			}
		}
	}
	for _, body := range []string{
		`{"capability":"alerts.manage","workload":"office365"}`, `{"capability":"alerts.manage","workload":"endpoint","deviceGroup":"HR devices"}`,
		`{"capability":"roles.view","workload":"endpoint"}`, `{"principal":"hidden3@contoso.example","capability":"alerts.manage","workload":"office365"}`,
		`{"role":"hidden3","capability":"alerts.manage","workload":"office365"}`,
	} {
		a, b := one.ask(elena, "POST", "/api/v1/access/explain", body), two.ask(elena, "POST", "/api/v1/access/explain", body)
		if plain(a) != plain(b) {
			t.Errorf("explanation of %s:\n%s\n%s", body, plain(a), plain(b))
		}
	}
	for _, body := range []string{
		onSales(elena, "investigation.view"), onSales("hidden3@contoso.example", "alerts.manage"),
		`{"subject":{"type":"user","id":"` + elena + `"},"action":{"name":"investigation.view"},"resource":{"type":"incident","id":"ihidden3"}}`,
	} {
		a, b := one.ask(elena, "POST", evaluation, body), two.ask(elena, "POST", evaluation, body)
		if plain(a) != plain(b) {
			t.Errorf("evaluation of %s:\n%s\n%s", body, plain(a), plain(b))
		}
	}
}

// hide fills a world with what Elena does not see: alerts on devices of HR, some of them in an incident of hers.
func hide(w *world, n int, severity string) {
	w.t.Helper()
	var b strings.Builder
	for i := range n {
		incident := fmt.Sprintf("ihidden%d", i+3)
		if i%3 == 0 {
			incident = "shared"
		}
		fmt.Fprintf(&b, `{"id":"hidden%d","incidentId":%q,"title":"Hidden","status":"resolved","severity":%q,"serviceSource":"microsoftDefenderForEndpoint","createdDateTime":"2026-02-0%dT00:00:00Z","lastUpdateDateTime":"2026-03-01T00:00:00Z","evidence":[{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":"hr-0%d","deviceDnsName":"hr-0%d","createdDateTime":"2026-02-01T00:00:00Z"}]}`+"\n", i+3, incident, severity, i%9+1, i%7+1, i%7+1)
	}
	b.WriteString(`{"id":"shared1","incidentId":"shared","title":"Hers","status":"new","severity":"medium","serviceSource":"microsoftDefenderForEndpoint","createdDateTime":"2026-02-01T00:00:00Z","lastUpdateDateTime":"2026-02-01T00:00:00Z","evidence":[{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":"sales-01","deviceDnsName":"sales-01","createdDateTime":"2026-02-01T00:00:00Z"}]}` + "\n")
	for i := range n {
		fmt.Fprintf(&b, `{"id":"hidden%d","workload":"endpoint","actionType":"isolateDevice","status":"pendingApproval","details":"hidden","createdDateTime":"2026-03-01T00:00:0%dZ","expirationDateTime":"2099-01-01T00:00:00Z","asset":{"type":"device","id":"hr-0%d"}}`+"\n", i+3, i%9, i%7+1)
		fmt.Fprintf(&b, `{"id":"mail%d","workload":"office365","actionType":"softDeleteEmail","status":"succeeded","details":"hidden","createdDateTime":"2026-03-01T00:00:0%dZ"}`+"\n", i+3, i%9)
	}
	for i, incident := range []string{"shared", "ihidden3", "shared"} {
		fmt.Fprintf(&b, `{"id":"seen%d","workload":"endpoint","actionType":"runAntiVirusScan","status":"pendingApproval","incidentId":%q,"alertIds":["hidden3","shared1"],"createdDateTime":"2026-03-01T00:00:0%dZ","expirationDateTime":"2099-01-01T00:00:00Z","asset":{"type":"device","id":"sales-01"}}`+"\n", i, incident, i)
	}
	rows := threats(w, n)
	must(w.t, w.store.Change(context.Background(), func(tx store.Writer) error {
		edits := []rbac.Edit{rbac.PutGroup{Group: rbac.Group{Name: "hr-tier1", Members: []string{hugo, nora}[:1+n%2]}}}
		for i := range n {
			name := fmt.Sprintf("hidden%d", i)
			role := rbac.Role{ID: name, Workload: rbac.Office365, Name: name, Permissions: []string{"Manage Alerts"}}
			edits = append(edits, rbac.PutUser{User: rbac.User{Name: name + "@contoso.example"}}, rbac.PutRole{Role: role},
				rbac.PutAssignment{Assignment: rbac.Assignment{ID: name, Role: role.Ref(), User: name + "@contoso.example", Scope: rbac.Scope{All: true}}})
		}
		if err := tx.ApplyEdits(edits...); err != nil {
			return err
		}
		if err := tx.PutNotificationRule(store.NotificationRule{ID: "hidden", Name: "Hidden", On: true, Severities: []string{severity}, Everywhere: true, Recipients: []store.Recipient{{User: hugo}}}); err != nil {
			return err
		}
		_, err := tx.NextPolicyRevision()
		return err
	}))
	for _, text := range []string{b.String(), rows} {
		w.load("hidden", text)
	}
}

// threats fills Threat analytics: two reports that both worlds have, what a device of Sales lacks, and n devices of HR and messages
// that Elena may not know of. She may know of weaknesses.
func threats(w *world, n int) string {
	w.t.Helper()
	must(w.t, w.store.Change(context.Background(), func(tx store.Writer) error {
		role := rbac.Role{ID: "rol_weak", Workload: rbac.Endpoint, Name: "Weaknesses", Permissions: []string{"View data - Threat and vulnerability management"}}
		if err := tx.ApplyEdits(rbac.PutRole{Role: role}, rbac.PutAssignment{Assignment: rbac.Assignment{ID: "asg_weak", Role: role.Ref(), Group: "sales-tier1", Scope: rbac.Scope{All: true}}}); err != nil {
			return err
		}
		_, err := tx.NextPolicyRevision()
		return err
	}))
	var b strings.Builder
	for _, id := range []string{"wave", "calm"} {
		fmt.Fprintf(&b, `{"id":%q,"title":"A %[1]s","detections":["Hidden","Hers","Alert 3","Trojan:%[1]s"],"mitigations":["CVE-2026-0001","scid-1"],"published":"2026-01-01","content":"text"}`+"\n", id)
	}
	weak := func(device string, compliant bool) {
		fmt.Fprintf(&b, `{"time":"2026-03-01T00:00:00Z","category":"AdvancedHunting-DeviceTvmSoftwareVulnerabilities","properties":{"DeviceId":%q,"DeviceName":%[1]q,"SoftwareName":"x","CveId":"CVE-2026-0001"}}`+"\n", device)
		fmt.Fprintf(&b, `{"time":"2026-03-01T00:00:00Z","category":"AdvancedHunting-DeviceTvmSecureConfigurationAssessment","properties":{"DeviceId":%q,"DeviceName":%[1]q,"ConfigurationId":"scid-1","IsApplicable":true,"IsCompliant":%v}}`+"\n", device, compliant)
	}
	weak("sales-01", false)
	for i := range n {
		weak(fmt.Sprintf("hr-%d", i), i%2 == 0)
		fmt.Fprintf(&b, `{"time":%q,"category":"AdvancedHunting-EmailEvents","properties":{"NetworkMessageId":"m%d","RecipientEmailAddress":"a@x","DeliveryAction":"Blocked","ThreatNames":"Trojan:wave"}}`+"\n", time.Now().UTC().Format(time.RFC3339), i)
	}
	return b.String()
}

// seen is an answer without what belongs to the moment: ids of requests, the time of the answer, the server's address,
// and the seal of a link, made with a key of each store's own. Times of alerts and incidents stay.
func seen(w *world, path, actions string) string {
	var pairs []string
	if actions != "" {
		pairs = []string{"Bailiwick-Actions", actions}
	}
	r := w.ask(elena, "GET", path, nil, pairs...)
	r.Header.Set("Date", "DATE")
	var b strings.Builder
	fmt.Fprintln(&b, r.Status)
	_ = r.Header.Write(&b)
	text := strings.ReplaceAll(b.String()+r.Body, w.server.URL, "SERVER")
	text = moment.ReplaceAllString(ids.ReplaceAllString(text, "REQUEST"), "$1=NOW")
	return taken.ReplaceAllString(text, "filename=${1}NOW")
}

// taken is the second at which a file was taken, in its name.
var taken = regexp.MustCompile(`filename="([a-z-]+)-\d{4}-\d\d-\d\dT\d{6}`)

var moment = regexp.MustCompile(`("date"|"expiresAt"|"next"|\$skiptoken)(?::"|=)[^"&]*`)

// differ shows two texts from a little before where they begin to differ.
func differ(a, b string) (string, string) {
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	from := max(0, at-200)
	return a[from:min(len(a), at+200)], b[from:min(len(b), at+200)]
}
