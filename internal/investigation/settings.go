package investigation

import (
	"context"
	"strconv"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// SettingsTag names the state of the settings, for who changes them only if nobody else has.
func SettingsTag(s store.Settings) string {
	return `"` + strconv.FormatInt(s.Updated.UnixMicro(), 36) + `"`
}

// Settings gives what readers of a part of an incident are told of the rest (S9), to who may change it (S16).
func (s *Service) Settings(ctx context.Context, who audit.Actor) (settings store.Settings, err error) {
	err = s.view(ctx, who.Name, func(v *sight) error {
		if err := s.maySet(v.snapshot, who, "read the settings"); err != nil {
			return err
		}
		settings, err = v.tx.Settings()
		return err
	})
	return settings, err
}

// MayManage refuses whoever does not run the centre.
func (s *Service) MayManage(ctx context.Context, who audit.Actor, op string) error {
	return s.view(ctx, who.Name, func(v *sight) error { return s.maySet(v.snapshot, who, op) })
}

// SetSettings changes it, unless it is not what the caller has seen.
func (s *Service) SetSettings(ctx context.Context, who audit.Actor, tag string, tellHidden bool) (settings store.Settings, err error) {
	const op = "change the settings"
	err = s.door.Change(ctx, who, "settings.incidents", func(tx store.Writer, rec *audit.Record) error {
		v, err := s.sightForChange(ctx, tx, who.Name)
		if err != nil {
			return err
		}
		rec.Object, rec.PolicyRevision = "settings:incidents", v.snapshot.Revision()
		if err := s.maySet(v.snapshot, who, op); err != nil {
			return err
		}
		was, err := tx.Settings()
		if err != nil {
			return err
		}
		if settings = was; tag != "" && tag != "*" && tag != SettingsTag(was) {
			return fault.Changed(op, "%s changed it since you read it", was.UpdatedBy)
		}
		if was.TellHidden == tellHidden {
			rec.Skip()
			return nil
		}
		rec.Before, rec.After = map[string]bool{"tellHidden": was.TellHidden}, map[string]bool{"tellHidden": tellHidden}
		settings.TellHidden, settings.UpdatedBy = tellHidden, who.Name
		if settings.Updated = s.now().UTC().Truncate(1000); !settings.Updated.After(was.Updated) {
			settings.Updated = was.Updated.Add(1000) // a tag tells two states apart, whatever the clock does
		}
		return tx.SetSettings(settings)
	})
	return settings, err
}

// maySet refuses who may not change the centre's settings.
func (s *Service) maySet(snapshot *rbac.Snapshot, who audit.Actor, op string) error {
	if who.Local || snapshot.Decide(rbac.Request{
		Principal: who.Name, Capability: rbac.ManageSettings, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Other}}, At: s.now(),
	}).Allowed {
		return nil
	}
	lack := catalog.Needs(rbac.ManageSettings, rbac.Other, snapshot.Activations())
	return fault.Denied(op, "%s", lack).WithLacks(lack)
}
