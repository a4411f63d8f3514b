package rbac

import (
	"time"
)

// The two cloud apps roles that cover other names (S14): the first every name, the second every name but the first.
const (
	cloudGlobalAdmin   = "Global admin"
	cloudSecurityAdmin = "Security admin"
)

// extent is where a permission is held.
type extent struct {
	every bool
	bits  bitset
}

// grants are the permissions held, by workload: of unified roles, by each data source that they are held in. Other
// stands for the data sources to come (B2).
type grants map[grantKey]extent

type grantKey struct {
	permissionKey
	on Workload
}

func (g grants) add(key grantKey, r *reach, size int) {
	e := g[key]
	if r.every {
		e.every = true
	} else {
		merged := newBitset(size)
		merged.or(e.bits)
		merged.or(r.bits)
		e.bits = merged
	}
	g[key] = e
}

// Administrator tells whether a user is one of the two global roles that may do everything (S4). An account that is
// disabled or has ended is none.
func (s *Snapshot) Administrator(user string, at time.Time) bool {
	i, ok := s.UserID(user)
	if !ok {
		return false
	}
	for _, h := range s.userSubject(id(i), instant(at)).holders {
		if g := (*s.holders.at(h)).global; g != nil && g.Administrator {
			return true
		}
	}
	return false
}

// held is what a user holds and may use at an instant.
func (s *Snapshot) held(user string, at int64) grants {
	g := grants{}
	i, ok := s.UserID(user)
	if !ok {
		return g
	}
	for _, hID := range s.userSubject(id(i), at).holders {
		s.gather(g, hID, func(a *assignment) bool {
			return during(at)(a) && (a.Role.Workload == Unified || s.ownRoles(a.Role.Workload))
		})
	}
	for key := range g {
		// What is not on yet is nobody's to give; what is to come is theirs who hold it everywhere else.
		if key.workload == Unified && key.on != Other && s.activation.Of(key.on) != On {
			delete(g, key)
		}
	}
	return g
}

// ownRoles tells whether the product's own roles count in a workload.
func (s *Snapshot) ownRoles(w Workload) bool {
	return s.activation.Of(w) != On && (w != Endpoint || s.endpointRoles)
}

// gather adds what a holder's assignments hold.
func (s *Snapshot) gather(g grants, hID id, counts func(*assignment) bool) {
	h := *s.holders.at(hID)
	for n, aID := range h.assignments {
		a := *s.assignments.at(aID)
		if !counts(a) {
			continue
		}
		r := *s.roles.at(a.role)
		if r.Workload == Unified {
			s.gatherUnified(g, a, r, h.reaches[n])
			continue
		}
		for _, name := range r.Permissions {
			g.add(grantKey{permissionKey{r.Workload, name}, r.Workload}, h.reaches[n], len(s.devices.list))
		}
	}
}

// gatherUnified adds what an assignment of a unified role holds: the same permission by name, in each of its data
// sources, and all that comes with it.
func (s *Snapshot) gatherUnified(g grants, a *assignment, r *role, devices *reach) {
	sources := a.Sources.List()
	if a.Sources.All {
		sources = append(sources, Other)
	}
	for _, w := range sources {
		where := devices
		if w != Endpoint {
			where = &reach{every: true}
		}
		for _, name := range r.Permissions {
			key := permissionKey{Unified, name}
			g.add(grantKey{key, w}, where, len(s.devices.list))
			for _, included := range s.meaning.permissions[key].Includes {
				g.add(grantKey{permissionKey{Unified, included}, w}, where, len(s.devices.list))
			}
		}
	}
}

// covers tells whether the grants have a permission on an extent; outside endpoint the extent is everything.
func (g grants) covers(key grantKey, e extent) bool {
	if key.workload == CloudApps {
		if _, ok := g[grantKey{permissionKey{CloudApps, cloudGlobalAdmin}, CloudApps}]; ok {
			return true
		}
		if _, ok := g[grantKey{permissionKey{CloudApps, cloudSecurityAdmin}, CloudApps}]; ok && key.name != cloudGlobalAdmin {
			return true
		}
	}
	mine, ok := g[key]
	if !ok || mine.every {
		return ok
	}
	if e.every {
		return false
	}
	for i, w := range e.bits {
		if i >= len(mine.bits) {
			if w != 0 {
				return false
			}
		} else if w&^mine.bits[i] != 0 {
			return false
		}
	}
	return true
}
