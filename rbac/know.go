package rbac

import (
	"cmp"
	"math/bits"
	"slices"
	"time"
)

// Effective is all that one principal has, with why.
type Effective struct {
	Principal string
	Reason    Reason // Allowed, or why the principal may do nothing at all
	Holdings  []Holding
	Cells     []EffectiveCell
}

// Holding is a permission that a principal has, with the group, assignment and role it came by, and its reach. It
// is listed also while it opens nothing: before or after its time, or with the roles switch off.
type Holding struct {
	Workload     Workload // where it counts; NoWorkload for a global role
	Permission   string   // or the global role's name
	Group        string   // empty: directly
	Assignment   string   // empty: a global role
	Role         RoleRef
	Everywhere   bool
	DeviceGroups []string
	NotBefore    time.Time
	NotAfter     time.Time
	Opens        []Opened // by itself, now; empty while inert
}

// EffectiveCell is one square of the matrix of capabilities and workloads.
type EffectiveCell struct {
	Workload     Workload
	Capability   Capability
	Allowed      bool // on the whole workload (S17)
	Somewhere    bool // on some device group at least
	Reason       Reason
	DeviceGroups []string // endpoint, somewhere but not everywhere: where
}

// Effective gathers everything a principal has.
func (s *Snapshot) Effective(principal string, moment time.Time) Effective {
	if s.view != nil && principal == s.view.viewer {
		return s.view.effective(s, moment)
	}
	at := instant(moment)
	who := s.subject(principal, at)
	e := Effective{Principal: principal, Reason: Allowed}
	if who.refused != "" {
		e.Reason = who.refused
	}
	for _, h := range s.allHolders(principal) {
		e.Holdings = s.appendHoldings(e.Holdings, *s.holders.at(h), at, who.refused == "")
	}
	slices.SortFunc(e.Holdings, func(a, b Holding) int {
		return cmp.Or(cmp.Compare(a.Workload, b.Workload), cmp.Compare(a.Permission, b.Permission),
			cmp.Compare(a.Group, b.Group), cmp.Compare(a.Assignment, b.Assignment))
	})
	for w := Endpoint; w <= Other; w++ {
		for _, c := range Capabilities {
			e.Cells = append(e.Cells, s.cell(who, w, c, at))
		}
	}
	return e
}

// allHolders are a principal's holders also while the account may do nothing.
func (s *Snapshot) allHolders(principal string) []id {
	if i, ok := s.userNames.find(principal); ok {
		return s.people.at(i).holders()
	}
	return s.subject(principal, 0).holders
}

func (s *Snapshot) cell(who subject, w Workload, c Capability, at int64) EffectiveCell {
	cell := EffectiveCell{Workload: w, Capability: c}
	cell.Reason = s.verdict(who, c, w, &question{every: true}, at)
	cell.Allowed = cell.Reason == Allowed
	cell.Somewhere = cell.Allowed
	if w == Endpoint && cell.Reason == OutOfReach {
		var buf coverBuffer
		_, on := s.cover(&buf, who.holders, bit(w, c), at)
		cell.Somewhere = true
		cell.DeviceGroups = s.devices.named(on)
	}
	return cell
}

func (s *Snapshot) appendHoldings(list []Holding, h *holder, at int64, live bool) []Holding {
	if h.kind == globalHolder {
		opens, onOpen := s.globalOpens(h.global)
		opens |= onOpen
		if !live {
			opens = 0
		}
		return append(list, Holding{Permission: h.global.Name, Everywhere: true, Opens: opens.opened()})
	}
	for n, aID := range h.assignments {
		a := *s.assignments.at(aID)
		r := *s.roles.at(a.role)
		from, until := a.window()
		inert := !live || at < from || at >= until
		if r.Workload == Unified {
			list = s.appendUnified(list, h, n, inert)
			continue
		}
		opens := s.opensBy(a, r)
		for _, name := range r.Permissions {
			hold := Holding{
				Workload: r.Workload, Permission: name, Assignment: a.ID, Role: r.Ref(),
				Everywhere: h.reaches[n].every, DeviceGroups: h.reaches[n].list(s.devices),
				NotBefore: a.NotBefore, NotAfter: a.NotAfter,
			}
			if h.kind == groupHolder {
				hold.Group = h.group.Name
			}
			if !inert {
				hold.Opens = (s.meaning.permissions[permissionKey{r.Workload, name}].opens & opens).opened()
			}
			list = append(list, hold)
		}
	}
	return list
}

// appendUnified lists what an assignment of a unified role holds: each permission once for each data source, as each
// counts in its own workload.
func (s *Snapshot) appendUnified(list []Holding, h *holder, n int, inert bool) []Holding {
	a := *s.assignments.at(h.assignments[n])
	r := *s.roles.at(a.role)
	for _, w := range a.Sources.List() {
		for _, name := range r.Permissions {
			hold := Holding{
				Workload: w, Permission: name, Assignment: a.ID, Role: r.Ref(), Everywhere: w != Endpoint || h.reaches[n].every,
				NotBefore: a.NotBefore, NotAfter: a.NotAfter,
			}
			if !hold.Everywhere {
				hold.DeviceGroups = h.reaches[n].list(s.devices)
			}
			if h.kind == groupHolder {
				hold.Group = h.group.Name
			}
			if !inert {
				opens := s.meaning.permissions[permissionKey{Unified, name}].opens
				hold.Opens = (opens & workloadMask(w) & s.unified).opened()
			}
			list = append(list, hold)
		}
	}
	return list
}

// WhoCan asks who may do something. Resource has one workload.
type WhoCan struct {
	Capability Capability
	Resource   Resource
	At         time.Time
	After      string // the Next of the page before
	Limit      int    // at most 1000; 0: 100
}

// Holders is a page of who can.
type Holders struct {
	Total int // exact, all pages together
	Items []Holder
	Next  string // empty: the last page
}

// Holder is one who can, and why.
type Holder struct {
	User  string
	Paths []Path
}

// WhoCan lists the users who may do what is asked, with every path of each.
func (s *Snapshot) WhoCan(q WhoCan) Holders {
	if len(q.Resource.Workloads) != 1 {
		return Holders{}
	}
	w, at := q.Resource.Workloads[0], instant(q.At)
	want := bit(w, q.Capability) & s.meaning.applies
	var buf questionBuffer
	asked := s.asked(&buf, q.Resource)
	if want == 0 || (w == Endpoint && asked.unknown) {
		return Holders{}
	}
	found := s.whoCan(want, w, q.Capability, &asked, at)
	limit := q.Limit
	if limit <= 0 {
		limit = 100
	}
	return s.page(found, q, w, &asked, at, min(limit, 1000))
}

// whoCan is the set of users, by number. Holders that open all that is asked give their members at once; of the
// members of those that open a part, each is asked in person.
func (s *Snapshot) whoCan(want word, w Workload, c Capability, asked *question, at int64) []uint64 {
	sure := make([]uint64, (s.users.len+63)/64)
	maybe := make([]uint64, len(sure))
	partial := false
	one := make([]id, 1)
	var buf coverBuffer
	for h := range s.sets.len {
		if s.sets.at(h).some&want == 0 {
			continue
		}
		to := sure
		one[0] = h
		if w != Endpoint {
			if !s.holds(one, want, at) {
				continue
			}
		} else if everywhere, on := s.cover(&buf, one, want, at); !everywhere && !asked.met(on, c) {
			to, partial = maybe, true
		}
		for _, u := range (*s.holders.at(h)).members {
			to[u>>6] |= 1 << (u & 63)
		}
	}
	for i := range sure {
		for left := maybe[i] &^ sure[i]; partial && left != 0; left &= left - 1 {
			u := id(i<<6 + bits.TrailingZeros64(left))
			everywhere, on := s.cover(&buf, s.people.at(u).holders(), want, at)
			if everywhere || asked.met(on, c) {
				sure[i] |= left & -left
			}
		}
		for left := sure[i]; left != 0; left &= left - 1 {
			u := id(i<<6 + bits.TrailingZeros64(left))
			if s.people.at(u).flags() != 0 && s.userSubject(u, at).refused != "" {
				sure[i] &^= left & -left
			}
		}
	}
	return sure
}

// page cuts a page out of the found users, in the order of their numbers: that of their names when the policy was
// compiled, later ones after. A cursor is the last user's name.
func (s *Snapshot) page(found []uint64, q WhoCan, w Workload, asked *question, at int64, limit int) Holders {
	var page Holders
	var buf coverBuffer
	for _, b := range found {
		page.Total += bits.OnesCount64(b)
	}
	from := id(0)
	if q.After != "" {
		last, ok := s.userNames.find(q.After)
		if !ok {
			return page
		}
		from = last + 1
	}
	for i := int(from >> 6); i < len(found); i++ {
		left := found[i]
		if i == int(from>>6) {
			left &= ^uint64(0) << (from & 63)
		}
		for ; left != 0; left &= left - 1 {
			if len(page.Items) == limit {
				page.Next = page.Items[limit-1].User
				return page
			}
			u := id(i<<6 + bits.TrailingZeros64(left))
			paths, _, _ := s.paths(&buf, s.people.at(u).holders(), q.Capability, w, at, asked)
			page.Items = append(page.Items, Holder{User: s.users.at(u).user.Name, Paths: paths})
		}
	}
	return page
}
