package directory

import (
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
)

// throttle slows guessing down, and lets nobody keep others out. Waiting is asked of a pair of account and address;
// of an address, for accounts it has never signed in to; and never of an account as a whole. While an account is
// under attack, an address that has not been used for it before has a single try before it must wait: enough for the
// owner on a journey, and little for a thousand machines.
//
// What it knows is in memory: starting anew forgives everyone, and costs the owner of the data less than it seems.
type throttle struct {
	mu    sync.Mutex
	tries map[string]tries
}

// tries are failures, and tries whose outcome is not known yet: many at once must not slip through together.
type tries struct {
	n    int
	last time.Time
}

// pace is how many failures cost nothing, and how the wait grows then.
type pace struct {
	free        int
	first, most time.Duration
}

var (
	ofPair     = pace{free: 5, first: time.Second, most: time.Minute}
	ofAttacked = pace{free: 1, first: 30 * time.Second, most: 15 * time.Minute}
	ofAddress  = pace{free: 20, first: time.Second, most: time.Minute}
)

const (
	attacked   = 20        // failures from unknown addresses, from which on an account counts as under attack
	forgotten  = time.Hour // without another failure
	throttleOf = 100_000   // keys, at most
)

func newThrottle() *throttle { return &throttle{tries: map[string]tries{}} }

func (p pace) wait(t tries, now time.Time) time.Duration {
	if t.n < p.free {
		return 0
	}
	wait := p.most
	if doublings := t.n - p.free; doublings < 20 {
		wait = min(p.first<<doublings, p.most)
	}
	return max(0, t.last.Add(wait).Sub(now))
}

// attempt is one try at a password.
type attempt struct {
	throttle *throttle
	keys     []string
}

// begin says how long to wait; zero: try now, and call failed or succeeded or neither. A try counts as a failure
// until it has succeeded.
func (t *throttle) begin(now time.Time, account, address string, known bool) (attempt, time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	ofAccount, pair, place := "account "+account, "pair "+address+" "+account, "address "+address

	p := ofPair
	if !known && t.get(ofAccount, now).n >= attacked {
		p = ofAttacked
	}
	wait := p.wait(t.get(pair, now), now)
	keys := []string{pair}
	if !known {
		wait = max(wait, ofAddress.wait(t.get(place, now), now))
		keys = append(keys, place, ofAccount)
	}
	if wait > 0 {
		return attempt{}, wait
	}
	t.makeRoom(now)
	for _, key := range keys {
		e := t.get(key, now)
		t.tries[key] = tries{e.n + 1, now}
	}
	return attempt{t, keys}, 0
}

// succeeded takes the try back. What else an address did stays: signing in to one's own account in between must not
// make guessing another's cheaper. Only the pair starts afresh.
func (a attempt) succeeded() {
	a.throttle.mu.Lock()
	defer a.throttle.mu.Unlock()
	for i, key := range a.keys {
		e := a.throttle.tries[key]
		e.n--
		if i == 0 || e.n <= 0 {
			delete(a.throttle.tries, key)
			continue
		}
		a.throttle.tries[key] = e
	}
}

func (t *throttle) get(key string, now time.Time) tries {
	e := t.tries[key]
	if now.Sub(e.last) > forgotten {
		return tries{}
	}
	return e
}

func (t *throttle) makeRoom(now time.Time) {
	if len(t.tries) < throttleOf {
		return
	}
	for key, e := range t.tries {
		if now.Sub(e.last) > forgotten {
			delete(t.tries, key)
		}
	}
	// Still full: whoever fills it pays with a password hash for each key, so any of them may go.
	for key := range t.tries {
		if len(t.tries) < throttleOf*9/10 {
			return
		}
		delete(t.tries, key)
	}
}

// place is what counts as one address: an IPv6 network, since everybody has 2^64 of those.
func place(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		port, err := netip.ParseAddrPort(address)
		if err != nil {
			return address
		}
		a = port.Addr()
	}
	a = a.Unmap().WithZone("")
	if a.Is6() {
		network, err := a.Prefix(64)
		if err != nil {
			return a.String()
		}
		return network.String()
	}
	return a.String()
}

type throttled struct{ after time.Duration }

func (t *throttled) Error() string {
	return fmt.Sprintf("too many tries: try again in %d seconds", int((t.after+time.Second-1)/time.Second))
}

// RetryAfter is how long to wait: a surface tells it beside the refusal.
func (t *throttled) RetryAfter() time.Duration { return t.after }

func tooMany(op string, after time.Duration) error {
	return fault.Unavailable(op, "%w", &throttled{after})
}
