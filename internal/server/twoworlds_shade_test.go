package server

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// More people of the test's company, who are in worlds that differ.
const (
	mona = "mona@contoso.example" // reads mail, and what Threat analytics says of it
	paul = "paul@contoso.example" // purges mail, and sees no queue
	cleo = "cleo@contoso.example" // reads and works cloud apps and identity
)

// What alerts of every product are about: whoever sees one of them meets these.
const (
	amyWasThere = `{"@odata.type":"#microsoft.graph.security.userEvidence","verdict":"suspicious","createdDateTime":"2026-02-01T00:00:00Z","userAccount":{"accountName":"amy","domainName":"contoso","userPrincipalName":"amy@contoso.example","userSid":"S-1-5-21-1-2-3-1001","displayName":"Amy"}}`
	fromThere   = `{"@odata.type":"#microsoft.graph.security.ipEvidence","ipAddress":"203.0.113.7","createdDateTime":"2026-02-01T00:00:00Z"}`
	theFile     = `{"@odata.type":"#microsoft.graph.security.fileEvidence","createdDateTime":"2026-02-01T00:00:00Z","fileDetails":{"fileName":"a.exe","sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","sha1":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}}`
	theAddress  = `{"@odata.type":"#microsoft.graph.security.urlEvidence","url":"https://evil.example/a","createdDateTime":"2026-02-01T00:00:00Z"}`
	herMailbox  = `{"@odata.type":"#microsoft.graph.security.mailboxEvidence","primaryAddress":"amy@contoso.example","displayName":"Amy","createdDateTime":"2026-02-01T00:00:00Z"}`
	herMail     = `{"@odata.type":"#microsoft.graph.security.analyzedMessageEvidence","networkMessageId":"m0","recipientEmailAddress":"amy@contoso.example","subject":"Invoice","createdDateTime":"2026-02-01T00:00:00Z"}`
	anApp       = `{"@odata.type":"#microsoft.graph.security.cloudApplicationEvidence","appId":11161,"displayName":"Box","createdDateTime":"2026-02-01T00:00:00Z"}`
	bareDevice  = `{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":"x-77","createdDateTime":"2026-02-01T00:00:00Z"}`
)

func onDevices(names ...string) string {
	var list []string
	for _, name := range names {
		list = append(list, fmt.Sprintf(`{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":%q,"deviceDnsName":%[1]q,"tags":["tag of %[1]s"],"createdDateTime":"2026-02-01T00:00:00Z"}`, name))
	}
	return strings.Join(list, ",")
}

// sources say which product an alert is of.
var sources = map[string]string{"hr": "microsoftDefenderForEndpoint", "sales": "microsoftDefenderForEndpoint", "mail": "microsoftDefenderForOffice365", "cloud": "microsoftDefenderForCloudApps"}

// shade fills both worlds with an incident of all products, and each with something of its own, of the kinds that are hidden: alerts of
// it and of others, devices of an alert that is seen, actions, what people wrote, notifications and views. It comes after hide.
func shade(w *world, n int, world string, kinds []string) {
	w.t.Helper()
	hidden := func(kind string) bool { return slices.Contains(kinds, kind) }
	var b strings.Builder
	alert := func(id, incident, kind, severity string, evidence ...string) {
		fmt.Fprintf(&b, `{"id":%q,"incidentId":%q,"title":"Hidden %[3]s","status":"new","severity":%[4]q,"serviceSource":%[5]q,"systemTags":["hidden"],"mitreTechniques":["T1059"],"createdDateTime":"2026-02-05T00:00:00Z","lastUpdateDateTime":"2026-02-05T00:00:00Z","evidence":[%[6]s]}`+"\n",
			id, incident, kind, severity, sources[kind], strings.Join(evidence, ","))
	}
	common := strings.Join([]string{amyWasThere, fromThere, theFile, theAddress}, ",")
	about := map[string]string{"hr": onDevices("hr-01"), "sales": onDevices("sales-01"), "mail": herMailbox + "," + herMail, "cloud": anApp + "," + bareDevice}
	for _, kind := range []string{"hr", "sales", "mail", "cloud"} {
		alert("shared-"+kind, "shared", kind, "medium", common, about[kind])
		for i := range n {
			if hidden(kind) {
				alert(fmt.Sprintf("%s%d", kind, i+100), []string{"shared", fmt.Sprintf("ihidden%d", i+3)}[i%2], kind, map[string]string{"one": "low", "two": "high"}[world], common, about[kind])
			}
		}
	}
	// An alert that who sees Sales sees, on devices of HR, too: which and how many is not theirs to know.
	devices := []string{"sales-01"}
	for i := range n % 7 {
		if hidden("hr") || i == 0 {
			devices = append(devices, fmt.Sprintf("hr-0%d", i+1))
		}
	}
	alert("mixed", "shared", "sales", "medium", common, onDevices(devices...))
	// A device that an alert of cloud apps names, too: which group it is in is endpoint's to tell, and differs where HR is hidden.
	name := "hr-77"
	if hidden("hr") && world == "one" {
		name = "elsewhere-77"
	}
	alert("named", "inamed", "hr", "medium", strings.Replace(bareDevice, `"x-77"`, `"x-77","deviceDnsName":"`+name+`"`, 1))
	// What files say of actions: one of mail on a device, and one on a device that is about another.
	fmt.Fprintf(&b, `{"id":"odd","workload":"office365","actionType":"softDeleteEmail","status":"pendingApproval","createdDateTime":"2026-02-05T00:00:00Z","expirationDateTime":"2099-01-01T00:00:00Z","asset":{"type":"device","id":%q},"entity":%s}`+"\n",
		devices[len(devices)-1], herMail)
	fmt.Fprintf(&b, `{"id":"odder","workload":"endpoint","actionType":"isolateDevice","status":"pendingApproval","createdDateTime":"2026-02-05T00:00:00Z","expirationDateTime":"2099-01-01T00:00:00Z","asset":{"type":"device","id":"sales-01"},"entity":%s}`+"\n",
		onDevices(devices[len(devices)-1]))
	// The incident's own words are for readers of all its alerts; its state is for all who see it.
	fmt.Fprintf(&b, `{"id":"shared","displayName":%q,"description":%[1]q,"summary":%[1]q,"customTags":[%[1]q],"systemTags":[%[1]q],"status":"active","assignedTo":"somebody","createdDateTime":"2026-02-0%[2]dT00:00:00Z","lastUpdateDateTime":"2026-02-0%[2]dT01:00:00Z","comments":[{"comment":%[1]q,"createdByDisplayName":%[1]q,"createdDateTime":"2026-02-06T00:00:00Z"}]}`+"\n",
		world, len(world)+n%3)
	people := []rbac.Edit{
		rbac.PutUser{User: rbac.User{Name: mona}}, rbac.PutUser{User: rbac.User{Name: paul}}, rbac.PutUser{User: rbac.User{Name: cleo}},
	}
	for id, r := range map[string]rbac.Role{
		mona: {Workload: rbac.Office365, Name: "Mail reading", Permissions: []string{"Security Reader"}},
		paul: {Workload: rbac.Office365, Name: "Mail purge", Permissions: []string{"Search And Purge"}},
		cleo: {Workload: rbac.CloudApps, Name: "Cloud work", Permissions: []string{"Security reader"}},
	} {
		r.ID = "rol_" + id[:4]
		people = append(people, rbac.PutRole{Role: r}, rbac.PutAssignment{Assignment: rbac.Assignment{ID: "asg_" + id[:4], Role: r.Ref(), User: id, Scope: rbac.Scope{All: true}}})
	}
	must(w.t, w.store.Change(context.Background(), func(tx store.Writer) error {
		if err := tx.ApplyEdits(people...); err != nil {
			return err
		}
		for i := range n {
			if _, err := tx.AddNotification(store.Notification{ID: fmt.Sprint("ntf", i), Rule: "hidden", RuleName: world, Alert: "hidden3", To: store.Recipient{User: hugo, Mail: fmt.Sprint(i, "@x.example")}, Status: "sent", Created: today, Updated: today}); err != nil {
				return err
			}
			if err := tx.PutSavedView(ada, store.SavedView{Area: "alerts", Name: fmt.Sprint(world, i), Query: "status=new"}); err != nil {
				return err
			}
		}
		_, err := tx.NextPolicyRevision()
		return err
	}))
	w.load("shade", b.String())
	if world == "one" {
		return
	}
	// And what people do with what is hidden.
	as := audit.Actor{Name: ada, Via: audit.ViaToken}
	ctx := context.Background()
	for _, kind := range []string{"hr", "sales", "mail", "cloud"} {
		if !hidden(kind) {
			continue
		}
		_, err := w.cases.UpdateAlert(ctx, as, kind+"101", []byte(`{"status":"inProgress","assignedTo":"hidden"}`), "", investigation.Form{})
		must(w.t, err)
		_, err = w.cases.CommentAlert(ctx, as, kind+"101", []byte(`{"comment":"hidden"}`), "")
		must(w.t, err)
	}
	_, err := w.cases.CommentIncident(ctx, as, "shared", []byte(`{"comment":"hidden"}`), "")
	must(w.t, err)
	_, err = w.cases.UpdateIncident(ctx, as, "shared", []byte(`{"customTags":["two","hidden"],"resolvingComment":"hidden"}`), "", investigation.Form{})
	must(w.t, err)
}
