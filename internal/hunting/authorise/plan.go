package authorise

import (
	"errors"
	"fmt"
	"slices"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
	"github.com/bailiwick/bailiwick/internal/hunting/lookup"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
	"github.com/bailiwick/bailiwick/rbac"
)

// List names a list of ids that scans are cut by. Whoever runs a plan looks up what is in it, at the moment of running.
type List string

// The lists.
const (
	Devices List = "reach_devices" // in the reader's device groups
	Exposed List = "reach_exposed" // in those where the reader sees vulnerabilities, too
	Alerts  List = "reach_alerts"  // that the reader sees
	Whole   List = "reach_whole"   // of them, those of which no device is out of reach
)

// Plan is a query of which every read of stored rows has been decided about. Only Authorise makes one.
type Plan struct {
	query  *plan.Query
	rights Rights
	scans  map[*plan.Reference]*Scan
	order  []*Scan
	shelf  []string // the files that are looked up in
}

// Scan is what of a table a plan may read. It has no field that anybody else could set: the zero value reads nothing.
type Scan struct {
	table  *schema.Table
	cut    cut
	places []int // of each column of the reference: its place in the table, or arrival

	feeds      []lookup.Feed // instead of a table
	reputation string        // the file, instead of a table
}

const arrival = -1

// Refused is of a query that reads what its reader may not. The catalog keeps such names out of plans; this is for what gets past it.
type Refused struct {
	Reference *plan.Reference
	Lacks     []string
	Words     string
}

func (r *Refused) Error() string { return r.Words }

var errEmpty = errors.New("there is no query to authorise")

// Authorise decides about every read of a query. If one may not be, there is no plan.
func Authorise(q *plan.Query, r Rights) (*Plan, error) {
	if q == nil || q.Root == nil {
		return nil, errEmpty
	}
	p := &Plan{query: q, rights: r, scans: map[*plan.Reference]*Scan{}}
	for _, ref := range plan.References(q.Root) {
		s, err := scanOf(ref, r)
		if err != nil {
			return nil, err
		}
		p.scans[ref] = s
		for _, file := range s.files() {
			if !slices.Contains(p.shelf, file) {
				p.shelf = append(p.shelf, file)
			}
		}
		p.order = append(p.order, s)
	}
	return p, nil
}

func scanOf(ref *plan.Reference, r Rights) (*Scan, error) {
	refused := &Refused{Reference: ref}
	switch ref.Kind {
	case plan.Table:
	case plan.Feed:
		s := &Scan{}
		for _, source := range ref.Sources {
			f, ok := r.shelf.Find(source)
			if !ok || !r.ReadsFeed(f) { // in the same words: that there is one is for its readers
				refused.Words = "There is no feed of this address here that you may read: 'externaldata' reads feeds that an administrator has registered under Settings, Feeds, and opened to you."
				return nil, refused
			}
			if f.File == "" {
				refused.Words = fmt.Sprintf("The feed '%s' has no rows yet: nothing has been loaded into it. Its state is told under Settings, Feeds.", f.Name)
				return nil, refused
			}
			s.feeds = append(s.feeds, f)
		}
		if len(s.feeds) == 0 {
			refused.Words = "'externaldata' needs the address of a feed."
			return nil, refused
		}
		return s, nil
	case plan.Reputation:
		if r.None() {
			refused.Words = "You may not look up files: hunting takes a right that you do not have."
			return nil, refused
		}
		return &Scan{reputation: r.shelf.Reputation}, nil // without any, every file is unknown
	default:
		refused.Words = "This cannot be read."
		return nil, refused
	}
	named := schema.Lookup(ref.Name)
	t := named
	if named != nil {
		t = named.Rows() // by whatever name they are read, the rows and the right to them are those of one table
	}
	s := &Scan{table: t, cut: r.cutOf(t)}
	if s.cut == nothing {
		refused.Lacks = r.Lacks(t)
		refused.Words = fmt.Sprintf("You may not read the table '%s'.", ref.Name)
		return nil, refused
	}
	for _, c := range ref.Cols {
		place, err := placeOf(named, t, c)
		if err != nil {
			return nil, err
		}
		s.places = append(s.places, place)
	}
	return s, nil
}

// placeOf finds a column in the table that has the rows, and sees that it is of the type that the plan takes it for.
func placeOf(named, t *schema.Table, c *plan.Column) (int, error) {
	if c.Hidden {
		return arrival, nil
	}
	column := named.Column(c.Name)
	if column == nil {
		return 0, fmt.Errorf("authorise: %s has no column %q", named.Name, c.Name)
	}
	i, ok := t.Find(column.In(t))
	if !ok {
		return 0, fmt.Errorf("authorise: %s has no column %q", t.Name, c.Name)
	}
	if of, _ := types.Parse(string(t.Columns[i].Type)); of.Kind != c.Type.Kind {
		return 0, fmt.Errorf("authorise: %s.%s is not of the type %s", t.Name, c.Name, c.Type)
	}
	return i, nil
}

// Query is the query that was authorised. Nobody may change it.
func (p *Plan) Query() *plan.Query { return p.query }

// Scan gives what a reference may read; nil: nothing.
func (p *Plan) Scan(ref *plan.Reference) *Scan {
	if p == nil {
		return nil
	}
	return p.scans[ref]
}

// Tables are those that the plan reads, each once.
func (p *Plan) Tables() []*schema.Table {
	var list []*schema.Table
	for _, s := range p.order {
		if s.table != nil && !slices.Contains(list, s.table) {
			list = append(list, s.table)
		}
	}
	return list
}

// Lists are those that the plan's scans are cut by.
func (p *Plan) Lists() []List {
	var list []List
	for _, s := range p.order {
		for _, l := range s.lists() {
			if !slices.Contains(list, l) {
				list = append(list, l)
			}
		}
	}
	return list
}

// Revision is that of the policy by which the plan was authorised.
func (p *Plan) Revision() int64 { return p.rights.Revision() }

// DeviceGroups are those whose devices are in a list.
func (r Rights) DeviceGroups(l List) []string {
	return slices.DeleteFunc(r.hunt.DeviceGroups(), func(g string) bool {
		return l == Exposed && !r.exposed.DeviceGroup(g) || r.narrowed && !slices.Contains(r.within, g)
	})
}

// SeesAlert tells whether alerts of a class are in reach, and whether all of their devices are (S8). What is of another product takes the
// right to see its alerts, for there is none to hunt in them (S10).
func (r Rights) SeesAlert(i rbac.Item) (sees, whole bool) {
	if i.Workloads.Has(rbac.Other) {
		if i.Workloads &^= rbac.SetOf(rbac.Other); !r.others || i.Workloads == 0 {
			return r.others, r.others
		}
	}
	if !r.hunt.Opens(i) {
		return false, false
	}
	if !i.Workloads.Has(rbac.Endpoint) || r.allDevices() {
		return true, true
	}
	reached := func(g string) bool { return r.hunt.DeviceGroup(g) && (!r.narrowed || slices.Contains(r.within, g)) }
	if i.EveryGroup || len(i.DeviceGroups)+len(i.AllOf) == 0 || slices.ContainsFunc(i.AllOf, func(g string) bool { return !reached(g) }) {
		return false, false // to be narrowed is to have less than every device group
	}
	some, every := len(i.DeviceGroups) == 0, true
	for _, g := range i.DeviceGroups {
		some, every = some || reached(g), every && reached(g)
	}
	return some, every
}

// Stands tells whether rights that the reader has now still allow all that the plan rests on: each table, and each device group.
func (p *Plan) Stands(now Rights) bool {
	for _, s := range p.order {
		for _, f := range s.feeds {
			if of, ok := now.shelf.ByID(f.ID); !ok || !now.ReadsFeed(of) {
				return false
			}
		}
		if s.table == nil {
			if now.None() {
				return false
			}
			continue
		}
		c := now.cutOf(s.table)
		if c == nothing || s.cut == all && c != all {
			return false
		}
	}
	for _, l := range p.Lists() {
		if !now.reaches(p.rights, l) {
			return false
		}
	}
	return true
}

// reaches tells whether whatever was in a list by earlier rights is in reach.
func (r Rights) reaches(before Rights, l List) bool {
	if (l == Alerts || l == Whole) && before.others && !r.others {
		return false
	}
	if r.allDevices() && (l != Exposed || r.exposed.AllDevices()) && before.hunt.Workloads()&^r.hunt.Workloads() == 0 {
		return true
	}
	groups := r.DeviceGroups(l)
	for _, g := range before.DeviceGroups(l) {
		if !slices.Contains(groups, g) {
			return false
		}
	}
	if l == Alerts || l == Whole {
		return before.hunt.Workloads()&^r.hunt.Workloads() == 0
	}
	return true
}
