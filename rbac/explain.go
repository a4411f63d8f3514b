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
	Paths       []Path   // all that opens it; for a right out of reach, what opens it elsewhere
	Where       []string // endpoint, refused: the device groups on which it does hold
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
	e := Explanation{Request: r, Revision: s.revision, Allowed: len(r.Resource.Workloads) > 0}
	at := instant(r.At)
	who := s.subject(r.Principal, at)
	e.Proofs = make([]Proof, len(r.Resource.Workloads))
	for i, w := range r.Resource.Workloads {
		s.prove(&e.Proofs[i], who, r, w, at)
		e.Allowed = e.Allowed && e.Proofs[i].Allowed
	}
	return e
}

func (s *Snapshot) prove(p *Proof, who subject, r Request, w Workload, at int64) {
	p.Workload = w
	p.Reason = s.verdict(who, r, w, at)
	if row := s.meaning.rows[min(int(r.Capability), capabilityCount-1)]; row != nil && row.Capability == r.Capability {
		p.Requirement, p.AnyOf = row.ID, row.Cells[w].AnyOf
	}
	want := bit(w, r.Capability)
	if want == 0 || p.Reason == UnknownDeviceGroup || p.Reason == NotApplicable || p.Reason == UnknownPrincipal {
		return
	}
	var asked question
	if w == Endpoint {
		asked, _ = s.asked(r.Resource)
	}
	var buf coverBuffer
	paths, everywhere, on := s.paths(&buf, who.holders, r.Capability, w, at, asked)
	p.Paths = paths
	p.Allowed = p.Reason == Allowed
	if w != Endpoint {
		p.Allowed = p.Allowed && len(p.Paths) > 0
	} else if !everywhere {
		p.Allowed = p.Allowed && (on.covers(s.devices.all) || asked.met(on, r.Capability))
		if !p.Allowed {
			p.Where = s.devices.named(on)
		}
	}
	if !p.Allowed {
		if p.Reason == Allowed {
			p.Reason = NoPermission // the two evaluations disagree: refuse
		}
		p.Remedies = s.remedy(who, r, w, asked, on, p.Reason)
	}
}

// paths walks the policy for everything that opens the capability now, and gathers where. For a question about certain
// device groups it keeps the paths that reach one of them, if any does. What it gives as on is in buf.
func (s *Snapshot) paths(buf *coverBuffer, holders []id, c Capability, w Workload, at int64, asked question) (paths []Path, everywhere bool, on bitset) {
	want := bit(w, c)
	on = s.blank(buf)
	near := 0 // the paths that reach what was asked come first
	for _, hID := range holders {
		h := *s.holders.at(hID)
		if h.kind == globalHolder {
			if s.meaning.globalWord(h.global, s.endpointRoles)&want != 0 {
				paths = slices.Insert(paths, near, Path{GlobalRole: h.global.Name, Everywhere: true})
				near++
				everywhere = true
			}
			continue
		}
		if w == Endpoint && !s.endpointRoles {
			continue
		}
		for n, aID := range h.assignments {
			a := *s.assignments.at(aID)
			role := *s.roles.at(a.role)
			if role.opens&want == 0 {
				continue
			}
			if from, until := a.window(); at < from || at >= until {
				continue
			}
			reach, reaches := h.reaches[n], true
			if w == Endpoint && !reach.every {
				if reach.bits.empty() {
					continue
				}
				on.or(reach.bits)
				reaches = slices.ContainsFunc(asked.groups, reach.bits.has)
			} else {
				everywhere = true
			}
			was := len(paths)
			paths = s.appendPaths(paths, h, a, role, reach, c, w)
			if reaches {
				moved := len(paths) - was
				for i := range moved {
					paths[near+i], paths[was+i] = paths[was+i], paths[near+i]
				}
				near += moved
			}
		}
	}
	if near > 0 && len(asked.groups) > 0 && !asked.every {
		paths = paths[:near]
	}
	if len(paths) > 1 {
		slices.SortFunc(paths, comparePaths)
	}
	return paths, everywhere, on
}

func (s *Snapshot) appendPaths(paths []Path, h *holder, a *assignment, r *role, reach *reach, c Capability, w Workload) []Path {
	p := Path{
		Assignment: a.ID, Role: r.Ref(), Everywhere: w != Endpoint || reach.every,
		NotBefore: a.NotBefore, NotAfter: a.NotAfter,
	}
	if h.kind == groupHolder {
		p.Group = h.group.Name
	}
	if !p.Everywhere {
		p.DeviceGroups = reach.list(s.devices)
	}
	for _, name := range s.meaning.rows[c].Cells[w].AnyOf {
		if slices.Contains(r.Permissions, name) {
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
