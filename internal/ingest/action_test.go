package ingest

import (
	"os"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// The sample: a pending file, an approved cluster of mails, an isolation that was undone.
func TestActionsOfTheSample(t *testing.T) {
	f, err := os.Open("testdata/action-center-items.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []store.Action
	sum, err := Read("sample", f, func(r store.Record) error {
		list = append(list, *r.Action)
		return nil
	})
	if err != nil || sum.Actions != len(list) || len(list) != 3 {
		t.Fatalf("%+v %v", sum, err)
	}
	if a := list[0]; a.Workload != rbac.Endpoint || a.Type != "quarantineFile" || a.Source != "automatedDeviceAction" || a.Status != "pendingApproval" || a.Device == "" ||
		a.Subject != "invoice_0219.exe" || a.Incident != "1042" || len(a.Body.AlertIDs) != 1 || a.Decision != "none" {
		t.Errorf("the file: %+v", a)
	}
	if a := list[1]; a.Workload != rbac.Office365 || a.Body.EmailCount == 0 || a.Decision != "approved" || a.DecidedBy == "" || a.Decided.IsZero() {
		t.Errorf("the mails: %+v", a)
	}
	if a := list[2]; a.Status != "undone" || a.Device == "" {
		t.Errorf("the isolation: %+v", a)
	}
}

// A device decides who sees an action of endpoint (S8). One of another product has none to be looked up by: whoever reads it may have
// no right to devices.
func TestTheDeviceOfAnAction(t *testing.T) {
	for _, c := range []struct{ name, members, device string }{
		{"its asset", `"workload":"endpoint","asset":{"type":"device","id":"S1"}`, "s1"},
		{"its entity", `"workload":"endpoint","entity":{"@odata.type":"#microsoft.graph.security.fileEvidence","mdeDeviceId":"S1"}`, "s1"},
		{"both, the same", `"workload":"endpoint","asset":{"type":"device","id":"s1"},"entity":{"@odata.type":"#microsoft.graph.security.fileEvidence","mdeDeviceId":"S1"}`, "s1"},
		{"both, two: none is known", `"workload":"endpoint","asset":{"type":"device","id":"s1"},"entity":{"@odata.type":"#microsoft.graph.security.fileEvidence","mdeDeviceId":"h1"}`, ""},
		{"an entity of two, whatever the asset says", `"workload":"endpoint","asset":{"id":"s1"},"entity":{"@odata.type":"#microsoft.graph.security.fileEvidence","mdeDeviceId":"s1","x":[{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":"h1"}]}`, ""},
		{"of mail", `"workload":"office365","asset":{"type":"device","id":"s1"}`, ""},
		{"of mail, in its entity", `"workload":"office365","entity":{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":"s1"}`, ""},
	} {
		text := `{"id":"a","actionType":"x","status":"queued","createdDateTime":"2026-02-01T00:00:00Z",` + c.members + `}`
		if _, err := Read("f", strings.NewReader(text), func(r store.Record) error {
			if r.Action.Device != c.device {
				t.Errorf("%s: %q, want %q", c.name, r.Action.Device, c.device)
			}
			return nil
		}); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestActionsThatAreRefused(t *testing.T) {
	whole := `{"id":"a","workload":"endpoint","actionType":"isolateDevice","status":"queued","createdDateTime":"2026-02-01T00:00:00Z"}`
	if _, err := Read("f", strings.NewReader(whole), func(store.Record) error { return nil }); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, to, says string }{
		{`"id":"a",`, ``, "id"}, {`"endpoint"`, `"printers"`, "workload"}, {`"endpoint"`, `"other"`, "workload"}, {`"queued"`, `"done"`, "status"}, {`"queued"`, `7`, "status"},
		{`"isolateDevice"`, `"` + strings.Repeat("x", 101) + `"`, "actionType"}, {`"2026-02-01T00:00:00Z"`, `"yesterday"`, "createdDateTime"}, {`,"createdDateTime":"2026-02-01T00:00:00Z"`, ``, "createdDateTime"},
		{`"queued"`, `"queued","lastUpdateDateTime":"2025-01-01T00:00:00Z"`, "lastUpdateDateTime"}, {`"queued"`, `"queued","decision":"perhaps"`, "decision"},
		{`"queued"`, `"queued","actionSource":"magic"`, "actionSource"}, {`"queued"`, `"queued","entity":[1]`, "entity"}, {`"queued"`, `"queued","emailCount":-3`, "emailCount"},
		{`"queued"`, `"queued","emailCount":1.5`, "emailCount"}, {`"queued"`, `"queued","asset":"x"`, "asset"}, {`"queued"`, `"queued","alertIds":"x"`, "alertIds"},
	} {
		text := strings.Replace(whole, c.from, c.to, 1)
		if _, err := Read("f", strings.NewReader(text), func(store.Record) error { return nil }); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
