package ingest

import (
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// isMachineAction tells the endpoint product's own record of an action from others.
func isMachineAction(o store.Object) bool {
	return o.Get("machineId") != nil && o.Get("type") != nil && has(o, "requestor", "creationDateTimeUtc", "requestSource")
}

// machineTypes are its types in the names of the Action centre.
var machineTypes = map[string]string{
	"isolate": "isolateDevice", "unisolate": "unIsolateDevice", "runantivirusscan": "runAntiVirusScan", "collectinvestigationpackage": "collectInvestigationPackage",
	"restrictcodeexecution": "restrictAppExecution", "unrestrictcodeexecution": "unRestrictAppExecution", "stopandquarantinefile": "stopAndQuarantineFile",
	"liveresponse": "liveResponse", "offboard": "offboardDevice",
}

var machineStates = map[string]string{
	"pending": "queued", "inprogress": "inProgress", "succeeded": "succeeded", "failed": "failed", "timeout": "timedOut", "cancelled": "cancelled",
}

// machineAction turns it into an action of the Action centre. It was decided elsewhere, before it was made.
func machineAction(o store.Object) ([]store.Record, error) {
	f := &fields{o: o}
	a := store.Action{
		ID: f.id("id"), Workload: rbac.Endpoint, Source: "manualDeviceAction", Device: strings.ToLower(f.text("machineId")), Requester: f.text("requestor"),
		Details: f.text("title"), Created: f.time("creationDateTimeUtc"), Updated: f.time("lastUpdateDateTimeUtc"), Decision: "approved",
	}
	a.Body.Request = f.text("requestorComment")
	given := f.text("type")
	if a.Type = machineTypes[strings.ToLower(given)]; a.Type == "" {
		a.Type = given
	}
	state := f.text("status")
	if a.Status = machineStates[strings.ToLower(state)]; a.Status == "" {
		f.fail("status", "Pending, InProgress, Succeeded, Failed, TimeOut or Cancelled", "is %.60q", state)
	}
	if related := o.Get("relatedFileInfo"); !isNull(related) {
		r, err := store.ParseObject(related)
		if err != nil {
			f.fail("relatedFileInfo", "an object", "is %s", kindOf(related))
		}
		var details, entity store.Object
		name := strings.ToLower(r.Text("fileIdentifierType"))
		if name == "sha1" || name == "sha256" {
			details.Set(name, store.Quote(r.Text("fileIdentifier")))
		}
		entity.Set("@odata.type", store.Quote("#microsoft.graph.security.fileEvidence"))
		entity.Set("fileDetails", details.JSON())
		a.Body.Entity, a.Subject = entity.JSON(), r.Text("fileIdentifier")
	}
	return actionRecord(f, a)
}

// action reads an item of the Action centre.
func action(o store.Object) ([]store.Record, error) {
	f := &fields{o: o}
	a := store.Action{
		ID: f.id("id"), Type: f.text("actionType"), Source: f.text("actionSource"), Status: f.text("status"), Incident: f.id("incidentId"), Details: f.text("details"),
		Requester: f.text("createdBy"), Decision: f.text("decision"), DecidedBy: f.text("decidedBy"), Decided: f.time("decidedDateTime"),
		Created: f.time("createdDateTime"), Updated: f.time("lastUpdateDateTime"), Expires: f.time("expirationDateTime"), UndoOf: f.id("undoOf"), UndoneBy: f.id("undoneBy"),
	}
	a.Body = store.ActionBody{
		ApprovalID: f.id("approvalId"), InvestigationID: f.id("investigationId"), InvestigationName: f.text("investigationName"), AlertIDs: f.texts("alertIds"),
		Remediation: f.text("remediationName"), EmailCount: f.count("emailCount"), Comment: f.text("comment"),
	}
	var devices []string
	name := f.text("workload")
	if w, ok := rbac.ParseWorkload(name); ok && slices.Contains(rbac.Workloads, w) {
		a.Workload = w
	} else {
		f.fail("workload", "endpoint, office365, cloudapps or identity", "is %.60q", name)
	}
	if !slices.Contains(actionStates, a.Status) {
		f.fail("status", "one of "+strings.Join(actionStates, ", "), "is %.60q", a.Status)
	}
	switch a.Decision {
	case "":
		a.Decision = "none"
	case "none", "approved", "declined":
	default:
		f.fail("decision", "none, approved or declined", "is %.60q", a.Decision)
	}
	if a.Source == "" {
		a.Source = "automatedDeviceAction"
		if a.Workload != rbac.Endpoint {
			a.Source = "automatedEmailAction"
		}
	} else if i := slices.IndexFunc(actionSources, func(s string) bool { return strings.EqualFold(s, strings.ReplaceAll(a.Source, " ", "")) }); i >= 0 {
		a.Source = actionSources[i] // as the portal shows it, too: "Automated device action"
	} else {
		f.fail("actionSource", "one of "+strings.Join(actionSources, ", "), "is %.60q", a.Source)
	}
	if e := o.Get("entity"); !isNull(e) {
		entity, err := store.ParseObject(e)
		if err != nil {
			f.fail("entity", "an object, as evidence", "is %s", kindOf(e))
		}
		a.Body.Entity = entity.JSON()
		a.Subject = subjectOf(entity)
		if seen, err := store.ReadEvidence(e); err == nil {
			devices = seen.Devices
		}
	}
	if asset := o.Get("asset"); !isNull(asset) {
		as, err := store.ParseObject(asset)
		if err != nil {
			f.fail("asset", "an object with type and id", "is %s", kindOf(asset))
		}
		switch kind := strings.ToLower(as.Text("type")); {
		case kind == "device" || kind == "machine" || kind == "" && a.Workload == rbac.Endpoint:
			if id := strings.ToLower(as.Text("id")); id != "" && !slices.Contains(devices, id) {
				devices = append(devices, id)
			}
		case a.Subject == "":
			a.Subject = as.Text("name")
		}
	}
	// Only endpoint acts on devices: of another product's action, who sees it must learn nothing of a device they may not know. Of
	// several devices it is on none, and then every device group is needed (S8).
	if a.Workload == rbac.Endpoint && len(devices) == 1 {
		a.Device = devices[0]
	}
	return actionRecord(f, a)
}

func actionRecord(f *fields, a store.Action) ([]store.Record, error) {
	if a.ID == "" {
		f.fail("id", "the id of the action", "is missing")
	}
	if a.Type == "" {
		f.fail("actionType", "the type of the action", "is missing")
	}
	if len(a.Type) > maxActionWord {
		f.fail("actionType", "at most 100 bytes", "is of %d bytes", len(a.Type))
	}
	if a.Created.IsZero() {
		f.fail("createdDateTime", "when it was made", "is missing")
	}
	if a.Updated.IsZero() {
		a.Updated = a.Created
	}
	if a.Updated.Before(a.Created) {
		f.fail("lastUpdateDateTime", "not before createdDateTime", "is earlier")
	}
	a.Created, a.Updated, a.Expires, a.Decided = whole(a.Created), whole(a.Updated), whole(a.Expires), whole(a.Decided)
	if f.err != nil {
		return nil, f.err
	}
	return []store.Record{{Action: &a}}, nil
}

const maxActionWord = 100

// whole is a time in whole microseconds: what the store's own changes are told apart by.
func whole(t time.Time) time.Time { return t.Truncate(time.Microsecond) }

var (
	actionStates  = []string{"pendingApproval", "queued", "inProgress", "succeeded", "partiallySucceeded", "failed", "timedOut", "declined", "expired", "cancelled", "undone"}
	actionSources = []string{"manualDeviceAction", "manualEmailAction", "manualUserAction", "automatedDeviceAction", "automatedEmailAction", "advancedHuntingAction",
		"explorerAction", "liveResponseAction", "manualLiveResponseAction", "customDetectionAction"}
)

// subjectOf says in a word or two what an entity is, besides its device.
func subjectOf(o store.Object) string {
	for _, name := range []string{"subject", "url", "ipAddress", "domainName", "primaryAddress", "mailboxPrimaryAddress", "upn", "registryKey", "clusterByValue", "displayName", "networkMessageId"} {
		if s := o.Text(name); s != "" {
			return s
		}
	}
	for _, name := range []string{"fileDetails", "imageFile", "userAccount", "p2Sender"} {
		sub, err := store.ParseObject(o.Get(name))
		if err != nil {
			continue
		}
		for _, member := range []string{"fileName", "sha256", "sha1", "userPrincipalName", "accountName", "emailAddress"} {
			if s := sub.Text(member); s != "" {
				return s
			}
		}
	}
	return ""
}

// count reads a whole number that is not below zero; absent is 0.
func (f *fields) count(name string) int64 {
	v := f.o.Get(name)
	if isNull(v) {
		return 0
	}
	n := int64(0)
	for _, c := range v {
		if c < '0' || c > '9' || len(v) > 15 {
			f.fail(name, "a whole number", "is %.40s", v)
			return 0
		}
		n = n*10 + int64(c-'0')
	}
	return n
}
