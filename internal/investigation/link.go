package investigation

import (
	"context"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Place is where somebody puts an alert: an incident that there is, or a new one of a title.
type Place struct{ Incident, Title string }

// MayPlace refuses who may not put another alert into an incident: it takes the right to manage all that is in it, hidden alerts too (S9,
// R17). It is part of somebody else's change, and says in its record what that is about. A new incident is nobody's yet.
func (s *Service) MayPlace(ctx context.Context, tx store.Writer, who audit.Actor, to Place, rec *audit.Record) error {
	if to.Incident == "" {
		return nil
	}
	_, row, _, err := s.incidentToChange(ctx, tx, who, to.Incident, rec)
	if err != nil {
		return err
	}
	op := "put an alert into incident " + row.ID
	if row.Status == "resolved" {
		return fault.Conflict(op, "it is resolved: open it again first")
	}
	n, err := tx.IncidentAlerts(row.ID)
	if err == nil && n >= mostInOne {
		err = fault.Conflict(op, "it has %d alerts, as many as people put into one", n)
	}
	return err
}

// PlaceAlert takes an alert that somebody made into the queue and into an incident, which it gives. Whoever does so must manage the incident
// as it was, and the alert as it has become: every workload and every device group of it (S8). One that they would not see is not made
// either (C14).
func (s *Service) PlaceAlert(ctx context.Context, tx store.Writer, who audit.Actor, a store.Alert, to Place, rec *audit.Record) (incident string, err error) {
	if err := s.MayPlace(ctx, tx, who, to, rec); err != nil {
		return "", err
	}
	v, err := s.sightForChange(ctx, tx, who.Name)
	if err != nil {
		return "", err
	}
	a.IncidentID = to.Incident
	now := s.now().UTC()
	taker := tx.TakeRecords(s.group(v.snapshot.DeviceGroups()))
	if _, err := taker.Alert(a); err != nil {
		return "", err
	}
	// Within no time of anything else: what it shares with others does not take it elsewhere.
	if err := taker.Correlate(0, now); err != nil {
		return "", err
	}
	if err := taker.Done(); err != nil {
		return "", err
	}
	if err := tx.PlaceAlert(a.ID, store.JoinLinked, now); err != nil {
		return "", err
	}
	if v, err = s.sightForChange(ctx, tx, who.Name); err != nil { // once more: what the alert belongs to may be new
		return "", err
	}
	if who.Local {
		v.own()
	}
	row, _, err := tx.Alert(a.ID, store.Visible{All: true})
	if err != nil {
		return "", err
	}
	of := []int64{row.Class}
	rec.Workload = auditWorkload(v.workloadsOf(of))
	for _, may := range []Action{v.may(v.manage, rbac.ManageAlerts, of), v.may(v.see, rbac.ViewInvestigation, of)} {
		if !may.Allowed {
			return "", fault.Denied("make an alert of the rows", "%s", may.Reason).WithLacks(may.Reason)
		}
	}
	all, err := tx.IncidentClasses(row.IncidentID)
	if err != nil {
		return "", err
	}
	rec.Object, rec.Workload, rec.PolicyRevision = "incident:"+row.IncidentID, auditWorkload(v.workloadsOf(all)), v.snapshot.Revision()
	return row.IncidentID, s.entitle(tx, v, row.IncidentID, to.Title)
}

// entitle gives a new incident its name.
func (s *Service) entitle(tx store.Writer, v *sight, incident, title string) error {
	if title == "" {
		return nil
	}
	row, err := v.findIncident(incident)
	if err != nil {
		return err
	}
	e, _, err := s.editIncident(tx, row, change{})
	if err != nil {
		return err
	}
	o, err := store.ParseObject(e.Body)
	if err != nil {
		return err
	}
	o.Set("displayName", store.Quote(title))
	e.Body, e.Quiet = o.JSON(), false
	return tx.SaveIncident(e)
}
