package server

// worldAsk is a question, or something done, whose body says about what.
type worldAsk struct{ path, body string }

// worldAsks are the operations that tell something and are no GET: questions that have bodies, and what is done to workload data - to
// what is hidden, to what never was and to what is seen in part. None of it changes anything.
func worldAsks() map[string][]worldAsk {
	const explain, search = "/api/v1/access/explain", "/access/v1/search/"
	self := func(body string) string { return `{"subject":{"type":"user","id":"SELF"},` + body }
	searches := func(what string, bodies ...string) (list []worldAsk) {
		for _, body := range bodies {
			list = append(list, worldAsk{search + what, self(body)})
		}
		return list
	}
	const detections = "/api/v1/detections"
	// Of a name that is none, or on device groups that one does not reach: nobody here may make it.
	detection := func(name, query, group string) string {
		return `{"name":"` + name + `","query":"` + query + `","period":"1H","deviceGroups":["` + group + `"],"alert":{"title":"x","severity":"high","category":"Malware","impactedAssets":[{"kind":"device","column":"DeviceId"}]}}`
	}
	mine := detection("", "DeviceInfo | project Timestamp, DeviceId, ReportId", "Sales devices")
	return map[string][]worldAsk{
		"createDetection": {{detections, mine}, {detections, detection("Hidden hidden3", "DeviceInfo | project Timestamp, DeviceId, ReportId", "HR devices")}, {detections, detection("", "EmailEvents | take 5", "never")}},
		"putDetection":    {{detections + "/hidden3", mine}, {detections + "/mail3", mine}, {detections + "/never", mine}}, "removeDetection": {{detections + "/hidden3", ""}, {detections + "/never", ""}},
		"setDetectionState": {{detections + "/hidden3/state", `{"on":false}`}, {detections + "/never/state", `{"on":false}`}}, "setDetectionOwner": {{detections + "/hidden3/owner", `{"owner":"SELF"}`}, {detections + "/never/owner", `{"owner":"SELF"}`}},
		"runDetection": {{detections + "/hidden3/run", ""}, {detections + "/mail3/run", ""}, {detections + "/never/run", ""}}, "previewDetection": {{"/api/v1/detection-preview", `{"days":7,"detection":` + mine + `}`}},
		"inspectDetectionQuery": {{"/api/v1/detection-query", `{"query":"DeviceInfo | project DeviceId"}`}, {"/api/v1/detection-query", `{"query":"union * | take 5","period":"0"}`}, {"/api/v1/detection-query", `{"query":"CloudAppEvents | take 5"}`}},
		"createDetectionRule":   {{detectionRules, `{"displayName":""}`}}, "updateDetectionRule": {{detectionRules + "/hidden3", `{"isEnabled":false}`}, {detectionRules + "/never", `{"isEnabled":false}`}},
		"deleteDetectionRule": {{detectionRules + "/hidden3", ""}, {detectionRules + "/mail3", ""}, {detectionRules + "/never", ""}},
		"explainAccess": {
			{explain, `{"capability":"alerts.manage","workload":"office365"}`}, {explain, `{"capability":"alerts.manage","workload":"endpoint","deviceGroup":"HR devices"}`},
			{explain, `{"capability":"roles.view","workload":"endpoint"}`}, {explain, `{"principal":"hidden3@contoso.example","capability":"alerts.manage","workload":"office365"}`},
			{explain, `{"role":"hidden3","capability":"alerts.manage","workload":"office365"}`},
		},
		"previewAccess": {
			{"/api/v1/access/preview", `{"changes":[{"deleteRole":{"id":"hidden3"}}]}`}, {"/api/v1/access/preview", `{"changes":[{"removeUser":{"name":"` + hugo + `"}}]}`},
			{"/api/v1/access/preview", `{"changes":[{"createAssignment":{"role":"rol_reader","user":"` + nora + `"}}]}`},
		},
		// The engine of the tests answers with what it was given to read: the devices and alerts in reach, and the statement.
		"checkHunt": {{"/api/v1/hunting/check", `{"query":"DeviceInfo | join EmailEvents on DeviceId | wher"}`}, {"/api/v1/hunting/check", `{"query":"union * | take 1"}`}},
		"linkHunt": linkAsks(`"query":"DeviceInfo | project DeviceId","incidentId":"shared"`, `"query":"DeviceInfo | project DeviceId","incidentId":"ihidden3"`, `"query":"DeviceInfo | project DeviceId","incidentId":"never"`,
			`"query":"DeviceInfo | project DeviceId","rows":[["hr-01"]],"incidentTitle":"x"`, `"query":"DeviceInfo | project DeviceId","rows":[["reach_devices sales-01"]],"incidentTitle":"x"`, `"query":"DeviceInfo | extend DeviceId = 'hr-01' | project DeviceId","incidentTitle":"x"`,
			`"query":"EmailEvents | project RecipientEmailAddress","rows":[["hidden3@contoso.example"]],"incidentTitle":"x"`, `"query":"EmailEvents | project RecipientEmailAddress","incidentId":"ihidden3"`, `"query":"AlertEvidence | project AlertId, AccountUpn","rows":[["hidden3",""]],"incidentTitle":"x"`),
		"runHunt": {
			{"/api/v1/hunting/run", `{"query":"DeviceProcessEvents | project DeviceId"}`}, {"/api/v1/hunting/run", `{"query":"AlertEvidence | project AlertId"}`}, {"/api/v1/hunting/run", `{"query":"AlertInfo | summarize count()"}`},
			{"/api/v1/hunting/run", `{"query":"EmailEvents | project Subject"}`}, {"/api/v1/hunting/run", `{"query":"CloudAppEvents | project AccountId"}`}, {"/api/v1/hunting/run", `{"query":"DeviceTvmSoftwareVulnerabilities | project DeviceId"}`},
		},
		"runHuntingQuery":     {{"/v1.0/security/runHuntingQuery", `{"Query":"DeviceProcessEvents | project DeviceId"}`}, {"/v1.0/security/runHuntingQuery", `{"Query":"AlertEvidence | project AlertId","Timespan":"P7D"}`}, {"/v1.0/security/runHuntingQuery", `{"Query":"search 'x' | take 1"}`}},
		"createHuntingQuery":  {{"/api/v1/hunting/queries", `{"name":"","query":"T"}`}},
		"putHuntingQuery":     {{"/api/v1/hunting/queries/hqy_own", `{"name":"X","query":"T"}`}, {"/api/v1/hunting/queries/hqy_none", `{"name":"X","query":"T"}`}},
		"removeHuntingQuery":  {{"/api/v1/hunting/queries/hqy_own", ``}, {"/api/v1/hunting/queries/hqy_none", ``}},
		"forgetHunts":         {{"/api/v1/hunting/history", ``}},
		"proposeRoles":        {{"/api/v1/access/propose", `{"outcome":[{"capability":"actions.remediate","workload":"office365"}]}`}, {"/api/v1/access/propose", `{"outcome":[{"capability":"investigation.view","workload":"endpoint"}]}`}},
		"previewDeviceGroups": {{"/api/v1/device-groups/preview", `{"items":[{"name":"All","match":{"name":["*"]},"open":false,"access":[]},{"name":"Ungrouped devices (default)","open":false,"access":[]}]}`}},
		"planPolicy":          {{"/api/v1/policy/plan", `{"text":"apiVersion: bailiwick/v1\nroles:\n  - {name: hidden3, workload: office365, permissions: [Manage Alerts]}\n"}`}, {"/api/v1/policy/plan", `{"text":"apiVersion: bailiwick/v1\n","prune":true}`}},
		"adoptPolicy":         {{"/api/v1/policy/adopt", `{"text":"apiVersion: bailiwick/v1\nroles:\n  - {name: Endpoint reader, workload: endpoint, permissions: []}\n"}`}},
		"evaluate": {
			{evaluation, self(`"action":{"name":"investigation.view"},"resource":{"type":"workload","id":"endpoint","properties":{"deviceGroup":"Sales devices"}}}`)},
			{evaluation, self(`"action":{"name":"investigation.view"},"resource":{"type":"incident","id":"ihidden3"}}`)},
			{evaluation, self(`"action":{"name":"alerts.manage"},"resource":{"type":"incident","id":"shared"}}`)},
			{evaluation, self(`"action":{"name":"alerts.manage"},"resource":{"type":"alert","id":"mixed"}}`)},
			{evaluation, self(`"action":{"name":"actions.remediate"},"resource":{"type":"action","id":"hidden3"}}`)},
			{evaluation, `{"subject":{"type":"user","id":"` + hugo + `"},"action":{"name":"alerts.manage"},"resource":{"type":"workload","id":"endpoint","properties":{"deviceGroup":"HR devices"}}}`},
			{evaluation, `{"subject":{"type":"user","id":"hidden3@contoso.example"},"action":{"name":"alerts.manage"},"resource":{"type":"workload","id":"office365"}}`},
		},
		"evaluateMany": {{"/access/v1/evaluations", self(`"action":{"name":"investigation.view"},"evaluations":[{"resource":{"type":"alert","id":"hidden3"}},{"resource":{"type":"alert","id":"mail100"}},{"resource":{"type":"alert","id":"mixed"}},
			{"resource":{"type":"device","id":"hr-01"}},{"resource":{"type":"device","id":"hr-05"}},{"resource":{"type":"incident","id":"shared"}},{"resource":{"type":"action","id":"mail3"}},{"subject":{"type":"user","id":"hidden3@contoso.example"},"resource":{"type":"alert","id":"mixed"}}]}`)}},
		"searchSubject": {
			{search + "subject", `{"subject":{"type":"user"},"action":{"name":"investigation.view"},"resource":{"type":"incident","id":"shared"}}`}, {search + "subject", `{"subject":{"type":"user"},"action":{"name":"investigation.view"},"resource":{"type":"device","id":"hr-01"}}`},
			{search + "subject", `{"subject":{"type":"user"},"action":{"name":"alerts.manage"},"resource":{"type":"alert","id":"mixed"}}`}, {search + "subject", `{"subject":{"type":"user"},"action":{"name":"actions.remediate"},"resource":{"type":"action","id":"seen1"}}`},
			{search + "subject", `{"subject":{"type":"user"},"action":{"name":"alerts.manage"},"resource":{"type":"workload","id":"endpoint"}}`},
		},
		"searchResource": searches("resource", `"action":{"name":"investigation.view"},"resource":{"type":"alert"},"page":{"limit":5}}`, `"action":{"name":"investigation.view"},"resource":{"type":"incident"},"page":{"limit":5}}`,
			`"action":{"name":"alerts.manage"},"resource":{"type":"incident"}}`, `"action":{"name":"investigation.view"},"resource":{"type":"device"}}`, `"action":{"name":"investigation.view"},"resource":{"type":"action"},"page":{"limit":2}}`,
			`"action":{"name":"actions.remediate"},"resource":{"type":"action"}}`, `"action":{"name":"investigation.view"},"resource":{"type":"workload"}}`),
		"searchAction": searches("action", `"resource":{"type":"alert","id":"mixed"}}`, `"resource":{"type":"incident","id":"shared"}}`, `"resource":{"type":"action","id":"seen1"}}`, `"resource":{"type":"action","id":"hidden3"}}`, `"resource":{"type":"device","id":"hr-01"}}`),

		"manageAlerts":    {{"/api/v1/alerts/manage", `{"ids":["hidden3","hidden15","mail100","cloud100","never","hr01"],"change":{"status":"resolved"}}`}},
		"manageIncidents": {{"/api/v1/incidents/manage", `{"ids":["ihidden3","ihidden15","shared","never"],"change":{"status":"resolved"}}`}},
		"mergeIncidents": {{"/api/v1/incidents/shared/merge", `{"from":[{"id":"ihidden3"}]}`}, {"/api/v1/incidents/ihidden3/merge", `{"from":[{"id":"shared"}]}`}, {"/api/v1/incidents/shared/merge", `{"from":[{"id":"never"}]}`},
			{"/api/v1/incidents/never/merge", `{"from":[{"id":"shared"}]}`}},
		"splitIncident":     {{"/api/v1/incidents/shared/split", `{"alerts":["hidden3"]}`}, {"/api/v1/incidents/shared/split", `{"alerts":["shared1"]}`}, {"/api/v1/incidents/ihidden3/split", `{"alerts":["hidden3"]}`}, {"/api/v1/incidents/never/split", `{"alerts":["never"]}`}},
		"tagDevice":         {{"/api/v1/devices/hr-01/tags", `{"add":["x"]}`}, {"/api/v1/devices/hr-06/tags", `{"add":["x"]}`}, {"/api/v1/devices/sales-01/tags", `{"add":[" "]}`}},
		"previewDeviceTags": {{"/api/v1/devices/hr-01/tags/preview", `{"add":["x"]}`}, {"/api/v1/devices/hr-06/tags/preview", `{"add":["hr"]}`}, {"/api/v1/devices/sales-01/tags/preview", `{"add":["hr"]}`}},
		"updateAlert":       {{"/v1.0/security/alerts_v2/hidden3", `{"status":"resolved"}`}, {"/v1.0/security/alerts_v2/hidden3", `{"status":"odd"}`}, {"/v1.0/security/alerts_v2/never", `{"status":"resolved"}`}, {"/v1.0/security/alerts_v2/mixed", `{"status":"resolved"}`}},
		"commentAlert":      {{"/v1.0/security/alerts_v2/hidden3/comments", `{"comment":"x"}`}, {"/v1.0/security/alerts_v2/mixed/comments", `{"comment":"x"}`}},
		"updateIncident":    {{"/v1.0/security/incidents/ihidden3", `{"status":"resolved"}`}, {"/v1.0/security/incidents/shared", `{"status":"resolved"}`}, {"/v1.0/security/incidents/shared", `{"customTags":["two"]}`}},
		"commentIncident":   {{"/v1.0/security/incidents/shared/comments", `{"comment":"x"}`}},
		"requestAction":     {{"/api/v1/actions", `{"actionType":"isolateDevice","target":{"deviceId":"hr-01"}}`}, {"/api/v1/actions", `{"actionType":"isolateDevice","target":{"deviceId":"hr-06"}}`}, {"/api/v1/actions", `{"actionType":"softDeleteEmail","target":{"networkMessageId":"m","recipient":"a@x.example"},"incidentId":"ihidden3"}`}},
		"decideActions":     {{"/api/v1/action-decisions", `{"ids":["hidden3","hidden15","never"],"decision":"declined"}`}},
		"approveAction":     {{"/api/v1/actions/hidden3/approve", `{}`}},
		"declineAction":     {{"/api/v1/actions/hidden3/decline", `{}`}, {"/api/v1/actions/seen1/decline", `{}`}},
		"cancelAction":      {{"/api/v1/actions/hidden3/cancel", `{}`}},
		"undoAction":        {{"/api/v1/actions/hidden3/undo", `{}`}},
		"completeAction":    {{"/api/v1/actions/hidden3/complete", `{}`}},
	}
}

// linkAsks are requests to make an alert of rows.
func linkAsks(of ...string) (list []worldAsk) {
	for _, what := range of {
		list = append(list, worldAsk{"/api/v1/hunting/link", `{` + what + `,"alert":{"title":"x","severity":"low","category":"Execution"}}`})
	}
	return list
}
