package response

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/bailiwick/bailiwick/internal/outbox"
	"github.com/bailiwick/bailiwick/internal/strictjson"
)

// Webhook hands orders to an HTTP address as signed JSON. The receiver answers with an end, or that it has taken the order (202),
// and tells the end later in an answer of its own (Service.Answered), signed with the same secret. It sees each order once or
// more, always with the same Idempotency-Key: what it has carried out it must not carry out again.
type Webhook struct {
	url    string
	secret []byte
	client *http.Client
	now    func() time.Time
}

// NewWebhook makes one. The address comes from the configuration, which only the owner of the centre writes.
func NewWebhook(url string, secret []byte, now func() time.Time) *Webhook {
	return &Webhook{url: url, secret: secret, client: outbox.WithinClient(), now: now}
}

// What goes over the wire.
type (
	wireOrder struct {
		ID       string     `json:"id"`
		Type     string     `json:"actionType"`
		Workload string     `json:"workload"`
		Target   wireTarget `json:"target"`
		UndoOf   string     `json:"undoOf,omitempty"`
		Approver string     `json:"approvedBy"`
		Comment  string     `json:"comment,omitempty"`
		Attempt  int        `json:"attempt"`
	}
	wireTarget struct {
		Device           string `json:"deviceId,omitempty"`
		SHA1             string `json:"sha1,omitempty"`
		SHA256           string `json:"sha256,omitempty"`
		FileName         string `json:"fileName,omitempty"`
		FilePath         string `json:"filePath,omitempty"`
		ProcessID        int64  `json:"processId,omitempty"`
		Indicator        string `json:"indicator,omitempty"`
		NetworkMessageID string `json:"networkMessageId,omitempty"`
		Recipient        string `json:"recipient,omitempty"`
		Sender           string `json:"sender,omitempty"`
		Mailbox          string `json:"mailbox,omitempty"`
		User             string `json:"user,omitempty"`
	}
	wireAnswer struct {
		Status  string `json:"status"`
		Remote  string `json:"id"`
		Outcome string `json:"outcome"`
	}
)

// Hand implements Executor.
func (w *Webhook) Hand(ctx context.Context, o Order) (Answer, error) {
	body, err := json.Marshal(wireOrder{
		ID: o.Key, Type: o.Type, Workload: o.Workload.String(), Target: wireTarget(o.Target), UndoOf: o.UndoOf, Approver: o.Approver, Comment: o.Comment, Attempt: o.Attempt,
	})
	if err != nil {
		return Answer{}, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url, bytes.NewReader(body))
	if err != nil {
		return Answer{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", o.Key)
	r.Header.Set(outbox.SignatureHeader, outbox.Sign(w.secret, w.now(), body))
	answer, err := w.client.Do(r)
	if err != nil {
		return Answer{}, unreached(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, mostAnswer+1))
	if err != nil {
		return Answer{}, unreached(err)
	}
	if err := outbox.Refused("the executor", answer); err != nil {
		return Answer{}, err
	}
	if len(text) > mostAnswer {
		return Answer{}, fmt.Errorf("the executor answered with more than %d bytes", mostAnswer)
	}
	if answer.StatusCode == http.StatusAccepted && len(bytes.TrimSpace(text)) == 0 {
		return Answer{}, nil
	}
	return ReadAnswer(text)
}

// Ask implements Executor: a webhook tells by itself.
func (w *Webhook) Ask(context.Context, Order) (Answer, error) { return Answer{}, nil }

// Pace implements Executor.
func (w *Webhook) Pace() time.Duration { return 0 }

const mostAnswer = 64 << 10

// ReadAnswer reads what a webhook says, in its answer or later.
func ReadAnswer(text []byte) (Answer, error) {
	var a wireAnswer
	if err := strictjson.ReadKnown(text, &a); err != nil {
		return Answer{}, fmt.Errorf("the executor's answer is no JSON object with a status: %w", err)
	}
	answer := Answer{Remote: a.Remote, Outcome: a.Outcome}
	switch a.Status {
	case Succeeded:
		answer.Event = Succeed
	case PartiallySucceeded:
		answer.Event = Partly
	case Failed:
		answer.Event = Fail
	case InProgress, Queued:
	default:
		return Answer{}, fmt.Errorf("the executor's answer has the status %q: want succeeded, partiallySucceeded, failed or inProgress", shorten(a.Status))
	}
	return answer, nil
}

// Tell takes an answer that a webhook's receiver sends by itself. Who can't sign for the executor learns nothing, not even
// whether there is one of that name.
func (s *Service) Tell(ctx context.Context, executor, id, signature string, body []byte) error {
	r, known := s.named(executor)
	w, is := r.Executor.(*Webhook)
	if !known || !is || !outbox.Signed(w.secret, s.now(), signature, append([]byte(id+"."), body...)) {
		return errUnsigned
	}
	answer, err := ReadAnswer(body)
	if err != nil {
		return faultOfAnswer(err)
	}
	return s.Answered(ctx, executor, id, answer)
}
