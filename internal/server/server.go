// Package server speaks HTTP: one list of routes, one way in, and the surfaces that others expect. It holds no rules:
// a handler reads its request, calls one operation of a room, and shows the answer.
package server

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/analytics"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/detection"
	"github.com/bailiwick/bailiwick/internal/directory"
	"github.com/bailiwick/bailiwick/internal/hunting/feeds"
	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
	"github.com/bailiwick/bailiwick/internal/hunting/library"
	"github.com/bailiwick/bailiwick/internal/intake"
	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/notify"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/response"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Config is what the server is made of.
type Config struct {
	Permissions   *permissions.Service
	Directory     *directory.Service
	Investigation *investigation.Service
	Intake        *intake.Service // nil: takes in what goes to the investigation alone
	Response      *response.Service
	Notify        *notify.Service
	Feeds         *feeds.Service
	Analytics     *analytics.Service
	Detection     *detection.Service
	Library       *library.Service // of hunting queries
	Hunter        *hunt.Hunter     // nil: there is no event store
	Audit         *audit.Door
	AuditKey      *audit.Key // signs checkpoints of the log
	Store         store.Store
	Catalog       *rbac.Catalog

	Demo           bool
	Personas       []Persona      // the demo's people, as the sign-in page offers them
	PublicURL      string         // how callers reach the server; empty: as they addressed it
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed
	Portal         http.Handler   // serves every path that no surface has; nil: none
	Log            *slog.Logger   // nil: none
	Now            func() time.Time
}

// Persona is one of the demo's people.
type Persona struct {
	User, DisplayName, Role, Description string
}

type server struct {
	Config
	public  *url.URL // PublicURL; nil: none
	cross   *http.CrossOriginProtection
	cursors web.Cursors
	metrics *metrics
	large   large
	mux     *http.ServeMux
}

// New makes the server. It panics if the contract and the routes do not fit, which no configuration can cause and
// no test would let pass.
func New(c Config) http.Handler {
	s := &server{Config: c, cross: http.NewCrossOriginProtection(), metrics: newMetrics(), mux: http.NewServeMux()}
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	if s.Now == nil {
		s.Now = time.Now
	}
	if s.Intake == nil {
		s.Intake = &intake.Service{Investigation: s.Investigation}
	}
	if u, err := url.Parse(c.PublicURL); err == nil && u.Host != "" {
		s.public = u
		// Behind a proxy the Host that arrives may be an inner one; the browser's Origin is still the public one.
		if err := s.cross.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			s.Log.Warn("public URL is no origin", "error", err)
		}
	}
	s.cursors = web.NewCursors(s.cursorSecret())
	if err := s.route(); err != nil {
		panic(err)
	}
	return s.around(s.mux)
}

// cursorSecret is the store's own, so that a cursor outlives a restart.
func (s *server) cursorSecret() []byte {
	var secret []byte
	err := s.Store.View(context.Background(), func(r store.Reader) error {
		var err error
		secret, err = r.AlertCursorKey()
		return err
	})
	if err != nil || len(secret) == 0 {
		secret = make([]byte, 32)
		_, _ = rand.Read(secret)
	}
	return secret
}

// route takes all routes into the mux, each behind what its operation in the contract asks for.
func (s *server) route() error {
	operations, err := contract()
	if err != nil {
		return err
	}
	known := map[string]operation{}
	for _, o := range operations {
		known[o.pattern()] = o
	}
	for _, route := range s.routes() {
		o, ok := known[route.pattern]
		if !ok {
			return fmt.Errorf("route %s is not in the contract", route.pattern)
		}
		delete(known, route.pattern)
		s.mux.Handle(route.pattern, s.serve(o, route.handler))
	}
	for pattern := range known {
		return fmt.Errorf("operation %s has no route", pattern)
	}
	for path, allowed := range methods(operations) {
		s.mux.HandleFunc(path, notAllowed(strings.Join(allowed, ", ")))
	}
	for _, prefix := range []string{"/api/", "/v1.0/", "/beta/", "/access/v1/", "/scim/", "/.well-known/"} {
		s.mux.HandleFunc(prefix, nothingThere)
	}
	if s.Portal != nil {
		s.mux.Handle("/", s.Portal)
	} else {
		s.mux.HandleFunc("/", nothingThere)
	}
	return nil
}
