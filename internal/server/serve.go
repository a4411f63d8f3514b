package server

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/server/graph"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/rbac"
)

// serve puts a handler behind what its operation takes: a limit on the body and on the time, somebody who is signed
// in unless it is public, and for our own surface a request that fits the contract.
func (s *server) serve(op operation, handler http.HandlerFunc) http.Handler {
	limit, within := int64(bodyLimit), patience
	switch op.ID {
	case "takeReport", "exportAlerts":
		within = ingestPatience
	case "runHunt", "linkHunt", "checkHunt", "runHuntingQuery", "createHuntingQuery", "putHuntingQuery", "previewDetection", "runDetection":
		limit, within = huntLimit, huntPatience
	case "ingest", "loadHuntingFeed":
		limit, within = ingestLimit, ingestPatience
	case "planPolicy", "applyPolicy", "adoptPolicy", "planImport", "applyImport":
		limit = policyLimit
	}
	takes, _ := rbac.ParseCapability(op.Capability)
	ours := strings.HasPrefix(op.Path, "/api/")
	lean := op.Surface == "authzen" || op.Surface == "plumbing" // nothing slow in them: no deadline needed
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a, ok := w.(*answer); ok {
			a.operation = op.ID
		}
		if op.Surface == "authzen" {
			forPrograms(w.Header())
		}
		in := web.RequestOf(r.Context())
		in.Takes, in.ByItself = takes, byItself(op, r)
		if err := s.identify(r.Context(), in, r); err != nil && !op.public() {
			s.refuseAs(w, r, err)
			return
		}
		if in.Caller.User == "" && !op.public() {
			s.refuseAs(w, r, fault.Unauthenticated(op.ID, "sign in, or send an API token"))
			return
		}
		if v := in.Caller.View; v != nil {
			w.Header()["Bailiwick-Viewing-Until"] = []string{v.Until.UTC().Format(time.RFC3339)}
			if !readOnly(op) {
				s.refuseAs(w, r, s.Audit.WhileViewing(r.Context(), in.Caller.Actor(), op.ID))
				return
			}
			if viewable(op) {
				r = r.WithContext(permissions.Viewing(r.Context(), in.Caller.User, v.Viewed))
			}
		}
		if in.Caller.User != "" {
			snapshot, err := s.Permissions.Snapshot(r.Context())
			if err != nil {
				s.refuseAs(w, r, err)
				return
			}
			in.Snapshot = snapshot
			if takes != rbac.NoCapability {
				s.Permissions.Asked(snapshot, in.Caller.User, takes)
			}
			w.Header()["Bailiwick-Policy-Revision"] = []string{strconv.FormatInt(snapshot.Revision(), 10)}
		}
		if r.ContentLength != 0 {
			most := limit
			if limit > bodyLimit && limit < ingestLimit { // which is written down, for who may load
				if most = s.room(limit, takes, r, in); most > bodyLimit {
					release, err := s.large.take(in.Caller.User)
					if err != nil {
						s.refuseAs(w, r, err)
						return
					}
					defer release()
				}
			}
			r.Body = http.MaxBytesReader(w, r.Body, most)
		}
		if !lean {
			ctx, cancel := context.WithTimeout(r.Context(), within)
			defer cancel()
			r = r.WithContext(ctx)
			if op.ID == "ingest" || op.ID == "loadHuntingFeed" {
				deadline := time.Now().Add(within)
				control := http.NewResponseController(w)
				_ = control.SetReadDeadline(deadline)
				_ = control.SetWriteDeadline(deadline)
			}
		}
		if ours {
			if err := strict(op, r); err != nil {
				s.refuseAs(w, r, err)
				return
			}
		}
		handler(w, r)
	})
}

// readOnly tells whether an operation is left to who views the portal as somebody else: reading, asking why, and what
// ends the view.
func readOnly(op operation) bool {
	switch op.ID {
	case "explainAccess", "checkHunt", "endView", "signIn", "signOut":
		return true
	}
	return op.Method == http.MethodGet || op.Surface == "authzen"
}

// viewable tells whether an operation is answered as the one who is viewed meets it. A program that asks about access
// asks for its user as ever, and a view must be told of and be ended whatever it has come to.
func viewable(op operation) bool {
	switch op.ID {
	case "getView", "endView":
		return false
	}
	return op.Surface != "authzen" && !op.public()
}

// notAllowed answers a method that a path does not have.
func notAllowed(allowed string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", allowed)
		if surfaceOf(r) == "graph" {
			graph.WriteStatus(w, r, http.StatusMethodNotAllowed, "MethodNotAllowed", "this path has "+allowed)
			return
		}
		web.WriteJSON(w, http.StatusMethodNotAllowed, "application/problem+json", web.Problem{
			Type: "about:blank", Title: "Method not allowed", Status: http.StatusMethodNotAllowed,
			Detail: "this path has " + allowed, Instance: web.RequestOf(r.Context()).ID,
		})
	}
}

// byItself tells whether the portal asks on its own, with nobody at it: that keeps no idle session alive. It is the portal that
// says so, which can only cost its session time; a change is always somebody's.
func byItself(op operation, r *http.Request) bool {
	return op.ID == "watchQueue" || r.Method == http.MethodGet && r.Header.Get("Bailiwick-By-Itself") != ""
}
