package investigation

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/ingest"
	"github.com/bailiwick/bailiwick/internal/store"
)

// interrupted lets somebody else write after each change.
type interrupted struct {
	store.Store
	between func()
}

func (i *interrupted) Change(ctx context.Context, f func(store.Writer) error) error {
	err := i.Store.Change(ctx, f)
	i.between()
	return err
}

func manyAlerts(n int) string {
	var file strings.Builder
	for i := range n {
		fmt.Fprintf(&file, `{"id":"da%d","serviceSource":"microsoftDefenderForEndpoint","createdDateTime":"2021-02-19T09:17:02Z"}`+"\n", i)
	}
	return file.String()
}

// inParts loads a text in parts of a hundred records.
func (w *world) inParts(actor audit.Actor, text string) (Loaded, error) {
	return w.service.LoadInParts(ctx, actor, "large.jsonl", 100, func(take func(store.Record) error) error {
		_, err := ingest.Read("large.jsonl", strings.NewReader(text), take)
		return err
	})
}

func TestOthersWriteBetweenThePartsOfALargeFile(t *testing.T) {
	w := newWorld(t, storyPolicy())
	var seen []int64
	s := &interrupted{Store: w.store, between: func() {
		page, err := w.service.Alerts(ctx, "admin@x", Query{Count: true})
		if err != nil {
			t.Error(err)
		}
		seen = append(seen, page.Total)
		if err := w.store.Change(ctx, func(tx store.Writer) error { return tx.SetCorrelationWindow(0) }); err != nil {
			t.Error(err)
		}
	}}
	w.service = New(s, &audit.Door{Store: s}, w, byTag, nil)
	before := len(w.entries())
	done, err := w.inParts(local, manyAlerts(300))
	if err != nil || done.Alerts != (Count{Created: 300}) {
		t.Errorf("%+v %v", done, err)
	}
	if want := "[128 256 300]"; fmt.Sprint(seen) != want { // in pieces of 32
		t.Errorf("others met %v alerts, want %s", seen, want)
	}
	if n := len(w.entries()) - before; n != len(seen) {
		t.Errorf("%d entries of %d changes", n, len(seen))
	}
	if again, err := w.inParts(local, manyAlerts(300)); err != nil || again.Alerts != (Count{Unchanged: 300}) {
		t.Errorf("again: %+v %v", again, err)
	}
}

func TestALargeFileWithAFaultIsNotTakenAtAll(t *testing.T) {
	w := newWorld(t, storyPolicy())
	if _, err := w.inParts(local, manyAlerts(300)+`{"nid":"x"}`); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("got %v", err)
	}
	if page, err := w.service.Alerts(ctx, "admin@x", Query{Count: true}); err != nil || page.Total != 0 {
		t.Errorf("%d alerts were taken (%v)", page.Total, err)
	}
}

func TestWhoMayNotLoadIsNotReadFor(t *testing.T) {
	w := newWorld(t, storyPolicy())
	before := len(w.entries())
	_, err := w.service.LoadInParts(ctx, audit.Actor{Name: "lead@x"}, "x", 100, func(func(store.Record) error) error { return errors.New("it was read") })
	if fault.KindOf(err) != fault.KindDenied || len(w.entries()) != before+1 {
		t.Errorf("got %v and %d entries", err, len(w.entries())-before)
	}
}
