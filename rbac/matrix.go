package rbac

import (
	"fmt"
	"slices"
	"time"
)

// MatrixQuery asks for principals by capabilities by workloads.
type MatrixQuery struct {
	Roles        []RoleRef       // rows are these roles, each by itself as a view of it is (S19); nil: rows are users
	Keep         func(User) bool // which users; nil: all
	Capabilities []Capability    // nil: all
	Workloads    []Workload      // nil: the four
	DeviceGroup  string          // endpoint is asked on this one; empty: on the whole workload (S17)
	OnlyHas      bool            // only rows that may do something of what is asked, somewhere
	At           time.Time
	After        string // the Next of the page before
	Limit        int    // 0: all
}

// Matrix is a page of rows.
type Matrix struct {
	Total int // exact, all pages together
	Rows  []MatrixRow
	Next  string // empty: the last page
}

// MatrixRow is one principal's cells: workload by workload, in the order asked for.
type MatrixRow struct {
	User   User    // or
	Role   RoleRef // is set
	Reason Reason  // Allowed, or why the principal may do nothing at all
	Cells  []EffectiveCell
}

// Matrix answers for many principals what Effective answers for one, cell by cell alike. Users come in the order of
// their numbers: that of their names when the policy was compiled, later ones after.
func (s *Snapshot) Matrix(q MatrixQuery) (Matrix, error) {
	if q.Roles != nil {
		return s.matrixOfRoles(q)
	}
	m, err := s.newMatrix(q)
	if err != nil {
		return Matrix{}, err
	}
	var page Matrix
	from := id(0)
	if q.After != "" {
		last, ok := s.userNames.find(q.After)
		if !ok {
			return page, fmt.Errorf("there is no user %q to go on after", q.After)
		}
		from = last + 1
	}
	for u := range s.users.len {
		user := s.users.at(u).user
		if user == nil || (q.Keep != nil && !q.Keep(*user)) || (q.OnlyHas && !m.has(u)) {
			continue
		}
		page.Total++
		switch {
		case u < from || page.Next != "":
		case q.Limit > 0 && len(page.Rows) == q.Limit:
			page.Next = page.Rows[q.Limit-1].User.Name
		default:
			row := m.row(u)
			row.User = *user
			page.Rows = append(page.Rows, row)
		}
	}
	return page, nil
}

// matrixOfRoles gives each role to a ghost of its own, in a policy that nobody else is asked about, and asks about the
// ghosts: a role's cells are what whoever has it and nothing else may do.
func (s *Snapshot) matrixOfRoles(q MatrixQuery) (Matrix, error) {
	var edits []Edit
	for i, ref := range q.Roles {
		ghost := fmt.Sprintf("%d.%s", i, ghostUser)
		a, err := s.ghostAssignment(ref, Viewed{}, ghost)
		if err != nil {
			return Matrix{}, err
		}
		a.ID = fmt.Sprintf("%s-%d", ghostAssignment, i)
		edits = append(edits, PutUser{User{Name: ghost}}, PutAssignment{a})
	}
	with, err := s.With(edits...)
	if err != nil {
		return Matrix{}, err
	}
	m, err := with.newMatrix(q)
	if err != nil {
		return Matrix{}, err
	}
	var page Matrix
	from := 0
	if q.After != "" {
		from = 1 + slices.IndexFunc(q.Roles, func(r RoleRef) bool { return r.key() == q.After })
		if from == 0 {
			return page, fmt.Errorf("there is no such role to go on after")
		}
	}
	for i, ref := range q.Roles {
		u, _ := with.userNames.find(fmt.Sprintf("%d.%s", i, ghostUser))
		if q.OnlyHas && !m.has(u) {
			continue
		}
		page.Total++
		switch {
		case i < from || page.Next != "":
		case q.Limit > 0 && len(page.Rows) == q.Limit:
			page.Next = page.Rows[q.Limit-1].Role.key()
		default:
			row := m.row(u)
			row.Role = ref
			page.Rows = append(page.Rows, row)
		}
	}
	return page, nil
}

func (r RoleRef) key() string { return r.Workload.String() + "/" + r.Name }

// matrix is a query made ready: what is asked as bits, and the names of device groups that were made already.
type matrix struct {
	s        *Snapshot
	at       int64
	cells    []EffectiveCell // empty ones, in order
	bits     []word
	asked    word
	question question
	buf      questionBuffer
	named    map[coverBuffer][]string
}

func (s *Snapshot) newMatrix(q MatrixQuery) (*matrix, error) {
	m := &matrix{s: s, at: instant(q.At), named: map[coverBuffer][]string{}}
	m.question = question{every: true}
	if q.DeviceGroup != "" {
		m.question = s.asked(&m.buf, Resource{DeviceGroups: []string{q.DeviceGroup}})
		if m.question.unknown {
			return nil, fmt.Errorf("there is no device group %q", q.DeviceGroup)
		}
	}
	workloads, capabilities := q.Workloads, q.Capabilities
	if workloads == nil {
		workloads = Workloads
	}
	if capabilities == nil {
		capabilities = Capabilities
	}
	for _, w := range workloads {
		for _, c := range capabilities {
			m.cells = append(m.cells, EffectiveCell{Workload: w, Capability: c})
			m.bits = append(m.bits, bit(w, c))
			m.asked |= bit(w, c)
		}
	}
	m.asked &= s.meaning.applies
	return m, nil
}

// has tells whether a user may do something of what is asked, somewhere.
func (m *matrix) has(u id) bool {
	who := m.s.userSubject(u, m.at)
	if who.refused != "" {
		return false
	}
	have := m.s.have(who.holders, m.at) & m.asked
	if have&^endpointMask != 0 || len(m.question.groups) == 0 {
		return have != 0
	}
	return m.s.holdsOn(who.holders, have, m.question.groups[0], m.at)
}

func (m *matrix) row(u id) MatrixRow {
	s := m.s
	who := s.userSubject(u, m.at)
	row := MatrixRow{Reason: Allowed, Cells: slices.Clone(m.cells)}
	if who.refused != "" {
		row.Reason = who.refused
	}
	var all, have word // always everywhere, and somewhere now
	if who.refused == "" {
		have = s.have(who.holders, m.at)
		for _, h := range who.holders {
			all |= s.sets.at(h).all
		}
	}
	for i := range row.Cells {
		cell, want := &row.Cells[i], m.bits[i]
		switch {
		case want&s.meaning.applies == 0, who.refused != "":
			cell.Reason = s.verdict(who, cell.Capability, cell.Workload, &m.question, m.at)
		case all&want != 0:
			cell.Reason = Allowed
		case have&want == 0:
			cell.Reason = s.whyNot(who.holders, want, m.at)
		case cell.Workload != Endpoint:
			cell.Reason = Allowed
		default:
			m.reach(cell, who.holders, want)
		}
		cell.Allowed = cell.Reason == Allowed
		cell.Somewhere = cell.Somewhere || cell.Allowed
	}
	return row
}

// reach fills in a cell of endpoint that holds on some device groups.
func (m *matrix) reach(cell *EffectiveCell, holders []id, want word) {
	var buf coverBuffer
	everywhere, on := m.s.cover(&buf, holders, want, m.at)
	if everywhere || m.question.met(on, cell.Capability) {
		cell.Reason = Allowed
		return
	}
	if on.empty() { // it reaches device groups, of which there are none
		cell.Reason = m.s.whyNot(holders, want, m.at)
		return
	}
	cell.Reason = OutOfReach
	if len(m.question.groups) > 0 {
		return // asked about one device group, it does not hold there
	}
	cell.Somewhere = true
	if len(on) > len(buf) {
		cell.DeviceGroups = m.s.devices.named(on)
		return
	}
	var key coverBuffer
	copy(key[:], on)
	names, ok := m.named[key]
	if !ok {
		names = m.s.devices.named(on)
		m.named[key] = names
	}
	cell.DeviceGroups = names
}

// ExplainRole proves a role's cell of the matrix: what opens it for whoever has the role and nothing else, or why it
// does not. It proposes no remedies: it is the role that is asked about, not somebody who lacks one.
func (s *Snapshot) ExplainRole(ref RoleRef, r Request) (Explanation, error) {
	with, ghost, err := s.withViewed(Viewed{Role: ref})
	if err != nil {
		return Explanation{}, err
	}
	r.Principal = ghost
	e := with.Explain(r)
	e.Request.Principal = ""
	for i := range e.Proofs {
		p := &e.Proofs[i]
		p.Remedies = nil
		for n := range p.Paths {
			p.Paths[n].Assignment = ""
		}
	}
	return e, nil
}
