package fault

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestARefusalSaysWhatWasTriedAndWhy(t *testing.T) {
	err := Conflict(`save role "Tier 1"`, "already exists in %s", "endpoint")
	if got, want := err.Error(), `save role "Tier 1": already exists in endpoint`; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
	if got := Message(fmt.Errorf("handler: %w", err)); got != err.Error() {
		t.Errorf("a refusal that was wrapped reads %q, want the refusal's own sentence", got)
	}
	if KindOf(fmt.Errorf("handler: %w", err)) != KindConflict {
		t.Error("wrapping hides the kind")
	}
}

func TestAnErrorOfOursSaysNothingToTheUser(t *testing.T) {
	for _, err := range []error{io.ErrUnexpectedEOF, fmt.Errorf("open /secret: %w", io.EOF), &Error{Reason: "no kind"}} {
		if got := Message(err); got != "internal error" {
			t.Errorf("Message(%v) = %q, want internal error", err, got)
		}
		if KindOf(err) != 0 {
			t.Errorf("KindOf(%v) = %v, want none", err, KindOf(err))
		}
	}
}

func TestTheCauseIsForTheLogOnly(t *testing.T) {
	err := &Error{Kind: KindUnavailable, Op: "save", Reason: "the disk is full", Err: io.ErrShortWrite}
	if got, want := err.Error(), "save: the disk is full: short write"; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
	if got, want := Message(err), "save: the disk is full"; got != want {
		t.Errorf("Message() = %q, want %q", got, want)
	}
	if !errors.Is(err, io.ErrShortWrite) || !errors.Is(Invalid("read", "bad: %w", io.EOF), io.EOF) {
		t.Error("the cause can't be found")
	}
}

func TestEachConstructorGivesItsKind(t *testing.T) {
	for want, err := range map[Kind]*Error{
		KindInvalid: Invalid("x", "y"), KindUnauthenticated: Unauthenticated("x", "y"), KindDenied: Denied("x", "y"),
		KindNotFound: NotFound("x", "y"), KindConflict: Conflict("x", "y"), KindUnavailable: Unavailable("x", "y"),
	} {
		if err.Kind != want {
			t.Errorf("got %v, want %v", err.Kind, want)
		}
	}
	if Kind(99).String() != "internal" {
		t.Error("an unknown kind is not internal")
	}
}
