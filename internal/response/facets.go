package response

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Facets count the actions that a reader sees by what a list is narrowed by.
type Facets struct {
	Total                                       int64 // of the list itself
	Status, Type, Source, Workload, DeviceGroup []FacetValue
}

// FacetValue is how many there are of a value, the most first.
type FacetValue struct {
	Value string
	Count int64
}

// Facets counts them. Of the values of a filter those are counted that the other filters let through: so a second one can be chosen.
func (s *Service) Facets(ctx context.Context, who audit.Actor, q Query) (Facets, error) {
	var list []store.ActionFacet
	err := s.view(ctx, who, func(d *desk) error {
		ask, err := d.ask(q)
		if err != nil || ask == nil {
			return err
		}
		ask.Statuses, ask.Types, ask.Sources, ask.Groups, ask.Workload = nil, nil, nil, nil, rbac.NoWorkload
		list, err = d.tx.ActionFacets(*ask)
		return err
	})
	in := func(list []string, value string) bool { return len(list) == 0 || slices.Contains(list, value) }
	filters := []struct {
		lets  func(store.ActionFacet) bool
		value func(store.ActionFacet) string
	}{
		{func(f store.ActionFacet) bool { return in(q.Statuses, f.Status) }, func(f store.ActionFacet) string { return f.Status }},
		{func(f store.ActionFacet) bool { return in(q.Types, f.Type) }, func(f store.ActionFacet) string { return f.Type }},
		{func(f store.ActionFacet) bool { return in(q.Sources, f.Source) }, func(f store.ActionFacet) string { return f.Source }},
		{func(f store.ActionFacet) bool { return q.Workload == rbac.NoWorkload || q.Workload == f.Workload }, func(f store.ActionFacet) string { return f.Workload.String() }},
		{func(f store.ActionFacet) bool { return in(q.Groups, f.Group) }, func(f store.ActionFacet) string { return f.Group }},
	}
	counts := make([]map[string]int64, len(filters))
	for i := range counts {
		counts[i] = map[string]int64{}
	}
	var total int64
	for _, f := range list {
		kept, by := len(filters), -1 // how many let it through, and the last that does not
		for i, filter := range filters {
			if !filter.lets(f) {
				kept, by = kept-1, i
			}
		}
		switch kept {
		case len(filters):
			total += f.Count
			for i, filter := range filters {
				counts[i][filter.value(f)] += f.Count
			}
		case len(filters) - 1:
			counts[by][filters[by].value(f)] += f.Count
		}
	}
	delete(counts[4], "") // that there is none is no value
	return Facets{total, facetOf(counts[0]), facetOf(counts[1]), facetOf(counts[2]), facetOf(counts[3]), facetOf(counts[4])}, err
}

func facetOf(counts map[string]int64) []FacetValue {
	list := []FacetValue{}
	for value, n := range counts {
		list = append(list, FacetValue{value, n})
	}
	slices.SortFunc(list, func(a, b FacetValue) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
	})
	return list
}
