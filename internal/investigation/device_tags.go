package investigation

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// TagChange is which of the tags that people give a device come and go. Two people who change different tags do not undo each other.
type TagChange struct{ Add, Remove []string }

// TagMove is what a change of tags would do to a device's group.
type TagMove struct {
	From, To string // To: empty if the reader may not know of it
	Moves    bool
	Leaves   bool // to where the reader does not see it
	Allowed  bool
	Reason   string // why not
}

// The bounds of tags.
const (
	mostTags  = 50
	longestOf = 200 // characters of one
)

// tagDevice tells whether the reader may change a device's tags: T3 on its group.
func (v *sight) tagDevice(d store.Device) Action {
	a := Action{Allowed: v.owner || v.manage.Opens(ofDevice(d)), Capability: rbac.ManageAlerts}
	switch {
	case a.Allowed:
	case v.manage.Workload(rbac.Endpoint):
		a.Reason = lackSentence(v.snapshot, rbac.ManageAlerts, rbac.Endpoint) + " on the device's group"
		a.OtherDeviceGroup, a.Workloads = true, []rbac.Workload{rbac.Endpoint}
	default:
		a.Reason, a.Workloads = lackSentence(v.snapshot, rbac.ManageAlerts, rbac.Endpoint), []rbac.Workload{rbac.Endpoint}
	}
	return a
}

// TagDevice changes the tags that people give a device. It takes T3 on the device's group; and if the tags move the device, they
// must give nobody anything on it that who changes them does not hold there now, and stay within what binds them (S14).
func (s *Service) TagDevice(ctx context.Context, who audit.Actor, id string, ch TagChange) (DeviceItem, error) {
	var item DeviceItem
	err := s.door.Change(ctx, who, "devices.tag", func(tx store.Writer, rec *audit.Record) error {
		v, err := s.sightForChange(ctx, tx, who.Name)
		if err != nil {
			return err
		}
		if who.Local {
			v.own()
		}
		d, err := v.findDevice(id)
		if err != nil {
			return err
		}
		rec.Object, rec.Workload, rec.PolicyRevision = "device:"+d.ID, rbac.Endpoint, v.snapshot.Revision()
		if a := v.tagDevice(d); !a.Allowed {
			return fault.Denied("tag device "+d.ID, "%s", a.Reason).WithLacks(a.Reason)
		}
		own, err := ch.on(d)
		if err != nil {
			return err
		}
		if slices.Equal(own, d.Own) {
			rec.Skip()
			item, err = v.deviceItem(d)
			return err
		}
		to, err := s.mayMove(v, who, d, own)
		if err != nil {
			return err
		}
		var c changes
		c.noteText("tags", strings.Join(d.Own, "\n"), strings.Join(own, "\n"))
		c.note("deviceGroup", d.Group, to)
		rec.Before, rec.After = c.before, c.after
		if _, err := tx.TagDevice(d.ID, own, s.group(v.snapshot.DeviceGroups())); err != nil {
			return err
		}
		d.Own, d.Group = own, to
		// Read again: the alerts have moved with it.
		if v, err = s.sightForChange(ctx, tx, who.Name); err != nil {
			return err
		}
		if who.Local {
			v.own()
		}
		if !v.owner && !v.see.Opens(ofDevice(d)) {
			item = DeviceItem{Gone: true}
			return nil
		}
		item, err = v.deviceItem(d)
		return err
	})
	return item, err
}

// PreviewTags tells what a change of tags would do, to who may make it.
func (s *Service) PreviewTags(ctx context.Context, who audit.Actor, id string, ch TagChange) (TagMove, error) {
	var m TagMove
	err := s.viewAs(ctx, who, func(v *sight) error {
		d, err := v.findDevice(id)
		if err != nil {
			return err
		}
		if a := v.tagDevice(d); !a.Allowed {
			return fault.Denied("tag device "+d.ID, "%s", a.Reason).WithLacks(a.Reason)
		}
		own, err := ch.on(d)
		if err != nil {
			return err
		}
		to, err := s.mayMove(v, who, d, own)
		m = TagMove{From: d.Group, To: to, Moves: to != d.Group, Allowed: err == nil}
		switch {
		case err == nil:
		case fault.KindOf(err) != fault.KindDenied:
			return err
		default:
			m.Reason = fault.Message(err)
		}
		moved := d
		moved.Group = to
		if m.Leaves = !v.owner && !v.see.Opens(ofDevice(moved)); m.Leaves && !v.knowsRules() {
			m.To = ""
		}
		return nil
	})
	return m, err
}

// mayMove gives the group that a device would be in by these tags, and refuses what the reader may not bring about (S14).
func (s *Service) mayMove(v *sight, who audit.Actor, d store.Device, own []string) (string, error) {
	moved := d
	moved.Own = own
	to := s.group(v.snapshot.DeviceGroups())(moved)
	m := rbac.DeviceMove{From: d.Group, To: to}
	if who.Local || m.From == m.To {
		return to, nil
	}
	op := "tag device " + d.ID
	// What others hold, and where, is for who may view roles.
	open := v.snapshot.ViewsRoles(who.Name, v.at).Has(rbac.Endpoint)
	if list := v.snapshot.MoveBreaches(who.Name, m, v.at); len(list) > 0 {
		return to, refusedMove(op, "these tags move the device to another device group, which is beyond your delegation ceiling", open, list, permissions.BreachSentence)
	}
	if list := v.snapshot.MoveExcess(who.Name, m, v.at); len(list) > 0 {
		return to, refusedMove(op, "these tags move the device to another device group, where people may do with it what you may not do now", open, list, permissions.LackSentence)
	}
	return to, nil
}

func refusedMove[T any](op, why string, open bool, list []T, sentence func(T) string) error {
	if !open {
		return fault.Denied(op, "%s", why)
	}
	var said []string
	for _, one := range list {
		if text := sentence(one); !slices.Contains(said, text) {
			said = append(said, text)
		}
	}
	return fault.Denied(op, "%s: %s", why, strings.Join(said[:min(3, len(said))], "; ")).WithLacks(said[:min(50, len(said))]...)
}

// on gives the tags that people have given a device after the change, or says what is wrong with it.
func (ch TagChange) on(d store.Device) ([]string, error) {
	const op = "tag a device"
	if len(ch.Add)+len(ch.Remove) == 0 {
		return nil, fault.Invalid(op, "there is nothing to change: want tags to add or to remove")
	}
	has := func(list []string, tag string) int {
		return slices.IndexFunc(list, func(other string) bool { return strings.EqualFold(other, tag) })
	}
	own := slices.Clone(d.Own)
	for i, tag := range ch.Remove {
		switch at := has(own, tag); {
		case at >= 0:
			own = slices.Delete(own, at, at+1)
		case has(d.Tags, tag) >= 0:
			return nil, fault.Invalid(op, "the tag %q comes from the product: it is taken away there", shorten(tag)).
				WithDetails(fault.Detail{Where: "/remove/" + strconv.Itoa(i), Problem: "comes from the product", Want: "a tag that was given here"})
		}
	}
	for i, tag := range ch.Add {
		if problem := tagProblem(tag); problem != "" {
			return nil, fault.Invalid(op, "the tag %q %s", shorten(tag), problem).
				WithDetails(fault.Detail{Where: "/add/" + strconv.Itoa(i), Problem: problem, Want: "1 to 200 characters, no space around, none that can't be seen"})
		}
		if has(own, tag) < 0 && has(d.Tags, tag) < 0 {
			own = append(own, tag)
		}
	}
	if len(own) > mostTags {
		return nil, fault.Invalid(op, "a device has at most %d tags given here, not %d", mostTags, len(own))
	}
	slices.Sort(own)
	return own, nil
}

func tagProblem(tag string) string {
	switch {
	case tag == "":
		return "is empty"
	case tag != strings.TrimSpace(tag):
		return "has a space around"
	case len([]rune(tag)) > longestOf:
		return "is longer than 200 characters"
	case strings.ContainsFunc(tag, func(r rune) bool { return r == unicode.ReplacementChar || !unicode.IsPrint(r) }):
		return "has characters that can't be seen"
	}
	return ""
}
