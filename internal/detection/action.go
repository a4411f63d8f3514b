package detection

import "github.com/bailiwick/bailiwick/rbac"

// ActionKind is a response action that a detection may ask for with an alert.
type ActionKind struct {
	Name       string // as Graph names it
	Title      string
	Type       string     // as the Action centre names it
	Columns    [][]string // that name what is acted on: one of each
	Isolation  bool       // says how
	workload   rbac.Workload
	everywhere bool // it acts on every device
}

var (
	deviceColumn = []string{"DeviceId"}
	fileColumns  = []string{"SHA1", "SHA256", "InitiatingProcessSHA1", "InitiatingProcessSHA256"}
	userColumns  = []string{"AccountSid", "InitiatingProcessAccountSid", "RequestAccountSid", "OnPremSid", "AccountUpn", "AccountObjectId", "InitiatingProcessAccountUpn", "InitiatingProcessAccountObjectId", "RecipientObjectId"}
	mailColumns  = [][]string{{"NetworkMessageId"}, {"RecipientEmailAddress"}}
)

// Actions are those that there are. Others of Graph's (allowFile, initiateInvestigation) are nothing that the Action centre does.
var Actions = []ActionKind{
	{Name: "isolateDevice", Title: "Isolate device", Type: "isolateDevice", Columns: [][]string{deviceColumn}, Isolation: true, workload: rbac.Endpoint},
	{Name: "collectInvestigationPackage", Title: "Collect investigation package", Type: "collectInvestigationPackage", Columns: [][]string{deviceColumn}, workload: rbac.Endpoint},
	{Name: "restrictAppExecution", Title: "Restrict app execution", Type: "restrictAppExecution", Columns: [][]string{deviceColumn}, workload: rbac.Endpoint},
	{Name: "runAntivirusScan", Title: "Run antivirus scan", Type: "runAntiVirusScan", Columns: [][]string{deviceColumn}, workload: rbac.Endpoint},
	{Name: "stopAndQuarantineFile", Title: "Stop and quarantine file", Type: "stopAndQuarantineFile", Columns: [][]string{deviceColumn, fileColumns}, workload: rbac.Endpoint},
	{Name: "blockFile", Title: "Block file on all devices", Type: "submitIocRule", Columns: [][]string{fileColumns}, workload: rbac.Endpoint, everywhere: true},
	{Name: "disableUser", Title: "Disable user", Type: "disableUser", Columns: [][]string{userColumns}, workload: rbac.Identity},
	{Name: "forceUserPasswordReset", Title: "Force password reset", Type: "forceUserPasswordReset", Columns: [][]string{userColumns}, workload: rbac.Identity},
	{Name: "markUserAsCompromised", Title: "Confirm user compromised", Type: "markUserAsCompromised", Columns: [][]string{userColumns}, workload: rbac.Identity},
	{Name: "softDelete", Title: "Soft delete message", Type: "softDeleteEmail", Columns: mailColumns, workload: rbac.Office365},
	{Name: "hardDelete", Title: "Hard delete message", Type: "hardDeleteEmail", Columns: mailColumns, workload: rbac.Office365},
	{Name: "moveToJunk", Title: "Move message to junk", Type: "moveToJunk", Columns: mailColumns, workload: rbac.Office365},
	{Name: "moveToInbox", Title: "Move message to inbox", Type: "moveToInbox", Columns: mailColumns, workload: rbac.Office365},
	{Name: "moveToDeletedItems", Title: "Move message to deleted items", Type: "moveToDeletedItems", Columns: mailColumns, workload: rbac.Office365},
}

// Workload is the one that it acts in.
func (k ActionKind) Workload() rbac.Workload { return k.workload }

func actionKind(name string) (ActionKind, bool) {
	for _, k := range Actions {
		if k.Name == name {
			return k, true
		}
	}
	return ActionKind{}, false
}

// target reads what an action acts on from a row; false when the row does not say.
func (k ActionKind) target(columns []string, value func(column string) string) (Target, bool) {
	var t Target
	for _, c := range columns {
		v := value(c)
		if v == "" {
			return t, false
		}
		switch {
		case c == "DeviceId":
			t.Device = v
		case c == "NetworkMessageId":
			t.NetworkMessageID = v
		case c == "RecipientEmailAddress":
			t.Recipient = v
		case k.Name == "blockFile":
			t.Indicator = v
		case c == "SHA256", c == "InitiatingProcessSHA256":
			t.SHA256 = v
		case c == "SHA1", c == "InitiatingProcessSHA1":
			t.SHA1 = v
		default:
			t.User = v
		}
	}
	return t, true
}
