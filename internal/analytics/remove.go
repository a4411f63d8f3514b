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

// mayRemove says what somebody lacks to remove reports: the right by which they are loaded. Nothing: they may.
func mayRemove(snapshot *rbac.Snapshot, who audit.Actor, at time.Time) (lack string) {
	if who.Local || snapshot.Decide(rbac.Request{
		Principal: who.Name, Capability: rbac.ManageSettings, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Other}}, At: at,
	}).Allowed {
		return ""
	}
	return catalog.Needs(rbac.ManageSettings, rbac.Other, snapshot.Activations())
}

// Remove forgets a report. It takes the right to manage the centre's settings, as loading does.
func (s *Service) Remove(ctx context.Context, who audit.Actor, id string) error {
	return s.door.Change(ctx, who, "reports.remove", func(tx store.Writer, rec *audit.Record) error {
		snapshot, err := s.snapshots.Snapshot(ctx)
		if err != nil {
			return err
		}
		rec.Object, rec.Workload, rec.PolicyRevision = "report:"+shorten(id), rbac.Other, snapshot.Revision()
		if lack := mayRemove(snapshot, who, s.now()); lack != "" {
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
