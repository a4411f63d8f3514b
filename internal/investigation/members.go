package investigation

import (
	"context"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/store"
)

// Member is an alert of an incident and how it came into it, as far as a reader may know.
type Member struct {
	Alert string
	How   store.JoinKind // empty: not for this reader
	From  string         // merged and split: the incident that it was in before, if that is in sight
	At    time.Time
	Ties  []store.Tie
}

// IncidentMembers tells of each alert in sight how it came into an incident. Of what ties it to others only that is told of which the
// reader sees both ends. Who sees a part of the incident, and no tie, is not told either whether the incident was opened for the alert
// or was there: the difference is whether there was a hidden alert before it.
func (s *Service) IncidentMembers(ctx context.Context, actor audit.Actor, id string) ([]Member, error) {
	var list []Member
	err := s.viewAs(ctx, actor, func(v *sight) error {
		row, err := v.findIncident(id)
		if err != nil {
			return err
		}
		joins, err := v.tx.Joins(row.ID, v.visible, v.evidenceReach())
		if err != nil {
			return err
		}
		list = make([]Member, 0, len(joins))
		seen := map[string]bool{}
		for _, j := range joins {
			m := Member{Alert: j.Alert, How: j.How, At: j.At, Ties: j.Ties}
			if row.Partial && len(j.Ties) == 0 && (j.How == store.JoinOpened || j.How == store.JoinCorrelated) {
				m.How, m.At = "", time.Time{}
			}
			if j.Origin != "" {
				inSight, known := seen[j.Origin]
				if !known {
					if _, inSight, err = v.tx.Incident(j.Origin, v.visible); err != nil {
						return err
					}
					seen[j.Origin] = inSight
				}
				if inSight {
					m.From = j.Origin
				}
			}
			list = append(list, m)
		}
		return nil
	})
	return list, err
}

// evidenceReach is what this reader sees of the evidence of visible alerts.
func (v *sight) evidenceReach() store.EvidenceReach {
	switch {
	case v.owner:
		return store.EvidenceReach{Whole: v.visible}
	case v.evidenced == nil:
		v.evidenced = &store.EvidenceReach{Whole: v.classes.whole(v.see), Groups: v.see.DeviceGroups()}
	}
	return *v.evidenced
}
