package catalog

import "github.com/bailiwick/bailiwick/rbac"

// cloudPermissions are the admin roles of cloud apps. The table names six; the other four stand in no cell and open
// nothing here, identity data included (R14, P8, S3).
var cloudPermissions = []rbac.Permission{
	{Workload: rbac.CloudApps, Name: "Global admin", Manage: true, Aliases: []string{"Global administrator", "Full access"},
		Allows: "Everything in cloud apps: add administrators, change policies and settings, upload logs, govern apps."},
	{Workload: rbac.CloudApps, Name: "Security admin", Manage: true, Aliases: []string{"Security administrator"},
		Allows: "Everything in cloud apps, as a global admin."},
	{Workload: rbac.CloudApps, Name: "Compliance admin", Manage: true, Aliases: []string{"Compliance administrator"},
		Allows: "Read everything, manage alerts, make file policies and govern files; no cloud platform recommendations."},
	{Workload: rbac.CloudApps, Name: "Security operator", Manage: true,
		Allows: "Read everything and manage alerts."},
	{Workload: rbac.CloudApps, Name: "Security reader",
		Allows: "Read everything and manage alerts; no policies, governance, settings or log uploads."},
	{Workload: rbac.CloudApps, Name: "Global reader",
		Allows: "Read everything, change nothing."},
	{Workload: rbac.CloudApps, Name: "App/instance admin", Manage: true, Aliases: []string{"App admin", "Instance admin", "App or instance admin"},
		Allows: "Administer one app or one instance of it, in the product itself. Opens nothing here."},
	{Workload: rbac.CloudApps, Name: "User group admin", Manage: true,
		Allows: "Administer the users of imported groups, in the product itself. Opens nothing here."},
	{Workload: rbac.CloudApps, Name: "Cloud Discovery global admin", Manage: true,
		Allows: "View and edit all Cloud Discovery settings and data, in the product itself. Opens nothing here."},
	{Workload: rbac.CloudApps, Name: "Cloud Discovery report admin",
		Allows: "View selected Cloud Discovery reports, in the product itself. Opens nothing here."},
}
