package response

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"golang.org/x/oauth2"

	"github.com/bailiwick/bailiwick/internal/outbox"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Order is an approved action on its way to whoever carries it out.
type Order struct {
	Key       string // the action's id: the same at every attempt, so that nothing is carried out twice
	Type      string
	Workload  rbac.Workload
	Target    Target
	UndoOf    string
	Approver  string
	Comment   string
	Attempt   int       // 1 at the first
	FirstSent time.Time // when the first attempt was made
	Remote    string    // what the executor has called it; empty: it has not answered yet
}

// Answer is what an executor says of an order.
type Answer struct {
	Event   Event  // Succeed, Partly or Fail: it has ended so. Empty: it goes on
	Remote  string // the executor's own name for it
	Outcome string // for people
}

// Executor carries orders out. An error means that nothing is known - not that nothing was done: the order is handed over again,
// with the same key, until its time is up.
type Executor interface {
	// Hand gives an order to it.
	Hand(ctx context.Context, o Order) (Answer, error)
	// Ask asks what has become of one that it has taken. Pace is how long to wait before that; 0: it will tell by itself.
	Ask(ctx context.Context, o Order) (Answer, error)
	Pace() time.Duration
}

// Routed is an executor and what it is given.
type Routed struct {
	Name      string
	Executor  Executor
	Workloads []rbac.Workload // empty: all
	Types     []string        // empty: all
	Patience  time.Duration   // without an end by then, an action has timed out; 0: DefaultPatience
}

// unreached says why an executor could not be spoken to. Whoever sees an action reads it, so it names no address, which may hold
// a key, and nothing that a token was asked for with.
func unreached(err error) error {
	err = outbox.Cause(err)
	var refused *oauth2.RetrieveError
	var name *net.DNSError
	var dial *net.OpError
	switch {
	case errors.Is(err, outbox.ErrClosed):
		return outbox.ErrClosed
	case errors.As(err, &refused):
		return fmt.Errorf("it gives no token: %s", first(refused.ErrorCode, refused.Response.Status))
	case errors.As(err, &name):
		return fmt.Errorf("its address is not found: %s", name.Err)
	case errors.As(err, &dial):
		return fmt.Errorf("it can't be reached: %w", dial.Err)
	}
	return err
}

// DefaultPatience is how long an executor may take.
const DefaultPatience = time.Hour

// ByHand is the name of the executor that takes what no other does: people.
const ByHand = "manual"

// byHand is a task for people, with a checklist: there is nothing to send, and they say when it is done.
type byHand struct{}

func (byHand) Hand(context.Context, Order) (Answer, error) { return Answer{}, nil }
func (byHand) Ask(context.Context, Order) (Answer, error)  { return Answer{}, nil }
func (byHand) Pace() time.Duration                         { return 0 }

// manualPatience is how long people may take.
const manualPatience = 7 * 24 * time.Hour

// routeOf finds who carries an action out.
func (s *Service) routeOf(a store.Action) Routed {
	for _, r := range s.executors {
		if (len(r.Workloads) == 0 || slices.Contains(r.Workloads, a.Workload)) && (len(r.Types) == 0 || slices.Contains(r.Types, a.Type)) {
			if r.Name == "" {
				r.Name = ByHand
			}
			return r
		}
	}
	return Routed{}
}

// named finds an executor again that has an action. One that the configuration no longer has is not there.
func (s *Service) named(name string) (Routed, bool) {
	for _, r := range s.executors {
		if r.Name == name || r.Name == "" && name == ByHand {
			return r, true
		}
	}
	return Routed{}, false
}

func (r Routed) patience() time.Duration {
	switch {
	case r.Patience > 0:
		return r.Patience
	case r.Name == "" || r.Name == ByHand:
		return manualPatience
	}
	return DefaultPatience
}

// enqueue puts an approved action into the outbox.
func (s *Service) enqueue(a *store.Action, at time.Time) {
	if a.Delivery = (store.Delivery{Next: at}); s.delivers {
		s.route(a, at)
	}
}

// route gives an action to who carries it out.
func (s *Service) route(a *store.Action, at time.Time) {
	a.Delivery.Executor = s.routeOf(*a).Name
	if len(a.Body.Checklist) == 0 {
		if k, ok := KindOf(a.Type); ok {
			a.Body.Checklist = checklist(k)
		} else {
			a.Body.Checklist = []store.ActionStep{{Text: TitleOf(a.Type)}}
		}
	}
	if a.Delivery.Executor == ByHand { // there is nothing to send: it is theirs at once
		move(a, Begin, at, ByHand, "")
		a.Delivery.Accepted, a.Delivery.Deadline = true, at.Add(manualPatience)
		a.Delivery.Next = a.Delivery.Deadline
		return
	}
	a.Body.Checklist = nil
}
