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

// Orders are what the list can be ordered by: the last updated first, the gravest, the most exposed, or the one with most alerts.
var Orders = []string{"updated", "severity", "exposure", "alerts"}

// Query is a list of reports as somebody asks for it.
type Query struct {
	OrderBy  string // one of Orders; empty: updated
	Severity string
	Tag      string
	Search   string // in id, title, tags, actors and techniques
	After    string // id of the last one of the page before
	Limit    int
}

// Page is one page of it.
type Page struct {
	Items []Item
	Total int64
	Next  string // After of the next page; empty: this is the last
}

var severityRank = map[string]int{"high": 4, "medium": 3, "low": 2, "informational": 1}

// List gives the reports, with what each means to the organisation as far as the reader may know. What they may not know does not
// order the list either.
func (s *Service) List(ctx context.Context, who audit.Actor, q Query) (Page, error) {
	const op = "list reports"
	page := Page{Items: []Item{}}
	if q.OrderBy == "" {
		q.OrderBy = Orders[0]
	}
	if !slices.Contains(Orders, q.OrderBy) {
		return page, fault.Invalid(op, "order %q: want one of %s", shorten(q.OrderBy), strings.Join(Orders, ", "))
	}
	err := s.view(ctx, who, func(d *desk) error {
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
		slices.SortStableFunc(items, func(a, b Item) int { return q.compare(a, b) })
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

func (q Query) finds(p store.Report) bool {
	if q.Severity != "" && !strings.EqualFold(q.Severity, p.Severity) {
		return false
	}
	if q.Tag != "" && !slices.ContainsFunc(p.Body.Tags, func(t string) bool { return strings.EqualFold(t, q.Tag) }) {
		return false
	}
	search := strings.ToLower(strings.TrimSpace(q.Search))
	return slices.ContainsFunc(slices.Concat([]string{p.ID, p.Title}, p.Body.Tags, p.Body.Actors, p.Body.Techniques), func(s string) bool {
		return strings.Contains(strings.ToLower(s), search)
	})
}

// compare orders two reports that the store gave by their last update.
func (q Query) compare(a, b Item) int {
	switch q.OrderBy {
	case "severity":
		return severityRank[b.Severity] - severityRank[a.Severity]
	case "exposure":
		return cmp.Or(levelRank[b.Exposure.Level]-levelRank[a.Exposure.Level], cmp.Compare(b.Exposure.Exposed, a.Exposure.Exposed))
	case "alerts":
		return cmp.Or(cmp.Compare(b.Alerts.Active+b.Alerts.Resolved, a.Alerts.Active+a.Alerts.Resolved), cmp.Compare(b.Alerts.Active, a.Alerts.Active))
	}
	return 0
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
		if err := spread(place, q, d.tx.ExposedCounts, func(i *Item, c store.ReportCount) { i.Exposure.Exposed = c.Count }); err != nil {
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

func (i *Item) countMail(c store.ReportCount) {
	if c.Kind == "blocked" {
		i.Mail.Blocked = c.Count
	} else {
		i.Mail.Junked = c.Count
	}
}
