package catalog

import "github.com/bailiwick/bailiwick/rbac"

// identityPermissions are the role groups of an identity instance. They act in the product's own portal; its data
// here follows the roles of cloud apps (R13, S2), so these can be assigned and open nothing.
var identityPermissions = []rbac.Permission{
	{Workload: rbac.Identity, Name: "Azure ATP Administrators", Manage: true, Aliases: []string{"Azure ATP Administrator"},
		Allows: "Everything in the identity product's own portal: sensors, data sources, settings, health alerts. Opens nothing here."},
	{Workload: rbac.Identity, Name: "Azure ATP Users", Manage: true, Aliases: []string{"Azure ATP User"},
		Allows: "Change alert status, tags, exclusions and notifications in the identity product's own portal. Opens nothing here."},
	{Workload: rbac.Identity, Name: "Azure ATP Viewers", Aliases: []string{"Azure ATP Viewer"},
		Allows: "View profiles, alerts and reports in the identity product's own portal. Opens nothing here."},
}
