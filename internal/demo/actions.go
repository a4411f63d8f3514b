package demo

import (
	"fmt"
	"time"
)

// How many alerts there are for one action of the Action centre, and how many actions that makes.
const (
	actionEvery = 9
	actionCount = 139 // with Seed
)

// actions makes what the Action centre holds: for some of the alerts, what the product proposes or has done about what they found.
// It comes last, so that it changes nothing of the alerts.
func (g *generator) actions() {
	for i, a := range g.alertList {
		if i%actionEvery != 4 {
			continue
		}
		evidence, _ := a["evidence"].([]object)
		for _, e := range evidence {
			if action, ok := g.action(len(g.actionList), a, e); ok {
				g.actionList = append(g.actionList, action)
				break
			}
		}
	}
}

// fileOn is a file of the alert on a device.
func fileOn(alert object, device any) object {
	evidence, _ := alert["evidence"].([]object)
	for _, e := range evidence {
		if e["@odata.type"] == "#microsoft.graph.security.fileEvidence" && e["mdeDeviceId"] == device {
			return e
		}
	}
	return nil
}

// action is what is done about one piece of evidence.
func (g *generator) action(n int, alert, e object) (object, bool) {
	of, product := endpoint, "endpoint"
	var kind, source string
	var asset any
	email := 0
	switch e["@odata.type"] {
	case "#microsoft.graph.security.deviceEvidence":
		if e["mdeDeviceId"] == nil {
			return nil, false // another product's view of a device: nothing is done to it
		}
		source = "Manual device action"
		kind = pick(g.r, []string{"isolateDevice", "runAntiVirusScan", "collectInvestigationPackage", "restrictAppExecution"})
		asset = object{"type": "device", "id": e["mdeDeviceId"], "name": e["hostName"]}
		if file := fileOn(alert, e["mdeDeviceId"]); file != nil && n%3 == 2 { // what the product would do by itself
			kind, source, e = "quarantineFile", "Automated device action", file
		} else if alert["detectionSource"] == "customDetection" {
			source = "Custom detection action"
		}
	case "#microsoft.graph.security.analyzedMessageEvidence":
		of, product, kind, source = office365, "office365", pick(g.r, []string{"softDeleteEmail", "moveToJunk", "softDeleteEmail"}), "Automated email action"
	case "#microsoft.graph.security.mailClusterEvidence":
		of, product, kind, source = office365, "office365", "softDeleteEmail", "Automated email action"
		email, _ = e["emailCount"].(int)
	case "#microsoft.graph.security.mailboxConfigurationEvidence":
		of, product, kind, source = office365, "office365", "turnOffForwarding", "Automated email action"
	default:
		return nil, false
	}
	begun, err := time.Parse(time.RFC3339Nano, alert["createdDateTime"].(string))
	if err != nil {
		return nil, false
	}
	at, status, decision, decider, decided := begun.Add(5*time.Minute), "pendingApproval", "none", any(nil), any(nil)
	if at.After(g.now) {
		at = g.now
	}
	updated := at
	if g.now.Sub(begun) > 6*24*time.Hour || g.r.IntN(3) == 0 {
		status = pick(g.r, []string{"succeeded", "succeeded", "succeeded", "succeeded", "failed", "declined", "timedOut", "cancelled", "partiallySucceeded", "undone"})
		decision, decider = "approved", pick(g.r, analysts[of])
		if status == "declined" {
			decision = "declined"
		}
		if updated = at.Add(time.Duration(g.r.IntN(180)) * time.Minute); updated.After(g.now) {
			updated = g.now
		}
		decided = stamp(updated)
	}
	action := object{
		"id": fmt.Sprintf("ac-%05d", 1000+n), "approvalId": guid(g.r), "investigationId": fmt.Sprint(3000 + n), "investigationName": alert["title"], "incidentId": alert["incidentId"],
		"alertIds": []any{alert["id"]}, "workload": product, "actionType": kind, "actionSource": source, "details": nil, "remediationName": alert["threatDisplayName"], "entity": e, "asset": asset,
		"emailCount": email, "status": status, "decision": decision, "decidedBy": decider, "decidedDateTime": decided, "comment": nil, "createdBy": nil,
		"createdDateTime": stamp(at), "lastUpdateDateTime": stamp(updated), "expirationDateTime": nil, "undoOf": nil, "undoneBy": nil,
	}
	if of == endpoint {
		if who := pick(g.r, analysts[endpoint][:4]); source == "Manual device action" {
			action["createdBy"] = who
		}
	}
	return action, true
}
