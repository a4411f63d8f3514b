package investigation

import "context"

// IncidentFacets counts the visible incidents, as the reader sees them (S9), by what a queue is filtered by.
type IncidentFacets struct {
	Total           int64
	Status          []Value
	Severity        []Value
	Classification  []Value
	AssignedTo      []Value
	Tag             []Value // custom tags, of those that the reader sees all of
	Workload        []Value // of the visible alerts; an incident of several counts in each
	Category        []Value // likewise
	DetectionSource []Value // likewise
	DeviceGroup     []Value // likewise; those in reach
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
		things, names := v.standsFor()
		counted, err := v.tx.IncidentFacets(sq, things)
		if err != nil {
			return err
		}
		products, groups := tally{}, tally{}
		for thing, n := range counted.Things {
			if n > 0 && names[thing].group {
				groups[names[thing].name] = n
			} else if n > 0 {
				products[names[thing].name] = n
			}
		}
		f = IncidentFacets{
			Total: counted.Total, Status: tally(counted.Status).values(), Severity: tally(counted.Severity).values(),
			Classification: tally(counted.Classification).values(), AssignedTo: tally(counted.AssignedTo).values(),
			Tag: tally(counted.Tags).values(), Category: tally(counted.Categories).values(), DetectionSource: tally(counted.DetectionSources).values(), Workload: products.values(), DeviceGroup: groups.values(),
		}
		return nil
	})
	return f, err
}

// thing is what a class of alerts stands for in a facet: a workload, or a device group in reach.
type thing struct {
	name  string
	group bool
}

// standsFor gives what each class stands for, by number, and what the numbers mean.
func (v *sight) standsFor() (things map[int64][]int, names []thing) {
	things, numbers := map[int64][]int{}, map[thing]int{}
	take := func(class int64, t thing) {
		n, known := numbers[t]
		if !known {
			n = len(names)
			numbers[t], names = n, append(names, t)
		}
		things[class] = append(things[class], n)
	}
	for _, c := range v.classes.list {
		for _, w := range c.Item.Workloads.List() {
			take(c.ID, thing{name: w.String()})
		}
		for _, g := range c.Item.DeviceGroups {
			if v.see.DeviceGroup(g) {
				take(c.ID, thing{g, true})
			}
		}
	}
	return things, names
}
