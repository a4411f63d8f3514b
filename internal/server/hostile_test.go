package server

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/hostile"
	"github.com/bailiwick/bailiwick/internal/investigation"
)

// Whatever strangers write into any string of an alert, evidence of any type, an incident, an action, a row or a report is taken, and
// served again as the text it is: nowhere does it become a header, a line, a cell, markup or a fault of ours.
func TestHostileTextComesBackAsTheTextItIs(t *testing.T) {
	w := newWorld(t)
	records, report := template(t, "records.jsonl"), template(t, "report.json")
	texts := hostile.Texts()
	var all bytes.Buffer
	for n, text := range texts {
		all.Write(hostile.Spoil(records, fmt.Sprint(n), text))
	}
	if r := w.ask(ada, "POST", "/api/v1/ingest?name=hostile.jsonl", all.String()); r.Status != http.StatusOK {
		t.Fatal(r.Body)
	}
	for n, text := range texts {
		number := fmt.Sprint(n)
		lines := bytes.Split(hostile.Spoil(records, number, text), []byte("\n"))
		for i, path := range []string{"/v1.0/security/alerts_v2/hostile-" + number, "/v1.0/security/incidents/hostile-i" + number} {
			asGiven(t, path+" of "+text.Kind, lines[i], w.want(http.StatusOK, ada, "GET", path, nil, "Prefer", "include-unknown-enum-members").Body)
		}
		for _, path := range []string{"/api/v1/actions/hostile-a" + number, "/api/v1/actions/hostile-m" + number} {
			w.plainly(t, ada, path)
		}
		// A report is written by who runs the centre, and what is no title or no name is refused with its place.
		made := w.ask(ada, "POST", "/api/v1/ingest?name=report.json", string(hostile.Spoil(report, number, text)))
		if made.Status == http.StatusBadRequest {
			refusedPlainly(t, "report of "+text.Kind, made, "report.json:1: record 1")
			continue
		}
		want := hostile.Spoil([]byte(`{"title":"?","summary":"?"}`), number, hostile.Text{JSON: trimmed(text)})
		asGiven(t, "report of "+text.Kind, want, w.want(http.StatusOK, ada, "GET", "/api/v1/threat-analytics/reports/hostile-r"+number, nil).Body)
	}
	w.logIsOfLines(t)
}

// What is asked for is text as well: in a path, a filter, a search, an order, a cursor or a header.
func TestHostileQuestionsAreAnsweredPlainly(t *testing.T) {
	w := newWorld(t)
	operations, err := contract()
	must(t, err)
	for n, text := range hostile.Texts() {
		if len(text.Text) > 1000 {
			text.Text = text.Text[:1000]
		}
		asked, segment := url.QueryEscape(text.Text), url.PathEscape(text.Text)
		if segment == "" || segment == ".." {
			segment = "%2e%2e%2f"
		}
		for _, o := range operations {
			if o.Method != "GET" {
				continue
			}
			if strings.Contains(o.Path, "{") && n%8 == 0 { // one id is read like another
				w.plainly(t, ada, strings.NewReplacer("{id}", segment, "{name}", segment, "{seq}", segment).Replace(o.Path))
			}
			for name := range o.Query {
				if name != "wait" && len(name)%8 == n%8 {
					w.plainly(t, ada, strings.NewReplacer("{id}", "sales01", "{name}", elena, "{seq}", "1").Replace(o.Path)+"?"+url.QueryEscape(name)+"="+asked)
				}
			}
		}
		for _, path := range []string{"/v1.0/security/alerts_v2?$filter=title%20eq%20'" + strings.ReplaceAll(asked, "%27", "%27%27") + "'", "/v1.0/security/alerts_v2?" + asked + "=1", "/v1.0/security/" + segment} {
			w.plainly(t, ada, path)
		}
	}
	w.logIsOfLines(t)
}

// Names are of what shows: what does not is refused, with its place. What is taken comes back as it was, and is what a policy file says.
func TestHostileNamesAreTakenAsTheyAreOrRefused(t *testing.T) {
	w := newWorld(t)
	taken, refused := 0, 0
	for _, text := range hostile.Texts() {
		spoil := func(template string) string { return string(hostile.Spoil([]byte(template), "", text)) }
		name := url.PathEscape(text.Text)
		for _, c := range []struct{ what, method, path, body string }{
			{"role", "POST", "/api/v1/roles", spoil(`{"name":"?","description":"?","workload":"office365","permissions":["Security Reader"]}`)},
			{"group", "PUT", "/api/v1/groups/" + name, spoil(`{"description":"?","members":[]}`)},
			{"user", "PUT", "/api/v1/users/" + name, spoil(`{"displayName":"?"}`)},
			{"ceiling", "PUT", "/api/v1/ceilings/" + name, spoil(`{"description":"?","actors":[],"workloads":["office365"]}`)},
			{"notification rule", "POST", "/api/v1/notifications/rules", spoil(`{"name":"?","severities":["high"],"everywhere":true,"recipients":[{"user":"` + elena + `","mail":"` + elena + `"}]}`)},
			{"device group", "PUT", "/api/v1/device-groups", spoil(`{"items":[{"name":"?","description":"?","match":{"name":["?"],"tag":["?"]},"access":["sales-tier1"]},{"name":"Sales devices","match":{"name":["sales-*"]},"access":["sales-tier1","sales-tier2"]},{"name":"HR devices","match":{"name":["hr-*"]},"access":["hr-tier1"]},{"name":"Ungrouped devices (default)","open":false,"access":[]}]}`)},
			{"token", "POST", "/api/v1/tokens", spoil(`{"name":"?","ttl":"1h"}`)},
			{"saved view", "PUT", "/api/v1/saved-views", spoil(`{"area":"alerts","name":"?","query":"q=1"}`)},
		} {
			if strings.HasSuffix(c.path, "/") || strings.HasSuffix(c.path, "/..") {
				continue // there is no such address
			}
			r := w.ask(ada, c.method, c.path, c.body)
			if r.Status < 300 {
				taken++
				continue
			}
			refused++
			if r.Status != http.StatusBadRequest && r.Status != http.StatusConflict {
				t.Errorf("%s of %s %.40q: %d %.300s", c.what, text.Kind, text.Text, r.Status, r.Body)
			}
			plainAnswer(t, c.what+" of "+text.Kind, r)
		}
	}
	if taken < 200 || refused < 100 {
		t.Errorf("%d taken, %d refused", taken, refused)
	}
	file := w.want(http.StatusOK, ada, "GET", "/api/v1/policy", nil)
	if bad := strings.IndexFunc(file.Body, func(r rune) bool { return unicode.IsControl(r) && r != '\n' || harms(r) }); bad >= 0 {
		t.Errorf("the policy file holds %q", file.Body[max(0, bad-60):bad+10])
	}
	plan := w.want(http.StatusOK, ada, "POST", "/api/v1/policy/plan", map[string]any{"text": file.Body, "prune": true}).json(t)
	if changes, _ := plan["changes"].([]any); len(changes) != 0 {
		t.Errorf("the policy file is another policy: %.2000s", jsonText(plan))
	}
	// With some of every kind among the records, all that there is to read.
	records, kinds := template(t, "records.jsonl"), map[string]bool{}
	for _, text := range hostile.Texts() {
		if !kinds[text.Kind] {
			w.load("hostile", string(hostile.Spoil(records, fmt.Sprint(len(kinds)), text)))
			kinds[text.Kind] = true
		}
	}
	// Written by people, too.
	ctx, as := context.Background(), audit.Actor{Name: ada, Via: audit.ViaToken}
	for _, text := range hostile.Texts() {
		comment := hostile.Spoil([]byte(`{"comment":"?"}`), "", text)
		if _, err := w.cases.CommentIncident(ctx, as, "hostile-i0", comment, ""); err != nil && strings.TrimSpace(text.Text) != "" && text.Kind != "nul" {
			t.Errorf("a comment of %s: %v", text.Kind, err)
		}
	}
	_, err := w.cases.UpdateIncident(ctx, as, "hostile-i0", []byte(`{"customTags":["<b>=1","=1+1","\u202egnp"],"resolvingComment":"\u001b[31m"}`), "", investigation.Form{})
	must(t, err)
	for _, paths := range worldReads() {
		for _, path := range paths {
			w.plainly(t, ada, strings.NewReplacer("sales01", "hostile-0", "/shared", "/hostile-i0", "seen1", "hostile-a0", "reports/wave", "reports/hostile-r0").Replace(path))
		}
	}
	w.logIsOfLines(t)
}

func template(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "hostile", name))
	must(t, err)
	return text
}

func trimmed(t hostile.Text) json.RawMessage {
	text, _ := json.Marshal(strings.TrimSpace(t.Text))
	return text
}

// asGiven holds every string that was given against what is served under the same name.
func asGiven(t *testing.T, what string, given []byte, served string) {
	t.Helper()
	var want, got any
	must(t, json.Unmarshal(bytes.ReplaceAll(given, []byte(`\u0000`), []byte(`\ufffd`)), &want))
	must(t, json.Unmarshal([]byte(served), &got))
	if at := missing(want, got); at != "" {
		t.Errorf("%s: %s is not served as it was given", what, at)
	}
}

// ours are the members that the centre says in its own words.
var ours = regexp.MustCompile(`^rbacGroup(Id|Name)$|^id$|DateTime$|^severity$`)

func missing(want, got any) string {
	switch want := want.(type) {
	case map[string]any:
		has, _ := got.(map[string]any)
		for name, v := range want {
			if !ours.MatchString(name) {
				if at := missing(v, has[name]); at != "" {
					return name + "/" + at
				}
			}
		}
	case []any:
		has, _ := got.([]any)
		if len(has) < len(want) {
			return fmt.Sprintf("%d of %d", len(has), len(want))
		}
		for i, v := range want {
			if at := missing(v, has[i]); at != "" {
				return fmt.Sprint(i, "/", at)
			}
		}
	default:
		if !reflect.DeepEqual(want, got) && want != "" {
			return fmt.Sprintf("%.60q (got %.60q)", want, got)
		}
	}
	return ""
}

// plainly asks, and demands an answer that is what it says it is.
func (w *world) plainly(t *testing.T, who, path string) {
	t.Helper()
	plainAnswer(t, "GET "+path, w.ask(who, "GET", path, nil))
}

func plainAnswer(t *testing.T, what string, r reply) {
	t.Helper()
	if len(what) > 200 {
		what = what[:200]
	}
	if r.Status >= http.StatusInternalServerError {
		t.Errorf("%s: %d %.300s", what, r.Status, r.Body)
	}
	for name, values := range r.Header {
		if !headersThereAre[name] || len(values) != 1 || strings.ContainsFunc(values[0], unicode.IsControl) {
			t.Errorf("%s: header %s: %q", what, name, values)
		}
	}
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	switch {
	case r.Body == "":
	case r.Header.Get("X-Content-Type-Options") != "nosniff":
		t.Errorf("%s: may be taken for something else", what)
	case kind == "application/x-ndjson", kind == "application/yaml", kind == "text/plain":
	case strings.HasSuffix(kind, "json"):
		if !json.Valid([]byte(r.Body)) || !utf8.ValidString(r.Body) {
			t.Errorf("%s: is no JSON", what)
		}
	case kind == "text/csv":
		rows, err := csv.NewReader(strings.NewReader(r.Body)).ReadAll()
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if c := strings.TrimLeftFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }); c != "" && strings.ContainsAny(c[:1], "=+-@") {
					t.Errorf("%s: a cell is a formula: %q", what, cell)
				}
			}
		}
	default:
		t.Errorf("%s: is of type %q", what, kind)
	}
}

var headersThereAre = map[string]bool{
	"Bailiwick-Policy-Revision": true, "Cache-Control": true, "Content-Disposition": true, "Content-Length": true, "Content-Security-Policy": true, "Content-Type": true,
	"Cross-Origin-Resource-Policy": true, "Date": true, "Referrer-Policy": true, "Request-Id": true, "X-Content-Type-Options": true, "X-Frame-Options": true, "Etag": true,
	"Client-Request-Id": true, "X-Ms-Ags-Diagnostic": true, "Odata-Version": true, "Allow": true, "Preference-Applied": true, "Warning": true, "Location": true, "Link": true,
}

func refusedPlainly(t *testing.T, what string, r reply, place string) {
	t.Helper()
	plainAnswer(t, what, r)
	if !strings.Contains(r.Body, place) {
		t.Errorf("%s: the refusal does not say where: %.300s", what, r.Body)
	}
}

// harms tells what turns a text around, or hides a part of it.
func harms(r rune) bool { return unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) }

// logIsOfLines demands that every line of the log is one that the server wrote.
func (w *world) logIsOfLines(t *testing.T) {
	t.Helper()
	w.server.Close() // which waits for the last line
	for _, line := range strings.Split(strings.TrimSuffix(w.log.String(), "\n"), "\n") {
		var entry struct{ Level, Msg, User string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil || entry.Level == "ERROR" || strings.ContainsFunc(line, unicode.IsControl) {
			t.Errorf("a line of the log: %.300q (%v)", line, err)
		}
	}
}
