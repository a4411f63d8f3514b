package hunt

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/authorise"
	"github.com/bailiwick/bailiwick/internal/hunting/emit"
	"github.com/bailiwick/bailiwick/internal/hunting/kql"
	"github.com/bailiwick/bailiwick/internal/hunting/worker"
)

// SyntaxError is of a query with which something is wrong.
type SyntaxError struct{ Errors []kql.Error }

func (e *SyntaxError) Error() string {
	if len(e.Errors) == 0 {
		return "the query cannot be run"
	}
	first := e.Errors[0]
	return fmt.Sprintf("line %d, column %d: %s", first.Line, first.Column, first.Message)
}

// Unwrap gives the refusal that it is.
func (e *SyntaxError) Unwrap() error {
	return fault.Invalid("hunt", "%s", e.Error()).WithDetails(details(e.Errors)...)
}

// Denied is of a query that names what its reader may not read.
type Denied struct{ Errors []kql.Error }

func (e *Denied) Error() string { return (&SyntaxError{e.Errors}).Error() }

// Unwrap gives the refusal that it is.
func (e *Denied) Unwrap() error {
	var lacks []string
	for _, one := range e.Errors {
		lacks = append(lacks, one.Message)
	}
	return fault.Denied("hunt", "%s", e.Error()).WithDetails(details(e.Errors)...).WithLacks(lacks...)
}

func details(list []kql.Error) []fault.Detail {
	var details []fault.Detail
	for _, e := range list {
		details = append(details, fault.Detail{Where: fmt.Sprintf("%d:%d", e.Line, e.Column), Problem: e.Message})
	}
	return details
}

// refusal tells what is wrong with a query. If the reader may not read what it names, it is denied, whatever else is wrong.
func refusal(list []kql.Error, catalog *kql.Catalog) error {
	denied := func(e kql.Error) bool {
		for _, words := range catalog.Denied {
			if strings.HasSuffix(e.Message, words) { // behind the operator that it stands in
				return true
			}
		}
		return false
	}
	if slices.ContainsFunc(list, denied) {
		return &Denied{list}
	}
	return &SyntaxError{list}
}

// refusedRead is of a query that was bound and may not be run.
func refusedRead(query string, err error) error {
	var r *authorise.Refused
	if !errors.As(err, &r) {
		return err
	}
	e := kql.Error{Start: r.Reference.Start, End: r.Reference.End, Message: r.Words}
	e.Line, e.Column = kql.At(query, e.Start)
	if len(r.Lacks) > 0 {
		return &Denied{[]kql.Error{e}}
	}
	return &SyntaxError{[]kql.Error{e}}
}

func notBuilt(err error) error {
	var n *emit.NotBuilt
	if errors.As(err, &n) {
		return &SyntaxError{[]kql.Error{{Line: 1, Column: 1, Message: n.What}}}
	}
	return err
}

// Stopped is of a query that did not end by itself. What it says is the same whatever is in the data; the log knows more by the id.
type Stopped struct {
	Code worker.Code
	ID   string
}

var words = map[worker.Code]string{
	worker.Memory:    "Query stopped due to excessive resource consumption. Read fewer rows or columns, or a shorter time",
	worker.Late:      "Query exceeded the timeout period. Read fewer rows, or a shorter time",
	worker.Cancelled: "The query was cancelled",
	worker.Busy:      "Too many of your queries wait already: let some of them end",
}

func (e *Stopped) Error() string {
	said, ok := words[e.Code]
	if !ok {
		said = "An unexpected error occurred during query execution. Please try again in a few minutes"
	}
	if e.ID != "" {
		return said + " (" + e.ID + ")."
	}
	return said + "."
}

// Unwrap gives the refusal that it is.
func (e *Stopped) Unwrap() error {
	switch e.Code {
	case worker.Memory, worker.Late:
		return fault.Invalid("hunt", "%s", e.Error())
	}
	return fault.Unavailable("hunt", "%s", e.Error())
}

func stopped(err error) error {
	var e *worker.Error
	if errors.As(err, &e) {
		return &Stopped{Code: e.Code, ID: e.ID}
	}
	return err
}
