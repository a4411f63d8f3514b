package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/server/graph"
	"github.com/bailiwick/bailiwick/internal/server/web"
)

// How long an operation may work, and how much it may be sent.
const (
	patience       = 60 * time.Second
	ingestPatience = 10 * time.Minute
	huntPatience   = 11 * time.Minute // a query has ten, and may wait for its turn
	bodyLimit      = 1 << 20
	ingestLimit    = 1 << 30
	huntLimit      = 8 << 20  // the longest query, as a JSON string
	policyLimit    = 80 << 20 // the largest file there may be, as a JSON string
)

// answer notes what was answered, for the log and the metrics.
type answer struct {
	http.ResponseWriter
	status    int
	size      int64
	operation string
}

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(text []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(text)
	a.size += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController through.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// send lets a complete answer go before it is written about: the caller need not wait for the log.
func (a *answer) send() {
	if _, whole := a.Header()["Content-Length"]; whole && a.status != 0 {
		_ = http.NewResponseController(a.ResponseWriter).Flush()
	}
}

// around is what every request passes, whatever it asks for.
func (s *server) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		in := &web.Request{ID: web.NewRequestID(), Agent: r.Header.Get("User-Agent")}
		address, proxied := s.address(r)
		in.Caller.Address, in.Caller.RequestID = address, in.ID
		in.Origin = s.origin(r, proxied)
		r = r.WithContext(web.WithRequest(r.Context(), in))
		a := &answer{ResponseWriter: w, operation: "none"}
		setHeaders(w.Header(), in)
		if id := r.Header["X-Request-Id"]; len(id) > 0 {
			w.Header()["X-Request-Id"] = id[:1] // AuthZEN wants a caller's own id back, unchanged
		}
		defer func() {
			if thrown := recover(); thrown != nil {
				if thrown == http.ErrAbortHandler {
					panic(thrown)
				}
				// A panic denies like everything that is not an answer. Why stays with us.
				s.Log.Error("panic", "id", in.ID, "operation", a.operation, "value", thrown, "stack", string(debug.Stack()))
				if a.status != 0 {
					panic(http.ErrAbortHandler) // half an answer is worse than none
				}
				s.refuseAs(a, r, errPanic)
			}
			took := time.Since(began)
			a.send()
			s.note(r, in, a, took)
		}()
		switch {
		case in.Origin == "":
			s.refuseAs(a, r, fault.Invalid("serve", "this server does not answer for the host it was asked for"))
		case s.cross.Check(r) != nil:
			s.refuseAs(a, r, fault.Denied("serve", "a change must come from the same origin"))
		default:
			next.ServeHTTP(a, r)
		}
	})
}

var errPanic = errors.New("panic")

// setHeaders are the headers of every answer; the portal replaces the policy by its own.
func setHeaders(h http.Header, in *web.Request) {
	h["X-Content-Type-Options"] = nosniff
	h["Referrer-Policy"] = noReferrer
	h["Content-Security-Policy"] = nothing
	h["Cache-Control"] = noStore
	h["X-Frame-Options"] = deny
	h["Cross-Origin-Resource-Policy"] = sameOrigin
	h["Request-Id"] = []string{in.ID}
	if strings.HasPrefix(in.Origin, "https:") {
		h["Strict-Transport-Security"] = year
	}
}

// forPrograms takes away what only tells browsers how to show an answer: AuthZEN's are never shown.
func forPrograms(h http.Header) {
	delete(h, "Referrer-Policy")
	delete(h, "Content-Security-Policy")
	delete(h, "X-Frame-Options")
	delete(h, "Cross-Origin-Resource-Policy")
}

var (
	nosniff    = []string{"nosniff"}
	noReferrer = []string{"no-referrer"}
	nothing    = []string{"default-src 'none'; frame-ancestors 'none'"}
	noStore    = []string{"no-store"}
	deny       = []string{"DENY"}
	sameOrigin = []string{"same-origin"}
	year       = []string{"max-age=31536000"}
)

// note writes the line of the log and counts. No body, no query, no secret: the path's pattern says what was asked.
func (s *server) note(r *http.Request, in *web.Request, a *answer, took time.Duration) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	s.metrics.count(a.operation, a.status, took)
	level := slog.LevelInfo
	if a.status >= 500 {
		level = slog.LevelError
	}
	if !s.Log.Enabled(r.Context(), level) {
		return
	}
	attributes := [...]slog.Attr{
		slog.String("id", in.ID), slog.String("method", r.Method), slog.String("operation", a.operation),
		slog.Int("status", a.status), slog.Int64("bytes", a.size), slog.Duration("took", took),
		slog.String("user", in.Caller.User), slog.String("via", in.Caller.Via), slog.String("address", in.Caller.Address),
		{},
	}
	if in.Failed != nil {
		attributes[len(attributes)-1] = slog.String("error", in.Failed.Error())
	}
	s.Log.LogAttrs(context.Background(), level, "request", attributes[:]...)
}

// refuseAs answers a refusal in the manner of the surface that the path belongs to.
func (s *server) refuseAs(w http.ResponseWriter, r *http.Request, err error) {
	if surfaceOf(r) == "graph" {
		graph.WriteError(w, r, err)
		return
	}
	web.WriteProblem(w, r, err)
}

// surfaceOf tells in whose manner a path is answered.
func surfaceOf(r *http.Request) string {
	if strings.HasPrefix(r.URL.Path, "/v1.0/") || strings.HasPrefix(r.URL.Path, "/beta/") {
		return "graph"
	}
	return "own"
}

func (s *server) refuse(w http.ResponseWriter, r *http.Request, err error) { s.refuseAs(w, r, err) }

// address is where the request comes from: the nearest address that is not a trusted proxy's.
func (s *server) address(r *http.Request) (address string, proxied bool) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr, false
	}
	if !s.trusts(host) {
		return host, false
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop := strings.TrimSpace(hops[i])
		if _, err := netip.ParseAddr(hop); err != nil {
			break
		}
		host = hop
		if !s.trusts(hop) {
			break
		}
	}
	return host, true
}

func (s *server) trusts(host string) bool {
	if len(s.TrustedProxies) == 0 {
		return false
	}
	address, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, p := range s.TrustedProxies {
		if p.Contains(address.Unmap()) {
			return true
		}
	}
	return false
}

// origin is the address that the caller used; empty if the server does not answer for it. Over plain HTTP the name
// is checked, since a page of another site can point its own name at this machine and then is "the same origin".
func (s *server) origin(r *http.Request, proxied bool) string {
	switch {
	case proxied && s.public != nil:
		return s.public.Scheme + "://" + s.public.Host
	case r.TLS != nil:
		return "https://" + r.Host
	case !isLoopback(r.RemoteAddr):
		return "" // past the proxy, in the clear
	case isLoopback(r.Host):
		return "http://" + r.Host
	case s.public != nil && strings.EqualFold(r.Host, s.public.Host):
		return s.public.Scheme + "://" + s.public.Host
	}
	return ""
}

func isLoopback(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	if strings.EqualFold(host, "localhost") || strings.HasSuffix(strings.ToLower(host), ".localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}
