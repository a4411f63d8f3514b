package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/sheet"
	"github.com/bailiwick/bailiwick/internal/store"
)

// auditLine is an entry, in the form that the API gives it.
type auditLine struct {
	Seq            int64           `json:"seq"`
	At             time.Time       `json:"at"`
	Actor          string          `json:"actor"`
	Via            string          `json:"via"`
	Operation      string          `json:"operation"`
	Object         string          `json:"object"`
	Workload       string          `json:"workload,omitempty"`
	Outcome        string          `json:"outcome"`
	Reason         string          `json:"reason,omitempty"`
	Count          int             `json:"count"`
	Before         json.RawMessage `json:"before,omitempty"`
	After          json.RawMessage `json:"after,omitempty"`
	PolicyRevision int64           `json:"policyRevision,omitempty"`
}

type auditPage struct {
	Items []auditLine `json:"items"`
	Total int         `json:"total"`
	Next  string      `json:"next,omitempty"`
}

func (p *program) auditListCommand() *cobra.Command {
	var q audit.Query
	var workload, from, to string
	var asCSV bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List what happened, newest first",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if workload != "" {
				if err := q.Workload.UnmarshalText([]byte(workload)); err != nil {
					return refuse("--workload: %v", err)
				}
			}
			for _, f := range []struct {
				name, text string
				into       *time.Time
			}{{"from", from, &q.From}, {"to", to, &q.To}} {
				if f.text == "" {
					continue
				}
				if *f.into, err = time.Parse(time.RFC3339, f.text); err != nil {
					return refuse("--%s %s: want a time like 2026-03-01T12:00:00Z", f.name, f.text)
				}
			}
			page, err := p.auditPage(cmd.Context(), q)
			if err != nil {
				return err
			}
			if asCSV {
				return writeAuditCSV(p.out, page)
			}
			return p.answer(page, func(w io.Writer) { writeAuditPage(w, page) })
		},
	}
	f := cmd.Flags()
	f.StringVar(&q.Actor, "actor", "", "only what this `NAME` did or was refused")
	f.StringVar(&q.Operation, "operation", "", "only this `OPERATION`, or those of an area: roles finds roles.create")
	f.StringVar(&q.Object, "object", "", "only what was done to this `OBJECT`")
	f.StringVar(&q.Outcome, "outcome", "", "done or refused")
	f.StringVar(&q.Search, "search", "", "only with this `TEXT` in actor, operation or object")
	f.StringVar(&workload, "workload", "", "only what belongs to this `WORKLOAD`")
	f.StringVar(&from, "from", "", "only from this `TIME` on (RFC 3339)")
	f.StringVar(&to, "to", "", "only before this `TIME`")
	f.IntVar(&q.Limit, "limit", 50, "entries of a page, at most 1000")
	f.StringVar(&q.Cursor, "cursor", "", "what the page before gave as next")
	f.BoolVar(&asCSV, "csv", false, "CSV that a spreadsheet takes for text, not for formulas")
	return cmd
}

func (p *program) auditPage(ctx context.Context, q audit.Query) (auditPage, error) {
	page := auditPage{Items: []auditLine{}}
	if p.server != "" {
		query := url.Values{"limit": {strconv.Itoa(q.Limit)}}
		for name, value := range map[string]string{"actor": q.Actor, "operation": q.Operation, "object": q.Object, "outcome": q.Outcome, "search": q.Search,
			"workload": q.Workload.String(), "from": timeText(q.From), "to": timeText(q.To), "cursor": q.Cursor} {
			if value != "" {
				query.Set(name, value)
			}
		}
		return page, p.call(ctx, http.MethodGet, "/api/v1/audit?"+query.Encode(), nil, &page)
	}
	c, err := p.open(ctx, opening{})
	if err != nil {
		return page, err
	}
	defer c.close()
	var found audit.Page
	err = c.store.View(ctx, func(r store.Reader) error {
		found, err = audit.ListAll(r, q)
		return err
	})
	page.Total, page.Next = found.Total, found.Next
	for _, e := range found.Items {
		page.Items = append(page.Items, auditLine{
			Seq: e.Seq, At: e.At, Actor: e.Actor, Via: e.Via, Operation: e.Operation, Object: e.Object, Workload: e.Workload.String(),
			Outcome: e.Outcome, Reason: e.Reason, Count: e.Count, Before: e.Before, After: e.After, PolicyRevision: e.PolicyRevision,
		})
	}
	return page, err
}

// timeText is a time as the API takes it; empty: none.
func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}

func writeAuditPage(w io.Writer, page auditPage) {
	for _, e := range page.Items {
		fmt.Fprintf(w, "%d  %s  %s  %q  %s", e.Seq, e.At.Format(time.RFC3339), e.Outcome, e.Actor, e.Operation)
		if e.Object != "" {
			fmt.Fprintf(w, "  %q", e.Object)
		}
		if e.Count > 1 {
			fmt.Fprintf(w, "  (%d times)", e.Count)
		}
		fmt.Fprintln(w)
		if e.Reason != "" {
			fmt.Fprintf(w, "    %q\n", e.Reason)
		}
	}
	fmt.Fprintf(w, "%d of %d entries\n", len(page.Items), page.Total)
	if page.Next != "" {
		fmt.Fprintf(w, "next: --cursor %s\n", page.Next)
	}
}

func writeAuditCSV(w io.Writer, page auditPage) error {
	out := sheet.New(w)
	out.Row("seq", "at", "actor", "via", "operation", "object", "workload", "outcome", "reason", "count", "before", "after", "policyRevision")
	for _, e := range page.Items {
		out.Row(strconv.FormatInt(e.Seq, 10), e.At.Format(time.RFC3339Nano), e.Actor, e.Via, e.Operation, e.Object, e.Workload, e.Outcome, e.Reason,
			strconv.Itoa(e.Count), string(e.Before), string(e.After), strconv.FormatInt(e.PolicyRevision, 10))
	}
	return out.Flush()
}
