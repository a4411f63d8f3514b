package sqlite

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

// NotificationRules implements store.NotificationReader.
func (r *reader) NotificationRules() ([]store.NotificationRule, error) {
	return r.notificationRules(`ORDER BY key`)
}

// NotificationRule implements store.NotificationReader.
func (r *reader) NotificationRule(id string) (store.NotificationRule, bool, error) {
	list, err := r.notificationRules(`WHERE id = ?`, id)
	if err != nil || len(list) == 0 {
		return store.NotificationRule{}, false, err
	}
	return list[0], true, nil
}

func (r *reader) notificationRules(which string, args ...any) ([]store.NotificationRule, error) {
	var list []store.NotificationRule
	at := map[string]int{}
	err := r.each(`SELECT id, name, on_, severities, everywhere, recipients, after, updated, updated_by FROM notification_rules `+which, func(rows *sql.Rows) error {
		var n store.NotificationRule
		var severities, recipients string
		var updated int64
		if err := rows.Scan(&n.ID, &n.Name, &n.On, &severities, &n.Everywhere, &recipients, &n.After, &updated, &n.UpdatedBy); err != nil {
			return err
		}
		n.Updated = time.Unix(0, updated).UTC()
		if err := json.Unmarshal([]byte(severities), &n.Severities); err != nil {
			return err
		}
		at[n.ID] = len(list)
		list = append(list, n)
		return json.Unmarshal([]byte(recipients), &list[len(list)-1].Recipients)
	}, args...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list, r.each(`SELECT n.rule, d.name FROM notification_rule_device_groups n JOIN device_groups d ON d.key = n.device_group ORDER BY d.name`, func(rows *sql.Rows) error {
		var rule, group string
		if err := rows.Scan(&rule, &group); err != nil {
			return err
		}
		if i, ok := at[rule]; ok {
			list[i].DeviceGroups = append(list[i].DeviceGroups, group)
		}
		return nil
	})
}

// PutNotificationRule implements store.NotificationWriter.
func (w *writer) PutNotificationRule(n store.NotificationRule) error {
	recipients, err := json.Marshal(append([]store.Recipient{}, n.Recipients...))
	if err != nil {
		return err
	}
	var other string
	if taken, err := w.one(`SELECT name FROM notification_rules WHERE key = ? AND id <> ?`, []any{fold(n.Name), n.ID}, &other); err != nil || taken {
		if err == nil {
			err = fault.Conflict(fmt.Sprintf("write notification rule %q", n.Name), "there is one of the name %q", other)
		}
		return err
	}
	_, err = w.exec(`INSERT INTO notification_rules (id, key, name, on_, severities, everywhere, recipients, after, updated, updated_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET key = excluded.key, name = excluded.name, on_ = excluded.on_, severities = excluded.severities, everywhere = excluded.everywhere,
		recipients = excluded.recipients, after = excluded.after, updated = excluded.updated, updated_by = excluded.updated_by`,
		n.ID, fold(n.Name), n.Name, n.On, listText(n.Severities), n.Everywhere, string(recipients), n.After, n.Updated.UnixNano(), n.UpdatedBy)
	if err != nil {
		return err
	}
	if _, err := w.exec(`DELETE FROM notification_rule_device_groups WHERE rule = ?`, n.ID); err != nil {
		return err
	}
	for _, g := range n.DeviceGroups {
		if _, err := w.exec(`INSERT INTO notification_rule_device_groups (rule, device_group) VALUES (?, ?) ON CONFLICT DO NOTHING`, n.ID, fold(g)); err != nil {
			return err
		}
	}
	return nil
}

// RemoveNotificationRule implements store.NotificationWriter.
func (w *writer) RemoveNotificationRule(id string) (bool, error) {
	n, err := w.exec(`DELETE FROM notification_rules WHERE id = ?`, id)
	return n > 0, err
}

const notificationColumns = `id, rule, rule_name, alert, detection, user, mail, webhook, status, attempts, created, updated, next_at, outcome`

func (r *reader) notifications(which string, args ...any) ([]store.Notification, error) {
	var list []store.Notification
	err := r.each(`SELECT `+notificationColumns+` FROM notifications `+which, func(rows *sql.Rows) error {
		var n store.Notification
		var created, updated int64
		var next sql.NullInt64
		err := rows.Scan(&n.ID, &n.Rule, &n.RuleName, &n.Alert, &n.Detection, &n.To.User, &n.To.Mail, &n.To.Webhook, &n.Status, &n.Attempts, &created, &updated, &next, &n.Outcome)
		n.Created, n.Updated, n.Next = time.Unix(0, created).UTC(), time.Unix(0, updated).UTC(), moment(next)
		list = append(list, n)
		return err
	}, args...)
	return list, err
}

// Notifications implements store.NotificationReader.
func (r *reader) Notifications(q store.NotificationQuery) ([]store.Notification, error) {
	var s statement
	s.notifications(q)
	if q.After != (store.NotificationPlace{}) {
		s.add(` AND (created, id) < (?, ?)`, q.After.Created, q.After.ID)
	}
	s.add(` ORDER BY created DESC, id DESC LIMIT ?`, q.Limit)
	return r.notifications(s.String(), s.args...)
}

// CountNotifications implements store.NotificationReader.
func (r *reader) CountNotifications(q store.NotificationQuery) (int64, error) {
	var s statement
	s.add(`SELECT count(*) FROM notifications `)
	s.notifications(q)
	var n int64
	_, err := r.one(s.String(), s.args, &n)
	return n, err
}

func (s *statement) notifications(q store.NotificationQuery) {
	s.add(`WHERE (? = '' OR rule = ?) AND (? = '' OR status = ?)`, q.Rule, q.Rule, q.Status, q.Status)
}

// Notification implements store.NotificationReader.
func (r *reader) Notification(id string) (store.Notification, bool, error) {
	list, err := r.notifications(`WHERE id = ?`, id)
	if err != nil || len(list) == 0 {
		return store.Notification{}, false, err
	}
	return list[0], true, nil
}

// NotificationsDue implements store.NotificationReader.
func (r *reader) NotificationsDue(by time.Time, full, busy []string, limit int) ([]store.Notification, error) {
	return r.notifications(`WHERE next_at <= ? AND webhook NOT IN (SELECT value FROM json_each(?)) AND webhook || char(10) || user NOT IN (SELECT value FROM json_each(?))
		ORDER BY next_at, id LIMIT ?`, by.UnixNano(), listText(full), listText(busy), limit)
}

// NotificationTold implements store.NotificationReader.
func (r *reader) NotificationTold(n store.Notification) (store.Notification, bool, error) {
	list, err := r.notifications(`WHERE alert <> '' AND alert = ? AND user = ? AND mail = ? AND webhook = ? AND id <> ? AND (status = 'sent' OR status = 'pending' AND attempts > 0)
		ORDER BY status DESC, id LIMIT 1`, n.Alert, n.To.User, n.To.Mail, n.To.Webhook, n.ID)
	if err != nil || len(list) == 0 {
		return store.Notification{}, false, err
	}
	return list[0], true, nil
}

// NotificationsSent implements store.NotificationReader.
func (r *reader) NotificationsSent(to store.Recipient, since time.Time) (int, error) {
	var n int
	_, err := r.one(`SELECT count(*) FROM notifications WHERE status = 'sent' AND user = ? AND webhook = ? AND updated >= ?`, []any{to.User, to.Webhook, since.UnixNano()}, &n)
	return n, err
}

// AddNotification implements store.NotificationWriter.
func (w *writer) AddNotification(n store.Notification) (bool, error) {
	added, err := w.exec(`INSERT INTO notifications (`+notificationColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (rule, alert, user, webhook) WHERE alert <> '' DO NOTHING`,
		n.ID, n.Rule, n.RuleName, n.Alert, n.Detection, n.To.User, n.To.Mail, n.To.Webhook, n.Status, n.Attempts, n.Created.UnixNano(), n.Updated.UnixNano(), nanos(n.Next), n.Outcome)
	return added > 0, err
}

// PutNotification implements store.NotificationWriter.
func (w *writer) PutNotification(n store.Notification) error {
	_, err := w.exec(`UPDATE notifications SET status = ?, attempts = ?, updated = ?, next_at = ?, outcome = ? WHERE id = ?`,
		n.Status, n.Attempts, n.Updated.UnixNano(), nanos(n.Next), n.Outcome, n.ID)
	return err
}

// ForgetNotifications implements store.NotificationWriter.
func (w *writer) ForgetNotifications(before time.Time) (int64, error) {
	return w.exec(`DELETE FROM notifications WHERE next_at IS NULL AND created < ? AND updated < ?`, before.UnixNano(), before.UnixNano())
}

// Arrivals implements store.NotificationReader.
func (r *reader) Arrivals(after int64, limit int) ([]store.Arrival, error) {
	var list []store.Arrival
	err := r.each(`SELECT n, id, severity, class, created, updated FROM alerts WHERE n > ? ORDER BY n LIMIT ?`, func(rows *sql.Rows) error {
		var a store.Arrival
		var created, updated int64
		err := rows.Scan(&a.Place, &a.ID, &a.Severity, &a.Class, &created, &updated)
		a.Created, a.Updated = time.Unix(0, created).UTC(), time.Unix(0, updated).UTC()
		list = append(list, a)
		return err
	}, after, limit)
	return list, err
}

// LastArrival implements store.NotificationReader.
func (r *reader) LastArrival() (int64, error) {
	var last int64
	_, err := r.one(`SELECT coalesce(max(n), 0) FROM alerts`, nil, &last)
	return last, err
}

// NotificationPlace implements store.NotificationReader.
func (r *reader) NotificationPlace() (int64, error) {
	var place int64
	_, err := r.one(`SELECT place FROM notification_place`, nil, &place)
	return place, err
}

// SetNotificationPlace implements store.NotificationWriter.
func (w *writer) SetNotificationPlace(place int64) error {
	_, err := w.exec(`UPDATE notification_place SET place = ?`, place)
	return err
}
