package catalog

import "github.com/bailiwick/bailiwick/rbac"

// endpointPermissions are E1-E13 (permissions of Defender for Endpoint).
var endpointPermissions = []rbac.Permission{
	{
		ID: "E1", Workload: rbac.Endpoint, Name: "View data - Security operations",
		Aliases: []string{"View data- security operations", "View data security operations", "View data"},
		Allows:  "See all security operations data in the portal.",
	},
	{
		ID: "E2", Workload: rbac.Endpoint, Name: "View data - Threat and vulnerability management",
		Aliases: []string{"View data - Defender Vulnerability Management", "View data - TVM"},
		Allows:  "See threat and vulnerability management data in the portal.",
	},
	{
		ID: "E3", Workload: rbac.Endpoint, Name: "Active remediation actions - Security operations", Manage: true,
		Aliases: []string{"Active remediation actions – security operations", "Active remediation actions"},
		Allows:  "Take response actions, approve or dismiss pending ones, and manage allow and block lists for automation and indicators.",
	},
	{
		ID: "E4", Workload: rbac.Endpoint, Name: "Active remediation actions - TVM - Exception handling", Manage: true,
		Aliases: []string{"Active remediation actions - Threat and vulnerability management - Exception handling"},
		Allows:  "Create vulnerability exceptions and manage the active ones.",
	},
	{
		ID: "E5", Workload: rbac.Endpoint, Name: "Active remediation actions - TVM - Remediation handling", Manage: true,
		Aliases: []string{"Active remediation actions - Threat and vulnerability management - Remediation handling"},
		Allows:  "Submit remediation requests, create tickets and manage remediation activities.",
	},
	{
		ID: "E6", Workload: rbac.Endpoint, Name: "Alerts investigation", Manage: true,
		Allows: "Manage alerts, start automated investigations, run scans, collect investigation packages and manage device tags.",
	},
	{
		ID: "E7", Workload: rbac.Endpoint, Name: "Manage portal system settings", Manage: true, Reserved: true,
		Allows: "Change storage, SIEM and threat intelligence settings, advanced features, roles and device groups. Only the built-in administrator role has it.",
	},
	{
		ID: "E8", Workload: rbac.Endpoint, Name: "Manage security settings in Security Center", Manage: true,
		Aliases: []string{"Manage security settings", "Manage security settings in the Security Center"},
		Allows:  "Suppress alerts, exclude folders from automation, onboard and offboard devices, set e-mail notifications, run the evaluation lab, and make custom detections.",
	},
	{
		ID: "E9", Workload: rbac.Endpoint, Name: "Live response - Basic", Manage: true,
		Aliases: []string{"Live response capabilities - Basic", "Basic live response"},
		Allows:  "Start a live response session, run read-only commands, and download a file.",
	},
	{
		ID: "E10", Workload: rbac.Endpoint, Name: "Live response - Advanced", Manage: true,
		Aliases: []string{"Live response capabilities - Advanced", "Advanced live response"},
		Allows:  "All of basic live response, and upload files, view and run scripts from the library, and download files from the file page.",
	},
	{
		ID: "E11", Workload: rbac.Endpoint, Name: "Active remediation actions - TVM - Application handling", Manage: true,
		Aliases: []string{"Active remediation actions - Threat and vulnerability management - Application handling"},
		Allows:  "Block vulnerable applications, and manage or lift the blocks.",
	},
	{
		ID: "E12", Workload: rbac.Endpoint, Name: "TVM - Manage security baselines assessment profiles", Manage: true,
		Aliases: []string{"Threat and vulnerability management - Manage security baselines assessment profiles"},
		Allows:  "Create and manage profiles that assess devices against security baselines.",
	},
	{
		ID: "E13", Workload: rbac.Endpoint, Name: "Manage endpoint security settings in Microsoft Endpoint Manager", Manage: true,
		Aliases: []string{"Manage endpoint security settings in Microsoft Intune"},
		Allows:  "Change endpoint security settings that the endpoint manager keeps.",
	},
}

// endpointRoles is the one role that comes with the product: everything, on every device, unchangeable (S6).
func endpointRoles() []rbac.Role {
	r := rbac.Role{
		Workload: rbac.Endpoint, Name: rbac.EndpointAdministrator, Kind: rbac.BuiltInRole,
		Description: "Every endpoint permission on all devices, whatever the device groups' access. Its permissions can't be changed.",
	}
	for _, p := range endpointPermissions {
		r.Permissions = append(r.Permissions, p.Name)
	}
	return []rbac.Role{r}
}
