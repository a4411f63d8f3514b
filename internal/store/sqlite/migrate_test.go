package sqlite

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Data of before names were kept - more alerts than are read at once, some that name nothing, and a row that no evidence bears out any
// more - is opened, and finds people by the names that its evidence gives them.
func TestNamesOfOldDataAreRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), FileName)
	db, err := connect(path, 1, writerPatience, "immediate", false)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(err)
	p, err := provider(db)
	must(err)
	_, err = p.UpTo(t.Context(), 161)
	must(err)
	run := func(query string, args ...any) {
		t.Helper()
		_, err := db.Exec(query, args...)
		must(err)
	}
	const alerts = 250
	run(`INSERT INTO alert_classes (id, workloads, device_groups, every_group, alerts) VALUES (1, ?, '[]', 0, ?)`, int64(rbac.SetOf(rbac.Office365)), alerts)
	run(`INSERT INTO entities (n, kind, key) VALUES (1, 'user', 'gone@x')`)
	for n := 1; n <= alerts; n++ {
		evidence := `[]`
		if n%5 != 0 {
			evidence = fmt.Sprintf(`[{"@odata.type":"#microsoft.graph.security.userEvidence","userAccount":{"userPrincipalName":"person%d@x","displayName":"Name %d at %d"}}]`, n%7, n%7, n)
		}
		run(`INSERT INTO alerts (n, id, incident, class, created, updated, status, severity, severity_rank, classification, determination, service_source, detection_source, category, assigned_to, title,
			techniques, system_tags) VALUES (?, ?, '', 1, ?, ?, 'new', 'low', 2, '', '', 'microsoftDefenderForOffice365', '', '', '', 'T', '[]', '[]')`, n, fmt.Sprint("a", n), n, n)
		run(`INSERT INTO alert_bodies (alert, body, evidence) VALUES (?, '{}', ?)`, n, evidence)
	}
	run(`INSERT INTO alert_entities (entity, created, alert, device, closed, ties) VALUES (1, 5, 5, '', 0, 1)`)
	must(db.Close())

	s := openAt(t, path)
	all := store.Sight{Alerts: store.Visible{All: true}, Evidence: store.EvidenceReach{Whole: store.Visible{All: true}}}
	find := func(search string) (list []store.EntityRow) {
		t.Helper()
		must(s.View(t.Context(), func(r store.Reader) (err error) {
			list, err = r.Entities(store.EntityQuery{Kind: store.EntityUser, Sight: all, Search: search, Order: store.ByName, Limit: 50})
			return err
		}))
		return list
	}
	people := find("")
	if len(people) != 7 {
		t.Fatalf("found %+v", people)
	}
	named := int64(0)
	for i, row := range people {
		last := alerts
		for last%7 != i || last%5 == 0 {
			last--
		}
		if row.Key != fmt.Sprintf("person%d@x", i) || row.Name != fmt.Sprintf("Name %d at %d", i, last) {
			t.Errorf("%s is called %q, by the last alert about them Name %d at %d", row.Key, row.Name, i, last)
		}
		named += row.Alerts
	}
	if named != alerts*4/5 {
		t.Errorf("%d alerts name somebody, not %d", named, alerts*4/5)
	}
	if list := find("name 3 at"); len(list) != 1 || list[0].Key != "person3@x" {
		t.Errorf("by the name: %+v", list)
	}
	if list := find("gone"); len(list) != 0 {
		t.Errorf("what no evidence names: %+v", list)
	}
}
