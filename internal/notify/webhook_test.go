package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/hostile"
	"github.com/bailiwick/bailiwick/internal/outbox"
)

var secret = []byte("a secret of sixteen bytes and more")

// posted is what a receiver got.
type posted struct {
	mu     sync.Mutex
	bodies []string
	keys   []string
	answer int
	now    func() time.Time
}

func (p *posted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	p.mu.Lock()
	defer p.mu.Unlock()
	if !outbox.Signed(secret, p.now(), r.Header.Get(outbox.SignatureHeader), body) || r.Header.Get("Content-Type") != "application/json" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	p.bodies, p.keys = append(p.bodies, string(body)), append(p.keys, r.Header.Get("Idempotency-Key"))
	if p.answer == http.StatusTemporaryRedirect {
		w.Header().Set("Location", "http://169.254.169.254/latest/meta-data/")
	}
	w.WriteHeader(p.answer)
}

func (p *posted) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.bodies)
}

// hooked is a world with a webhook named chat.
func hooked(t *testing.T, within bool) (*world, *posted) {
	t.Helper()
	p := &posted{answer: http.StatusOK}
	receiver := httptest.NewServer(p)
	t.Cleanup(receiver.Close)
	w := newWorld(t, func(c *Config) {
		p.now = c.Now
		c.Webhooks = []*Webhook{NewWebhook("chat", receiver.URL+"/hooks/KEY-IN-THE-ADDRESS", secret, within, c.Now)}
	})
	return w, p
}

func TestAWebhookIsToldWhatItsPersonSees(t *testing.T) {
	w, p := hooked(t, true)
	r := w.rule("r", nil, sol+" by chat", nora+" by chat", sol)
	w.load(w.alert("a1", "high", "s1", "h1"), w.alert("a2", "high", "h1"))
	_, err := w.service.Test(ctx, as(ada), r.ID)
	must(t, err)
	w.empty()
	if len(p.bodies) != 3 { // one alert, two tests
		t.Fatalf("posted: %q", p.bodies)
	}
	alerts := 0
	for i, body := range p.bodies {
		var got struct {
			ID, Type, Reader, Text, Severity, WebURL string
			Alert                                    struct {
				ID       string
				Evidence []struct{ MdeDeviceID, RbacGroupName string }
			}
		}
		must(t, json.Unmarshal([]byte(body), &got))
		if strings.Contains(body, "h1") || strings.Contains(body, "HR") || got.ID != p.keys[i] || got.ID == "" {
			t.Errorf("posted: %s", body)
		}
		if got.Type == "test" {
			continue
		}
		alerts++
		if got.Reader != sol || got.Alert.ID != "a1" || len(got.Alert.Evidence) != 1 || got.Alert.Evidence[0].RbacGroupName != "Sales" || got.Severity != "high" || !strings.HasSuffix(got.WebURL, "/alerts/a1") {
			t.Errorf("posted: %s", body)
		}
	}
	if alerts != 1 {
		t.Errorf("%d alerts", alerts)
	}
	equal(t, "mailed", w.mailed(), sol+": "+subject+"a1", sol+": [Bailiwick] Test of a notification")
}

func TestAWebhookIsTriedAgainWithTheSameKey(t *testing.T) {
	w, p := hooked(t, true)
	w.rule("r", nil, sol+" by chat")
	p.answer = http.StatusServiceUnavailable
	w.load(w.alert("a1", "high", "s1"))
	w.empty()
	p.answer = http.StatusNoContent
	w.pass(time.Minute)
	w.empty()
	equal(t, "log", w.log(), "a1 to "+sol+": sent")
	if len(p.keys) != 2 || p.keys[0] != p.keys[1] {
		t.Errorf("keys: %q", p.keys)
	}
}

func TestAWebhookThatRefusesOrRedirectsIsNotAskedAgain(t *testing.T) {
	for _, answer := range []int{http.StatusGone, http.StatusTemporaryRedirect} {
		w, p := hooked(t, true)
		w.rule("r", nil, sol+" by chat")
		p.answer = answer
		w.load(w.alert("a1", "high", "s1"))
		for range 3 {
			w.empty()
			w.pass(time.Hour)
		}
		if log := w.log(); len(p.keys) != 1 || !strings.Contains(log[0], "failed: the webhook answered") {
			t.Errorf("%d: asked %d times: %q", answer, len(p.keys), log)
		}
	}
}

// The receiver of this test is on this machine: what may not be reached from the internet's side is not reached.
func TestAWebhookLeadsNowhereWithin(t *testing.T) {
	w, p := hooked(t, false)
	w.rule("r", nil, sol+" by chat")
	w.load(w.alert("a1", "high", "s1"))
	w.empty()
	log := w.log()
	if len(p.keys) != 0 || !strings.Contains(log[0], "pending: ") || !strings.Contains(log[0], "prohibited") {
		t.Errorf("posted %d: %q", len(p.keys), log)
	}
	if strings.Contains(log[0], "KEY-IN-THE-ADDRESS") {
		t.Errorf("the log tells the address: %q", log)
	}
}

// What strangers wrote is told as a value, and the one line for people is plain.
func TestNothingInAnAlertWritesTheWebhook(t *testing.T) {
	w, p := hooked(t, true)
	w.rule("r", nil, sol+" by chat")
	texts := hostile.Texts()
	for i, text := range texts {
		a := w.alert(fmt.Sprintf("a%d", i), "high", "s1")
		a["title"], a["description"] = text.Text, text.Text
		w.load(a)
	}
	w.empty()
	if len(p.bodies) != len(texts) {
		t.Fatalf("%d posted of %d: %q", len(p.bodies), len(texts), w.log())
	}
	told := map[string]bool{}
	for _, body := range p.bodies {
		var got struct {
			Text  string
			Alert struct{ Title, Description string }
		}
		must(t, json.Unmarshal([]byte(body), &got))
		if got.Text != clean(got.Text, 1000) || strings.Contains(got.Text, "://") {
			t.Errorf("for people: %q", got.Text)
		}
		told[got.Alert.Description] = true
	}
	for _, text := range texts {
		if !told[text.Text] {
			t.Errorf("%q is told otherwise", text.Text)
		}
	}
}

// A webhook that hangs, with more before it than one look takes, holds neither mail nor another webhook; and what one person is
// told in one way comes in the order of the alerts.
func TestAWebhookThatHangsHoldsNoOtherWay(t *testing.T) {
	const alerts = outbox.Batch + 10
	p := &posted{answer: http.StatusOK}
	quick := httptest.NewServer(p)
	defer quick.Close()
	met, let := make(chan string, 4*alerts), make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		met <- r.Header.Get("Idempotency-Key")
		<-let
	}))
	defer hanging.Close()
	w := newWorld(t, func(c *Config) {
		p.now = c.Now
		c.Webhooks = []*Webhook{NewWebhook("hanging", hanging.URL, secret, true, c.Now), NewWebhook("quick", quick.URL, secret, true, c.Now)}
	})
	w.rule("first, so that they wait the longest", nil, ada+" by hanging", sol+" by hanging")
	w.rule("then", nil, ada+" by quick", sol)
	var list []map[string]any
	var want []string
	for i := range alerts {
		list = append(list, w.alert(fmt.Sprintf("a%d", i), "high", "s1"))
		want = append(want, fmt.Sprintf("Suspicious a%d", i))
	}
	w.load(list...)
	w.pass(time.Second)
	running, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.service.Run(running, func(err error) { t.Error(err) })
	}()
	for p.count() < alerts || len(w.mailed()) < alerts {
		w.pass(time.Millisecond)
		time.Sleep(time.Millisecond)
	}
	if n := len(met); n != 2 {
		t.Errorf("%d were posted at once to what hangs, for two people", n)
	}
	var got []string
	for _, body := range p.bodies {
		var told struct{ Alert struct{ Title string } }
		must(t, json.Unmarshal([]byte(body), &told))
		got = append(got, told.Alert.Title)
	}
	if !slices.Equal(got, want) {
		t.Errorf("posted in this order: %q", got)
	}
	close(let)
	stop()
	<-ended
}
