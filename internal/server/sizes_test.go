package server

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// What is too large is refused with its limit, and what is large is served whole; meanwhile others are answered.
func TestLargeRecordsAreTakenOrRefusedWithTheirLimit(t *testing.T) {
	w := newWorld(t)
	alert := func(id, incident, evidence, words string) string {
		return fmt.Sprintf(`{"id":%q,"incidentId":%q,"title":"Large","status":"new","severity":"low","serviceSource":"microsoftDefenderForEndpoint","createdDateTime":"2026-02-01T00:00:00Z","description":%q,"evidence":[%s]}`+"\n", id, incident, words, evidence)
	}
	r := w.ask(ada, "POST", "/api/v1/ingest?name=large.json", alert("too-large", "i", "", strings.Repeat("x", 16<<20)))
	if r.Status != 400 || !strings.Contains(r.Body, "large.json:1: record 1") || !strings.Contains(r.Body, "at most 16777216 bytes") {
		t.Errorf("16 MB and more: %d %.300s", r.Status, r.Body)
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
	if got := alertsOf(t, w, "crowd"); got != "250 of 1000, 1000 by the links" {
		t.Errorf("the incident has %s", got)
	}
	list := w.want(200, ada, "GET", "/v1.0/security/incidents?$expand=alerts&$select=id&$filter=id+eq+'crowd'", nil).Body
	if strings.Count(list, `"title":"Large"`) != 50 || !strings.Contains(list, `"alerts@odata.count":1000`) || !strings.Contains(list, `skip=50`) {
		t.Errorf("in a list: %.300s", list)
	}
	w.want(200, ada, "GET", "/api/v1/incidents/crowd/members", nil)
	w.want(200, ada, "GET", "/api/v1/incidents/crowd/activity", nil)
}

// Three alerts of 10 MB, of one incident, and a small one: each can be read whole, lists hand them over one after the other, and what
// shows all at once shows of most what lists show. None is lost on the way, and resolving the incident leaves each what it was.
func TestAlertsOfTenMegabytesAreAlertsLikeOthers(t *testing.T) {
	w := newWorld(t)
	const mega = 10 << 20
	words := strings.Repeat("x", mega)
	for n := range 3 {
		w.want(200, ada, "POST", "/api/v1/ingest?name=large.json", fmt.Sprintf(`{"id":"ten%d","incidentId":"tens","title":"Ten %[1]d","status":"new","severity":"low","serviceSource":"microsoftDefenderForOffice365",
			"createdDateTime":"2026-02-01T0%[1]d:00:00Z","description":%q,"evidence":[{"@odata.type":"#microsoft.graph.security.mailboxEvidence","primaryAddress":"ten@contoso.example"}]}`, n, words))
	}
	w.want(200, ada, "POST", "/api/v1/ingest?name=small.json", `{"id":"small","incidentId":"tens","title":"Small","status":"new","severity":"low","serviceSource":"microsoftDefenderForOffice365","createdDateTime":"2026-02-01T09:00:00Z"}`)
	if n := len(w.want(200, ada, "GET", "/v1.0/security/alerts_v2/ten1", nil).Body); n < mega {
		t.Errorf("the page of one has %d bytes", n)
	}
	var met []string
	for path := "/v1.0/security/alerts_v2?$filter=incidentId%20eq%20'tens'&$orderby=id&$count=true"; path != ""; {
		r := w.want(200, ada, "GET", path, nil)
		if len(r.Body) > mega+mega/2 {
			t.Errorf("a page of %d bytes", len(r.Body))
		}
		page := r.json(t)
		if n, counted := page["@odata.count"]; counted && n != 4.0 {
			t.Errorf("counted: %v", n)
		}
		for _, item := range page["value"].([]any) {
			a := item.(map[string]any)
			met = append(met, a["id"].(string))
			if text, _ := a["description"].(string); len(text) < mega && a["id"] != "small" {
				t.Errorf("%s has %d bytes of its description", a["id"], len(text))
			}
		}
		next, _ := page["@odata.nextLink"].(string)
		_, path, _ = strings.Cut(next, "/v1.0/")
		if path != "" {
			path = "/v1.0/" + path
		}
	}
	if fmt.Sprint(met) != "[small ten0 ten1 ten2]" {
		t.Errorf("met %v", met)
	}
	for _, format := range []string{"csv", "json"} {
		r := w.want(200, ada, "GET", "/api/v1/alerts/export?format="+format+"&filter=incidentId%20eq%20'tens'", nil)
		if strings.Count(r.Body, "ten0")+strings.Count(r.Body, "ten1")+strings.Count(r.Body, "ten2") != 3 || strings.Contains(r.Body, words) != (format == "json") {
			t.Errorf("%s of %d bytes", format, len(r.Body))
		}
	}
	r := w.want(200, ada, "GET", "/v1.0/security/incidents/tens?$expand=alerts", nil)
	if len(r.Body) > mega || strings.Count(r.Body, `"@bailiwick.leftOut":true`) != 3 || strings.Count(r.Body, `"title":"Ten `) != 3 {
		t.Errorf("the incident has %d bytes, %d alerts left out", len(r.Body), strings.Count(r.Body, "leftOut"))
	}
	w.want(200, ada, "GET", "/api/v1/entities/mailbox/ten@contoso.example", nil)
	w.want(200, ada, "PATCH", "/v1.0/security/incidents/tens", map[string]any{"status": "resolved"})
	for _, id := range []string{"ten0", "ten2"} {
		if a := w.want(200, ada, "GET", "/v1.0/security/alerts_v2/"+id, nil).json(t); a["status"] != "resolved" || len(a["description"].(string)) != mega || len(a["evidence"].([]any)) != 1 {
			t.Errorf("%s was changed otherwise: %s, %d bytes", id, a["status"], len(a["description"].(string)))
		}
	}
}

// alertsOf follows an incident's links to all of its alerts, and tells how many it has, and how many different ones are met.
func alertsOf(t *testing.T, w *world, incident string) string {
	t.Helper()
	var first struct {
		Alerts []struct{ ID string }
		Count  int    `json:"alerts@odata.count"`
		Link   string `json:"alerts@odata.nextLink"`
	}
	must(t, json.Unmarshal([]byte(w.want(200, ada, "GET", "/v1.0/security/incidents/"+incident+"?$expand=alerts", nil).Body), &first))
	met := map[string]bool{}
	for _, a := range first.Alerts {
		met[a.ID] = true
	}
	for link := first.Link; link != ""; {
		u, err := url.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		var page struct {
			Value []struct{ ID string }
			Link  string `json:"@odata.nextLink"`
		}
		must(t, json.Unmarshal([]byte(w.want(200, ada, "GET", u.RequestURI(), nil).Body), &page))
		for _, a := range page.Value {
			met[a.ID] = true
		}
		link = page.Link
	}
	return fmt.Sprintf("%d of %d, %d by the links", len(first.Alerts), first.Count, len(met))
}

// A record must not send its readers elsewhere.
func TestTheLinkToMoreAlertsIsOurs(t *testing.T) {
	w := newWorld(t)
	w.want(200, ada, "POST", "/api/v1/ingest?name=sent.json", `{"@odata.type":"#microsoft.graph.security.incident","id":"sent","displayName":"x","status":"active","createdDateTime":"2021-02-19T09:17:02Z",
		"alerts@odata.nextLink":"https://elsewhere.example/","alerts@odata.count":7,"alerts":[{"id":"sent1","serviceSource":"microsoftDefenderForEndpoint","createdDateTime":"2021-02-19T09:17:02Z"}]}`)
	for _, path := range []string{"/v1.0/security/incidents/sent", "/v1.0/security/incidents/sent?$expand=alerts"} {
		if r := w.want(200, ada, "GET", path, nil); strings.Contains(r.Body, "elsewhere") || strings.Contains(r.Body, `count":7`) {
			t.Errorf("%s: %s", path, r.Body)
		}
	}
}

// What somebody sends is held in memory until it is read. Who may do nothing with a large body sends none, and nobody sends many at once.
func TestLargeBodiesAreForWhoMaySendThemAndFewAtOnce(t *testing.T) {
	w := newWorld(t)
	text := strings.Repeat("#", 2<<20)
	file, query := map[string]any{"text": text}, map[string]any{"query": text}
	for _, c := range []struct {
		user, path string
		body       any
		refused    bool
	}{
		{ada, "/api/v1/policy/plan", file, false}, {nora, "/api/v1/policy/plan", file, true}, {ada, "/api/v1/hunting/check", query, false}, {nora, "/api/v1/hunting/check", query, true},
		{nora, "/v1.0/security/runHuntingQuery", map[string]any{"Query": text}, true},
	} {
		r := w.ask(c.user, "POST", c.path, c.body)
		if tooLarge := strings.Contains(r.Body, "larger than 1048576 bytes"); tooLarge != c.refused {
			t.Errorf("%s as %s: %d %.200s", c.path, c.user, r.Status, r.Body)
		}
	}
	// Two that never come to an end, and a third.
	var senders []*io.PipeWriter
	for range mostLarge {
		body, sender := io.Pipe()
		senders = append(senders, sender)
		t.Cleanup(func() { _ = sender.Close() }) // or the server waits for it
		r, err := http.NewRequest("POST", w.server.URL+"/api/v1/hunting/check", body)
		must(t, err)
		r.ContentLength = 3 << 20
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+w.token(ada))
		go func() {
			if answer, err := w.server.Client().Do(r); err == nil {
				_ = answer.Body.Close()
			}
		}()
		_, err = sender.Write([]byte(`{"query":"`))
		must(t, err)
	}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if r := w.ask(ada, "POST", "/api/v1/hunting/check", query); r.Status == 503 && strings.Contains(r.Body, "one after the other") {
			break
		} else if time.Now().After(end) {
			t.Fatalf("a third large body: %d %.200s", r.Status, r.Body)
		}
	}
	w.want(200, ada, "POST", "/api/v1/hunting/check", map[string]any{"query": "print 1"})
	for _, s := range senders {
		_ = s.CloseWithError(io.ErrUnexpectedEOF)
	}
	for end := time.Now().Add(10 * time.Second); w.ask(ada, "POST", "/api/v1/hunting/check", query).Status == 503; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("two that were given up count still")
		}
	}
}
