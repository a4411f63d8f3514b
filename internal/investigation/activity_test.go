package investigation

import (
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/fault"
)

func TestS9TheActivityOfAnIncidentIsForReadersOfAllOfIt(t *testing.T) {
	w := storyWorld(t)
	if _, err := w.service.UpdateAlert(ctx, lead, cloudAlert, []byte(`{"assignedTo":"lead@x"}`), "", full); err != nil {
		t.Fatal(err)
	}
	if _, err := w.service.CommentIncident(ctx, lead, "1042", []byte(`{"comment":"not for everyone"}`), ""); err != nil {
		t.Fatal(err)
	}
	list, partial, err := w.service.IncidentActivity(ctx, "lead@x", "1042")
	if err != nil || partial || len(list) != 2 || list[0].Operation != "incidents.comment" || list[1].ID != cloudAlert || list[1].Actor != "lead@x" {
		t.Fatalf("%+v %v %v", list, partial, err)
	}
	if strings.Contains(string(list[0].After), "not for everyone") {
		t.Error("the log has the text of a comment")
	}
	if list, partial, err = w.service.IncidentActivity(ctx, "reader@x", "1042"); err != nil || !partial || len(list) != 0 {
		t.Errorf("a reader of a part: %+v %v %v", list, partial, err)
	}
	if _, _, err := w.service.IncidentActivity(ctx, "servers@x", "1042"); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("out of reach: %v", err)
	}
	if list, err := w.service.AlertActivity(ctx, "cloud@x", cloudAlert); err != nil || len(list) != 1 || !strings.Contains(string(list[0].After), "lead@x") {
		t.Errorf("an alert's: %+v %v", list, err)
	}
	if _, err := w.service.AlertActivity(ctx, "reader@x", cloudAlert); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("an alert out of reach: %v", err)
	}
}
