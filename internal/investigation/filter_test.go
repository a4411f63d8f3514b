package investigation

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

func TestFilters(t *testing.T) {
	is := func(f store.Field, text string) store.Compare {
		return store.Compare{Field: f, Op: store.Equal, Text: text}
	}
	isNew, high := is(store.FieldStatus, "new"), is(store.FieldSeverity, "high")
	at := time.Date(2021, 2, 19, 9, 17, 2, 441772300, time.UTC)
	for text, want := range map[string]store.Where{
		"":                                       nil,
		"status eq 'new'":                        isNew,
		"status eq 'NEW' and severity eq 'High'": store.AllOf{isNew, high},
		"status eq microsoft.graph.security.alertStatus'new'":       isNew,
		"not (status eq 'new') or severity eq 'high'":               store.OneOf{store.Not{Where: isNew}, high},
		"status eq 'new' or status eq 'new' and severity eq 'high'": store.OneOf{isNew, store.AllOf{isNew, high}},
		"createdDateTime ge 2021-02-19T09:17:02.4417723Z":           store.Compare{Field: store.FieldCreated, Op: store.GreaterEq, Time: at},
		"lastUpdateDateTime gt '2021-02-19T10:17:02.4417723+01:00'": store.Compare{Field: store.FieldUpdated, Op: store.Greater, Time: at},
		"assignedTo eq null":                                       is(store.FieldAssignedTo, ""),
		"assignedTo ne 'O''Hara'":                                  store.Compare{Field: store.FieldAssignedTo, Op: store.NotEqual, Text: "O'Hara"},
		"determination eq 'clean'":                                 is(store.FieldDetermination, "notMalicious"),
		"serviceSource eq 'microsoftdefenderforendpoint'":          is(store.FieldServiceSource, "microsoftDefenderForEndpoint"),
		"severity in ('high', 'low')":                              store.OneOf{high, is(store.FieldSeverity, "low")},
		"contains(title, '100%')":                                  store.Matches{Field: store.FieldTitle, Text: "100%"},
		"startswith(id,'da')":                                      store.Matches{Field: store.FieldID, Text: "da", Start: true},
		"mitreTechniques/any(t: t eq 'T1566.002' or t eq 'T1204')": store.OneOf{store.Any{Field: store.FieldTechniques, Op: store.Equal, Text: "T1566.002"}, store.Any{Field: store.FieldTechniques, Op: store.Equal, Text: "T1204"}},
		"systemTags/any()":                                         store.Any{Field: store.FieldSystemTags},
	} {
		got, err := alerts.parseFilter(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

func TestFiltersRefused(t *testing.T) {
	for text, why := range map[string]string{
		"description eq 'x'":               `property "description" of alerts_v2 can't be filtered by`,
		"status = 'new'":                   "unexpected character at position 7",
		"status eq 'new":                   "the quote at position 10 is not closed",
		"status eq new":                    "is compared with text in single quotes",
		"status eq 'nwe'":                  "'nwe' is no member of alertStatus",
		"status gt 'new'":                  "it is compared with eq, ne or in",
		"status eq 'new' and":              "found the end where a property should be",
		"status eq 'new' severity":         "where the filter should end",
		"(status eq 'new'":                 `found the end where ")" should be`,
		"createdDateTime ge yesterday":     "is compared with a time like",
		"createdDateTime ge null":          "is compared with a time like",
		"createdDateTime ge 9999-01-01":    "is compared with a time like",
		"evidence/any(e: e eq 'x')":        `property "evidence" of alerts_v2 is no list`,
		"mitreTechniques/any(t: x eq 'a')": `where "t" should be`,
		"contains(description, 'x')":       "can't be searched",
		"status eq 'new'; DROP TABLE":      "unexpected character",
		strings.Repeat("(", 40) + "status eq 'new'" + strings.Repeat(")", 40): "nested more than 32 deep",
		strings.Repeat("status eq 'new' or ", 300) + "status eq 'new'":        "more than 200 comparisons",
		strings.Repeat(" ", 9000) + "x":                                       "longer than 8192 bytes",
	} {
		_, err := alerts.parseFilter(text)
		if fault.KindOf(err) != fault.KindInvalid || !strings.HasPrefix(fault.Message(err), "Invalid filter clause: ") || !strings.Contains(fault.Message(err), why) {
			t.Errorf("%.60s: got %v, want it to say %q", text, err, why)
		}
	}
}

func TestIncidentsAreNotFilteredByTheirStoredName(t *testing.T) {
	if _, err := incidents.parseFilter("contains(displayName,'a')"); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("got %v", err)
	}
	if _, err := incidents.parseFilter("customTags/any(t:t eq 'a')"); err != nil {
		t.Error(err)
	}
}

func TestOrders(t *testing.T) {
	got, err := alerts.parseOrder("severity desc, createdDateTime")
	if diff := cmp.Diff([]store.Order{{Field: store.FieldSeverity, Desc: true}, {Field: store.FieldCreated}}, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	for _, text := range []string{"description", "createdDateTime downwards", "createdDateTime desc desc", ","} {
		if _, err := alerts.parseOrder(text); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%q is taken", text)
		}
	}
}

func FuzzFilter(f *testing.F) {
	f.Add("status eq 'new' and (severity in ('high','low') or not contains(title,'x'))")
	f.Add("mitreTechniques/any(t: t eq 'T1')")
	f.Fuzz(func(t *testing.T, text string) {
		for _, c := range []*collection{alerts, incidents} {
			if _, err := c.parseFilter(text); err != nil && fault.KindOf(err) != fault.KindInvalid {
				t.Errorf("an inner error: %v", err)
			}
		}
	})
}
