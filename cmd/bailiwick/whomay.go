package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/rbac"
)

// holders are who may, in the form that the API gives them.
type holders struct {
	Items []holder `json:"items"`
	Total int      `json:"total"`
	Next  string   `json:"next,omitempty"`
}

type holder struct {
	User        string `json:"user"`
	DisplayName string `json:"displayName,omitempty"`
	Paths       []path `json:"paths"`
}

var things = []string{"alert", "incident", "device", "device-group"}

func (p *program) whoMayCommand() *cobra.Command {
	capability, as := rbac.ViewInvestigation.String(), ""
	cmd := &cobra.Command{
		Use:   "who-may THING ID",
		Short: "List everyone who may see an alert, incident, device or device group, or act on it, and by what",
		Long: `THING is alert, incident, device or device-group; ID its id, of a device group its name. Without --capability it asks who may see it;
--capability alerts.manage asks who may change it. On the data itself, alerts, incidents and devices are read --as somebody.`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(things, args[0]) {
				return fmt.Errorf("there is no thing %q: want %s%s", args[0], strings.Join(things, ", "), suggest(args[0], things))
			}
			var c rbac.Capability
			if err := c.UnmarshalText([]byte(capability)); err != nil {
				return err
			}
			found, err := p.whoMay(cmd.Context(), args[0], args[1], c, as)
			if err != nil {
				return err
			}
			return p.answer(found, func(w io.Writer) { writeHolders(w, found) })
		},
	}
	cmd.Flags().StringVar(&capability, "capability", capability, "what they may do")
	cmd.Flags().StringVar(&as, "as", "", "on the data itself: whose eyes see the alert, incident or device (`UPN`)")
	return cmd
}

// whoMay reads all pages.
func (p *program) whoMay(ctx context.Context, thing, id string, c rbac.Capability, as string) (holders, error) {
	if p.server == "" {
		return p.whoMayLocally(ctx, thing, id, c, as)
	}
	all := holders{Items: []holder{}}
	q := url.Values{"thing": {thing}, "id": {id}, "capability": {c.String()}, "limit": {"1000"}}
	for {
		var page holders
		if err := p.call(ctx, http.MethodGet, "/api/v1/access/who-may?"+q.Encode(), nil, &page); err != nil {
			return all, err
		}
		all.Items, all.Total = append(all.Items, page.Items...), page.Total
		if page.Next == "" {
			return all, nil
		}
		q.Set("cursor", page.Next)
	}
}

func writeHolders(w io.Writer, found holders) {
	fmt.Fprintf(w, "%d may\n", found.Total)
	for _, h := range found.Items {
		fmt.Fprintln(w, h.User)
		for _, way := range h.Paths {
			fmt.Fprintf(w, "  %s\n", way.sentence())
		}
	}
}

func (p *program) whoMayLocally(ctx context.Context, thing, id string, c rbac.Capability, as string) (holders, error) {
	all := holders{Items: []holder{}}
	open, err := p.open(ctx, opening{})
	if err != nil {
		return all, err
	}
	defer open.close()
	s, err := open.permissions.Snapshot(ctx)
	if err != nil {
		return all, err
	}
	scopes, err := open.scopesOf(ctx, s, thing, id, c, as)
	if err != nil {
		return all, err
	}
	q := rbac.WhoMay{Capability: c, Scopes: scopes, At: p.now(), Limit: 1000}
	for {
		page := s.WhoMay(q)
		all.Total = page.Total
		for _, h := range page.Items {
			user, _ := s.User(h.User)
			one := holder{User: h.User, DisplayName: user.DisplayName, Paths: []path{}}
			for _, way := range h.Paths {
				one.Paths = append(one.Paths, pathOf(way))
			}
			all.Items = append(all.Items, one)
		}
		if q.After = page.Next; q.After == "" {
			return all, nil
		}
	}
}

// scopesOf are the parts of a thing. Alerts, incidents and devices are read as somebody: who owns the data sees with
// nobody's eyes of their own.
func (c *centre) scopesOf(ctx context.Context, s *rbac.Snapshot, thing, id string, capability rbac.Capability, as string) ([]rbac.Resource, error) {
	onEndpoint := rbac.Resource{Workloads: []rbac.Workload{rbac.Endpoint}, DeviceGroups: []string{id}}
	if thing == "device-group" {
		if _, ok := s.DeviceGroupID(id); !ok {
			var known []string
			for _, g := range s.DeviceGroups() {
				known = append(known, g.Name)
			}
			return nil, refuse("there is no device group %q%s", id, suggest(id, known))
		}
		return []rbac.Resource{onEndpoint}, nil
	}
	if as == "" {
		return nil, refuse("reading an %s on the data itself takes --as UPN", thing)
	}
	if thing == "device" {
		device, err := c.investigation.Device(ctx, as, id)
		onEndpoint.DeviceGroups, onEndpoint.EveryGroup = []string{device.Group}, !device.Known
		return []rbac.Resource{onEndpoint}, err
	}
	if capability != rbac.ViewInvestigation && capability != rbac.ManageAlerts {
		return nil, refuse("%s is not done to an %s: want investigation.view or alerts.manage", capability, thing)
	}
	return c.investigation.Scopes(ctx, as, thing, id)
}
