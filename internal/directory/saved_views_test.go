package directory

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

func TestSavedViewsAreOnesOwn(t *testing.T) {
	h := newHouse(t, rbac.User{Name: "mira"}, rbac.User{Name: "olu"})
	mine := store.SavedView{Area: "alerts", Name: " High and new ", Query: "status=new&severity=high"}
	is(t, "save", h.SaveView(t.Context(), as("mira"), mine), fine)
	mine.Name, mine.Query = "High and new", "severity=high"
	is(t, "save anew", h.SaveView(t.Context(), as("mira"), mine), fine)
	list, err := h.SavedViews(t.Context(), "mira")
	is(t, "list", err, fine)
	if len(list) != 1 || list[0] != mine {
		t.Errorf("%+v", list)
	}
	if list, _ := h.SavedViews(t.Context(), "olu"); len(list) != 0 {
		t.Errorf("another has %+v", list)
	}
	is(t, "another removes it", h.RemoveView(t.Context(), as("olu"), "alerts", mine.Name), fault.KindNotFound)
	is(t, "remove", h.RemoveView(t.Context(), as("mira"), "alerts", mine.Name), fine)

	for name, v := range map[string]store.SavedView{
		"of no list":        {Area: "roles", Name: "x"},
		"without a name":    {Area: "alerts", Name: "  "},
		"a name with lines": {Area: "alerts", Name: "a\nb"},
		"too long":          {Area: "alerts", Name: "x", Query: strings.Repeat("x", 4001)},
	} {
		is(t, name, h.SaveView(t.Context(), as("mira"), v), fault.KindInvalid)
	}
	for i := range 100 {
		is(t, "many", h.SaveView(t.Context(), as("mira"), store.SavedView{Area: "incidents", Name: fmt.Sprint(i)}), fine)
	}
	is(t, "too many", h.SaveView(t.Context(), as("mira"), mine), fault.KindConflict)
	is(t, "one that is there", h.SaveView(t.Context(), as("mira"), store.SavedView{Area: "incidents", Name: "5", Query: "status=active"}), fine)
}
