package store

import "time"

// Imported is what the last import of a product noted of one object.
type Imported struct {
	Product string
	ID      string // kind and key: "role:endpoint/eu triage"
	State   string // as the export had it
	Kept    string // what was here and was chosen to stay; empty: nothing was to be chosen
	At      time.Time
	File    string
}

// ImportReader reads the notes.
type ImportReader interface {
	// Imported gives those of a product, or of all if it is empty, by product and id.
	Imported(product string) ([]Imported, error)
}

// ImportWriter keeps the notes.
type ImportWriter interface {
	// SetImported makes these the notes of a product, in place of those it had.
	SetImported(product string, list []Imported) error
}
