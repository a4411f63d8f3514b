package rbac

import (
	"cmp"
	"slices"
)

// Proposal is what to give so that people can do what was asked: for one kind of role, every least set of permissions.
type Proposal struct {
	Workload  Workload // whose roles: one of the four, or Unified
	Sources   []Workload
	Asked     []Opened // the part of the outcome that it is for
	Sets      []PermissionSet
	Closest   RoleRef  // an existing role that does it and opens least besides; empty: none does
	AlsoOpens []Opened // what the closest role opens beyond what was asked
}

// PermissionSet is a set of permissions that opens all that was asked, from which none can be left out, and which no other
// set betters: none opens only a part of what this opens besides.
type PermissionSet struct {
	Permissions []string   // in the catalogue's order
	InsteadOf   [][]string // for each, the others that would serve as well
	Opens       []Opened
	AlsoOpens   []Opened // beyond what was asked
}

// Impossible is a part of an outcome that no role of a product gives, with the reason: NotApplicable or Nobody.
type Impossible struct {
	Opened
	Reason Reason
}

// Propose finds the least roles for an outcome: what people must be able to do, in which workloads. Where unified roles
// decide they are proposed, elsewhere the product's own; identity is opened by the roles of cloud apps (S2).
func (s *Snapshot) Propose(outcome []Opened) ([]Proposal, []Impossible) {
	var impossible []Impossible
	asked := map[Workload]word{} // by whose roles
	for _, o := range outcome {
		b := bit(o.Workload, o.Capability)
		of, filled := keeper(o.Workload), s.meaning.filled
		if s.activation.Of(o.Workload) == On {
			of, filled = Unified, s.meaning.filledUnified
		}
		switch {
		case b == 0 || b&s.meaning.applies == 0:
			impossible = append(impossible, Impossible{o, NotApplicable})
		case b&filled == 0:
			impossible = append(impossible, Impossible{o, Nobody})
		default:
			asked[of] |= b
		}
	}
	var list []Proposal
	for of := Endpoint; of <= Unified; of++ {
		if want := asked[of]; want != 0 {
			list = append(list, s.propose(of, want))
		}
	}
	return list, impossible
}

func (s *Snapshot) propose(of Workload, want word) Proposal {
	p := Proposal{Workload: of, Asked: want.opened()}
	within := ^word(0)
	if of == Unified { // an assignment is limited to the workloads that are asked about
		within = 0
		for _, w := range Workloads {
			if mask := endpointMask << (uint(w-1) * wordBits); want&mask != 0 {
				p.Sources = append(p.Sources, w)
				within |= mask
			}
		}
	}
	p.Sets = leastSets(s.meaning.offered[of], want, within)
	var best *role
	for i := range s.roles.len {
		r := *s.roles.at(i)
		if r.Name == "" || r.Workload != of || r.opens&want != want {
			continue
		}
		beyond := func(r *role) int { return (r.opens & within &^ want).count() }
		if best == nil || cmp.Or(cmp.Compare(beyond(r), beyond(best)), cmp.Compare(len(r.Permissions), len(best.Permissions)), cmp.Compare(r.Name, best.Name)) < 0 {
			best = r
		}
	}
	if best != nil {
		p.Closest, p.AlsoOpens = best.Ref(), (best.opens & within &^ want).opened()
	}
	return p
}

// effect is what a permission opens, and all that open the same: to a set they are one.
type effect struct {
	opens word
	names []string
}

// leastSets looks at every set of effects that help. Few permissions open anything, and of those many open the same, so
// that all sets of them are soon looked at: nothing is left to a rule of thumb.
func leastSets(offered []*permissionMeaning, want, within word) []PermissionSet {
	var effects []effect
	for _, m := range offered {
		opens := m.opens & within
		if opens&want == 0 {
			continue
		}
		i := slices.IndexFunc(effects, func(e effect) bool { return e.opens == opens })
		if i < 0 {
			i = len(effects)
			effects = append(effects, effect{opens: opens})
		}
		effects[i].names = append(effects[i].names, m.Name)
	}
	type candidate struct {
		set   uint64
		opens word
	}
	var found []candidate
	for set := uint64(1); set < 1<<len(effects); set++ {
		c := candidate{set: set}
		for i, e := range effects {
			if set>>i&1 != 0 {
				c.opens |= e.opens
			}
		}
		if c.opens&want == want {
			found = append(found, c)
		}
	}
	// One betters another if it opens a part of it, or the same with a part of its permissions.
	betters := func(a, b candidate) bool {
		x, y := a.opens&^want, b.opens&^want
		if x == y {
			return a.set != b.set && a.set&b.set == a.set
		}
		return x&y == x
	}
	var sets []PermissionSet
	for _, c := range found {
		if slices.ContainsFunc(found, func(other candidate) bool { return betters(other, c) }) {
			continue
		}
		p := PermissionSet{Opens: c.opens.opened(), AlsoOpens: (c.opens &^ want).opened()}
		for i, e := range effects {
			if c.set>>i&1 != 0 {
				p.Permissions = append(p.Permissions, e.names[0])
				p.InsteadOf = append(p.InsteadOf, e.names[1:])
			}
		}
		sets = append(sets, p)
	}
	slices.SortStableFunc(sets, func(a, b PermissionSet) int {
		return cmp.Or(cmp.Compare(len(a.AlsoOpens), len(b.AlsoOpens)), cmp.Compare(len(a.Permissions), len(b.Permissions)))
	})
	return sets
}
