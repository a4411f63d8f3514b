package notify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/outbox"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// What becomes of a notification.
const (
	Pending  = "pending"
	Sent     = "sent"
	Withheld = "withheld" // at the moment of sending there was nothing to tell this person
	Failed   = "failed"
)

// Statuses are all of them.
var Statuses = []string{Pending, Sent, Withheld, Failed}

const (
	backoff   = 5 * time.Second // before the second attempt; twice as long before each further one
	mostWait  = 30 * time.Minute
	patience  = 24 * time.Hour // after which it is no news any more
	keep      = 90 * 24 * time.Hour
	tidyEvery = time.Hour
	// MostInAnHour is how much one person is sent in one way within an hour: who breaks a rule, or a sensor, must not fill a mailbox.
	MostInAnHour = 200
)

// Run tells people of alerts until ctx ends, and gives what went wrong to report. It waits for no channel: one that hangs holds up
// what goes through it (outbox.Lanes).
func (s *Service) Run(ctx context.Context, report func(error)) {
	s.loop.Run(ctx, func(ctx context.Context) (int, error) {
		return s.begin(ctx, func(err error) {
			if err != nil && ctx.Err() == nil {
				report(err)
			}
			s.loop.Stir(nil) // the next for this person may go
		})
	}, report)
	s.lanes.Wait()
}

// Empty does all that is due now, waits for it, and tells how much that was.
func (s *Service) Empty(ctx context.Context) (int, error) {
	return s.lanes.Drain(func(ended func(error)) (int, error) { return s.begin(ctx, ended) })
}

// begin collects what is to be told and begins what is due, tells ended how each went, and gives how much it was; or, if there may be
// more, a whole batch. One person is told one thing at a time in one way: in the order in which the alerts came, and never more
// than MostInAnHour.
func (s *Service) begin(ctx context.Context, ended func(error)) (int, error) {
	n, failed := s.collect(ctx)
	failed = errors.Join(failed, s.tidy(ctx))
	var due []store.Notification
	err := s.Store.View(ctx, func(tx store.Reader) (err error) {
		due, err = tx.NotificationsDue(s.now(), s.lanes.Full(), s.lanes.Busy(), outbox.Batch)
		return err
	})
	if err != nil {
		return n, errors.Join(failed, err)
	}
	begun := 0
	for _, d := range due {
		if s.lanes.Start(d.To.Webhook, d.To.Way(), func() { ended(s.serve(ctx, d.ID)) }) {
			begun++
		}
	}
	if begun > 0 && len(due) == outbox.Batch {
		n = outbox.Batch
	}
	return max(n, begun), failed
}

// serve tries one: that it is tried is written down before.
func (s *Service) serve(ctx context.Context, id string) error {
	n, due, told, err := s.claim(ctx, id)
	if err != nil || !due {
		return err
	}
	if told != "" {
		return s.note(ctx, n, Withheld, fmt.Sprintf("they were told of it by the rule %q", told))
	}
	message, why, err := s.compose(ctx, n)
	if ctx.Err() != nil {
		return nil // going down, as below
	}
	if err != nil { // what it is stays with who runs the centre: it may tell of the alert
		return errors.Join(fmt.Errorf("notification %s: %w", n.ID, err), s.failed(ctx, n, errors.New("it could not be put into words: the server's log says why")))
	}
	if why != "" {
		return s.note(ctx, n, Withheld, why)
	}
	within, cancel := context.WithTimeout(ctx, outbox.SendTime)
	defer cancel()
	err = s.send(within, n, message)
	switch {
	case ctx.Err() != nil && err != nil:
		return nil // going down: the lease runs out, and the next run goes on
	case err == nil:
		return s.note(ctx, n, Sent, "")
	}
	if final := outbox.Final(err); final != nil {
		return s.note(ctx, n, Failed, final.Error())
	}
	return s.failed(ctx, n, err)
}

// failed has it tried again, or gives it up.
func (s *Service) failed(ctx context.Context, n store.Notification, why error) error {
	if s.now().Sub(n.Created) > patience {
		return s.note(ctx, n, Failed, fmt.Sprintf("given up after %d attempts: %s", n.Attempts, why))
	}
	return s.note(ctx, n, Pending, why.Error())
}

// claim takes a notification for one attempt. Not due: somebody else has it, or it has come to an end, or another rule's about the
// same alert to the same person is on its way: of two only the first that gets there is told. Told: that rule, which got there.
func (s *Service) claim(ctx context.Context, id string) (n store.Notification, due bool, told string, err error) {
	err = s.Door.Change(ctx, system, "notifications.begin", func(tx store.Writer, rec *audit.Record) error {
		rec.Skip() // an attempt begins: the log is told how it ends
		found := false
		now := s.now()
		due, told = false, ""
		if n, found, err = tx.Notification(id); err != nil || !found || n.Next.IsZero() || n.Next.After(now) {
			return err
		}
		other, is, err := tx.NotificationTold(n)
		switch {
		case err != nil:
			return err
		case is && other.Status == Pending:
			n.Next = latest(other.Next, now).Add(outbox.Look)
			return tx.PutNotification(n)
		case is:
			told = other.RuleName
		default:
			n.Attempts++
		}
		n.Next, n.Updated, due = now.Add(outbox.LeaseTime), now, true
		return tx.PutNotification(n)
	})
	return n, due, told, err
}

// compose makes the words for one person at this moment, or says why there is nothing to tell them. All of it is made of what
// they see: a rule about a device group is about an alert for them only if they reach a device of that group, or else being told
// would tell them of a device they do not see.
func (s *Service) compose(ctx context.Context, n store.Notification) (message Message, withheld string, err error) {
	err = s.view(ctx, func(tx store.Reader, snapshot *rbac.Snapshot) error {
		message, withheld = Message{ID: n.ID, At: s.now()}, ""
		rule, found, err := tx.NotificationRule(n.Rule)
		switch {
		case err != nil:
			return err
		case !found:
			withheld = "the rule is gone"
			return nil
		case !slices.Contains(rule.Recipients, n.To):
			withheld = "the rule does not name them any more"
			return nil
		}
		if user, ok := snapshot.User(n.To.User); !ok || user.Disabled || !user.NotAfter.IsZero() && !user.NotAfter.After(message.At) {
			withheld = "the account is gone, disabled or expired"
			return nil
		}
		if n.Detection != "" {
			d, err := s.Detection(tx, snapshot, n.To.User, n.Detection)
			if err != nil {
				return err
			}
			if withheld = message.paused(d, rule, s.Portal); withheld == "" {
				withheld, err = s.pace(tx, n.To, &message)
			}
			return err
		}
		if n.Alert == "" {
			message.Test = true
			return nil
		}
		alert, groups, found, err := s.Told(tx, snapshot, n.To.User, n.Alert)
		if err != nil {
			return err
		}
		if !found {
			withheld = "they may not see the alert"
			return nil
		}
		if err := message.read(alert, groups, s.Portal); err != nil {
			return err
		}
		if !about(rule, message.severity, groups) {
			withheld = "the rule is off, or not about what they see of the alert"
			return nil
		}
		withheld, err = s.pace(tx, n.To, &message)
		return err
	})
	return message, withheld, err
}

// pace withholds what would be too much within an hour.
func (s *Service) pace(tx store.Reader, to store.Recipient, m *Message) (withheld string, err error) {
	sent, err := tx.NotificationsSent(to, m.At.Add(-time.Hour))
	if m.Last = sent == MostInAnHour-1; sent >= MostInAnHour {
		withheld = fmt.Sprintf("they were sent %d within an hour", sent)
	}
	return withheld, err
}

func (s *Service) send(ctx context.Context, n store.Notification, m Message) error {
	if n.To.Webhook != "" {
		w := s.webhook(n.To.Webhook)
		if w == nil {
			return outbox.Refusal(errors.New("the configuration has no webhook of this name"))
		}
		return w.send(ctx, n.To.User, m)
	}
	if s.Mail == nil {
		return outbox.Refusal(errors.New("the configuration has no mail server"))
	}
	return s.Mail.send(ctx, n.To.Mail, m)
}

// note writes down how an attempt ended. An end is recorded: it says what left the centre, and to whom.
func (s *Service) note(ctx context.Context, n store.Notification, status, outcome string) error {
	return s.Door.Change(ctx, system, "notifications."+status, func(tx store.Writer, rec *audit.Record) error {
		now := s.now()
		is, found, err := tx.Notification(n.ID)
		if err != nil || !found || is.Status != Pending || is.Attempts != n.Attempts {
			rec.Skip() // somebody else has taken it meanwhile
			return err
		}
		is.Status, is.Outcome, is.Updated, is.Next = status, clean(outcome, 500), now, time.Time{}
		if status == Pending {
			is.Next = now.Add(outbox.Wait(n.Attempts, backoff, mostWait))
			rec.Skip()
		}
		rec.Object = "notification:" + n.ID
		rec.After = map[string]any{"rule": n.RuleName, "alert": n.Alert, "detection": n.Detection, "to": n.To, "outcome": is.Outcome}
		return tx.PutNotification(is)
	})
}

// tidy drops what ended long ago, now and then.
func (s *Service) tidy(ctx context.Context) error {
	now := s.now()
	if now.Sub(s.tidied) < tidyEvery {
		return nil
	}
	s.tidied = now
	return s.Door.Change(ctx, system, "notifications.tidy", func(tx store.Writer, rec *audit.Record) error {
		rec.Skip() // their ends are in the log
		_, err := tx.ForgetNotifications(now.Add(-keep))
		return err
	})
}
