package web

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

// Problem is the body of a refusal, as RFC 9457 wants it.
type Problem struct {
	Type     string          `json:"type"`
	Title    string          `json:"title"`
	Status   int             `json:"status"`
	Detail   string          `json:"detail,omitempty"`
	Instance string          `json:"instance,omitempty"`
	Details  []ProblemDetail `json:"details,omitempty"`
	Lacks    []string        `json:"lacks,omitempty"`

	Capability rbac.Capability `json:"capability,omitzero"` // denied: what the operation takes
}

// ProblemDetail is one of several faults of the same request.
type ProblemDetail struct {
	Where   string `json:"where"`
	Problem string `json:"problem"`
	Want    string `json:"want,omitempty"`
}

// Status is the one place that turns the kind of a refusal into a status. What is not one of the six kinds is ours.
func Status(err error) int {
	switch fault.KindOf(err) {
	case fault.KindInvalid:
		return http.StatusBadRequest
	case fault.KindUnauthenticated:
		return http.StatusUnauthorized
	case fault.KindDenied:
		return http.StatusForbidden
	case fault.KindNotFound:
		return http.StatusNotFound
	case fault.KindConflict:
		if errors.Is(err, fault.ErrChanged) {
			return http.StatusPreconditionFailed
		}
		return http.StatusConflict
	case fault.KindUnavailable:
		if _, told := wait(err); told {
			return http.StatusTooManyRequests
		}
		return http.StatusServiceUnavailable
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// wait is how long a refusal asks to wait, if it does.
func wait(err error) (time.Duration, bool) {
	var asks interface{ RetryAfter() time.Duration }
	if errors.As(err, &asks) {
		return asks.RetryAfter(), true
	}
	return 0, false
}

var titles = map[int]string{
	http.StatusBadRequest:          "The request is not one",
	http.StatusUnauthorized:        "Sign in first",
	http.StatusForbidden:           "Not permitted",
	http.StatusNotFound:            "Not found",
	http.StatusConflict:            "In conflict with what is stored",
	http.StatusPreconditionFailed:  "Changed by somebody else meanwhile",
	http.StatusTooManyRequests:     "Too many tries",
	http.StatusServiceUnavailable:  "Try again later",
	http.StatusInternalServerError: "Internal error",
}

// WriteProblem answers a refusal as problem+json.
func WriteProblem(w http.ResponseWriter, r *http.Request, err error) {
	status := Status(err)
	p := Problem{Type: "about:blank", Title: titles[status], Status: status, Detail: fault.Message(err), Instance: RequestOf(r.Context()).ID}
	p.Details, p.Lacks = DetailsOf(err)
	if in := RequestOf(r.Context()); status == http.StatusForbidden && in.Caller.View == nil {
		p.Capability = in.Takes
	}
	Refused(w, r, status, err)
	WriteJSON(w, status, "application/problem+json", p)
}

// DetailsOf gives what a refusal says beside its sentence.
func DetailsOf(err error) (details []ProblemDetail, lacks []string) {
	f, ok := asFault(err)
	if !ok {
		return nil, nil
	}
	for _, d := range f.Details {
		details = append(details, ProblemDetail(d))
	}
	return details, f.Lacks
}

// Refused sets the headers that a refusal of this status must have, and keeps the cause of an internal error for the
// log.
func Refused(w http.ResponseWriter, r *http.Request, status int, err error) {
	if fault.KindOf(err) == 0 || status >= http.StatusInternalServerError {
		RequestOf(r.Context()).Failed = err
	}
	switch status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", `Bearer realm="bailiwick"`)
	case http.StatusTooManyRequests:
		after, _ := wait(err)
		w.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(after.Seconds())))))
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "1")
	}
}

// WriteJSON answers a value. Lists of workload data must not stay in any cache.
func WriteJSON(w http.ResponseWriter, status int, contentType string, value any) {
	text, err := json.Marshal(value)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"title":"Internal error","status":500}`)
	}
	WriteText(w, status, contentType, append(text, '\n'))
}

// WriteText answers text that is ready.
func WriteText(w http.ResponseWriter, status int, contentType string, text []byte) {
	h := w.Header()
	h["Content-Type"] = []string{contentType}
	h["Content-Length"] = []string{strconv.Itoa(len(text))}
	w.WriteHeader(status)
	_, _ = w.Write(text)
}
