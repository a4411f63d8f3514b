package rbac

import (
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"
)

// Snapshot is a policy compiled to answer quickly. It never changes: With makes another that shares with it
// whatever the edits do not touch, so holding an old one is safe and cheap.
//
// The truth in it is per holder - a group, a person's own assignments, a global role: what the holder opens, and on
// which device groups. A person is a short list of holders.
type Snapshot struct {
	meaning       *meaning
	lineage       *token // shared by all that With made of one Compile: see sameNumbers
	revision      int64
	endpointRoles bool
	activation    Activations
	unified       word // the bits that unified roles decide
	spanning      int  // how many assignments of unified roles there are
	devices       *devices

	userNames       names[string]
	groupNames      names[string]
	roleNames       names[RoleRef] // with the name folded
	assignmentNames names[string]
	globals         map[string]id // the holder of each global role

	people      vec[person] // by user
	users       vec[userRow]
	sets        vec[set] // by holder
	quick       vec[quick]
	holders     vec[*holder]
	roles       vec[*role]
	assignments vec[*assignment]
	ceilings    []Ceiling // by name

	remedies func() *remedies
	shadow   func() *Snapshot
	view     *view // set by ViewAs
}

// person is what a check reads of a user: up to six holders in place; the places left over name nobody. Half a cache
// line serves nearly everyone. Who has more, or is not simply there, has the rest elsewhere.
type person struct {
	few  [6]id
	rest *rest
}

type rest struct {
	flags   uint16
	holders []id // all of them
}

// What a check must look at beyond the holders.
const (
	personGone uint16 = 1 << iota
	personDisabled
	personEnds
)

func (p *person) flags() uint16 {
	if p.rest == nil {
		return 0
	}
	return p.rest.flags
}

func (p *person) holders() []id {
	if p.rest != nil {
		return p.rest.holders
	}
	for n, h := range p.few {
		if h == 0 {
			return p.few[:n]
		}
	}
	return p.few[:]
}

// newPerson takes the list over.
func newPerson(flags uint16, list []id) person {
	var p person
	if copy(p.few[:], list) < len(list) || flags != 0 {
		p.rest = &rest{flags, list}
	}
	return p
}

type userRow struct {
	user *User // nil: gone
	own  id    // the holder of the user's own assignments, or noID
}

const noID id = math.MaxUint32

type holderKind uint8

const (
	nobody holderKind = iota // opens nothing: it fills the places of a person that hold no other
	groupHolder
	userHolder
	globalHolder
)

type holder struct {
	owner       *token
	kind        holderKind
	group       *Group // nil: gone
	global      *GlobalRole
	user        id
	members     []id // users
	assignments []id
	reaches     []*reach // of each assignment
	unscoped    word     // of endpoint: what its unscoped assignments without begin or end open
	timed       []id     // its unscoped assignments that begin or end
}

// set is what a holder opens. all holds on everything, always; rows are narrower in device groups or in time.
type set struct {
	all  word
	some word // all and every row together
	rows []row
}

type row struct {
	word        word
	bits        bitset // nil: everywhere
	from, until int64  // unix nanoseconds; until is outside
}

func (r *row) now(at int64) bool { return r.from <= at && at < r.until }

func (r *row) always() bool { return r.from == math.MinInt64 && r.until == math.MaxInt64 }

type role struct {
	Role
	owner       *token
	opens       word
	assignments []id
}

type assignment struct {
	Assignment
	role   id
	holder id
	mask   word // of its data sources

	from, until int64 // its time as the rows keep it
}

func (a *assignment) window() (from, until int64) { return a.from, a.until }

// windowOf is an assignment's time as the rows keep it.
func windowOf(a Assignment) (from, until int64) {
	from, until = math.MinInt64, math.MaxInt64
	if !a.NotAfter.IsZero() {
		from, until = noMoment+1, a.NotAfter.UnixNano()
	}
	if !a.NotBefore.IsZero() {
		from = a.NotBefore.UnixNano()
	}
	return from, until
}

// reach is the device groups of an assignment. The names are made when somebody asks for them.
type reach struct {
	every bool
	bits  bitset
	names atomic.Pointer[[]string]
}

func (r *reach) list(d *devices) []string {
	if r.every {
		return nil
	}
	if known := r.names.Load(); known != nil {
		return *known
	}
	list := d.named(r.bits)
	r.names.Store(&list)
	return list
}

// devices are the device groups, numbered by rank.
type devices struct {
	list   []DeviceGroup
	ids    map[string]id
	open   bitset
	all    bitset
	access map[string]bitset // group -> the device groups it reaches, open ones included
}

func (d *devices) named(bits bitset) []string {
	list := make([]string, 0, bits.count())
	bits.each(func(i id) { list = append(list, d.list[i].Name) })
	return list
}

// finish readies what is computed at first use.
func (s *Snapshot) finish() {
	s.remedies = sync.OnceValue(func() *remedies { return newRemedies(s) })
	s.shadow = sync.OnceValue(s.makeShadow)
}

// noMoment is what a question asks that names no moment: then nothing holds that begins or ends, not even if it has
// only an end, and nobody is let in whose account has one.
const noMoment int64 = math.MinInt64

// instant is a moment in unix nanoseconds, as the rows keep it. Years that those can't tell are as far away as they can.
func instant(at time.Time) int64 {
	switch y := at.Year(); {
	case at.IsZero():
		return noMoment
	case y < 1678:
		return noMoment + 1
	case y > lastYear:
		return math.MaxInt64 - 1
	}
	return at.UnixNano()
}

// The years in which something of a policy may begin or end: those that unix nanoseconds can tell, from their start.
const (
	firstYear = 1970
	lastYear  = 2261
)

// checkTimes refuses a begin or an end that can't be told.
func checkTimes(times ...time.Time) error {
	for _, t := range times {
		if y := t.UTC().Year(); !t.IsZero() && (y < firstYear || y > lastYear) {
			return fmt.Errorf("%s is not between %d and %d", t.Format(time.RFC3339), firstYear, lastYear)
		}
	}
	return nil
}
