package rbac

import (
	"cmp"
	"slices"
	"time"
)

// Ceiling limits what those whom it binds may change, whatever they hold: S14 lets nobody hand out what they do not
// have, a ceiling lets them hand out a part of it only. Of several that bind one person each must allow. The two
// administrator roles are bound by none.
type Ceiling struct {
	Name             string // unique whatever its case
	Description      string
	Users, Groups    []string // whom it binds: users, and members of groups. Nobody, once those have gone
	Workloads        Bound[Workload]
	Permissions      Bound[string] // as Qualified writes them
	DeviceGroups     Bound[string] // what endpoint roles may reach, and which groups' rules and access may change
	AssignableGroups Bound[string] // who may be given roles. A single user only if All
}

// Qualified names a permission of one workload among all: `office365/Security Reader`.
func Qualified(w Workload, permission string) string { return w.String() + "/" + permission }

// Same tells whether two say the same, in whatever order.
func (c Ceiling) Same(d Ceiling) bool {
	return c.Name == d.Name && c.Description == d.Description && sameSet(c.Users, d.Users) && sameSet(c.Groups, d.Groups) &&
		c.Workloads.same(d.Workloads) && c.Permissions.same(d.Permissions) && c.DeviceGroups.same(d.DeviceGroups) &&
		c.AssignableGroups.same(d.AssignableGroups)
}

func (b Bound[T]) same(d Bound[T]) bool { return !wider(b, d) && !wider(d, b) }

// Bound is a set of things that a ceiling leaves. The zero value leaves nothing.
type Bound[T cmp.Ordered] struct {
	All bool
	Of  []T // when not All
}

// Has tells whether the bound leaves x.
func (b Bound[T]) Has(x T) bool { return b.All || slices.Contains(b.Of, x) }

// Names are what the bound leaves, when not All.
func (b Bound[T]) Names() []T {
	if b.All {
		return nil
	}
	return b.Of
}

// PutCeiling adds a ceiling or replaces the one of that name.
type PutCeiling struct{ Ceiling Ceiling }

// RemoveCeiling removes a ceiling.
type RemoveCeiling struct{ Name string }

func (PutCeiling) edit()    {}
func (RemoveCeiling) edit() {}

// Ceilings are all there are, by name. The slice is shared: read only.
func (s *Snapshot) Ceilings() []Ceiling { return s.ceilings }

// Ceiling finds one by its name as spelt.
func (s *Snapshot) Ceiling(name string) (Ceiling, bool) {
	for _, c := range s.ceilings {
		if c.Name == name {
			return c, true
		}
	}
	return Ceiling{}, false
}

// CeilingsOf are the ceilings that bind a user, by name: none for who holds one of the two administrator roles.
func (s *Snapshot) CeilingsOf(user string, at time.Time) []Ceiling {
	if len(s.ceilings) == 0 || s.Administrator(user, at) {
		return nil
	}
	var list []Ceiling
	for _, c := range s.ceilings {
		if s.binds(c, user) {
			list = append(list, c)
		}
	}
	return list
}

func (s *Snapshot) binds(c Ceiling, user string) bool {
	if slices.Contains(c.Users, user) {
		return true
	}
	i, ok := s.UserID(user)
	return ok && slices.ContainsFunc(s.people.at(id(i)).holders(), func(h id) bool {
		g := (*s.holders.at(h)).group
		return g != nil && slices.Contains(c.Groups, g.Name)
	})
}

// DelegationCeilings stands as the permission of a Lack for changing ceilings, which only administrators may (S14).
const DelegationCeilings = "Delegation ceilings"
