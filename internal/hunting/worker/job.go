// Package worker runs statements against the event store in processes of their own.
//
// A worker is this program started anew for one statement. It opens the files that the statement may read without the right to write,
// gives up the right to open any other, limits its memory and its address space, and holds the statement against what it may touch before
// running it. It is killed when its time is over, for not every function of an engine lets itself be interrupted; nobody else's query is in
// it. Rows come back over a pipe in frames of bounded size; the engine's own words about an error never do, because values are in them.
package worker

import (
	"errors"
	"fmt"
	"time"
)

// Job is one statement, and all that it may touch.
type Job struct {
	Statement  string              `json:"statement"`
	Parameters []Value             `json:"parameters,omitempty"` // for $1 and those that follow
	Tables     map[string][]string `json:"tables"`               // by the name it has in the statement: the files with its rows, in the order of time
	Lists      map[string][]string `json:"lists,omitempty"`      // relations of one column, id: such as the devices in reach
	Shelf      map[string]string   `json:"shelf,omitempty"`      // by the name it has in the statement: a file that is looked up in
	Places     string              `json:"places,omitempty"`     // the file that tells where addresses are
	Limits     Limits              `json:"limits"`
}

// Limits are what a statement may take.
type Limits struct {
	Time      time.Duration `json:"time"`
	Rows      int64         `json:"rows"`
	Bytes     int64         `json:"bytes"` // of the answer
	MemoryMB  int           `json:"memoryMB"`
	ScratchMB int           `json:"scratchMB"` // of disk, for what does not fit into memory
	Threads   int           `json:"threads"`
	Scratch   string        `json:"scratch"` // the directory for it
}

// Column is a column of an answer: its name, and the engine's type.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Stats tell what a statement took.
type Stats struct {
	Rows      int64         `json:"rows"`
	Bytes     int64         `json:"bytes"`
	Truncated string        `json:"truncated,omitempty"` // rows or bytes: the limit that cut the answer
	Took      time.Duration `json:"took"`
	Waited    time.Duration `json:"waited"`
	CPU       time.Duration `json:"cpu"`
}

// Code is what went wrong, in a word.
type Code string

// The codes.
const (
	Refused   Code = "refused"   // the statement touches what it may not
	Memory    Code = "memory"    // it takes more memory or disk than it may
	Late      Code = "timeout"   // it takes more time than it may
	Cancelled Code = "cancelled" // its caller went away
	Busy      Code = "busy"      // too many wait already
	Failed    Code = "failed"    // the engine could not run it
	Lost      Code = "lost"      // the worker ended without a word
)

// Error is what a caller is told: a code, and an id by which the log knows more.
type Error struct {
	Code Code
	ID   string
	Kind string // the engine's kind of error, without a word of what it said; for the log
}

func (e *Error) Error() string { return fmt.Sprintf("the query ended: %s (%s)", e.Code, e.ID) }

// CodeOf gives the code of an error; empty: it is none of a worker's.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
