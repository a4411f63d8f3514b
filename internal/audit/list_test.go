package audit_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// record writes one entry.
func (h *house) record(t testing.TB, actor, op, object string, w rbac.Workload) {
	t.Helper()
	err := h.Change(t.Context(), audit.Actor{Name: actor}, op, func(_ store.Writer, rec *audit.Record) error {
		rec.Object, rec.Workload = object, w
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func objects(p audit.Page) []string {
	var list []string
	for _, e := range p.Items {
		list = append(list, e.Object)
	}
	return list
}

func TestS16WhoSeesWhichEntries(t *testing.T) {
	h := newHouse(t)
	h.record(t, "x", "roles.create", "e", rbac.Endpoint)
	h.record(t, "x", "roles.create", "o", rbac.Office365)
	h.record(t, "x", "settings.change", "none", rbac.NoWorkload)
	h.record(t, "x", "settings.change", "other", rbac.Other)

	policy, err := rbac.Compile(catalog.Default(), rbac.Policy{
		EndpointRoles: true,
		Users: []rbac.User{
			{Name: "ga", GlobalRoles: []string{"Global Administrator"}}, {Name: "gr", GlobalRoles: []string{"Global Reader"}},
			{Name: "sr", GlobalRoles: []string{"Security Reader"}}, {Name: "manager"}, {Name: "nobody"},
			{Name: "gone", GlobalRoles: []string{"Global Administrator"}, Disabled: true},
		},
		Groups: []rbac.Group{{Name: "g", Members: []string{"manager"}}},
		Assignments: []rbac.Assignment{{
			ID: "1", Role: rbac.RoleRef{Workload: rbac.Endpoint, Name: rbac.EndpointAdministrator}, Group: "g", Scope: rbac.Scope{All: true},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		user    string
		query   audit.Query
		want    []string
		refused bool
	}{
		{user: "ga", want: []string{"other", "none", "o", "e"}},
		{user: "gr", want: []string{"other", "none", "o", "e"}},
		{user: "manager", want: []string{"e"}},
		{user: "sr", refused: true},
		{user: "nobody", refused: true},
		{user: "gone", refused: true},
		{user: "stranger", refused: true},
		{user: "ga", query: audit.Query{Workload: rbac.Office365}, want: []string{"o"}},
		{user: "manager", query: audit.Query{Workload: rbac.Endpoint}, want: []string{"e"}},
		{user: "manager", query: audit.Query{Workload: rbac.Office365}},
		{user: "manager", query: audit.Query{Cursor: "4"}, want: []string{"e"}}, // forged: it opens nothing
		{user: "nobody", query: audit.Query{Cursor: "4"}, refused: true},
	} {
		var page audit.Page
		var err error
		h.view(t, func(r store.Reader) error {
			page, err = audit.List(r, policy, c.user, h.at, c.query)
			return nil
		})
		if c.refused {
			if fault.KindOf(err) != fault.KindDenied || len(page.Items)+page.Total > 0 {
				t.Errorf("%s gets %v and %v, want to be refused", c.user, objects(page), err)
			}
			continue
		}
		if err != nil || !slices.Equal(objects(page), c.want) || page.Total != len(c.want) {
			t.Errorf("%s, %+v: got %v of %d (%v), want %v", c.user, c.query, objects(page), page.Total, err, c.want)
		}
	}
}

// TestS16RoleManagersSeeNoAlertInTheLogWithoutT1: an entry about an alert or an incident tells that it is there. A right on a part of the devices opens none of the workload's entries.
func TestS16RoleManagersSeeNoAlertInTheLogWithoutT1(t *testing.T) {
	h := newHouse(t)
	h.record(t, "x", "alerts.comment", "alert:on-B", rbac.Endpoint)
	h.record(t, "x", "incidents.update", "incident:mail", rbac.Office365)
	h.record(t, "x", "incidents.update", "incident:several", rbac.Other)
	h.record(t, "x", "alerts.load", "file:f", rbac.NoWorkload)
	h.record(t, "x", "roles.create", "role:e", rbac.Endpoint)
	h.record(t, "x", "roles.create", "role:o", rbac.Office365)
	unified := func(id, user, group, role string, w rbac.Workload) rbac.Assignment {
		return rbac.Assignment{ID: id, Name: id, Role: rbac.RoleRef{Workload: rbac.Unified, Name: role}, User: user, Group: group, Scope: rbac.Scope{All: true}, Sources: rbac.Sources{Workloads: rbac.SetOf(w)}}
	}
	p := rbac.Policy{
		Users: []rbac.User{
			{Name: "part"}, {Name: "managers"}, {Name: "both"}, {Name: "gr", GlobalRoles: []string{"Global Reader"}}, {Name: "ga", GlobalRoles: []string{"Global Administrator"}},
		},
		Groups:       []rbac.Group{{Name: "a", Members: []string{"part"}}},
		DeviceGroups: []rbac.DeviceGroup{{Name: "A", Access: []string{"a"}}, {Name: "B"}, {Name: rbac.UngroupedDevices}},
		Roles: []rbac.Role{
			{Workload: rbac.Unified, Name: "auth", Permissions: []string{"Authorization (manage)"}},
			{Workload: rbac.Unified, Name: "data", Permissions: []string{"Security data basics"}},
		},
		Assignments: []rbac.Assignment{
			unified("1", "", "a", "auth", rbac.Endpoint),
			unified("2", "managers", "", "auth", rbac.Office365),
			unified("3", "both", "", "auth", rbac.Office365), unified("4", "both", "", "data", rbac.Office365),
		},
	}
	p.Activation = p.Activation.With(rbac.Endpoint, rbac.On).With(rbac.Office365, rbac.On)
	policy, err := rbac.Compile(catalog.Default(), p)
	if err != nil {
		t.Fatal(err)
	}
	all := []string{"role:o", "role:e", "file:f", "incident:several", "incident:mail", "alert:on-B"}
	for user, want := range map[string][]string{
		"part":     nil, // Authorization on A only
		"managers": {"role:o"},
		"both":     {"role:o", "incident:mail"},
		"gr":       all, // S16 says so: what an entry holds of an alert's own text is a digest
		"ga":       all,
	} {
		h.view(t, func(r store.Reader) error {
			page, err := audit.List(r, policy, user, h.at, audit.Query{})
			if refused := fault.KindOf(err) == fault.KindDenied; refused != (want == nil) {
				t.Errorf("%s: %v", user, err)
			}
			if !slices.Equal(objects(page), want) || page.Total != len(want) {
				t.Errorf("%s reads %q, %d in all, want %q", user, objects(page), page.Total, want)
			}
			if _, err := audit.Find(r, policy, user, h.at, 1); (err == nil) != (len(want) == len(all)) {
				t.Errorf("%s asks for the entry of alert:on-B: %v", user, err)
			}
			if whole := audit.Whole(policy, user, h.at); whole != (len(want) == len(all)) {
				t.Errorf("%s sees the whole log: %v", user, whole)
			}
			return nil
		})
	}
}

func TestPagesAreExactWhileTheLogGrows(t *testing.T) {
	h := newHouse(t)
	for i := range 7 {
		h.record(t, []string{"mira", "noor"}[i%2], "roles.create", fmt.Sprint(i), rbac.Endpoint)
	}
	var seen []string
	q := audit.Query{Actor: "mira", Limit: 2}
	for pages := 0; ; pages++ {
		var page audit.Page
		h.view(t, func(r store.Reader) (err error) {
			page, err = audit.ListAll(r, q)
			return err
		})
		if want := 4 + pages; page.Total != want {
			t.Errorf("page %d: the total is %d, want %d", pages+1, page.Total, want)
		}
		seen = append(seen, objects(page)...)
		if page.Next == "" {
			break
		}
		q.Cursor = page.Next
		h.record(t, "mira", "roles.create", "new", rbac.Endpoint)
	}
	if want := []string{"6", "4", "2", "0"}; !slices.Equal(seen, want) {
		t.Errorf("the pages have %v, want %v", seen, want)
	}
}

func TestWhatCannotBeListedIsSaid(t *testing.T) {
	h := newHouse(t)
	for _, q := range []audit.Query{
		{Limit: -1}, {Limit: 1001}, {Cursor: "x"}, {Cursor: "-1"}, {Cursor: "0"}, {Cursor: "+1"}, {Cursor: "1 OR 1=1"},
		{Cursor: strconv.FormatUint(1<<63, 10)}, {Outcome: "maybe"},
	} {
		h.view(t, func(r store.Reader) error {
			if _, err := audit.ListAll(r, q); fault.KindOf(err) != fault.KindInvalid {
				t.Errorf("%+v gives %v, want it invalid", q, err)
			}
			return nil
		})
	}
}
