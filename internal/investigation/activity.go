package investigation

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
)

// Activity is a change that somebody made to an alert or an incident, from the log. What was written is there as a digest.
type Activity struct {
	At            time.Time
	Actor         string
	Operation     string
	Kind, ID      string // alert or incident, and which
	Before, After json.RawMessage
}

// mostActivity is how far back one page of it reaches.
const mostActivity = 200

// AlertActivity is what was done to an alert, newest first.
func (s *Service) AlertActivity(ctx context.Context, reader, id string) ([]Activity, error) {
	var list []Activity
	err := s.view(ctx, reader, func(v *sight) error {
		row, err := v.findAlert(id)
		if err != nil {
			return err
		}
		list, err = v.activity("alert:" + row.ID)
		return err
	})
	return list, err
}

// IncidentActivity is what was done to an incident and its alerts, newest first. It is for the readers of all its alerts (S9):
// others are told that it is not for them.
func (s *Service) IncidentActivity(ctx context.Context, reader, id string) (list []Activity, partial bool, err error) {
	err = s.view(ctx, reader, func(v *sight) error {
		row, err := v.findIncident(id)
		if err != nil {
			return err
		}
		if partial = row.Partial; partial {
			return nil
		}
		objects := []string{"incident:" + row.ID}
		merged, err := v.tx.MergedInto(row.ID)
		if err != nil {
			return err
		}
		for _, id := range merged {
			objects = append(objects, "incident:"+id)
		}
		alerts, err := v.tx.AlertsOfIncident(row.ID, v.visible, 0)
		if err != nil {
			return err
		}
		for _, a := range alerts {
			objects = append(objects, "alert:"+a.ID)
		}
		list, err = v.activity(objects...)
		return err
	})
	return list, partial, err
}

func (v *sight) activity(objects ...string) ([]Activity, error) {
	entries, err := v.tx.AuditAbout(objects, mostActivity)
	list := make([]Activity, 0, len(entries))
	for _, e := range entries {
		list = append(list, activityOf(e))
	}
	return list, err
}

func activityOf(e store.AuditEntry) Activity {
	kind, id, _ := strings.Cut(e.Object, ":")
	return Activity{At: e.At, Actor: e.Actor, Operation: e.Operation, Kind: kind, ID: id, Before: e.Before, After: e.After}
}
