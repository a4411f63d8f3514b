package store

import (
	"encoding/json"
	"time"

	"github.com/bailiwick/bailiwick/rbac"
)

// Action is one item of the Action centre: something that is to be done, or was done, to a device, a message or an account.
type Action struct {
	ID       string
	Workload rbac.Workload
	Type     string // as response's kinds name it, or as a file did
	Source   string
	Status   string // as stored: what waits for approval lapses by the clock alone
	Device   string // id of the device it acts on, in lower case; empty: none is known, and every device group is needed (S8)
	Incident string
	Subject  string // what it acts on, for people: a file, a message, a URL
	Details  string

	Requester string // empty: nobody asked, it came so
	Decision  string
	DecidedBy string
	Decided   time.Time

	Created, Updated time.Time
	Expires          time.Time // of what waits for approval; zero: never

	UndoOf, UndoneBy string // ids of actions

	Delivery Delivery
	Body     ActionBody
}

// ActionBody is what no list is filtered by.
type ActionBody struct {
	ApprovalID        string          `json:"approvalId,omitempty"`
	InvestigationID   string          `json:"investigationId,omitempty"`
	InvestigationName string          `json:"investigationName,omitempty"`
	AlertIDs          []string        `json:"alertIds,omitempty"`
	Remediation       string          `json:"remediationName,omitempty"`
	Entity            json.RawMessage `json:"entity,omitempty"` // as evidence
	EmailCount        int64           `json:"emailCount,omitempty"`
	Request           string          `json:"request,omitempty"` // why it was asked for
	Comment           string          `json:"comment,omitempty"` // why it was decided so
	Outcome           string          `json:"outcome,omitempty"` // what the executor said of it
	Checklist         []ActionStep    `json:"checklist,omitempty"`
	History           []ActionEvent   `json:"history,omitempty"`
}

// ActionStep is one line of what a person is asked to do.
type ActionStep struct {
	Text string `json:"text"`
	Done bool   `json:"done"`
}

// ActionEvent is one change of state.
type ActionEvent struct {
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	Status  string    `json:"status"` // from then on
	Comment string    `json:"comment,omitempty"`
}

// Delivery is how far an approved action has come on its way to whoever carries it out. It is written before anything is
// sent, so that a crash loses nothing.
type Delivery struct {
	Executor string
	Attempts int       // how often it was sent
	Accepted bool      // the executor has said that it has it
	Remote   string    // the executor's own name for it
	Next     time.Time // when to do something about it; zero: nothing is to be done
	Deadline time.Time // without an answer by then it has timed out
}

// ActionReach is where a reader sees actions. The zero value sees none.
type ActionReach struct {
	All          bool
	Workloads    []rbac.Workload // but endpoint
	AllDevices   bool
	DeviceGroups []string // those of endpoint, when not AllDevices; what nothing describes is in none
}

// ActionQuery asks for one page of actions, the last changed first.
type ActionQuery struct {
	Reach    ActionReach
	Also     *ActionReach // those of this reach, too; nil: all
	Now      time.Time    // what waits for approval has expired by then, or has not
	Pending  bool         // what waits for approval
	Decided  bool         // everything else; neither or both: all
	Statuses []string
	Types    []string
	Sources  []string
	Workload rbac.Workload
	Groups   []string // of the device, now
	Device   string
	Incident string
	Since    time.Time // last changed then or later
	Search   string    // in id, subject, details, who asked or decided, or the device's name
	After    ActionPlace
	Limit    int
}

// ActionPlace is where a page ended. The zero value is before the first.
type ActionPlace struct {
	Updated int64 // nanoseconds since 1970
	ID      string
}

// ActionRow is an action and its device as it is now.
type ActionRow struct {
	Action
	DeviceName  string
	DeviceGroup string
	DeviceKnown bool
}

// ActionFacet counts actions that are alike in everything a list is filtered by.
type ActionFacet struct {
	Status, Type, Source string
	Group                string // of the device, now; empty: there is none, or it is not known
	Workload             rbac.Workload
	Count                int64
}

// ActionRules are what the centre asks of those who approve.
type ActionRules struct {
	OthersApprove bool // nobody approves what they asked for
	Updated       time.Time
	UpdatedBy     string
}

// ActionReader reads the Action centre.
type ActionReader interface {
	// Action finds one, whoever asks: the caller decides what they are told of it.
	Action(id string) (row ActionRow, found bool, err error)
	// Actions gives one page; CountActions how many there are on all pages; ActionFacets the same, sorted into kinds.
	Actions(q ActionQuery) ([]ActionRow, error)
	CountActions(q ActionQuery) (int64, error)
	ActionFacets(q ActionQuery) ([]ActionFacet, error)
	// ActionsDue gives those of which something is to be done by then, the longest waiting first. Of the busy executors it gives only
	// those whose time is up.
	ActionsDue(by time.Time, busy []string, limit int) ([]Action, error)
	// ActionsQueued gives those that were approved by somebody and that nobody has begun.
	ActionsQueued(decidedBy string) ([]ActionRow, error)
	ActionRules() (ActionRules, error)
}

// ActionWriter changes it.
type ActionWriter interface {
	// PutAction adds or replaces one.
	PutAction(Action) error
	SetActionRules(ActionRules) error
}
