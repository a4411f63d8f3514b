package detection

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting"
	"github.com/bailiwick/bailiwick/internal/hunting/kql"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
	"github.com/bailiwick/bailiwick/internal/ingest"
	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/response"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/sqlite"
	"github.com/bailiwick/bailiwick/rbac"
)

// The people: ada administers; sol, hana and dee set detections and act on Sales, HR and both; tom sets detections on Sales and may not
// act; mel does mail; may sets detections in mail and hunts nowhere; rita reads Sales alone; nora has nothing.
const (
	ada, sol, hana, dee, tom = "ada@x.example", "sol@x.example", "hana@x.example", "dee@x.example", "tom@x.example"
	mel, may, rita, nora     = "mel@x.example", "may@x.example", "rita@x.example", "nora@x.example"
)

var (
	ctx  = context.Background()
	noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
)

// world is a store with a policy and devices, and two servers on it.
type world struct {
	t       testing.TB
	mu      sync.Mutex
	store   store.Store
	now     time.Time
	cases   *investigation.Service
	actions *response.Service
	service *Service
	events  *events
	paused  []string // what was told of having paused
	feeds   map[string]rbac.WorkloadSet
}

func newWorld(t testing.TB) *world {
	t.Helper()
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o700))
	s, err := sqlite.Open(ctx, filepath.Join(dir, sqlite.FileName))
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	w := &world{t: t, store: s, now: noon}
	w.events = &events{w: w}
	door := &audit.Door{Store: s, Now: w.clock}
	w.cases = investigation.New(s, door, w, grouping, w.clock)
	w.actions = response.New(response.Config{Store: s, Door: door, Snapshots: w, InSight: w.cases.InSight, Now: w.clock})
	w.service = w.server()
	edits := []rbac.Edit{rbac.SetEndpointRoles{On: true}, rbac.PutUser{User: rbac.User{Name: ada, GlobalRoles: []string{"Global Administrator"}}}}
	for _, name := range []string{sol, hana, dee, tom, mel, may, rita, nora} {
		edits = append(edits, rbac.PutUser{User: rbac.User{Name: name}}, rbac.PutGroup{Group: rbac.Group{Name: "g-" + name, Members: []string{name}}})
	}
	view, act, set := "View data - Security operations", "Active remediation actions - Security operations", "Manage security settings in Security Center"
	w.edit(append(edits,
		rbac.SetDeviceGroups{DeviceGroups: []rbac.DeviceGroup{
			{Name: "Sales", Match: rbac.Match{Name: []string{"s*"}}, Access: []string{"g-" + sol, "g-" + dee, "g-" + tom, "g-" + rita}, Remediation: "full"},
			{Name: "HR", Match: rbac.Match{Name: []string{"h*"}}, Access: []string{"g-" + hana, "g-" + dee}}, {Name: rbac.UngroupedDevices},
		}},
		rbac.PutRole{Role: rbac.Role{ID: "r1", Workload: rbac.Endpoint, Name: "Engineer", Permissions: []string{view, act, set}}},
		rbac.PutRole{Role: rbac.Role{ID: "r2", Workload: rbac.Endpoint, Name: "Writer", Permissions: []string{view, set}}},
		rbac.PutRole{Role: rbac.Role{ID: "r3", Workload: rbac.Endpoint, Name: "Reader", Permissions: []string{view}}},
		rbac.PutRole{Role: rbac.Role{ID: "r4", Workload: rbac.Office365, Name: "Mail", Permissions: []string{"Security Reader", "Manage Alerts"}}},
		rbac.PutRole{Role: rbac.Role{ID: "r5", Workload: rbac.Office365, Name: "Mail rules", Permissions: []string{"Manage Alerts"}}},
		give("1", rbac.Endpoint, "Engineer", sol), give("2", rbac.Endpoint, "Engineer", hana), give("3", rbac.Endpoint, "Engineer", dee), give("4", rbac.Endpoint, "Writer", tom),
		give("5", rbac.Office365, "Mail", mel), give("6", rbac.Office365, "Mail rules", may), give("7", rbac.Endpoint, "Reader", rita))...)
	w.devices("s1", "s2", "h1", "h2")
	return w
}

// server is one more server on the same store.
func (w *world) server() *Service {
	return New(Config{
		Store: w.store, Door: &audit.Door{Store: w.store, Now: w.clock}, Snapshots: w, Runner: w.events, Catalog: readable, Raise: w.cases.Raise, InSight: w.cases.InSight, Now: w.clock,
		Hunt: w.events.hunt,
		Feed: func(_ store.Reader, source string) (rbac.WorkloadSet, error) { return w.feeds[source], nil },
		MayPlace: func(ctx context.Context, tx store.Writer, who audit.Actor, incident string, rec *audit.Record) error {
			return w.cases.MayPlace(ctx, tx, who, investigation.Place{Incident: incident}, rec)
		},
		Place: func(ctx context.Context, tx store.Writer, who audit.Actor, a store.Alert, incident, title string, rec *audit.Record) (string, error) {
			return w.cases.PlaceAlert(ctx, tx, who, a, investigation.Place{Incident: incident, Title: title}, rec)
		},
		Paused: func(_ store.Writer, d store.Detection) error {
			w.paused = append(w.paused, d.Name+": "+d.Paused)
			return nil
		},
		Act: func(tx store.Writer, snapshot *rbac.Snapshot, who audit.Actor, a Ask) error {
			return w.actions.AskDetected(tx, snapshot, who, response.Request{Type: a.Type, Comment: a.Comment, Target: response.Target{
				Device: a.Target.Device, SHA1: a.Target.SHA1, SHA256: a.Target.SHA256, NetworkMessageID: a.Target.NetworkMessageID, Recipient: a.Target.Recipient,
				User: a.Target.User, Indicator: a.Target.Indicator,
			}}, a.Alert)
		},
	})
}

// readable is the tables that somebody may name, roughly as hunting decides it.
func readable(snapshot *rbac.Snapshot, reader string, at time.Time) *kql.Catalog {
	hunts := snapshot.Reach(reader, rbac.ViewHunting, at)
	c := &kql.Catalog{}
	for i, t := range schema.Tables() {
		of := t.Workloads
		if of == 0 && t.Scope != schema.ByAlert {
			of = rbac.SetOf(rbac.Other)
		}
		if of&^hunts.Workloads() == 0 && !hunts.None() {
			c.Tables = append(c.Tables, hunting.Catalog().Tables[i])
		}
	}
	return c
}

func give(id string, of rbac.Workload, role, user string) rbac.Edit {
	return rbac.PutAssignment{Assignment: rbac.Assignment{ID: id, Role: rbac.RoleRef{Workload: of, Name: role}, Group: "g-" + user, Scope: rbac.Scope{All: true}}}
}

func grouping(groups []rbac.DeviceGroup) func(store.Device) string {
	return func(d store.Device) string {
		for _, g := range groups {
			for _, pattern := range g.Match.Name {
				if strings.HasPrefix(d.ID, strings.TrimSuffix(pattern, "*")) { // which is its name, but for a twin
					return g.Name
				}
			}
		}
		return rbac.UngroupedDevices
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) edit(edits ...rbac.Edit) {
	w.t.Helper()
	must(w.t, w.store.Change(ctx, func(tx store.Writer) error {
		if err := tx.ApplyEdits(edits...); err != nil {
			return err
		}
		_, err := tx.NextPolicyRevision()
		return err
	}))
}

// regroup moves devices to the groups that the rules put them in now.
func (w *world) regroup() {
	w.t.Helper()
	snapshot, err := w.Snapshot(ctx)
	must(w.t, err)
	must(w.t, w.store.Change(ctx, func(tx store.Writer) error { return w.cases.Regroup(tx, snapshot.DeviceGroups()) }))
}

// Snapshot compiles what the store has.
func (w *world) Snapshot(ctx context.Context) (snapshot *rbac.Snapshot, err error) {
	err = w.store.View(ctx, func(r store.Reader) error {
		p, err := r.Policy()
		if err != nil {
			return err
		}
		snapshot, err = rbac.Compile(catalog.Default(), p)
		return err
	})
	return snapshot, err
}

// devices makes devices known, by an alert that describes them.
func (w *world) devices(names ...string) {
	w.t.Helper()
	evidence := []any{}
	for _, name := range names {
		evidence = append(evidence, describing(name, name))
	}
	w.describe("da-known", evidence...)
}

// twin makes a device known that has the name of another.
func (w *world) twin(id, name string) {
	w.t.Helper()
	w.describe("da-twin", describing(id, name))
}

func describing(id, name string) any {
	return map[string]any{"@odata.type": "#microsoft.graph.security.deviceEvidence", "mdeDeviceId": id, "deviceDnsName": name, "createdDateTime": noon}
}

func (w *world) describe(alert string, evidence ...any) {
	w.t.Helper()
	text, err := json.Marshal(map[string]any{
		"id": alert, "title": "Known", "severity": "low", "serviceSource": "microsoftDefenderForEndpoint", "createdDateTime": noon.AddDate(-1, 0, 0), "evidence": evidence,
	})
	must(w.t, err)
	_, err = w.cases.Load(ctx, audit.Actor{Name: "local:test", Local: true}, "devices", func(take func(store.Record) error) error {
		_, err := ingest.Read("devices", strings.NewReader(string(text)), take)
		return err
	})
	must(w.t, err)
}

// events runs queries over rows of its own: it reads no query, and cuts to what the reader reaches, as hunting does.
type events struct {
	w     *world
	mu    sync.Mutex
	rows  []map[string]any
	fails error
	asked []Query
	gate  func() // while a query runs
	moves func() // when it has run
}

var columns = []string{"Timestamp", "DeviceId", "ReportId", "AccountUpn", "FileName", "SHA1"}

func (e *events) Run(ctx context.Context, reader string, q Query) (Result, error) {
	e.mu.Lock()
	e.asked = append(e.asked, q)
	rows, fails, gate := slices.Clone(e.rows), e.fails, e.gate
	e.mu.Unlock()
	if gate != nil {
		gate()
	}
	if fails != nil {
		return Result{}, fails
	}
	snapshot, err := e.w.Snapshot(ctx)
	if err != nil {
		return Result{}, err
	}
	reach := snapshot.Reach(reader, rbac.ViewHunting, e.w.clock())
	r := Result{Columns: columns, Took: time.Second, Bytes: 100}
	defer func() {
		if e.moves != nil {
			e.moves()
		}
	}()
	return r, e.w.store.View(ctx, func(tx store.Reader) error {
		for _, row := range rows {
			at, _ := timeOf(row["Timestamp"])
			if q.Arrived {
				if at.Before(q.To.Add(-30 * 24 * time.Hour)) {
					continue
				}
				at, _ = timeOf(row["arrived"])
			}
			if at.Before(q.From) || !at.Before(q.To) {
				continue
			}
			id, _ := row["DeviceId"].(string)
			if of, ok := row["of"].(string); ok {
				id = of // whatever the query makes of it
			}
			d, _, err := tx.Device(id)
			if err != nil {
				return err
			}
			if !(reach.AllDevices() && q.Within == nil) && (!d.Known || !reach.DeviceGroup(d.Group) || q.Within != nil && !slices.Contains(q.Within, d.Group)) {
				continue
			}
			var values []any
			for _, c := range columns {
				values = append(values, row[c])
			}
			if len(r.Rows) < q.Rows {
				r.Rows = append(r.Rows, values)
			} else {
				r.More = true
			}
		}
		return nil
	})
}

// hunt is Run for a person, who chooses rows by their ReportId.
func (e *events) hunt(ctx context.Context, who audit.Actor, q Hunted) (Result, int, error) {
	r, err := e.Run(ctx, who.Name, Query{Text: q.Query, To: e.w.clock(), Rows: q.Most})
	if q.Chosen == nil || err != nil {
		return r, 0, err
	}
	all := r.Rows
	r.Rows = nil
	for _, row := range all {
		if slices.ContainsFunc(q.Chosen, func(c json.RawMessage) bool { return string(c) == fmt.Sprint(row[2]) }) {
			r.Rows = append(r.Rows, row)
		}
	}
	return r, len(q.Chosen) - len(r.Rows), nil
}

// on puts a row of a device there, so long ago.
func (e *events) on(device string, ago time.Duration, report int, more ...string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	row := map[string]any{"Timestamp": e.w.clock().Add(-ago), "DeviceId": device, "ReportId": int64(report), "arrived": e.w.clock()}
	for i := 0; i+1 < len(more); i += 2 {
		row[more[i]] = more[i+1]
	}
	e.rows = append(e.rows, row)
}

func (e *events) windows() (list []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, q := range e.asked {
		list = append(list, fmt.Sprintf("%s to %s", q.From.Format("01-02 15:04"), q.To.Format("01-02 15:04")))
	}
	return list
}

// as is somebody signed in.
func as(name string) audit.Actor { return audit.Actor{Name: name, Via: audit.ViaSession} }

const processes = `DeviceProcessEvents | where FileName =~ "curl.exe" | project Timestamp, DeviceId, ReportId, AccountUpn, FileName, SHA1`

// setting is a detection that is right; change may make it another.
func setting(change ...func(*Setting)) Setting {
	s := Setting{
		Name: "Office starts curl", On: true, Query: processes, Period: "1H", Groups: []string{"Sales"},
		Alert: store.DetectionAlert{
			Title: "curl on {{DeviceId}}", Description: "by {{ AccountUpn }}", Severity: "high", Category: "Execution", Techniques: []string{"T1105"},
			Assets: []store.DetectionAsset{{Kind: "device", Column: "DeviceId"}},
		},
	}
	for _, f := range change {
		f(&s)
	}
	return s
}

func query(text string) func(*Setting)      { return func(s *Setting) { s.Query = text } }
func scope(groups ...string) func(*Setting) { return func(s *Setting) { s.Groups = groups } }
func everywhere(s *Setting)                 { s.AllDevices, s.Groups = true, nil }
func every(period string) func(*Setting)    { return func(s *Setting) { s.Period = period } }
func named(name string) func(*Setting)      { return func(s *Setting) { s.Name = name } }
func isolates(s *Setting) {
	s.Actions = []store.DetectionAction{{Name: "isolateDevice", Columns: []string{"DeviceId"}}}
}
func about(kind, column string) func(*Setting) {
	return func(s *Setting) { s.Alert.Assets = []store.DetectionAsset{{Kind: kind, Column: column}} }
}

// mail is a query over mail.
func mail(s *Setting) {
	s.Query, s.AllDevices, s.Groups = "EmailEvents | project Timestamp, ReportId, RecipientEmailAddress", true, nil
	s.Alert.Title, s.Alert.Description, s.Alert.Assets = "mail", "", []store.DetectionAsset{{Kind: "mailbox", Column: "RecipientEmailAddress"}}
}

func (w *world) create(owner string, change ...func(*Setting)) Item {
	w.t.Helper()
	item, err := w.service.Create(ctx, as(owner), "", setting(change...))
	must(w.t, err)
	return item
}

func (w *world) runDue() int {
	w.t.Helper()
	n, err := runDue(w.service)
	must(w.t, err)
	return n
}

// runDue runs once what is due of each owner, as the scheduler begins it, and tells how many turns that were.
func runDue(s *Service) (int, error) {
	turns, err := s.claim(ctx, atOnce, nil, nil)
	errs := make(chan error, len(turns))
	for _, d := range turns {
		go func() {
			_, err := s.runTurn(ctx, d, Scheduled)
			errs <- err
		}()
	}
	for range turns {
		err = errors.Join(err, <-errs)
	}
	return len(turns), err
}

func (w *world) get(id string) store.Detection {
	w.t.Helper()
	item, err := w.service.Get(ctx, as(ada), id)
	must(w.t, err)
	return item.Detection
}

// queue are the titles of the alerts of detections that somebody sees, the first first.
func (w *world) queue(reader string) []string {
	w.t.Helper()
	page, err := w.cases.Alerts(ctx, reader, investigation.Query{Top: 1000})
	if fault.KindOf(err) == fault.KindDenied {
		return nil
	}
	must(w.t, err)
	var titles []string
	for _, a := range page.Items {
		var alert struct{ ID, Title string }
		must(w.t, json.Unmarshal(a, &alert))
		if strings.HasPrefix(alert.ID, "ea") {
			titles = append(titles, alert.Title)
		}
	}
	slices.Sort(titles)
	return titles
}

func kinds(err error) string { return fault.KindOf(err).String() }
