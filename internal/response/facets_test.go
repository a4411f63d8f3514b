package response

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/rbac"
)

func TestFacetsCountWhatTheOtherFiltersLetThrough(t *testing.T) {
	w := newWorld(t)
	w.take(w.pending("1", rbac.Endpoint, "isolateDevice", "s1"), w.pending("2", rbac.Endpoint, "isolateDevice", "s2"), w.pending("3", rbac.Endpoint, "runAntiVirusScan", "s1"),
		w.pending("4", rbac.Endpoint, "isolateDevice", "h1"), w.pending("5", rbac.Office365, "softDeleteEmail", ""), w.pending("6", rbac.Endpoint, "submitIocRule", ""))
	_, err := w.service.Decline(ctx, as(ada), "2", "")
	must(t, err)
	for _, c := range []struct {
		who  string
		q    Query
		want string
	}{
		{ada, Query{}, "6: isolateDevice 3, runAntiVirusScan 1, softDeleteEmail 1, submitIocRule 1; pendingApproval 5, declined 1; Sales 3, HR 1; endpoint 5, office365 1"},
		// A reader counts what they see, and no group that they do not reach.
		{sol, Query{}, "3: isolateDevice 2, runAntiVirusScan 1; pendingApproval 2, declined 1; Sales 3; endpoint 3"},
		{sol, Query{Groups: []string{"HR"}}, "0: ; ; Sales 3; "},
		{mel, Query{}, "1: softDeleteEmail 1; pendingApproval 1; ; office365 1"},
		// A filter does not hide its own other values.
		{ada, Query{Types: []string{"isolateDevice"}}, "3: isolateDevice 3, runAntiVirusScan 1, softDeleteEmail 1, submitIocRule 1; pendingApproval 2, declined 1; Sales 2, HR 1; endpoint 3"},
		{ada, Query{Types: []string{"isolateDevice"}, Statuses: []string{Declined}}, "1: isolateDevice 1; pendingApproval 2, declined 1; Sales 1; endpoint 1"},
		{ada, Query{Groups: []string{"HR"}, Workload: rbac.Endpoint}, "1: isolateDevice 1; pendingApproval 1; Sales 3, HR 1; endpoint 1"},
		{ada, Query{Tab: "pending", Search: "nothing of this name"}, "0: ; ; ; "},
	} {
		f, err := w.service.Facets(ctx, as(c.who), c.q)
		must(t, err)
		got := []string{fmt.Sprint(f.Total, ": ", list(f.Type)), list(f.Status), list(f.DeviceGroup), list(f.Workload)}
		if text := strings.Join(got, "; "); text != c.want {
			t.Errorf("%s, %+v:\n%s\nwant\n%s", c.who, c.q, text, c.want)
		}
		c.q.Limit = 50
		page, err := w.service.List(ctx, as(c.who), c.q)
		if must(t, err); page.Total != f.Total || len(page.Items) != int(f.Total) {
			t.Errorf("%s, %+v: %d counted, %d listed", c.who, c.q, f.Total, page.Total)
		}
	}
}

func list(values []FacetValue) string {
	var words []string
	for _, v := range values {
		words = append(words, fmt.Sprint(v.Value, " ", v.Count))
	}
	return strings.Join(words, ", ")
}
