package main

import (
	"encoding/json"
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
func report(w io.Writer, err error, asJSON bool) {
	if err == nil || errors.Is(err, errNo) {
		return
	}
	if asJSON {
		reportJSON(w, err)
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

// reportJSON says the same as one JSON value, under the names that the API has for them.
func reportJSON(w io.Writer, err error) {
	type detail struct {
		Where   string `json:"where"`
		Problem string `json:"problem"`
		Want    string `json:"want,omitempty"`
	}
	var out struct {
		Detail  string   `json:"detail"`
		Kind    string   `json:"kind"`
		Exit    int      `json:"exit"`
		Details []detail `json:"details,omitempty"`
		Lacks   []string `json:"lacks,omitempty"`
	}
	out.Detail, out.Kind, out.Exit = err.Error(), fault.KindOf(err).String(), codeOf(err)
	var f *fault.Error
	if errors.As(err, &f) {
		out.Lacks = f.Lacks
		for _, d := range f.Details {
			out.Details = append(out.Details, detail{d.Where, d.Problem, d.Want})
		}
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(out) // to a stream that is gone there is nothing to say
}
