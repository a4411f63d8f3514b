package analytics

import (
	"context"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/store"
)

// CardSize is how many reports a card of the dashboard names.
const CardSize = 3

// Dashboard is what somebody meets first: the cards, and by what the list can be narrowed. A card that is ordered by what the
// reader may not know is empty, and its part says so.
type Dashboard struct {
	Total                   int64
	Severities, Types, Tags []Facet
	Alerts, Exposure, Mail  Part
	Latest                  []Item
	HighImpact              []Item // with most alerts; only those that have any
	HighestExposure         []Item // of the organisation; only those to which any device is open
	Checked                 int64  // devices of which anything is known
}

// Facet is a value that reports have, and how many.
type Facet struct {
	Value string
	Count int64
}

// Dashboard gives it.
func (s *Service) Dashboard(ctx context.Context, who audit.Actor) (Dashboard, error) {
	var board Dashboard
	err := s.view(ctx, who, func(d *desk) error {
		board = Dashboard{}
		if err := d.area("open threat analytics"); err != nil {
			return err
		}
		reports, err := d.tx.Reports()
		if err != nil {
			return err
		}
		items, err := d.cards(reports)
		if err != nil {
			return err
		}
		board.Total = int64(len(items))
		board.Alerts, board.Exposure, board.Mail = d.alertsPart(), d.exposurePart(), d.mailPart()
		if board.Exposure.Allowed() {
			if board.Checked, err = d.tx.CheckedDevices(d.devices(d.exposure)); err != nil {
				return err
			}
		}
		board.Severities = facets(reports, func(p store.Report) []string { return []string{p.Severity} })
		board.Types = facets(reports, func(p store.Report) []string { return []string{p.Type} })
		board.Tags = facets(reports, func(p store.Report) []string { return p.Body.Tags })
		board.Latest = top(items, "updated", func(Item) bool { return true })
		board.HighImpact = top(items, "alerts", func(i Item) bool { return i.Alerts.Active+i.Alerts.Resolved > 0 })
		board.HighestExposure = top(items, "exposure", func(i Item) bool { return i.Exposure.Exposed > 0 })
		return nil
	})
	return board, err
}

// top gives the first of an order that are worth a place on a card.
func top(items []Item, by string, worth func(Item) bool) []Item {
	list := slices.DeleteFunc(slices.Clone(items), func(i Item) bool { return !worth(i) })
	slices.SortStableFunc(list, func(a, b Item) int { return orders[by].greater(b, a) })
	return list[:min(len(list), CardSize)]
}

// facets counts the values of a field; those that differ in case alone are one, as first met.
func facets(reports []store.Report, of func(store.Report) []string) []Facet {
	list := []Facet{}
	place := map[string]int{}
	for _, p := range reports {
		for _, v := range of(p) {
			if v == "" {
				continue
			}
			i, known := place[strings.ToLower(v)]
			if !known {
				i = len(list)
				place[strings.ToLower(v)] = i
				list = append(list, Facet{Value: v})
			}
			list[i].Count++
		}
	}
	slices.SortStableFunc(list, func(a, b Facet) int { return strings.Compare(strings.ToLower(a.Value), strings.ToLower(b.Value)) })
	return list
}
