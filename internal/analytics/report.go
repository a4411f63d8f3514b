package analytics

import (
	"context"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Find gives one report with its text, counts by day and mitigations.
func (s *Service) Find(ctx context.Context, who audit.Actor, id string) (Item, error) {
	var item Item
	err := s.view(ctx, who, func(d *desk) error {
		p, err := d.report(id)
		if err != nil {
			return err
		}
		cards, err := d.cards([]store.Report{p})
		if err != nil {
			return err
		}
		item = cards[0]
		for _, add := range []func(*Item) error{d.addDays, d.addIncidents, d.addMail, d.addMitigations} {
			if err := add(&item); err != nil {
				return err
			}
		}
		return nil
	})
	return item, err
}

// days gives an empty day for each of the last n, and finds the one of a count.
func days[D any](first time.Time, n int, empty func(time.Time) D) (list []D, of func(day int64) *D) {
	for i := range n {
		list = append(list, empty(first.AddDate(0, 0, i)))
	}
	begin := first.Unix() / int64(24*time.Hour/time.Second)
	return list, func(day int64) *D {
		if i := day - begin; i >= 0 && i < int64(len(list)) {
			return &list[i]
		}
		return new(D) // of a day that has not come: by a clock that is ahead
	}
}

func (d *desk) addDays(i *Item) error {
	if !i.Alerts.Allowed() {
		return nil
	}
	q, err := d.related(i.ID)
	if err != nil {
		return err
	}
	q.Since = d.firstDay(SeriesDays)
	counts, err := d.tx.RelatedDays(q)
	if err != nil {
		return err
	}
	list, of := days(q.Since, SeriesDays, func(t time.Time) AlertDay { return AlertDay{Date: t} })
	for _, c := range counts {
		if c.Kind == "resolved" {
			of(c.Day).Resolved = c.Count
		} else {
			of(c.Day).Active = c.Count
		}
	}
	i.Alerts.Days = list
	if counts, err = d.tx.AssetDays(q); err != nil {
		return err
	}
	assets, on := days(q.Since, SeriesDays, func(t time.Time) AssetDay { return AssetDay{Date: t} })
	for _, c := range counts {
		switch c.Kind {
		case "device":
			on(c.Day).Devices = c.Count
		case "mailbox":
			on(c.Day).Mailboxes = c.Count
		case "user":
			on(c.Day).Users = c.Count
		}
	}
	i.Assets.Days = assets
	return nil
}

func (d *desk) addIncidents(i *Item) error {
	if !i.Incidents.Allowed() {
		return nil
	}
	q, err := d.related(i.ID, d.see)
	if err != nil {
		return err
	}
	i.Incidents.Counted = true
	_, i.Incidents.Total, err = d.tx.RelatedIncidents(q)
	return err
}

func (d *desk) addMail(i *Item) error {
	if !i.Mail.Allowed() || !i.Mail.Known {
		return nil
	}
	first := d.firstDay(MailDays)
	counts, err := d.tx.PreventedDays(store.MailQuery{Report: i.ID, Since: first})
	if err != nil {
		return err
	}
	list, of := days(first, MailDays, func(t time.Time) MailDay { return MailDay{Date: t} })
	for _, c := range counts {
		if c.Kind == "blocked" {
			of(c.Day).Blocked = c.Count
		} else {
			of(c.Day).Junked = c.Count
		}
	}
	i.Mail.Days = list
	return nil
}

// addMitigations tells what the report asks for, to everybody: that is its text. The numbers are for who has the right.
func (d *desk) addMitigations(i *Item) error {
	counts := map[string]store.MitigationCount{}
	if i.Exposure.Allowed() {
		list, err := d.tx.MitigationCounts(store.ExposureQuery{Report: i.ID, Devices: d.devices(d.exposure)})
		if err != nil {
			return err
		}
		for _, c := range list {
			counts[c.Mitigation] = c
		}
	}
	for _, given := range i.Body.Mitigations {
		m := Mitigation{Mitigation: given, Measured: given.CVE != "" || given.Configuration != ""}
		if i.Exposure.Allowed() && m.Measured {
			if err := d.measure(&m, counts[given.ID], i.Exposure.Checked); err != nil {
				return err
			}
		}
		i.Mitigations = append(i.Mitigations, m)
	}
	return nil
}

// measure adds the numbers, and what the product knows of the thing in general. A vulnerability is on no device if anything is
// known of devices and nothing of it; a check must have been made to be passed.
func (d *desk) measure(m *Mitigation, c store.MitigationCount, devices int64) error {
	m.Exposed = c.Exposed
	if m.CVE != "" {
		m.Checked, m.Known = devices, devices > 0
		kb, found, err := d.tx.VulnerabilityKB(m.CVE)
		if found {
			m.Severity, m.CVSS, m.Exploit, m.Advice = kb.Severity, kb.CVSS, kb.Exploit, kb.Description
		}
		return err
	}
	m.Checked, m.Known = c.Checked, c.Checked > 0
	kb, found, err := d.tx.ConfigurationKB(m.Configuration)
	if found {
		m.Advice = kb.Remediation
		if m.Title == m.Configuration && kb.Name != "" {
			m.Title = kb.Name
		}
	}
	return err
}

// Incident is a related incident, as its reader sees it (S9).
type Incident struct {
	store.IncidentRow
	Name string
}

// Incidents gives a page of the incidents of a report's alerts that the reader sees, the newest alert first, and how many there
// are on all pages.
func (s *Service) Incidents(ctx context.Context, who audit.Actor, report string, skip, limit int) ([]Incident, int64, error) {
	list, total := []Incident{}, int64(0)
	err := s.view(ctx, who, func(d *desk) error {
		list, total = []Incident{}, 0
		if _, err := d.report(report); err != nil {
			return err
		}
		if err := d.incidentsPart().refuse("list related incidents"); err != nil {
			return err
		}
		q, err := d.related(report, d.see)
		if err != nil {
			return err
		}
		q.Skip, q.Limit = skip, limit
		ids, n, err := d.tx.RelatedIncidents(q)
		if err != nil {
			return err
		}
		total = n
		visible, err := d.visible()
		if err != nil {
			return err
		}
		for _, id := range ids {
			row, found, err := d.tx.Incident(id, visible)
			if err != nil {
				return err
			}
			if !found {
				continue // an alert of it is in sight, so it is
			}
			name, err := d.name(d.tx, visible, row)
			if err != nil {
				return err
			}
			list = append(list, Incident{row, name})
		}
		return nil
	})
	return list, total, err
}

// Kinds are the kinds of assets.
var Kinds = []string{"device", "mailbox", "user"}

// Assets gives a page of what a report's alerts are about, those with most alerts first, and how many there are on all pages.
func (s *Service) Assets(ctx context.Context, who audit.Actor, report, kind string, after store.AssetPlace, limit int) ([]store.Asset, int64, error) {
	const op = "list impacted assets"
	list, total := []store.Asset{}, int64(0)
	err := s.view(ctx, who, func(d *desk) error {
		list, total = []store.Asset{}, 0
		if _, err := d.report(report); err != nil {
			return err
		}
		if err := d.alertsPart().refuse(op); err != nil {
			return err
		}
		q, err := d.related(report)
		if err != nil {
			return err
		}
		counts, err := d.tx.AssetCounts(q)
		if err != nil {
			return err
		}
		for _, c := range counts {
			if c.Kind == kind {
				total = c.Count
			}
		}
		q.Kind, q.After, q.Limit = kind, after, limit
		found, err := d.tx.Assets(q)
		list = append(list, found...)
		return err
	})
	return list, total, err
}

// Exposed gives a page of the devices on which a mitigation is missing, or any of the report's, by id, and how many there are on
// all pages.
func (s *Service) Exposed(ctx context.Context, who audit.Actor, report, mitigation, after string, limit int) ([]store.ExposedDevice, int64, error) {
	list, total := []store.ExposedDevice{}, int64(0)
	err := s.view(ctx, who, func(d *desk) error {
		list, total = []store.ExposedDevice{}, 0
		p, err := d.report(report)
		if err != nil {
			return err
		}
		if err := d.exposurePart().refuse("list exposed devices"); err != nil {
			return err
		}
		if mitigation != "" && !has(p, mitigation) {
			return fault.NotFound("mitigation", "the report has no mitigation %q", shorten(mitigation))
		}
		q := store.ExposureQuery{Report: report, Mitigation: mitigation, Devices: d.devices(d.exposure), After: after, Limit: limit}
		counts, err := d.tx.ExposedCounts(q)
		if err != nil {
			return err
		}
		for _, c := range counts {
			total = c.Count
		}
		found, err := d.tx.ExposedDevices(q)
		list = append(list, found...)
		return err
	})
	return list, total, err
}

func has(p store.Report, mitigation string) bool {
	for _, m := range p.Body.Mitigations {
		if m.ID == mitigation {
			return true
		}
	}
	return false
}

// Prevented gives a page of the messages that were kept from their recipients, the newest first, and how many there are on all
// pages.
func (s *Service) Prevented(ctx context.Context, who audit.Actor, report string, after store.MailPlace, limit int) ([]store.Mail, int64, error) {
	list, total := []store.Mail{}, int64(0)
	err := s.view(ctx, who, func(d *desk) error {
		list, total = []store.Mail{}, 0
		if _, err := d.report(report); err != nil {
			return err
		}
		if err := d.mailPart().refuse("list prevented mail"); err != nil {
			return err
		}
		q := store.MailQuery{Report: report, Since: d.firstDay(MailDays), After: after, Limit: limit}
		counts, err := d.tx.PreventedCounts(q)
		if err != nil {
			return err
		}
		for _, c := range counts {
			total += c.Count
		}
		found, err := d.tx.Prevented(q)
		list = append(list, found...)
		return err
	})
	return list, total, err
}

// Remove forgets a report. It takes the right to manage the centre's settings, as loading does.
func (s *Service) Remove(ctx context.Context, who audit.Actor, id string) error {
	return s.door.Change(ctx, who, "reports.remove", func(tx store.Writer, rec *audit.Record) error {
		snapshot, err := s.snapshots.Snapshot(ctx)
		if err != nil {
			return err
		}
		rec.Object, rec.Workload, rec.PolicyRevision = "report:"+shorten(id), rbac.Other, snapshot.Revision()
		if !who.Local && !snapshot.Decide(rbac.Request{
			Principal: who.Name, Capability: rbac.ManageSettings, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Other}}, At: s.now(),
		}).Allowed {
			lack := catalog.Needs(rbac.ManageSettings, rbac.Other, snapshot.Activations())
			return fault.Denied("remove a report", "%s", lack).WithLacks(lack)
		}
		p, found, err := tx.Report(id)
		if err != nil {
			return err
		}
		if !found {
			return fault.NotFound("report", "there is no report %q", shorten(id))
		}
		rec.Before = map[string]string{"title": p.Title, "updated": p.Updated.Format(time.RFC3339)}
		_, err = tx.RemoveReport(id)
		return err
	})
}
