package notify

import (
	"context"
	"slices"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/store"
)

const (
	arrivalsAtOnce = 200            // in one transaction
	oldNews        = 24 * time.Hour // an alert that last changed longer ago, when it comes, is history that is loaded: nobody is told
)

// system is who writes in the name of the outbox.
var system = audit.Actor{Name: "notifications", Via: audit.ViaSystem}

// collect asks the rules about the alerts that have come since, in the order in which they came, and puts what is to be told into
// the outbox. How far it has come is kept in the same transaction: nothing is passed over, and nothing asked twice.
func (s *Service) collect(ctx context.Context) (int, error) {
	waiting := false
	err := s.Store.View(ctx, func(tx store.Reader) error {
		_, arrived, err := s.arrived(tx, 1)
		waiting = len(arrived) > 0
		return err
	})
	if err != nil || !waiting {
		return 0, err
	}
	n := 0
	err = s.Door.Change(ctx, system, "notifications.collect", func(tx store.Writer, rec *audit.Record) error {
		rec.Skip() // that alerts came is in the log, and what becomes of each notification will be
		rules, arrived, err := s.arrived(tx, arrivalsAtOnce)
		if n = len(arrived); err != nil || n == 0 {
			return err
		}
		groups, err := groupsOf(tx)
		if err != nil {
			return err
		}
		at := s.now()
		for _, a := range arrived {
			if s.now().Sub(latest(a.Created, a.Updated)) > oldNews {
				continue
			}
			for _, r := range rules {
				if a.Place <= r.After || !about(r, a.Severity, groups[a.Class]) {
					continue
				}
				for _, to := range r.Recipients {
					if _, err := tx.AddNotification(notification(r, a.ID, to, at)); err != nil {
						return err
					}
					at = latest(at.Add(time.Microsecond), s.now()) // each has a moment of its own, so that they go out in this order
				}
			}
		}
		return tx.SetNotificationPlace(arrived[n-1].Place)
	})
	return n, err
}

// arrived gives the rules that are on, and the first alerts that they have not been asked about. Alerts that came before all of
// them are passed over.
func (s *Service) arrived(tx store.Reader, limit int) (on []store.NotificationRule, list []store.Arrival, err error) {
	rules, err := tx.NotificationRules()
	if err != nil {
		return nil, nil, err
	}
	var from int64
	for _, r := range rules {
		if r.On {
			if len(on) == 0 || r.After < from {
				from = r.After
			}
			on = append(on, r)
		}
	}
	if len(on) == 0 {
		return nil, nil, nil
	}
	place, err := tx.NotificationPlace()
	if err != nil {
		return nil, nil, err
	}
	list, err = tx.Arrivals(max(place, from), limit)
	return on, list, err
}

// groupsOf gives the device groups of each class of alerts.
func groupsOf(tx store.Reader) (map[int64][]string, error) {
	classes, err := tx.AlertClasses(0)
	groups := make(map[int64][]string, len(classes))
	for _, c := range classes {
		groups[c.ID] = c.Item.DeviceGroups
	}
	return groups, err
}

// about tells whether a rule is about alerts of a severity on devices of these groups. Unset means no.
func about(r store.NotificationRule, severity string, groups []string) bool {
	return r.On && slices.Contains(r.Severities, severity) &&
		(r.Everywhere || slices.ContainsFunc(groups, func(g string) bool { return slices.Contains(r.DeviceGroups, g) }))
}

func notification(r store.NotificationRule, alert string, to store.Recipient, at time.Time) store.Notification {
	return store.Notification{ID: newID("ntf"), Rule: r.ID, RuleName: r.Name, Alert: alert, To: to, Status: Pending, Created: at, Updated: at, Next: at}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
