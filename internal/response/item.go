package response

import (
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
)

// Item is an action as one reader is told of it. Of what they may decide but not see (S11), there are only id, type, state and
// outcome.
type Item struct {
	store.ActionRow
	Status  string // at this moment
	Bare    bool   // only ID, Type, Status and Body.Outcome are told
	Actions map[string]May
}

// May tells whether the reader may do something with an action, and if not, why.
type May struct {
	Allowed bool
	Reason  string
}

// tell cuts an action to what the reader may know of it.
func (d *desk) tell(row store.ActionRow) (Item, error) {
	i := Item{ActionRow: row, Status: d.status(row.Action)}
	if !d.sees(row) {
		bare := store.ActionRow{Action: store.Action{ID: row.ID, Type: row.Type, Status: row.Status}}
		bare.Body.Outcome = row.Body.Outcome
		return Item{ActionRow: bare, Status: i.Status, Bare: true}, nil
	}
	// That an incident or alert exists is theirs to tell.
	if i.Incident != "" {
		seen, err := d.incident(i.Incident)
		if err != nil {
			return i, err
		}
		if !seen {
			i.Incident = ""
		}
	}
	var alerts []string
	for _, id := range i.Body.AlertIDs {
		seen, err := d.alert(id)
		if err != nil {
			return i, err
		}
		if seen {
			alerts = append(alerts, id)
		}
	}
	i.Body.AlertIDs = alerts
	i.Actions = d.allowed(row)
	return i, nil
}

// allowed is what the reader may do with an action now. What its state rules out is not offered, unless it was open to somebody
// a moment ago: then the reason says what happened.
func (d *desk) allowed(row store.ActionRow) map[string]May {
	may := map[string]May{}
	offer := func(name string, state string) {
		switch {
		case state != "":
			may[name] = May{Reason: state}
		case !d.acts(row):
			may[name] = May{Reason: d.lack(row)}
		case name == "approve" && d.own(row.Action):
			may[name] = May{Reason: ownRequest}
		default:
			may[name] = May{Allowed: true}
		}
	}
	switch d.status(row.Action) {
	case PendingApproval:
		offer("approve", "")
		offer("decline", "")
		offer("cancel", "")
	case Queued:
		offer("cancel", "")
	case InProgress:
		if row.Delivery.Executor == ByHand {
			offer("complete", "")
		}
	case TimedOut:
		if row.Delivery.Executor == ByHand {
			offer("complete", "")
		}
	case Succeeded, PartiallySucceeded:
		if k, ok := KindOf(row.Type); ok && k.Undo != "" {
			offer("undo", d.beingUndone(row.Action))
		}
	}
	return may
}

const ownRequest = "somebody else must approve what you asked for"

// own tells whether the rule against approving one's own request is in the way.
func (d *desk) own(a store.Action) bool {
	return d.rules.OthersApprove && a.Requester != "" && same(a.Requester, d.who.Name)
}

// beingUndone says why an action can't be undone again: something is under way that does.
func (d *desk) beingUndone(a store.Action) string {
	if a.UndoneBy == "" {
		return ""
	}
	row, found, err := d.tx.Action(a.UndoneBy)
	if err != nil || !found {
		return ""
	}
	switch status := d.status(row.Action); status {
	case Failed, Declined, Expired, Cancelled:
		return ""
	case TimedOut:
		return "it may have been undone already: the answer to that is overdue"
	default:
		return "it is being undone: that " + standings[status]
	}
}

// move lets an event befall an action. False: that can't happen to it in its state.
func move(a *store.Action, e Event, at time.Time, by, comment string) bool {
	next, ok := becomes[statusAt(*a, at)][e]
	if !ok {
		return false
	}
	a.Status, a.Updated = next, at
	a.Body.History = append(a.Body.History, store.ActionEvent{At: at, By: by, Status: next, Comment: comment})
	if next != Queued && next != InProgress {
		a.Delivery.Next = time.Time{}
	}
	return true
}

// plainText cuts what people write to a length, and control characters out of it.
func plainText(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, strings.TrimSpace(s))
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}
