package investigation

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

func TestSeveralAlertsAreChangedEachOnItsOwnRights(t *testing.T) {
	w := storyWorld(t)
	actor := audit.Actor{Name: "cloud@x", Via: audit.ViaSession}
	before := len(w.entries())
	list, err := w.service.ManageAlerts(ctx, lead, []string{endpointAlert, cloudAlert, "nothing", endpointAlert}, []byte(`{"status":"inProgress"}`), "looked at", nil)
	if err != nil || len(list) != 3 || !list[0].Changed || !list[1].Changed || list[2].Changed || !strings.Contains(list[2].Reason, "there is no alert") {
		t.Fatalf("%+v %v", list, err)
	}
	if n := len(w.entries()) - before; n < 4 {
		t.Errorf("%d entries for two changes and two comments", n)
	}
	// What is out of sight is answered like what is not there; what is seen and may not be changed, with what it takes.
	list, err = w.service.ManageAlerts(ctx, actor, []string{endpointAlert, "nothing"}, []byte(`{"status":"resolved"}`), "", nil)
	if err != nil || list[0].Changed || strings.ReplaceAll(list[0].Reason, endpointAlert, "nothing") != list[1].Reason {
		t.Errorf("%+v %v", list, err)
	}
	list, err = w.service.ManageAlerts(ctx, audit.Actor{Name: "reader@x"}, []string{endpointAlert}, nil, "may I?", nil)
	if err != nil || list[0].Changed || list[0].Reason == "" {
		t.Errorf("a reader comments: %+v %v", list, err)
	}
	for name, body := range map[string]string{"nonsense": `{"status":"happy"}`, "what is not theirs": `{"severity":"low"}`, "nothing": `{}`} {
		if _, err := w.service.ManageAlerts(ctx, lead, []string{endpointAlert}, []byte(body), "", nil); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnExportHasWhatItsTakerSeesAndIsRecorded(t *testing.T) {
	w := storyWorld(t)
	var many strings.Builder
	for i := range exportPage + 20 {
		fmt.Fprintf(&many, `{"id":"a%d","title":"=HYPERLINK(\"http://x\")","status":"new","severity":"low","serviceSource":"microsoftCloudAppSecurity","createdDateTime":"2021-02-0%dT00:00:00Z","lastUpdateDateTime":"2021-02-01T00:00:00Z"}`+"\n", i, i%9+1)
	}
	w.load("many.jsonl", many.String())
	before := len(w.entries())
	e, err := w.service.ExportAlerts(ctx, audit.Actor{Name: "cloud@x"}, Query{Filter: "severity eq 'low'", OrderBy: "createdDateTime desc"}, false)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := e.Write(&out); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) < exportPage+21 || rows[1][1] != "'=HYPERLINK(\"http://x\")" {
		t.Fatalf("%d rows, title %q (%v)", len(rows), rows[1][1], err)
	}
	seen := map[string]bool{}
	for _, row := range rows[1:] {
		if seen[row[0]] {
			t.Fatalf("%s twice", row[0])
		}
		seen[row[0]] = true
	}
	if entries := w.entries(); len(entries) != before+1 || entries[before].Operation != "alerts.export" || entries[before].Actor != "cloud@x" {
		t.Errorf("recorded as %+v", entries[before:])
	}
	if e, err = w.service.ExportAlerts(ctx, audit.Actor{Name: "reader@x"}, Query{}, true); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if err := e.Write(&out); err != nil {
		t.Fatal(err)
	}
	var file struct{ Value []struct{ ID string } }
	if err := json.Unmarshal(out.Bytes(), &file); err != nil || len(file.Value) != 1 || file.Value[0].ID != endpointAlert {
		t.Errorf("%s (%v)", out.String(), err)
	}
	if _, err := w.service.ExportAlerts(ctx, audit.Actor{Name: "nobody@x"}, Query{}, false); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("who may see nothing exports: %v", err)
	}
	if last := w.entries()[len(w.entries())-1]; last.Actor != "nobody@x" || last.Outcome == "done" {
		t.Errorf("the refusal is recorded as %+v", last)
	}
}

func TestAnExportEndsWithTheRightToIt(t *testing.T) {
	w := storyWorld(t)
	var many strings.Builder
	for i := range exportPage + 20 {
		fmt.Fprintf(&many, `{"id":"a%d","title":"t","status":"new","severity":"low","serviceSource":"microsoftCloudAppSecurity","createdDateTime":"2021-02-01T00:00:00Z","lastUpdateDateTime":"2021-02-01T00:00:00Z"}`+"\n", i)
	}
	w.load("many.jsonl", many.String())
	e, err := w.service.ExportAlerts(ctx, audit.Actor{Name: "cloud@x"}, Query{}, false)
	if err != nil {
		t.Fatal(err)
	}
	p := storyPolicy()
	for _, a := range p.Assignments {
		if strings.HasPrefix(a.ID, "cloud@x") {
			w.edit(rbac.RemoveAssignment{ID: a.ID})
		}
	}
	if err := e.Write(new(bytes.Buffer)); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("the export goes on: %v", err)
	}
}
