package server

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// Both over a real connection on loopback that is kept alive, one caller at a time: what a gateway pays for asking.

func post(b *testing.B, client *http.Client, url, token, body, want string) {
	r, err := http.NewRequest("POST", url, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	text, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil || !bytes.Contains(text, []byte(want)) {
		b.Fatalf("status %d, %v: %s", answer.StatusCode, err, text)
	}
}

// bareHandler reads a request and answers it, and decides nothing.
func bareHandler(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Subject, Resource struct {
			Type, ID   string
			Properties map[string]any
		}
		Action struct{ Name string }
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil || q.Subject.ID == "" {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"decision": true, "context": map[string]any{"reason": "allowed", "revision": 1}})
}

// BenchmarkBareJSONHandler is the baseline: net/http and encoding/json, and nothing decided.
func BenchmarkBareJSONHandler(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(bareHandler))
	defer server.Close()
	body := onSales(elena, "investigation.view")
	b.ReportAllocs()
	for b.Loop() {
		post(b, server.Client(), server.URL, "blwk_0000000000000000000000000000000000000000000000000", body, `"decision":true`)
	}
}

// BenchmarkAuthZENEvaluation is the whole way: from the bearer token to the decision, the log line and the counters.
func BenchmarkAuthZENEvaluation(b *testing.B) {
	w := newWorld(b, func(c *Config) { c.Log = slog.New(slog.NewJSONHandler(io.Discard, nil)) })
	token, body := w.token(elena), onSales(elena, "investigation.view")
	client := w.server.Client()
	b.ReportAllocs()
	for b.Loop() {
		post(b, client, w.server.URL+evaluation, token, body, `"decision":true`)
	}
}

// BenchmarkAuthZENBesideBare asks both in turn, so that whatever else the machine does falls on both alike. Its
// number is the ratio; the goal is 1.2 at most.
func BenchmarkAuthZENBesideBare(b *testing.B) {
	w := newWorld(b, func(c *Config) { c.Log = slog.New(slog.NewJSONHandler(io.Discard, nil)) })
	bare := httptest.NewServer(http.HandlerFunc(bareHandler))
	defer bare.Close()
	token, body, client := w.token(elena), onSales(elena, "investigation.view"), w.server.Client()
	var ours, theirs []time.Duration
	for b.Loop() {
		began := time.Now()
		post(b, client, bare.URL, token, body, `"decision":true`)
		middle := time.Now()
		post(b, client, w.server.URL+evaluation, token, body, `"decision":true`)
		theirs, ours = append(theirs, middle.Sub(began)), append(ours, time.Since(middle))
	}
	slices.Sort(ours)
	slices.Sort(theirs)
	b.ReportMetric(float64(theirs[len(theirs)/2].Nanoseconds()), "bare-median-ns")
	b.ReportMetric(float64(ours[len(ours)/2].Nanoseconds()), "authzen-median-ns")
	b.ReportMetric(float64(ours[len(ours)/2])/float64(theirs[len(theirs)/2]), "x-bare")
}
