package investigation

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
)

func TestCursors(t *testing.T) {
	w := newWorld(t, storyPolicy())
	var lines []string
	for i := range 30 {
		lines = append(lines, fmt.Sprintf(`{"id":"fa%02d","serviceSource":"microsoftDefenderForOffice365","severity":%q,"createdDateTime":%q}`, i,
			[]string{"low", "high"}[i%2], time.Date(2021, 2, 19, 9, i/3, 0, 0, time.UTC).Format(time.RFC3339)))
	}
	w.load("mails.jsonl", strings.Join(lines, "\n"))
	for _, order := range []string{"", "createdDateTime asc", "severity desc,createdDateTime", "title,id desc", "status"} {
		whole, err := w.service.Alerts(ctx, "lead@x", Query{OrderBy: order})
		if err != nil {
			t.Fatal(err)
		}
		q, pages := Query{OrderBy: order, Top: 7}, []string{}
		for {
			p, err := w.service.Alerts(ctx, "lead@x", q)
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, ids(t, p))
			if q.SkipToken = p.Next; p.Next == "" {
				break
			}
		}
		if got := strings.Join(pages, " "); got != ids(t, whole) || len(pages) != 5 {
			t.Errorf("order %q in pages: %s", order, got)
		}
	}
	p, err := w.service.Alerts(ctx, "lead@x", Query{Top: 7})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		user string
		q    Query
	}{
		"somebody else's":   {"admin@x", Query{Top: 7, SkipToken: p.Next}},
		"of another filter": {"lead@x", Query{Top: 7, SkipToken: p.Next, Filter: "severity eq 'high'"}},
		"of another order":  {"lead@x", Query{Top: 7, SkipToken: p.Next, OrderBy: "title"}},
		"with a bit turned": {"lead@x", Query{Top: 7, SkipToken: "A" + p.Next[1:]}},
		"cut":               {"lead@x", Query{Top: 7, SkipToken: p.Next[:20]}},
		"nonsense":          {"lead@x", Query{Top: 7, SkipToken: "?"}},
	} {
		if c.q.SkipToken != p.Next || c.user != "lead@x" || c.q.Filter+c.q.OrderBy != "" {
			if _, err := w.service.Alerts(ctx, c.user, c.q); fault.KindOf(err) != fault.KindInvalid {
				t.Errorf("a cursor %s is taken: %v", name, err)
			}
		}
	}
	if _, err := w.service.Alerts(ctx, "lead@x", Query{Skip: 501}); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("skip 501: %v", err)
	}
	if p, err := w.service.Alerts(ctx, "lead@x", Query{Skip: 28, Top: 7}); err != nil || len(p.Items) != 2 {
		t.Errorf("skip 28: %v %v", ids(t, p), err)
	}
}
