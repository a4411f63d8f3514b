package response

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// The sources of actions, as the portal names them.
const (
	ManualDevice    = "manualDeviceAction"
	ManualEmail     = "manualEmailAction"
	ManualUser      = "manualUserAction"
	AutomatedDevice = "automatedDeviceAction"
	AutomatedEmail  = "automatedEmailAction"
	AdvancedHunting = "advancedHuntingAction"
	Explorer        = "explorerAction"
	LiveResponse    = "liveResponseAction"
	ManualLive      = "manualLiveResponseAction"
	CustomDetection = "customDetectionAction"
)

// Sources are all of them.
var Sources = []string{ManualDevice, ManualEmail, ManualUser, AutomatedDevice, AutomatedEmail, AdvancedHunting, Explorer, LiveResponse, ManualLive, CustomDetection}

// Lapse is how long an action waits for approval when nothing says otherwise.
const Lapse = 7 * 24 * time.Hour

// Request is an action that somebody asks for.
type Request struct {
	Type          string
	Target        Target
	Incident      string // what it is about; must be in sight
	Comment       string
	NeedsApproval bool // let somebody decide it first, though the person could do it at once
}

// Ask makes an action. It takes T4 where it acts, and is approved by that - unless approval is asked for, or the rule says that
// nobody approves their own request.
func (s *Service) Ask(ctx context.Context, who audit.Actor, r Request) (Item, error) {
	var item Item
	err := s.door.Change(ctx, who, "actions.request", func(tx store.Writer, rec *audit.Record) error {
		d, err := s.forChange(ctx, tx, who)
		if err != nil {
			return err
		}
		k, ok := KindOf(r.Type)
		if !ok || !k.ByHand {
			return fault.Invalid("request an action", "there is no action type %q that can be asked for", shorten(r.Type)).WithDetails(
				fault.Detail{Where: "/actionType", Problem: "is not known", Want: "one of " + strings.Join(handNames(), ", ")})
		}
		rec.Object, rec.Workload, rec.PolicyRevision = "action-type:"+k.Name, k.Workload, d.snapshot.Revision()
		if err := r.Target.check(k); err != nil {
			return err
		}
		row, err := d.blank(k, r)
		if err != nil {
			return err
		}
		if !d.acts(row) {
			lack := d.lack(row)
			return fault.Denied("request an action", "%s", lack).WithLacks(lack)
		}
		if r.Incident != "" {
			seen, err := d.incident(r.Incident)
			if err != nil {
				return err
			}
			if !seen {
				return fault.NotFound("request an action", "there is no incident %q", shorten(r.Incident))
			}
		}
		rec.Object = "action:" + row.ID
		a := s.begin(d, row.Action, r.NeedsApproval)
		item, err = s.keep(tx, d, a, rec)
		return err
	})
	s.loop.Stir(err)
	return item, err
}

// blank is an action that nobody has decided on yet, with the device it acts on. A device out of reach does not exist.
func (d *desk) blank(k Kind, r Request) (store.ActionRow, error) {
	at := d.at.Truncate(time.Microsecond)
	row := store.ActionRow{Action: store.Action{
		ID: "act_" + strings.ToLower(rand.Text()[:20]), Workload: k.Workload, Type: k.Name, Source: byHandSource(k.Workload), Status: PendingApproval, Decision: Undecided,
		Device: strings.ToLower(r.Target.Device), Incident: r.Incident, Subject: r.Target.subject(k), Requester: d.who.Name, Created: at, Updated: at, Expires: at.Add(Lapse),
	}}
	row.Body.Request, row.Body.Checklist = plainText(r.Comment, mostComment), checklist(k)
	row.Body.Entity = r.Target.entity(k)
	row.Body.History = []store.ActionEvent{{At: at, By: d.who.Name, Status: PendingApproval, Comment: row.Body.Request}}
	if row.Device == "" {
		return row, nil
	}
	device, known, err := d.tx.Device(row.Device)
	if err != nil {
		return row, err
	}
	row.DeviceName, row.DeviceGroup, row.DeviceKnown = device.Name, device.Group, device.Known
	if !known || !d.sees(row) && !d.acts(row) {
		return row, fault.NotFound("request an action", "there is no device %q", shorten(r.Target.Device))
	}
	return row, nil
}

// begin approves an action by the right of who asks for it, if nothing wants somebody else's word.
func (s *Service) begin(d *desk, a store.Action, wait bool) store.Action {
	if wait || d.rules.OthersApprove {
		return a
	}
	move(&a, Approve, a.Created.Add(time.Microsecond), d.who.Name, "")
	a.Decision, a.DecidedBy, a.Decided = Approved, d.who.Name, a.Updated
	s.enqueue(&a, a.Updated)
	return a
}

// Undo asks for the action that takes another one back. When that has been carried out, the first is undone.
func (s *Service) Undo(ctx context.Context, who audit.Actor, id, comment string) (Item, error) {
	var item Item
	err := s.change(ctx, who, "actions.undo", id, func(tx store.Writer, d *desk, row store.ActionRow, rec *audit.Record) error {
		k, known := KindOf(row.Type)
		switch status := d.status(row.Action); {
		case status != Succeeded && status != PartiallySucceeded:
			return fault.Conflict("undo action "+row.ID, "only what was carried out can be undone: %s", d.late(row))
		case !known || k.Undo == "":
			return fault.Conflict("undo action "+row.ID, "%s can't be undone", TitleOf(row.Type))
		}
		if why := d.beingUndone(row.Action); why != "" {
			return fault.Conflict("undo action "+row.ID, "%s", why)
		}
		back, _ := KindOf(k.Undo)
		u, err := d.blank(back, Request{Comment: comment, Incident: row.Incident})
		if err != nil {
			return err
		}
		a := s.begin(d, withTarget(u.Action, row.Action), false)
		first := row.Action
		first.UndoneBy = a.ID
		if err := tx.PutAction(first); err != nil {
			return err
		}
		item, err = s.keep(tx, d, a, rec)
		return err
	})
	s.loop.Stir(err)
	return item, err
}

// withTarget gives an undoing action what the first one acted on.
func withTarget(u, first store.Action) store.Action {
	u.UndoOf, u.Device, u.Subject, u.Body.Entity = first.ID, first.Device, first.Subject, first.Body.Entity
	return u
}

func checklist(k Kind) []store.ActionStep {
	var list []store.ActionStep
	for _, text := range k.Checklist {
		list = append(list, store.ActionStep{Text: text})
	}
	return list
}

func byHandSource(w rbac.Workload) string {
	switch w {
	case rbac.Endpoint:
		return ManualDevice
	case rbac.Office365:
		return ManualEmail
	}
	return ManualUser
}

func handNames() []string {
	var names []string
	for _, k := range Kinds {
		if k.ByHand {
			names = append(names, k.Name)
		}
	}
	return names
}
