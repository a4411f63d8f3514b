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

	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/store"
)

// What is told of assets, in the form that the API gives it.
type (
	assetList struct {
		Items []assetItem `json:"items"`
		Total int         `json:"total"`
	}
	assetItem struct {
		Kind  string    `json:"kind,omitempty"` // of a device empty, as its key and tags' members are of the others
		Key   string    `json:"key,omitempty"`
		ID    string    `json:"id,omitempty"`
		Name  string    `json:"name,omitempty"`
		OS    string    `json:"os,omitempty"`
		Group string    `json:"deviceGroup,omitempty"`
		Tags  []string  `json:"tags,omitempty"`
		Own   []string  `json:"ownTags,omitempty"`
		Risk  string    `json:"risk"`
		Open  int64     `json:"openAlerts"`
		All   int64     `json:"alerts"`
		Cases int64     `json:"incidents"`
		Last  time.Time `json:"lastSeen,omitzero"`

		Why       *assetWhy       `json:"why,omitempty"`
		SignedIn  []assetAccount  `json:"signedIn,omitempty"`
		Related   []assetLink     `json:"related,omitempty"`
		Alerts    []assetAlert    `json:"latestAlerts,omitempty"`
		Incidents []assetIncident `json:"latestIncidents,omitempty"`
	}
	assetWhy struct {
		Rank  int         `json:"rank,omitempty"`
		Terms []assetTerm `json:"terms"`
	}
	assetTerm struct {
		Property string `json:"property"`
		Pattern  string `json:"pattern,omitempty"`
		Value    string `json:"value"`
	}
	assetAccount struct {
		Account string `json:"account"`
	}
	assetLink struct {
		Kind   string `json:"kind"`
		Key    string `json:"key"`
		Name   string `json:"name,omitempty"`
		Alerts int64  `json:"alerts,omitempty"`
	}
	assetAlert struct {
		ID       string `json:"id"`
		Title    string `json:"title"`
		Severity string `json:"severity"`
		Status   string `json:"status"`
	}
	assetIncident struct {
		ID     string `json:"id"`
		Name   string `json:"displayName"`
		Status string `json:"status"`
	}
)

// assetQuery is what both lists are asked by.
type assetQuery struct {
	search, order string
	limit         int
}

func (q *assetQuery) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&q.search, "search", "", "with this `TEXT` in their names")
	cmd.Flags().StringVar(&q.order, "order", "risk", "`risk`, lastSeen or name")
	cmd.Flags().IntVar(&q.limit, "limit", 50, "at most `N`")
}

func (q *assetQuery) check() error {
	switch {
	case q.limit < 1 || q.limit > 1000:
		return refuse("--limit %d: want 1 to 1000", q.limit)
	case q.order != "risk" && q.order != "lastSeen" && q.order != "name":
		return refuse("--order %q: want risk, lastSeen or name", q.order)
	}
	return nil
}

func (q *assetQuery) path(path string) string {
	values := url.Values{"limit": {strconv.Itoa(q.limit)}, "order": {q.order}}
	if q.search != "" {
		values.Set("q", q.search)
	}
	return path + "?" + values.Encode()
}

func (p *program) devicesCommand() *cobra.Command {
	parent := &cobra.Command{Use: "devices", Aliases: []string{"device"}, Short: "List and show devices, and change the tags that people give them"}
	var q assetQuery
	list := &cobra.Command{
		Use: "list", Short: "List devices, the riskiest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := q.check(); err != nil {
				return err
			}
			return p.listAssets(cmd.Context(), q.path("/api/v1/devices"), func(c *centre, l *assetList) error {
				page, err := c.investigation.Devices(cmd.Context(), local(), investigation.DeviceQuery{Search: q.search, Order: store.TallyOrder(q.order), Limit: q.limit})
				l.Total = page.Total
				for _, d := range page.Items {
					l.Items = append(l.Items, toldDevice(d.Device, d.Tally))
				}
				return err
			})
		},
	}
	q.flags(list)
	show := &cobra.Command{
		Use: "show ID", Short: "Show one device: its group and why, and what its alerts tell", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.showAsset(cmd.Context(), "/api/v1/devices/"+url.PathEscape(args[0]), func(c *centre) (assetItem, error) {
				i, err := c.investigation.DeviceItem(cmd.Context(), local(), args[0])
				return toldDeviceItem(i), err
			})
		},
	}
	parent.AddCommand(list, show, p.tagCommand())
	return parent
}

func (p *program) tagCommand() *cobra.Command {
	var ch investigation.TagChange
	cmd := &cobra.Command{
		Use: "tag ID", Short: "Give a device tags or take them away; it may move to another device group by that", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var done struct {
				Device     *assetItem `json:"device,omitempty"`
				OutOfSight bool       `json:"outOfSight"`
			}
			var err error
			if p.server != "" {
				body := map[string]any{}
				if len(ch.Add) > 0 {
					body["add"] = ch.Add
				}
				if len(ch.Remove) > 0 {
					body["remove"] = ch.Remove
				}
				err = p.call(cmd.Context(), http.MethodPost, "/api/v1/devices/"+url.PathEscape(args[0])+"/tags", body, &done)
			} else {
				err = p.within(cmd.Context(), func(c *centre) error {
					i, err := c.investigation.TagDevice(cmd.Context(), local(), args[0], ch)
					told := toldDeviceItem(i)
					done.Device = &told
					return err
				})
			}
			if err != nil {
				return err
			}
			return p.answer(done, func(w io.Writer) {
				if done.Device == nil {
					fmt.Fprintln(w, "done; the device has moved out of your sight")
					return
				}
				fmt.Fprintf(w, "done; %s is in %s\n", done.Device.called(), done.Device.Group)
			})
		},
	}
	cmd.Flags().StringArrayVar(&ch.Add, "add", nil, "a `TAG` to give; may be repeated")
	cmd.Flags().StringArrayVar(&ch.Remove, "remove", nil, "a `TAG` to take away; may be repeated")
	return cmd
}

func (p *program) entitiesCommand() *cobra.Command {
	parent := &cobra.Command{Use: "entities", Aliases: []string{"entity"}, Short: "List and show the users, mailboxes and apps that alerts name"}
	var q assetQuery
	list := &cobra.Command{
		Use: "list user|mailbox|app", Short: "List them, the riskiest first", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := q.check(); err != nil {
				return err
			}
			return p.listAssets(cmd.Context(), q.path("/api/v1/entities/"+url.PathEscape(args[0])), func(c *centre, l *assetList) error {
				page, err := c.investigation.Assets(cmd.Context(), local(), investigation.AssetQuery{Kind: store.EntityKind(args[0]), Search: q.search, Order: store.TallyOrder(q.order), Limit: q.limit})
				l.Total = page.Total
				for _, a := range page.Items {
					l.Items = append(l.Items, toldAsset(a))
				}
				return err
			})
		},
	}
	q.flags(list)
	show := &cobra.Command{
		Use: "show user|mailbox|app KEY", Short: "Show one, and what its alerts tell", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.showAsset(cmd.Context(), "/api/v1/entities/"+url.PathEscape(args[0])+"/"+url.PathEscape(args[1]), func(c *centre) (assetItem, error) {
				i, err := c.investigation.Asset(cmd.Context(), local(), store.EntityKind(args[0]), args[1])
				return toldWith(toldAsset(i.Asset), i), err
			})
		},
	}
	parent.AddCommand(list, show)
	return parent
}

func (p *program) listAssets(ctx context.Context, path string, here func(*centre, *assetList) error) error {
	list := assetList{Items: []assetItem{}}
	var err error
	if p.server != "" {
		err = p.call(ctx, http.MethodGet, path, nil, &list)
	} else {
		err = p.within(ctx, func(c *centre) error { return here(c, &list) })
	}
	if err != nil {
		return err
	}
	return p.answer(list, func(w io.Writer) {
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, a := range list.Items {
			fmt.Fprintf(t, "%s\t%s\t%s\t%d open of %d\n", oneLine(a.called()), oneLine(a.Group+a.Kind), a.Risk, a.Open, a.All)
		}
		_ = t.Flush()
		if len(list.Items) < list.Total {
			fmt.Fprintf(w, "%d of %d\n", len(list.Items), list.Total)
		}
	})
}

func (p *program) showAsset(ctx context.Context, path string, here func(*centre) (assetItem, error)) error {
	var a assetItem
	var err error
	if p.server != "" {
		err = p.call(ctx, http.MethodGet, path, nil, &a)
	} else {
		err = p.within(ctx, func(c *centre) (err error) {
			a, err = here(c)
			return err
		})
	}
	if err != nil {
		return err
	}
	return p.answer(a, a.print)
}

// called is what people know it by, and its id or key.
func (a assetItem) called() string {
	id := a.ID + a.Key
	if a.Name == "" || a.Name == id {
		return id
	}
	return a.Name + " (" + id + ")"
}

func (a assetItem) print(w io.Writer) {
	fmt.Fprintf(w, "%s  risk %s, %d open alerts of %d, %d incidents\n", oneLine(a.called()), a.Risk, a.Open, a.All, a.Cases)
	line := func(what, text string) {
		if text != "" {
			fmt.Fprintf(w, "  %-14s %s\n", what, oneLine(text))
		}
	}
	line("group", a.Group)
	if a.Why != nil {
		var terms []string
		for _, t := range a.Why.Terms {
			terms = append(terms, t.Property+" "+t.Value)
		}
		line("because", strings.Join(terms, ", "))
	}
	line("tags", strings.Join(a.Tags, ", "))
	line("given here", strings.Join(a.Own, ", "))
	for _, s := range a.SignedIn {
		line("signed in", s.Account)
	}
	for _, r := range a.Related {
		line("with", strings.TrimSpace(r.Kind+" "+r.Key+" "+r.Name))
	}
	for _, i := range a.Incidents {
		line("incident", i.ID+"  "+i.Status+"  "+i.Name)
	}
	for _, one := range a.Alerts {
		line("alert", one.ID+"  "+one.Severity+"  "+one.Status+"  "+one.Title)
	}
}

func withTally(a assetItem, t store.Tally) assetItem {
	a.Risk, a.Open, a.All, a.Cases, a.Last = t.Risk, t.Open, t.Alerts, t.Incidents, t.Last
	if a.Risk == "" {
		a.Risk = "none"
	}
	return a
}

func toldDevice(d store.Device, t store.Tally) assetItem {
	a := assetItem{ID: d.ID, Name: d.Name, OS: d.OS, Tags: d.Tags, Own: d.Own}
	if d.Known {
		a.Group = d.Group
	}
	return withTally(a, t)
}

func toldAsset(a investigation.Asset) assetItem {
	return withTally(assetItem{Kind: string(a.Kind), Key: a.Key, Name: a.Name}, a.Tally)
}

func toldDeviceItem(i investigation.DeviceItem) assetItem {
	a := toldWith(toldDevice(i.Device, i.Tally), i.AssetItem)
	if i.Why != nil {
		a.Why = &assetWhy{Rank: i.Why.Rank, Terms: []assetTerm{}}
		for _, t := range i.Why.Terms {
			a.Why.Terms = append(a.Why.Terms, assetTerm(t))
		}
	}
	for _, s := range i.SignedIn {
		a.SignedIn = append(a.SignedIn, assetAccount{s.Account})
	}
	return a
}

func toldWith(a assetItem, i investigation.AssetItem) assetItem {
	for _, r := range i.Related {
		a.Related = append(a.Related, assetLink{string(r.Kind), r.Key, r.Name, r.Tally.Alerts})
	}
	for _, one := range i.Alerts {
		a.Alerts = append(a.Alerts, assetAlert{one.ID, one.Title, one.Severity, one.Status})
	}
	for _, n := range i.Incidents {
		a.Incidents = append(a.Incidents, assetIncident{n.ID, n.Name, n.Status})
	}
	return a
}
