package investigation

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

// UpdateAlert changes an alert's status, assignee, classification, determination or custom details, and gives the alert
// as it is then. It takes T3 in every workload and on every device group of the alert, and to see it (S8, C14).
func (s *Service) UpdateAlert(ctx context.Context, actor audit.Actor, id string, body []byte, ifMatch string, form Form) (json.RawMessage, error) {
	return s.updateAlert(ctx, actor, id, body, marked(ifMatch), form)
}

func (s *Service) updateAlert(ctx context.Context, actor audit.Actor, id string, body []byte, as state, form Form) (json.RawMessage, error) {
	var item json.RawMessage
	err := s.door.Change(ctx, actor, "alerts.update", func(tx store.Writer, rec *audit.Record) error {
		v, row, err := s.alertToChange(ctx, tx, actor, id, rec)
		if err != nil {
			return err
		}
		ch, err := readChange(alerts, body)
		if err != nil {
			return err
		}
		current, err := v.alert(row, etagForm)
		if err != nil {
			return err
		}
		if err := as(current); err != nil {
			return err
		}
		e, changed, err := editAlert(row, ch, s.now())
		if err != nil {
			return err
		}
		if len(changed.before) == 0 {
			rec.Skip()
		} else {
			rec.Before, rec.After = changed.before, changed.after
			if err := tx.SaveAlert(e); err != nil {
				return err
			}
			if row, err = v.findAlert(id); err != nil {
				return err
			}
		}
		item, err = v.alert(row, form)
		return err
	})
	return item, err
}

// alertToChange finds an alert that the actor sees, and refuses unless they may change it.
func (s *Service) alertToChange(ctx context.Context, tx store.Writer, actor audit.Actor, id string, rec *audit.Record) (*sight, store.AlertRow, error) {
	v, err := s.sightForChange(ctx, tx, actor.Name)
	if err != nil {
		return nil, store.AlertRow{}, err
	}
	row, err := v.findAlert(id)
	if err != nil {
		return nil, row, err
	}
	rec.Object, rec.PolicyRevision = "alert:"+row.ID, v.snapshot.Revision()
	rec.Workload = auditWorkload(v.classes.item(row.Class).Workloads)
	if a := v.manageAlert(row.Class); !a.Allowed {
		return nil, row, fault.Denied("change alert "+row.ID, "%s", a.Reason).WithLacks(a.Reason)
	}
	return v, row, nil
}

// changes are the properties that changed, for the record.
type changes struct {
	before, after map[string]any
}

func (c *changes) note(name string, before, after string) bool {
	if before == after {
		return false
	}
	if c.before == nil {
		c.before, c.after = map[string]any{}, map[string]any{}
	}
	c.before[name], c.after[name] = before, after
	return true
}

// noteText is note for what is investigation data itself: the log, which has readers of its own, keeps digests of it.
func (c *changes) noteText(name string, before, after string) bool {
	if before == after {
		return false
	}
	return c.note(name, digest(before), digest(after))
}

// digest proves a text to who has it, and tells others nothing of it but that it is not empty.
func digest(text string) string {
	if text == "" {
		return ""
	}
	return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(text)))
}

// editAlert applies a change to the stored object and its columns.
func editAlert(row store.AlertRow, ch change, now time.Time) (store.AlertEdit, changes, error) {
	var c changes
	o, err := store.ParseObject(row.Body)
	if err != nil {
		return store.AlertEdit{}, c, err
	}
	e := store.AlertEdit{
		ID: row.ID, Status: o.Text("status"), AssignedTo: o.Text("assignedTo"),
		Classification: o.Text("classification"), Determination: o.Text("determination"),
	}
	classification, determination, err := ch.verdict(e.Classification, e.Determination)
	if err != nil {
		return e, c, err
	}
	if c.note("classification", e.Classification, classification) {
		e.Classification = classification
		o.Set("classification", nullable(classification))
	}
	if c.note("determination", e.Determination, determination) {
		e.Determination = determination
		o.Set("determination", nullable(determination))
	}
	if ch.assignedTo != nil && c.note("assignedTo", e.AssignedTo, *ch.assignedTo) {
		e.AssignedTo = *ch.assignedTo
		o.Set("assignedTo", nullable(e.AssignedTo))
	}
	if ch.status != nil && c.note("status", e.Status, *ch.status) {
		e.Status = *ch.status
		o.Set("status", store.Quote(e.Status))
		o.Set("resolvedDateTime", json.RawMessage("null"))
		if e.Status == "resolved" {
			o.Set("resolvedDateTime", stamp(now))
		}
	}
	if ch.customDetails != nil && c.noteText("customDetails", string(o.Get("customDetails")), string(ch.customDetails)) {
		o.Set("customDetails", ch.customDetails)
	}
	e.Updated = later(now, o)
	if len(c.before) > 0 {
		o.Set("lastUpdateDateTime", stamp(e.Updated))
	}
	e.Body = o.JSON()
	return e, c, nil
}

// later is now, or just after the last update if that lies ahead: a client that polls by it must not miss a change.
// Both are cut to what the format can write.
func later(now time.Time, o store.Object) time.Time {
	now = now.UTC().Truncate(100 * time.Nanosecond)
	if last, err := parseTime(o.Text("lastUpdateDateTime")); err == nil && !now.After(last) {
		return last.Truncate(100 * time.Nanosecond).Add(100 * time.Nanosecond)
	}
	return now
}

// CommentAlert adds a comment and gives all of them. It takes what changing the alert takes.
func (s *Service) CommentAlert(ctx context.Context, actor audit.Actor, id string, body []byte, ifMatch string) ([]json.RawMessage, error) {
	return s.commentAlert(ctx, actor, id, body, marked(ifMatch))
}

func (s *Service) commentAlert(ctx context.Context, actor audit.Actor, id string, body []byte, as state) ([]json.RawMessage, error) {
	var all []json.RawMessage
	err := s.door.Change(ctx, actor, "alerts.comment", func(tx store.Writer, rec *audit.Record) error {
		v, row, err := s.alertToChange(ctx, tx, actor, id, rec)
		if err != nil {
			return err
		}
		text, err := readComment(body)
		if err != nil {
			return err
		}
		current, err := v.alert(row, etagForm)
		if err != nil {
			return err
		}
		if err := as(current); err != nil {
			return err
		}
		rec.After = map[string]string{"comment": digest(text)}
		now := s.now()
		if err := tx.AddAlertComment(row.ID, store.Comment{Text: text, By: actor.Name, At: now}); err != nil {
			return err
		}
		e, _, err := editAlert(row, change{}, now)
		if err != nil {
			return err
		}
		o, err := store.ParseObject(e.Body)
		if err != nil {
			return err
		}
		o.Set("lastUpdateDateTime", stamp(e.Updated))
		e.Body = o.JSON()
		if err := tx.SaveAlert(e); err != nil {
			return err
		}
		if row, err = v.findAlert(id); err != nil {
			return err
		}
		all, err = commentsOf(row.Body, row.Comments)
		return err
	})
	return all, err
}

func commentsOf(body json.RawMessage, written []store.Comment) ([]json.RawMessage, error) {
	o := store.Object{}
	if len(body) > 0 {
		var err error
		if o, err = store.ParseObject(body); err != nil {
			return nil, err
		}
	}
	if err := addComments(&o, written); err != nil {
		return nil, err
	}
	return store.ParseArray(o.Get("comments"))
}
