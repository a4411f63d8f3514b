package server

import (
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/server/graph"
	"github.com/bailiwick/bailiwick/internal/server/web"
)

func (s *server) live(w http.ResponseWriter, _ *http.Request) {
	web.WriteText(w, http.StatusOK, "text/plain; charset=utf-8", []byte("ok\n"))
}

// ready says yes when a question could be answered: the store is read and the policy is compiled.
func (s *server) ready(w http.ResponseWriter, r *http.Request) {
	_, err := s.Store.Version(r.Context())
	if err == nil {
		_, err = s.Permissions.Snapshot(r.Context())
	}
	if err != nil {
		s.Log.Error("not ready", "error", err.Error())
		s.refuseAs(w, r, fault.Unavailable("be ready", "the store does not answer"))
		return
	}
	web.WriteText(w, http.StatusOK, "text/plain; charset=utf-8", []byte("ok\n"))
}

// showMetrics answers callers on this machine only, and not those that a proxy on it speaks for.
func (s *server) showMetrics(w http.ResponseWriter, r *http.Request) {
	address, err := netip.ParseAddr(web.CallerOf(r.Context()).Address)
	forwarded := r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != "" || r.Header.Get("Via") != ""
	if err != nil || !address.IsLoopback() || forwarded {
		nothingThere(w, r)
		return
	}
	s.metrics.handler.ServeHTTP(w, r)
}

// nothingThere answers a path that no surface has.
func nothingThere(w http.ResponseWriter, r *http.Request) {
	err := fault.NotFound("", "there is nothing at this address")
	if surfaceOf(r) == "graph" {
		graph.WriteError(w, r, err)
		return
	}
	web.WriteProblem(w, r, err)
}

// metrics count what was asked and how it went. Refused callers that nobody knows are counted here and nowhere else.
type metrics struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	handler  http.Handler
}

func newMetrics() *metrics {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "bailiwick_requests_total", Help: "Requests by operation of the contract and status.",
		}, []string{"operation", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "bailiwick_request_seconds", Help: "Time to answer, by operation of the contract.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"operation"}),
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(m.requests, m.seconds, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.handler = promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
	return m
}

func (m *metrics) count(operation string, status int, took time.Duration) {
	m.requests.WithLabelValues(operation, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(operation).Observe(took.Seconds())
}
