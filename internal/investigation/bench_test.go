package investigation

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/sqlite"
	"github.com/bailiwick/bailiwick/rbac"
)

// The size of the queue that is measured. BAILIWICK_BENCH_DIR keeps the data for the next run.
var (
	benchAlerts = fromEnv("BAILIWICK_BENCH_ALERTS", 20_000)
	benchGroups = fromEnv("BAILIWICK_BENCH_GROUPS", 100)
)

func fromEnv(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// held is a policy that does not change.
type held struct{ snapshot *rbac.Snapshot }

func (h held) Snapshot(context.Context) (*rbac.Snapshot, error) { return h.snapshot, nil }

// BenchmarkQueue is one page of the 50 newest alerts, the first and the hundredth, for readers of much and of little;
// beside each the same page by the same query for everybody, without roles.
func BenchmarkQueue(b *testing.B) {
	s, snapshot := benchStore(b)
	service := New(s, &audit.Door{Store: s}, held{snapshot}, byTag, nil)
	for _, reader := range []string{"everything", "workload", "endpoint", "devicegroup"} {
		q := Query{Top: 50}
		for _, page := range []struct {
			name string
			skip int
		}{{"first", 0}, {"hundredth", 99}} {
			for range page.skip {
				p, err := service.Alerts(ctx, reader+"@x", q)
				if err != nil {
					b.Fatal(err)
				}
				if p.Next == "" {
					break // fewer alerts than that: the last page is measured
				}
				q.SkipToken = p.Next
			}
			b.Run(fmt.Sprintf("%s/%s/roles", reader, page.name), func(b *testing.B) {
				for b.Loop() {
					p, err := service.Alerts(ctx, reader+"@x", q)
					if err != nil || len(p.Items) == 0 {
						b.Fatal(len(p.Items), err)
					}
				}
			})
			b.Run(fmt.Sprintf("%s/%s/noroles", reader, page.name), func(b *testing.B) {
				after := benchPlace(b, s, page.skip)
				for b.Loop() {
					if err := benchPlain(s, snapshot, after); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// benchPlace is where a page begins when nobody has roles.
func benchPlace(b *testing.B, s store.Store, pages int) []any {
	var after []any
	err := s.View(ctx, func(tx store.Reader) error {
		for range pages {
			rows, err := tx.Alerts(store.AlertQuery{Visible: store.Visible{All: true}, Order: newest, After: after, Limit: 50})
			if err != nil || len(rows) == 0 {
				return err
			}
			after = rows[len(rows)-1].Cursor
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return after
}

// benchPlain reads and writes a page as it would be without roles.
func benchPlain(s store.Store, snapshot *rbac.Snapshot, after []any) error {
	return s.View(ctx, func(tx store.Reader) error {
		v := &sight{tx: tx, snapshot: snapshot, see: snapshot.Reach("everything@x", rbac.ViewInvestigation, time.Now())}
		rows, err := tx.Alerts(store.AlertQuery{Visible: store.Visible{All: true}, Order: newest, After: after, Limit: 51})
		if err != nil {
			return err
		}
		for _, row := range rows[:min(50, len(rows))] {
			if _, err := v.alert(row, Form{}); err != nil {
				return err
			}
		}
		return nil
	})
}

func benchPolicy() rbac.Policy {
	p := rbac.Policy{EndpointRoles: true}
	var all []string
	for i := range benchGroups {
		name := fmt.Sprintf("Group %03d", i)
		p.DeviceGroups = append(p.DeviceGroups, rbac.DeviceGroup{Name: name, Match: rbac.Match{Tag: []string{name}}})
		all = append(all, name)
	}
	for _, u := range []string{"workload@x", "endpoint@x", "devicegroup@x"} {
		p.Users = append(p.Users, rbac.User{Name: u})
	}
	p.Users = append(p.Users, rbac.User{Name: "everything@x", GlobalRoles: []string{"Global Administrator"}})
	role(&p, "workload@x", rbac.Office365, nil, "Security Reader")
	role(&p, "endpoint@x", rbac.Endpoint, all, "View data - Security operations")
	role(&p, "devicegroup@x", rbac.Endpoint, all[len(all)/2:len(all)/2+1], "View data - Security operations")
	return p
}

// benchStore makes the queue: half endpoint, spread over the device groups, one in twenty of those on devices of two
// of them; the rest mail, cloud apps and identity. Four alerts make an incident.
func benchStore(b *testing.B) (store.Store, *rbac.Snapshot) {
	b.Helper()
	dir := os.Getenv("BAILIWICK_BENCH_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		b.Fatal(err)
	}
	s, err := sqlite.Open(ctx, filepath.Join(dir, sqlite.FileName))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	var p rbac.Policy
	if err := s.View(ctx, func(tx store.Reader) (err error) { p, err = tx.Policy(); return err }); err != nil {
		b.Fatal(err)
	}
	if len(p.Users) == 0 {
		benchFill(b, s)
		if err := s.View(ctx, func(tx store.Reader) (err error) { p, err = tx.Policy(); return err }); err != nil {
			b.Fatal(err)
		}
	}
	snapshot, err := rbac.Compile(catalog.Default(), p)
	if err != nil {
		b.Fatal(err)
	}
	return s, snapshot
}

func benchFill(b *testing.B, s store.Store) {
	p := benchPolicy()
	group := byTag(p.DeviceGroups)
	const batch = 20_000
	for from := 0; from < benchAlerts; from += batch {
		err := s.Change(ctx, func(tx store.Writer) error {
			if from == 0 {
				if err := tx.ApplyEdits(policyEdits(p)...); err != nil {
					return err
				}
			}
			t := tx.TakeRecords(group)
			for i := from; i < min(from+batch, benchAlerts); i++ {
				if _, err := t.Alert(benchAlert(i)); err != nil {
					return err
				}
			}
			return t.Done()
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func benchAlert(i int) store.Alert {
	at := time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * 31 * time.Second)
	a := store.Alert{
		ID: fmt.Sprintf("da%09d", i), Status: "new", Severity: []string{"low", "medium", "high"}[i%3], ServiceSource: "microsoftDefenderForEndpoint",
		Category: "Execution", Title: fmt.Sprintf("Alert %d", i), Created: at, Updated: at, IncidentID: strconv.Itoa(i / 4),
	}
	switch i % 6 {
	case 0, 1, 2:
		a.Workloads = rbac.SetOf(rbac.Endpoint)
		g := (i / 6 * 7919) % benchGroups
		if i%48 == 0 {
			g = benchGroups / 2 // the measured one is bigger, so that it has a hundredth page
		}
		a.Devices = append(a.Devices, benchDevice(g, i%20, at))
		if i%20 == 0 {
			a.Devices = append(a.Devices, benchDevice((g+1)%benchGroups, i%20, at))
		}
	case 3:
		a.Workloads = rbac.SetOf(rbac.Office365)
	case 4:
		a.Workloads = rbac.SetOf(rbac.CloudApps)
	case 5:
		a.Workloads = rbac.SetOf(rbac.Identity)
	}
	evidence := []json.RawMessage{json.RawMessage(`{"@odata.type":"#microsoft.graph.security.userEvidence","verdict":"suspicious","userAccount":{"accountName":"mira.okafor","domainName":"CORP"}}`)}
	for _, d := range a.Devices {
		evidence = append(evidence, json.RawMessage(fmt.Sprintf(`{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":%q,"hostName":%q,"rbacGroupName":"x"}`, d.ID, d.Name)))
	}
	a.Evidence = store.AppendArray(nil, evidence)
	a.Body = json.RawMessage(fmt.Sprintf(`{"id":%q,"title":%q,"status":"new","severity":%q,"serviceSource":%q,"incidentId":%q,"createdDateTime":%s,"lastUpdateDateTime":%s,"description":"An executable that was saved from a mail attachment started a command interpreter.","comments":[],"systemTags":[]}`,
		a.ID, a.Title, a.Severity, a.ServiceSource, a.IncidentID, stamp(at), stamp(at)))
	return a
}

func benchDevice(group, n int, at time.Time) store.Device {
	name := fmt.Sprintf("Group %03d", group)
	return store.Device{ID: fmt.Sprintf("dev-%03d-%02d", group, n), Name: fmt.Sprintf("host-%03d-%02d", group, n), Tags: []string{name}, Known: true, Seen: at}
}
