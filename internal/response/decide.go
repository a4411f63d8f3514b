package response

import (
	"context"
	"strconv"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

// The decisions.
const (
	Undecided = "none"
	Approved  = "approved"
	Refused   = "declined"
)

// mostComment is how many characters a comment may have.
const mostComment = 4000

// Approve lets an action be carried out, Decline has it dropped, Withdraw takes it back before anybody has begun. Each takes T4
// where the action acts (S11). Of two at once the first wins, and the other is told.
func (s *Service) Approve(ctx context.Context, who audit.Actor, id, comment string) (Item, error) {
	return s.decide(ctx, who, id, Approve, comment)
}

// Decline has an action dropped: see Approve.
func (s *Service) Decline(ctx context.Context, who audit.Actor, id, comment string) (Item, error) {
	return s.decide(ctx, who, id, Decline, comment)
}

// Withdraw takes an action back: see Approve.
func (s *Service) Withdraw(ctx context.Context, who audit.Actor, id, comment string) (Item, error) {
	return s.decide(ctx, who, id, Cancel, comment)
}

// Word is what somebody says of an action.
type Word struct {
	Comment string
	Tag     string // of the action as they have seen it (Tag): they decide on nothing else. Empty: on whatever it is
}

// Tag names what an action is, for who decides on what they have seen: its source may make something else of one that waits.
func Tag(a store.Action) string { return `"` + strconv.FormatInt(a.Updated.UnixMicro(), 36) + `"` }

func (s *Service) decide(ctx context.Context, who audit.Actor, id string, e Event, comment string) (Item, error) {
	return s.Decide(ctx, who, id, e, Word{Comment: comment})
}

// Decide is Approve, Decline or Withdraw, for who says what they have seen.
func (s *Service) Decide(ctx context.Context, who audit.Actor, id string, e Event, word Word) (Item, error) {
	var item Item
	err := s.change(ctx, who, "actions."+string(e), id, func(tx store.Writer, d *desk, row store.ActionRow, rec *audit.Record) error {
		if e == Approve && d.own(row.Action) && d.status(row.Action) == PendingApproval {
			return fault.Denied("approve action "+row.ID, ownRequest).WithLacks(ownRequest)
		}
		a, err := s.decided(d, row, e, word.Comment)
		if err != nil {
			return err
		}
		if word.Tag != "" && word.Tag != "*" && word.Tag != Tag(row.Action) {
			return fault.Changed(string(e)+" action "+row.ID, "its source has changed it since you read it: look at what it is now")
		}
		item, err = s.keep(tx, d, a, rec)
		return err
	})
	s.loop.Stir(err)
	return item, err
}

// decided is the action after a decision.
func (s *Service) decided(d *desk, row store.ActionRow, e Event, comment string) (store.Action, error) {
	a, at := row.Action, d.moment(row.Action)
	comment = plainText(comment, mostComment)
	if !move(&a, e, at, d.who.Name, comment) {
		return a, fault.Conflict(string(e)+" action "+row.ID, "%s", d.late(row))
	}
	switch e {
	case Approve:
		a.Decision = Approved
		s.enqueue(&a, at)
	case Decline:
		a.Decision = Refused
	}
	if e != Cancel {
		a.DecidedBy, a.Decided, a.Body.Comment = d.who.Name, at, comment
	}
	return a, nil
}

// late says what has become of an action meanwhile, and who did it to those who may see it.
func (d *desk) late(row store.ActionRow) string {
	status := d.status(row.Action)
	if history := row.Body.History; d.sees(row) && len(history) > 0 && status != Expired {
		if last := history[len(history)-1]; last.By != "" {
			return "it " + standings[status] + " (" + last.By + ", " + last.At.Format("2006-01-02 15:04:05") + " UTC)"
		}
	}
	return "it " + standings[status]
}

// change finds an action and refuses unless the person may act on it.
func (s *Service) change(ctx context.Context, who audit.Actor, op, id string, f func(store.Writer, *desk, store.ActionRow, *audit.Record) error) error {
	return s.door.Change(ctx, who, op, func(tx store.Writer, rec *audit.Record) error {
		d, err := s.forChange(ctx, tx, who)
		if err != nil {
			return err
		}
		row, err := d.find(id)
		if err != nil {
			return err
		}
		rec.Object, rec.Workload, rec.PolicyRevision = "action:"+row.ID, row.Workload, d.snapshot.Revision()
		if !d.acts(row) {
			lack := d.lack(row)
			return fault.Denied("change action "+row.ID, "%s", lack).WithLacks(lack)
		}
		return f(tx, d, row, rec)
	})
}

// keep writes an action, tells the log what has changed, and gives it as the person may know it.
func (s *Service) keep(tx store.Writer, d *desk, a store.Action, rec *audit.Record) (Item, error) {
	before, found, err := tx.Action(a.ID)
	if err != nil {
		return Item{}, err
	}
	if found {
		rec.Before = told(before.Action)
	}
	rec.After = told(a)
	if err := tx.PutAction(a); err != nil {
		return Item{}, err
	}
	row, _, err := tx.Action(a.ID)
	if err != nil {
		return Item{}, err
	}
	return d.tell(row)
}

// told is what the log keeps of an action. What it acts on, and why, is for those who see it.
func told(a store.Action) map[string]string {
	m := map[string]string{"status": a.Status}
	for name, value := range map[string]string{"type": a.Type, "decision": a.Decision, "executor": a.Delivery.Executor, "undoOf": a.UndoOf, "undoneBy": a.UndoneBy} {
		if value != "" {
			m[name] = value
		}
	}
	return m
}

// Decided is what became of one action of several.
type Decided struct {
	ID      string
	Changed bool
	Status  string // after it; empty: it does not exist for them
	Reason  string // why not
}

// mostDecided is how many actions are decided in one go.
const mostDecided = 500

// DecideMany approves or declines several actions of one type, each on its own rights and with its own entry in the log: what may not
// be decided is left as it is, and told with the reason. tags are of those, by id, of which the person says what they have seen.
func (s *Service) DecideMany(ctx context.Context, who audit.Actor, ids []string, decision, comment string, tags map[string]string) ([]Decided, error) {
	const op = "decide actions"
	e := map[string]Event{Approved: Approve, Refused: Decline}[decision]
	switch {
	case e == "":
		return nil, fault.Invalid(op, "decision %q: want %s or %s", shorten(decision), Approved, Refused)
	case len(ids) == 0 || len(ids) > mostDecided:
		return nil, fault.Invalid(op, "want 1 to %d actions, not %d", mostDecided, len(ids))
	}
	if err := s.oneType(ctx, who, ids); err != nil {
		return nil, err
	}
	list, done := []Decided{}, map[string]bool{}
	for _, id := range ids {
		if done[id] {
			continue
		}
		done[id] = true
		item, err := s.Decide(ctx, who, id, e, Word{comment, tags[id]})
		switch fault.KindOf(err) {
		case fault.KindUnavailable:
			return list, err // the rest would fail alike
		case fault.KindInvalid, fault.KindDenied, fault.KindNotFound, fault.KindConflict:
			list = append(list, Decided{ID: id, Reason: fault.Message(err)})
		default:
			if err != nil {
				return list, err
			}
			list = append(list, Decided{ID: id, Changed: true, Status: item.Status})
		}
	}
	return list, nil
}

// oneType refuses to decide things of two types at once: what is right for one may be a disaster for the other. What the person
// can't see nor act on does not count.
func (s *Service) oneType(ctx context.Context, who audit.Actor, ids []string) error {
	return s.view(ctx, who, func(d *desk) error {
		first := ""
		for _, id := range ids {
			row, err := d.find(id)
			switch {
			case fault.KindOf(err) == fault.KindNotFound:
				continue
			case err != nil:
				return err
			case first == "":
				first = row.Type
			case first != row.Type:
				return fault.Invalid("decide actions", "they are of two types, %s and %s: want one type at a time", TitleOf(first), TitleOf(row.Type))
			}
		}
		return nil
	})
}
