package imports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/rbac"
)

// Choice is whose state an object is to have when both sides changed it.
type Choice string

// The choices. Without one a conflict is open, and nothing is imported.
const (
	Undecided Choice = ""
	Mine      Choice = "mine"   // as it is here
	Theirs    Choice = "theirs" // as the export has it
)

// Options say how exports are planned.
type Options struct {
	Partial   bool              // they are not all that the product has: nothing is removed
	Conflicts Choice            // for all conflicts that Choices does not name
	Choices   map[string]Choice // by the object's ID
	NewID     func(kind string) string
}

// Made is what the last import of a product noted of an object.
type Made struct {
	State string // as the export had it
	Kept  string // not empty: what was here, and was chosen to stay
}

// Action is what becomes of an object.
type Action string

// The actions.
const (
	Create   Action = "create"
	Update   Action = "update"
	Remove   Action = "remove"
	Same     Action = "same"
	Keep     Action = "keep" // as it is here, by choice
	Conflict Action = "conflict"
)

// Step is one object and what becomes of it.
type Step struct {
	ID     string
	Kind   Kind
	Title  string
	At     Place
	Action Action
	Why    string // of a conflict, or of what is kept
	Mine   string // of a conflict: the state here; empty: there is none
	Theirs string // of a conflict: the state in the export; empty: there is none

	state State // as it is to be
}

// Plan is what importing would do.
type Plan struct {
	Product Product
	Steps   []Step
	Out     []Ineligible
	Notes   []string
	Edits   []rbac.Edit
	Made    map[string]Made // what is noted afterwards, of all objects of the product
}

// Open are the conflicts that nobody has decided.
func (p *Plan) Open() []Step {
	return slices.DeleteFunc(slices.Clone(p.Steps), func(s Step) bool { return s.Action != Conflict })
}

type planner struct {
	*Plan
	o      Options
	live   *here
	was    map[string]Made
	halted map[string]bool // keys of roles, groups and device groups that are not eligible: what is here of them stays
}

// Plan compares what the exports bring with what is here, and with what the last import made.
func (b *Brought) Plan(s *rbac.Snapshot, was map[string]Made, o Options) *Plan {
	p := &planner{Plan: &Plan{Product: b.Product, Out: slices.Clone(b.Out), Notes: b.Notes, Made: map[string]Made{}}, o: o, live: index(s), was: was, halted: map[string]bool{}}
	for _, out := range b.Out {
		p.halted[string(out.Kind)+":"+fold(out.Name)] = true
	}
	objects := p.eligible(b)
	theirs := map[string]bool{}
	for _, kind := range kinds {
		for _, o := range objects {
			if o.Kind == kind {
				theirs[o.ID()] = true
				p.step(o)
			}
		}
	}
	p.gone(theirs)
	p.edit()
	return p.Plan
}

// eligible leaves out what names somebody who is not there, and whoever is here too does not know either.
func (p *planner) eligible(b *Brought) []Object {
	users, groups := map[string]bool{}, map[string]bool{}
	for _, u := range p.live.Users() {
		users[u.Name] = true
	}
	for _, g := range p.live.Groups() {
		groups[fold(g.Name)] = true
	}
	for _, o := range b.Objects {
		switch o.Kind {
		case KindUser:
			users[o.Key] = true
		case KindGroup:
			groups[o.Key] = true
		}
	}
	unknown := func(list []string, known map[string]bool) []string {
		return slices.DeleteFunc(slices.Clone(list), func(name string) bool { return known[fold(name)] })
	}
	ghosts := map[string][]string{} // role key -> who is not there
	halt := func(o Object, missing []string, why string) bool {
		if len(missing) == 0 {
			return false
		}
		p.halted[o.ID()] = true
		p.Out = append(p.Out, Ineligible{Kind: o.Kind, Name: o.Title, At: o.At, Why: why + strings.Join(missing, ", ")})
		return true
	}
	var list []Object
	for _, o := range b.Objects {
		switch o.Kind {
		case KindUser:
			if !b.holders {
				o.State.GlobalRoles = nil
				if u, ok := p.live.User(o.Key); ok {
					o.State.GlobalRoles = u.GlobalRoles
				}
			}
		case KindGroup:
			if halt(o, unknown(o.State.Members, users), "members that are neither in the exports nor here: ") {
				continue
			}
		case KindDeviceGroup:
			if halt(o, unknown(o.State.Access, groups), "its access names groups that are not here: import the directory first, or make them: ") {
				continue
			}
		case KindAssignment:
			who, known := []string{o.State.User}, users
			if o.State.Group != "" {
				who, known = []string{o.State.Group}, groups
			}
			key := roleKey(o.State.Workload, o.State.Name)
			ghosts[key] = append(ghosts[key], unknown(who, known)...)
		}
		list = append(list, o)
	}
	told := map[string]bool{}
	return slices.DeleteFunc(list, func(o Object) bool {
		if o.Kind != KindRole && o.Kind != KindAssignment {
			return false
		}
		key := roleKey(o.State.Workload, o.State.Name)
		missing := ghosts[key]
		if len(missing) == 0 {
			return false
		}
		if !told[key] {
			told[key] = true
			slices.Sort(missing)
			p.halted[ID(KindRole, key)] = true
			p.Out = append(p.Out, Ineligible{
				Kind: KindRole, Name: o.State.Workload.String() + "/" + o.State.Name, At: o.At,
				Why: "it is assigned to who is not here: " + strings.Join(slices.Compact(missing), ", ") + " (import the directory first, make them, or clean it up there)",
			})
		}
		return true
	})
}

// step decides what becomes of an object that the exports hold.
func (p *planner) step(o Object) {
	if o.Kind == KindRanks {
		o.State.Ranks = slices.DeleteFunc(slices.Clone(o.State.Ranks), func(name string) bool { return p.halted[ID(KindDeviceGroup, fold(name))] })
	}
	state, here := p.live.state(o.Kind, o.Key, o.State)
	if here && o.Kind != KindRanks {
		o.State.Name = state.Name // as it is spelt here
	}
	theirs, mine := o.State.Text(), ""
	if here {
		mine = state.Text()
	}
	was, before := p.was[o.ID()]
	s := Step{ID: o.ID(), Kind: o.Kind, Title: o.Title, At: o.At, state: o.State}
	made := Made{State: theirs}
	changed := before && mine != was.State // here, since the last import
	if o.Kind == KindRanks && before {
		changed = !sameOrder(mine, was.State) // what came and went is told by itself
	}
	switch {
	case mine == theirs:
		s.Action = Same
	case before && was.Kept == mine && was.Kept != "" && was.State == theirs:
		s.Action, s.Why, made.Kept = Keep, "as it was chosen before", mine
	case !here && !before, before && here && !changed, !before && (o.Kind == KindRanks || o.State.Name == rbac.UngroupedDevices):
		s.Action = Create
		if here {
			s.Action = Update
		}
	default:
		switch {
		case !before:
			s.Why = "there is one of that name, and it was not imported"
		case !here:
			s.Why = "it was removed here since the last import"
		case was.State == theirs:
			s.Why = "it was changed here since the last import"
		default:
			s.Why = "it was changed both here and there since the last import"
		}
		switch p.choice(o.ID()) {
		case Theirs:
			s.Action = Create
			if here {
				s.Action = Update
			}
		case Mine:
			s.Action, made.Kept = Keep, mine
			if !here {
				made.Kept = "nothing"
			}
		default:
			s.Action, s.Mine, s.Theirs = Conflict, mine, theirs
		}
	}
	if before && was.Kept == "nothing" && !here && was.State == theirs {
		s.Action, s.Why, made.Kept = Keep, "as it was chosen before", "nothing"
		s.Mine, s.Theirs = "", ""
	}
	p.Made[o.ID()] = made
	p.Steps = append(p.Steps, s)
}

func (p *planner) choice(id string) Choice {
	if c, ok := p.o.Choices[id]; ok {
		return c
	}
	return p.o.Conflicts
}

// gone decides what becomes of what the last import made and this one does not hold.
func (p *planner) gone(theirs map[string]bool) {
	var ids []string
	for id := range p.was {
		if !theirs[id] {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range ids {
		kind, key, _ := strings.Cut(id, ":")
		was := p.was[id]
		state, here := p.live.state(Kind(kind), key, readState(was.State))
		stays := p.o.Partial || p.halted[id] || Kind(kind) == KindAssignment && p.halted[ID(KindRole, roleOfAssignment(key, readState(was.State)))]
		if stays || (Kind(kind) == KindRanks && here) {
			p.Made[id] = was
			continue
		}
		if !here || Kind(kind) == KindRanks || strings.EqualFold(readState(was.State).Name, rbac.UngroupedDevices) {
			continue // there is nothing to remove
		}
		s := Step{ID: id, Kind: Kind(kind), Title: titleOf(Kind(kind), state), Action: Remove, state: state}
		why := ""
		switch mine := state.Text(); {
		case was.Kept != "":
			why = "it is no more in the export, and it was chosen to stay as it is here"
		case mine != was.State:
			why = "it is no more in the export, and was changed here"
		case Kind(kind) == KindRole:
			if own := p.ownAssignments(state); own > 0 {
				why = fmt.Sprintf("it is no more in the export, and was given here %d times besides", own)
			}
		}
		if why != "" {
			switch s.Why = why; p.choice(id) {
			case Theirs:
			case Mine:
				s.Action = Keep // it is of here from now on
			default:
				s.Action, s.Mine = Conflict, state.Text()
				p.Made[id] = was
			}
		}
		p.Steps = append(p.Steps, s)
	}
}

// ownAssignments counts those of a role that no import made.
func (p *planner) ownAssignments(s State) int {
	n := 0
	for _, a := range p.live.AssignmentsOf(rbac.RoleRef{Workload: s.Workload, Name: s.Name}) {
		if _, imported := p.was[ID(KindAssignment, assignmentKey(stateOf(a)))]; !imported {
			n++
		}
	}
	return n
}
