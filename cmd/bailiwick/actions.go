package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/response"
)

// The answers in the form that the API gives them.
type (
	actionList struct {
		Items []actionItem `json:"items"`
		Total int64        `json:"total"`
		Next  string       `json:"next,omitempty"`
	}
	actionItem struct {
		ID        string        `json:"id"`
		Type      string        `json:"actionType"`
		Title     string        `json:"actionTypeDisplayName"`
		Workload  string        `json:"workload,omitempty"`
		Source    string        `json:"actionSource,omitempty"`
		Status    string        `json:"status"`
		Subject   string        `json:"subject,omitempty"`
		Details   string        `json:"details,omitempty"`
		Incident  string        `json:"incidentId,omitempty"`
		Device    *actionDevice `json:"device,omitempty"`
		Decision  string        `json:"decision,omitempty"`
		DecidedBy string        `json:"decidedBy,omitempty"`
		Requester string        `json:"createdBy,omitempty"`
		Request   string        `json:"request,omitempty"`
		Comment   string        `json:"comment,omitempty"`
		Executor  string        `json:"executor,omitempty"`
		Outcome   string        `json:"outcome,omitempty"`
		Created   time.Time     `json:"createdDateTime,omitzero"`
		Updated   time.Time     `json:"lastUpdateDateTime,omitzero"`
		Expires   time.Time     `json:"expirationDateTime,omitzero"`
		UndoOf    string        `json:"undoOf,omitempty"`
		UndoneBy  string        `json:"undoneBy,omitempty"`
		Checklist []actionStep  `json:"checklist,omitempty"`
		History   []actionEvent `json:"history,omitempty"`
	}
	actionDevice struct {
		ID    string `json:"id"`
		Name  string `json:"name,omitempty"`
		Group string `json:"deviceGroup,omitempty"`
	}
	actionStep struct {
		Text string `json:"text"`
		Done bool   `json:"done"`
	}
	actionEvent struct {
		At      time.Time `json:"at"`
		By      string    `json:"by,omitempty"`
		Status  string    `json:"status"`
		Comment string    `json:"comment,omitempty"`
	}
)

func (p *program) actionsCommand() *cobra.Command {
	parent := &cobra.Command{
		Use:     "actions",
		Aliases: []string{"action"},
		Short:   "The Action centre: list, decide, ask for and undo response actions",
	}
	parent.AddCommand(p.listActionsCommand(), p.showActionCommand(), p.decideCommand("approve", "Let actions be carried out"), p.decideCommand("decline", "Have actions dropped"),
		p.decideCommand("cancel", "Take actions back before anybody has begun"), p.decideCommand("undo", "Ask for the actions that take these back"),
		p.completeCommand(), p.requestCommand(), p.actionRulesCommand())
	return parent
}

func (p *program) listActionsCommand() *cobra.Command {
	var q response.Query
	var statuses, types, group string
	cmd := &cobra.Command{
		Use: "list", Short: "List actions, the last changed first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if q.Limit < 1 || q.Limit > 1000 {
				return refuse("--limit %d: want 1 to 1000", q.Limit)
			}
			split := func(s string) []string {
				return strings.FieldsFunc(s, func(r rune) bool { return r == ',' })
			}
			if q.Statuses, q.Types = split(statuses), split(types); group != "" {
				q.Groups = []string{group}
			}
			list, err := p.listActions(cmd.Context(), q)
			if err != nil {
				return err
			}
			return p.answer(list, func(w io.Writer) { list.print(w) })
		},
	}
	f := cmd.Flags()
	f.StringVar(&q.Tab, "tab", "", "`pending` or history; both, if left out")
	f.StringVar(&statuses, "status", "", "of these `STATES`, with commas")
	f.StringVar(&types, "type", "", "of these `TYPES`, with commas")
	f.StringVar(&group, "device-group", "", "on a device that is in this `GROUP` now")
	f.StringVar(&q.Device, "device", "", "on the device of this `ID`")
	f.StringVar(&q.Incident, "incident", "", "of the incident of this `ID`")
	f.StringVar(&q.Search, "search", "", "with this `TEXT` in id, subject, details, who asked or decided, or the device's name")
	f.IntVar(&q.Limit, "limit", 50, "at most `N`")
	return cmd
}

func (p *program) listActions(ctx context.Context, q response.Query) (actionList, error) {
	var list actionList
	if p.server != "" {
		query := url.Values{"limit": {strconv.Itoa(q.Limit)}}
		for name, value := range map[string]string{
			"tab": q.Tab, "status": strings.Join(q.Statuses, ","), "type": strings.Join(q.Types, ","), "deviceGroup": strings.Join(q.Groups, ""), "device": q.Device, "incident": q.Incident, "search": q.Search,
		} {
			if value != "" {
				query.Set(name, value)
			}
		}
		return list, p.call(ctx, http.MethodGet, "/api/v1/actions?"+query.Encode(), nil, &list)
	}
	err := p.within(ctx, func(c *centre) error {
		page, err := c.response.List(ctx, local(), q)
		list.Items, list.Total = make([]actionItem, len(page.Items)), page.Total
		for n, i := range page.Items {
			list.Items[n] = toldAction(i)
		}
		return err
	})
	return list, err
}

func (l actionList) print(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, a := range l.Items {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", oneLine(a.ID), a.Status, oneLine(a.Title), oneLine(a.where()), a.Updated.UTC().Format(time.RFC3339))
	}
	_ = t.Flush()
	if int64(len(l.Items)) < l.Total {
		fmt.Fprintf(w, "%d of %d\n", len(l.Items), l.Total)
	}
}

// where says what an action acts on.
func (a actionItem) where() string {
	var parts []string
	if a.Device != nil {
		name := a.Device.Name
		if name == "" {
			name = a.Device.ID
		}
		if a.Device.Group != "" {
			name += " (" + a.Device.Group + ")"
		}
		parts = append(parts, name)
	}
	if a.Subject != "" {
		parts = append(parts, a.Subject)
	}
	return strings.Join(parts, ": ")
}

// oneLine keeps what strangers have written from drawing on the terminal.
func oneLine(s string) string {
	quoted := strconv.Quote(s)
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(quoted[1 : len(quoted)-1])
}

func (p *program) showActionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show ID", Short: "Show one action, with its task and its history", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var a actionItem
			var err error
			if p.server != "" {
				err = p.call(cmd.Context(), http.MethodGet, "/api/v1/actions/"+url.PathEscape(args[0]), nil, &a)
			} else {
				err = p.within(cmd.Context(), func(c *centre) error {
					i, err := c.response.Find(cmd.Context(), local(), args[0])
					a = toldAction(i)
					return err
				})
			}
			if err != nil {
				return err
			}
			return p.answer(a, func(w io.Writer) { a.print(w) })
		},
	}
}

func (a actionItem) print(w io.Writer) {
	fmt.Fprintf(w, "%s  %s\n", oneLine(a.ID), a.Status)
	for _, line := range [][2]string{
		{"what", a.Title}, {"on", a.where()}, {"details", a.Details}, {"incident", a.Incident}, {"asked by", a.Requester}, {"because", a.Request}, {"decided by", a.DecidedBy},
		{"comment", a.Comment}, {"carried out by", a.Executor}, {"outcome", a.Outcome}, {"takes back", a.UndoOf}, {"taken back by", a.UndoneBy},
	} {
		if line[1] != "" {
			fmt.Fprintf(w, "  %-14s %s\n", line[0], oneLine(line[1]))
		}
	}
	if a.Status == response.PendingApproval && !a.Expires.IsZero() {
		fmt.Fprintf(w, "  %-14s %s\n", "expires", a.Expires.UTC().Format(time.RFC3339))
	}
	for n, step := range a.Checklist {
		mark := " "
		if step.Done {
			mark = "x"
		}
		fmt.Fprintf(w, "  [%s] %d  %s\n", mark, n, oneLine(step.Text))
	}
	for _, e := range a.History {
		fmt.Fprintf(w, "  %s  %-16s %s %s\n", e.At.UTC().Format(time.RFC3339), e.Status, oneLine(e.By), oneLine(e.Comment))
	}
}

func toldAction(i response.Item) actionItem {
	a := actionItem{
		ID: i.ID, Type: i.Type, Title: response.TitleOf(i.Type), Source: i.Source, Status: i.Status, Subject: i.Subject, Details: i.Details, Incident: i.Incident, Decision: i.Decision,
		DecidedBy: i.DecidedBy, Requester: i.Requester, Request: i.Body.Request, Comment: i.Body.Comment, Executor: i.Delivery.Executor, Outcome: i.Body.Outcome, Created: i.Created,
		Updated: i.Updated, Expires: i.Expires, UndoOf: i.UndoOf, UndoneBy: i.UndoneBy,
	}
	if i.Workload != 0 {
		a.Workload = i.Workload.String()
	}
	if i.Device != "" {
		a.Device = &actionDevice{ID: i.Device, Name: i.DeviceName, Group: i.DeviceGroup}
	}
	for _, s := range i.Body.Checklist {
		a.Checklist = append(a.Checklist, actionStep(s))
	}
	for _, e := range i.Body.History {
		a.History = append(a.History, actionEvent(e))
	}
	return a
}

// within opens the data directory for one operation.
func (p *program) within(ctx context.Context, f func(*centre) error) error {
	c, err := p.open(ctx, opening{})
	if err != nil {
		return err
	}
	defer c.close()
	return f(c)
}
