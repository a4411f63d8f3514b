package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/investigation"
)

// queue is one of the two, as the command line calls it.
type queue struct {
	things, graph string
	shown         []string // of each thing
	name          string   // what people call one
}

var (
	alertQueue    = queue{"alerts", "/v1.0/security/alerts_v2", []string{"id", "severity", "status", "serviceSource", "detectionSource", "assignedTo", "createdDateTime", "title"}, "title"}
	incidentQueue = queue{"incidents", "/v1.0/security/incidents", []string{"id", "severity", "status", "assignedTo", "createdDateTime", "displayName"}, "displayName"}
)

func (p *program) alertsCommand() *cobra.Command {
	parent := &cobra.Command{Use: "alerts", Short: "The queue of alerts: list it, and count it by what it is narrowed by", Args: cobra.NoArgs}
	parent.AddCommand(p.listQueueCommand(alertQueue), p.facetsCommand(alertQueue))
	return parent
}

// narrowed is what a queue is narrowed to.
type narrowed struct{ filter, search, as string }

func (n *narrowed) flags(cmd *cobra.Command, q queue) {
	cmd.Flags().StringVar(&n.filter, "filter", "", "those that fit this `FILTER`, as $filter of the API has it: \"severity eq 'high'\"")
	cmd.Flags().StringVar(&n.search, "search", "", "those with this `TEXT` in id, "+q.name+" or assignee")
	cmd.Flags().StringVar(&n.as, "as", "", "on the data itself: as they are in sight of (`UPN`)")
}

func (p *program) listQueueCommand(q queue) *cobra.Command {
	var n narrowed
	var order string
	var limit int
	cmd := &cobra.Command{
		Use: "list", Short: "List " + q.things + ", the newest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			query := investigation.Query{Filter: n.filter, Search: n.search, OrderBy: order, Top: limit, Count: true, Form: investigation.Form{Select: q.shown, UnknownMembers: true}}
			list, err := p.readQueue(cmd.Context(), q, query, n.as)
			if err != nil {
				return err
			}
			return p.answer(list, func(w io.Writer) {
				t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
				for _, item := range list.Items {
					var cells []string
					for _, name := range q.shown {
						text, _ := item[name].(string)
						cells = append(cells, oneLine(text))
					}
					fmt.Fprintln(t, strings.Join(cells, "\t"))
				}
				_ = t.Flush()
				restOf(w, len(list.Items), list.Total)
			})
		},
	}
	n.flags(cmd, q)
	cmd.Flags().StringVar(&order, "order", "", "by this `ORDER`, as $orderby of the API has it: \"severity desc\"")
	p.limitFlag(cmd, &limit)
	return cmd
}

// queued is a list in the form that our own lists have.
type queued struct {
	Items []map[string]any `json:"items"`
	Total int64            `json:"total"`
}

// readQueue reads a list, page by page: a page may be shorter than was asked for.
func (p *program) readQueue(ctx context.Context, q queue, query investigation.Query, as string) (queued, error) {
	list := queued{Items: []map[string]any{}}
	for most := query.Top; len(list.Items) < most; {
		query.Top = most - len(list.Items)
		page, err := p.pageOf(ctx, q, query, as)
		if err != nil {
			return list, err
		}
		for _, text := range page.Items {
			var item map[string]any
			if err := json.Unmarshal(text, &item); err != nil {
				return list, err
			}
			list.Items = append(list.Items, item)
		}
		if query.Count {
			list.Total = page.Total
		}
		if query.SkipToken, query.Count = page.Next, false; page.Next == "" {
			break
		}
	}
	return list, nil
}

func (p *program) pageOf(ctx context.Context, q queue, query investigation.Query, as string) (page investigation.Page, err error) {
	if p.server == "" {
		read := map[string]func(*centre) (investigation.Page, error){
			"alerts":    func(c *centre) (investigation.Page, error) { return c.investigation.Alerts(ctx, as, query) },
			"incidents": func(c *centre) (investigation.Page, error) { return c.investigation.Incidents(ctx, as, query) },
		}[q.things]
		return page, p.inSightOf(ctx, as, func(c *centre) (err error) {
			page, err = read(c)
			return err
		})
	}
	params := url.Values{"$top": {strconv.Itoa(query.Top)}, "$select": {strings.Join(q.shown, ",")}}
	for name, value := range map[string]string{"$filter": query.Filter, "$orderby": query.OrderBy, "$skiptoken": query.SkipToken} {
		if value != "" {
			params.Set(name, value)
		}
	}
	if query.Search != "" {
		params.Set("$search", `"`+strings.ReplaceAll(query.Search, `"`, " ")+`"`)
	}
	if query.Count {
		params.Set("$count", "true")
	}
	var answer struct {
		Value []json.RawMessage `json:"value"`
		Total int64             `json:"@odata.count"`
		Next  string            `json:"@odata.nextLink"`
	}
	if err := p.call(ctx, http.MethodGet, q.graph+"?"+params.Encode(), nil, &answer); err != nil {
		return page, err
	}
	page = investigation.Page{Items: answer.Value, Total: answer.Total}
	if answer.Next != "" {
		link, err := url.Parse(answer.Next)
		if err != nil {
			return page, err
		}
		page.Next = link.Query().Get("$skiptoken")
	}
	return page, nil
}

// inSightOf works on the data with somebody's eyes.
func (p *program) inSightOf(ctx context.Context, as string, f func(*centre) error) error {
	if as == "" {
		return refuse("on the data itself a queue is somebody's: name them with --as")
	}
	return p.within(ctx, f)
}

// facets are counts by value, by what a queue is narrowed by.
type facets map[string][]facet

type facet struct {
	Value string `json:"value"`
	Count int64  `json:"count"`
}

func (p *program) facetsCommand(q queue) *cobra.Command {
	var n narrowed
	cmd := &cobra.Command{
		Use: "facets", Short: "Count " + q.things + " by status, severity, product, what detected them, and the rest that a queue is narrowed by", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			counted, err := p.countQueue(cmd.Context(), q, n)
			if err != nil {
				return err
			}
			return p.answer(counted, func(w io.Writer) {
				names := make([]string, 0, len(counted))
				for name := range counted {
					names = append(names, name)
				}
				slices.Sort(names)
				for _, name := range names {
					fmt.Fprintln(w, name)
					for _, f := range counted[name] {
						value := f.Value
						if value == "" {
							value = "(none)"
						}
						fmt.Fprintf(w, "  %7d  %s\n", f.Count, oneLine(value))
					}
				}
			})
		},
	}
	n.flags(cmd, q)
	return cmd
}

func (p *program) countQueue(ctx context.Context, q queue, n narrowed) (facets, error) {
	counted := facets{}
	if p.server == "" {
		query := investigation.Query{Filter: n.filter, Search: n.search}
		return counted, p.inSightOf(ctx, n.as, func(c *centre) error {
			take := func(name string, list []investigation.Value) {
				counted[name] = []facet{}
				for _, v := range list {
					counted[name] = append(counted[name], facet(v))
				}
			}
			if q.things == "alerts" {
				f, err := c.investigation.Facets(ctx, n.as, query)
				take("status", f.Status)
				take("severity", f.Severity)
				take("serviceSource", f.ServiceSource)
				take("detectionSource", f.DetectionSource)
				take("category", f.Category)
				take("assignedTo", f.AssignedTo)
				take("classification", f.Classification)
				take("tag", f.Tag)
				take("deviceGroup", f.DeviceGroup)
				return err
			}
			f, err := c.investigation.IncidentFacets(ctx, n.as, query)
			take("status", f.Status)
			take("severity", f.Severity)
			take("workload", f.Workload)
			take("detectionSource", f.DetectionSource)
			take("category", f.Category)
			take("assignedTo", f.AssignedTo)
			take("classification", f.Classification)
			take("tag", f.Tag)
			take("deviceGroup", f.DeviceGroup)
			return err
		})
	}
	params := url.Values{}
	if n.filter != "" {
		params.Set("filter", n.filter)
	}
	if n.search != "" {
		params.Set("search", n.search)
	}
	var answer map[string]json.RawMessage
	if err := p.call(ctx, http.MethodGet, "/api/v1/"+q.things+"/facets?"+params.Encode(), nil, &answer); err != nil {
		return nil, err
	}
	for name, text := range answer {
		var list []facet
		if json.Unmarshal(text, &list) == nil { // the total is none
			counted[name] = list
		}
	}
	return counted, nil
}
