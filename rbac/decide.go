package rbac

import (
	"slices"
	"strings"
	"time"
)

// Resource is what is asked about: a thing of one or more workloads, or a workload as a whole.
type Resource struct {
	Workloads    []Workload
	DeviceGroups []string // counts only if endpoint is among Workloads; empty: the whole workload, every device group (S17)
	EveryGroup   bool     // some device of the thing is unknown: every device group is needed, whatever DeviceGroups says (S8)
	AllOf        []string // device groups of which each is needed, to see it too; besides DeviceGroups, if there are some (S13)
	Somewhere    bool     // whether an area is shown: on any device group at all (S17); counts only without DeviceGroups and AllOf
}

// Request is the one question. Principal is a user's name, or "group:" and a group's name to ask what membership
// in that group alone would open.
type Request struct {
	Principal  string
	Capability Capability
	Resource   Resource
	At         time.Time
}

// Decision is the answer. The zero value refuses.
type Decision struct {
	Allowed  bool
	Revision int64
	Verdicts []Verdict // one for each asked workload, in order; all must allow
}

// Verdict is the answer for one workload.
type Verdict struct {
	Workload Workload
	Allowed  bool
	Reason   Reason
}

// Reason says in a word why a verdict is what it is.
type Reason string

// The reasons. All but the first refuse.
const (
	Allowed            Reason = "allowed"
	UnknownPrincipal   Reason = "unknown-principal"
	Disabled           Reason = "disabled"             // the account is disabled
	Expired            Reason = "expired"              // the account has ended
	NotApplicable      Reason = "not-applicable"       // the row has no such cell: denied, for everyone
	Nobody             Reason = "nobody"               // an empty cell: no custom role opens it
	RolesOff           Reason = "roles-off"            // a custom endpoint role would open it, but the switch is off
	UnifiedOff         Reason = "unified-off"          // a unified role would open it, but unified roles are not on there (S18)
	UnifiedOn          Reason = "unified-on"           // a role of the product would open it, but unified roles decide there (S18)
	NotNow             Reason = "not-now"              // an assignment would open it, but outside its time
	NoPermission       Reason = "no-permission"        // nothing held opens it
	OutOfReach         Reason = "out-of-reach"         // held, but not on these device groups
	UnknownDeviceGroup Reason = "unknown-device-group" // no such device group
	InvalidQuestion    Reason = "invalid"              // no capability or no workload
)

// groupPrefix asks about a group instead of a user. A user name can't begin with it by accident: it would have to
// be a user principal name with a colon.
const groupPrefix = "group:"

// subject is whom a question is about: the holders, and why they may not act at all, if so.
type subject struct {
	holders []id
	refused Reason
}

func (s *Snapshot) subject(principal string, at int64) subject {
	if i, ok := s.userNames.find(principal); ok && s.users.at(i).user != nil {
		return s.userSubject(i, at)
	}
	if name, ok := strings.CutPrefix(principal, groupPrefix); ok {
		if s.group(name) != nil {
			h, _ := s.groupNames.find(fold(name))
			return subject{holders: []id{h}}
		}
	}
	return subject{refused: UnknownPrincipal}
}

func (s *Snapshot) userSubject(i id, at int64) subject {
	p := s.people.at(i)
	if p.flags()&personGone != 0 {
		return subject{refused: UnknownPrincipal}
	}
	if p.flags()&personDisabled != 0 {
		return subject{refused: Disabled}
	}
	if p.flags()&personEnds != 0 && (at == noMoment || at >= instant(s.users.at(i).user.NotAfter)) {
		return subject{refused: Expired}
	}
	return subject{holders: p.holders()}
}

// Decide answers the one question. A thing of several workloads is open only to who is trusted in every one.
func (s *Snapshot) Decide(r Request) Decision {
	d := Decision{Revision: s.revision, Allowed: len(r.Resource.Workloads) > 0}
	at := instant(r.At)
	who := s.subject(r.Principal, at)
	var buf questionBuffer
	asked := s.asked(&buf, r.Resource)
	d.Verdicts = make([]Verdict, len(r.Resource.Workloads))
	for i, w := range r.Resource.Workloads {
		reason := s.verdict(who, r.Capability, w, &asked, at)
		d.Verdicts[i] = Verdict{Workload: w, Allowed: reason == Allowed, Reason: reason}
		d.Allowed = d.Allowed && reason == Allowed
	}
	return d
}

func (s *Snapshot) verdict(who subject, c Capability, w Workload, asked *question, at int64) Reason {
	want := bit(w, c)
	switch {
	case want == 0:
		return InvalidQuestion
	case who.refused != "":
		return who.refused
	case want&s.meaning.applies == 0:
		return NotApplicable
	}
	if w != Endpoint {
		if s.holds(who.holders, want, at) {
			return Allowed
		}
		return s.whyNot(who.holders, want, at)
	}
	if asked.unknown {
		return UnknownDeviceGroup
	}
	var buf coverBuffer
	everywhere, on := s.cover(&buf, who.holders, want, at)
	if everywhere || asked.met(on, c) {
		return Allowed
	}
	if !on.empty() {
		return OutOfReach
	}
	return s.whyNot(who.holders, want, at)
}

// question is the endpoint side of a resource, in numbers.
type question struct {
	groups    []id
	allOf     []id // in memory of its own: few questions have any
	every     bool
	somewhere bool
	unknown   bool // it names a device group that isn't there: it can't be answered
}

// questionBuffer holds the device groups of most questions without allocating.
type questionBuffer [4]id

// asked reads a resource's device groups. What it gives may be in buf.
func (s *Snapshot) asked(buf *questionBuffer, r Resource) question {
	named := len(r.DeviceGroups)+len(r.AllOf) > 0
	q := question{every: r.EveryGroup || (!named && !r.Somewhere), somewhere: r.Somewhere && !named && !r.EveryGroup}
	q.groups = buf[:0]
	for _, name := range r.DeviceGroups {
		i, ok := s.devices.ids[name]
		if !ok {
			q.unknown = true
			return q
		}
		q.groups = append(q.groups, i)
	}
	for _, name := range r.AllOf {
		i, ok := s.devices.ids[name]
		if !ok {
			q.unknown = true
			return q
		}
		q.allOf = append(q.allOf, i)
	}
	return q
}

// met tells whether a right that is held on the given device groups - not on all there are - answers the question:
// to see a thing takes any of its device groups, to change it all of them (S8); either takes all of allOf (S13).
func (q *question) met(on bitset, c Capability) bool {
	switch {
	case q.every:
		return false
	case q.somewhere:
		return !on.empty()
	}
	for _, dg := range q.allOf {
		if !on.has(dg) {
			return false
		}
	}
	if len(q.groups) == 0 {
		return len(q.allOf) > 0
	}
	for _, dg := range q.groups {
		if on.has(dg) != c.Changes() {
			return !c.Changes()
		}
	}
	return c.Changes()
}

// near tells whether one of the asked device groups is among these.
func (q *question) near(on bitset) bool {
	return slices.ContainsFunc(q.groups, on.has) || slices.ContainsFunc(q.allOf, on.has)
}

// whyNot finds the nearest reason for a right that is held nowhere now.
func (s *Snapshot) whyNot(holders []id, want word, at int64) Reason {
	reason := NoPermission
	if !s.fills(want) {
		reason = Nobody
	}
	for _, h := range holders {
		for i := range s.sets.at(h).rows {
			if r := &s.sets.at(h).rows[i]; r.word&want != 0 && !r.now(at) {
				return NotNow
			}
		}
		if s.spanning == 0 && want&s.unified == 0 && (s.endpointRoles || want&endpointMask == 0) {
			continue // nothing is inert
		}
		for _, aID := range (*s.holders.at(h)).assignments {
			a := *s.assignments.at(aID)
			if (*s.roles.at(a.role)).opens&want == 0 {
				continue
			}
			switch {
			case a.Role.Workload == Unified:
				if a.mask&want != 0 && want&s.unified == 0 && reason != RolesOff {
					reason = UnifiedOff
				}
			case want&s.unified != 0:
				reason = UnifiedOn
			case want&endpointMask != 0 && !s.endpointRoles:
				reason = RolesOff
			}
		}
	}
	return reason
}
