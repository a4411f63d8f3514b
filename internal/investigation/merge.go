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

const (
	mostMerged = 50   // incidents merged into one in one go
	mostInOne  = 1000 // alerts that people put into one incident
)

// Merging is an incident to be merged away, and the state that the actor has seen it in.
type Merging struct {
	ID   string
	ETag string // empty: any
}

// incidentMay tells what a reader may do with an incident. Merging and splitting move alerts, which is a change of each: all of them must be
// managed, and in sight (C14), hidden ones of course included (R17).
func (v *sight) incidentMay(row store.IncidentRow, all []int64) (manage, merge, split Action, err error) {
	manage = v.manageIncident(all)
	if row.Redirect != "" || row.Status == "redirected" {
		to, err := v.redirect(row)
		if err != nil {
			return manage, merge, split, err
		}
		if manage.Allowed {
			manage = Action{Capability: rbac.ManageAlerts, Reason: redirected(to)}
		}
		return manage, manage, manage, nil
	}
	merge = v.moveAlerts(all)
	split = merge
	if split.Allowed && row.Alerts < 2 {
		split = Action{Capability: rbac.ManageAlerts, Reason: "it has one alert"}
	}
	return manage, merge, split, nil
}

func (v *sight) moveAlerts(all []int64) Action {
	if a := v.manageIncident(all); !a.Allowed {
		return a
	}
	if a := v.may(v.see, rbac.ViewInvestigation, all); !a.Allowed {
		return a
	}
	return Action{Allowed: true, Capability: rbac.ManageAlerts}
}

// movable finds an incident whose alerts the actor may move.
func (s *Service) movable(ctx context.Context, tx store.Writer, actor audit.Actor, id, ifMatch string, rec *audit.Record) (*sight, store.IncidentRow, []int64, error) {
	v, row, all, err := s.incidentToChange(ctx, tx, actor, id, rec)
	if err != nil {
		return v, row, all, err
	}
	if a := v.moveAlerts(all); !a.Allowed {
		return v, row, all, fault.Denied("move the alerts of incident "+row.ID, "%s", a.Reason).WithLacks(a.Reason)
	}
	current, err := v.incident(row, etagForm, 0)
	if err == nil {
		err = matches(ifMatch, current)
	}
	return v, row, all, err
}

// MergeIncidents merges incidents into one, which stays what it is: its name, status, assignee and classification. Their alerts become its
// own, their tags and comments come along; they themselves lead to it from then on.
func (s *Service) MergeIncidents(ctx context.Context, actor audit.Actor, into string, from []Merging, ifMatch string) (IncidentNow, error) {
	const op = "merge incidents"
	var is IncidentNow
	err := s.door.Change(ctx, actor, "incidents.merge", func(tx store.Writer, rec *audit.Record) error {
		v, row, all, err := s.movable(ctx, tx, actor, into, ifMatch, rec)
		if err != nil {
			return err
		}
		if err := mergeable(row.ID, from); err != nil {
			return err
		}
		now := s.now().UTC()
		alerts, merged := row.Alerts, []string{}
		e, _, err := s.editIncident(tx, row, change{})
		if err != nil {
			return err
		}
		for _, m := range from {
			var of audit.Record
			_, other, classes, err := s.movable(ctx, tx, actor, m.ID, m.ETag, &of)
			if err != nil {
				rec.Object, rec.Workload = of.Object, of.Workload // it is this one that was refused
				return err
			}
			if row.Status == "resolved" && other.Status != "resolved" {
				return fault.Conflict(op, "incident %s is resolved and %s is not: open it again first, or merge it into the other", row.ID, other.ID)
			}
			if alerts += other.Alerts; alerts > mostInOne {
				return fault.Conflict(op, "incident %s would have %d alerts: want at most %d", row.ID, alerts, mostInOne)
			}
			all = append(all, classes...)
			rec.Workload = auditWorkload(v.workloadsOf(all))
			if err := s.bringAlong(tx, row.ID, other, &e); err != nil {
				return err
			}
			if err := tx.MergeIncident(row.ID, other.ID, now); err != nil {
				return err
			}
			merged = append(merged, other.ID)
			rec.Also("incident:"+other.ID, map[string]any{"status": other.Status}, map[string]any{"status": "redirected"})
		}
		rec.After = map[string]any{"merged": merged, "alerts": alerts}
		if e.Body, err = withTags(e); err != nil {
			return err
		}
		e.Quiet = false
		if err := tx.SaveIncident(e); err != nil {
			return err
		}
		is, err = v.now(row.ID)
		return err
	})
	return is, err
}

// IncidentNow is an incident after it was merged or split.
type IncidentNow struct {
	ID, Name, Status string
	Alerts           int64
	ETag             string
}

func (v *sight) now(id string) (IncidentNow, error) {
	row, err := v.findIncident(id)
	if err != nil {
		return IncidentNow{}, err
	}
	item, err := v.incident(row, etagForm, 0)
	if err != nil {
		return IncidentNow{}, err
	}
	o, err := store.ParseObject(item)
	return IncidentNow{ID: row.ID, Name: o.Text("displayName"), Status: row.Status, Alerts: row.Alerts, ETag: ETag(item)}, err
}

func mergeable(into string, from []Merging) error {
	const op = "merge incidents"
	if len(from) == 0 || len(from) > mostMerged {
		return fault.Invalid(op, "from: want 1 to %d incidents, not %d", mostMerged, len(from))
	}
	seen := map[string]bool{}
	for i, m := range from {
		if m.ID == into {
			return fault.Invalid(op, "from[%d]: an incident can't be merged into itself", i)
		}
		if seen[m.ID] {
			return fault.Invalid(op, "from[%d]: incident %s stands twice", i, shorten(m.ID))
		}
		seen[m.ID] = true
	}
	return nil
}

// bringAlong gives the incident that stays the tags of another, and its comments: those that came with its record are in its text.
func (s *Service) bringAlong(tx store.Writer, into string, other store.IncidentRow, e *store.IncidentEdit) error {
	// Whatever part of it the actor reads: nobody gets to read it who did not before.
	whole, _, err := tx.Incident(other.ID, store.Visible{All: true})
	if err != nil || len(whole.Body) == 0 {
		return err
	}
	o, err := store.ParseObject(whole.Body)
	if err != nil {
		return err
	}
	tags, err := store.ParseArray(o.Get("customTags"))
	if err != nil {
		return err
	}
	for _, t := range tags {
		if tag := store.Text(t); tag != "" && !slices.Contains(e.CustomTags, tag) {
			e.CustomTags = append(e.CustomTags, tag)
		}
	}
	comments, err := store.ParseArray(o.Get("comments"))
	if err != nil {
		return err
	}
	for _, text := range comments {
		c, err := store.ParseObject(text)
		if err != nil {
			return err
		}
		at, err := parseTime(c.Text("createdDateTime"))
		if err != nil {
			at = other.Created
		}
		if err := tx.AddIncidentComment(into, store.Comment{Text: c.Text("comment"), By: c.Text("createdByDisplayName"), At: at}); err != nil {
			return err
		}
	}
	return nil
}

func withTags(e store.IncidentEdit) (json.RawMessage, error) {
	o, err := store.ParseObject(e.Body)
	if err != nil {
		return nil, err
	}
	o.Set("customTags", encode(e.CustomTags))
	return o.JSON(), nil
}

// SplitIncident takes alerts out of an incident into one of their own, of which nothing is known but these: what was written about the whole
// stays with it.
func (s *Service) SplitIncident(ctx context.Context, actor audit.Actor, id string, alerts []string, ifMatch string) (IncidentNow, error) {
	const op = "split the incident"
	var is IncidentNow
	err := s.door.Change(ctx, actor, "incidents.split", func(tx store.Writer, rec *audit.Record) error {
		v, row, _, err := s.movable(ctx, tx, actor, id, ifMatch, rec)
		if err != nil {
			return err
		}
		members, err := tx.AlertsOfIncident(row.ID, v.visible, 0)
		if err != nil {
			return err
		}
		wanted := map[string]bool{}
		for i, a := range alerts {
			if wanted[a] {
				return fault.Invalid(op, "alerts[%d]: alert %s stands twice", i, shorten(a))
			}
			if wanted[a] = true; !slices.ContainsFunc(members, func(m store.AlertRow) bool { return m.ID == a }) {
				return fault.Invalid(op, "alerts[%d]: the incident has no alert %q", i, shorten(a))
			}
		}
		if len(alerts) == 0 || len(alerts) == len(members) {
			return fault.Invalid(op, "alerts: want some of the %d alerts, not %s", len(members), map[bool]string{true: "none", false: "all"}[len(alerts) == 0])
		}
		to, err := tx.SplitIncident(row.ID, alerts, s.now().UTC())
		if err != nil {
			return err
		}
		e, _, err := s.editIncident(tx, row, change{})
		if err != nil {
			return err
		}
		e.Quiet = false
		if err := tx.SaveIncident(e); err != nil { // it is another one now
			return err
		}
		rec.After = map[string]any{"split": to, "alerts": alerts}
		rec.Also("incident:"+to, nil, map[string]any{"alerts": alerts})
		is, err = v.now(to)
		return err
	})
	return is, err
}
