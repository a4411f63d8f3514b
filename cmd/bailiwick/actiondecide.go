package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/response"
)

func (p *program) decideCommand(verb, short string) *cobra.Command {
	var comment string
	cmd := &cobra.Command{
		Use: verb + " ID...", Short: short, Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, ids []string) error {
			var done []actionItem
			var refused []error
			for _, id := range ids {
				a, err := p.decideAction(cmd.Context(), verb, id, comment)
				if err != nil {
					refused = append(refused, err)
					continue
				}
				done = append(done, a)
			}
			if err := p.answer(map[string]any{"items": done}, func(w io.Writer) {
				for _, a := range done {
					fmt.Fprintf(w, "%s  %s  %s\n", oneLine(a.ID), oneLine(a.Title), a.Status)
				}
			}); err != nil {
				return err
			}
			return errors.Join(refused...)
		},
	}
	cmd.Flags().StringVar(&comment, "comment", "", "why")
	return cmd
}

func (p *program) decideAction(ctx context.Context, verb, id, comment string) (a actionItem, err error) {
	if p.server != "" {
		return a, p.call(ctx, http.MethodPost, "/api/v1/actions/"+url.PathEscape(id)+"/"+verb, map[string]string{"comment": comment}, &a)
	}
	err = p.within(ctx, func(c *centre) error {
		do := map[string]func(context.Context, audit.Actor, string, string) (response.Item, error){
			"approve": c.response.Approve, "decline": c.response.Decline, "cancel": c.response.Withdraw, "undo": c.response.Undo,
		}[verb]
		i, err := do(ctx, local(), id, comment)
		a = toldAction(i)
		return err
	})
	return a, err
}

func (p *program) completeCommand() *cobra.Command {
	var c response.Completion
	var all bool
	cmd := &cobra.Command{
		Use: "complete ID", Short: "Say how far a task for people has come, or that it has ended", Args: cobra.ExactArgs(1),
		Long: "Each --step is a number that `actions show` gives. Without --status the task goes on.\nsucceeded takes every step; the others a comment.",
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := p.completeAction(cmd.Context(), args[0], c, all)
			if err != nil {
				return err
			}
			return p.answer(a, func(w io.Writer) { fmt.Fprintf(w, "%s  %s  %s\n", oneLine(a.ID), oneLine(a.Title), a.Status) })
		},
	}
	cmd.Flags().IntSliceVar(&c.Steps, "step", nil, "the step of this `NUMBER` is done; may be given again")
	cmd.Flags().BoolVar(&all, "all", false, "all steps are done")
	cmd.Flags().StringVar(&c.Status, "status", "", "how it ended: `succeeded`, partiallySucceeded or failed")
	cmd.Flags().StringVar(&c.Comment, "comment", "", "what is to be said of it")
	return cmd
}

func (p *program) completeAction(ctx context.Context, id string, c response.Completion, all bool) (a actionItem, err error) {
	every := func(steps int) {
		for n := range steps {
			c.Steps = append(c.Steps, n)
		}
	}
	path := "/api/v1/actions/" + url.PathEscape(id)
	if p.server != "" {
		if all {
			if err := p.call(ctx, http.MethodGet, path, nil, &a); err != nil {
				return a, err
			}
			every(len(a.Checklist))
		}
		body := map[string]any{"steps": append([]int{}, c.Steps...), "comment": c.Comment}
		if c.Status != "" {
			body["status"] = c.Status
		}
		return a, p.call(ctx, http.MethodPost, path+"/complete", body, &a)
	}
	err = p.within(ctx, func(centre *centre) error {
		if all {
			i, err := centre.response.Find(ctx, local(), id)
			if err != nil {
				return err
			}
			every(len(i.Body.Checklist))
		}
		i, err := centre.response.Complete(ctx, local(), id, c)
		a = toldAction(i)
		return err
	})
	return a, err
}

func (p *program) requestCommand() *cobra.Command {
	var r response.Request
	t := &r.Target
	cmd := &cobra.Command{
		Use: "request TYPE", Short: "Ask for an action", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r.Type = args[0]
			a, err := p.requestAction(cmd.Context(), r)
			if err != nil {
				return err
			}
			return p.answer(a, func(w io.Writer) { fmt.Fprintf(w, "%s  %s  %s\n", oneLine(a.ID), oneLine(a.Title), a.Status) })
		},
	}
	var names []string
	for _, k := range response.Kinds {
		if k.ByHand {
			names = append(names, k.Name)
		}
	}
	cmd.Long = "The types: " + strings.Join(names, ", ") + "."
	f := cmd.Flags()
	f.StringVar(&t.Device, "device", "", "on the device of this `ID`")
	f.StringVar(&t.SHA1, "sha1", "", "the `SHA-1` of the file")
	f.StringVar(&t.SHA256, "sha256", "", "the `SHA-256` of the file")
	f.StringVar(&t.FileName, "file", "", "its `NAME`")
	f.Int64Var(&t.ProcessID, "process", 0, "the `ID` of the process")
	f.StringVar(&t.Indicator, "indicator", "", "a file hash, an IP address, a domain or a `URL`")
	f.StringVar(&t.NetworkMessageID, "message", "", "the network message `ID`")
	f.StringVar(&t.Recipient, "recipient", "", "the `ADDRESS` that the message went to")
	f.StringVar(&t.Sender, "sender", "", "the sender's `ADDRESS`")
	f.StringVar(&t.Mailbox, "mailbox", "", "the mailbox's `ADDRESS`")
	f.StringVar(&t.User, "user", "", "the account's `NAME` or SID")
	f.StringVar(&r.Incident, "incident", "", "what it is about: the `ID` of an incident")
	f.StringVar(&r.Comment, "comment", "", "why")
	f.BoolVar(&r.NeedsApproval, "needs-approval", false, "let somebody decide it first")
	return cmd
}

func (p *program) requestAction(ctx context.Context, r response.Request) (a actionItem, err error) {
	if p.server != "" {
		t := r.Target
		target := map[string]any{}
		for name, value := range map[string]string{
			"deviceId": t.Device, "sha1": t.SHA1, "sha256": t.SHA256, "fileName": t.FileName, "indicator": t.Indicator, "networkMessageId": t.NetworkMessageID,
			"recipient": t.Recipient, "sender": t.Sender, "mailbox": t.Mailbox, "user": t.User,
		} {
			if value != "" {
				target[name] = value
			}
		}
		if t.ProcessID != 0 {
			target["processId"] = t.ProcessID
		}
		return a, p.call(ctx, http.MethodPost, "/api/v1/actions", map[string]any{
			"actionType": r.Type, "target": target, "incidentId": r.Incident, "comment": r.Comment, "needsApproval": r.NeedsApproval,
		}, &a)
	}
	err = p.within(ctx, func(c *centre) error {
		i, err := c.response.Ask(ctx, local(), r)
		a = toldAction(i)
		return err
	})
	return a, err
}

func (p *program) actionRulesCommand() *cobra.Command {
	var others bool
	cmd := &cobra.Command{
		Use: "rules", Short: "Show or change what is asked of those who approve", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, set := cmd.Context(), cmd.Flags().Changed("others-approve")
			rules := struct {
				OthersApprove bool `json:"othersApprove"`
			}{others}
			var err error
			switch {
			case p.server != "" && set:
				err = p.call(ctx, http.MethodPut, "/api/v1/action-rules", rules, &rules)
			case p.server != "":
				err = p.call(ctx, http.MethodGet, "/api/v1/action-rules", nil, &rules)
			default:
				err = p.within(ctx, func(c *centre) error {
					if set {
						_, err := c.response.SetRules(ctx, local(), "", others)
						return err
					}
					now, _, err := c.response.Rules(ctx, local())
					rules.OthersApprove = now.OthersApprove
					return err
				})
			}
			if err != nil {
				return err
			}
			return p.answer(rules, func(w io.Writer) {
				if rules.OthersApprove {
					fmt.Fprintln(w, "nobody approves what they asked for")
				} else {
					fmt.Fprintln(w, "who may approve may approve their own requests")
				}
			})
		},
	}
	cmd.Flags().BoolVar(&others, "others-approve", false, "nobody approves what they asked for")
	return cmd
}
