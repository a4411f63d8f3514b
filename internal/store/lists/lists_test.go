package lists

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bailiwick/bailiwick/internal/store"
)

// two chunks of alerts and incidents: a row a second, the last two of each chunk at one time.
func twoChunks() *State {
	b := NewBuilder()
	for n := range int64(2 * size) {
		at := n
		if n%size == size-1 {
			at--
		}
		at *= int64(time.Second)
		id := fmt.Sprintf("%03d", n)
		b.Alert(Alert{Number: n, ID: id, Class: 1, Created: at, Updated: at, SystemTags: "[]", Techniques: "[]"})
		b.Incident(Incident{Number: n, ID: id, Alerts: 1, Created: at, Updated: at, SystemTags: "[]", CustomTags: "[]", Parts: []Part{{Class: 1, Alerts: 1, Created: at, Updated: at}}})
	}
	return b.Finish(1)
}

var everything = store.Visible{All: true}

func found(t *testing.T, f func(store.AlertQuery) (Page, error), q store.AlertQuery) []int64 {
	t.Helper()
	p, err := f(q)
	if err != nil {
		t.Fatal(err)
	}
	return p.Numbers
}

func TestWhatIsAtTheEdgeOfAChunkIsNotPassedOver(t *testing.T) {
	s := twoChunks()
	byTime := []store.Order{{Field: store.FieldCreated}}
	for name, f := range map[string]func(store.AlertQuery) (Page, error){"alerts": s.Alerts, "incidents": s.Incidents} {
		for second, want := range map[int64][]int64{0: {0}, size - 2: {size - 2, size - 1}, size: {size}, 2*size - 2: {2*size - 2, 2*size - 1}} {
			is := store.Compare{Field: store.FieldCreated, Op: store.Equal, Time: time.Unix(second, 0)}
			if diff := cmp.Diff(want, found(t, f, store.AlertQuery{Visible: everything, Where: is, Order: byTime, Limit: 9})); diff != "" {
				t.Errorf("%s at second %d: %s", name, second, diff)
			}
		}
		// A page ends between two rows of one time, the last of their chunk.
		at := []any{int64(size-2) * int64(time.Second), fmt.Sprintf("%03d", size-2)}
		if diff := cmp.Diff([]int64{size - 1, size}, found(t, f, store.AlertQuery{Visible: everything, Order: byTime, After: at, Limit: 2})); diff != "" {
			t.Errorf("%s, upwards: %s", name, diff)
		}
		at = []any{int64(size) * int64(time.Second), fmt.Sprintf("%03d", size)}
		if diff := cmp.Diff([]int64{size - 1, size - 2}, found(t, f, store.AlertQuery{Visible: everything, Order: []store.Order{{Field: store.FieldCreated, Desc: true}}, After: at, Limit: 2})); diff != "" {
			t.Errorf("%s, downwards: %s", name, diff)
		}
	}
}

// The readers of all of an incident see when it was changed itself, which may be later than any of its alerts.
func TestAnIncidentThatWasChangedLaterThanItsAlertsComesFirst(t *testing.T) {
	b := NewBuilder()
	for n := range int64(2 * size) {
		b.Incident(Incident{Number: n, ID: fmt.Sprintf("%03d", n), Alerts: 1, Created: n, Updated: n, SystemTags: "[]", CustomTags: "[]", Parts: []Part{{Class: 1, Alerts: 1, Created: n, Updated: n}}})
	}
	late := Incident{Number: 7, ID: "007", Alerts: 2, Derived: true, Updated: 9 * size, SystemTags: "[]", CustomTags: "[]", Parts: []Part{{Class: 1, Alerts: 1, Created: 7, Updated: 7}, {Class: 2, Alerts: 1, Created: 7, Updated: 7}}}
	b.Incident(late)
	s := b.Finish(1)
	byChange := []store.Order{{Field: store.FieldUpdated, Desc: true}}
	for name, c := range map[string]struct {
		sees store.Visible
		want []int64
	}{"all of it": {everything, []int64{7}}, "a part": {store.Visible{Classes: []int64{1}}, []int64{2*size - 1}}} {
		if diff := cmp.Diff(c.want, found(t, s.Incidents, store.AlertQuery{Visible: c.sees, Order: byChange, Limit: 1})); diff != "" {
			t.Errorf("who sees %s: %s", name, diff)
		}
	}
}

func TestAStateStaysAsItIs(t *testing.T) {
	b := NewBuilder()
	b.Alert(Alert{Number: 1, ID: "a", Class: 1, Title: "one", SystemTags: "[]", Techniques: "[]"})
	b.Incident(Incident{Number: 1, ID: "i", Alerts: 1, SystemTags: "[]", CustomTags: "[]", Parts: []Part{{Class: 1, Alerts: 1}}})
	old := b.Finish(1)
	b.Alert(Alert{Number: 1})
	b.Alert(Alert{Number: 2, ID: "b", Class: 1, Title: "two", SystemTags: "[]", Techniques: "[]"})
	b.Incident(Incident{Number: 1})
	b.Finish(2)
	q := store.AlertQuery{Visible: everything, Order: []store.Order{{Field: store.FieldTitle}}, Limit: 9}
	if diff := cmp.Diff([]int64{1}, found(t, old.Alerts, q)); diff != "" {
		t.Error(diff)
	}
	q.Order = []store.Order{{Field: store.FieldID}}
	if n := len(found(t, old.Incidents, q)); n != 1 {
		t.Errorf("%d incidents", n)
	}
}

func TestWhatIsNotHeldIsNotAnswered(t *testing.T) {
	s := twoChunks()
	for name, q := range map[string]store.AlertQuery{
		"incidents of alerts": {Where: store.Compare{Field: store.FieldIncident, Op: store.Equal, Text: "1"}},
		"text that is none":   {Where: store.Matches{Field: store.FieldTitle, Text: "\xff"}},
		"a cursor of others":  {After: []any{"a"}},
		"an order of others":  {Order: []store.Order{{Field: store.FieldCustomTags}}},
	} {
		q.Visible, q.Limit = everything, 1
		if q.Order == nil {
			q.Order = []store.Order{{Field: store.FieldCreated}}
		}
		if _, err := s.Alerts(q); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
