package server

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Two worlds, equal in all that a reader may know and different in all that they may not: alerts and incidents, devices of alerts
// that they see, what others wrote, actions, weaknesses, mail, rules of notifications, people and roles. Whatever they read must be the
// same, headers, order, totals, links, further pages, marks, refusals and errors included.
func TestTwoWorldsReadTheSame(t *testing.T) {
	for _, pair := range []struct {
		hidden  string // kinds of data
		readers []string
	}{
		{"hr mail cloud people", []string{elena, nora}}, // Nora may know nothing, and Elena has what she may not know either
		{"hr sales cloud people", []string{mona, paul}}, // who read mail, and who may only purge it
		{"hr sales mail people", []string{cleo}},        // who reads and works cloud apps and identity
		{"mail cloud", []string{enzo}},                  // who views and manages the roles of endpoint
	} {
		t.Run(pair.hidden, func(t *testing.T) {
			t.Parallel()
			one, two := newWorld(t), newWorld(t)
			kinds := strings.Fields(pair.hidden)
			hide(one, 3, "low", kinds...)
			hide(two, 17, "high", kinds...)
			shade(one, 3, "one", kinds)
			shade(two, 17, "two", kinds)
			for _, who := range pair.readers {
				compare(t, one, two, who)
			}
		})
	}
}

// compare asks in both worlds all that there is to ask.
func compare(t *testing.T, one, two *world, who string) {
	operations, err := contract()
	must(t, err)
	reads, asks := worldReads(), worldAsks()
	same := func(method, path, body, actions string) {
		t.Helper()
		a, next := seen(one, who, method, path, body, actions)
		b, then := seen(two, who, method, path, body, actions)
		for range 2 { // and what comes after it
			if a != b {
				a, b = differ(a, b)
				t.Errorf("%s: %s %s %s:\n%s\n--- and ---\n%s", who, method, path, body, a, b)
				return
			}
			if next == "" || then == "" {
				return
			}
			a, next = seen(one, who, method, next, body, actions)
			b, then = seen(two, who, method, then, body, actions)
		}
	}
	for _, o := range operations {
		for _, path := range reads[o.ID] {
			same("GET", path, "", "")
			if o.Surface == "graph" {
				same("GET", path, "", "include")
			}
		}
		if who == enzo && (strings.HasSuffix(o.Capability, ".manage") || o.Capability == rbac.Remediate.String()) {
			continue // he may, and it would be done
		}
		for _, a := range asks[o.ID] {
			same(o.Method, a.path, strings.ReplaceAll(a.body, "SELF", who), "")
		}
		// What changes is refused alike, whether what it is about is hidden or never was.
		if o.Method != "GET" && asks[o.ID] == nil && strings.Contains(o.Path, "{") {
			for _, id := range []string{"hidden3", "hidden3@contoso.example"} {
				same(o.Method, strings.NewReplacer("{id}", id, "{name}", id).Replace(o.Path), "{}", "")
			}
		}
	}
}

// Every operation that reads is in the suite, or stands here with the reason why it can't be. So does every one that does something to
// alerts, incidents, actions and reports, or answers questions: a refusal can tell as much as a list.
func TestEveryReadIsInBothWorlds(t *testing.T) {
	reasons := map[string]string{
		"metrics":      "counts everybody's requests, for the machine's owner",
		"listTokens":   "ids and times of one's own",
		"beginView":    "a token views nothing, and a view is never more than either may see (S19)",
		"answerAction": "is signed by an executor, who is nobody here",
	}
	operations, err := contract()
	must(t, err)
	reads, asks := worldReads(), worldAsks()
	known := map[string]bool{}
	for _, o := range operations {
		known[o.ID] = true
		capability, _, _ := strings.Cut(o.Capability, ".")
		needed := o.Method == "GET" || o.Surface == "authzen" || strings.HasSuffix(o.Capability, ".view") || o.ID == "explainAccess" ||
			slices.Contains([]string{"investigation", "alerts", "actions", "analytics", "hunting", "detections"}, capability)
		if needed && len(reads[o.ID])+len(asks[o.ID]) == 0 && reasons[o.ID] == "" {
			t.Errorf("%s tells something and is in neither world: give it a line in worldReads or worldAsks", o.ID)
		}
	}
	for _, list := range []map[string]bool{keys(reads), keys(asks), keys(reasons)} {
		for id := range list {
			if !known[id] {
				t.Errorf("%s is no operation", id)
			}
		}
	}
}

func keys[V any](m map[string]V) map[string]bool {
	list := map[string]bool{}
	for k := range m {
		list[k] = true
	}
	return list
}

// worldReads are the reading operations, and what is asked of each. A list is followed to further pages.
func worldReads() map[string][]string {
	filters := url.Values{"$filter": {"severity eq 'high' or status eq 'new'"}, "$orderby": {"severity desc"}, "$count": {"true"}, "$top": {"3"}}.Encode()
	return map[string][]string{
		"live": {"/livez"}, "ready": {"/readyz"},
		"getSession": {"/api/v1/session"}, "listSessions": {"/api/v1/sessions"}, "getMe": {"/api/v1/me"},
		"getView":            {"/api/v1/view"},
		"listWorkloads":      {"/api/v1/workloads"},
		"listRoles":          {"/api/v1/roles", "/api/v1/roles?q=Hidden"},
		"getRole":            {"/api/v1/roles/hidden3", "/api/v1/roles/rol_mail"},
		"listAssignments":    {"/api/v1/assignments", "/api/v1/assignments?principal=" + elena},
		"getAssignment":      {"/api/v1/assignments/asg_mail"},
		"listDeviceGroups":   {"/api/v1/device-groups"},
		"listGlobalRoles":    {"/api/v1/global-roles"},
		"listRequirements":   {"/api/v1/requirements"},
		"listPermissions":    {"/api/v1/permissions"},
		"listHuntingSamples": {"/api/v1/hunting/samples"},
		"huntingSchema":      {"/api/v1/hunting/schema"}, "listHunts": {"/api/v1/hunting/history"},
		"listHuntingQueries": {"/api/v1/hunting/queries"}, "getHuntingQuery": {"/api/v1/hunting/queries/hqy_own", "/api/v1/hunting/queries/hqy_none"},
		"accessMatrix":    {"/api/v1/access/matrix", "/api/v1/access/matrix?q=hidden", "/api/v1/access/matrix?onlyHas=true", "/api/v1/access/matrix?of=roles", "/api/v1/access/matrix?role=hidden3", "/api/v1/access/matrix?group=hr-tier1", "/api/v1/access/matrix?workload=endpoint&deviceGroup=HR%20devices"},
		"effectiveAccess": {"/api/v1/access/effective", "/api/v1/access/effective?principal=hidden3@contoso.example"},
		"whoMay": {"/api/v1/access/who-may?thing=alert&id=sales01", "/api/v1/access/who-may?thing=alert&id=hidden3", "/api/v1/access/who-may?thing=incident&id=ihidden3", "/api/v1/access/who-may?thing=incident&id=shared", "/api/v1/access/who-may?thing=alert&id=mixed&capability=alerts.manage",
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
		"alertFacets":            {"/api/v1/alerts/facets", "/api/v1/alerts/facets?filter=severity%20eq%20'high'", "/api/v1/alerts/facets?filter=deviceGroups/any(g:g%20eq%20'HR%20devices')", "/api/v1/alerts/facets?search=hidden"},
		"exportAlerts":           {"/api/v1/alerts/export", "/api/v1/alerts/export?format=json&filter=severity%20eq%20'high'", "/api/v1/alerts/export?search=hidden", "/api/v1/alerts/export?format=json"},
		"alertActivity":          {"/api/v1/alerts/sales01/activity", "/api/v1/alerts/mixed/activity", "/api/v1/alerts/hidden3/activity", "/api/v1/alerts/shared-mail/activity"},
		"incidentActivity":       {"/api/v1/incidents/shared/activity", "/api/v1/incidents/ihidden3/activity"},
		"incidentMembers":        {"/api/v1/incidents/shared/members", "/api/v1/incidents/ihidden3/members", "/api/v1/incidents/none/members"},
		"getCorrelation":         {"/api/v1/correlation"},
		"watchQueue":             {"/api/v1/live?window=w"},
		"incidentFacets":         {"/api/v1/incidents/facets", "/api/v1/incidents/facets?filter=severity%20eq%20'high'", "/api/v1/incidents/facets?search=hidden", "/api/v1/incidents/facets?filter=entities/any(e:e%20eq%20'user:amy@contoso.example')", "/api/v1/incidents/facets?filter=deviceGroups/any(g:g%20eq%20'HR%20devices')%20or%20entities/any(e:e%20eq%20'user:secret@x.example')"},
		"exportIncidents":        {"/api/v1/incidents/export", "/api/v1/incidents/export?format=json&search=hidden", "/api/v1/incidents/export?filter=workloads/any(w:w%20eq%20'office365')"},
		"listDevices":            {"/api/v1/devices", "/api/v1/devices?order=name&limit=1", "/api/v1/devices?order=lastSeen&q=hr", "/api/v1/devices?deviceGroup=HR%20devices&deviceGroup=Sales%20devices"},
		"getDevice":              {"/api/v1/devices/sales-01", "/api/v1/devices/hr-01", "/api/v1/devices/hr-06", "/api/v1/devices/x-77", "/api/v1/devices/never"},
		"listEntities":           {"/api/v1/entities/user", "/api/v1/entities/user?q=secret&order=name", "/api/v1/entities/user?limit=1&order=lastSeen", "/api/v1/entities/mailbox", "/api/v1/entities/app?q=hidden"},
		"getEntity":              {"/api/v1/entities/user/amy@contoso.example", "/api/v1/entities/mailbox/amy@contoso.example", "/api/v1/entities/user/hidden3@contoso.example", "/api/v1/entities/user/mira.okafor@example.com", "/api/v1/entities/user/secret@x.example", "/api/v1/entities/mailbox/mira.okafor@example.com", "/api/v1/entities/app/20892", "/api/v1/entities/app/11161", "/api/v1/entities/user/amy@contoso.example", "/api/v1/entities/mailbox/amy@contoso.example"},
		"listActions": {"/api/v1/actions", "/api/v1/actions?tab=pending&limit=2", "/api/v1/actions?tab=history", "/api/v1/actions?search=hidden", "/api/v1/actions?incident=ihidden3", "/api/v1/actions?incident=shared", "/api/v1/actions?search=hr-0",
			"/api/v1/actions?device=hr-01", "/api/v1/actions?deviceGroup=HR%20devices", "/api/v1/actions?deviceGroup=Sales%20devices&limit=1", "/api/v1/actions?workload=office365&type=softDeleteEmail&status=succeeded,failed"},
		"actionFacets":    {"/api/v1/action-facets", "/api/v1/action-facets?search=hidden", "/api/v1/action-facets?tab=history&type=isolateDevice&deviceGroup=HR%20devices"},
		"exportActions":   {"/api/v1/action-export", "/api/v1/action-export?search=hidden", "/api/v1/action-export?tab=history&deviceGroup=HR%20devices"},
		"getAction":       {"/api/v1/actions/seen1", "/api/v1/actions/hidden3", "/api/v1/actions/mail3", "/api/v1/actions/odd", "/api/v1/actions/odder"},
		"listActionTypes": {"/api/v1/action-types", "/api/v1/action-types?device=hr-01", "/api/v1/action-types?device=hr-06", "/api/v1/action-types?device=sales-01"},
		"getActionRules":  {"/api/v1/action-rules"}, "listActionExecutors": {"/api/v1/action-executors"}, "getSettings": {"/api/v1/settings"},
		"listEventTables": {"/api/v1/events"},
		"listSavedViews":  {"/api/v1/saved-views"},

		"listDetections": {"/api/v1/detections", "/api/v1/detections?limit=1"}, "getDetection": {"/api/v1/detections/hidden3", "/api/v1/detections/mail3", "/api/v1/detections/never"},
		"listDetectionRuns": {"/api/v1/detections/hidden3/runs", "/api/v1/detections/mail3/runs", "/api/v1/detections/never/runs"}, "getDetectionChoices": {"/api/v1/detection-choices"},
		"listDetectionRules": {detectionRules + "?$count=true", detectionRules + "?$top=1&$select=displayName"}, "getDetectionRule": {detectionRules + "/hidden3", detectionRules + "/mail3", detectionRules + "/never"},

		"listHuntingFeeds": {"/api/v1/hunting/feeds"}, "getHuntingFeed": {"/api/v1/hunting/feeds/hidden", "/api/v1/hunting/feeds/none"},
		"listNotificationRules": {"/api/v1/notifications/rules"}, "getNotificationRule": {"/api/v1/notifications/rules/hidden", "/api/v1/notifications/rules/none"},
		"listNotifications": {"/api/v1/notifications/log", "/api/v1/notifications/log?rule=hidden"}, "getNotificationChannels": {"/api/v1/notifications/channels"},

		"threatAnalytics":      {"/api/v1/threat-analytics"},
		"listReports":          {"/api/v1/threat-analytics/reports", "/api/v1/threat-analytics/reports?orderby=exposure", "/api/v1/threat-analytics/reports?orderby=assets&order=asc&tag=none,x", "/api/v1/threat-analytics/reports?orderby=mail", "/api/v1/threat-analytics/reports?orderby=alerts&limit=1", "/api/v1/threat-analytics/reports?search=hidden"},
		"getReport":            {"/api/v1/threat-analytics/reports/wave", "/api/v1/threat-analytics/reports/gone"},
		"reportIncidents":      {"/api/v1/threat-analytics/reports/wave/incidents", "/api/v1/threat-analytics/reports/wave/incidents?limit=1"},
		"reportAssets":         {"/api/v1/threat-analytics/reports/wave/assets?kind=device", "/api/v1/threat-analytics/reports/wave/assets?kind=user", "/api/v1/threat-analytics/reports/wave/assets?kind=mailbox&limit=1"},
		"reportExposedDevices": {"/api/v1/threat-analytics/reports/wave/exposed-devices", "/api/v1/threat-analytics/reports/wave/exposed-devices?mitigation=scid-1&limit=1"},
		"reportMail":           {"/api/v1/threat-analytics/reports/wave/mail", "/api/v1/threat-analytics/reports/wave/mail?limit=1"},

		"listAudit":       {"/api/v1/audit", "/api/v1/audit?search=hidden", "/api/v1/audit?workload=endpoint&from=2020-01-01T00:00:00Z"},
		"getAuditEntry":   {"/api/v1/audit/entries/1", "/api/v1/audit/entries/9999"},
		"verifyAudit":     {"/api/v1/audit/verify"},
		"auditCheckpoint": {"/api/v1/audit/checkpoint"},
		"exportAudit":     {"/api/v1/audit/export"},
		"proveAuditEntry": {"/api/v1/audit/entries/1/proof", "/api/v1/audit/entries/9999/proof"},
		"exportPolicy":    {"/api/v1/policy"},
		"listAlerts": {"/v1.0/security/alerts_v2?$count=true", "/v1.0/security/alerts_v2?" + filters, "/v1.0/security/alerts_v2?$skip=20&$top=20",
			"/v1.0/security/alerts_v2?$search=hidden&$count=true", "/v1.0/security/alerts_v2?$filter=id%20eq%20'hidden3'&$count=true", "/v1.0/security/alerts_v2?$orderby=severity,title%20desc&$top=7&$count=true",
			"/v1.0/security/alerts_v2?$select=id,severity&$filter=systemTags/any(t:t%20eq%20'hidden')&$count=true", "/v1.0/security/alerts_v2?$filter=incidentId%20eq%20'shared'&$count=true",
			"/v1.0/security/alerts_v2?$filter=deviceGroups/any(g:g%20eq%20'HR%20devices')&$count=true", "/v1.0/security/alerts_v2?$filter=contains(title,'idde')%20or%20assignedTo%20eq%20'hidden'&$count=true",
			"/v1.0/security/alerts_v2?$filter=title%20xx%20'1'", "/v1.0/security/alerts_v2?$orderby=evidence", "/v1.0/security/alerts_v2?$expand=incident"},
		"getAlert":          {"/v1.0/security/alerts_v2/sales01", "/v1.0/security/alerts_v2/hidden3", "/v1.0/security/alerts_v2/da637490118204417723_-1180349021", "/v1.0/security/alerts_v2/mixed", "/v1.0/security/alerts_v2/shared-mail", "/v1.0/security/alerts_v2/shared-cloud"},
		"listAlertComments": {"/v1.0/security/alerts_v2/sales01/comments", "/v1.0/security/alerts_v2/mixed/comments", "/v1.0/security/alerts_v2/hidden3/comments"},
		"listIncidents": {"/v1.0/security/incidents?$count=true&$expand=alerts", "/v1.0/security/incidents?$top=3&$orderby=lastUpdateDateTime%20desc&$count=true", "/v1.0/security/incidents?$orderby=severity%20desc,createdDateTime&$top=4",
			"/v1.0/security/incidents?$filter=customTags/any(t:t%20eq%20'two')&$count=true", "/v1.0/security/incidents?$filter=systemTags/any()&$count=true", "/v1.0/security/incidents?$filter=severity%20eq%20'high'&$count=true",
			"/v1.0/security/incidents?$search=hidden&$count=true", "/v1.0/security/incidents?$filter=displayName%20eq%20'two'"},
		"getIncident":          {"/v1.0/security/incidents/shared", "/v1.0/security/incidents/shared?$expand=alerts", "/v1.0/security/incidents/ihidden3", "/v1.0/security/incidents/1042?$expand=alerts"},
		"listIncidentComments": {"/v1.0/security/incidents/shared/comments", "/v1.0/security/incidents/ihidden3/comments"},
		"authzenConfiguration": {"/.well-known/authzen-configuration"},
	}
}

// kindsHidden are those in which worlds differ unless a test says otherwise.
var kindsHidden = []string{"hr", "mail", "people"}

// hide fills a world with what some readers do not see: alerts on devices of HR, some of them in an incident of which they see a part,
// actions, weaknesses, mail, people and roles.
func hide(w *world, n int, severity string, kinds ...string) {
	w.t.Helper()
	if len(kinds) == 0 {
		kinds = kindsHidden
	}
	of := func(kind string) int {
		if slices.Contains(kinds, kind) {
			return n
		}
		return 2
	}
	var b strings.Builder
	if of("hr") == 2 {
		severity = "medium"
	}
	for i := range of("hr") {
		incident := fmt.Sprintf("ihidden%d", i+3)
		if i%3 == 0 {
			incident = "shared"
		}
		fmt.Fprintf(&b, `{"id":"hidden%d","incidentId":%q,"title":"Hidden","status":"resolved","severity":%q,"serviceSource":"microsoftDefenderForEndpoint","createdDateTime":"2026-02-0%dT00:00:00Z","lastUpdateDateTime":"2026-03-01T00:00:00Z","evidence":[{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":"hr-0%d","deviceDnsName":"hr-0%d","createdDateTime":"2026-02-01T00:00:00Z"}]}`+"\n", i+3, incident, severity, i%9+1, i%7+1, i%7+1)
	}
	b.WriteString(`{"id":"shared1","incidentId":"shared","title":"Hers","status":"new","severity":"medium","serviceSource":"microsoftDefenderForEndpoint","createdDateTime":"2026-02-01T00:00:00Z","lastUpdateDateTime":"2026-02-01T00:00:00Z","evidence":[{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":"sales-01","deviceDnsName":"sales-01","createdDateTime":"2026-02-01T00:00:00Z"}]}` + "\n")
	for i := range of("hr") {
		fmt.Fprintf(&b, `{"id":"hidden%d","workload":"endpoint","actionType":"isolateDevice","status":"pendingApproval","details":"hidden","createdDateTime":"2026-03-01T00:00:0%dZ","expirationDateTime":"2099-01-01T00:00:00Z","asset":{"type":"device","id":"hr-0%d"}}`+"\n", i+3, i%9, i%7+1)
	}
	for i := range of("mail") {
		fmt.Fprintf(&b, `{"id":"mail%d","workload":"office365","actionType":"softDeleteEmail","status":"succeeded","details":"hidden","createdDateTime":"2026-03-01T00:00:0%dZ"}`+"\n", i+3, i%9)
	}
	for i, incident := range []string{"shared", "ihidden3", "shared"} {
		fmt.Fprintf(&b, `{"id":"seen%d","workload":"endpoint","actionType":"runAntiVirusScan","status":"pendingApproval","incidentId":%q,"alertIds":["hidden3","shared1"],"createdDateTime":"2026-03-01T00:00:0%dZ","expirationDateTime":"2099-01-01T00:00:00Z","asset":{"type":"device","id":"sales-01"}}`+"\n", i, incident, i)
	}
	rows := threats(w, of("hr"), of("mail"))
	must(w.t, w.store.Change(context.Background(), func(tx store.Writer) error {
		edits := []rbac.Edit{rbac.PutGroup{Group: rbac.Group{Name: "hr-tier1", Members: []string{hugo, vera}[:1+of("people")%2]}}}
		for i := range of("people") {
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
		if err := tx.PutFeed(store.Feed{ID: "hidden", Name: "Hidden " + severity, Kind: "rows", Format: "csv", Rows: int64(len(severity))}); err != nil {
			return err
		}
		for i := range of("hr") {
			if err := putDetection(tx, fmt.Sprintf("hidden%d", i), rbac.SetOf(rbac.Endpoint), of("hr"), "HR devices"); err != nil {
				return err
			}
		}
		for i := range of("mail") {
			if err := putDetection(tx, fmt.Sprintf("mail%d", i), rbac.SetOf(rbac.Office365), of("mail")); err != nil {
				return err
			}
		}
		_, err := tx.NextPolicyRevision()
		return err
	}))
	for _, text := range []string{b.String(), rows} {
		w.load("hidden", text)
	}
}

const detectionRules = "/beta/security/rules/detectionRules"

// putDetection keeps a detection of Hugo's that has run once.
func putDetection(tx store.Writer, id string, of rbac.WorkloadSet, found int, groups ...string) error {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	d := store.Detection{
		ID: id, DetectorID: id, Name: "Hidden " + id, On: true, Owner: hugo, Query: "hidden", Period: time.Hour, AllDevices: len(groups) == 0, Groups: groups, Workloads: of, Tables: []string{"DeviceInfo"},
		Alert: store.DetectionAlert{Title: "hidden", Severity: "high", Category: "Malware"}, Created: at, Updated: at, QueryUpdated: at, CreatedBy: hugo, UpdatedBy: hugo,
	}
	if err := tx.PutDetection(d); err != nil {
		return err
	}
	if err := tx.TakeTurn(id, store.DetectionTurn{From: at, To: at.AddDate(100, 0, 0), Due: at.AddDate(100, 0, 0)}); err != nil {
		return err
	}
	return tx.AddDetectionRun(store.DetectionRun{Detection: id, From: at, To: at, Started: at, Ended: at, Status: "completed", Rows: int64(found), AlertIDs: []string{"hidden3", "sales01"}})
}

// today is the same day for all worlds.
var today = time.Now().UTC().Truncate(24 * time.Hour)

// threats fills Threat analytics: two reports that both worlds have, what a device of Sales lacks, n devices of HR and messages
// that Elena may not know of. She may know of weaknesses.
func threats(w *world, n, mails int) string {
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
	}
	for i := range mails {
		fmt.Fprintf(&b, `{"time":%q,"category":"AdvancedHunting-EmailEvents","properties":{"NetworkMessageId":"m%d","RecipientEmailAddress":"a@x","DeliveryAction":"Blocked","ThreatNames":"Trojan:wave"}}`+"\n", today.Format(time.RFC3339), i)
	}
	return b.String()
}

// seen is an answer without what belongs to the moment - ids of requests, the time of the answer, the server's address, and the seal of
// a link, made with a key of each store's own - and the path of the page after it. Times of alerts and incidents stay, and so does the
// place that a link goes on from.
func seen(w *world, who, method, path, body, actions string) (text, next string) {
	var pairs []string
	if actions != "" {
		pairs = []string{"Bailiwick-Actions", actions}
	}
	var content any
	if body != "" {
		content = body
	}
	r := w.ask(who, method, path, content, pairs...)
	r.Header.Set("Date", "DATE")
	r.Header.Del("Content-Length") // the body itself is compared, without the digits of a moment
	var b strings.Builder
	fmt.Fprintln(&b, r.Status)
	_ = r.Header.Write(&b)
	text = strings.ReplaceAll(b.String()+r.Body, w.server.URL, "SERVER")
	text = moment.ReplaceAllString(ids.ReplaceAllString(text, "REQUEST"), "$1=NOW")
	for _, link := range links {
		text = link.in.ReplaceAllStringFunc(text, func(whole string) string {
			m := link.in.FindStringSubmatch(whole)
			place, _ := base64.RawURLEncoding.DecodeString(m[2])
			if len(place) < link.seal {
				return whole
			}
			if link.follow != nil {
				next = link.follow(path, m[2])
			}
			return m[1] + string(place[link.seal:])
		})
	}
	return taken.ReplaceAllString(text, "filename=${1}NOW"), next
}

// links are the ways in which a page names the one after it, and how many bytes of that are a seal.
var links = []struct {
	in     *regexp.Regexp
	seal   int
	follow func(path, token string) string
}{
	{regexp.MustCompile(`("next":")([\w-]+)`), 16, func(path, token string) string {
		path, _, _ = strings.Cut(path, "&cursor=")
		if !strings.Contains(path, "?") {
			path += "?"
		}
		return path + "&cursor=" + token
	}},
	{regexp.MustCompile(`(\$skiptoken=|%24skiptoken=)([\w-]+)`), 32, func(path, token string) string {
		path, _, _ = strings.Cut(path, "&$skip")
		if !strings.Contains(path, "?") {
			path += "?"
		}
		return path + "&$skiptoken=" + token
	}},
	{regexp.MustCompile(`("next_token":")([\w-]+)`), 8, nil},
}

// taken is the second at which a file was taken, in its name.
var taken = regexp.MustCompile(`filename="([a-z-]+)-\d{4}-\d\d-\d\dT\d{6}`)

var moment = regexp.MustCompile(`("date"|"expiresAt"|^\{"at"|\n\{"at")(?::"|=)[^"&]*`)

// differ shows two texts from a little before where they begin to differ.
func differ(a, b string) (string, string) {
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	from := max(0, at-200)
	return a[from:min(len(a), at+200)], b[from:min(len(b), at+200)]
}
