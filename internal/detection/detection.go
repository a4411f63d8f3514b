// Package detection is custom detections: queries that are asked again and again, and make alerts of what they find.
//
// A detection is asked as its owner, with the rights that the owner has at that moment, cut to the detection's own scope; when the
// owner has lost some of what it takes, it pauses and says so (S13). It takes the right to set detections in every workload of every
// table that its query reads, and the right to hunt there, on its whole scope (T5, X15, X16). What it makes belongs to all of those
// workloads, and to the devices that its rows name.
//
// Of several servers on one store one runs a window, and what came of it - alerts, actions, the memory of what was told, the next
// window - is written in one transaction: a window is run to its end once, whatever crashes when.
package detection

import (
	"context"
	"crypto/rand"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/kql"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Snapshots gives the policy in force.
type Snapshots interface {
	Snapshot(ctx context.Context) (*rbac.Snapshot, error)
}

// Runner runs a query as a reader: what they may not see is not in what it gives.
type Runner interface {
	Run(ctx context.Context, reader string, q Query) (Result, error)
}

// Query is what is asked.
type Query struct {
	Text     string
	From, To time.Time // of the rows' Timestamp; To is what the query takes for now
	Arrived  bool      // they are of when rows came in instead, whenever it happened: within 30 days
	Within   []string  // device groups that the reader's reach is cut to; nil: it is not
	Rows     int       // at most
}

// Result is what there was to find.
type Result struct {
	Columns []string
	Rows    [][]any // null, bool, whole and other numbers, text, time.Time, time.Duration, or JSON
	More    bool    // there were more rows
	Took    time.Duration
	Bytes   int64 // that the engine read
}

// Ask is an action that a detection asks for.
type Ask struct {
	Type    string // as the Action centre names it
	Target  Target
	Alert   string
	Comment string
}

// Target is what an action acts on.
type Target struct {
	Device, SHA1, SHA256, NetworkMessageID, Recipient, User, Indicator string
}

// Service answers for custom detections.
type Service struct {
	Config
	wake chan struct{}
}

// Config is what the service is made of.
type Config struct {
	Store     store.Store
	Door      *audit.Door
	Snapshots Snapshots
	Runner    Runner // nil: nothing can be run here
	// Catalog is the tables that a reader may name.
	Catalog func(snapshot *rbac.Snapshot, reader string, at time.Time) *kql.Catalog
	// Feed tells in which products one hunts who may read a feed; none: nobody may, or there is none of this address.
	Feed func(tx store.Reader, source string) (rbac.WorkloadSet, error)
	// Raise takes alerts into the queue, as a file's.
	Raise func(tx store.Writer, snapshot *rbac.Snapshot, alerts []store.Alert) error
	// Act asks for an action in somebody's name. One that they may not ask for is denied, or not found.
	Act func(tx store.Writer, snapshot *rbac.Snapshot, who audit.Actor, ask Ask) error
	// Hunt runs a query of somebody's own, as any run of theirs, and gives those of its rows that are chosen, each once, and how many of
	// the chosen it does not find. nil: nothing is hunted here.
	Hunt func(ctx context.Context, who audit.Actor, q Hunted) (result Result, missing int, err error)
	// MayPlace refuses who may not put an alert into an incident; Place does it, into a new one of that title if there is none, and gives its id.
	// An alert that they may not manage is denied.
	MayPlace func(ctx context.Context, tx store.Writer, who audit.Actor, incident string, rec *audit.Record) error
	Place    func(ctx context.Context, tx store.Writer, who audit.Actor, a store.Alert, incident, title string, rec *audit.Record) (string, error)
	// InSight tells which alerts a reader sees: to know what a detection finds is not to see the alert.
	InSight func(tx store.Reader, snapshot *rbac.Snapshot, reader string, at time.Time) (alert, incident func(id string) (bool, error), err error)
	// Paused is told of one that pauses, within that change; nil: nobody is.
	Paused func(tx store.Writer, d store.Detection) error
	Now    func() time.Time // nil: the clock
}

// New makes the service.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Service{Config: c, wake: make(chan struct{}, 1)}
}

// attempts is how often policy and data are read until they belong together.
const attempts = 8

// view runs f on one state of the data and the policy that fits it.
func (s *Service) view(ctx context.Context, f func(tx store.Reader, snapshot *rbac.Snapshot) error) error {
	for range attempts {
		snapshot, err := s.Snapshots.Snapshot(ctx)
		if err != nil {
			return err
		}
		fits := false
		err = s.Store.View(ctx, func(tx store.Reader) error {
			revision, err := tx.PolicyRevision()
			if fits = snapshot.Revision() == revision; err != nil || !fits {
				return err
			}
			return f(tx, snapshot)
		})
		if fits || err != nil {
			return err
		}
	}
	return fault.Unavailable("read", "the policy is changing at this moment; try again")
}

// change runs f, nobody else writing meanwhile.
func (s *Service) change(ctx context.Context, who audit.Actor, op, object string, f func(tx store.Writer, snapshot *rbac.Snapshot, rec *audit.Record) error) error {
	err := s.Door.Change(ctx, who, op, func(tx store.Writer, rec *audit.Record) error {
		revision, err := tx.PolicyRevision()
		if err != nil {
			return err
		}
		snapshot, err := s.Snapshots.Snapshot(ctx)
		if err != nil {
			return err
		}
		if snapshot.Revision() != revision {
			return fault.Unavailable(op, "the policy is changing at this moment; try again")
		}
		rec.Object, rec.PolicyRevision = object, revision
		return f(tx, snapshot, rec)
	})
	if err == nil {
		s.stir()
	}
	return err
}

// stir lets the scheduler look at once.
func (s *Service) stir() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// now is the time as it is stored.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Tag names the state of a detection, for who changes it only if nobody else has.
func Tag(d store.Detection) string { return `"` + strconv.FormatInt(d.Updated.UnixMicro(), 36) + `"` }

func newID(kind string) string { return kind + "_" + strings.ToLower(rand.Text()[:20]) }

// cut shortens text of others for a message.
func cut(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "..."
	}
	return text
}

// oneLine takes out what is not printable.
func oneLine(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, text)
	return cut(strings.TrimSpace(text), most)
}
