package response

import (
	"context"
	"strconv"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

// RulesTag names the state of the rules, for who changes them only if nobody else has.
func RulesTag(r store.ActionRules) string {
	return `"` + strconv.FormatInt(r.Updated.UnixMicro(), 36) + `"`
}

// Rules gives what the centre asks of those who approve, to whoever may see actions or act.
func (s *Service) Rules(ctx context.Context, who audit.Actor) (rules store.ActionRules, may May, err error) {
	err = s.view(ctx, who, func(d *desk) error {
		if d.act.None() {
			if err := d.area("read the rules of the Action centre"); err != nil {
				return err
			}
		}
		rules, may = d.rules, d.maySetRules()
		return nil
	})
	return rules, may, err
}

// SetRules changes it, unless it is not what the caller has seen. It takes the right to the centre's settings.
func (s *Service) SetRules(ctx context.Context, who audit.Actor, tag string, othersApprove bool) (rules store.ActionRules, err error) {
	const op = "change the rules of the Action centre"
	err = s.door.Change(ctx, who, "settings.actions", func(tx store.Writer, rec *audit.Record) error {
		d, err := s.forChange(ctx, tx, who)
		if err != nil {
			return err
		}
		rec.Object, rec.PolicyRevision = "settings:actions", d.snapshot.Revision()
		if may := d.maySetRules(); !may.Allowed {
			return fault.Denied(op, "%s", may.Reason).WithLacks(may.Reason)
		}
		was := d.rules
		if rules = was; tag != "" && tag != "*" && tag != RulesTag(was) {
			return fault.Changed(op, "%s changed it since you read it", was.UpdatedBy)
		}
		if was.OthersApprove == othersApprove {
			rec.Skip()
			return nil
		}
		rec.Before, rec.After = map[string]bool{"othersApprove": was.OthersApprove}, map[string]bool{"othersApprove": othersApprove}
		rules = store.ActionRules{OthersApprove: othersApprove, Updated: after(d.at.Truncate(time.Microsecond), was.Updated), UpdatedBy: who.Name}
		return tx.SetActionRules(rules)
	})
	return rules, err
}
