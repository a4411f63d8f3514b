package catalog

import "github.com/bailiwick/bailiwick/rbac"

// reading is what every global role that opens the centre may at least do: T1, T2 and the parts of T6.
var reading = []rbac.Capability{
	rbac.ViewInvestigation, rbac.ViewHunting, rbac.AnalyticsAlerts, rbac.AnalyticsMitigations, rbac.AnalyticsEmail,
}

func and(more ...rbac.Capability) []rbac.Capability {
	return append(append([]rbac.Capability{}, reading...), more...)
}

// globalRoles are the directory roles (R1, R2, S4): five that open the centre, then those the directory lists beside
// them.
var globalRoles = []rbac.GlobalRole{
	{Name: "Global Administrator", Aliases: []string{"Company Administrator", "Global admin"}, Administrator: true},
	{Name: "Security Administrator", Aliases: []string{"Security admin"}, Administrator: true},
	{Name: "Security Operator", Opens: and(rbac.ManageAlerts), WhileRolesOff: []rbac.Capability{rbac.ManageDetections}},
	{Name: "Security Reader", Opens: reading},
	{Name: "Global Reader", Opens: and(rbac.ViewRoles, rbac.ViewAudit)},
	{Name: "Compliance Administrator", Listed: true},
	{Name: "Compliance Data Administrator", Listed: true},
	{Name: "Attack Simulation Administrator", Listed: true},
	{Name: "Attack Payload Author", Listed: true},
}
