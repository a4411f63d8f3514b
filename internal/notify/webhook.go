package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/bailiwick/bailiwick/internal/outbox"
)

// Webhook posts notifications to an HTTP address as signed JSON. What it tells is what the person sees under whose reach it acts.
// The receiver gets each once or more, always with the same Idempotency-Key.
type Webhook struct {
	name   string
	url    string
	secret []byte
	within bool
	client *http.Client
	now    func() time.Time
}

// NewWebhook makes one. Unless it is said to be within the centre's own network, nothing is posted to an address that is.
func NewWebhook(name, address string, secret []byte, within bool, now func() time.Time) *Webhook {
	w := &Webhook{name: name, url: address, secret: secret, within: within, client: outbox.PublicClient(), now: now}
	if within {
		w.client = outbox.WithinClient()
	}
	return w
}

// What goes over the wire.
type wireNotification struct {
	ID        string          `json:"id"`
	Type      string          `json:"type"` // alert, test, or detection: one that has paused
	Reader    string          `json:"reader"`
	Created   time.Time       `json:"sentDateTime"`
	Text      string          `json:"text"` // for people: one line
	Severity  string          `json:"severity,omitempty"`
	Link      string          `json:"webUrl,omitempty"`
	Alert     json.RawMessage `json:"alert,omitempty"`
	Detection string          `json:"detectionId,omitempty"`
}

func (w *Webhook) send(ctx context.Context, reader string, m Message) error {
	kind := "alert"
	switch {
	case m.Test:
		kind = "test"
	case m.DetectionID != "":
		kind = "detection"
	}
	body, err := json.Marshal(wireNotification{
		ID: m.ID, Type: kind, Reader: reader, Created: m.At, Text: m.Subject(), Severity: m.severity, Link: m.Link, Alert: m.Alert, Detection: m.DetectionID,
	})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", m.ID)
	r.Header.Set(outbox.SignatureHeader, outbox.Sign(w.secret, w.now(), body))
	answer, err := w.client.Do(r)
	if err != nil {
		return outbox.Cause(err)
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10)) // what it says is of no interest, and is not kept
	return outbox.Refused("the webhook", answer)
}
