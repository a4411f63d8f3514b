package analytics

import (
	"context"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

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

// Exposed gives a page of the devices on which a mitigation is missing, or any of the report's, those with the worst weakness first, and
// how many there are on all pages.
func (s *Service) Exposed(ctx context.Context, who audit.Actor, report, mitigation string, after store.ExposedPlace, limit int) ([]store.ExposedDevice, int64, error) {
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
			if c.Kind == store.ExposedDevices {
				total = c.Count
			}
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
