package directory

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/fault"
)

func TestPasswordsAreLongAndNotTheFirstGuess(t *testing.T) {
	for password, want := range map[string]fault.Kind{
		"twelve chars":            fine,
		"aaaaaaaaaaab":            fault.KindInvalid,
		"password1234":            fault.KindInvalid,
		"Welcome-2026!!":          fault.KindInvalid,
		"123456789012":            fault.KindInvalid,
		"Contoso.okafor1":         fault.KindInvalid,
		"okafor rides her bike":   fine,
		"my password is a river":  fine,
		"ключ ключ ключ":          fine,
		strings.Repeat("üa2", 85): fine,
		"eleven char":             fault.KindInvalid,
		"":                        fault.KindInvalid,
		strings.Repeat("a1", 129): fault.KindInvalid,
		strings.Repeat("a", 20):   fault.KindInvalid,
		strings.Repeat("ü", 20):   fault.KindInvalid,
		"not text \xff\xfe\xfd..": fault.KindInvalid,
		"Mira@Contoso.Example":    fault.KindInvalid,
		" mira@contoso.example ":  fault.KindInvalid,
		"mira okafor okafor":      fault.KindInvalid,
	} {
		is(t, "password "+password, checkPassword("x", password, "mira@contoso.example", "Mira Okafor Okafor"), want)
	}
}

func TestTheDefaultIsWhatOWASPAsksFor(t *testing.T) {
	s := New(Config{})
	if s.hasher.Hashing != (Hashing{MemoryKiB: 19456, Passes: 2, Threads: 1}) {
		t.Errorf("the parameters are %+v", s.hasher.Hashing)
	}
	stored, err := s.hasher.hash(t.Context(), password)
	is(t, "hash", err, fine)
	if !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("stored as %q", stored)
	}
	if again, _ := s.hasher.hash(t.Context(), password); again == stored {
		t.Error("two hashes of a password are equal: there is no salt")
	}
	for guess, want := range map[string]bool{password: true, password + " ": false, "": false} {
		if ok, stale, err := s.hasher.matches(t.Context(), fromKnown, stored, guess); ok != want || stale || err != nil {
			t.Errorf("%q matches: %v, stale: %v (%v)", guess, ok, stale, err)
		}
	}
}

func TestAnAccountWithoutAHashMatchesNothing(t *testing.T) {
	h := newHasher(cheap)
	for _, guess := range []string{"", password, string(h.nobody.key)} {
		if ok, _, err := h.matches(t.Context(), fromAnywhere, "", guess); ok || err != nil {
			t.Errorf("%q matches an account that is not there: %v %v", guess, ok, err)
		}
	}
}

func TestHashesWaitTheirTurn(t *testing.T) {
	h := newHasher(cheap)
	for range cap(h.lanes[fromAnywhere]) {
		h.lanes[fromAnywhere] <- struct{}{} // guesses from everywhere
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := h.matches(ctx, fromAnywhere, "", "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("whoever hangs up while waiting gets %v", err)
	}
	if _, _, err := h.matches(t.Context(), fromKnown, "", "x"); err != nil {
		t.Errorf("guesses from everywhere hold up who is known: %v", err)
	}
}

func TestOnlyOurOwnHashesAreRead(t *testing.T) {
	h := newHasher(cheap)
	stored, err := h.hash(t.Context(), password)
	is(t, "hash", err, fine)
	p, err := parsePHC(stored)
	if err != nil || p.String() != stored {
		t.Fatalf("our own is not read: %v", err)
	}
	for _, bad := range []string{
		"", "$", "plain", strings.Replace(stored, "argon2id", "argon2i", 1), strings.Replace(stored, "v=19", "v=16", 1),
		strings.Replace(stored, "m=64", "m=4294967295", 1), strings.Replace(stored, "m=64", "m=64 ", 1), strings.Replace(stored, "m=64", "m=064", 1),
		strings.Replace(stored, "t=1", "t=0", 1), strings.Replace(stored, "p=1", "p=300", 1), strings.Replace(stored, "p=1", "p=1,x=2", 1),
		stored + "$", stored + "=", stored[:len(stored)-30], "x" + stored,
	} {
		if _, err := parsePHC(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

func FuzzPHC(f *testing.F) {
	f.Add("$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Add("$argon2id$v=19$m=,t=,p=$$")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parsePHC(text)
		if err != nil {
			return
		}
		if p.String() != text || p.MemoryKiB > 1<<20 || p.Passes > 16 || p.Threads > 16 || len(p.key) < 16 || len(p.salt) < 8 {
			t.Errorf("%q is read as %+v", text, p)
		}
	})
}
