package investigation

import (
	"context"

	"github.com/bailiwick/bailiwick/rbac"
)

// IncidentFacets counts the visible incidents, as the reader sees them (S9), by what a queue is filtered by.
type IncidentFacets struct {
	Total          int64
	Status         []Value
	Severity       []Value
	Classification []Value
	AssignedTo     []Value
	Tag            []Value // custom tags, of those that the reader sees all of
	Workload       []Value // of the visible alerts; an incident of several counts in each
	Category       []Value // likewise
	DeviceGroup    []Value // likewise; those in reach
}

// IncidentFacets counts what a filter and search find.
func (s *Service) IncidentFacets(ctx context.Context, reader string, q Query) (IncidentFacets, error) {
	var f IncidentFacets
	err := s.view(ctx, reader, func(v *sight) error {
		if err := v.area("count incidents"); err != nil {
			return err
		}
		sq, err := v.prepare(incidents, Query{Filter: q.Filter, Search: q.Search})
		if err != nil {
			return err
		}
		rows, err := v.tx.IncidentFacets(sq)
		if err != nil {
			return err
		}
		status, severity, classified, assigned, products, groups := tally{}, tally{}, tally{}, tally{}, tally{}, tally{}
		for _, r := range rows {
			f.Total += r.Count
			status[r.Status] += r.Count
			severity[r.Severity] += r.Count
			classified[r.Classification] += r.Count
			assigned[r.AssignedTo] += r.Count
			var set rbac.WorkloadSet
			of := map[string]bool{}
			for _, class := range r.Classes {
				item := v.classes.item(class)
				set |= item.Workloads
				for _, g := range item.DeviceGroups {
					of[g] = of[g] || v.see.DeviceGroup(g)
				}
			}
			for _, w := range set.List() {
				products[w.String()] += r.Count
			}
			for g, reached := range of {
				if reached {
					groups[g] += r.Count
				}
			}
		}
		f.Status, f.Severity, f.Classification, f.AssignedTo = status.values(), severity.values(), classified.values(), assigned.values()
		f.Workload, f.DeviceGroup = products.values(), groups.values()
		tags, categories, err := v.tx.IncidentValues(sq)
		f.Tag, f.Category = tally(tags).values(), tally(categories).values()
		return err
	})
	return f, err
}
