package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/bailiwick/bailiwick/internal/fault"
)

// The exit codes. Scripts decide by them, so they never change.
const (
	exitDone    = 0 // yes, or done
	exitNo      = 1 // no: can, explain and verify
	exitRefused = 2 // for lack of rights, an invalid or stale file, a gate
	exitBroken  = 3 // anything else
)

// no is the answer "no": not an error, so nothing is printed but the answer itself.
var errNo = errors.New("no")

// coded gives an error an exit code of its own.
type coded struct {
	code int
	err  error
}

func (c *coded) Error() string { return c.err.Error() }
func (c *coded) Unwrap() error { return c.err }

func refuse(format string, args ...any) error {
	return &coded{exitRefused, fmt.Errorf(format, args...)}
}

// codeOf turns what went wrong into an exit code.
func codeOf(err error) int {
	var own *coded
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errNo):
		return exitNo
	case errors.As(err, &own):
		return own.code
	}
	switch fault.KindOf(err) {
	case fault.KindInvalid, fault.KindDenied, fault.KindConflict, fault.KindUnauthenticated:
		return exitRefused
	}
	return exitBroken
}

// report says what went wrong, in full: whoever runs the command owns the data or sees their own mistake.
func report(w io.Writer, err error) {
	if err == nil || errors.Is(err, errNo) {
		return
	}
	fmt.Fprintf(w, "bailiwick: %v\n", err)
	var f *fault.Error
	if !errors.As(err, &f) {
		return
	}
	for _, d := range f.Details {
		if strings.Contains(err.Error(), d.Problem) {
			continue // said already
		}
		fmt.Fprintf(w, "  %s: %s", d.Where, d.Problem)
		if d.Want != "" {
			fmt.Fprintf(w, ": want %s", d.Want)
		}
		fmt.Fprintln(w)
	}
	for _, lack := range f.Lacks {
		fmt.Fprintf(w, "  %s\n", lack)
	}
}
