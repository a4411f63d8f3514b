// Package lists holds, column by column and in memory, what lists of alerts and incidents are filtered, ordered and counted by:
// whatever the question and whoever asks, the answer is one walk over numbers. It holds no texts that people read; those of a page are
// fetched from the store when the page is known.
//
// A State is the data at one moment and never changes. The next one shares with it all that stayed the same. Whoever asks brings the
// classes that the reader may see, and they are part of the walk itself (invariant 4).
package lists

import (
	"errors"
	"sync/atomic"

	"github.com/bailiwick/bailiwick/internal/store"
)

// ErrNotHeld says that a question is about something that is not held here: the store has to answer it.
var ErrNotHeld = errors.New("not held in columns")

// size is how many rows make a chunk: what is copied when one of them changes.
const size = 256

// column is one column of text. A row holds the number that a text has among the column's words.
type column uint8

const (
	customTags column = iota // lists, as JSON; of incidents
	status
	severity
	classification
	determination
	assignedTo
	systemTags // lists
	title
	incidentColumns // how many an incident has; alerts have these, too
)

const (
	serviceSource column = iota + incidentColumns
	detectionSource
	category
	techniques // lists
	allColumns
)

// columnOf tells where a field is held.
var columnOf = map[store.Field]column{
	store.FieldStatus: status, store.FieldSeverity: severity, store.FieldClassification: classification, store.FieldDetermination: determination,
	store.FieldAssignedTo: assignedTo, store.FieldSystemTags: systemTags, store.FieldServiceSource: serviceSource,
	store.FieldDetectionSource: detectionSource, store.FieldCategory: category, store.FieldTitle: title, store.FieldTechniques: techniques,
	store.FieldCustomTags: customTags,
}

// ofAlerts and ofIncidents are the columns that each collection has.
var (
	ofAlerts    = [allColumns]bool{status: true, severity: true, classification: true, determination: true, assignedTo: true, systemTags: true, serviceSource: true, detectionSource: true, category: true, title: true, techniques: true}
	ofIncidents = [allColumns]bool{customTags: true, status: true, severity: true, classification: true, determination: true, assignedTo: true, systemTags: true, title: true}
)

// State is the lists at one moment.
type State struct {
	Seq       int64 // of the last change in it
	alerts    []*alertChunk
	incidents []*incidentChunk
	words     [allColumns][]string

	things     things
	groups     []string // device groups
	thingNames []string // what evidence calls things; the first is nothing

	ranks *[allColumns]atomic.Pointer[[]int64]
	rows  func(store.Where) ([]int64, error) // of alerts; nil: nobody to ask
}

// Asking gives the same state, and whom to ask for the numbers of the alerts for which a condition holds that is not held here.
func (s *State) Asking(rows func(store.Where) ([]int64, error)) *State {
	t := *s
	t.rows = rows
	return &t
}

// alertChunk is a run of alerts by number.
type alertChunk struct {
	names    *names
	present  set
	classes  uint32 // more than the highest class among them
	class    [size]uint32
	incident [size]uint32 // by number; 0: none
	created  [size]int64
	updated  [size]int64
	code     [allColumns][size]uint32
	spans    [2]span          // of created and updated
	named    [size + 1]uint32 // where a row's namings begin, and the next one's
	namings  []naming
}

// incidentChunk is a run of incidents by number. What the alerts of a class bring to one stands in parts, from first to first of the
// next.
type incidentChunk struct {
	names    *names
	parts    []part
	present  set
	first    [size + 1]uint32
	formerly map[int][]uint32 // by row: the classes of alerts that have left it, where that makes it another one for who does not see them
	alerts   [size]int64      // all of them, whoever asks
	derived  set              // no record of their own has come
	follows  set              // the status follows from the alerts
	created  [size]int64
	updated  [size]int64
	own      [incidentColumns][size]uint32
	spans    [2]span // of created and updated, whoever sees what of them
}

// part is what the alerts of one class bring to an incident (S9).
type part struct {
	class                        uint32
	alerts, inProgress, resolved uint32
	rank                         int64 // the highest severity
	created, updated             int64 // the first, the last
}

// span are the lowest and the highest of a chunk's times.
type span struct{ low, high int64 }

// names are the ids of a chunk's rows, one after the other.
type names struct {
	text  string
	lower string // with ASCII letters small; the same one, if they are
	ends  [size]uint32
}

func (n *names) at(row int) string {
	from := uint32(0)
	if row > 0 {
		from = n.ends[row-1]
	}
	return n.text[from:n.ends[row]]
}
