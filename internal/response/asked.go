package response

import (
	"context"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// May tells whether somebody holds a capability on an action, as it concerns who asks about it.
func (s *Service) May(ctx context.Context, user, id string, c rbac.Capability) (bool, error) {
	allowed := false
	err := s.view(ctx, audit.Actor{Name: user}, func(d *desk) error {
		row, found, err := d.tx.Action(id)
		if err != nil || !found {
			return err
		}
		switch c {
		case rbac.ViewInvestigation:
			allowed = d.sees(row)
		case rbac.Remediate:
			allowed = d.acts(row)
		}
		return nil
	})
	return allowed, err
}

// Belongs tells what an action belongs to, to a caller who sees it.
func (s *Service) Belongs(ctx context.Context, caller, id string) (rbac.Resource, error) {
	var r rbac.Resource
	err := s.view(ctx, audit.Actor{Name: caller}, func(d *desk) error {
		row, found, err := d.tx.Action(id)
		if err != nil {
			return err
		}
		if !found || !d.sees(row) {
			return fault.NotFound("action", "there is no action %q", shorten(id))
		}
		item := belongs(row)
		r = rbac.Resource{Workloads: item.Workloads.List(), DeviceGroups: item.DeviceGroups, EveryGroup: item.EveryGroup}
		return nil
	})
	return r, err
}

// Search gives the ids of the actions that a caller sees and on which a user holds a capability.
func (s *Service) Search(ctx context.Context, caller, user string, c rbac.Capability, after store.ActionPlace, limit int) (ids []string, total int64, next store.ActionPlace, err error) {
	err = s.view(ctx, audit.Actor{Name: caller}, func(d *desk) error {
		holds := reachOf(d.snapshot.Reach(user, c, d.at))
		q := store.ActionQuery{Reach: d.reach(), Also: &holds, Now: d.at}
		if total, err = d.tx.CountActions(q); err != nil {
			return err
		}
		q.After, q.Limit = after, limit+1
		rows, err := d.tx.Actions(q)
		if err != nil {
			return err
		}
		for i, row := range rows {
			if i == limit {
				break
			}
			ids = append(ids, row.ID)
			if i == limit-1 && len(rows) > limit {
				next = store.ActionPlace{Updated: row.Updated.UnixNano(), ID: row.ID}
			}
		}
		return nil
	})
	return ids, total, next, err
}
