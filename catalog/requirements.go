package catalog

import "github.com/bailiwick/bailiwick/rbac"

// cells is a row's columns in the document's order. Identity has no column of its own: the one of cloud apps
// governs it (R13, S2).
type cells map[rbac.Workload]rbac.Cell

func anyOf(names ...string) rbac.Cell { return rbac.Cell{AnyOf: names} }

// nobody is an empty cell: the row applies, and no custom role opens it.
var nobody = rbac.Cell{}

// The six cloud apps roles that the table names, in its order.
var six = anyOf("Global admin", "Security admin", "Compliance admin", "Security operator", "Security reader", "Global reader")

// table is "Required roles and permissions", row by row. A workload without a cell is not applicable there (R20,
// R21). Other is for alerts of products outside the four: only global roles see and change them (S10).
var table = []rbac.Requirement{
	{
		ID: "T1", Capability: rbac.ViewInvestigation, Task: "Viewing investigation data",
		Surfaces: []string{"Alert page", "Alerts queue", "Incidents", "Incident queue", "Action center"},
		Cells: cells{
			rbac.Endpoint: anyOf("View data - Security operations"),
			rbac.Office365: anyOf("View-Only Manage Alerts", "Organization Configuration", "Audit Logs", "View-Only Audit Logs",
				"Security Reader", "Security Administrator", "View-Only Recipients"),
			rbac.CloudApps: six,
			rbac.Identity:  six,
			rbac.Other:     nobody,
		},
	},
	{
		ID: "T2", Capability: rbac.ViewHunting, Task: "Viewing hunting data",
		Cells: cells{
			rbac.Endpoint:  anyOf("View data - Security operations"),
			rbac.Office365: anyOf("Security Reader", "Security Administrator", "View-Only Recipients"),
			rbac.CloudApps: six,
			rbac.Identity:  six,
		},
	},
	{
		ID: "T3", Capability: rbac.ManageAlerts, Task: "Managing alerts and incidents",
		Cells: cells{
			rbac.Endpoint:  anyOf("Alerts investigation"),
			rbac.Office365: anyOf("Manage Alerts", "Security Administrator"),
			rbac.CloudApps: anyOf("Global admin", "Security admin", "Compliance admin", "Security operator", "Security reader"),
			rbac.Identity:  anyOf("Global admin", "Security admin", "Compliance admin", "Security operator", "Security reader"),
			rbac.Other:     nobody,
		},
	},
	{
		ID: "T4", Capability: rbac.Remediate, Task: "Action center remediation",
		Cells: cells{
			rbac.Endpoint:  anyOf("Active remediation actions - Security operations"),
			rbac.Office365: anyOf("Search And Purge"),
			rbac.CloudApps: nobody, // R19
			rbac.Identity:  nobody,
		},
	},
	{
		ID: "T5", Capability: rbac.ManageDetections, Task: "Setting custom detections",
		Cells: cells{
			rbac.Endpoint:  anyOf("Manage security settings in Security Center"),
			rbac.Office365: anyOf("Manage Alerts", "Security Administrator"),
			rbac.CloudApps: six,
			rbac.Identity:  six,
		},
	},
	{
		ID: "T6a", Capability: rbac.AnalyticsAlerts, Task: "Threat Analytics", Part: "Alerts and incidents data",
		Cells: cells{
			rbac.Endpoint: anyOf("View data - Security operations"),
			rbac.Office365: anyOf("View-Only Manage Alerts", "Manage Alerts", "Organization Configuration", "Audit Logs",
				"View-Only Audit Logs", "Security Reader", "Security Administrator", "View-Only Recipients"),
		},
	},
	{
		ID: "T6b", Capability: rbac.AnalyticsMitigations, Task: "Threat Analytics", Part: "TVM mitigations",
		Cells: cells{
			rbac.Endpoint: anyOf("View data - Threat and vulnerability management"),
		},
	},
	{
		ID: "T6c", Capability: rbac.AnalyticsEmail, Task: "Threat Analytics", Part: "Prevented email attempts",
		Cells: cells{
			rbac.Office365: anyOf("Security Reader", "Security Administrator", "View-Only Recipients"),
		},
	},
}

// roleManagers is each product's own right to manage roles (S14). Whoever has it sees the roles there, and the
// audit of that workload (S16).
var roleManagers = cells{
	rbac.Endpoint:  anyOf("Manage portal system settings"),
	rbac.Office365: anyOf("Role Management"),
	rbac.CloudApps: anyOf("Global admin", "Security admin"),
	rbac.Identity:  nobody,
	rbac.Other:     nobody,
}

// centre is the rows of the centre's own: not in the document, by the same mechanism.
var centre = []rbac.Requirement{
	{ID: "S16", Capability: rbac.ViewRoles, Task: "Viewing roles and assignments", Cells: roleManagers},
	{ID: "S14", Capability: rbac.ManageRoles, Task: "Managing roles and assignments", Cells: roleManagers},
	{ID: "S16", Capability: rbac.ViewAudit, Task: "Viewing the audit log", Cells: roleManagers},
	{
		ID: "S16", Capability: rbac.ManageSettings, Task: "Managing settings; in Endpoint, device groups",
		Cells: cells{
			rbac.Endpoint:  anyOf("Manage portal system settings"),
			rbac.Office365: nobody,
			rbac.CloudApps: nobody,
			rbac.Identity:  nobody,
			rbac.Other:     nobody,
		},
	},
}
