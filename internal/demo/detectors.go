package demo

// detector is one way an alert comes about: what it says, how bad it tends to be, and the kinds of evidence it
// brings. Titles and texts are made up after the kinds of things that the four products report.
type detector struct {
	of          workload
	source      string // serviceSource
	by          string // detectionSource
	prefix      string // of the alert id, which tells the product
	title       string
	category    string
	techniques  []string
	severity    string
	description string
	actions     string
	threat      string
	evidence    []string
}

const (
	mde = "microsoftDefenderForEndpoint"
	mdo = "microsoftDefenderForOffice365"
	mca = "microsoftDefenderForCloudApps"
	mdi = "microsoftDefenderForIdentity"
	xdr = "microsoft365Defender"
)

var detectors = []detector{
	// Endpoint.
	{endpoint, mde, mde, "da", "Suspicious PowerShell command line", "Execution", []string{"T1059.001"}, "medium",
		"PowerShell was started with an encoded command that downloads and runs code in memory.",
		"1. Read the decoded command.\n2. Check what the process connected to.\n3. Isolate the device if the code is not known.", "",
		[]string{"device", "process", "user", "ip"}},
	{endpoint, mde, mde, "da", "Credential dumping from LSASS memory", "CredentialAccess", []string{"T1003.001"}, "high",
		"A process opened the memory of the local security authority and read from it.",
		"1. Isolate the device.\n2. Reset the credentials of everyone who was signed in.", "",
		[]string{"device", "process", "file", "user"}},
	{endpoint, mde, "antivirus", "da", "Malware was prevented on one endpoint", "Malware", []string{"T1204.002"}, "low",
		"Antivirus stopped a file before it could run.",
		"1. See how the file arrived.\n2. Look for it on other devices.", "Trojan:Win32/Examplar.A",
		[]string{"device", "file", "user"}},
	{endpoint, mde, "antivirus", "da", "Unwanted software was detected", "UnwantedSoftware", nil, "informational",
		"An installer brought an advertising component with it.",
		"1. Uninstall the component.\n2. Tell the user where to get the software.", "PUA:Win32/Bundlor",
		[]string{"device", "file"}},
	{endpoint, mde, mde, "da", "Ransomware behaviour detected in the file system", "Ransomware", []string{"T1486"}, "high",
		"Many documents were overwritten and renamed within a minute by one process.",
		"1. Isolate the device now.\n2. Stop the process and keep the file.\n3. Check shares that the user can write to.", "Ransom:Win32/Lockexample",
		[]string{"device", "process", "file", "user"}},
	{endpoint, mde, mde, "da", "Suspicious scheduled task was created", "Persistence", []string{"T1053.005"}, "medium",
		"A task was registered that starts a script from a temporary folder at every sign-in.",
		"1. Read the script.\n2. Delete the task.", "",
		[]string{"device", "process", "registry"}},
	{endpoint, mde, mde, "da", "Lateral movement by remote service creation", "LateralMovement", []string{"T1021.002", "T1569.002"}, "high",
		"A service was created on one device from another and started at once.",
		"1. Isolate both devices.\n2. Find where the account signed in first.", "",
		[]string{"device", "device2", "process", "user"}},
	{endpoint, mde, "smartScreen", "da", "A user opened a reported site", "InitialAccess", []string{"T1566.002"}, "low",
		"A browser warning about a reported address was overridden.",
		"1. Ask the user what they entered.\n2. Reset the password if in doubt.", "",
		[]string{"device", "url", "user"}},
	{endpoint, mde, "customTi", "da", "Connection to an address on the block list", "CommandAndControl", []string{"T1071.001"}, "medium",
		"A device connected to an address that Contoso's own intelligence lists.",
		"1. Find the process.\n2. Isolate the device if it repeats.", "",
		[]string{"device", "ip", "process"}},
	{endpoint, mde, "customDetection", "ed", "Office program started a script interpreter", "Execution", []string{"T1204.002", "T1059.005"}, "medium",
		"Custom detection: a document program is the parent of a script interpreter.",
		"1. Find the document.\n2. See which other mailboxes received it.", "",
		[]string{"device", "process", "user"}},
	{endpoint, mde, "automatedInvestigation", "da", "Automated investigation found a suspicious service", "Persistence", []string{"T1543.003"}, "low",
		"An investigation met a service whose program is not signed.",
		"1. Approve or decline the pending action.", "",
		[]string{"device", "file", "registry"}},
	{endpoint, mde, mde, "da", "Sensor data without a known device", "SuspiciousActivity", nil, "low",
		"A file with a bad reputation was reported by a device that is no longer in the inventory.",
		"1. Look for the file on devices that are.", "",
		[]string{"filehash", "user"}},

	// Email & collaboration.
	{office365, mdo, mdo, "fa", "Email messages containing malicious file removed after delivery", "InitialAccess", []string{"T1566.001"}, "informational",
		"Messages with a malicious attachment were delivered and removed later.",
		"1. See whether anybody opened the attachment.\n2. Hunt for further recipients.", "Trojan:Win32/Examplar.A",
		[]string{"mail", "mailbox", "cluster", "filehash"}},
	{office365, mdo, mdo, "fa", "A potentially malicious URL click was detected", "InitialAccess", []string{"T1566.002"}, "high",
		"A protected link was opened and the address was found to be malicious afterwards.",
		"1. Reset the user's password.\n2. Look at the sign-ins since the click.", "",
		[]string{"mail", "url", "mailbox"}},
	{office365, mdo, mdo, "fa", "Email reported by user as malware or phish", "InitialAccess", []string{"T1566"}, "low",
		"A user pressed the report button.",
		"1. Read the message.\n2. Answer the user.", "",
		[]string{"submission", "mailbox"}},
	{office365, mdo, mdo, "fa", "Suspicious email forwarding rule", "Collection", []string{"T1114.003"}, "medium",
		"A mailbox began to forward everything to an address outside the company.",
		"1. Remove the rule.\n2. Look for the sign-in that made it.", "",
		[]string{"mailboxrule", "mailbox", "ip"}},
	{office365, mdo, mdo, "fa", "Email sending limit exceeded", "SuspiciousActivity", []string{"T1534"}, "medium",
		"An account sent far more messages than it ever did.",
		"1. Block sending.\n2. Reset the password.", "",
		[]string{"mailbox", "cluster"}},
	{office365, mdo, "automatedInvestigation", "fa", "Automated investigation wants to remove a cluster of messages", "InitialAccess", []string{"T1566.001"}, "low",
		"Messages alike in sender, subject and attachment wait for a decision.",
		"1. Read the cluster's query before approving: it reaches other people's mail.", "",
		[]string{"cluster", "mail"}},
	{office365, mdo, mdo, "fa", "Teams message with a malicious link", "InitialAccess", []string{"T1566.003"}, "medium",
		"A chat message from an outside tenant carried a malicious address.",
		"1. Block the outside domain.", "",
		[]string{"teams", "url"}},

	// Cloud apps.
	{cloudapps, mca, "cloudAppSecurity", "ca", "Mass download by a single user", "Exfiltration", []string{"T1530"}, "medium",
		"One account downloaded several hundred files within a few minutes from an address not seen before.",
		"1. Suspend the session.\n2. Review the files.", "",
		[]string{"user", "app", "ip"}},
	{cloudapps, mca, "cloudAppSecurity", "ca", "Impossible travel activity", "InitialAccess", []string{"T1078.004"}, "medium",
		"Two sign-ins of one account lie too far apart for the time between them.",
		"1. Ask the user.\n2. Confirm the account as compromised if they cannot explain it.", "",
		[]string{"user", "app", "ip", "session"}},
	{cloudapps, mca, "cloudAppSecurity", "ca", "Activity from an anonymous address", "CommandAndControl", []string{"T1090.003"}, "low",
		"An app was used through an anonymising network.",
		"1. See whether the user does this regularly.", "",
		[]string{"user", "app", "ip"}},
	{cloudapps, mca, "cloudAppSecurity", "ca", "Unusual file share activity", "Exfiltration", []string{"T1567.002"}, "low",
		"A folder was shared with outside addresses for the first time.",
		"1. Read the folder's name.\n2. Remove the sharing if it was not meant.", "",
		[]string{"user", "app"}},
	{cloudapps, "microsoftAppGovernance", "appGovernanceDetection", "ma", "App with unusual consent pattern", "Persistence", []string{"T1528"}, "high",
		"An app without a verified publisher asked many users for mail permissions.",
		"1. Disable the app.\n2. List who consented.", "",
		[]string{"oauth", "user"}},
	{cloudapps, mca, "cloudAppSecurity", "ca", "Ransomware activity in cloud storage", "Impact", []string{"T1486"}, "high",
		"Files in a library were replaced by others with an unknown extension.",
		"1. Suspend the user.\n2. Restore the library.", "",
		[]string{"user", "app", "ip"}},

	// Identity: no column of its own; the cloud apps column governs it.
	{identity, mdi, mdi, "aa", "Suspected replication of directory services", "CredentialAccess", []string{"T1003.006"}, "high",
		"A device that is no domain controller asked one for secrets.",
		"1. Confirm whether the device is meant to replicate.\n2. Disable the account.", "",
		[]string{"user", "identitydevice", "securitygroup"}},
	{identity, mdi, mdi, "aa", "Suspected brute-force attack", "CredentialAccess", []string{"T1110.003"}, "medium",
		"One source failed to sign in to many accounts and succeeded with one.",
		"1. Reset the account that succeeded.\n2. Block the source.", "",
		[]string{"user", "ip"}},
	{identity, mdi, mdi, "aa", "Account enumeration reconnaissance", "Discovery", []string{"T1087.002"}, "medium",
		"Names were tried one after another until some were found to exist.",
		"1. Find the device behind the address.", "",
		[]string{"user", "ip", "identitydevice"}},
	{identity, mdi, mdi, "aa", "Honeytoken activity", "CredentialAccess", []string{"T1078.002"}, "high",
		"Somebody used an account that nobody should know of.",
		"1. Treat the source device as compromised.", "",
		[]string{"user", "identitydevice"}},
	{identity, mdi, mdi, "aa", "Suspicious additions to a sensitive group", "Persistence", []string{"T1098"}, "medium",
		"An account was added to a group with rights over the domain.",
		"1. Ask whoever made the change.", "",
		[]string{"user", "securitygroup"}},
	{identity, mdi, mdi, "aa", "Remote code execution attempt on a domain controller", "Execution", []string{"T1047"}, "low",
		"A management command was sent to a domain controller from a workstation.",
		"1. See whether an administrator did it.", "",
		[]string{"user", "identitydevice"}},
}

// foreign are products whose alerts come in and have no column: for the five global roles only (S10).
var foreign = []detector{
	{outside, "dataLossPrevention", "microsoftDataLossPrevention", "dl", "DLP policy match for a document with customer data", "Exfiltration", []string{"T1567"}, "low",
		"A document with customer numbers was shared outside.", "1. Ask the owner of the document.", "", []string{"user", "url"}},
	{outside, "microsoftSentinel", "scheduledAlerts", "sn", "Sign-ins from a new country", "InitialAccess", []string{"T1078"}, "medium",
		"A scheduled rule met sign-ins from a country without an office.", "1. Compare with travel bookings.", "", []string{"user", "ip"}},
	{outside, "azureAdIdentityProtection", "azureAdIdentityProtection", "ad", "Unfamiliar sign-in properties", "InitialAccess", []string{"T1078.004"}, "high",
		"A sign-in had nothing in common with earlier ones.", "1. Confirm or dismiss the risk.", "", []string{"user", "ip"}},
	{outside, "microsoftDefenderForCloud", "microsoftDefenderForServers", "dc", "Exposed management port on a virtual machine", "InitialAccess", []string{"T1190"}, "medium",
		"A management port answers the whole internet.", "1. Close the port.", "", []string{"azure"}},
}

// correlated is a finding over several products: its workloads follow from its evidence alone, and it takes the
// right in each of them to see it.
var correlated = detector{endpoint, xdr, xdr, "ra", "Possible human-operated attack across products", "LateralMovement", []string{"T1078", "T1021"}, "high",
	"Signals of several products about one account were put together.", "1. Work the incident, not the alert.", "", nil}

// provesWorkload names the evidence from which a correlated alert's workload is read.
var provesWorkload = map[workload][]string{
	endpoint:  {"device", "process"},
	office365: {"mail", "mailbox"},
	cloudapps: {"app", "session"},
	identity:  {"securitygroup", "serviceprincipal"},
}

// of gives the detectors of a workload.
func of(w workload) []detector {
	var found []detector
	for _, d := range detectors {
		if d.of == w {
			found = append(found, d)
		}
	}
	return found
}
