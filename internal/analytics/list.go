package analytics

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

// order is a way in which the list can be ordered: the comparison of what is greater, and whether the list begins with the greatest
// unless the reader says otherwise.
type order struct {
	greater  func(a, b Item) int
	greatest bool
}

var orders = map[string]order{
	"updated":   {func(a, b Item) int { return a.Updated.Compare(b.Updated) }, true},
	"published": {func(a, b Item) int { return a.Published.Compare(b.Published) }, true},
	"title":     {func(a, b Item) int { return strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title)) }, false},
	"severity":  {func(a, b Item) int { return severityRank[a.Severity] - severityRank[b.Severity] }, true},
	"exposure": {func(a, b Item) int {
		return cmp.Or(levelRank[a.Exposure.Level]-levelRank[b.Exposure.Level], cmp.Compare(a.Exposure.Exposed, b.Exposure.Exposed))
	}, true},
	"alerts": {func(a, b Item) int {
		return cmp.Or(cmp.Compare(a.Alerts.Active+a.Alerts.Resolved, b.Alerts.Active+b.Alerts.Resolved), cmp.Compare(a.Alerts.Active, b.Alerts.Active))
	}, true},
	"assets": {func(a, b Item) int { return cmp.Compare(a.Assets.all(), b.Assets.all()) }, true},
	"mail":   {func(a, b Item) int { return cmp.Compare(a.Mail.Blocked+a.Mail.Junked, b.Mail.Blocked+b.Mail.Junked) }, true},
}

// Orders are what the list can be ordered by; Directions whether it begins with the least or the greatest.
var (
	Orders     = []string{"updated", "published", "title", "severity", "exposure", "alerts", "assets", "mail"}
	Directions = []string{"asc", "desc"}
)

var severityRank = map[string]int{"high": 4, "medium": 3, "low": 2, "informational": 1}

// Query is a list of reports as somebody asks for it. Of several values of a field any is enough.
type Query struct {
	OrderBy    string // one of Orders; empty: updated
	Direction  string // one of Directions; empty: titles from A, all else from the greatest
	Severities []string
	Types      []string
	Tags       []string
	Search     string // in id, title, type, tags, actors, techniques, detections and vulnerabilities
	After      string // id of the last one of the page before
	Limit      int
}

// Page is one page of it.
type Page struct {
	Items []Item
	Total int64
	Next  string // After of the next page; empty: this is the last
}

// List gives the reports, with what each means to the organisation as far as the reader may know. What they may not know does not
// order the list either.
func (s *Service) List(ctx context.Context, who audit.Actor, q Query) (Page, error) {
	const op = "list reports"
	page := Page{Items: []Item{}}
	by, err := q.order(op)
	if err != nil {
		return page, err
	}
	err = s.view(ctx, who, func(d *desk) error {
		page = Page{Items: []Item{}}
		if err := d.area(op); err != nil {
			return err
		}
		reports, err := d.tx.Reports()
		if err != nil {
			return err
		}
		items, err := d.cards(slices.DeleteFunc(reports, func(p store.Report) bool { return !q.finds(p) }))
		if err != nil {
			return err
		}
		slices.SortStableFunc(items, by)
		page.Total = int64(len(items))
		if q.After != "" {
			at := slices.IndexFunc(items, func(i Item) bool { return i.ID == q.After })
			if at < 0 {
				return fault.Invalid(op, "the list has changed: ask for its first page again")
			}
			items = items[at+1:]
		}
		if q.Limit > 0 && len(items) > q.Limit {
			items = items[:q.Limit]
			page.Next = items[q.Limit-1].ID
		}
		page.Items = append(page.Items, items...)
		return nil
	})
	return page, err
}

// order is by what the list is sorted. What is equal stays as the store gives it: the last updated first.
func (q Query) order(op string) (func(a, b Item) int, error) {
	by, known := orders[cmp.Or(q.OrderBy, Orders[0])]
	if !known {
		return nil, fault.Invalid(op, "order %q: want one of %s", shorten(q.OrderBy), strings.Join(Orders, ", "))
	}
	if q.Direction != "" && !slices.Contains(Directions, q.Direction) {
		return nil, fault.Invalid(op, "direction %q: want one of %s", shorten(q.Direction), strings.Join(Directions, ", "))
	}
	if q.Direction == "desc" || q.Direction == "" && by.greatest {
		return func(a, b Item) int { return by.greater(b, a) }, nil
	}
	return by.greater, nil
}

func (q Query) finds(p store.Report) bool {
	if !anyOf(q.Severities, p.Severity) || !anyOf(q.Types, p.Type) || !anyOf(q.Tags, p.Body.Tags...) {
		return false
	}
	search := strings.ToLower(strings.TrimSpace(q.Search))
	text := slices.Concat([]string{p.ID, p.Title, p.Type}, p.Body.Tags, p.Body.Actors, p.Body.Techniques, p.Body.Detections)
	for _, m := range p.Body.Mitigations {
		text = append(text, m.CVE)
	}
	return slices.ContainsFunc(text, func(s string) bool { return strings.Contains(strings.ToLower(s), search) })
}

// anyOf tells whether one of the values is wanted. Nothing wanted in particular is everything.
func anyOf(wanted []string, values ...string) bool {
	return len(wanted) == 0 || slices.ContainsFunc(values, func(v string) bool {
		return slices.ContainsFunc(wanted, func(w string) bool { return strings.EqualFold(v, w) })
	})
}

// cards adds to reports what the reader may know of them: a question for each number, whatever the number of reports.
func (d *desk) cards(reports []store.Report) ([]Item, error) {
	items := make([]Item, len(reports))
	place := map[string]*Item{}
	alerts, exposure, mail, incidents := d.alertsPart(), d.exposurePart(), d.mailPart(), d.incidentsPart()
	for i, p := range reports {
		items[i] = Item{Report: p, Alerts: Alerts{Part: alerts}, Assets: Assets{Part: alerts}, Exposure: Exposure{Part: exposure}, Mail: Mail{Part: mail}, Incidents: Incidents{Part: incidents}}
		place[p.ID] = &items[i]
	}
	one := ""
	if len(reports) == 1 {
		one = reports[0].ID
	}
	if alerts.Allowed() {
		q, err := d.related(one)
		if err != nil {
			return nil, err
		}
		if err := spread(place, q, d.tx.RelatedAlerts, (*Item).countAlerts); err != nil {
			return nil, err
		}
		if err := spread(place, q, d.tx.AssetCounts, (*Item).countAssets); err != nil {
			return nil, err
		}
	}
	if exposure.Allowed() {
		q := store.ExposureQuery{Report: one, Devices: d.devices(d.exposure)}
		checked, err := d.tx.CheckedDevices(q.Devices)
		if err != nil {
			return nil, err
		}
		if err := spread(place, q, d.tx.ExposedCounts, (*Item).countExposure); err != nil {
			return nil, err
		}
		for i := range items {
			e := &items[i].Exposure
			e.Checked, e.Level = checked, levelOf(measured(items[i].Report), e.Exposed, checked)
		}
	}
	if mail.Allowed() {
		known, err := d.tx.MailSeen()
		if err != nil {
			return nil, err
		}
		for i := range items {
			items[i].Mail.Known = known
		}
		if err := spread(place, store.MailQuery{Report: one, Since: d.firstDay(MailDays)}, d.tx.PreventedCounts, (*Item).countMail); err != nil {
			return nil, err
		}
	}
	return items, nil
}

// spread asks one question about all reports and gives each of them its part of the answer.
func spread[Q any](place map[string]*Item, q Q, ask func(Q) ([]store.ReportCount, error), give func(*Item, store.ReportCount)) error {
	list, err := ask(q)
	for _, c := range list {
		if i := place[c.Report]; i != nil {
			give(i, c)
		}
	}
	return err
}

func (i *Item) countAlerts(c store.ReportCount) {
	if c.Kind == "resolved" {
		i.Alerts.Resolved = c.Count
	} else {
		i.Alerts.Active = c.Count
	}
}

func (i *Item) countAssets(c store.ReportCount) {
	switch c.Kind {
	case "device":
		i.Assets.Devices = c.Count
	case "mailbox":
		i.Assets.Mailboxes = c.Count
	case "user":
		i.Assets.Users = c.Count
	}
}

func (i *Item) countExposure(c store.ReportCount) {
	switch c.Kind {
	case store.ExposedDevices:
		i.Exposure.Exposed = c.Count
	case store.VulnerableDevices:
		i.Exposure.Vulnerable = c.Count
	case store.MisconfiguredDevices:
		i.Exposure.Misconfigured = c.Count
	}
}

func (i *Item) countMail(c store.ReportCount) {
	if c.Kind == "blocked" {
		i.Mail.Blocked = c.Count
	} else {
		i.Mail.Junked = c.Count
	}
}
