package store

import (
	"encoding/json"
	"time"
)

// Visible is a reader's reach over classes: what every read of alerts and incidents is cut to, in the query itself
// (invariant 4). The zero value sees nothing.
type Visible struct {
	All     bool
	Classes []int64

	// When far more classes are seen than not, those that are not, among the classes up to a known one: a shorter
	// list says the same. What is beyond is not seen.
	Hidden []int64
	UpTo   int64
}

// DeviceQuery asks for one page of devices. The zero value sees none.
type DeviceQuery struct {
	All    bool     // also those that nothing describes (S8)
	Groups []string // when not All: the devices in these groups that something describes
	In     []string // of these, only those in these groups; nil: all
	Search string   // text in name, id, domain or a tag
	After  string   // id of the last one of the page before
	Limit  int
}

// Sight is what a reader sees: alerts, and of these the evidence.
type Sight struct {
	Alerts   Visible
	Evidence EvidenceReach
}

// EntityQuery asks for one page of the things of a kind.
type EntityQuery struct {
	Kind   EntityKind
	Sight  Sight
	Search string // text in key or name
	Order  TallyOrder
	After  []any // Cursor of the last row of the page before; nil: from the start
	Limit  int
}

// EntityRow is a thing that evidence names, with its tally.
type EntityRow struct {
	Key  string
	Name string // what the latest evidence in sight calls it; empty: nothing
	Tally
	Cursor []any
}

// Tally is what the alerts in sight that name a thing come to.
type Tally struct {
	Alerts, Open, Incidents int64     // Open: not resolved
	Risk                    string    // the worst severity of the open ones; empty: there is none
	First, Last             time.Time // when the first and the last of them were made
}

// TallyOrder is what a list of things is ordered by, besides their names.
type TallyOrder string

// The orders: by name; the riskiest first; the last seen first.
const (
	ByName TallyOrder = "name"
	ByRisk TallyOrder = "risk"
	ByLast TallyOrder = "lastSeen"
)

// DeviceRow is a device with its tally.
type DeviceRow struct {
	Device
	Tally
	Cursor []any
}

// AlertQuery asks for one page of alerts or incidents.
type AlertQuery struct {
	Visible Visible
	Where   Where   // nil: all
	Order   []Order // at least one; the id is always the last
	After   []any   // Cursor of the last row of the page before; nil: from the start
	Limit   int
	Skip    int
}

// Order is one key of the order.
type Order struct {
	Field Field
	Desc  bool
}

// Field is what alerts and incidents are filtered and ordered by.
type Field uint8

// The fields. Not every collection has all of them.
const (
	FieldID Field = iota + 1
	FieldIncident
	FieldStatus
	FieldSeverity
	FieldClassification
	FieldDetermination
	FieldServiceSource
	FieldDetectionSource
	FieldCategory
	FieldAssignedTo
	FieldTitle
	FieldCreated
	FieldUpdated
	FieldTechniques // lists from here on
	FieldSystemTags
	FieldCustomTags
	FieldClass       // of alerts; only for InClasses
	FieldNumber      // of alerts; only for Names
	FieldEntity      // a kind, a colon and a key; it is asked for as Names
	FieldWorkload    // known to the policy, as FieldDeviceGroup is
	FieldDeviceGroup // known to the policy, not to the store: it is asked for as InClasses
)

// Where is a condition over fields.
type Where interface{ where() }

// AllOf, OneOf and Not combine conditions. An empty AllOf always holds, an empty OneOf never.
type (
	AllOf []Where
	OneOf []Where
	Not   struct{ Where Where }
)

// Op compares.
type Op string

// The comparisons.
const (
	Equal     Op = "="
	NotEqual  Op = "<>"
	Less      Op = "<"
	LessEq    Op = "<="
	Greater   Op = ">"
	GreaterEq Op = ">="
)

// Compare holds a field against a value: text, where "" is null, or a time. Severities compare by rank.
type Compare struct {
	Field Field
	Op    Op
	Text  string
	Time  time.Time
}

// Matches looks for text in a field, whatever the case: anywhere, or at its beginning.
type Matches struct {
	Field Field
	Text  string
	Start bool
}

// Any tells whether an element of a list compares so. Without an Op: whether there is an element.
type Any struct {
	Field Field
	Op    Op
	Text  string
}

// InClasses holds for alerts of these classes.
type InClasses struct{ Classes []int64 }

// OfAlerts holds for incidents of which an alert in sight is so.
type OfAlerts struct {
	Visible Visible
	Where   Where
}

func (AllOf) where()     {}
func (InClasses) where() {}
func (OfAlerts) where()  {}
func (OneOf) where()     {}
func (Not) where()       {}
func (Compare) where()   {}
func (Matches) where()   {}
func (Any) where()       {}

// AlertRow is an alert as it is stored.
type AlertRow struct {
	ID         string
	IncidentID string
	Class      int64
	Body       json.RawMessage
	Evidence   json.RawMessage
	Left       bool              // too much for one reading: Body has only what lists show, Evidence nothing. The first of a page never is
	Comments   []Comment         // written here
	Devices    map[string]string // the device group of each device that the evidence names
	Strangers  []string          // those of them that nothing describes
	Cursor     []any
}

// IncidentRow is an incident as a reader of some classes sees it. The values are computed from the visible alerts,
// unless those are all of them.
type IncidentRow struct {
	ID             string
	Derived        bool
	Status         string
	OwnStatus      string // as stored: empty if it follows from the alerts
	Severity       string
	Classification string
	Determination  string
	AssignedTo     string
	Created        time.Time
	Updated        time.Time
	Alerts         int64           // visible
	Redirect       string          // the incident that it was merged into; its own alerts are there, and counted here as they were
	Partial        bool            // there are others, or were
	Body           json.RawMessage // only for readers of all its alerts
	Comments       []Comment       // likewise
	Cursor         []any
}

// AlertName is what an alert is called.
type AlertName struct{ ID, Title string }

// AlertFacets counts alerts by what a queue is filtered by. What no alert has is not in it.
type AlertFacets struct {
	Total                                                                                  int64
	Status, Severity, ServiceSource, DetectionSource, Category, AssignedTo, Classification map[string]int64
	Tags                                                                                   map[string]int64 // an alert of several counts in each
	Classes                                                                                map[int64]int64
}

// IncidentFacets counts incidents, as a reader sees them, by what a queue is filtered by. What none has is not in it.
type IncidentFacets struct {
	Total                                        int64
	Status, Severity, Classification, AssignedTo map[string]int64
	Tags, Categories, DetectionSources           map[string]int64 // an incident of several counts in each
	Things                                       []int64          // by number; those beyond its end have none
}

// AlertEdit is what a person changed: the columns, and the body that has the same.
type AlertEdit struct {
	ID                                                string
	Status, Classification, Determination, AssignedTo string
	Updated                                           time.Time
	Body                                              json.RawMessage
}

// IncidentEdit is AlertEdit for an incident.
type IncidentEdit struct {
	ID                                                string
	Status, Classification, Determination, AssignedTo string
	CustomTags                                        []string
	Quiet                                             bool // only what the readers of all its alerts may see has changed (S9)
	Updated                                           time.Time
	Body                                              json.RawMessage
}
