package rbac

import (
	"cmp"
	"slices"
)

// Remedy is one step that would turn a deny into an allow.
type Remedy struct {
	Kind        RemedyKind
	Role        RoleRef  // RemedyRole: give it to the principal; RemedySwitchOn: and give this one, unless they have it
	Permission  string   // RemedyPermission: give a role with it
	Of          Workload // RemedyPermission: whose it is: a workload's own, or Unified
	Group       string   // RemedyDeviceGroup: let this group of the principal's into DeviceGroup's access
	DeviceGroup string   // RemedyDeviceGroup
	GlobalRole  string   // RemedyGlobalRole
	AlsoOpens   []Opened // what it would open besides, for this principal
}

// RemedyKind tells what a remedy does.
type RemedyKind string

// The kinds of remedy.
const (
	RemedyRole        RemedyKind = "role"
	RemedyPermission  RemedyKind = "permission"
	RemedyDeviceGroup RemedyKind = "device-group"
	RemedyGlobalRole  RemedyKind = "global-role"
	RemedySwitchOn    RemedyKind = "switch-on" // turn endpoint roles on
	RemedyEnable      RemedyKind = "enable"    // enable or extend the account
)

var remedyOrder = map[RemedyKind]int{
	RemedyEnable: 0, RemedyDeviceGroup: 1, RemedyRole: 2, RemedyPermission: 3, RemedySwitchOn: 4, RemedyGlobalRole: 5,
}

// Opened is one capability in one workload.
type Opened struct {
	Workload   Workload
	Capability Capability
}

// remedies are the roles to propose: of all that open the same, the one with the fewest permissions.
type remedies struct {
	roles [workloadCount][]offer // by the workload that is asked about
}

type offer struct {
	opens word
	role  *role
}

func newRemedies(s *Snapshot) *remedies {
	var list remedies
	for _, w := range Workloads {
		best := map[word]*role{}
		for i := range s.roles.len {
			r := *s.roles.at(i)
			opens := s.offered(r, w)
			if opens == 0 {
				continue
			}
			if known := best[opens]; known == nil || cmp.Or(
				cmp.Compare(len(r.Permissions), len(known.Permissions)), cmp.Compare(r.Name, known.Name)) < 0 {
				best[opens] = r
			}
		}
		for opens, r := range best {
			list.roles[w] = append(list.roles[w], offer{opens, r})
		}
	}
	for w := range list.roles {
		slices.SortFunc(list.roles[w], func(a, b offer) int {
			return cmp.Or(cmp.Compare(a.opens.count(), b.opens.count()),
				cmp.Compare(len(a.role.Permissions), len(b.role.Permissions)), cmp.Compare(a.role.Name, b.role.Name))
		})
	}
	return &list
}

// offered is what a role opens if it is given to somebody whom a workload is closed to: where unified roles decide, a
// unified role for that data source.
func (s *Snapshot) offered(r *role, w Workload) word {
	if s.activation.Of(w) == On {
		if r.Workload != Unified {
			return 0
		}
		return r.opens & workloadMask(w)
	}
	if r.Workload != keeper(w) {
		return 0
	}
	return r.opens &^ s.unified
}

// remedy finds what would open a refused question, and as little else as possible.
func (s *Snapshot) remedy(who subject, c Capability, w Workload, asked *question, on bitset, reason Reason, at int64) []Remedy {
	if reason == Disabled || reason == Expired {
		return []Remedy{{Kind: RemedyEnable}}
	}
	want := bit(w, c)
	have := s.have(who.holders, at) | want
	list := make([]Remedy, 0, 3)
	add := func(r Remedy, found bool) {
		if found {
			list = append(list, r)
		}
	}
	switch {
	case !s.fills(want):
		add(s.globalRemedy(want, have))
	case w == Endpoint && !s.rolesDecide():
		add(s.globalRemedy(want, have))
		role, found := s.roleRemedy(w, want, have)
		role.Kind = RemedySwitchOn
		add(role, found)
	default:
		add(s.roleRemedy(w, want, have))
		add(s.permissionRemedy(w, want, have))
		if reason == OutOfReach {
			add(s.accessRemedy(who, c, asked, on, at))
		}
	}
	if len(list) > 1 {
		slices.SortStableFunc(list, func(a, b Remedy) int {
			return cmp.Or(cmp.Compare(len(a.AlsoOpens), len(b.AlsoOpens)), cmp.Compare(remedyOrder[a.Kind], remedyOrder[b.Kind]))
		})
	}
	return list
}

// have is all that holders open somewhere now.
func (s *Snapshot) have(holders []id, at int64) word {
	var have word
	for _, h := range holders {
		set := s.sets.at(h)
		have |= set.all
		for i := range set.rows {
			if r := &set.rows[i]; r.now(at) {
				have |= r.word
			}
		}
	}
	return have
}

func (s *Snapshot) roleRemedy(w Workload, want, have word) (Remedy, bool) {
	var best *offer
	offers := s.remedies().roles[w]
	for i := range offers {
		o := &offers[i]
		if o.opens&want != 0 && (best == nil || (o.opens&^have).count() < (best.opens&^have).count()) {
			best = o
		}
	}
	if best == nil {
		return Remedy{}, false
	}
	return Remedy{Kind: RemedyRole, Role: best.role.Ref(), AlsoOpens: (best.opens &^ have).opened()}, true
}

func (s *Snapshot) permissionRemedy(w Workload, want, have word) (Remedy, bool) {
	of, mask := keeper(w), ^s.unified
	if s.activation.Of(w) == On {
		of, mask = Unified, workloadMask(w)
	}
	var best *permissionMeaning
	for _, m := range s.meaning.offered[of] {
		if m.opens&want != 0 && (best == nil || (m.opens&mask&^have).count() < (best.opens&mask&^have).count()) {
			best = m
		}
	}
	if best == nil {
		return Remedy{}, false
	}
	return Remedy{Kind: RemedyPermission, Permission: best.Name, Of: of, AlsoOpens: (best.opens & mask &^ have).opened()}, true
}

func (s *Snapshot) globalRemedy(want, have word) (Remedy, bool) {
	var best *GlobalRole
	var least word
	for i := range s.meaning.catalog.GlobalRoles {
		g := &s.meaning.catalog.GlobalRoles[i]
		everywhere, onOpen := s.globalOpens(g)
		opens := everywhere | onOpen
		if everywhere&want != 0 && (best == nil || (opens&^have).count() < (least&^have).count()) {
			best, least = g, opens
		}
	}
	if best == nil {
		return Remedy{}, false
	}
	return Remedy{Kind: RemedyGlobalRole, GlobalRole: best.Name, AlsoOpens: (least &^ have).opened()}, true
}

// accessRemedy looks for the one device group whose access, widened by one of the principal's groups, is enough.
func (s *Snapshot) accessRemedy(who subject, c Capability, asked *question, on bitset, at int64) (Remedy, bool) {
	var few [4]id
	missing := s.missing(few[:0], asked, on)
	if len(missing) == 0 || (len(missing) > 1 && (asked.every || len(asked.allOf) > 0 || c.Changes())) {
		return Remedy{}, false
	}
	want := bit(Endpoint, c)
	var best struct {
		extra word
		group string
		dg    id
		found bool
	}
	for _, hID := range who.holders {
		h := *s.holders.at(hID)
		if h.kind != groupHolder {
			continue
		}
		opens := s.unscoped(h, at)
		if opens&want == 0 {
			continue
		}
		for _, dg := range missing {
			extra := opens &^ want & endpointMask
			for left := extra; left != 0; left &= left - 1 {
				if b := left & -left; s.holdsOn(who.holders, b, dg, at) {
					extra &^= b
				}
			}
			if !best.found || cmp.Or(cmp.Compare(extra.count(), best.extra.count()), cmp.Compare(h.group.Name, best.group)) < 0 {
				best.extra, best.group, best.dg, best.found = extra, h.group.Name, dg, true
			}
		}
	}
	if !best.found {
		return Remedy{}, false
	}
	return Remedy{
		Kind: RemedyDeviceGroup, Group: best.group, DeviceGroup: s.devices.list[best.dg].Name, AlsoOpens: best.extra.opened(),
	}, true
}

// missing lists the asked device groups on which the right does not hold.
func (s *Snapshot) missing(list []id, asked *question, on bitset) []id {
	if asked.every {
		for i := range s.devices.list {
			if !on.has(id(i)) {
				list = append(list, id(i))
			}
		}
		return list
	}
	for _, groups := range [...][]id{asked.allOf, asked.groups} {
		for _, dg := range groups {
			if !on.has(dg) && !slices.Contains(list, dg) {
				list = append(list, dg)
			}
		}
	}
	return list
}

// unscoped is what a group's assignments open now on every device group whose access lists it.
func (s *Snapshot) unscoped(h *holder, at int64) word {
	opens := h.unscoped
	for _, aID := range h.timed {
		a := *s.assignments.at(aID)
		if from, until := a.window(); from <= at && at < until {
			opens |= s.opensBy(a, *s.roles.at(a.role)) & endpointMask
		}
	}
	return opens
}
