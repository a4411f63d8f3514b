package server

import (
	"fmt"
	"strings"
	"testing"
)

// What is too large is refused with its limit, and what is large is served whole; meanwhile others are answered.
func TestLargeRecordsAreTakenOrRefusedWithTheirLimit(t *testing.T) {
	w := newWorld(t)
	alert := func(id, incident, evidence, words string) string {
		return fmt.Sprintf(`{"id":%q,"incidentId":%q,"title":"Large","status":"new","severity":"low","serviceSource":"microsoftDefenderForEndpoint","createdDateTime":"2026-02-01T00:00:00Z","description":%q,"evidence":[%s]}`+"\n", id, incident, words, evidence)
	}
	r := w.ask(ada, "POST", "/api/v1/ingest?name=large.json", alert("ten", "i", "", strings.Repeat("x", 10<<20)))
	if r.Status != 400 || !strings.Contains(r.Body, "large.json:1: record 1") || !strings.Contains(r.Body, "at most 4194304 bytes") {
		t.Errorf("10 MB: %d %.300s", r.Status, r.Body)
	}
	var evidence []string
	for i := range 5000 {
		evidence = append(evidence, fmt.Sprintf(`{"@odata.type":"#microsoft.graph.security.processEvidence","mdeDeviceId":"sales-%d","processId":%d,"processCommandLine":"cmd %[2]d"}`, i%50, i))
	}
	var many strings.Builder
	many.WriteString(alert("wide", "iwide", strings.Join(evidence, ","), ""))
	for i := range 1000 {
		many.WriteString(alert(fmt.Sprint("crowd", i), "crowd", onDevices("sales-01"), ""))
	}
	done := make(chan reply)
	body := many.String()
	w.token(ada)
	go func() { done <- w.ask(ada, "POST", "/api/v1/ingest?name=many.jsonl", body) }()
	answered := 0
	for loading := true; loading; {
		select {
		case r := <-done:
			if r.Status != 200 {
				t.Fatalf("5,000 pieces of evidence and 1,000 alerts: %d %.300s", r.Status, r.Body)
			}
			loading = false
		default:
			if r := w.ask(ada, "GET", "/v1.0/security/alerts_v2/sales01", nil); r.Status == 200 {
				answered++
			} else {
				t.Fatalf("meanwhile: %d %s", r.Status, r.Body)
			}
		}
	}
	if answered == 0 {
		t.Error("nobody was answered while it was taken in")
	}
	if got := strings.Count(w.want(200, ada, "GET", "/v1.0/security/alerts_v2/wide", nil).Body, `"processCommandLine"`); got != 5000 {
		t.Errorf("%d pieces of evidence", got)
	}
	if got := strings.Count(w.want(200, ada, "GET", "/v1.0/security/incidents/crowd?$expand=alerts", nil).Body, `"title":"Large"`); got != 1000 {
		t.Errorf("%d alerts of the incident", got)
	}
	w.want(200, ada, "GET", "/api/v1/incidents/crowd/members", nil)
	w.want(200, ada, "GET", "/api/v1/incidents/crowd/activity", nil)
}
