package server

import (
	"net/http"
	"sync"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/rbac"
)

// mostLarge is how many large bodies of one person are read at once.
const mostLarge = 2

// room is how many bytes an operation takes of somebody. More than the usual is for who announces it, so that it can be counted, and holds
// what the operation takes somewhere: a body is read before its operation can refuse anybody.
func (s *server) room(limit int64, takes rbac.Capability, r *http.Request, in *web.Request) int64 {
	if r.ContentLength <= bodyLimit || in.Snapshot == nil || in.Snapshot.Reach(in.Caller.User, takes, s.Now().UTC()).None() {
		return bodyLimit
	}
	return limit
}

// large counts the large bodies that are held in memory, person by person: one person's are few, whatever they send.
type large struct {
	mu sync.Mutex
	of map[string]int
}

func (l *large) take(user string) (release func(), err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of[user] >= mostLarge {
		return nil, fault.Unavailable("read a large request", "%d large requests of yours are being read already: send one after the other", mostLarge)
	}
	if l.of == nil {
		l.of = map[string]int{}
	}
	l.of[user]++
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.of[user]--; l.of[user] == 0 {
			delete(l.of, user)
		}
	}, nil
}
