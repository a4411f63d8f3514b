package audit_test

import (
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

// TestS19NothingIsChangedWhileViewing: the door itself refuses an actor who views the portal as somebody else, before the
// operation is asked, and the record names both. Ending the view is the one thing left.
func TestS19NothingIsChangedWhileViewing(t *testing.T) {
	door := newHouse(t)
	s := door.Store
	actor := audit.Actor{Name: "ada", Via: audit.ViaSession, Viewing: "user:elena"}
	ran := false
	err := door.Change(t.Context(), actor, "roles.create", func(store.Writer, *audit.Record) error {
		ran = true
		return nil
	})
	if ran || fault.KindOf(err) != fault.KindDenied || !strings.Contains(err.Error(), "user:elena") {
		t.Errorf("ran %v: %v", ran, err)
	}
	if err := door.Change(t.Context(), actor, audit.EndView, func(_ store.Writer, rec *audit.Record) error {
		rec.Object = actor.Viewing
		return nil
	}); err != nil {
		t.Errorf("the view can't be ended: %v", err)
	}
	var page audit.Page
	if err := s.View(t.Context(), func(r store.Reader) (err error) {
		page, err = audit.ListAll(r, audit.Query{})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if len(page.Items) != 2 {
		t.Fatalf("%d entries", len(page.Items))
	}
	ended, refused := page.Items[0], page.Items[1]
	if refused.Actor != "ada" || refused.Object != "user:elena" || refused.Operation != "roles.create" || refused.Outcome != audit.Refused {
		t.Errorf("recorded as %+v", refused)
	}
	if ended.Outcome != audit.Done || ended.Object != "user:elena" {
		t.Errorf("recorded as %+v", ended)
	}
}
