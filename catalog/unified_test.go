package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

// TestActionStringsAreKnownOrOurs: an action string is one that documentation or stored roles show, or says that it is
// our own; no two permissions share one, and each is found by it exactly.
func TestActionStringsAreKnownOrOurs(t *testing.T) {
	ours, seen := []string{}, map[string]bool{}
	for _, p := range catalog.Default().Permissions {
		if p.Workload != rbac.Unified {
			continue
		}
		if seen[p.Action] || p.Category == "" {
			t.Errorf("%s: action %q stands twice, or there is no category", p.Name, p.Action)
		}
		seen[p.Action] = true
		if got, _ := catalog.Permission(rbac.Unified, p.Action); got != p.Name {
			t.Errorf("%q finds %q, want %q", p.Action, got, p.Name)
		}
		if p.ID != "" && strings.HasPrefix(p.Action, "bailiwick/unified/") {
			ours = append(ours, p.ID)
		} else if !strings.HasPrefix(p.Action, "microsoft.xdr/") {
			t.Errorf("%s: action %q is neither known nor ours", p.Name, p.Action)
		}
		if verb := p.Action[strings.LastIndex(p.Action, "/")+1:]; (verb == "manage") != p.Manage {
			t.Errorf("%s: its action is to %s", p.Name, verb)
		}
	}
	want := []string{"U10", "U12", "U14", "U16", "U19r", "U20", "U21", "U22r", "U22m", "U25", "U27", "U28r", "U28m"}
	if !slices.Equal(ours, want) {
		t.Errorf("ids of our own: %v, want those for which no string is known: %v", ours, want)
	}
}

func TestUnifiedPermissions(t *testing.T) {
	for name, c := range map[string]struct{ given, want []string }{
		"an older label":                           {[]string{"Email message headers"}, []string{"Email & collaboration metadata"}},
		"an action string":                         {[]string{"microsoft.xdr/secops/securitydata/alerts/manage"}, []string{"Alerts"}},
		"the older of two strings":                 {[]string{"microsoft.xdr/secops/securitydata/basics/read"}, []string{"Security data basics"}},
		"what comes along unasked":                 {[]string{"User email content"}, []string{"Security data basics", "Email & collaboration metadata", "Email & collaboration content: All emails"}},
		"reading beside managing":                  {[]string{"Authorization (read)", "Authorization (manage)"}, []string{"Authorization (manage)"}},
		"a wildcard and what is in it":             {[]string{"Alerts", "microsoft.xdr/secops/*/manage"}, []string{"Security operations: all read and manage"}},
		"security/manage and security/*":           {[]string{"microsoft.xdr/configuration/security/manage"}, []string{"Core security settings (manage)"}},
		"security/* and security/manage":           {[]string{"microsoft.xdr/configuration/security/*/manage"}, []string{"Security settings: all read and manage"}},
		"a wildcard that stands for what there is": {[]string{"microsoft.xdr/secops/rawdata/*/read"}, []string{"Security data basics", "Email & collaboration metadata", "Email & collaboration content: All emails", "Email & collaboration content: Quarantine emails"}},
		"a wildcard over all":                      {[]string{"microsoft.xdr/*/security/read"}, []string{"Core security settings (read)"}},
		"all read-only takes no managing":          {[]string{"microsoft.xdr/secops/*/read", "Alerts"}, []string{"Alerts", "Security operations: all read-only"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, unknown := catalog.UnifiedPermissions(c.given)
			if !slices.Equal(got, c.want) || len(unknown) > 0 {
				t.Errorf("%q come to %q (unknown %v), want %q", c.given, got, unknown, c.want)
			}
		})
	}
	// Guessed strings that go round in scripts are none (unified permissions 5).
	if _, unknown := catalog.UnifiedPermissions([]string{"microsoft.xdr/secops/securitydatabasics/read", "Alerts"}); !slices.Equal(unknown, []int{0}) {
		t.Errorf("a guessed string is taken: unknown is %v", unknown)
	}
}
