package notify

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Severities are those that a rule may be about, the worst first.
var Severities = []string{"high", "medium", "low", "informational", "unknown"}

// How much there may be of a rule, and of rules.
const (
	mostRules      = 100
	mostRecipients = 50
	mostName       = 100
)

// Setting is what people say of a rule.
type Setting struct {
	Name         string
	On           bool
	Severities   []string
	Everywhere   bool
	DeviceGroups []string
	Recipients   []store.Recipient // without mail and webhook: mail to the user's name, if that is an address
}

// Tag names the state of a rule, for who changes it only if nobody else has.
func Tag(r store.NotificationRule) string {
	return `"` + strconv.FormatInt(r.Updated.UnixMicro(), 36) + `"`
}

// Rules gives all, by name.
func (s *Service) Rules(ctx context.Context, who audit.Actor) (list []store.NotificationRule, err error) {
	err = s.look(ctx, who, "list notification rules", func(tx store.Reader) error {
		list, err = tx.NotificationRules()
		return err
	})
	return list, err
}

// Rule gives one.
func (s *Service) Rule(ctx context.Context, who audit.Actor, id string) (rule store.NotificationRule, err error) {
	err = s.look(ctx, who, "read a notification rule", func(tx store.Reader) error {
		rule, err = find(tx, id)
		return err
	})
	return rule, err
}

func find(tx store.Reader, id string) (store.NotificationRule, error) {
	rule, found, err := tx.NotificationRule(id)
	if err == nil && !found {
		err = fault.NotFound("notification rule", "there is no notification rule %q", cut(id, 80))
	}
	return rule, err
}

// unchanged refuses to change a rule that is not what the caller has seen.
func unchanged(rule store.NotificationRule, tag string) error {
	if tag != "" && tag != "*" && tag != Tag(rule) {
		return fault.Changed("change the notification rule", "%s changed it since you read it", rule.UpdatedBy)
	}
	return nil
}

// Create makes a rule. It is about alerts that come from now on.
func (s *Service) Create(ctx context.Context, who audit.Actor, set Setting) (rule store.NotificationRule, err error) {
	err = s.change(ctx, who, "notifications.create", "notification rule:"+cut(set.Name, mostName), func(tx store.Writer, _ *rbac.Snapshot, rec *audit.Record) error {
		rule = store.NotificationRule{ID: newID("nrl")}
		if err := s.fill(tx, &rule, set, who); err != nil {
			return err
		}
		all, err := tx.NotificationRules()
		if err != nil {
			return err
		}
		if len(all) >= mostRules {
			return fault.Invalid("make a notification rule", "there are %d already, and no more than that: remove one", len(all))
		}
		if rule.After, err = tx.LastArrival(); err != nil {
			return err
		}
		rec.After = told(rule)
		return tx.PutNotificationRule(rule)
	})
	return rule, err
}

// Change makes a rule what the setting says. One that is turned on is about alerts that come from then on.
func (s *Service) Change(ctx context.Context, who audit.Actor, id, tag string, set Setting) (rule store.NotificationRule, err error) {
	err = s.change(ctx, who, "notifications.update", "notification rule:"+cut(id, 80), func(tx store.Writer, _ *rbac.Snapshot, rec *audit.Record) error {
		was, err := find(tx, id)
		if err != nil {
			return err
		}
		if err := unchanged(was, tag); err != nil {
			return err
		}
		rule = was
		if err := s.fill(tx, &rule, set, who); err != nil {
			return err
		}
		if rule.On && !was.On {
			if rule.After, err = tx.LastArrival(); err != nil {
				return err
			}
		}
		rec.Object, rec.Before, rec.After = "notification rule:"+rule.Name, told(was), told(rule)
		if fmt.Sprint(rec.Before) == fmt.Sprint(rec.After) {
			rule = was
			rec.Skip()
			return nil
		}
		if !rule.Updated.After(was.Updated) {
			rule.Updated = was.Updated.Add(1000) // a tag tells two states apart, whatever the clock does
		}
		return tx.PutNotificationRule(rule)
	})
	return rule, err
}

// Remove removes a rule. What it had to tell and has not is not told.
func (s *Service) Remove(ctx context.Context, who audit.Actor, id, tag string) error {
	return s.change(ctx, who, "notifications.remove", "notification rule:"+cut(id, 80), func(tx store.Writer, _ *rbac.Snapshot, rec *audit.Record) error {
		rule, err := find(tx, id)
		if err != nil {
			return err
		}
		if err := unchanged(rule, tag); err != nil {
			return err
		}
		rec.Object, rec.Before = "notification rule:"+rule.Name, told(rule)
		_, err = tx.RemoveNotificationRule(id)
		return err
	})
}

// Test sends everybody whom a rule names a message that is about no alert.
func (s *Service) Test(ctx context.Context, who audit.Actor, id string) (list []store.Notification, err error) {
	err = s.change(ctx, who, "notifications.test", "notification rule:"+cut(id, 80), func(tx store.Writer, _ *rbac.Snapshot, rec *audit.Record) error {
		rule, err := find(tx, id)
		if err != nil {
			return err
		}
		rec.Object = "notification rule:" + rule.Name
		list = nil
		for _, to := range rule.Recipients {
			n := notification(rule, "", to, s.now())
			if _, err := tx.AddNotification(n); err != nil {
				return err
			}
			list = append(list, n)
		}
		return nil
	})
	return list, err
}

// fill checks a setting and writes it into a rule. All that is wrong with it is said at once.
func (s *Service) fill(tx store.Writer, rule *store.NotificationRule, set Setting, who audit.Actor) error {
	var wrong []fault.Detail
	say := func(where, want, problem string, args ...any) {
		wrong = append(wrong, fault.Detail{Where: where, Problem: fmt.Sprintf(problem, args...), Want: want})
	}
	rule.Name, rule.On, rule.Everywhere = strings.TrimSpace(set.Name), set.On, set.Everywhere
	if rule.Name == "" || utf8.RuneCountInString(rule.Name) > mostName || rule.Name != clean(rule.Name, mostName) {
		say("name", "1 to 100 printable characters on one line", "%q", cut(set.Name, mostName))
	}
	rule.Severities = nil
	for i, one := range set.Severities {
		if !slices.Contains(Severities, one) {
			say(fmt.Sprintf("severities[%d]", i), "one of "+strings.Join(Severities, ", "), "there is no severity %q", cut(one, 40))
		}
	}
	for _, known := range Severities {
		if slices.Contains(set.Severities, known) {
			rule.Severities = append(rule.Severities, known)
		}
	}
	if len(set.Severities) == 0 {
		say("severities", "one or more of "+strings.Join(Severities, ", "), "none: it would be about no alert")
	}
	if err := fillGroups(tx, rule, set, say); err != nil {
		return err
	}
	if err := s.fillRecipients(tx, rule, set, say); err != nil {
		return err
	}
	if len(wrong) > 0 {
		return fault.Invalid("save the notification rule", "%s: %s: want %s", wrong[0].Where, wrong[0].Problem, wrong[0].Want).WithDetails(wrong...)
	}
	rule.Updated, rule.UpdatedBy = s.now(), who.Name
	return nil
}

type sayer func(where, want, problem string, args ...any)

func fillGroups(tx store.Writer, rule *store.NotificationRule, set Setting, say sayer) error {
	rule.DeviceGroups = nil
	switch {
	case set.Everywhere && len(set.DeviceGroups) > 0:
		say("deviceGroups", "everywhere, or device groups", "a rule that is about every alert names no device groups")
		return nil
	case set.Everywhere:
		return nil
	case len(set.DeviceGroups) == 0:
		say("deviceGroups", "one or more device groups, or everywhere: true", "none: it would be about no alert")
		return nil
	}
	policy, err := tx.Policy()
	if err != nil {
		return err
	}
	var names []string
	for _, g := range policy.DeviceGroups {
		names = append(names, g.Name)
	}
	for i, name := range set.DeviceGroups {
		at := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
		switch {
		case at >= 0 && !slices.Contains(rule.DeviceGroups, names[at]):
			rule.DeviceGroups = append(rule.DeviceGroups, names[at])
		case at < 0:
			want := "the name of a device group"
			if near := catalog.Nearest(name, names); near != "" {
				want += fmt.Sprintf(", perhaps %q", near)
			}
			say(fmt.Sprintf("deviceGroups[%d]", i), want, "there is no device group %q", cut(name, 80))
		}
	}
	slices.Sort(rule.DeviceGroups)
	return nil
}

func (s *Service) fillRecipients(tx store.Writer, rule *store.NotificationRule, set Setting, say sayer) error {
	rule.Recipients = nil
	if n := len(set.Recipients); n == 0 || n > mostRecipients {
		say("recipients", fmt.Sprintf("1 to %d", mostRecipients), "%d", n)
		return nil
	}
	seen := map[store.Recipient]bool{}
	for i, to := range set.Recipients {
		where := fmt.Sprintf("recipients[%d]", i)
		user, found, err := tx.User(strings.ToLower(strings.TrimSpace(to.User)))
		if err != nil {
			return err
		}
		if !found {
			say(where+".user", "the name of a user: what they may see is what is told", "there is no user %q", cut(to.User, 80))
			continue
		}
		to.User = user.Name
		if to.Mail == "" && to.Webhook == "" {
			to.Mail = user.Name
		}
		if key := (store.Recipient{User: to.User, Webhook: to.Webhook}); seen[key] {
			say(where, "each person once by mail, and once by each webhook", "%s is named twice", to.User)
		} else {
			seen[key] = true
		}
		s.checkChannel(where, to, say)
		rule.Recipients = append(rule.Recipients, to)
	}
	return nil
}

func (s *Service) checkChannel(where string, to store.Recipient, say sayer) {
	switch {
	case to.Mail != "" && to.Webhook != "":
		say(where, "mail or webhook; name the person twice to have both", "both mail and webhook")
	case to.Mail != "":
		if !isAddress(to.Mail) {
			say(where+".mail", "a mail address such as mira@contoso.example", "%q is no mail address", cut(to.Mail, 80))
		} else if s.Mail != nil && !s.Mail.goesTo(to.Mail) {
			say(where+".mail", "an address in "+strings.Join(s.Mail.domains, ", "), "the configuration lets no mail go to %q", to.Mail)
		}
	case s.Delivers && s.webhook(to.Webhook) == nil:
		var names []string
		for _, w := range s.Webhooks {
			names = append(names, w.name)
		}
		want := "mail: the configuration has no webhooks (notifications.webhooks)"
		if len(names) > 0 {
			want = "one of " + strings.Join(names, ", ")
		}
		say(where+".webhook", want, "there is no webhook %q", cut(to.Webhook, 80))
	case to.Webhook != clean(to.Webhook, mostName):
		say(where+".webhook", "the name of a webhook in the configuration", "%q is no name", cut(to.Webhook, 80))
	}
}

// isAddress tells whether a text is a plain address and nothing else: it becomes part of a header and of the conversation with a
// mail server.
func isAddress(text string) bool {
	a, err := mail.ParseAddress(text)
	if err != nil || a.Name != "" || a.Address != text || len(text) > 254 {
		return false
	}
	for _, c := range []byte(text) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`<>"(),;:\`, c) >= 0 {
			return false
		}
	}
	return true
}

// told is a rule as the audit log keeps it.
func told(r store.NotificationRule) any {
	return map[string]any{
		"name": r.Name, "on": r.On, "severities": r.Severities, "everywhere": r.Everywhere, "deviceGroups": r.DeviceGroups, "recipients": r.Recipients,
	}
}

func newID(kind string) string { return kind + "_" + strings.ToLower(rand.Text()) }
