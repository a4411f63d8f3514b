package server

import (
	"strings"
	"testing"
)

// A number that is not part of one's access is not in the answer; a zero that means zero is.
func TestAReportSaysZeroOnlyWhereItMeansZero(t *testing.T) {
	w := newWorld(t)
	hide(w, 5, "low")
	for user, want := range map[string][]string{
		elena: {`"someDevices":true,"workloads":["endpoint"]},"numbers":{"active":2,"days":[`, `"resolved":0}`, `"mail":{"access":{"allowed":false,"lacks":[{"capability":"analytics.email","needs":"needs one of `,
			`"exposure":{"access":{"allowed":true,"someDevices":true,"workloads":["endpoint"]},"level":"high","numbers":{"checked":1,"exposed":1,"misconfigured":1,"vulnerable":1}}`},
		emil: {`"exposure":{"access":{"allowed":false,"lacks":[{"capability":"analytics.mitigations","needs":"needs View data - Threat and vulnerability management in Endpoint","workload":"endpoint"}],"workloads":[]}}`, `"numbers":{"blocked":0,"days":[`, `"junked":0}`},
		ada:  {`"numbers":{"checked":6,"exposed":6,"misconfigured":3,"vulnerable":6}`, `"numbers":{"checked":6,"exposed":3}`, `"numbers":{"blocked":0,`},
	} {
		body := w.want(200, user, "GET", "/api/v1/threat-analytics/reports/calm", nil).Body
		for _, text := range want {
			if !strings.Contains(sorted(t, body), text) {
				t.Errorf("%s is not told %s: %.300s", user, text, sorted(t, body))
			}
		}
	}
	w.want(204, ada, "DELETE", "/api/v1/threat-analytics/reports/calm", nil)
}

// sorted is an answer with its members in order.
func sorted(t *testing.T, body string) string {
	t.Helper()
	return jsonText(reply{Body: body}.json(t))
}

// A report comes in over HTTP as it is, for whoever may load; pages of its lists follow each other.
func TestAReportComesInAndIsPaged(t *testing.T) {
	w := newWorld(t)
	report := "---\nid: sea\ntitle: Sea\ndetections: [Alert 1, Alert 2, Alert 3]\npublished: 2026-01-01\n---\n<b>x</b>"
	w.want(403, emil, "POST", "/api/v1/ingest?name=sea.md", report, "Content-Type", "text/markdown")
	r := w.want(200, ada, "POST", "/api/v1/ingest?name=sea.md", report, "Content-Type", "text/markdown")
	if !strings.Contains(r.Body, `"reports":{"created":1,"updated":0,"unchanged":0}`) {
		t.Errorf("taken in: %s", r.Body)
	}
	if r := w.want(400, ada, "POST", "/api/v1/ingest?name=sea.md", strings.Replace(report, "title", "titel", 1), "Content-Type", "text/markdown"); !strings.Contains(r.Body, "sea.md:3: record 1: titel") {
		t.Errorf("a fault says %s", r.Body)
	}
	path, seen := "/api/v1/threat-analytics/reports/sea/incidents?limit=2", []string{}
	for path != "" {
		page := w.want(200, elena, "GET", path, nil).json(t)
		for _, i := range page["items"].([]any) {
			seen = append(seen, i.(map[string]any)["id"].(string))
		}
		next, _ := page["next"].(string)
		if path = ""; next != "" {
			path = "/api/v1/threat-analytics/reports/sea/incidents?limit=2&cursor=" + next
		}
	}
	if got := strings.Join(seen, " "); got != "isales03 isales02 isales01" {
		t.Errorf("incidents: %s", got)
	}
	if r := w.want(200, elena, "GET", "/api/v1/threat-analytics/reports/sea/assets?kind=device", nil); !strings.Contains(r.Body, `"alerts":3`) || !strings.Contains(r.Body, `"deviceGroup":"Sales devices"`) {
		t.Errorf("assets: %s", r.Body)
	}
}
