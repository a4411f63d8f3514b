package catalog

import (
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/rbac"
)

// The categories of unified permissions, in the catalogue's order.
const (
	SecurityOperations       = "Security operations"
	SecurityPosture          = "Security posture"
	AuthorizationAndSettings = "Authorization and settings"
	DataOperations           = "Data operations"
)

// UnifiedCategories are the categories in the catalogue's order.
var UnifiedCategories = []string{SecurityOperations, SecurityPosture, AuthorizationAndSettings, DataOperations}

// unifiedPermissions are U1-U28. The name is the newest label; older ones are aliases. Action is the string that
// documentation or stored roles show. Where none is known it is an id of our own, which begins with "bailiwick/" so that
// nobody takes it for one of Microsoft's.
var unifiedPermissions = []rbac.Permission{
	{ID: "U1", Category: SecurityOperations, Group: "Security data", Name: "Security data basics",
		Action:  "microsoft.xdr/secops/securitydata/read",
		Aliases: []string{"Security data basics (read)", "microsoft.xdr/secops/securitydata/basics/read"},
		Allows:  "View incidents, alerts, investigations, hunting data, devices, submissions and reports."},
	{ID: "U2", Category: SecurityOperations, Group: "Security data", Name: "Alerts", Manage: true,
		Action: "microsoft.xdr/secops/securitydata/alerts/manage", Aliases: []string{"Alerts (manage)"},
		Allows: "Manage alerts, start automated investigations, run scans, collect packages and manage device tags."},
	{ID: "U3", Category: SecurityOperations, Group: "Security data", Name: "Response", Manage: true,
		Action: "microsoft.xdr/secops/securitydata/response/manage", Aliases: []string{"Response (manage)"},
		Allows: "Take response actions, approve or dismiss pending ones, and manage allow and block lists for automation."},
	{ID: "U4", Category: SecurityOperations, Group: "Security data", Name: "Basic live response", Manage: true,
		Action: "microsoft.xdr/secops/securitydata/liveresponse-basic/manage", Aliases: []string{"Basic live response (manage)"},
		Allows: "Start a live response session, download files and run read-only commands."},
	{ID: "U5", Category: SecurityOperations, Group: "Security data", Name: "Advanced live response", Manage: true,
		Action: "microsoft.xdr/secops/securitydata/liveresponse-advanced/manage", Aliases: []string{"Advanced live response (manage)"},
		Allows: "Create live response sessions, upload files and run scripts."},
	{ID: "U6", Category: SecurityOperations, Group: "Security data", Name: "File collection", Manage: true,
		Action: "microsoft.xdr/secops/securitydata/filecollection/manage", Aliases: []string{"File collection (manage)"},
		Allows: "Collect and download files, executables included."},
	{ID: "U7", Category: SecurityOperations, Group: "Security data", Name: "Email & collaboration quarantine", Manage: true,
		Action: "microsoft.xdr/secops/securitydata/emailquarantine/manage", Aliases: []string{"Email quarantine", "Email & collaboration quarantine (manage)"},
		Allows: "View and release quarantined mail."},
	{ID: "U8", Category: SecurityOperations, Group: "Security data", Name: "Email & collaboration advanced actions", Manage: true,
		Action: "microsoft.xdr/secops/securitydata/emailadvancedactions/manage", Aliases: []string{"Email advanced actions", "Email & collaboration advanced actions (manage)"},
		Allows: "Move mail to junk, deleted items or the inbox; delete it softly or for good."},
	{ID: "U9", Category: SecurityOperations, Group: "Security data", Name: "Security Copilot",
		Action: "microsoft.xdr/secops/securitydata/copilot/read", Aliases: []string{"Security Copilot (read)"},
		Allows: "Use the assistant on security data."},
	{ID: "U10", Category: SecurityOperations, Group: "Raw data (Email & collaboration)", Name: "Email & collaboration metadata",
		Action: "bailiwick/unified/U10/read", Aliases: []string{"Email message headers", "Email & collaboration metadata (read)"},
		Allows: "View mail data in hunting, campaigns and mail entities."},
	{ID: "U11", Category: SecurityOperations, Group: "Raw data (Email & collaboration)", Name: "Email & collaboration content: All emails",
		Action: "microsoft.xdr/secops/rawdata/emailcontent/read", Aliases: []string{"User email content", "Email & collaboration content", "Email & collaboration content (read)"},
		Allows: "View and download the content and attachments of any mail. Selects Security data basics and Email & collaboration metadata as well."},
	{ID: "U12", Category: SecurityOperations, Group: "Raw data (Email & collaboration)", Name: "Email & collaboration content: Emails associated with alerts",
		Action: "bailiwick/unified/U12/read",
		Allows: "View the content of mail that users reported as malware, phish or junk."},
	{ID: "U13", Category: SecurityOperations, Group: "Raw data (Email & collaboration)", Name: "Email & collaboration content: Quarantine emails",
		Action: "microsoft.xdr/secops/rawdata/quarantineemailcontent/read",
		Allows: "View and download the quarantined mail of all users."},

	{ID: "U14", Category: SecurityPosture, Group: "Posture management", Name: "Vulnerability management",
		Action: "bailiwick/unified/U14/read", Aliases: []string{"Vulnerability management (read)"},
		Allows: "View software, weaknesses, missing updates, baselines, devices, and vulnerability data in hunting."},
	{ID: "U15", Category: SecurityPosture, Group: "Posture management", Name: "Exception handling", Manage: true,
		Action: "microsoft.xdr/securityposture/posturemanagement/exceptionhandling/manage", Aliases: []string{"Exception handling (manage)"},
		Allows: "Create exceptions from recommendations and manage the active ones."},
	{ID: "U16", Category: SecurityPosture, Group: "Posture management", Name: "Remediation handling", Manage: true,
		Action: "bailiwick/unified/U16/manage", Aliases: []string{"Remediation handling (manage)"},
		Allows: "Create tickets, submit remediation requests and manage remediation activities."},
	{ID: "U17", Category: SecurityPosture, Group: "Posture management", Name: "Application handling", Manage: true,
		Action: "microsoft.xdr/securityposture/posturemanagement/applicationhandling/manage", Aliases: []string{"Application handling (manage)"},
		Allows: "Block vulnerable applications and lift the blocks."},
	{ID: "U18", Category: SecurityPosture, Group: "Posture management", Name: "Security baseline assessment", Manage: true,
		Action: "microsoft.xdr/securityposture/posturemanagement/baselineassessmentprofiles/manage", Aliases: []string{"Security baseline assessment (manage)"},
		Allows: "Create and manage profiles that assess devices against security baselines."},
	{ID: "U19r", Category: SecurityPosture, Group: "Posture management", Name: "Exposure Management (read)",
		Action: "bailiwick/unified/U19/read", Aliases: []string{"Secure Score (read)"},
		Allows: "View exposure insights and Secure Score recommendations."},
	{ID: "U19m", Category: SecurityPosture, Group: "Posture management", Name: "Exposure Management (manage)", Manage: true,
		Action: "microsoft.xdr/securityposture/posturemanagement/securescore/manage", Aliases: []string{"Secure Score (manage)"},
		Includes: []string{"Exposure Management (read)"},
		Allows:   "Manage exposure insights and Secure Score recommendations, and view them."},
	{ID: "U20", Category: SecurityPosture, Group: "AI code scan", Name: "Run scan", Manage: true,
		Action: "bailiwick/unified/U20/manage", Aliases: []string{"Run scan (manage)"}, Allows: "Run code scans."},
	{ID: "U21", Category: SecurityPosture, Group: "AI code scan", Name: "Upload results", Manage: true,
		Action: "bailiwick/unified/U21/manage", Aliases: []string{"Upload results (manage)"}, Allows: "Upload results of code scans."},
	{ID: "U22r", Category: SecurityPosture, Group: "AI code scan", Name: "Scan results (read)",
		Action: "bailiwick/unified/U22/read", Allows: "View results of code scans."},
	{ID: "U22m", Category: SecurityPosture, Group: "AI code scan", Name: "Scan results (manage)", Manage: true,
		Action: "bailiwick/unified/U22/manage", Includes: []string{"Scan results (read)"},
		Allows: "Manage results of code scans, and view them."},

	{ID: "U23r", Category: AuthorizationAndSettings, Group: "Authorization", Name: "Authorization (read)",
		Action: "microsoft.xdr/configuration/authorization/read",
		Allows: "View device groups, and custom and built-in roles."},
	{ID: "U23m", Category: AuthorizationAndSettings, Group: "Authorization", Name: "Authorization (manage)", Manage: true,
		Action: "microsoft.xdr/configuration/authorization/manage", Includes: []string{"Authorization (read)"},
		Allows: "Manage device groups and roles, and view them; nobody gives more than they have."},
	{ID: "U24r", Category: AuthorizationAndSettings, Group: "Security settings", Name: "Core security settings (read)",
		Action: "microsoft.xdr/configuration/security/read", Allows: "View the core security settings."},
	{ID: "U24m", Category: AuthorizationAndSettings, Group: "Security settings", Name: "Core security settings (manage)", Manage: true,
		Action: "microsoft.xdr/configuration/security/manage", Aliases: []string{"microsoft.xdr/configuration/security/core/manage"},
		Includes: []string{"Core security settings (read)"},
		Allows:   "Manage the core security settings, and view them."},
	{ID: "U25", Category: AuthorizationAndSettings, Group: "Security settings", Name: "Detection tuning", Manage: true,
		Action: "bailiwick/unified/U25/manage", Aliases: []string{"Detection tuning (manage)"},
		Allows: "Manage custom detections, alert tuning and threat indicators."},
	{ID: "U26r", Category: AuthorizationAndSettings, Group: "System settings", Name: "System settings (read)",
		Action: "microsoft.xdr/configuration/system/read", Allows: "View general system settings."},
	{ID: "U26m", Category: AuthorizationAndSettings, Group: "System settings", Name: "System settings (manage)", Manage: true,
		Action: "microsoft.xdr/configuration/system/manage", Includes: []string{"System settings (read)"},
		Allows: "Manage general system settings, and view them."},

	{ID: "U27", Category: DataOperations, Group: "Data management", Name: "Data", Manage: true,
		Action: "bailiwick/unified/U27/manage", Aliases: []string{"Data (manage)"},
		Allows: "Manage retention, tiers, tables of the lake and connectors."},
	{ID: "U28r", Category: DataOperations, Group: "Analytics jobs", Name: "Analytics Jobs Schedule (read)",
		Action: "bailiwick/unified/U28/read", Allows: "View scheduled jobs."},
	{ID: "U28m", Category: DataOperations, Group: "Analytics jobs", Name: "Analytics Jobs Schedule (manage)", Manage: true,
		Action: "bailiwick/unified/U28/manage", Includes: []string{"Analytics Jobs Schedule (read)"},
		Allows: "Schedule jobs, and view them."},
}

// prerequisites are the permissions that come along, unasked, when one is chosen (unified permissions 2.6).
var prerequisites = map[string][]string{
	"Email & collaboration content: All emails": {"Security data basics", "Email & collaboration metadata"},
}

// wildcards are how "all read-only" and "all read and manage" are stored: as an action string that stands for whatever a
// category, or a group of one, has - now and later (B1). Those of the categories are what people choose; those of groups
// are known from stored roles.
var wildcards = []struct{ category, group, path string }{
	{SecurityOperations, "", "microsoft.xdr/secops/*"},
	{SecurityPosture, "", "microsoft.xdr/securityposture/*"},
	{AuthorizationAndSettings, "", "microsoft.xdr/configuration/*"},
	{DataOperations, "", "microsoft.xdr/dataops/*"},
	{SecurityOperations, "Security data", "microsoft.xdr/secops/securitydata/*"},
	{SecurityPosture, "Posture management", "microsoft.xdr/securityposture/posturemanagement/*"},
	{AuthorizationAndSettings, "Security settings", "microsoft.xdr/configuration/security/*"},
}

// AllOf names the permission that stands for all of a category, or of a group, with its future: to read, or to read and
// manage.
func AllOf(part string, manage bool) string {
	if manage {
		return part + ": all read and manage"
	}
	return part + ": all read-only"
}

// unified are the unified permissions, those that stand for many at the end. What each includes is listed whole.
func unified() []rbac.Permission {
	list := slices.Clone(unifiedPermissions)
	for i := range list {
		list[i].Workload = rbac.Unified
	}
	single := len(list)
	// From the narrowest to the widest, so that each can include the ones before it.
	for _, manage := range []bool{false, true} {
		for _, w := range slices.Backward(wildcards) {
			part, of := w.category, "of the category, those that join it later too."
			if w.group != "" {
				part, of = w.group, "of the group, those that join it later too."
			}
			p := rbac.Permission{
				Workload: rbac.Unified, Category: w.category, Group: w.group, Name: AllOf(part, manage), Manage: manage, All: true,
				Action: w.path + "/read", Allows: "All read-only permissions " + of,
			}
			if manage {
				p.Action, p.Allows = w.path+"/manage", "All permissions, to read and to manage, "+of
			}
			for i, other := range list {
				within := other.Category == w.category && (w.group == "" || other.Group == w.group)
				if within && (manage || !other.Manage) && (i < single || other.All) {
					p.Includes = append(p.Includes, other.Name)
				}
			}
			list = append(list, p)
		}
	}
	return list
}

// bridge says which unified permissions open a row of the table, by workload: any one of them. It is kept beside the
// document's table, which stays as it is.
//
// In mail, T4 takes the permission to act on mail; Response does not open it, since it comes with reading roles there.
// A workload where the row has no action of its own keeps its cell: whoever has Response may decide what comes.
var bridge = map[rbac.Capability]map[rbac.Workload][]string{
	rbac.ViewInvestigation:    everywhere("Security data basics"),
	rbac.ViewHunting:          but(everywhere("Security data basics"), rbac.Office365, "Email & collaboration metadata"),
	rbac.ManageAlerts:         everywhere("Alerts"),
	rbac.Remediate:            but(everywhere("Response"), rbac.Office365, "Email & collaboration advanced actions"),
	rbac.ManageDetections:     everywhere("Detection tuning"),
	rbac.AnalyticsAlerts:      {rbac.Endpoint: {"Security data basics"}, rbac.Office365: {"Security data basics"}},
	rbac.AnalyticsMitigations: {rbac.Endpoint: {"Vulnerability management"}},
	rbac.AnalyticsEmail:       {rbac.Office365: {"Email & collaboration metadata"}},
	rbac.ViewRoles:            everywhere("Authorization (read)"),
	rbac.ManageRoles:          everywhere("Authorization (manage)"),
	rbac.ViewAudit:            everywhere("Authorization (manage)"),
	rbac.ManageSettings:       {rbac.Endpoint: {"Authorization (manage)"}},
}

func everywhere(name string) map[rbac.Workload][]string {
	m := map[rbac.Workload][]string{}
	for _, w := range rbac.Workloads {
		m[w] = []string{name}
	}
	return m
}

func but(m map[rbac.Workload][]string, w rbac.Workload, name string) map[rbac.Workload][]string {
	m[w] = []string{name}
	return m
}

// bridged gives the rows with the unified permissions in their cells. "Authorization (manage)" includes the reading, so
// a cell that names the reading is opened by both.
func bridged(rows []rbac.Requirement) []rbac.Requirement {
	rows = slices.Clone(rows)
	for i, row := range rows {
		rows[i].Cells = cells{}
		for w, cell := range row.Cells {
			cell.Unified = bridge[row.Capability][w]
			rows[i].Cells[w] = cell
		}
	}
	return rows
}

// matching are the permissions that an action string with wildcards stands for today: of the same verb, where manage
// covers read, and with each * in place of one or more parts. Those that stand for what is to come, too, are in the
// catalogue by themselves.
func matching(pattern string) []string {
	path, verb, ok := cutVerb(strings.ToLower(strings.TrimSpace(pattern)))
	if !ok || !strings.Contains(path, "*") {
		return nil
	}
	var names []string
	for _, p := range unifiedPermissions {
		if at, has, _ := cutVerb(p.Action); (verb == has || verb == "manage") && matches(strings.Split(path, "/"), strings.Split(at, "/")) {
			names = append(names, p.Name)
		}
	}
	return names
}

func cutVerb(action string) (path, verb string, ok bool) {
	at := strings.LastIndexByte(action, '/')
	if at < 0 {
		return "", "", false
	}
	verb = action[at+1:]
	return action[:at], verb, verb == "read" || verb == "manage"
}

func matches(pattern, path []string) bool {
	switch {
	case len(pattern) == 0 || len(path) == 0:
		return len(pattern) == len(path)
	case pattern[0] == "*":
		return matches(pattern[1:], path[1:]) || matches(pattern, path[1:])
	}
	return pattern[0] == path[0] && matches(pattern[1:], path[1:])
}

// UnifiedPermissions brings names - or action strings - to the catalogue's spelling, adds what comes along unasked and
// leaves out what another of them includes. unknown are the places of those that are neither.
func UnifiedPermissions(given []string) (permissions []string, unknown []int) {
	chosen := map[string]bool{}
	choose := func(name string) {
		chosen[name] = true
		for _, also := range prerequisites[name] {
			chosen[also] = true
		}
	}
	for i, name := range given {
		found, ok := Permission(rbac.Unified, name)
		if !ok {
			matched := matching(name)
			for _, found := range matched {
				choose(found)
			}
			if len(matched) == 0 {
				unknown = append(unknown, i)
			}
			continue
		}
		choose(found)
	}
	permissions = []string{}
	for _, p := range Default().Permissions {
		if p.Workload != rbac.Unified || !chosen[p.Name] {
			continue
		}
		included := slices.ContainsFunc(Default().Permissions, func(o rbac.Permission) bool {
			return o.Workload == rbac.Unified && chosen[o.Name] && slices.Contains(o.Includes, p.Name)
		})
		if !included {
			permissions = append(permissions, p.Name)
		}
	}
	return permissions, unknown
}
