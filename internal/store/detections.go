package store

import (
	"time"

	"github.com/bailiwick/bailiwick/rbac"
)

// Detection is a custom detection: a query that is asked again and again, and makes alerts of what it finds. It is asked with its
// owner's rights. The zero value is asked never.
type Detection struct {
	ID         string
	DetectorID string // what its alerts name it by
	Name       string // for people: two may have one
	On         bool
	Owner      string // a user; empty: whose account is gone
	Query      string
	Period     time.Duration // between two runs; 0: continuously
	AllDevices bool          // its scope; else DeviceGroups, which follow a rename and go with the group
	Groups     []string
	Alert      DetectionAlert
	Actions    []DetectionAction

	Tables    []string         // that the query reads, as it was bound last
	Workloads rbac.WorkloadSet // that its alerts belong to, and that it takes rights in

	Paused   string // why it does not run though it is on; empty: it runs
	PausedAt time.Time

	Created, Updated time.Time
	CreatedBy        string
	UpdatedBy        string
	QueryUpdated     time.Time

	Turn DetectionTurn
	Last DetectionRun // the zero value: it has not run
}

// DetectionAlert is what its alerts say. Title and Description may name columns: {{DeviceName}}.
type DetectionAlert struct {
	Title       string           `json:"title"`
	Description string           `json:"description,omitempty"`
	Severity    string           `json:"severity"`
	Category    string           `json:"category"`
	Recommended string           `json:"recommendedActions,omitempty"`
	Techniques  []string         `json:"mitreTechniques,omitempty"`
	Assets      []DetectionAsset `json:"impactedAssets"`
}

// DetectionAsset is what an alert is about: the column of the result that names it.
type DetectionAsset struct {
	Kind   string `json:"kind"` // device, user, mailbox; at most one of each
	Column string `json:"column"`
}

// DetectionAction is what is asked for with each alert.
type DetectionAction struct {
	Name      string   `json:"name"`                // as Graph names it: isolateDevice
	Columns   []string `json:"columns"`             // that name what is acted on
	Isolation string   `json:"isolation,omitempty"` // full or selective
}

// DetectionTurn is when a detection is to run next, and who is at it. Who has not written down the end by Until has crashed.
type DetectionTurn struct {
	From, To time.Time // the window that is next
	Due      time.Time // when to try
	Attempts int
	Holder   string // empty: nobody is at it
	Until    time.Time
}

// DetectionRun is what came of one window. No window is run to its end twice.
type DetectionRun struct {
	Detection    string
	From, To     time.Time
	Kind         string // scheduled, first, manual
	Status       string // completed, failed, partiallyFailed, skipped
	Started      time.Time
	Ended        time.Time
	Rows         int64
	Alerts       int64
	Known        int64 // rows that an earlier window had told already
	Left         int64 // alerts that were too many for one run
	Actions      int64 // that were asked for
	Refused      int64 // actions that the owner may not ask for
	Milliseconds int64 // of the engine
	Bytes        int64 // that it read
	ErrorCode    string
	Error        string
	AlertIDs     []string
}

// DetectionPlace is where a page of runs ended. The zero value is before the first.
type DetectionPlace struct{ Started, To int64 } // nanoseconds since 1970

// DetectionReader reads custom detections, whoever asks: the caller decides what they are told.
type DetectionReader interface {
	// Detections gives all, by name, each with its last run.
	Detections() ([]Detection, error)
	Detection(id string) (d Detection, found bool, err error)
	// DetectionsDue gives of each owner the one that has been due for longest, of those that are on, not paused, due by then, and that nobody
	// is at.
	DetectionsDue(by time.Time) ([]Detection, error)

	// DetectionRuns gives one page, the last begun first; CountDetectionRuns how many there are on all pages.
	DetectionRuns(id string, after DetectionPlace, limit int) ([]DetectionRun, error)
	CountDetectionRuns(id string) (int64, error)
	// DetectionTold tells which of these matches have made an alert.
	DetectionTold(id string, matches []string) (map[string]bool, error)
	// DevicesNamed gives the devices of a name, whatever the case, a thousand at most.
	DevicesNamed(name string) ([]Device, error)
}

// DetectionWriter changes them.
type DetectionWriter interface {
	// PutDetection adds or replaces one, but for its turn and its runs. A device group that is not there is an error.
	PutDetection(Detection) error
	RemoveDetection(id string) (found bool, err error)
	// TakeTurn writes whose turn it is.
	TakeTurn(id string, t DetectionTurn) error
	// AddDetectionRun keeps what came of a window. The same window twice is an error.
	AddDetectionRun(DetectionRun) error
	// TellDetection keeps that matches have made alerts, until they can't be met again.
	TellDetection(id string, matches []string, until time.Time) error
	// SettleDetectionRuns lets runs that began after a moment have begun and ended at it: a clock was ahead that has been put right since.
	SettleDetectionRuns(now time.Time) error
	// ForgetDetections drops runs that began before a moment, and matches that can't be met again.
	ForgetDetections(runs, matches time.Time) error
}
