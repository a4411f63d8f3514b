package response

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/outbox"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/sqlite"
	"github.com/bailiwick/bailiwick/rbac"
)

func TestNothingIsDoneThatNoExecutorConfirmed(t *testing.T) {
	w := newWorld(t)
	w.robot.answer = func(Order) (Answer, error) { return Answer{}, errors.New("connection reset") }
	item, err := w.service.Ask(ctx, as(sol), Request{Type: "isolateDevice", Target: Target{Device: "s1"}})
	must(t, err)
	for range 40 {
		w.empty()
		w.pass(time.Minute)
	}
	a := w.stored(item.ID)
	if a.Status != InProgress || a.Delivery.Attempts < 5 || !strings.Contains(a.Body.Outcome, "connection reset") {
		t.Errorf("without an answer: %s after %d attempts, %q", a.Status, a.Delivery.Attempts, a.Body.Outcome)
	}
	w.pass(time.Hour)
	w.empty()
	if a = w.stored(item.ID); a.Status != TimedOut {
		t.Errorf("after its time: %s", a.Status)
	}
	must(t, w.service.Answered(ctx, "robot", item.ID, Answer{Event: Succeed, Outcome: "late"}))
	if a = w.stored(item.ID); a.Status != Succeeded || a.Body.Outcome != "late" {
		t.Errorf("after a late answer: %s %q", a.Status, a.Body.Outcome)
	}
	if err := w.service.Answered(ctx, "robot", item.ID, Answer{Event: Fail}); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("an answer that contradicts: %v", err)
	}
	if err := w.service.Answered(ctx, "other", item.ID, Answer{Event: Fail}); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("an answer of another executor: %v", err)
	}
}

func TestARefusalIsFinal(t *testing.T) {
	w := newWorld(t)
	w.robot.answer = func(Order) (Answer, error) { return Answer{}, outbox.Refusal(errors.New("no such machine")) }
	item, err := w.service.Ask(ctx, as(sol), Request{Type: "isolateDevice", Target: Target{Device: "s1"}})
	must(t, err)
	w.empty()
	if a := w.stored(item.ID); a.Status != Failed || a.Body.Outcome != "no such machine" || a.Delivery.Attempts != 1 {
		t.Errorf("refused: %s %q", a.Status, a.Body.Outcome)
	}
}

func TestWhatIsDoneIsUndone(t *testing.T) {
	w := newWorld(t)
	item, err := w.service.Ask(ctx, as(sol), Request{Type: "isolateDevice", Target: Target{Device: "s1"}})
	must(t, err)
	if _, err := w.service.Undo(ctx, as(sol), item.ID, ""); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("undone before it was done: %v", err)
	}
	w.empty()
	if _, err := w.service.Undo(ctx, as(rita), item.ID, ""); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("undone by a reader: %v", err)
	}
	back, err := w.service.Undo(ctx, as(sol), item.ID, "all clear")
	must(t, err)
	if _, err := w.service.Undo(ctx, as(sol), item.ID, ""); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("undone twice: %v", err)
	}
	w.empty()
	if a, b := w.stored(item.ID), w.stored(back.ID); a.Status != Undone || a.UndoneBy != b.ID || b.UndoOf != a.ID || b.Status != Succeeded {
		t.Errorf("after the undo: %s, %s", a.Status, b.Status)
	}
	if got := fmt.Sprint(w.robot.order); got != "[isolateDevice s1 unIsolateDevice s1]" {
		t.Errorf("carried out: %s", got)
	}
}

func TestTasksForPeopleEndWhenPeopleSaySo(t *testing.T) {
	w := newWorld(t)
	item, err := w.service.Ask(ctx, as(sol), Request{Type: "restrictAppExecution", Target: Target{Device: "s1"}})
	if must(t, err); item.Status != InProgress || item.Delivery.Executor != ByHand || len(item.Body.Checklist) != 2 {
		t.Fatalf("asked: %+v", item)
	}
	for _, c := range []struct {
		c    Completion
		want fault.Kind
	}{
		{Completion{Status: Succeeded, Steps: []int{0}}, fault.KindInvalid}, {Completion{Status: Succeeded, Steps: []int{0, 7}}, fault.KindInvalid},
		{Completion{Status: Failed}, fault.KindInvalid}, {Completion{Status: "undone", Steps: []int{0, 1}}, fault.KindInvalid}, {Completion{Steps: []int{1}}, 0},
	} {
		if _, err := w.service.Complete(ctx, as(sol), item.ID, c.c); fault.KindOf(err) != c.want {
			t.Errorf("%+v: %v", c.c, err)
		}
	}
	if _, err := w.service.Complete(ctx, as(rita), item.ID, Completion{Status: Succeeded, Steps: []int{0, 1}}); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("by a reader: %v", err)
	}
	if steps := w.stored(item.ID).Body.Checklist; steps[0].Done || !steps[1].Done {
		t.Errorf("kept: %+v", steps)
	}
	w.pass(manualPatience + time.Second)
	w.empty()
	if s := w.stored(item.ID).Status; s != TimedOut {
		t.Errorf("after a week: %s", s)
	}
	done, err := w.service.Complete(ctx, as(sol), item.ID, Completion{Status: Succeeded, Steps: []int{0, 1}, Comment: "done"})
	if must(t, err); done.Status != Succeeded {
		t.Errorf("done late: %s", done.Status)
	}
}

// A process that knows no executors approves; the server that does carries it out, or gives it to people.
func TestWhatAnotherProcessApprovedIsCarriedOut(t *testing.T) {
	w := newWorld(t)
	w.take(w.pending("robots", rbac.Endpoint, "isolateDevice", "s1"), w.pending("peoples", rbac.Endpoint, "restrictAppExecution", "s1"))
	w.service.delivers = false
	for _, id := range []string{"robots", "peoples"} {
		if item, err := w.service.Approve(ctx, as(sol), id, ""); err != nil || item.Status != Queued {
			t.Fatalf("%s: %s %v", id, item.Status, err)
		}
	}
	w.service.delivers = true
	w.empty()
	if a, b := w.stored("robots"), w.stored("peoples"); a.Status != Succeeded || b.Status != InProgress || b.Delivery.Executor != ByHand || len(b.Body.Checklist) == 0 {
		t.Errorf("then: %s, %s %+v", a.Status, b.Status, b.Delivery)
	}
}

// hanging is an executor that takes orders, and does not come back before it is let go.
type hanging struct {
	taken chan string
	let   chan struct{}
}

func (h hanging) Hand(ctx context.Context, o Order) (Answer, error) {
	if _, ends := ctx.Deadline(); !ends {
		return Answer{}, outbox.Refusal(errors.New("it may hang for ever"))
	}
	h.taken <- o.Key
	select {
	case <-h.let:
		return Answer{Event: Succeed}, nil
	case <-ctx.Done():
		return Answer{}, ctx.Err()
	}
}
func (h hanging) Ask(context.Context, Order) (Answer, error) { return Answer{}, nil }
func (h hanging) Pace() time.Duration                        { return 0 }

// An executor that hangs, with more before it than one look takes, holds no other, and is not given everything at once.
func TestAnExecutorThatHangsHoldsNoOther(t *testing.T) {
	w := newWorld(t)
	const orders = outbox.Batch + 30
	h := hanging{make(chan string, 2*orders), make(chan struct{})}
	w.service.executors = append([]Routed{{Name: "hanging", Executor: h, Types: []string{"runAntiVirusScan"}}}, w.service.executors...)
	quick := make(chan string, 1)
	w.robot.answer = func(o Order) (Answer, error) {
		quick <- o.Key
		return Answer{Event: Succeed}, nil
	}
	var ids []string
	for range orders {
		item, err := w.service.Ask(ctx, as(sol), Request{Type: "runAntiVirusScan", Target: Target{Device: "s1"}})
		must(t, err)
		ids = append(ids, item.ID)
	}
	last, err := w.service.Ask(ctx, as(sol), Request{Type: "isolateDevice", Target: Target{Device: "s1"}})
	must(t, err)
	w.pass(time.Second)
	running, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.service.Run(running, func(err error) { t.Error(err) })
	}()
	if got := <-quick; got != last.ID {
		t.Errorf("handed over: %s", got)
	}
	<-h.taken
	if n := len(h.taken); n >= outbox.Batch {
		t.Errorf("%d were given to it at once", n+1)
	}
	close(h.let)
	for range orders - 1 {
		<-h.taken
	}
	stop()
	<-ended
	w.pass(2 * outbox.LeaseTime)
	w.empty()
	again := len(h.taken) // stopped before their end was written down, and handed over again with the same key
	for _, id := range append(ids, last.ID) {
		if a := w.stored(id); a.Status != Succeeded {
			t.Errorf("%s %s after %d attempts", id, standings[a.Status], a.Delivery.Attempts)
		}
	}
	if again > 8 {
		t.Errorf("%d orders were handed over twice", again)
	}
}

// receiver carries orders out as a webhook's receiver should: each key once.
type receiver struct {
	*httptest.Server
	mu       sync.Mutex
	secret   []byte
	done     map[string]int // by key: how often it was carried out
	met      map[string]int // how often it was handed over
	unsigned int
	answer   func(w http.ResponseWriter, key string)
}

func newReceiver(t testing.TB) *receiver {
	r := &receiver{secret: []byte("a secret of the test"), done: map[string]int{}, met: map[string]int{}}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		if !outbox.Signed(r.secret, time.Now(), q.Header.Get(outbox.SignatureHeader), body) {
			r.unsigned++
		}
		key := q.Header.Get("Idempotency-Key")
		if r.met[key]++; r.met[key] == 1 {
			r.done[key]++
		}
		if r.answer != nil {
			r.answer(w, key)
			return
		}
		fmt.Fprint(w, `{"status":"succeeded","id":"r-1","outcome":"done"}`)
	}))
	t.Cleanup(r.Close)
	return r
}

// carried tells how often an order was carried out, and how many orders came at all, and unsigned ones among them.
func (r *receiver) carried(key string) (times, orders, unsigned int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.done[key], len(r.met), r.unsigned
}

func (r *receiver) answers(f func(w http.ResponseWriter, key string)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = f
}

func TestTheWebhookSignsAndReadsAnswers(t *testing.T) {
	r := newReceiver(t)
	hook := NewWebhook(r.URL, r.secret, time.Now)
	order := Order{Key: "k", Type: "isolateDevice", Workload: rbac.Endpoint, Target: Target{Device: "s1"}, Attempt: 1}
	a, err := hook.Hand(ctx, order)
	must(t, err)
	if _, _, unsigned := r.carried("k"); a != (Answer{Event: Succeed, Remote: "r-1", Outcome: "done"}) || unsigned != 0 {
		t.Errorf("answer: %+v, unsigned %d", a, unsigned)
	}
	for _, c := range []struct {
		status       int
		body         string
		final, error bool
	}{
		{202, "", false, false}, {202, `{"status":"inProgress"}`, false, false}, {200, "", false, true}, {200, `{"status":"great"}`, false, true}, {200, strings.Repeat(" ", mostAnswer+2), false, true},
		{400, "", true, true}, {401, "", true, true}, {404, "", true, true}, {302, "", true, true}, {408, "", false, true}, {409, "", false, true}, {429, "", false, true}, {500, "", false, true}, {503, "", false, true},
	} {
		r.answers(func(w http.ResponseWriter, _ string) {
			w.Header().Set("Location", "http://127.0.0.1:1/")
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.body)
		})
		a, err := hook.Hand(ctx, order)
		if (err != nil) != c.error || (outbox.Final(err) != nil) != c.final || a.Event != "" {
			t.Errorf("%d %.20q: %+v %v", c.status, c.body, a, err)
		}
	}
}

// Whoever sees an action reads how it went, and who purges mail by its id does, too: no address, with the key in it, and nothing of
// what a token was asked for with.
func TestWhatWentWrongTellsNoAddressAndNoSecret(t *testing.T) {
	token := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"error":"invalid_client","error_description":"of the tenant KEY"}`)
	}))
	defer token.Close()
	graph := func(base, token string) Executor {
		g, err := NewGraph(GraphConfig{BaseURL: base, TokenURL: token, ClientID: "c", ClientSecret: "KEY", Scope: "x/.default"})
		must(t, err)
		return g
	}
	for name, c := range map[string]struct {
		executor Executor
		says     string
	}{
		"a webhook that is gone":            {NewWebhook("http://127.0.0.1:1/hooks/KEY", []byte("KEY KEY KEY KEY KEY"), time.Now), "refused"},
		"an API that gives no token":        {graph("http://127.0.0.1:1/KEY", token.URL+"/KEY"), "invalid_client"},
		"an API without a token's server":   {graph("http://127.0.0.1:1/KEY", "http://127.0.0.1:1/KEY"), "refused"},
		"where a cloud gives out its keys":  {NewWebhook("http://169.254.169.254/KEY", []byte("KEY KEY KEY KEY KEY"), time.Now), "nothing is sent"},
		"an API where it gives out its own": {graph("http://169.254.169.254/KEY", "http://169.254.169.254/KEY"), "nothing is sent"},
	} {
		w := newWorld(t)
		w.service.executors = append([]Routed{{Name: "x", Executor: c.executor}}, w.service.executors...)
		item, err := w.service.Ask(ctx, as(sol), Request{Type: "isolateDevice", Target: Target{Device: "s1"}})
		must(t, err)
		w.empty()
		if a := w.stored(item.ID); a.Status != InProgress || strings.Contains(a.Body.Outcome, "KEY") || !strings.Contains(a.Body.Outcome, c.says) {
			t.Errorf("%s: %s %q", name, a.Status, a.Body.Outcome)
		}
	}
}

func TestOnlyTheExecutorSpeaksForIt(t *testing.T) {
	w := newWorld(t)
	r := newReceiver(t)
	hook := NewWebhook(r.URL, r.secret, w.clock)
	w.service.executors = append([]Routed{{Name: "soar", Executor: hook}}, w.service.executors...)
	r.answers(func(w http.ResponseWriter, _ string) { w.WriteHeader(202) })
	item, err := w.service.Ask(ctx, as(sol), Request{Type: "isolateDevice", Target: Target{Device: "s1"}})
	must(t, err)
	w.empty()
	if a := w.stored(item.ID); a.Status != InProgress || !a.Delivery.Accepted {
		t.Fatalf("taken: %+v", a.Delivery)
	}
	body := []byte(`{"status":"succeeded","outcome":"isolated"}`)
	sign := func(secret []byte, at time.Time, id string) string {
		return outbox.Sign(secret, at, append([]byte(id+"."), body...))
	}
	for _, c := range []struct{ name, executor, id, signature string }{
		{"unsigned", "soar", item.ID, ""}, {"by another secret", "soar", item.ID, sign([]byte("x"), w.clock(), item.ID)}, {"for another action", "soar", item.ID, sign(r.secret, w.clock(), "other")},
		{"an hour old", "soar", item.ID, sign(r.secret, w.clock().Add(-time.Hour), item.ID)}, {"of an hour ahead", "soar", item.ID, sign(r.secret, w.clock().Add(time.Hour), item.ID)},
		{"of no executor", "nobody", item.ID, sign(r.secret, w.clock(), item.ID)}, {"of people", ByHand, item.ID, sign(r.secret, w.clock(), item.ID)},
		{"without a time", "soar", item.ID, strings.Split(sign(r.secret, w.clock(), item.ID), ",")[1]},
	} {
		if err := w.service.Tell(ctx, c.executor, c.id, c.signature, body); fault.KindOf(err) != fault.KindUnauthenticated {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if a := w.stored(item.ID); a.Status != InProgress {
		t.Fatalf("after lies: %s", a.Status)
	}
	for range 2 { // told twice is told once
		must(t, w.service.Tell(ctx, "soar", item.ID, sign(r.secret, w.clock(), item.ID), body))
	}
	if a := w.stored(item.ID); a.Status != Succeeded || a.Body.Outcome != "isolated" {
		t.Errorf("told: %s %q", a.Status, a.Body.Outcome)
	}
	if err := w.service.Tell(ctx, "soar", item.ID, outbox.Sign(r.secret, w.clock(), []byte(item.ID+"."+"{")), []byte("{")); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("half an answer: %v", err)
	}
}

// The product's own API: it gets what its documentation names, is asked how far it is, and is not told twice.
func TestTheGraphClientSpeaksTheProductsAPI(t *testing.T) {
	var mu sync.Mutex
	var calls []string
	made := map[string]string{}
	status := "Pending"
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if q.URL.Path == "/token" {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"access_token":"t0ken","token_type":"Bearer","expires_in":3600}`)
			return
		}
		if q.Header.Get("Authorization") != "Bearer t0ken" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		body, _ := io.ReadAll(q.Body)
		calls = append(calls, q.Method+" "+q.URL.EscapedPath())
		var given map[string]string
		_ = json.Unmarshal(body, &given)
		switch {
		case q.Method == http.MethodPost:
			if given["IsolationType"] != "Full" || !strings.Contains(given["Comment"], "[Bailiwick key, approved by ada@x]") {
				w.WriteHeader(http.StatusBadRequest)
				return
			}
			made["m1"] = given["Comment"]
			w.WriteHeader(http.StatusCreated)
			fmt.Fprint(w, `{"id":"m1","type":"Isolate","status":"Pending"}`)
		case q.URL.Path == "/api/machineactions":
			if f := q.URL.Query().Get("$filter"); !strings.Contains(f, "machineId eq 's''1/x'") {
				t.Errorf("filter: %s", f)
			}
			list := []string{`{"id":"m0","type":"Isolate","status":"Succeeded","requestorComment":"another"}`}
			if made["m1"] != "" {
				text, _ := json.Marshal(made["m1"])
				list = append(list, `{"id":"m1","type":"Isolate","status":"Pending","requestorComment":`+string(text)+`}`)
			}
			fmt.Fprint(w, `{"value":[`+strings.Join(list, ",")+`]}`)
		default:
			fmt.Fprint(w, `{"id":"m1","type":"Isolate","status":"`+status+`"}`)
		}
	}))
	defer api.Close()
	g, err := NewGraph(GraphConfig{BaseURL: api.URL, TokenURL: api.URL + "/token", ClientID: "c", ClientSecret: "s", Scope: "x/.default"})
	must(t, err)
	o := Order{Key: "key", Type: "isolateDevice", Target: Target{Device: "s'1/x"}, Approver: "ada@x", Attempt: 1, FirstSent: time.Now()}
	first, err := g.Hand(ctx, o)
	if must(t, err); first.Event != "" || first.Remote != "m1" {
		t.Errorf("handed over: %+v", first)
	}
	o.Attempt = 2
	again, err := g.Hand(ctx, o)
	if must(t, err); again.Remote != "m1" || fmt.Sprint(calls) != "[POST /api/machines/s%271%2Fx/isolate GET /api/machineactions]" {
		t.Errorf("handed over again: %+v %v", again, calls)
	}
	o.Remote = "m1"
	for text, want := range map[string]Event{"Pending": "", "InProgress": "", "Succeeded": Succeed, "Failed": Fail, "TimeOut": Fail, "Cancelled": Fail} {
		mu.Lock()
		status = text
		mu.Unlock()
		if a, err := g.Ask(ctx, o); err != nil || a.Event != want {
			t.Errorf("%s: %+v %v", text, a, err)
		}
	}
	for _, bad := range []Order{{Type: "softDeleteEmail"}, {Type: "isolateDevice"}, {Type: "stopAndQuarantineFile", Target: Target{Device: "d"}}} {
		if _, err := g.Hand(ctx, bad); outbox.Final(err) == nil {
			t.Errorf("%s: %v", bad.Type, err)
		}
	}
}

// Kill -9 at each step between approval and end: nothing is lost, and a receiver that minds the key carries out each order once.

const killedAt = "BAILIWICK_TEST_KILLED_AT"

func TestMain(m *testing.M) {
	if at := os.Getenv(killedAt); at != "" {
		deliverUntilKilled(at)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// dying kills its own process where it is told to.
type dying struct {
	Executor
	at string
}

func die() {
	p, _ := os.FindProcess(os.Getpid())
	_ = p.Kill()
	select {}
}

func (d dying) Hand(ctx context.Context, o Order) (Answer, error) {
	if d.at == "before it is sent" {
		die()
	}
	a, err := d.Executor.Hand(ctx, o)
	if d.at == "before the answer is kept" {
		die()
	}
	return a, err
}

func deliverUntilKilled(at string) {
	s, err := sqlite.Open(context.Background(), os.Getenv("BAILIWICK_TEST_STORE"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	hook := NewWebhook(os.Getenv("BAILIWICK_TEST_HOOK"), []byte("a secret of the test"), time.Now)
	service := New(Config{Store: s, Door: &audit.Door{Store: s, Now: time.Now}, Now: time.Now, Delivers: true, Executors: []Routed{{Name: "robot", Executor: dying{hook, at}}}})
	if _, err := service.Empty(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if at == "after the answer is kept" {
		die()
	}
}

func TestAKillBetweenApprovalAndEndLosesNothingAndRepeatsNothing(t *testing.T) {
	for _, at := range []string{"before it is sent", "before the answer is kept", "after the answer is kept"} {
		t.Run(at, func(t *testing.T) {
			w := newWorld(t)
			w.now = time.Now().Add(-time.Minute)
			r := newReceiver(t)
			item, err := w.service.Ask(ctx, as(sol), Request{Type: "isolateDevice", Target: Target{Device: "s1"}})
			must(t, err)
			child := exec.CommandContext(t.Context(), os.Args[0])
			child.Env = append(os.Environ(), killedAt+"="+at, "BAILIWICK_TEST_STORE="+w.path(), "BAILIWICK_TEST_HOOK="+r.URL)
			child.Stderr = os.Stderr
			if err := child.Run(); err == nil || !strings.Contains(err.Error(), "killed") {
				t.Fatalf("the child was not killed: %v", err)
			}
			if a := w.stored(item.ID); a.Status == Queued || a.Status == Succeeded != (at == "after the answer is kept") {
				t.Fatalf("after the kill it %s", standings[a.Status])
			}
			// The next process: an hour has not passed, but the lease has.
			w.now = time.Now().Add(outbox.LeaseTime + time.Second)
			w.service.executors[0].Executor = NewWebhook(r.URL, r.secret, time.Now)
			w.empty()
			if a := w.stored(item.ID); a.Status != Succeeded {
				t.Errorf("in the end it %s: %s", standings[a.Status], a.Body.Outcome)
			}
			if times, orders, unsigned := r.carried(item.ID); times != 1 || unsigned != 0 || orders != 1 {
				t.Errorf("carried out %d times, of %d orders, %d unsigned", times, orders, unsigned)
			}
		})
	}
}

func (w *world) path() string {
	path := ""
	must(w.t, filepath.WalkDir(filepath.Dir(w.t.TempDir()), func(p string, _ os.DirEntry, err error) error {
		if filepath.Base(p) == sqlite.FileName {
			path = p
		}
		return err
	}))
	return path
}

// Many at once, and a process that is killed again and again at any moment.
func TestKillsAtAnyMomentLoseNothing(t *testing.T) {
	w := newWorld(t)
	w.now = time.Now().Add(-time.Hour)
	r := newReceiver(t)
	var ids []string
	for range 30 {
		item, err := w.service.Ask(ctx, as(sol), Request{Type: "runAntiVirusScan", Target: Target{Device: "s1"}})
		must(t, err)
		ids = append(ids, item.ID)
	}
	path := w.path()
	for round := range 8 {
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(os.Environ(), killedAt+"=any", "BAILIWICK_TEST_STORE="+path, "BAILIWICK_TEST_HOOK="+r.URL)
		must(t, child.Start())
		time.Sleep(time.Duration(5+round*9) * time.Millisecond)
		_ = child.Process.Kill()
		_ = child.Wait()
	}
	w.now = time.Now().Add(2 * outbox.LeaseTime)
	w.service.executors[0].Executor = NewWebhook(r.URL, r.secret, time.Now)
	w.empty()
	for _, id := range ids {
		times, _, _ := r.carried(id)
		if a := w.stored(id); a.Status != Succeeded || times != 1 {
			t.Errorf("%s %s, carried out %d times", id, standings[a.Status], times)
		}
	}
	if err := w.store.View(ctx, func(tx store.Reader) error {
		due, err := tx.ActionsDue(w.now.Add(24*time.Hour), nil, 100)
		if len(due) != 0 {
			t.Errorf("%d are still due", len(due))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
