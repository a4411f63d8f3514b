package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/notify"
	"github.com/bailiwick/bailiwick/internal/store"
)

// The answers in the form that the API gives them.
type (
	notificationRule struct {
		ID           string            `json:"id"`
		Name         string            `json:"name"`
		On           bool              `json:"on"`
		Severities   []string          `json:"severities"`
		Everywhere   bool              `json:"everywhere"`
		DeviceGroups []string          `json:"deviceGroups"`
		Recipients   []store.Recipient `json:"recipients"`
		Updated      time.Time         `json:"lastUpdateDateTime"`
		UpdatedBy    string            `json:"updatedBy"`
		Etag         string            `json:"etag"`
	}
	notificationRules struct {
		Items []notificationRule `json:"items"`
		Total int                `json:"total"`
		Next  string             `json:"next,omitempty"`
	}
	sentNotification struct {
		ID        string          `json:"id"`
		Rule      string          `json:"rule"`
		RuleName  string          `json:"ruleName"`
		Alert     string          `json:"alertId,omitempty"`
		Detection string          `json:"detectionId,omitempty"`
		To        store.Recipient `json:"to"`
		Status    string          `json:"status"`
		Outcome   string          `json:"outcome,omitempty"`
		Attempts  int             `json:"attempts"`
		Created   time.Time       `json:"createdDateTime"`
		Updated   time.Time       `json:"lastUpdateDateTime"`
		Next      time.Time       `json:"nextDateTime,omitzero"`
	}
	sentNotifications struct {
		Items []sentNotification `json:"items"`
		Total int64              `json:"total"`
		Next  string             `json:"next,omitempty"`
	}
)

const rulesPath = "/api/v1/notifications/rules"

func (p *program) notificationsCommand() *cobra.Command {
	parent := &cobra.Command{
		Use:     "notifications",
		Aliases: []string{"notification"},
		Short:   "Rules by which people are told of alerts, by mail and webhook, and what became of it",
	}
	parent.AddCommand(p.listNotificationRulesCommand(), p.showNotificationRuleCommand(), p.addNotificationRuleCommand(), p.setNotificationRuleCommand(),
		p.removeNotificationRuleCommand(), p.testNotificationRuleCommand(), p.notificationLogCommand())
	return parent
}

func (p *program) listNotificationRulesCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the rules", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := p.notificationRules(cmd.Context())
			if err != nil {
				return err
			}
			return p.answer(list, func(w io.Writer) {
				t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
				for _, r := range list.Items {
					fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%d to tell\n", oneLine(r.Name), r.state(), strings.Join(r.Severities, ","), r.where(), len(r.Recipients))
				}
				_ = t.Flush()
			})
		},
	}
}

func (r notificationRule) state() string {
	if r.On {
		return "on"
	}
	return "off"
}

func (r notificationRule) where() string {
	switch {
	case r.Everywhere:
		return "everywhere"
	case len(r.DeviceGroups) == 0:
		return "nowhere: its device groups are gone"
	}
	return strings.Join(r.DeviceGroups, ", ")
}

func (r notificationRule) print(w io.Writer) {
	fmt.Fprintf(w, "%s  %s\n  %-14s %s\n  %-14s %s\n  %-14s %s\n", oneLine(r.Name), r.state(), "id", r.ID, "severities", strings.Join(r.Severities, ", "), "where", r.where())
	for _, to := range r.Recipients {
		fmt.Fprintf(w, "  %-14s %s\n", "tells", way(to))
	}
	fmt.Fprintf(w, "  %-14s %s by %s\n", "changed", r.Updated.UTC().Format(time.RFC3339), oneLine(r.UpdatedBy))
}

// way says whom a notification goes to, and how.
func way(to store.Recipient) string {
	switch {
	case to.Webhook != "":
		return oneLine(to.Webhook) + " what " + to.User + " may see"
	case to.Mail == to.User:
		return to.User
	}
	return to.User + " at " + oneLine(to.Mail)
}

func (p *program) notificationRules(ctx context.Context) (notificationRules, error) {
	list := notificationRules{Items: []notificationRule{}}
	if p.server != "" {
		return list, p.call(ctx, http.MethodGet, rulesPath+"?limit=1000", nil, &list)
	}
	err := p.within(ctx, func(c *centre) error {
		rules, err := c.notify.Rules(ctx, local())
		for _, r := range rules {
			list.Items = append(list.Items, toldRule(r))
		}
		list.Total = len(rules)
		return err
	})
	return list, err
}

func toldRule(r store.NotificationRule) notificationRule {
	return notificationRule{
		ID: r.ID, Name: r.Name, On: r.On, Severities: append([]string{}, r.Severities...), Everywhere: r.Everywhere, DeviceGroups: append([]string{}, r.DeviceGroups...),
		Recipients: r.Recipients, Updated: r.Updated, UpdatedBy: r.UpdatedBy, Etag: notify.Tag(r),
	}
}

// notificationRule finds a rule by its id or its name.
func (p *program) notificationRule(ctx context.Context, name string) (notificationRule, error) {
	list, err := p.notificationRules(ctx)
	if err != nil {
		return notificationRule{}, err
	}
	var names []string
	for _, r := range list.Items {
		if r.ID == name || strings.EqualFold(r.Name, name) {
			return r, nil
		}
		names = append(names, r.Name)
	}
	if len(names) == 0 {
		return notificationRule{}, fault.NotFound("notification rule", "there are none")
	}
	return notificationRule{}, fault.NotFound("notification rule", "there is no notification rule %q%s", name, suggest(name, names))
}

func (p *program) showNotificationRuleCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show RULE", Short: "Show one rule, by name or id", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := p.notificationRule(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return p.answer(r, r.print)
		},
	}
}

// ruleFlags are what a rule is made of, as the command line says it.
type ruleFlags struct {
	name, severities string
	groups, to, via  []string
	everywhere, off  bool
}

func (f *ruleFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.severities, "severity", "", "of these `SEVERITIES`, with commas: "+strings.Join(notify.Severities, ", "))
	flags.StringArrayVar(&f.groups, "device-group", nil, "about alerts on a device in this `GROUP`; may be given more than once")
	flags.BoolVar(&f.everywhere, "everywhere", false, "about alerts on any device, and on none")
	flags.StringArrayVar(&f.to, "to", nil, "mail to `USER[=ADDRESS]`; the user's name is the address if none is given; may be given more than once")
	flags.StringArrayVar(&f.via, "webhook", nil, "post to `NAME=USER`: a webhook of the configuration, and whose eyes it sees with; may be given more than once")
	flags.BoolVar(&f.off, "off", false, "keep it without asking it")
}

// into writes what was given into a rule.
func (f *ruleFlags) into(cmd *cobra.Command, r *notificationRule) error {
	given := cmd.Flags().Changed
	if given("name") {
		r.Name = f.name
	}
	if given("severity") {
		r.Severities = strings.FieldsFunc(f.severities, func(c rune) bool { return c == ',' || c == ' ' })
	}
	if given("device-group") {
		r.DeviceGroups, r.Everywhere = f.groups, false
	}
	if given("everywhere") {
		if r.Everywhere = f.everywhere; f.everywhere && !given("device-group") {
			r.DeviceGroups = nil
		}
	}
	if given("off") {
		r.On = !f.off
	}
	if !given("to") && !given("webhook") {
		return nil
	}
	r.Recipients = nil
	for _, text := range f.to {
		user, address, _ := strings.Cut(text, "=")
		r.Recipients = append(r.Recipients, store.Recipient{User: user, Mail: address})
	}
	for _, text := range f.via {
		hook, user, ok := strings.Cut(text, "=")
		if !ok || hook == "" || user == "" {
			return refuse("--webhook %q: want NAME=USER", text)
		}
		r.Recipients = append(r.Recipients, store.Recipient{User: user, Webhook: hook})
	}
	return nil
}

// body is a rule as the API takes it.
func (r notificationRule) body() any {
	return struct {
		Name         string            `json:"name"`
		On           bool              `json:"on"`
		Severities   []string          `json:"severities"`
		Everywhere   bool              `json:"everywhere"`
		DeviceGroups []string          `json:"deviceGroups"`
		Recipients   []store.Recipient `json:"recipients"`
	}{r.Name, r.On, append([]string{}, r.Severities...), r.Everywhere, append([]string{}, r.DeviceGroups...), append([]store.Recipient{}, r.Recipients...)}
}

func (r notificationRule) setting() notify.Setting {
	return notify.Setting{Name: r.Name, On: r.On, Severities: r.Severities, Everywhere: r.Everywhere, DeviceGroups: r.DeviceGroups, Recipients: r.Recipients}
}

func (p *program) addNotificationRuleCommand() *cobra.Command {
	var f ruleFlags
	cmd := &cobra.Command{
		Use: "add NAME", Short: "Make a rule; it is about alerts that come from now on", Args: cobra.ExactArgs(1),
		Example: "  bailiwick notifications add 'High in Sales' --severity high,medium --device-group 'Sales devices' --to mira@contoso.example --webhook chat=mira@contoso.example",
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, r := cmd.Context(), notificationRule{Name: args[0], On: true}
			if err := f.into(cmd, &r); err != nil {
				return err
			}
			var err error
			if p.server != "" {
				err = p.call(ctx, http.MethodPost, rulesPath, r.body(), &r)
			} else {
				err = p.within(ctx, func(c *centre) error {
					made, err := c.notify.Create(ctx, local(), r.setting())
					r = toldRule(made)
					return err
				})
			}
			if err != nil {
				return err
			}
			return p.answer(r, r.print)
		},
	}
	f.add(cmd)
	return cmd
}

func (p *program) setNotificationRuleCommand() *cobra.Command {
	var f ruleFlags
	cmd := &cobra.Command{
		Use: "set RULE", Short: "Change what is given of a rule, and leave the rest", Args: cobra.ExactArgs(1),
		Long: "Change what is given of a rule, and leave the rest. --to and --webhook together replace all whom it tells; --off=false turns it on, for alerts that come from then on.",
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			r, err := p.notificationRule(ctx, args[0])
			if err != nil {
				return err
			}
			id, tag := r.ID, r.Etag
			if err := f.into(cmd, &r); err != nil {
				return err
			}
			if p.server != "" {
				err = p.call(ctx, http.MethodPut, rulesPath+"/"+url.PathEscape(id), r.body(), &r, "If-Match", tag)
			} else {
				err = p.within(ctx, func(c *centre) error {
					changed, err := c.notify.Change(ctx, local(), id, tag, r.setting())
					r = toldRule(changed)
					return err
				})
			}
			if err != nil {
				return err
			}
			return p.answer(r, r.print)
		},
	}
	cmd.Flags().StringVar(&f.name, "name", "", "give it another `NAME`")
	f.add(cmd)
	return cmd
}

func (p *program) removeNotificationRuleCommand() *cobra.Command {
	return &cobra.Command{
		Use: "remove RULE", Short: "Remove a rule; what it had yet to tell is not told", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			r, err := p.notificationRule(ctx, args[0])
			if err != nil {
				return err
			}
			if p.server != "" {
				answer, err := p.do(ctx, http.MethodDelete, rulesPath+"/"+url.PathEscape(r.ID), "", nil, "If-Match", r.Etag)
				if err != nil {
					return err
				}
				answer.Body.Close()
			} else if err := p.within(ctx, func(c *centre) error { return c.notify.Remove(ctx, local(), r.ID, r.Etag) }); err != nil {
				return err
			}
			return p.answer(map[string]string{"removed": r.ID}, func(w io.Writer) { fmt.Fprintf(w, "removed %s\n", oneLine(r.Name)) })
		},
	}
}

func (p *program) testNotificationRuleCommand() *cobra.Command {
	return &cobra.Command{
		Use: "test RULE", Short: "Send everybody whom a rule names a message that is about no alert", Args: cobra.ExactArgs(1),
		Long: "Send everybody whom a rule names a message that is about no alert. The server sends it; `notifications log` tells what became of it.",
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			r, err := p.notificationRule(ctx, args[0])
			if err != nil {
				return err
			}
			list := sentNotifications{Items: []sentNotification{}}
			if p.server != "" {
				err = p.call(ctx, http.MethodPost, rulesPath+"/"+url.PathEscape(r.ID)+"/test", nil, &list)
			} else {
				err = p.within(ctx, func(c *centre) error {
					made, err := c.notify.Test(ctx, local(), r.ID)
					list = toldNotifications(made, int64(len(made)))
					return err
				})
			}
			if err != nil {
				return err
			}
			return p.answer(list, func(w io.Writer) { list.print(w) })
		},
	}
}

func (p *program) notificationLogCommand() *cobra.Command {
	var rule, status string
	var limit int
	cmd := &cobra.Command{
		Use: "log", Short: "What became of notifications, the last made first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if limit < 1 || limit > 1000 {
				return refuse("--limit %d: want 1 to 1000", limit)
			}
			if status != "" && !slices.Contains(notify.Statuses, status) {
				return refuse("--status %q%s", status, suggest(status, notify.Statuses))
			}
			ctx := cmd.Context()
			if rule != "" { // one that is gone is known by its id only
				if r, err := p.notificationRule(ctx, rule); err == nil {
					rule = r.ID
				} else if fault.KindOf(err) != fault.KindNotFound || !strings.HasPrefix(rule, "nrl_") {
					return err
				}
			}
			list, err := p.notificationLog(ctx, store.NotificationQuery{Rule: rule, Status: status, Limit: limit})
			if err != nil {
				return err
			}
			return p.answer(list, func(w io.Writer) { list.print(w) })
		},
	}
	f := cmd.Flags()
	f.StringVar(&rule, "rule", "", "of this `RULE` only, by name or id")
	f.StringVar(&status, "status", "", "only what is "+strings.Join(notify.Statuses, ", "))
	f.IntVar(&limit, "limit", 50, "at most `N`")
	return cmd
}

func (p *program) notificationLog(ctx context.Context, q store.NotificationQuery) (sentNotifications, error) {
	list := sentNotifications{Items: []sentNotification{}}
	if p.server != "" {
		query := url.Values{"limit": {strconv.Itoa(q.Limit)}}
		for name, value := range map[string]string{"rule": q.Rule, "status": q.Status} {
			if value != "" {
				query.Set(name, value)
			}
		}
		return list, p.call(ctx, http.MethodGet, "/api/v1/notifications/log?"+query.Encode(), nil, &list)
	}
	err := p.within(ctx, func(c *centre) error {
		page, err := c.notify.Log(ctx, local(), q)
		list = toldNotifications(page.Items, page.Total)
		return err
	})
	return list, err
}

func toldNotifications(made []store.Notification, total int64) sentNotifications {
	list := sentNotifications{Items: []sentNotification{}, Total: total}
	for _, n := range made {
		list.Items = append(list.Items, sentNotification{
			ID: n.ID, Rule: n.Rule, RuleName: n.RuleName, Alert: n.Alert, Detection: n.Detection, To: n.To, Status: n.Status, Outcome: n.Outcome, Attempts: n.Attempts, Created: n.Created, Updated: n.Updated, Next: n.Next,
		})
	}
	return list
}

func (l sentNotifications) print(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, n := range l.Items {
		what := cmp.Or(n.Alert, n.Detection)
		if what == "" {
			what = "a test"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", n.Created.UTC().Format(time.RFC3339), n.Status, oneLine(n.RuleName), oneLine(what), way(n.To), oneLine(n.Outcome))
	}
	_ = t.Flush()
	if int64(len(l.Items)) < l.Total {
		fmt.Fprintf(w, "%d of %d\n", len(l.Items), l.Total)
	}
}
