package server

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/hunting/events"
	"github.com/bailiwick/bailiwick/internal/hunting/worker"
	"github.com/bailiwick/bailiwick/internal/store"
)

// noFiles is an event store without a row: what is asked of the engine is looked at, not what it finds.
type noFiles struct{}

func (noFiles) FilesSince(string, events.Ticks, events.Ticks, events.Ticks) ([]string, events.Ticks, error) {
	return nil, 0, nil
}

// engine stands in for DuckDB, which no test of this room links. It answers one row for each thing that the query may read of, and so
// shows what would have come into reach; or what a test makes it answer.
type engine struct {
	mu     sync.Mutex
	answer func(ctx context.Context, job worker.Job, to worker.Rows) (worker.Stats, error)
}

func (e *engine) Run(ctx context.Context, _ string, job worker.Job, to worker.Rows) (worker.Stats, error) {
	e.mu.Lock()
	answer := e.answer
	e.mu.Unlock()
	if answer != nil {
		return answer(ctx, job, to)
	}
	if err := to.Columns(make([]worker.Column, 1)); err != nil {
		return worker.Stats{}, err
	}
	sum := sha256.Sum256([]byte(job.Statement))
	found := []string{hex.EncodeToString(sum[:8])}
	for name, ids := range job.Lists {
		for _, id := range ids {
			found = append(found, name+" "+id)
		}
	}
	slices.Sort(found)
	for _, one := range found {
		if err := to.Row([]any{one}); err != nil {
			return worker.Stats{}, err
		}
	}
	return worker.Stats{Rows: int64(len(found))}, nil
}

func (e *engine) say(answer func(ctx context.Context, job worker.Job, to worker.Rows) (worker.Stats, error)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.answer = answer
}

// keepQueries writes two queries of Elena's: one her own, one that she shares.
func (w *world) keepQueries() {
	w.t.Helper()
	must(w.t, w.store.Change(context.Background(), func(tx store.Writer) error {
		for _, q := range []store.HuntingQuery{
			{ID: "hqy_own", Owner: elena, Name: "Own", Text: "DeviceInfo", Updated: time.Unix(1, 0), UpdatedBy: elena},
			{ID: "hqy_shared", Owner: elena, Name: "Shared", Text: "DeviceInfo", Sharing: "read", Updated: time.Unix(1, 0), UpdatedBy: elena},
		} {
			if err := tx.PutHuntingQuery(q); err != nil {
				return err
			}
		}
		return nil
	}))
}

// lines are the events of a run.
func lines(t testing.TB, body string) (list []map[string]any) {
	t.Helper()
	for line := range strings.Lines(body) {
		var e map[string]any
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		list = append(list, e)
	}
	return list
}

const run, graphRun = "/api/v1/hunting/run", "/v1.0/security/runHuntingQuery"

func TestARunIsCutToItsReadersReachAndWrittenIntoTheLog(t *testing.T) {
	w := newWorld(t)
	body := w.want(200, elena, "POST", run, map[string]any{"query": "DeviceProcessEvents | project DeviceId"}).Body
	if !strings.Contains(body, "reach_devices sales-01") || strings.Contains(body, "hr-01") {
		t.Errorf("Elena, who reads devices of Sales, got %s", body)
	}
	kinds := []string{}
	for _, e := range lines(t, body) {
		kinds = append(kinds, e["kind"].(string))
	}
	if got := strings.Join(kinds, " "); got != "columns rows done" {
		t.Errorf("the lines are %q", got)
	}
	denied := w.want(403, elena, "POST", run, map[string]any{"query": "EmailEvents"})
	if !strings.Contains(denied.Body, "Security Reader") {
		t.Errorf("a table that she may not read: %s", denied.Body)
	}
	log := w.want(200, ada, "GET", "/api/v1/audit?search=hunting.run", nil).json(t)["items"].([]any)
	outcomes := []string{}
	for _, e := range log {
		if e := e.(map[string]any); e["operation"] == "hunting.run" {
			outcomes = append(outcomes, e["outcome"].(string))
			if text := jsonText(e); strings.Contains(text, "project") {
				t.Errorf("the log holds the text of a query: %s", text)
			}
		}
	}
	if fmt.Sprint(outcomes) != "[refused done]" {
		t.Errorf("the log has %v", outcomes)
	}
	history := w.want(200, elena, "GET", "/api/v1/hunting/history", nil).json(t)
	if history["total"] != 2.0 || history["items"].([]any)[1].(map[string]any)["state"] != "completed" {
		t.Errorf("her history: %v", history)
	}
	if other := w.want(200, emil, "GET", "/api/v1/hunting/history", nil).json(t); other["total"] != 0.0 {
		t.Errorf("another's history: %v", other)
	}
}

func TestGraphAnswersWithItsTypesAndRefusesWhatIsTooLarge(t *testing.T) {
	w := newWorld(t)
	query := map[string]any{"Query": `DeviceProcessEvents | project Timestamp, ReportId, a = true, AdditionalFields, d = dynamic(["x"]), s = 1d`, "Timespan": "P1D"}
	w.engine.say(func(_ context.Context, job worker.Job, to worker.Rows) (worker.Stats, error) {
		if err := to.Columns(make([]worker.Column, 6)); err != nil {
			return worker.Stats{}, err
		}
		at := int64(events.TicksOf(time.Date(2026, 2, 3, 4, 5, 6, 100, time.UTC)))
		return worker.Stats{Rows: 1}, to.Row([]any{at, int64(9007199254740993), true, `=1"`, `["x"]`, int64(864_000_000_001)})
	})
	got := w.want(200, elena, "POST", graphRun, query).Body
	want := `"schema":[{"name":"Timestamp","type":"DateTime"},{"name":"ReportId","type":"Int64"},{"name":"a","type":"SByte"},{"name":"AdditionalFields","type":"String"},{"name":"d","type":"Object"},{"name":"s","type":"TimeSpan"}],` +
		`"results":[{"Timestamp":"2026-02-03T04:05:06.0000001Z","ReportId@odata.type":"#Int64","ReportId":9007199254740993,"a":1,"AdditionalFields":"=1\"","d@odata.type":"#Collection(String)","d":["x"],"s":"1.00:00:00.0000001"}]`
	if !strings.Contains(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for limit, want := range map[string]int{"rows": 400, "bytes": 400} {
		w.engine.say(func(_ context.Context, _ worker.Job, to worker.Rows) (worker.Stats, error) {
			return worker.Stats{Rows: 1, Truncated: limit}, to.Columns(make([]worker.Column, 6))
		})
		if r := w.want(want, elena, "POST", graphRun, query); !strings.Contains(r.Body, "exceeded the allowed result size") {
			t.Errorf("%s: %s", limit, r.Body)
		}
	}
	for code, want := range map[worker.Code]int{worker.Busy: 429, worker.Late: 400, worker.Memory: 400, worker.Failed: 503} {
		w.engine.say(func(context.Context, worker.Job, worker.Rows) (worker.Stats, error) {
			return worker.Stats{}, &worker.Error{Code: code, ID: "x", Kind: "of the engine"}
		})
		r := w.want(want, elena, "POST", graphRun, query)
		if strings.Contains(r.Body, "of the engine") || want == 429 && r.Header.Get("Retry-After") == "" {
			t.Errorf("%s: %v %s", code, r.Header, r.Body)
		}
	}
}

func TestWhatEndsMidwayIsSaidAtTheEndOfTheStream(t *testing.T) {
	w := newWorld(t)
	w.engine.say(func(_ context.Context, _ worker.Job, to worker.Rows) (worker.Stats, error) {
		if err := to.Columns(make([]worker.Column, 1)); err != nil {
			return worker.Stats{}, err
		}
		if err := to.Row([]any{"one"}); err != nil {
			return worker.Stats{}, err
		}
		return worker.Stats{Rows: 1}, &worker.Error{Code: worker.Memory, ID: "x"}
	})
	list := lines(t, w.want(200, elena, "POST", run, map[string]any{"query": "DeviceInfo | project DeviceId"}).Body)
	last := list[len(list)-1]
	if last["kind"] != "error" || last["code"] != "memory" || list[1]["kind"] != "rows" {
		t.Errorf("%v", list)
	}
}

func TestWhoHangsUpEndsTheirQuery(t *testing.T) {
	w := newWorld(t)
	ended := make(chan error, 1)
	w.engine.say(func(ctx context.Context, _ worker.Job, to worker.Rows) (worker.Stats, error) {
		if err := to.Columns(make([]worker.Column, 1)); err != nil {
			return worker.Stats{}, err
		}
		<-ctx.Done()
		ended <- ctx.Err()
		return worker.Stats{}, &worker.Error{Code: worker.Cancelled}
	})
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, "POST", w.server.URL+run, strings.NewReader(`{"query":"DeviceInfo | project DeviceId"}`))
	must(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+w.token(elena))
	answer, err := w.server.Client().Do(r)
	must(t, err)
	defer answer.Body.Close()
	if line, err := bufio.NewReader(answer.Body).ReadString('\n'); err != nil || !strings.Contains(line, "columns") {
		t.Fatalf("the columns come before the query has ended: %q, %v", line, err)
	}
	cancel()
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		t.Fatal("the query went on")
	}
	w.server.Close() // and with it what was still being written about
	must(t, w.store.View(context.Background(), func(tx store.Reader) error {
		runs, err := tx.HuntingRuns(elena, store.HuntingPlace{}, 9)
		if err == nil && (len(runs) != 1 || runs[0].State != "cancelled") {
			t.Errorf("her history: %+v", runs)
		}
		return err
	}))
}

func TestPlacesInAQueryAreThoseOfEditors(t *testing.T) {
	w := newWorld(t)
	body := w.want(200, elena, "POST", "/api/v1/hunting/check", map[string]any{"query": "DeviceInfo\n| where '𝒳' == Nope"}).json(t)
	e := body["errors"].([]any)[0].(map[string]any)
	if e["line"] != 2.0 || e["column"] != 17.0 || e["endLine"] != 2.0 || e["endColumn"] != 21.0 {
		t.Errorf("%v", e)
	}
}
