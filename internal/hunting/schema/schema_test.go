package schema

import (
	"testing"

	"github.com/bailiwick/bailiwick/rbac"
)

func TestTheSchemaIsWholeAndEachTableSaysWhatARowNeeds(t *testing.T) {
	tables, columns, core := Tables(), 0, 0
	ids := map[int]string{}
	for _, table := range tables {
		columns += len(table.Columns)
		if table.Core {
			core++
		}
		if other := ids[table.ID]; other != "" || table.ID <= 0 {
			t.Errorf("%s has the id %d, as %q has", table.Name, table.ID, other)
		}
		ids[table.ID] = table.Name
		for what, name := range map[string]string{"time": table.Timestamp, "device": table.Device, "report": table.Report, "scope": table.ScopeColumn} {
			if name != "" && table.Column(name) == nil {
				t.Errorf("%s: the column of its %s, %s, is not in it", table.Name, what, name)
			}
		}
		if (table.Scope == ByTable) != (table.ScopeColumn == "") {
			t.Errorf("%s: scope %q by column %q", table.Name, table.Scope, table.ScopeColumn)
		}
		for asset, names := range table.Impacted {
			for _, name := range names {
				if table.Column(name) == nil {
					t.Errorf("%s: %s %s is not a column", table.Name, asset, name)
				}
			}
		}
		if table.RenamedTo != "" && Lookup(table.RenamedTo) == nil {
			t.Errorf("%s goes on as %s, which is not there", table.Name, table.RenamedTo)
		}
		rows := table.Rows()
		if rows.Workloads != table.Workloads || rows.Scope != table.Scope || rows.Vulnerability != table.Vulnerability {
			t.Errorf("%s has its rows in %s, which others may read", table.Name, rows.Name)
		}
		seen := map[string]bool{}
		for _, c := range table.Columns {
			if in := rows.Column(c.In(rows)); in == nil || in.Type != c.Type {
				t.Errorf("%s.%s has no values in %s", table.Name, c.Name, rows.Name)
			}
			if seen[c.Physical()] || c.ID <= 0 || table.Core && c.Description == "" || c.Folded && c.Type != String {
				t.Errorf("%s.%s: %+v", table.Name, c.Name, c)
			}
			seen[c.Physical()] = true
		}
	}
	if len(tables) != 65 || columns != 1646 || core != 27 {
		t.Errorf("%d tables (%d core) with %d columns: want 65 (27) with 1646", len(tables), core, columns)
	}
}

// KQL tells names apart that differ in case only; engines do not.
func TestNamesThatDifferInCaseOnlyAreTwoColumns(t *testing.T) {
	p := Lookup("DeviceProcessEvents")
	a, b := p.Column("LogonId"), p.Column("LogonID")
	if a == nil || b == nil || a.Physical() == b.Physical() {
		t.Errorf("LogonId is %+v and LogonID %+v", a, b)
	}
	if Lookup("deviceprocessevents") != nil || p.Column("timestamp") != nil {
		t.Error("a name was found in another case")
	}
}

func TestWhatATableBelongsTo(t *testing.T) {
	for _, c := range []struct {
		table         string
		workloads     rbac.WorkloadSet
		scope         Scope
		vulnerability bool
	}{
		{"DeviceProcessEvents", rbac.SetOf(rbac.Endpoint), ByDevice, false},
		{"DeviceTvmSoftwareVulnerabilities", rbac.SetOf(rbac.Endpoint), ByDevice, true},
		{"DeviceTvmSoftwareVulnerabilitiesKB", rbac.SetOf(rbac.Endpoint), ByTable, true},
		{"EmailEvents", rbac.SetOf(rbac.Office365), ByTable, false},
		{"IdentityLogonEvents", rbac.SetOf(rbac.Identity, rbac.CloudApps), ByTable, false},
		{"AlertInfo", 0, ByAlert, false},
		{"AlertEvidence", 0, ByAlert, false},
		{"CloudAuditEvents", 0, ByTable, false},
	} {
		x := Lookup(c.table)
		if x.Workloads != c.workloads || x.Scope != c.scope || x.Vulnerability != c.vulnerability {
			t.Errorf("%s belongs to %v, is scoped by %q, and is vulnerability data: %t", c.table, x.Workloads.List(), x.Scope, x.Vulnerability)
		}
	}
	if x := Lookup("DeviceProcessEvents"); !x.IsStreamOnly("MachineGroup") || x.IsStreamOnly("FileName") || Lookup("DeviceInfo").IsStreamOnly("MachineGroup") {
		t.Error("MachineGroup is streamed with DeviceProcessEvents and documented for DeviceInfo")
	}
}
