package response

import "github.com/bailiwick/bailiwick/rbac"

// Need is something that an action must be told before anybody can carry it out.
type Need string

// The needs.
const (
	NeedDevice    Need = "device"
	NeedFile      Need = "file"      // SHA-1 or SHA-256
	NeedProcess   Need = "process"   // its id on the device
	NeedIndicator Need = "indicator" // a file hash, an address, a domain or a URL
	NeedMessage   Need = "message"   // network message id and recipient
	NeedSender    Need = "sender"
	NeedMailbox   Need = "mailbox"
	NeedUser      Need = "user"
)

// Kind is a type of action: what it is called, where it acts, what it takes, and what takes it back.
type Kind struct {
	Name      string
	Title     string
	Workload  rbac.Workload
	Needs     []Need
	Undo      string // the type that takes it back; empty: it can't be
	ByHand    bool   // people may ask for it; the others come from the product's own automation
	Checklist []string
}

// Kinds are the types that the centre knows, in the order in which people are offered them. What a file brings of other types
// is kept, can be declined, and is carried out by hand.
var Kinds = []Kind{
	{Name: "isolateDevice", Title: "Isolate device", Workload: rbac.Endpoint, Needs: []Need{NeedDevice}, Undo: "unIsolateDevice", ByHand: true,
		Checklist: []string{"Cut the device off the network, all but its connection to the sensor", "Check that it can't be reached", "Tell the person who works on it"}},
	{Name: "unIsolateDevice", Title: "Release device from isolation", Workload: rbac.Endpoint, Needs: []Need{NeedDevice}, ByHand: true,
		Checklist: []string{"Connect the device to the network again", "Check that it can be reached"}},
	{Name: "runAntiVirusScan", Title: "Run antivirus scan", Workload: rbac.Endpoint, Needs: []Need{NeedDevice}, ByHand: true,
		Checklist: []string{"Start a full scan on the device", "Read what it found"}},
	{Name: "collectInvestigationPackage", Title: "Collect investigation package", Workload: rbac.Endpoint, Needs: []Need{NeedDevice}, ByHand: true,
		Checklist: []string{"Collect the package from the device", "Put it where the investigation keeps its evidence"}},
	{Name: "restrictAppExecution", Title: "Restrict app execution", Workload: rbac.Endpoint, Needs: []Need{NeedDevice}, Undo: "unRestrictAppExecution", ByHand: true,
		Checklist: []string{"Let only signed system programs run on the device", "Check that another one does not start"}},
	{Name: "unRestrictAppExecution", Title: "Remove app restriction", Workload: rbac.Endpoint, Needs: []Need{NeedDevice}, ByHand: true,
		Checklist: []string{"Take the restriction off the device", "Check that an ordinary program starts"}},
	{Name: "stopAndQuarantineFile", Title: "Stop and quarantine file", Workload: rbac.Endpoint, Needs: []Need{NeedDevice, NeedFile}, Undo: "releaseQuarantinedFile", ByHand: true,
		Checklist: []string{"Stop every process of the file", "Move the file into quarantine", "Check that it is gone from its folder"}},
	{Name: "releaseQuarantinedFile", Title: "Release file from quarantine", Workload: rbac.Endpoint, Needs: []Need{NeedDevice, NeedFile}, ByHand: true,
		Checklist: []string{"Put the file back from quarantine", "Check that it is where it was"}},
	{Name: "stopProcess", Title: "Stop process", Workload: rbac.Endpoint, Needs: []Need{NeedDevice, NeedProcess}, ByHand: true,
		Checklist: []string{"Stop the process", "Check that it does not start again"}},
	{Name: "submitIocRule", Title: "Block indicator", Workload: rbac.Endpoint, Needs: []Need{NeedIndicator}, Undo: "removeIocRule", ByHand: true,
		Checklist: []string{"Add the indicator to the block list of all devices", "Check on one device that it is blocked"}},
	{Name: "removeIocRule", Title: "Remove block of indicator", Workload: rbac.Endpoint, Needs: []Need{NeedIndicator}, ByHand: true,
		Checklist: []string{"Take the indicator off the block list"}},

	{Name: "quarantineFile", Title: "Quarantine file", Workload: rbac.Endpoint, Needs: []Need{NeedDevice, NeedFile}, Undo: "releaseQuarantinedFile",
		Checklist: []string{"Move the file into quarantine", "Check that it is gone from its folder"}},
	{Name: "killProcess", Title: "Kill process", Workload: rbac.Endpoint, Needs: []Need{NeedDevice}, Checklist: []string{"Stop the process", "Check that it does not start again"}},
	{Name: "removeRegistryKey", Title: "Remove registry key", Workload: rbac.Endpoint, Needs: []Need{NeedDevice}, Undo: "restoreRegistryKey",
		Checklist: []string{"Keep a copy of the key", "Remove it"}},
	{Name: "restoreRegistryKey", Title: "Restore registry key", Workload: rbac.Endpoint, Needs: []Need{NeedDevice}, Checklist: []string{"Put the key back from its copy"}},
	{Name: "stopService", Title: "Stop service", Workload: rbac.Endpoint, Needs: []Need{NeedDevice}, Undo: "startService",
		Checklist: []string{"Stop the service", "Keep it from starting with the device"}},
	{Name: "startService", Title: "Start service", Workload: rbac.Endpoint, Needs: []Need{NeedDevice}, Checklist: []string{"Let the service start with the device", "Start it"}},
	{Name: "disableDriver", Title: "Disable driver", Workload: rbac.Endpoint, Needs: []Need{NeedDevice}, Undo: "enableDriver", Checklist: []string{"Disable the driver", "Restart the device"}},
	{Name: "enableDriver", Title: "Enable driver", Workload: rbac.Endpoint, Needs: []Need{NeedDevice}, Checklist: []string{"Enable the driver", "Restart the device"}},
	{Name: "removeScheduledTask", Title: "Remove scheduled task", Workload: rbac.Endpoint, Needs: []Need{NeedDevice}, Undo: "restoreScheduledTask",
		Checklist: []string{"Keep a copy of the task", "Remove it"}},
	{Name: "restoreScheduledTask", Title: "Restore scheduled task", Workload: rbac.Endpoint, Needs: []Need{NeedDevice}, Checklist: []string{"Put the task back from its copy"}},

	{Name: "softDeleteEmail", Title: "Soft delete message", Workload: rbac.Office365, Needs: []Need{NeedMessage}, ByHand: true,
		Checklist: []string{"Move the message to the recoverable items of the mailbox", "Check that the recipient no longer sees it"}},
	{Name: "hardDeleteEmail", Title: "Hard delete message", Workload: rbac.Office365, Needs: []Need{NeedMessage}, ByHand: true,
		Checklist: []string{"Check that the message need not be kept as evidence", "Delete it for good"}},
	{Name: "moveToJunk", Title: "Move message to junk", Workload: rbac.Office365, Needs: []Need{NeedMessage}, ByHand: true, Checklist: []string{"Move the message to the junk folder"}},
	{Name: "moveToInbox", Title: "Move message to inbox", Workload: rbac.Office365, Needs: []Need{NeedMessage}, ByHand: true, Checklist: []string{"Move the message to the inbox"}},
	{Name: "moveToDeletedItems", Title: "Move message to deleted items", Workload: rbac.Office365, Needs: []Need{NeedMessage}, ByHand: true,
		Checklist: []string{"Move the message to the deleted items"}},
	{Name: "releaseQuarantinedEmail", Title: "Release message from quarantine", Workload: rbac.Office365, Needs: []Need{NeedMessage}, ByHand: true,
		Checklist: []string{"Check sender and links once more", "Release the message to its recipient"}},
	{Name: "blockSender", Title: "Block sender", Workload: rbac.Office365, Needs: []Need{NeedSender}, Undo: "unblockSender", ByHand: true,
		Checklist: []string{"Add the sender to the tenant's block list"}},
	{Name: "unblockSender", Title: "Unblock sender", Workload: rbac.Office365, Needs: []Need{NeedSender}, ByHand: true, Checklist: []string{"Take the sender off the tenant's block list"}},
	{Name: "turnOffForwarding", Title: "Turn off external mail forwarding", Workload: rbac.Office365, Needs: []Need{NeedMailbox}, ByHand: true,
		Checklist: []string{"Turn off forwarding to other organisations in the mailbox", "Look for inbox rules that forward as well"}},

	{Name: "disableUser", Title: "Disable user", Workload: rbac.Identity, Needs: []Need{NeedUser}, Undo: "enableUser", ByHand: true, Checklist: []string{"Disable the account", "End its sessions"}},
	{Name: "enableUser", Title: "Enable user", Workload: rbac.Identity, Needs: []Need{NeedUser}, ByHand: true, Checklist: []string{"Enable the account"}},
	{Name: "forceUserPasswordReset", Title: "Force password reset", Workload: rbac.Identity, Needs: []Need{NeedUser}, ByHand: true,
		Checklist: []string{"Let the password expire now", "Reach the person another way than by mail"}},
	{Name: "markUserAsCompromised", Title: "Confirm user compromised", Workload: rbac.Identity, Needs: []Need{NeedUser}, ByHand: true,
		Checklist: []string{"Confirm the account as compromised in the directory"}},
}

var kinds = func() map[string]*Kind {
	m := make(map[string]*Kind, len(Kinds))
	for i := range Kinds {
		m[Kinds[i].Name] = &Kinds[i]
	}
	return m
}()

// KindOf finds a kind by name.
func KindOf(name string) (Kind, bool) {
	if k := kinds[name]; k != nil {
		return *k, true
	}
	return Kind{}, false
}

// TitleOf is what people call a type; one that nobody knows is called as it came.
func TitleOf(name string) string {
	if k := kinds[name]; k != nil {
		return k.Title
	}
	return name
}
