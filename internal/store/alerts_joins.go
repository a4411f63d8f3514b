package store

import "time"

// JoinKind is how an alert came into its incident.
type JoinKind string

// The ways into an incident.
const (
	JoinRecord     JoinKind = "record"     // its record names the incident
	JoinOpened     JoinKind = "opened"     // the incident was opened for it
	JoinCorrelated JoinKind = "correlated" // it shares something with alerts that were in it
	JoinMerged     JoinKind = "merged"     // a person merged the incident that it was in into this one
	JoinSplit      JoinKind = "split"      // a person took it out of the incident that it was in
	JoinLinked     JoinKind = "linked"     // a person made it of rows that they hunted down, and put it there
)

// Join tells how an alert came into the incident that it is in.
type Join struct {
	Alert  string
	How    JoinKind
	Origin string // of JoinMerged and JoinSplit: the incident that it was in before
	At     time.Time
	Ties   []Tie // of JoinCorrelated: those of which a reader sees both ends
}

// Tie is something that an alert shares with another.
type Tie struct {
	Kind EntityKind
	Key  string
	With string // the other's id
}
