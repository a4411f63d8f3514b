package rbac

import (
	"fmt"
	"math"
	"time"
)

// Viewed is whom one views the portal as (S19): a person, a role that there is, or a draft of one.
type Viewed struct {
	User         string   `json:"user,omitempty"`
	Role         RoleRef  `json:"role,omitzero"`
	Draft        *Role    `json:"draft,omitempty"`
	Sources      Sources  `json:"sources,omitzero"`       // of a unified role; none: all
	DeviceGroups []string `json:"deviceGroups,omitempty"` // of a role that reaches devices; none: every one
}

// view is what a snapshot that ViewAs made knows of the policy behind it.
type view struct {
	base   *Snapshot // the policy as it is
	with   *Snapshot // the same, with the one who is viewed in it
	viewer string
	viewed string
	within word // the workloads whose roles the viewer may view
}

// The names that a role is viewed by. They are in no policy: a ghost has the role, and is seen by nobody.
const (
	ghostUser       = "a-view@of.a.role.invalid"
	ghostRole       = "A view of a draft role"
	ghostAssignment = "a-view-of-a-role"
)

// ViewAs gives the policy as a viewer meets it who views the portal as somebody: asked about the viewer it allows what
// both may, and only in the workloads whose roles the viewer may view at the moment (S19). Whoever may view the roles
// of no workload views nothing. Asked about anybody else it answers as before.
//
// Nothing in it holds on its own: the viewer has one holder, whose rows are the meeting of the viewer's and the other's,
// so that every reader of the snapshot - lists, checks, reaches, explanations - is cut alike.
func (s *Snapshot) ViewAs(viewer string, v Viewed, moment time.Time) (*Snapshot, error) {
	at := instant(moment)
	me, ok := s.userNames.find(viewer)
	if !ok || s.users.at(me).user == nil {
		return nil, fmt.Errorf("there is no user %q", viewer)
	}
	with, viewed, err := s.withViewed(v)
	if err != nil {
		return nil, err
	}
	them, _ := with.userNames.find(viewed)
	meeting := &view{base: s, with: with, viewer: viewer, viewed: viewed, within: s.viewsRoles(me, at)}
	var met set
	theirs := with.rowsOf(them)
	for _, mine := range s.rowsOf(me) {
		mine.word &= meeting.within
		for i := range theirs {
			met.add(mine.meet(&theirs[i]))
		}
	}
	d := &draft{Snapshot: *s, token: new(token), dirty: map[id]bool{}}
	h := d.addHolder(&holder{kind: nobody})
	delete(d.dirty, h) // it has no assignments to be compiled from
	d.putSet(h, met)
	p := d.people.mut(d.token, me)
	*p = newPerson(p.flags(), []id{h})
	d.view = meeting
	return d.done(), nil
}

// Viewing tells whether the snapshot is one that ViewAs made.
func (s *Snapshot) Viewing() bool { return s.view != nil }

// StandsFor tells whom an answer about a user is about, in a view: the person who is viewed, and nobody by name for a
// role. Out of a view, and for anybody but the viewer, it is the user.
func (s *Snapshot) StandsFor(user string) string {
	switch {
	case s.view == nil || user != s.view.viewer:
		return user
	case s.view.viewed == ghostUser:
		return ""
	}
	return s.view.viewed
}

// SharesDevices tells whether two snapshots number the device groups alike, so that what was resolved with the one
// serves the other.
func (s *Snapshot) SharesDevices(o *Snapshot) bool { return o != nil && s.devices == o.devices }

// ViewsRoles are the workloads, Other included, whose roles a user may view: all of the workload, not a part (S17).
func (s *Snapshot) ViewsRoles(user string, moment time.Time) WorkloadSet {
	var set WorkloadSet
	if i, ok := s.UserID(user); ok {
		within := s.viewsRoles(id(i), instant(moment))
		for w := Endpoint; w <= Other; w++ {
			if within&workloadMask(w) != 0 {
				set |= SetOf(w)
			}
		}
	}
	return set
}

func (s *Snapshot) viewsRoles(user id, at int64) word {
	var within word
	who := s.userSubject(user, at)
	for w := Endpoint; w <= Other; w++ {
		if s.verdict(who, ViewRoles, w, &question{every: true}, at) == Allowed {
			within |= workloadMask(w)
		}
	}
	return within
}

// withViewed gives a policy that has a user who is what is viewed.
func (s *Snapshot) withViewed(v Viewed) (*Snapshot, string, error) {
	if v.User != "" {
		if _, ok := s.User(v.User); !ok {
			return nil, "", fmt.Errorf("there is no user %q", v.User)
		}
		return s, v.User, nil
	}
	edits := []Edit{PutUser{User{Name: ghostUser}}}
	ref := v.Role
	if v.Draft != nil {
		r := *v.Draft
		r.ID, r.Name, r.Kind = "", ghostRole, CustomRole
		ref = r.Ref()
		edits = append(edits, PutRole{r})
	}
	a, err := s.ghostAssignment(ref, v, ghostUser)
	if err != nil {
		return nil, "", err
	}
	with, err := s.With(append(edits, PutAssignment{a})...)
	return with, ghostUser, err
}

// ghostAssignment gives a role to a ghost, on every device group or on those that are asked for.
func (s *Snapshot) ghostAssignment(ref RoleRef, v Viewed, ghost string) (Assignment, error) {
	a := Assignment{ID: ghostAssignment, Role: ref, User: ghost, Scope: Scope{All: true}}
	if ref.Workload == Unified {
		if a.Sources, a.Name = v.Sources, ghostRole; len(a.Sources.List()) == 0 {
			a.Sources = Sources{All: true}
		}
	}
	if known, ok := s.Role(ref); a.inEndpoint() && !(ok && known.Kind == BuiltInRole) {
		// By itself an assignment to a user reaches what is open; here the role is asked about, not its assignments.
		a.Scope = Scope{DeviceGroups: v.DeviceGroups}
		if len(v.DeviceGroups) == 0 {
			for i := range s.devices.list {
				a.Scope.DeviceGroups = append(a.Scope.DeviceGroups, s.devices.list[i].Name)
			}
		}
	} else if len(v.DeviceGroups) > 0 {
		return a, fmt.Errorf("the role takes no device groups")
	}
	return a, nil
}

// rowsOf is all that a user opens, ever: what always holds as well. An account that ends, ends each row.
func (s *Snapshot) rowsOf(user id) []row {
	p := s.people.at(user)
	if p.flags()&(personGone|personDisabled) != 0 {
		return nil
	}
	from, until := noMoment, int64(math.MaxInt64)
	if p.flags()&personEnds != 0 { // a question that names no moment lets nobody in whose account ends
		from, until = noMoment+1, instant(s.users.at(user).user.NotAfter)
	}
	var list []row
	take := func(r row) {
		if r.from, r.until = max(r.from, from), min(r.until, until); r.word != 0 {
			list = append(list, r)
		}
	}
	for _, h := range p.holders() {
		set := s.sets.at(h)
		take(row{word: set.all, from: math.MinInt64, until: math.MaxInt64})
		for _, r := range set.rows {
			take(r)
		}
	}
	return list
}

// meet is what two rows open both: the same capability, on the same device groups, at the same time.
func (r *row) meet(o *row) row {
	m := row{word: r.word & o.word, from: max(r.from, o.from), until: min(r.until, o.until), bits: r.bits}
	if m.from >= m.until {
		return row{}
	}
	switch {
	case m.bits == nil:
		m.bits = o.bits
	case o.bits != nil:
		m.bits = m.bits.and(o.bits)
	}
	if m.bits != nil {
		m.word &= endpointMask
	}
	return m
}

func (b bitset) and(other bitset) bitset {
	met := make(bitset, len(b))
	for i := range min(len(b), len(other)) {
		met[i] = b[i] & other[i]
	}
	return met
}
