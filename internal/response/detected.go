package response

import (
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// AskDetected makes an action that a custom detection asks for in its owner's name, as part of the change that raises the alert. It takes
// the owner's T4 where it acts, and none who owns the files has it by that. Nobody has looked at it: on a device the remediation level
// of its group decides whether it waits for a person, and what acts on messages and accounts always does.
func (s *Service) AskDetected(tx store.Writer, snapshot *rbac.Snapshot, owner audit.Actor, r Request, alert string) error {
	const op = "request an action"
	owner.Local = false
	k, ok := KindOf(r.Type)
	if !ok || !k.ByHand {
		return fault.Invalid(op, "there is no action type %q that can be asked for", shorten(r.Type))
	}
	if err := r.Target.check(k); err != nil {
		return err
	}
	d, err := s.sit(tx, snapshot, owner)
	if err != nil {
		return err
	}
	row, err := d.blank(k, r)
	if err != nil {
		return err
	}
	if !d.acts(row) {
		lack := d.lack(row)
		return fault.Denied(op, "%s", lack).WithLacks(lack)
	}
	a := row.Action
	a.Source, a.Body.AlertIDs = CustomDetection, []string{alert}
	level := ""
	if row.DeviceKnown {
		level = levelOf(snapshot, row.DeviceGroup)
	}
	if level != "full" {
		a.Body.Outcome = "waits for a person: a custom detection asked for it, and the remediation level of its device group is not full"
		if row.Device == "" {
			a.Body.Outcome = "waits for a person: a custom detection asked for it"
		}
	}
	a = s.begin(d, a, level != "full")
	if err := tx.PutAction(a); err != nil {
		return err
	}
	s.loop.Stir(nil)
	return nil
}
