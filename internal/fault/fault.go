// Package fault is how an operation refuses. Six kinds have a sentence for the user; every other error is ours to
// log, and the user reads "internal error".
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind is the way an operation refused. The zero value is none of the six: an error of ours.
type Kind int

// The six kinds.
const (
	KindInvalid         Kind = iota + 1 // what was asked makes no sense
	KindUnauthenticated                 // we do not know who asks
	KindDenied                          // we know, and they may not
	KindNotFound                        // it does not exist, or not for them
	KindConflict                        // it does not fit what is there now
	KindUnavailable                     // not at this moment; trying again may help
)

var kindNames = [...]string{"internal", "invalid", "unauthenticated", "denied", "not found", "conflict", "unavailable"}

// String gives the kind in a word or two.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return kindNames[0]
	}
	return kindNames[k]
}

// Error is a refusal: what was tried, and why not. Op and Reason are shown to the user; Err is not.
type Error struct {
	Kind    Kind
	Op      string // what was tried: `save role "Tier 1"`
	Reason  string // why not: "already exists"
	Details []Detail
	Lacks   []string // Denied: what is missing, a sentence each
	Err     error    // what caused it, for the log
}

// Detail is one of several faults of the same input.
type Detail struct {
	Where   string // "policy.yaml:12", or the path of a JSON member
	Problem string
	Want    string // what would be right: a name, a form
}

// Error gives the whole of it, cause included, for a log or the owner of the data.
func (e *Error) Error() string {
	text := e.sentence()
	if e.Err != nil && !strings.Contains(e.Reason, e.Err.Error()) {
		text += ": " + e.Err.Error()
	}
	return text
}

func (e *Error) sentence() string {
	switch {
	case e.Op == "":
		return e.Reason
	case e.Reason == "":
		return e.Op + ": " + e.Kind.String()
	}
	return e.Op + ": " + e.Reason
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// WithDetails adds the single faults.
func (e *Error) WithDetails(details ...Detail) *Error {
	e.Details = append(e.Details, details...)
	return e
}

// WithLacks adds what is missing.
func (e *Error) WithLacks(lacks ...string) *Error {
	e.Lacks = append(e.Lacks, lacks...)
	return e
}

// Invalid refuses what makes no sense. Reason is a format for args; %w keeps a cause.
func Invalid(op, reason string, args ...any) *Error {
	return refuse(KindInvalid, op, fmt.Errorf(reason, args...))
}

// Unauthenticated refuses a caller we do not know.
func Unauthenticated(op, reason string, args ...any) *Error {
	return refuse(KindUnauthenticated, op, fmt.Errorf(reason, args...))
}

// Denied refuses what the actor may not do.
func Denied(op, reason string, args ...any) *Error {
	return refuse(KindDenied, op, fmt.Errorf(reason, args...))
}

// NotFound refuses what does not exist, or not for this actor: the two are said alike.
func NotFound(op, reason string, args ...any) *Error {
	return refuse(KindNotFound, op, fmt.Errorf(reason, args...))
}

// Conflict refuses what does not fit what is there now.
func Conflict(op, reason string, args ...any) *Error {
	return refuse(KindConflict, op, fmt.Errorf(reason, args...))
}

// Unavailable refuses what can't be done at this moment.
func Unavailable(op, reason string, args ...any) *Error {
	return refuse(KindUnavailable, op, fmt.Errorf(reason, args...))
}

func refuse(kind Kind, op string, why error) *Error {
	return &Error{Kind: kind, Op: op, Reason: why.Error(), Err: errors.Unwrap(why)}
}

// ErrChanged marks a conflict with what somebody else has written meanwhile.
var ErrChanged = errors.New("changed meanwhile")

// Changed refuses a change made from what is no longer there.
func Changed(op, reason string, args ...any) *Error {
	e := refuse(KindConflict, op, fmt.Errorf(reason, args...))
	e.Err = ErrChanged
	return e
}

// KindOf gives the kind of the first of our errors in err's chain; zero when there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return 0
}

// Message is the sentence for the user. What is not one of ours says nothing about the inside.
func Message(err error) string {
	if e, ok := errors.AsType[*Error](err); ok && e.Kind != 0 {
		return e.sentence()
	}
	return "internal error"
}
