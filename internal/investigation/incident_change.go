package investigation

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// manageIncident asks about all alerts of an incident, hidden ones too (R17).
func (v *sight) manageIncident(all []int64) Action { return v.may(v.manage, rbac.ManageAlerts, all) }

// UpdateIncident changes an incident's status, assignee, classification, determination, custom tags or resolving comment. Resolving it
// resolves its alerts, all of them or nothing.
func (s *Service) UpdateIncident(ctx context.Context, actor audit.Actor, id string, body []byte, ifMatch string, form Form) (json.RawMessage, error) {
	return s.updateIncident(ctx, actor, id, body, marked(ifMatch), form)
}

func (s *Service) updateIncident(ctx context.Context, actor audit.Actor, id string, body []byte, as state, form Form) (json.RawMessage, error) {
	var item json.RawMessage
	err := s.door.Change(ctx, actor, "incidents.update", func(tx store.Writer, rec *audit.Record) error {
		v, row, all, err := s.incidentToChange(ctx, tx, actor, id, rec)
		if err != nil {
			return err
		}
		ch, err := readChange(incidents, body)
		if err != nil {
			return err
		}
		current, err := v.incident(row, etagForm, 0)
		if err != nil {
			return err
		}
		if err := as(current); err != nil {
			return err
		}
		e, changed, err := s.editIncident(tx, row, ch)
		if err != nil {
			return err
		}
		if len(changed.before) == 0 {
			rec.Skip()
		} else {
			if e.Status == "resolved" && changed.after["status"] == "resolved" {
				resolved, err := s.resolveAlerts(v, tx, all, row.ID)
				if err != nil {
					return err
				}
				changed.after["alertsResolved"] = resolved
			}
			rec.Before, rec.After = changed.before, changed.after
			if err := tx.SaveIncident(e); err != nil {
				return err
			}
			if row, err = v.findIncident(id); err != nil {
				return err
			}
		}
		item, err = v.incident(row, form, 0)
		return err
	})
	return item, err
}

func (s *Service) incidentToChange(ctx context.Context, tx store.Writer, actor audit.Actor, id string, rec *audit.Record) (*sight, store.IncidentRow, []int64, error) {
	v, err := s.sightForChange(ctx, tx, actor.Name)
	if err != nil {
		return nil, store.IncidentRow{}, nil, err
	}
	if actor.Local {
		v.own()
	}
	row, err := v.findIncident(id)
	if err != nil {
		return nil, row, nil, err
	}
	all, err := tx.IncidentClasses(row.ID)
	if err != nil {
		return nil, row, nil, err
	}
	rec.Object, rec.PolicyRevision = "incident:"+row.ID, v.snapshot.Revision()
	rec.Workload = auditWorkload(v.workloadsOf(all))
	if a := v.manageIncident(all); !a.Allowed {
		return nil, row, nil, fault.Denied("change incident "+row.ID, "%s", a.Reason).WithLacks(a.Reason)
	}
	return v, row, all, v.notRedirected(row)
}

// notRedirected refuses to change what was merged away: its alerts are elsewhere.
func (v *sight) notRedirected(row store.IncidentRow) error {
	if row.Redirect == "" && row.Status != "redirected" {
		return nil
	}
	to, err := v.redirect(row)
	if err != nil {
		return err
	}
	return fault.Conflict("change incident "+row.ID, "%s", redirected(to))
}

func redirected(to string) string {
	if to == "" {
		return "it was merged into another incident"
	}
	return "it was merged into incident " + to
}

// redirect is the incident that one was merged into, if it is in sight.
func (v *sight) redirect(row store.IncidentRow) (string, error) {
	if row.Redirect == "" {
		return "", nil
	}
	_, found, err := v.tx.Incident(row.Redirect, v.visible)
	if !found {
		return "", err
	}
	return row.Redirect, err
}

// resolveAlerts resolves what is not. It is a change of each alert, so each must be in sight (C14): who manages a
// product that they can't view may not reach its alerts this way.
func (s *Service) resolveAlerts(v *sight, tx store.Writer, all []int64, id string) ([]string, error) {
	if a := v.may(v.see, rbac.ViewInvestigation, all); !a.Allowed {
		return nil, fault.Denied("resolve incident "+id, "that resolves its alerts, and some are out of your sight: %s", a.Reason).WithLacks(a.Reason)
	}
	rows, err := tx.AlertsOfIncident(id, v.visible, 0)
	if err != nil {
		return nil, err
	}
	resolved := []string{}
	status := "resolved"
	for _, row := range rows {
		if row.Left { // what is kept of it is all of it
			if row, _, err = tx.Alert(row.ID, v.visible); err != nil {
				return nil, err
			}
		}
		e, changed, err := editAlert(row, change{status: &status}, s.now())
		if err != nil {
			return nil, err
		}
		if len(changed.before) == 0 {
			continue
		}
		if err := tx.SaveAlert(e); err != nil {
			return nil, err
		}
		resolved = append(resolved, row.ID)
	}
	return resolved, nil
}

// editIncident applies a change to the whole of the stored incident, whatever part of it the actor sees.
func (s *Service) editIncident(tx store.Reader, row store.IncidentRow, ch change) (store.IncidentEdit, changes, error) {
	var c changes
	whole, _, err := tx.Incident(row.ID, store.Visible{All: true})
	if err != nil {
		return store.IncidentEdit{}, c, err
	}
	var o store.Object
	if len(whole.Body) > 0 {
		if o, err = store.ParseObject(whole.Body); err != nil {
			return store.IncidentEdit{}, c, err
		}
	}
	e := store.IncidentEdit{
		ID: row.ID, Status: row.OwnStatus, AssignedTo: row.AssignedTo, Classification: row.Classification, Determination: row.Determination,
	}
	tags, err := store.ParseArray(o.Get("customTags"))
	if err != nil {
		return e, c, err
	}
	for _, t := range tags {
		e.CustomTags = append(e.CustomTags, store.Text(t))
	}
	classification, determination, err := ch.verdict(e.Classification, e.Determination)
	if err != nil {
		return e, c, err
	}
	c.note("classification", e.Classification, classification)
	c.note("determination", e.Determination, determination)
	e.Classification, e.Determination = classification, determination
	if ch.assignedTo != nil && c.note("assignedTo", e.AssignedTo, *ch.assignedTo) {
		e.AssignedTo = *ch.assignedTo
	}
	if ch.status != nil && c.note("status", row.Status, *ch.status) {
		e.Status = *ch.status
	}
	// A reader of a part sees neither, and writing them blindly would erase what others wrote. The same text is refused, too: or
	// they could try what it is.
	if (ch.customTags != nil || ch.resolvingComment != nil) && row.Partial {
		return e, c, fault.Denied("change the tags or the resolving comment of incident "+row.ID, "they are for readers of all its alerts")
	}
	if ch.customTags != nil && !slices.Equal(*ch.customTags, e.CustomTags) {
		c.noteText("customTags", string(encode(e.CustomTags)), string(encode(*ch.customTags)))
		e.CustomTags = *ch.customTags
	}
	if len(whole.Body) == 0 {
		o = store.Object{{Name: "id", Value: store.Quote(row.ID)}}
	}
	o.Set("customTags", encode(e.CustomTags))
	if ch.resolvingComment != nil && c.noteText("resolvingComment", o.Text("resolvingComment"), *ch.resolvingComment) {
		o.Set("resolvingComment", nullable(*ch.resolvingComment))
	}
	e.Quiet = c.before["status"] == nil && c.before["assignedTo"] == nil && c.before["classification"] == nil && c.before["determination"] == nil
	e.Updated = later(s.now(), store.Object{{Name: "lastUpdateDateTime", Value: stamp(whole.Updated)}})
	e.Body = o.JSON()
	return e, c, nil
}

// CommentIncident adds a comment and gives those that the actor may read: all, or none for a reader of a part.
func (s *Service) CommentIncident(ctx context.Context, actor audit.Actor, id string, body []byte, ifMatch string) ([]json.RawMessage, error) {
	return s.commentIncident(ctx, actor, id, body, marked(ifMatch))
}

func (s *Service) commentIncident(ctx context.Context, actor audit.Actor, id string, body []byte, as state) ([]json.RawMessage, error) {
	all := []json.RawMessage{}
	err := s.door.Change(ctx, actor, "incidents.comment", func(tx store.Writer, rec *audit.Record) error {
		v, row, _, err := s.incidentToChange(ctx, tx, actor, id, rec)
		if err != nil {
			return err
		}
		text, err := readComment(body)
		if err != nil {
			return err
		}
		current, err := v.incident(row, etagForm, 0)
		if err != nil {
			return err
		}
		if err := as(current); err != nil {
			return err
		}
		rec.After = map[string]string{"comment": digest(text)}
		if err := tx.AddIncidentComment(row.ID, store.Comment{Text: text, By: actor.Name, At: s.now()}); err != nil {
			return err
		}
		e, _, err := s.editIncident(tx, row, change{})
		if err != nil {
			return err
		}
		if err := tx.SaveIncident(e); err != nil {
			return err
		}
		if row, err = v.findIncident(id); err != nil || row.Partial {
			return err
		}
		all, err = commentsOf(row.Body, row.Comments)
		return err
	})
	return all, err
}
