// Package authorise decides what of the stored rows a reader's query may read.
//
// A plan names stored rows in one way only, by a plan.Reference, and a Reference cannot be run. Here, and nowhere else, a Scan is made of
// it, which says which rows and columns of the table the reader may see. An engine is given a Plan, and a Reference without a Scan is
// nothing that it could run.
package authorise

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/hunting"
	"github.com/bailiwick/bailiwick/internal/hunting/kql"
	"github.com/bailiwick/bailiwick/internal/hunting/lookup"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
	"github.com/bailiwick/bailiwick/rbac"
)

// Rights are what one reader may hunt in at one moment (S12). The zero value may read nothing.
type Rights struct {
	snapshot *rbac.Snapshot
	hunt     rbac.Reach
	exposed  rbac.Reach // vulnerability data take a right of their own, too (C11)
	others   bool       // alerts of products outside the four are in sight (S10)
	within   []string   // the device groups that it is narrowed to
	narrowed bool
	shelf    lookup.Shelf
}

// With adds what there is to look up beside the tables.
func (r Rights) With(s lookup.Shelf) Rights {
	r.shelf = s
	return r
}

// Shelf is what there is to look up beside the tables, whoever may.
func (r Rights) Shelf() lookup.Shelf { return r.shelf }

// ReadsFeed tells whether the reader may read a feed: who may hunt in one of the products that it was opened to. One that was opened to
// none is nobody's.
func (r Rights) ReadsFeed(f lookup.Feed) bool {
	for _, w := range f.Readers.List() {
		if r.hunt.Workload(w) {
			return true
		}
	}
	return false
}

// Of gives the rights of a reader.
func Of(snapshot *rbac.Snapshot, reader string, at time.Time) Rights {
	return Rights{
		snapshot: snapshot,
		hunt:     snapshot.Reach(reader, rbac.ViewHunting, at),
		exposed:  snapshot.Reach(reader, rbac.AnalyticsMitigations, at),
		others:   snapshot.Reach(reader, rbac.ViewInvestigation, at).Workload(rbac.Other),
	}
}

// hunts tells whether the reader may hunt in a product. Of those outside the four there is no permission for it: who sees their alerts hunts
// in them, too (S10).
func (r Rights) hunts(w rbac.Workload) bool {
	if w == rbac.Other {
		return r.others
	}
	return r.hunt.Workload(w)
}

// Within narrows rights to some device groups, as a custom detection has a scope of its own (S13). It never widens them.
func (r Rights) Within(groups []string) Rights {
	if r.narrowed {
		groups = slices.DeleteFunc(slices.Clone(groups), func(g string) bool { return !slices.Contains(r.within, g) })
	}
	r.within, r.narrowed = groups, true
	return r
}

// OfTheFour leaves out what is of products outside the four. Nobody may set a custom detection there (T5), so none reads there, and what it
// finds in rows of alerts is of the four (S13).
func (r Rights) OfTheFour() Rights {
	r.others = false
	return r
}

// Revision is that of the policy which the rights come from.
func (r Rights) Revision() int64 {
	if r.snapshot == nil {
		return 0
	}
	return r.snapshot.Revision()
}

// None tells whether there is no table that the reader may read.
func (r Rights) None() bool { return r.hunt.None() }

// Everything tells whether every row of every table is in reach.
func (r Rights) Everything() bool { return r.everyAlert() && r.exposed.AllDevices() }

// everyAlert tells whether alerts of whatever product are in reach. Roles of all four are not enough: they open none of another (S10).
func (r Rights) everyAlert() bool { return r.hunt.Everything() && r.others && !r.narrowed }

// allDevices tells whether every device is in reach, the unknown ones too.
func (r Rights) allDevices() bool { return r.hunt.AllDevices() && !r.narrowed }

// Openings says what would let the reader hunt in any product, a sentence for each.
func (r Rights) Openings() []string {
	if r.snapshot == nil {
		return nil
	}
	var list []string
	for _, w := range rbac.Workloads {
		list = append(list, r.needs(rbac.ViewHunting, w))
	}
	return list
}

// cut is what of a table is in reach. The zero value is nothing.
type cut uint8

const (
	nothing    cut = iota
	all            // every row
	byDevice       // rows of devices that are in the reader's device groups now (S7)
	byAnyone       // those, and rows of no device: of a table that is not endpoint's
	byAlert        // rows of alerts that the reader sees
	byEvidence     // those, but of alerts with devices out of reach only what is of devices in reach, or of none
)

// cutOf decides about a table. Every workload that it belongs to is needed (S12); what is of none of the four is for who may hunt in
// other products (S10).
func (r Rights) cutOf(t *schema.Table) cut {
	if t == nil || r.snapshot == nil || r.hunt.None() {
		return nothing
	}
	if t.Scope == schema.ByAlert {
		switch {
		case r.everyAlert():
			return all
		case t.Device != "":
			return byEvidence
		}
		return byAlert
	}
	of := workloads(t)
	for _, w := range of.List() {
		if !r.hunts(w) {
			return nothing
		}
	}
	if t.Vulnerability && !r.exposed.Workload(rbac.Endpoint) {
		return nothing
	}
	switch {
	case t.Scope != schema.ByDevice:
		return all
	case r.allDevices() && (!t.Vulnerability || r.exposed.AllDevices()):
		return all
	case t.Device == "":
		return nothing // its rows are of devices, and nobody can tell which
	case !of.Has(rbac.Endpoint):
		return byAnyone
	}
	return byDevice
}

func workloads(t *schema.Table) rbac.WorkloadSet {
	if t.Workloads == 0 {
		return rbac.SetOf(rbac.Other)
	}
	return t.Workloads
}

// NamesAs tells whether the same tables can be named by two rights, so that a query which was bound by one means the same by the other. What
// it may read is not said by that: Authorise decides.
func (r Rights) NamesAs(o Rights) bool {
	for _, t := range schema.Tables() {
		if r.Reads(t.Rows()) != o.Reads(t.Rows()) {
			return false
		}
	}
	return true
}

// Reads tells whether the reader may name a table.
func (r Rights) Reads(t *schema.Table) bool { return r.cutOf(t) != nothing }

// Lacks says what it takes to read a table that the reader may not, a sentence for each workload; none: they may.
func (r Rights) Lacks(t *schema.Table) []string {
	if t == nil || r.snapshot == nil || r.Reads(t) {
		return nil
	}
	if t.Scope == schema.ByAlert {
		return []string{strings.Join(r.Openings(), ", or ")}
	}
	var lacks []string
	for _, w := range workloads(t).List() {
		if !r.hunts(w) {
			lacks = append(lacks, r.needs(rbac.ViewHunting, w))
		}
	}
	if t.Vulnerability && !r.exposed.Workload(rbac.Endpoint) {
		lacks = append(lacks, r.needs(rbac.AnalyticsMitigations, rbac.Endpoint))
	}
	return lacks
}

func (r Rights) needs(c rbac.Capability, w rbac.Workload) string {
	names, in := r.snapshot.CellOf(c, w), catalog.WorkloadTitle(w)
	switch {
	case len(names) == 0:
		var global []string
		for _, g := range r.snapshot.Catalog().GlobalRoles {
			if g.Administrator || slices.Contains(g.Opens, c) {
				global = append(global, g.Name)
			}
		}
		return "only " + either(global) + " may in " + in
	case r.snapshot.Activation(w) == rbac.On:
		return "needs " + either(names) + " in a unified role for " + in
	case w == rbac.Identity:
		return "needs " + either(names) + " in " + catalog.WorkloadTitle(rbac.CloudApps) + ", which governs " + in
	}
	return "needs " + either(names) + " in " + in
}

func either(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// Catalog is the tables that the reader may name. Of the others it has the words that a query which names one is refused with;
// names with stars, search and find do not meet them.
func (r Rights) Catalog() *kql.Catalog {
	c := &kql.Catalog{Denied: map[string]string{}}
	known := hunting.Catalog()
	for i, t := range schema.Tables() {
		if r.Reads(t.Rows()) {
			c.Tables = append(c.Tables, known.Tables[i])
			continue
		}
		c.Denied[t.Name] = fmt.Sprintf("You may not read the table '%s': %s.", t.Name, strings.Join(r.Lacks(t.Rows()), ", and "))
	}
	return c
}
