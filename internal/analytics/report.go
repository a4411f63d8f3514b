package analytics

import (
	"context"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/store"
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
		item.Removal = mayRemove(d.snapshot, d.who, d.at)
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
