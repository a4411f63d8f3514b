package investigation

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hostile"
	"github.com/bailiwick/bailiwick/internal/store"
)

// The bodies of changes and comments, and orders, are refused with a reason or mean one thing; never both, and never a fault of ours.
func FuzzChangesAndOrders(f *testing.F) {
	for _, body := range []string{`{"status":"resolved","assignedTo":null,"classification":"truePositive","determination":"phishing"}`, `{"customTags":["a","b"],"resolvingComment":"x"}`, `{"customDetails":{"a":["\ud800\u0000"]}}`,
		`{"comment":"x","@odata.type":"y"}`, `{"status":"resolved","\u0073tatus":"new"}`, "createdDateTime desc,severity", "id asc, ,"} {
		f.Add(body)
	}
	for _, text := range hostile.Texts() {
		f.Add(`{"assignedTo":` + string(text.JSON) + `,"customTags":[` + string(text.JSON) + `]}`)
	}
	f.Fuzz(func(t *testing.T, body string) {
		check := func(err error) bool {
			if err != nil && fault.KindOf(err) != fault.KindInvalid {
				t.Fatalf("%q: %v", body, err)
			}
			return err == nil
		}
		for _, c := range []*collection{alerts, incidents} {
			if order, err := c.parseOrder(body); check(err) && (len(order) == 0 || len(order) > 4) {
				t.Fatalf("%q orders by %d", body, len(order))
			}
			ch, err := readChange(c, []byte(body))
			if !check(err) {
				continue
			}
			for _, s := range []*string{ch.assignedTo, ch.classification, ch.determination, ch.status, ch.resolvingComment} {
				if s != nil && strings.ContainsRune(*s, 0) {
					t.Fatalf("%q is taken with NUL", body)
				}
			}
			if ch.customDetails != nil && (!json.Valid(ch.customDetails) || string(store.Mend(ch.customDetails)) != string(ch.customDetails)) {
				t.Fatalf("%q keeps %q", body, ch.customDetails)
			}
			_, _, err = ch.verdict("truePositive", "phishing")
			check(err)
		}
		text, err := readComment([]byte(body))
		if check(err) && strings.TrimSpace(text) == "" {
			t.Fatalf("%q is an empty comment", body)
		}
	})
}
