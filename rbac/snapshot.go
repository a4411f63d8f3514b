package rbac

import (
	"cmp"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Snapshot is a policy compiled to answer quickly. It never changes: With makes another that shares with it
// whatever the edits do not touch, so holding an old one is safe and cheap.
//
// The truth in it is per holder - a group, a person's own assignments, a global role: what the holder opens, and on
// which device groups. A person is a short list of holders.
type Snapshot struct {
	meaning       *meaning
	lineage       *token // shared by all that With made of one Compile: their numbers agree
	revision      int64
	endpointRoles bool
	devices       *devices

	userNames       names[string]
	groupNames      names[string]
	roleNames       names[RoleRef] // with the name folded
	assignmentNames names[string]
	globals         map[string]id // the holder of each global role

	people      vec[person] // by user
	users       vec[userRow]
	sets        vec[set] // by holder
	holders     vec[*holder]
	roles       vec[*role]
	assignments vec[*assignment]

	remedies func() *remedies
}

// person is what a check reads of a user: the holders, five of them in place.
type person struct {
	few   [5]id
	n     uint16
	flags uint16
	more  *[]id // all of them, when there are more than five
}

// What a check must look at beyond the holders.
const (
	personGone uint16 = 1 << iota
	personDisabled
	personEnds
)

func (p *person) holders() []id {
	if p.more != nil {
		return *p.more
	}
	return p.few[:p.n]
}

func (p person) withHolders(list []id) person {
	p.few, p.n, p.more = [5]id{}, 0, nil
	if len(list) > len(p.few) {
		p.more = &list
		return p
	}
	p.n = uint16(copy(p.few[:], list))
	return p
}

type userRow struct {
	user *User // nil: gone
	own  id    // the holder of the user's own assignments, or noID
}

const noID id = math.MaxUint32

type holderKind uint8

const (
	groupHolder holderKind = iota
	userHolder
	globalHolder
)

type holder struct {
	owner       *token
	kind        holderKind
	group       *Group // nil: gone
	global      *GlobalRole
	user        id
	members     []id // users
	assignments []id
	reaches     []*reach // of each assignment
}

// set is what a holder opens. all holds on everything, always; rows are narrower in device groups or in time.
// It fills one cache line, and fast repeats the rows that hold always as a check reads them: a word, then the
// device groups, and so on in one piece.
type set struct {
	all  word
	some word // all and every row together; timedRows if a row does not hold always
	fast []uint64
	rows []row
}

// timedRows marks in some, beyond the capabilities' bits, that a check must look at the rows themselves.
const timedRows word = 1 << 63

type row struct {
	word        word
	bits        bitset // nil: everywhere
	from, until int64  // unix nanoseconds; until is outside
}

func (r *row) now(at int64) bool { return r.from <= at && at < r.until }

func (r *row) always() bool { return r.from == math.MinInt64 && r.until == math.MaxInt64 }

type role struct {
	Role
	owner       *token
	opens       word
	assignments []id
}

type assignment struct {
	Assignment
	role   id
	holder id
}

// window gives the assignment's time as the rows keep it.
func (a *assignment) window() (from, until int64) {
	from, until = math.MinInt64, math.MaxInt64
	if !a.NotBefore.IsZero() {
		from = a.NotBefore.UnixNano()
	}
	if !a.NotAfter.IsZero() {
		until = a.NotAfter.UnixNano()
	}
	return from, until
}

// reach is the device groups of an assignment. The names are made when somebody asks for them.
type reach struct {
	every bool
	bits  bitset
	names atomic.Pointer[[]string]
}

func (r *reach) has(dg id) bool { return r.every || r.bits.has(dg) }

func (r *reach) list(d *devices) []string {
	if r.every {
		return nil
	}
	if known := r.names.Load(); known != nil {
		return *known
	}
	list := d.named(r.bits)
	r.names.Store(&list)
	return list
}

// devices are the device groups, numbered by rank.
type devices struct {
	list   []DeviceGroup
	ids    map[string]id
	stride int // of a row in set.fast: a word and the device groups
	open   bitset
	all    bitset
	access map[string]bitset // group -> the device groups it reaches, open ones included
}

func (d *devices) named(bits bitset) []string {
	list := []string{}
	for i := range d.list {
		if bits.has(id(i)) {
			list = append(list, d.list[i].Name)
		}
	}
	return list
}

// UserID is a user's number within a snapshot and those made from it by With.
type UserID uint32

// DeviceGroupID is a device group's number: its rank within one snapshot.
type DeviceGroupID uint32

// WholeWorkload asks about every device group at once (S17).
const WholeWorkload DeviceGroupID = math.MaxUint32

// UserID finds a user's number.
func (s *Snapshot) UserID(name string) (UserID, bool) {
	i, ok := s.userNames.find(name)
	if !ok || s.people.at(i).flags&personGone != 0 {
		return 0, false
	}
	return UserID(i), true
}

// DeviceGroupID finds a device group's number.
func (s *Snapshot) DeviceGroupID(name string) (DeviceGroupID, bool) {
	i, ok := s.devices.ids[name]
	return DeviceGroupID(i), ok
}

// Revision is the policy revision it was made from.
func (s *Snapshot) Revision() int64 { return s.revision }

// Catalog is the catalogue it was compiled with.
func (s *Snapshot) Catalog() *Catalog { return s.meaning.catalog }

// EndpointRoles tells whether the endpoint roles switch is on (S5).
func (s *Snapshot) EndpointRoles() bool { return s.endpointRoles }

// DeviceGroups are in rank order. The slice is shared: read only.
func (s *Snapshot) DeviceGroups() []DeviceGroup { return s.devices.list }

// User finds a user by name.
func (s *Snapshot) User(name string) (User, bool) {
	if i, ok := s.userNames.find(name); ok {
		if u := s.users.at(i).user; u != nil {
			return *u, true
		}
	}
	return User{}, false
}

// Group finds a group by its name as spelt.
func (s *Snapshot) Group(name string) (Group, bool) {
	if h := s.group(name); h != nil {
		return *h.group, true
	}
	return Group{}, false
}

func (s *Snapshot) group(name string) *holder {
	if i, ok := s.groupNames.find(fold(name)); ok {
		if h := *s.holders.at(i); h.group != nil && h.group.Name == name {
			return h
		}
	}
	return nil
}

// Role finds a role, of the policy or of the catalogue.
func (s *Snapshot) Role(ref RoleRef) (Role, bool) {
	if r := s.role(ref); r != nil {
		return r.Role, true
	}
	return Role{}, false
}

func (s *Snapshot) role(ref RoleRef) *role {
	if i, ok := s.roleNames.find(RoleRef{ref.Workload, fold(ref.Name)}); ok {
		if r := *s.roles.at(i); r.Name == ref.Name {
			return r
		}
	}
	return nil
}

// Roles are all roles, the catalogue's included, by workload and name.
func (s *Snapshot) Roles() []Role {
	var list []Role
	for i := range s.roles.len {
		if r := *s.roles.at(i); r.Name != "" {
			list = append(list, r.Role)
		}
	}
	slices.SortFunc(list, func(a, b Role) int {
		return cmp.Or(cmp.Compare(a.Workload, b.Workload), cmp.Compare(a.Name, b.Name))
	})
	return list
}

// RoleOpens is what a role opens by its permissions, the endpoint switch aside, in the table's order.
func (s *Snapshot) RoleOpens(r Role) []Opened {
	opens, err := s.meaning.roleWord(r)
	if err != nil {
		return nil
	}
	return opens.opened()
}

// Assignment finds an assignment by id.
func (s *Snapshot) Assignment(assignmentID string) (Assignment, bool) {
	if i, ok := s.assignmentNames.find(assignmentID); ok {
		if a := *s.assignments.at(i); a != nil {
			return a.Assignment, true
		}
	}
	return Assignment{}, false
}

// AssignmentsOf are the assignments of a role, by id.
func (s *Snapshot) AssignmentsOf(ref RoleRef) []Assignment {
	var list []Assignment
	if r := s.role(ref); r != nil {
		for _, i := range r.assignments {
			list = append(list, (*s.assignments.at(i)).Assignment)
		}
	}
	slices.SortFunc(list, func(a, b Assignment) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// GroupsOf are the names of a user's groups, sorted.
func (s *Snapshot) GroupsOf(user string) []string {
	var list []string
	if i, ok := s.userNames.find(user); ok {
		for _, h := range s.people.at(i).holders() {
			if g := (*s.holders.at(h)).group; g != nil {
				list = append(list, g.Name)
			}
		}
	}
	slices.Sort(list)
	return list
}

// Policy gives the policy back as values, each kind sorted by name, device groups in rank order.
func (s *Snapshot) Policy() Policy {
	p := Policy{Revision: s.revision, EndpointRoles: s.endpointRoles, DeviceGroups: slices.Clone(s.devices.list)}
	for i := range s.users.len {
		if u := s.users.at(i).user; u != nil {
			p.Users = append(p.Users, *u)
		}
	}
	for i := range s.holders.len {
		if h := *s.holders.at(i); h.group != nil {
			p.Groups = append(p.Groups, *h.group)
		}
	}
	for i := range s.roles.len {
		if r := *s.roles.at(i); r.Name != "" && r.Kind != DefaultRole && r.Kind != BuiltInRole {
			p.Roles = append(p.Roles, r.Role)
		}
	}
	for i := range s.assignments.len {
		if a := *s.assignments.at(i); a != nil {
			p.Assignments = append(p.Assignments, a.Assignment)
		}
	}
	slices.SortFunc(p.Users, func(a, b User) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(p.Groups, func(a, b Group) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(p.Roles, func(a, b Role) int {
		return cmp.Or(cmp.Compare(a.Workload, b.Workload), cmp.Compare(a.Name, b.Name))
	})
	slices.SortFunc(p.Assignments, func(a, b Assignment) int { return cmp.Compare(a.ID, b.ID) })
	return p
}

// finish readies what is computed at first use.
func (s *Snapshot) finish() {
	s.remedies = sync.OnceValue(func() *remedies { return newRemedies(s) })
}

// instant is a moment as the rows keep it. The zero time is before everything: no timed grant holds then.
func instant(at time.Time) int64 {
	if at.IsZero() {
		return math.MinInt64 + 1
	}
	return at.UnixNano()
}
