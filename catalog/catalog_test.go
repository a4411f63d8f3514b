package catalog_test

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

// seedRow is a row of the document's table, or a part of one. A nil cell is empty there.
type seedRow struct {
	ID, Task, Part string
	Surfaces       []string
	MDE, MDO       []string
	MCAS           json.RawMessage
	Parts          []seedRow
}

func seed(t *testing.T) []seedRow {
	t.Helper()
	text, err := os.ReadFile("testdata/seed-table.json")
	if err != nil {
		t.Fatal(err)
	}
	var table struct{ Rows []seedRow }
	if err := json.Unmarshal(text, &table); err != nil {
		t.Fatal(err)
	}
	var rows []seedRow
	for _, row := range table.Rows {
		if len(row.Parts) == 0 {
			rows = append(rows, row)
		}
		for _, part := range row.Parts {
			part.Task, part.MCAS = row.Task, row.MCAS
			rows = append(rows, part)
		}
	}
	return rows
}

func TestTheTableIsTheDocumentCellByCell(t *testing.T) {
	rows := seed(t)
	if len(rows) != 8 {
		t.Fatalf("the document has %d rows, want 8", len(rows))
	}
	for i, want := range rows {
		got := catalog.Default().Requirements[i]
		if got.ID != want.ID || got.Task != want.Task || got.Part != want.Part || !slices.Equal(got.Surfaces, want.Surfaces) {
			t.Errorf("row %d is %s %q %q %v, the document has %s %q %q %v",
				i, got.ID, got.Task, got.Part, got.Surfaces, want.ID, want.Task, want.Part, want.Surfaces)
		}
		var cloud []string
		if err := json.Unmarshal(want.MCAS, &cloud); err != nil && string(want.MCAS)[0] != '"' {
			t.Fatalf("%s: %v", want.ID, err)
		}
		same(t, want.ID, rbac.Endpoint, got, want.MDE)
		same(t, want.ID, rbac.Office365, got, want.MDO)
		same(t, want.ID, rbac.CloudApps, got, cloud)
		// S2: identity has no column; the one of cloud apps governs it.
		if !slices.Equal(got.Cells[rbac.Identity].AnyOf, got.Cells[rbac.CloudApps].AnyOf) {
			t.Errorf("%s: identity %v differs from cloud apps %v", want.ID, got.Cells[rbac.Identity], got.Cells[rbac.CloudApps])
		}
	}
}

// same compares a cell with the document's spellings, which are aliases here, in the document's order.
func same(t *testing.T, row string, w rbac.Workload, got rbac.Requirement, want []string) {
	t.Helper()
	var names []string
	for _, spelling := range want {
		name, ok := catalog.Permission(w, spelling)
		if !ok {
			t.Errorf("%s: %q is no permission of %s", row, spelling, w)
		}
		names = append(names, name)
	}
	if !slices.Equal(got.Cells[w].AnyOf, names) {
		t.Errorf("%s, %s: got %q, the document has %q", row, w, got.Cells[w].AnyOf, names)
	}
}

// opens lists the rows of the table (not the centre's own) that a permission's cell stands in.
func opens(w rbac.Workload, spelling string) []string {
	name, _ := catalog.Permission(w, spelling)
	var rows []string
	for _, r := range catalog.Default().Requirements[:8] {
		if slices.Contains(r.Cells[w].AnyOf, name) {
			rows = append(rows, r.ID)
		}
	}
	return rows
}

func TestPropertiesOfTheTable(t *testing.T) {
	six := []string{"T1", "T2", "T3", "T5"}
	for _, c := range []struct {
		name     string
		workload rbac.Workload
		spelling string
		rows     []string
	}{
		{"P1 mail Manage alerts manages what it may not view", rbac.Office365, "Manage alerts", []string{"T3", "T5", "T6a"}},
		{"P2 mail Security admin satisfies every mail cell but T4", rbac.Office365, "Security admin", []string{"T1", "T2", "T3", "T5", "T6a", "T6c"}},
		{"P2 Search and purge satisfies only T4", rbac.Office365, "Search and purge", []string{"T4"}},
		{"P3 mail Security reader", rbac.Office365, "Security reader", []string{"T1", "T2", "T6a", "T6c"}},
		{"P3 View-only recipients", rbac.Office365, "View-only recipients", []string{"T1", "T2", "T6a", "T6c"}},
		{"P4 Organization configuration", rbac.Office365, "Organization configuration", []string{"T1", "T6a"}},
		{"P4 Audit logs", rbac.Office365, "Audit logs", []string{"T1", "T6a"}},
		{"P4 View-only audit logs", rbac.Office365, "View-only audit logs", []string{"T1", "T6a"}},
		{"P4 View-only Manage alerts", rbac.Office365, "View-only Manage alerts", []string{"T1", "T6a"}},
		{"P5 cloud apps Global reader differs from the other five at T3 only", rbac.CloudApps, "Global reader", []string{"T1", "T2", "T5"}},
		{"P5 cloud apps Global admin", rbac.CloudApps, "Global admin", six},
		{"P5 cloud apps Security admin", rbac.CloudApps, "Security admin", six},
		{"P5 cloud apps Compliance admin", rbac.CloudApps, "Compliance admin", six},
		{"P5 cloud apps Security operator", rbac.CloudApps, "Security operator", six},
		{"P5 cloud apps Security reader", rbac.CloudApps, "Security reader", six},
		{"P7 View data", rbac.Endpoint, "View data- security operations", []string{"T1", "T2", "T6a"}},
		{"P7 View data of vulnerabilities", rbac.Endpoint, "View data - Threat and vulnerability management", []string{"T6b"}},
		{"P7 Alerts investigation alone gives no viewing row", rbac.Endpoint, "Alerts investigation", []string{"T3"}},
		{"P7 Active remediation actions", rbac.Endpoint, "Active remediation actions – security operations", []string{"T4"}},
		{"P7 Manage security settings", rbac.Endpoint, "Manage security settings", []string{"T5"}},
		{"P8 User group admin", rbac.CloudApps, "User group admin", nil},
		{"P8 App/instance admin", rbac.CloudApps, "App/instance admin", nil},
		{"P8 Cloud Discovery global admin", rbac.CloudApps, "Cloud Discovery global admin", nil},
		{"P8 Cloud Discovery report admin", rbac.CloudApps, "Cloud Discovery report admin", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := opens(c.workload, c.spelling); !slices.Equal(got, c.rows) {
				t.Errorf("%q opens %v, want %v", c.spelling, got, c.rows)
			}
		})
	}
	// P6: cloud apps roles satisfy no part of T6 and not T4.
	for _, p := range catalog.PermissionNames(rbac.CloudApps) {
		for _, row := range opens(rbac.CloudApps, p) {
			if row == "T4" || row == "T6a" || row == "T6b" || row == "T6c" {
				t.Errorf("P6: %q opens %s", p, row)
			}
		}
	}
}

// TestDefaultRoleGroupsOpenWhatTheDocumentDerives holds the 31 role groups against the list of those that satisfy each
// mail cell through their roles.
func TestDefaultRoleGroupsOpenWhatTheDocumentDerives(t *testing.T) {
	viewers := []string{"Compliance Administrator", "Compliance Data Administrator", "Global Reader", "MailFlow Administrator",
		"Organization Management", "Security Administrator", "Security Operator", "Security Reader"}
	managers := []string{"Compliance Administrator", "Compliance Data Administrator", "Organization Management",
		"Security Administrator", "Security Operator"}
	want := map[string][]string{"T1": viewers, "T2": viewers, "T3": managers, "T4": {"Organization Management"}, "T5": managers,
		"T6a": viewers, "T6c": viewers}
	groups := 0
	got := map[string][]string{}
	for _, r := range catalog.Default().Roles {
		if r.Workload != rbac.Office365 {
			continue
		}
		groups++
		for _, row := range catalog.Default().Requirements[:8] {
			if slices.ContainsFunc(r.Permissions, func(p string) bool { return slices.Contains(row.Cells[rbac.Office365].AnyOf, p) }) {
				got[row.ID] = append(got[row.ID], r.Name)
			}
		}
	}
	if groups != 31 {
		t.Errorf("%d default role groups, want 31", groups)
	}
	for _, row := range []string{"T1", "T2", "T3", "T4", "T5", "T6a", "T6b", "T6c"} {
		if !slices.Equal(got[row], want[row]) {
			t.Errorf("%s is satisfied by %q, want %q", row, got[row], want[row])
		}
	}
}

func TestEveryNameResolvesToOneSpelling(t *testing.T) {
	for _, c := range []struct {
		workload        rbac.Workload
		given, resolved string
	}{
		{rbac.Endpoint, "view data- SECURITY operations", "View data - Security operations"},
		{rbac.Endpoint, "Manage security settings", "Manage security settings in Security Center"},
		{rbac.Office365, "search and purge", "Search And Purge"},
		{rbac.Office365, "Record Management", "RecordManagement"},
		{rbac.CloudApps, "Global Administrator", "Global admin"},
	} {
		if got, ok := catalog.Permission(c.workload, c.given); !ok || got != c.resolved {
			t.Errorf("%q resolves to %q, want %q", c.given, got, c.resolved)
		}
	}
	if got, ok := catalog.Permission(rbac.Office365, "Alerts investigation"); ok {
		t.Errorf("an endpoint permission resolves to %q in mail", got)
	}
	seen := map[rbac.Workload]map[string]bool{}
	for _, p := range catalog.Default().Permissions {
		if seen[p.Workload] == nil {
			seen[p.Workload] = map[string]bool{}
		}
		if seen[p.Workload][p.Name] || p.Allows == "" {
			t.Errorf("%s %q stands twice, or does not say what it allows", p.Workload, p.Name)
		}
		seen[p.Workload][p.Name] = true
		for _, spelling := range append([]string{p.Name}, p.Aliases...) {
			if got, _ := catalog.Permission(p.Workload, spelling); got != p.Name {
				t.Errorf("%q resolves to %q, want %q: two permissions share a spelling", spelling, got, p.Name)
			}
		}
	}
	for _, r := range catalog.Default().Roles {
		for _, name := range r.Permissions {
			if !seen[r.Workload][name] {
				t.Errorf("role %q holds the unknown permission %q", r.Name, name)
			}
		}
	}
}

func TestNearestFindsWhatWasMeant(t *testing.T) {
	if got := catalog.Nearest("Alert investigation", catalog.PermissionNames(rbac.Endpoint)); got != "Alerts investigation" {
		t.Errorf("got %q", got)
	}
	if got := catalog.Nearest("make coffee", catalog.PermissionNames(rbac.Endpoint)); got != "" {
		t.Errorf("nothing is near, got %q", got)
	}
}
