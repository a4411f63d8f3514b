package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
)

// problem is an error answer, RFC 9457.
type problem struct {
	Title   string `json:"title"`
	Detail  string `json:"detail"`
	Details []struct {
		Where   string `json:"where"`
		Problem string `json:"problem"`
		Want    string `json:"want"`
	} `json:"details"`
	Lacks []string `json:"lacks"`
}

// client asks for all but what may take as long as a query: that is for patient, whose answer comes line by line.
var client, patient = asking(5 * time.Minute), asking(hunt.MaxTime + 2*time.Minute)

func asking(atMost time.Duration) *http.Client {
	return &http.Client{
		Timeout: atMost,
		// A redirect would carry the token to wherever it points.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// call puts a request to the server as the owner of the token. A refusal comes back as the fault that it is, so that
// the exit code is the same as on the data itself. header is names and values of further fields, in turn.
func (p *program) call(ctx context.Context, method, path string, body, into any, header ...string) error {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		content = bytes.NewReader(text)
	}
	kind := ""
	if content != nil {
		kind = "application/json"
	}
	return p.send(ctx, method, path, kind, content, into, header...)
}

// send puts a request with any content, and decodes the answer into into.
func (p *program) send(ctx context.Context, method, path, contentType string, content io.Reader, into any, header ...string) error {
	answer, err := p.do(ctx, method, path, contentType, content, header...)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		return fmt.Errorf("read the server's answer to %s %s: %w", method, path, err)
	}
	return nil
}

// fetchFor asks with a body and gives the answer as it is.
func (p *program) fetchFor(ctx context.Context, method, path string, body any) ([]byte, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	answer, err := p.do(ctx, method, path, "application/json", bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	return io.ReadAll(answer.Body)
}

// fetch gives an answer as it came.
func (p *program) fetch(ctx context.Context, method, path string) ([]byte, error) {
	answer, err := p.do(ctx, method, path, "", nil)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	return io.ReadAll(answer.Body)
}

// do puts a request; header is names and values of further fields, in turn.
func (p *program) do(ctx context.Context, method, path, contentType string, content io.Reader, header ...string) (*http.Response, error) {
	return p.doBy(ctx, client, method, path, contentType, content, header...)
}

func (p *program) doBy(ctx context.Context, client *http.Client, method, path, contentType string, content io.Reader, header ...string) (*http.Response, error) {
	base, err := url.Parse(p.server)
	if err != nil || base.Host == "" || (base.Scheme != "https" && base.Scheme != "http") {
		return nil, fmt.Errorf("--server %s: want https://HOST", p.server)
	}
	if base.Scheme == "http" && !isLoopback(base.Hostname()) {
		return nil, fmt.Errorf("--server %s: the token would travel in the clear: want https", p.server)
	}
	token := os.Getenv("BAILIWICK_TOKEN")
	if token == "" {
		return nil, errors.New("--server needs a token in BAILIWICK_TOKEN: `bailiwick token create` makes one")
	}
	request, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(base.String(), "/")+path, content)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	answer, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask the server: %w", err)
	}
	if answer.StatusCode >= 300 {
		defer answer.Body.Close()
		return nil, refusal(answer, method+" "+path)
	}
	return answer, nil
}

func refusal(answer *http.Response, op string) error {
	var p problem
	text, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	_ = json.Unmarshal(text, &p)
	var graph struct { // as Microsoft Graph refuses
		Error struct {
			Message string
			Details []struct{ Message, Target string }
		}
	}
	_ = json.Unmarshal(text, &graph)
	reason := p.Detail
	if reason == "" {
		reason = graph.Error.Message
	}
	if reason == "" {
		reason = p.Title
	}
	if reason == "" {
		reason = answer.Status
	}
	var f *fault.Error
	switch answer.StatusCode {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		f = fault.Invalid(op, "%s", reason)
	case http.StatusUnauthorized:
		f = fault.Unauthenticated(op, "%s", reason)
	case http.StatusForbidden:
		f = fault.Denied(op, "%s", reason)
	case http.StatusNotFound:
		f = fault.NotFound(op, "%s", reason)
	case http.StatusConflict, http.StatusPreconditionFailed:
		f = fault.Conflict(op, "%s", reason)
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		f = fault.Unavailable(op, "%s", reason)
	default:
		return fmt.Errorf("%s: %s", op, reason)
	}
	for _, e := range graph.Error.Details {
		f = f.WithDetails(fault.Detail{Where: e.Target, Problem: e.Message})
	}
	for _, e := range p.Details {
		f = f.WithDetails(fault.Detail{Where: e.Where, Problem: e.Problem, Want: e.Want})
	}
	return f.WithLacks(p.Lacks...)
}
