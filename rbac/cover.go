package rbac

import (
	"slices"
	"time"
)

// Lack is a holding that an actor would hand out without having it.
type Lack struct {
	Principal    string // who would get it: a user, "group:" and a group, or a global role; empty: nobody yet
	Workload     Workload
	Permission   string     // NoWorkload: a global role, or a switch
	Capability   Capability // set, and Permission empty: what a global role would open
	Unified      bool       // a permission of a unified role, in Workload; Other: in data sources to come
	Everywhere   bool
	DeviceGroups []string // endpoint, when not everywhere
}

// RolesSwitch stands as the permission of a Lack for flipping the roles switch, which only administrators may (S5).
const RolesSwitch = "Turn on roles"

// ActivationSwitch stands as the permission of a Lack for activating unified roles in a workload, which only
// administrators may (S18).
const ActivationSwitch = "Activate unified roles"

// Cover is what a role would hand out beyond what actor holds, wherever such a role can reach (S14). A role that
// holds what its maker lacks can't be made or widened, assigned or not.
func (s *Snapshot) Cover(actor string, r Role, at time.Time) []Lack {
	if s.Administrator(actor, at) {
		return nil
	}
	mine := s.held(actor, instant(at))
	var lacks []Lack
	for _, name := range r.Permissions {
		key := permissionKey{r.Workload, name}
		if r.Workload == Unified {
			// A unified role reaches nothing until it is assigned, and then each data source is looked at. To make it, all
			// of one data source must be within the maker's reach.
			if !slices.ContainsFunc(Workloads, func(w Workload) bool { return mine.covers(grantKey{key, w}, s.whole(w)) }) {
				lacks = append(lacks, Lack{Workload: Unified, Unified: true, Permission: name, Everywhere: true})
			}
		} else if !mine.covers(grantKey{key, r.Workload}, s.whole(r.Workload)) {
			lacks = append(lacks, Lack{Workload: r.Workload, Permission: name, Everywhere: true})
		}
	}
	return lacks
}

// whole is all of a workload: in endpoint, every device group.
func (s *Snapshot) whole(w Workload) extent {
	if w == Endpoint {
		return extent{bits: s.devices.all}
	}
	return extent{every: true}
}
