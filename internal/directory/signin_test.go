package directory

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

func from(address string) From { return From{Address: address} }

// try signs in and tells how it went: "in", "wrong", or "wait".
func (h *house) try(t testing.TB, user, password, address string) string {
	t.Helper()
	_, _, err := h.SignIn(t.Context(), user, password, from(address))
	if err == nil {
		return "in"
	}
	if after, ok := retryAfter(err); ok {
		if fault.KindOf(err) != fault.KindUnavailable || after <= 0 {
			t.Errorf("waiting %s is said by %v", after, err)
		}
		return "wait"
	}
	is(t, "not signed in", err, unauthenticated)
	return "wrong"
}

func (h *house) tries(t testing.TB, want, user, password, address string) {
	t.Helper()
	if got := h.try(t, user, password, address); got != want {
		t.Errorf("%s from %s: %s, want %s", user, address, got, want)
	}
}

// Whoever can't sign in learns nothing of why: the same words, and the same number of password hashes.
func TestUnknownAndWrongAreEqual(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"}, rbac.User{Name: "without"}, rbac.User{Name: "gone"})
	h.give(t, "mira", password)
	h.give(t, "gone", password)
	h.policy(t, rbac.PutUser{User: rbac.User{Name: "gone", Disabled: true}})
	answers := map[string]bool{}
	for i, c := range []struct{ user, password string }{
		{"mira", "wrong"}, {"mira", ""}, {"nobody", password}, {"without", password}, {"without", ""}, {"gone", password}, {"gone", "wrong"},
		{"", ""}, {"mira' OR 1=1 --", password}, {"mira", strings.Repeat(password, 1000)}, {strings.Repeat("x", 100_000), "x"},
	} {
		before := h.hasher.made.Load()
		_, _, err := h.SignIn(t.Context(), c.user, c.password, from(fmt.Sprint("192.0.2.", i)))
		is(t, "signing in as "+c.user[:min(20, len(c.user))], err, unauthenticated)
		answers[err.Error()] = true
		if made := h.hasher.made.Load() - before; made != 1 {
			t.Errorf("%d hashes were made for %q, want one", made, c.user[:min(20, len(c.user))])
		}
	}
	if len(answers) != 1 {
		t.Errorf("the answers differ: %v", answers)
	}
	h.tries(t, "in", "mira", password, "192.0.2.99")
}

func TestGuessingFromOneAddressSlowsDown(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"})
	h.give(t, "mira", password)
	for _, user := range []string{"mira", "nobody"} { // which of them exists is not to be told by it
		for range ofPair.free {
			h.tries(t, "wrong", user, "guess", "198.51.100.7")
		}
		h.tries(t, "wait", user, "guess", "198.51.100.7")
		h.tries(t, "wait", user, password, "198.51.100.7:4711")
		h.wait(time.Second)
		h.tries(t, "wrong", user, "guess", "198.51.100.7")
		h.wait(time.Second)
		h.tries(t, "wait", user, "guess", "198.51.100.7")
		h.wait(time.Second)
		h.tries(t, "wrong", user, "guess", "198.51.100.7")
	}
	h.wait(ofPair.most)
	h.tries(t, "in", "mira", password, "198.51.100.7")
	if got, want := h.Counts(), (Counts{SignedIn: 1, Wrong: 14, Throttled: 6}); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
}

func TestManyAccountsFromOneAddressSlowDown(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"})
	h.give(t, "mira", password)
	h.tries(t, "in", "mira", password, "198.51.100.7")
	for i := range ofAddress.free {
		h.tries(t, "wrong", fmt.Sprint("user", i), password, "198.51.100.7")
	}
	h.tries(t, "wait", "another", password, "198.51.100.7")
	h.tries(t, "in", "mira", password, "198.51.100.7") // who has been there before is not held up
	h.tries(t, "wait", "another", password, "198.51.100.7")
}

func TestAnAttackerCannotLockOthersOut(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"}, rbac.User{Name: "noor"})
	h.give(t, "mira", password)
	h.give(t, "noor", password)
	h.tries(t, "in", "mira", password, office.Address)

	for i := range 150 { // an attack from everywhere that does not end
		h.try(t, "mira", fmt.Sprint("guess ", i), fmt.Sprintf("198.51.%d.%d", i%7, i))
		if i%10 == 0 {
			h.wait(time.Second)
		}
	}
	h.tries(t, "in", "mira", password, office.Address)    // from where she always is
	h.tries(t, "wrong", "mira", "a slip", office.Address) // with a slip
	h.tries(t, "in", "mira", password, office.Address)
	h.tries(t, "in", "mira", password, "203.0.113.5") // on a journey, at the first try
	h.tries(t, "in", "noor", password, office.Address)

	// Known addresses are kept with the data: an attacker need not wait for a restart either.
	again := openHouse(t, h.path, h.clock())
	for i := range attacked + 5 {
		again.try(t, "mira", "guess", fmt.Sprint("198.51.100.", i))
	}
	again.tries(t, "in", "mira", password, office.Address)
}

func TestAnAttackedAccountGivesNewAddressesOneTry(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"})
	h.give(t, "mira", password)
	for i := range attacked {
		h.tries(t, "wrong", "mira", "guess", fmt.Sprint("198.51.100.", i))
	}
	for i := range 10 {
		address := fmt.Sprint("203.0.113.", i)
		h.tries(t, "wrong", "mira", "guess", address)
		h.tries(t, "wait", "mira", "guess", address)
	}
	h.wait(ofAttacked.first)
	h.tries(t, "wrong", "mira", "guess", "203.0.113.1")
	h.wait(ofAttacked.first)
	h.tries(t, "wait", "mira", "guess", "203.0.113.1")
	h.wait(forgotten + 1)
	h.tries(t, "wrong", "mira", "guess", "203.0.113.1")
	h.tries(t, "wrong", "mira", "guess", "203.0.113.1")
}

// One's own account must not buy tries at another's.
func TestSigningInInBetweenForgivesNothing(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mallory"})
	h.give(t, "mallory", password)
	outcomes := map[string]int{}
	for i := range 60 {
		h.tries(t, "in", "mallory", password, "198.51.100.7")
		outcomes[h.try(t, fmt.Sprint("user", i), "guess", "198.51.100.7")]++
	}
	if outcomes["wrong"] > ofAddress.free || outcomes["wait"] == 0 {
		t.Errorf("60 guesses between signing in: %v", outcomes)
	}
}

func TestManyTriesAtOnceDoNotSlipThrough(t *testing.T) {
	h := newHouse(t)
	var wait sync.WaitGroup
	var mu sync.Mutex
	outcomes := map[string]int{}
	for range 40 {
		wait.Go(func() {
			got := h.try(t, "mira", "guess", "198.51.100.7")
			mu.Lock()
			defer mu.Unlock()
			outcomes[got]++
		})
	}
	wait.Wait()
	if outcomes["wrong"] != ofPair.free || outcomes["wait"] != 40-ofPair.free {
		t.Errorf("40 at once: %v", outcomes)
	}
}

func TestOneIPv6NetworkIsOneAddress(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", "192.0.2.1:443": "192.0.2.1", "::ffff:192.0.2.1": "192.0.2.1", "2001:db8:1:2:3::4": "2001:db8:1:2::/64",
		"[2001:db8:1:2:ffff::1]:443": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64", "unix": "unix", "": "",
	} {
		if got := place(address); got != want {
			t.Errorf("place(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestTheThrottleDoesNotGrowForEver(t *testing.T) {
	th := newThrottle()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for i := range throttleOf {
		th.begin(now, fmt.Sprint(i), fmt.Sprint(i), false)
	}
	if len(th.tries) > throttleOf+3 {
		t.Errorf("it knows %d keys, want at most %d", len(th.tries), throttleOf)
	}
}

func TestAHashOfOldParametersIsMadeAnew(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"})
	h.give(t, "mira", password)
	stored := func() string {
		var c store.Credential
		err := h.Store.View(t.Context(), func(r store.Reader) (err error) {
			c, _, err = r.Credential("mira")
			return err
		})
		is(t, "read", err, fine)
		return c.PasswordHash
	}
	before := stored()
	h.tries(t, "in", "mira", password, office.Address)
	if stored() != before {
		t.Error("a hash of today's parameters was made anew")
	}
	h.hasher = newHasher(Hashing{MemoryKiB: 128, Passes: 2, Threads: 1})
	h.tries(t, "wrong", "mira", "guess", office.Address)
	if stored() != before {
		t.Error("a wrong password made the hash anew")
	}
	h.tries(t, "in", "mira", password, office.Address)
	if after := stored(); !strings.HasPrefix(after, "$argon2id$v=19$m=128,t=2,p=1$") {
		t.Errorf("the hash is %q", after)
	}
	h.tries(t, "in", "mira", password, office.Address)
}

// retryAfter tells whether err asks to wait, and how long.
func retryAfter(err error) (time.Duration, bool) {
	if t, ok := errors.AsType[*throttled](err); ok {
		return t.after, true
	}
	return 0, false
}
