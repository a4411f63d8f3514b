package analytics

import (
	"slices"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

// Part is one part of a report for one reader: of which products its numbers are, and what is missing of the others. The zero
// value is not part of their access.
type Part struct {
	Workloads   []rbac.Workload // of which the numbers are; none: there are no numbers
	Lacks       []Lack
	SomeDevices bool // of endpoint, only the device groups that the reader reaches
}

// Lack is a product of which a part tells the reader nothing, and why.
type Lack struct {
	Workload   rbac.Workload
	Capability rbac.Capability
	Needs      string
}

// Allowed tells whether there is anything in the part for the reader. Without it a number of the part means nothing.
func (p Part) Allowed() bool { return len(p.Workloads) > 0 }

// part tells what there is for the reader where all of the reaches are needed. The capability of the first says where the part
// exists at all.
func (d *desk) part(needed ...need) Part {
	var p Part
	for _, w := range where(needed[0].capability) {
		lacks := slices.IndexFunc(needed, func(n need) bool { return !d.who.Local && !n.reach.Workload(w) })
		if lacks >= 0 {
			c := needed[lacks].capability
			p.Lacks = append(p.Lacks, Lack{w, c, catalog.Needs(c, w, d.snapshot.Activations())})
			continue
		}
		p.Workloads = append(p.Workloads, w)
		p.SomeDevices = p.SomeDevices || w == rbac.Endpoint && !d.who.Local && slices.ContainsFunc(needed, func(n need) bool { return !n.reach.AllDevices() })
	}
	return p
}

type need struct {
	capability rbac.Capability
	reach      rbac.Reach
}

func (d *desk) alertsPart() Part   { return d.part(need{rbac.AnalyticsAlerts, d.alerts}) }
func (d *desk) exposurePart() Part { return d.part(need{rbac.AnalyticsMitigations, d.exposure}) }
func (d *desk) mailPart() Part     { return d.part(need{rbac.AnalyticsEmail, d.mail}) }

// incidentsPart takes the right to view incidents besides: a list of them tells more than a number.
func (d *desk) incidentsPart() Part {
	return d.part(need{rbac.AnalyticsAlerts, d.alerts}, need{rbac.ViewInvestigation, d.see})
}

// refuse says that a list of a part is not part of the reader's access; nil if it is.
func (p Part) refuse(op string) error {
	if p.Allowed() {
		return nil
	}
	var lacks []string
	for _, l := range p.Lacks {
		lacks = append(lacks, l.Needs)
	}
	return fault.Denied(op, "this is not part of your access").WithLacks(lacks...)
}
