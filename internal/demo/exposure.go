package demo

import (
	"strings"
	"time"
)

// weakness is software with a vulnerability, and on how many in 100 devices of a kind it is found.
type weakness struct {
	cve, severity               string
	cvss                        float64
	vendor, name, version, mend string
	about                       string
	on                          func(device) int
}

// check is one of the configuration, and how many in 100 of the devices that it applies to pass it.
type check struct {
	id, name, about, remedy string
	passed                  int
	applies                 func(device) bool
}

func isServer(d device) bool {
	return strings.Contains(d.host, "-srv-") || strings.Contains(d.host, "-dc-")
}
func isWindows(d device) bool     { return strings.HasPrefix(d.os, "Windows") }
func isWorkstation(d device) bool { return !isServer(d) && isWindows(d) }

// shareOf is n of 100 of the devices of a kind, and of others none.
func shareOf(n int, kind func(device) bool) func(device) int {
	return func(d device) int {
		if kind(d) {
			return n
		}
		return 0
	}
}

var weaknesses = []weakness{
	{"CVE-2023-38831", "High", 7.8, "rarlab", "winrar", "6.22.0.0", "6.23", "An archive runs a script when the file of the same name in it is opened.", shareOf(22, isWorkstation)},
	{"CVE-2023-23397", "Critical", 9.8, "microsoft", "outlook", "16.0.15601.20538", "March 2023 update", "A reminder's sound makes Outlook sign in to the attacker's server.", shareOf(9, isWorkstation)},
	{"CVE-2021-44228", "Critical", 10, "apache", "log4j", "2.14.1", "2.17.1", "A text that is logged makes the program load and run code.",
		func(d device) int {
			if d.os == "Linux" {
				return 45
			}
			return shareOf(12, isServer)(d)
		}},
	{"CVE-2020-1472", "Critical", 10, "microsoft", "windows_server_2019", "10.0.17763.1397", "August 2020 update", "A connection without credentials resets the password of a domain controller's account.",
		shareOf(60, func(d device) bool { return strings.Contains(d.host, "-dc-") && d.os == "WindowsServer2019" })},
	{"CVE-2021-34527", "High", 8.8, "microsoft", "windows_server_2019", "10.0.17763.1935", "July 2021 update", "Whoever may print installs a driver that runs as the system.",
		shareOf(40, func(d device) bool { return d.os == "WindowsServer2019" })},
	{"CVE-2023-4863", "High", 8.8, "google", "chrome", "116.0.5845.140", "116.0.5845.187", "A picture writes beyond the memory that was meant for it.", shareOf(15, isWorkstation)},
}

var checks = []check{
	{"scid-2010", "Turn on Microsoft Defender Antivirus", "Malware is not looked for.", "Turn antivirus on, by policy.", 98, func(device) bool { return true }},
	{"scid-2013", "Turn on PUA protection in block mode", "Bundled programs are installed along.", "Set PUA protection to block.", 81, isWindows},
	{"scid-96", "Enable network protection", "Programs other than the browser reach reported addresses.", "Set network protection to block.", 72, isWindows},
	{"scid-2500", "Block executable content from email client and webmail", "A program that came by mail runs.", "Set the attack surface reduction rule to block.", 64, isWorkstation},
	{"scid-2501", "Block all Office applications from creating child processes", "A document starts a script.", "Set the attack surface reduction rule to block, after a month of audit.", 55, isWorkstation},
	{"scid-2505", "Block execution of potentially obfuscated scripts", "A script that nobody can read runs.", "Set the attack surface reduction rule to block.", 77, isWindows},
	{"scid-2508", "Use advanced protection against ransomware", "Files that look like ransomware run when they are new.", "Set the attack surface reduction rule to block.", 83, isWindows},
	{"scid-2509", "Block credential stealing from the Windows local security authority subsystem", "Programs read the memory of LSASS.", "Set the attack surface reduction rule to block; exclude what an administrator knows.", 88, isWindows},
	{"scid-2510", "Block process creations originating from PSExec and WMI commands", "Programs are started from other devices.", "Set the attack surface reduction rule to audit, then block.", 49, isServer},
	{"scid-2514", "Block persistence through WMI event subscription", "What runs survives a restart unseen.", "Set the attack surface reduction rule to block.", 92, isWindows},
}

const rowCount = 1918 // with Seed

// row makes a record of the streaming export.
func row(table string, sent time.Time, properties object) object {
	return object{"time": stamp(sent), "tenantId": tenant, "operationName": "Publish", "category": "AdvancedHunting-" + table, "properties": properties}
}

// exposure makes what the vulnerability product knows: of each device its weaknesses and what it passed, and of either in general.
func (g *generator) exposure() []object {
	sent := g.now.Add(-4 * time.Hour)
	var rows []object
	for _, w := range weaknesses {
		rows = append(rows, row("DeviceTvmSoftwareVulnerabilitiesKB", sent, object{
			"CveId": w.cve, "CvssScore": w.cvss, "IsExploitAvailable": true, "VulnerabilitySeverityLevel": w.severity, "VulnerabilityDescription": w.about,
			"LastModifiedTime": stamp(sent.AddDate(0, -2, 0))}))
	}
	for _, c := range checks {
		rows = append(rows, row("DeviceTvmSecureConfigurationAssessmentKB", sent, object{
			"ConfigurationId": c.id, "ConfigurationName": c.name, "ConfigurationImpact": 9.0, "ConfigurationCategory": "Security controls", "RiskDescription": c.about, "RemediationOptions": c.remedy}))
	}
	for _, d := range g.devices {
		name := d.host + "." + d.domain
		for _, w := range weaknesses {
			if g.r.IntN(100) < w.on(d) {
				rows = append(rows, row("DeviceTvmSoftwareVulnerabilities", sent, object{
					"DeviceId": d.id, "DeviceName": name, "OSPlatform": d.os, "SoftwareVendor": w.vendor, "SoftwareName": w.name, "SoftwareVersion": w.version,
					"CveId": w.cve, "VulnerabilitySeverityLevel": w.severity, "RecommendedSecurityUpdate": w.mend}))
			}
		}
		for _, c := range checks {
			passed := g.r.IntN(100) < c.passed
			if c.applies(d) {
				rows = append(rows, row("DeviceTvmSecureConfigurationAssessment", sent, object{
					"DeviceId": d.id, "DeviceName": name, "OSPlatform": d.os, "Timestamp": stamp(sent.Add(-2 * time.Hour)), "ConfigurationId": c.id, "IsApplicable": true, "IsCompliant": passed}))
			}
		}
	}
	return rows
}
