package rbac

import (
	"cmp"
	"slices"
	"time"
)

// Explanation is a decision with its reasons. It is read from the policy itself, not from the compiled sets, and
// allows only if both agree.
type Explanation struct {
	Request  Request
	Allowed  bool
	Revision int64
	Proofs   []Proof // one for each asked workload, in order
}

// Proof is why one workload allows or refuses.
type Proof struct {
	Workload    Workload
	Allowed     bool
	Reason      Reason
	Requirement string   // the row's id, such as T1
	AnyOf       []string // the cell: any one of these opens it
	Unified     bool     // unified roles decide there: AnyOf are unified permissions (S18)
	Paths       []Path   // all that opens it; for a right out of reach, what opens it elsewhere
	Where       []string // endpoint, refused: the device groups on which it does hold
	Inert       []Inert  // refused: what would open it, were it not for a time or a switch
	Remedies    []Remedy // refused: what would open it, smallest first
}

// Path is one way by which a right is held: user -> group -> assignment -> role -> permission -> cell.
type Path struct {
	GlobalRole   string // set: the whole path is this directory role
	Group        string // empty: assigned to the user directly
	Assignment   string
	Role         RoleRef
	Permission   string
	Everywhere   bool
	DeviceGroups []string // endpoint, when not everywhere
	NotBefore    time.Time
	NotAfter     time.Time
}

// Explain answers Decide's question with every path for an allow, and for a deny what is missing and the smallest
// remedy.
func (s *Snapshot) Explain(r Request) Explanation {
	if s.view != nil && r.Principal == s.view.viewer {
		return s.view.explain(s, r)
	}
	e := Explanation{Request: r, Revision: s.revision, Allowed: len(r.Resource.Workloads) > 0}
	at := instant(r.At)
	who := s.subject(r.Principal, at)
	var buf questionBuffer
	asked := s.asked(&buf, r.Resource)
	e.Proofs = make([]Proof, len(r.Resource.Workloads))
	for i, w := range r.Resource.Workloads {
		s.prove(&e.Proofs[i], who, r.Capability, w, &asked, at)
		e.Allowed = e.Allowed && e.Proofs[i].Allowed
	}
	return e
}

func (s *Snapshot) prove(p *Proof, who subject, c Capability, w Workload, asked *question, at int64) {
	p.Workload = w
	p.Reason = s.verdict(who, c, w, asked, at)
	if row := s.meaning.rows[min(int(c), capabilityCount-1)]; row != nil && row.Capability == c {
		p.Requirement, p.AnyOf, p.Unified = row.ID, s.CellOf(c, w), s.activation.Of(w) == On
	}
	if bit(w, c) == 0 || p.Reason == UnknownDeviceGroup || p.Reason == NotApplicable || p.Reason == UnknownPrincipal {
		return
	}
	var buf coverBuffer
	paths, everywhere, on := s.paths(&buf, who.holders, c, w, at, asked)
	p.Paths = paths
	p.Allowed = p.Reason == Allowed
	if w != Endpoint {
		p.Allowed = p.Allowed && len(p.Paths) > 0
	} else if !everywhere {
		p.Allowed = p.Allowed && (on.covers(s.devices.all) || asked.met(on, c))
		if !p.Allowed {
			p.Where = s.devices.named(on)
		}
	}
	if !p.Allowed {
		if p.Reason == Allowed {
			p.Reason = NoPermission // the two evaluations disagree: refuse
		}
		p.Inert = s.inert(who.holders, c, w, at)
		p.Remedies = s.remedy(who, c, w, asked, on, p.Reason, at)
	}
}

// way is an assignment that opens what is asked, before it is put in words.
type way struct {
	holder     *holder
	assignment *assignment // nil: the holder is a global role
	role       *role
	reach      *reach
	near       bool // it reaches one of the asked device groups
}

// paths walks the policy for everything that opens the capability now, and gathers where. For a question about certain
// device groups it keeps the paths that reach one of them, if any does. What it gives as on is in buf.
func (s *Snapshot) paths(buf *coverBuffer, holders []id, c Capability, w Workload, at int64, asked *question) (paths []Path, everywhere bool, on bitset) {
	on = s.blank(buf)
	var few [8]way
	ways, everywhere := s.ways(few[:0], on, holders, bit(w, c), w, at, asked)
	if len(asked.groups)+len(asked.allOf) > 0 && !asked.every && slices.ContainsFunc(ways, func(y way) bool { return y.near }) {
		ways = slices.DeleteFunc(ways, func(y way) bool { return !y.near })
	}
	if len(ways) == 0 {
		return nil, everywhere, on
	}
	paths = make([]Path, 0, len(ways))
	for i := range ways {
		paths = s.appendPaths(paths, &ways[i], c, w)
	}
	if len(paths) > 1 {
		slices.SortFunc(paths, comparePaths)
	}
	return paths, everywhere, on
}

func (s *Snapshot) ways(ways []way, on bitset, holders []id, want word, w Workload, at int64, asked *question) (_ []way, everywhere bool) {
	for _, hID := range holders {
		h := *s.holders.at(hID)
		if h.kind == globalHolder {
			switch all, onOpen := s.globalOpens(h.global); {
			case all&want != 0:
				ways = append(ways, way{holder: h, near: true})
				everywhere = true
			case onOpen&want != 0 && !s.devices.open.empty():
				on.or(s.devices.open)
				y := way{holder: h, reach: &reach{bits: s.devices.open}}
				y.near = asked.near(y.reach.bits)
				ways = append(ways, y)
			}
			continue
		}
		if s.sets.at(hID).some&want == 0 {
			continue // nothing of it could allow: the compiled sets must, too
		}
		for n, aID := range h.assignments {
			a := *s.assignments.at(aID)
			role := *s.roles.at(a.role)
			if s.opensBy(a, role)&want == 0 {
				continue
			}
			if from, until := a.window(); at < from || at >= until {
				continue
			}
			y := way{holder: h, assignment: a, role: role, reach: h.reaches[n], near: true}
			if w == Endpoint && !y.reach.every {
				if y.reach.bits.empty() {
					continue
				}
				on.or(y.reach.bits)
				y.near = asked.near(y.reach.bits)
			} else {
				everywhere = true
			}
			ways = append(ways, y)
		}
	}
	return ways, everywhere
}

// appendPaths puts a way in words: one path for each permission of the role that is in the cell.
func (s *Snapshot) appendPaths(paths []Path, y *way, c Capability, w Workload) []Path {
	if y.assignment == nil {
		p := Path{GlobalRole: y.holder.global.Name, Everywhere: y.reach == nil}
		if y.reach != nil {
			p.DeviceGroups = y.reach.list(s.devices)
		}
		return append(paths, p)
	}
	p := Path{
		Assignment: y.assignment.ID, Role: y.role.Ref(), Everywhere: w != Endpoint || y.reach.every,
		NotBefore: y.assignment.NotBefore, NotAfter: y.assignment.NotAfter,
	}
	if y.holder.kind == groupHolder {
		p.Group = y.holder.group.Name
	}
	if !p.Everywhere {
		p.DeviceGroups = y.reach.list(s.devices)
	}
	if y.role.Workload == Unified {
		// A permission may open it by what comes with it: the path names the one that the role has.
		for _, name := range y.role.Permissions {
			if s.meaning.permissions[permissionKey{Unified, name}].opens&bit(w, c) != 0 {
				p.Permission = name
				paths = append(paths, p)
			}
		}
		return paths
	}
	for _, name := range s.meaning.rows[c].Cells[w].AnyOf {
		if slices.Contains(y.role.Permissions, name) {
			p.Permission = name
			paths = append(paths, p)
		}
	}
	return paths
}

func comparePaths(a, b Path) int {
	return cmp.Or(
		cmp.Compare(b.GlobalRole, a.GlobalRole), // a global role first
		cmp.Compare(a.Group, b.Group),
		cmp.Compare(a.Role.Name, b.Role.Name),
		cmp.Compare(a.Assignment, b.Assignment),
		cmp.Compare(a.Permission, b.Permission),
	)
}
