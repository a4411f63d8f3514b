package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/bailiwick/bailiwick/internal/notify"
	"github.com/bailiwick/bailiwick/internal/outbox"
	"github.com/bailiwick/bailiwick/internal/response"
)

// demoResponder is what carries out the demo's actions: a webhook's receiver on this machine that takes its time and then says
// that it is done. It does nothing to anything. What it was handed once it does not take for new.
type demoResponder struct {
	secret []byte
	mu     sync.Mutex
	begun  map[string]time.Time
}

// How long it takes, and what it can't do: those actions are for people.
const demoPace = 3 * time.Second

var demoTypes = []string{
	"isolateDevice", "unIsolateDevice", "runAntiVirusScan", "collectInvestigationPackage", "stopAndQuarantineFile", "quarantineFile", "releaseQuarantinedFile", "killProcess", "stopProcess",
	"softDeleteEmail", "moveToJunk", "moveToInbox", "blockSender", "unblockSender",
}

// demoChat is the webhook by which the demo tells people of alerts: the same responder takes that too, and drops it.
const demoChat = "demo chat"

func (p *program) demoResponder() (executor response.Routed, chat *notify.Webhook, stop func(), err error) {
	d := &demoResponder{secret: []byte(rand.Text()), begun: map[string]time.Time{}}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return executor, nil, nil, fmt.Errorf("start the demo's responder: %w", err)
	}
	s := &http.Server{Handler: d, ReadHeaderTimeout: headerTime}
	go func() { _ = s.Serve(listener) }()
	here := "http://" + listener.Addr().String()
	executor = response.Routed{Name: "demo responder", Executor: asked{response.NewWebhook(here+"/orders", d.secret, p.now)}, Types: demoTypes}
	return executor, notify.NewWebhook(demoChat, here+chatPath, d.secret, true, p.now), func() { _ = s.Close() }, nil
}

const chatPath = "/chat"

// asked is a webhook that is asked how far it is, by handing the order over once more.
type asked struct{ *response.Webhook }

func (a asked) Ask(ctx context.Context, o response.Order) (response.Answer, error) {
	return a.Hand(ctx, o)
}
func (a asked) Pace() time.Duration { return time.Second }

func (d *demoResponder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil || !outbox.Signed(d.secret, time.Now(), r.Header.Get(outbox.SignatureHeader), body) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if r.URL.Path == chatPath {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	key := r.Header.Get("Idempotency-Key")
	d.mu.Lock()
	if d.begun[key].IsZero() {
		d.begun[key] = time.Now()
	}
	done := time.Since(d.begun[key]) >= demoPace
	d.mu.Unlock()
	answer := map[string]string{"status": response.InProgress, "id": "demo-" + key}
	if done {
		answer["status"], answer["outcome"] = response.Succeeded, "the demo's responder says that it is done; nothing was done to anything"
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}
