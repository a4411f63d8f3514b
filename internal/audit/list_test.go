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
