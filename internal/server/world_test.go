package server

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/analytics"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/detection"
	"github.com/bailiwick/bailiwick/internal/directory"
	"github.com/bailiwick/bailiwick/internal/hunting/authorise"
	"github.com/bailiwick/bailiwick/internal/hunting/feeds"
	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
	"github.com/bailiwick/bailiwick/internal/hunting/kql"
	"github.com/bailiwick/bailiwick/internal/hunting/library"
	"github.com/bailiwick/bailiwick/internal/ingest"
	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/notify"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/response"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/sqlite"
	"github.com/bailiwick/bailiwick/internal/store/sqlite/sqlitetest"
	"github.com/bailiwick/bailiwick/rbac"
)

// The people of the test's company.
const (
	ada   = "ada@contoso.example"   // Global Administrator
	gita  = "gita@contoso.example"  // Global Reader: views roles everywhere, changes none
	elena = "elena@contoso.example" // sees endpoint alerts of Sales devices
	emil  = "emil@contoso.example"  // and changes them, and mail
	enzo  = "enzo@contoso.example"  // the built-in endpoint administrator
	hugo  = "hugo@contoso.example"  // sees endpoint alerts of HR devices
	nora  = "nora@contoso.example"  // has nothing
	vera  = "vera@contoso.example"  // has nothing, and is never given anything
	dora  = "dora@contoso.example"  // disabled
)

// world is a whole server over real rooms and a real store.
type world struct {
	t           testing.TB
	server      *httptest.Server
	store       store.Store
	permissions *permissions.Service
	directory   *directory.Service
	cases       *investigation.Service
	response    *response.Service
	notify      *notify.Service
	feeds       *feeds.Service
	analytics   *analytics.Service
	detection   *detection.Service
	engine      engine
	library     *library.Service
	hunter      *hunt.Hunter
	tokens      map[string]string
	log         *bytes.Buffer
}

var local = audit.Actor{Name: "local:test", Local: true, Via: audit.ViaCLI}

func newWorld(t testing.TB, change ...func(*Config)) *world {
	t.Helper()
	return newWorldOver(t, httptest.NewServer, change...)
}

func newWorldOver(t testing.TB, serve func(http.Handler) *httptest.Server, change ...func(*Config)) *world {
	t.Helper()
	ctx := context.Background()
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o700))
	state := sqlitetest.Open(t, filepath.Join(dir, sqlite.FileName))
	sameIncidents(t, filepath.Join(dir, sqlite.FileName))
	must(t, state.Change(ctx, func(tx store.Writer) error {
		if err := tx.ApplyEdits(company()...); err != nil {
			return err
		}
		_, err := tx.NextPolicyRevision()
		return err
	}))
	w := &world{t: t, store: state, tokens: map[string]string{}, log: &bytes.Buffer{}}
	door := &audit.Door{Store: state}
	var err error
	w.permissions, err = permissions.New(ctx, state, door, catalog.Default(), nil)
	must(t, err)
	w.directory = directory.New(directory.Config{
		Store: state, Door: door, Snapshot: w.permissions.Snapshot, Hashing: directory.Hashing{MemoryKiB: 64, Passes: 1, Threads: 1},
	})
	t.Cleanup(w.directory.Close)
	cases := investigation.New(state, door, w.permissions, byName, nil)
	w.permissions.OnDeviceGroups = cases.Regroup
	w.cases = cases
	w.response = response.New(response.Config{Store: state, Door: door, Snapshots: w.permissions, InSight: cases.InSight, Delivers: true})
	cases.TakeActions = func(tx store.Writer, snapshot *rbac.Snapshot) investigation.ActionTaker {
		return w.response.Taker(tx, snapshot)
	}
	w.notify = notify.New(notify.Config{Store: state, Door: door, Snapshots: w.permissions, Told: cases.Told})
	w.analytics = analytics.New(state, door, w.permissions, investigation.IncidentName, nil)
	w.detection = detection.New(detection.Config{
		Store: state, Door: door, Snapshots: w.permissions, Runner: nothingFound{}, Raise: cases.Raise, InSight: cases.InSight,
		Hunt: func(ctx context.Context, who audit.Actor, q detection.Hunted) (detection.Result, int, error) {
			p, err := w.library.Pick(ctx, who, w.hunter, hunt.Request{Query: q.Query, Timespan: q.Timespan, At: q.At}, q.Chosen, q.Most)
			if err != nil {
				return detection.Result{}, 0, err
			}
			return detection.Result{Columns: p.Names, Rows: p.Rows, More: p.More}, p.Missing, nil
		},
		MayPlace: func(ctx context.Context, tx store.Writer, who audit.Actor, incident string, rec *audit.Record) error {
			return cases.MayPlace(ctx, tx, who, investigation.Place{Incident: incident}, rec)
		},
		Place: func(ctx context.Context, tx store.Writer, who audit.Actor, a store.Alert, incident, title string, rec *audit.Record) (string, error) {
			return cases.PlaceAlert(ctx, tx, who, a, investigation.Place{Incident: incident, Title: title}, rec)
		},
		Catalog: func(snapshot *rbac.Snapshot, reader string, at time.Time) *kql.Catalog {
			return authorise.Of(snapshot, reader, at).Catalog()
		},
	})
	w.feeds = feeds.New(feeds.Config{Store: state, Door: door, Snapshots: w.permissions, Files: onPaper{}, Dir: t.TempDir()})
	w.fill()
	key, err := audit.OpenKey(t.TempDir())
	must(t, err)
	w.library, w.hunter = library.New(state, door, w.permissions, nil), hunt.New(hunt.Config{Store: state, Snapshots: w.permissions, Events: noFiles{}, Workers: &w.engine})
	c := Config{
		Library:  w.library,
		Hunter:   w.hunter,
		AuditKey: key, Permissions: w.permissions, Directory: w.directory, Investigation: cases, Response: w.response, Notify: w.notify, Feeds: w.feeds, Analytics: w.analytics, Detection: w.detection, Audit: door, Store: state, Catalog: catalog.Default(),
		Log: slog.New(slog.NewJSONHandler(w.log, nil)),
	}
	for _, f := range change {
		f(&c)
	}
	w.server = serve(New(c))
	t.Cleanup(w.server.Close)
	return w
}

// nothingFound runs queries over no events.
type nothingFound struct{}

func (nothingFound) Run(context.Context, string, detection.Query) (detection.Result, error) {
	return detection.Result{Columns: []string{"Timestamp", "DeviceId", "ReportId"}}, nil
}

// sameIncidents lets every world open incidents of the same ids for the same alerts. Outside tests each has a secret of its own.
func sameIncidents(t testing.TB, file string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	must(t, err)
	_, err = db.Exec(`UPDATE correlation SET secret = x'00'`)
	must(t, err)
	must(t, db.Close())
}

// keepRules writes notification rules that have their names for ids.
func (w *world) keepRules(ids ...string) {
	w.t.Helper()
	must(w.t, w.store.Change(context.Background(), func(tx store.Writer) error {
		for _, id := range ids {
			if err := tx.PutNotificationRule(store.NotificationRule{ID: id, Name: id, Severities: []string{"high"}, Everywhere: true, Recipients: []store.Recipient{{User: elena, Mail: elena}}, Updated: time.Now().UTC(), UpdatedBy: ada}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// keepDetections writes detections of Hugo's on devices of HR.
func (w *world) keepDetections(ids ...string) {
	w.t.Helper()
	must(w.t, w.store.Change(context.Background(), func(tx store.Writer) error {
		for _, id := range ids {
			if err := putDetection(tx, id, rbac.SetOf(rbac.Endpoint), 1, "HR devices"); err != nil {
				return err
			}
		}
		return nil
	}))
}

// byName puts a device into the group whose rule its name begins like, or one of whose tags it has.
func byName(groups []rbac.DeviceGroup) func(store.Device) string {
	return func(d store.Device) string {
		for _, g := range groups {
			for _, pattern := range g.Match.Name {
				if strings.HasPrefix(d.Name, strings.TrimSuffix(pattern, "*")) {
					return g.Name
				}
			}
			if slices.ContainsFunc(d.AllTags(), func(tag string) bool { return slices.Contains(g.Match.Tag, tag) }) {
				return g.Name
			}
		}
		return rbac.UngroupedDevices
	}
}

func company() []rbac.Edit {
	user := func(name string, roles ...string) rbac.Edit {
		return rbac.PutUser{User: rbac.User{Name: name, DisplayName: strings.ToUpper(name[:1]) + name[1:4], GlobalRoles: roles}}
	}
	give := func(id string, w rbac.Workload, role, group string) rbac.Edit {
		return rbac.PutAssignment{Assignment: rbac.Assignment{
			ID: id, Role: rbac.RoleRef{Workload: w, Name: role}, Group: group, Scope: rbac.Scope{All: true},
		}}
	}
	return []rbac.Edit{
		rbac.SetEndpointRoles{On: true},
		user(ada, "Global Administrator"), user(gita, "Global Reader"),
		user(elena), user(emil), user(enzo), user(hugo), user(nora), user(vera),
		rbac.PutUser{User: rbac.User{Name: dora, Disabled: true}},
		rbac.PutGroup{Group: rbac.Group{Name: "sales-tier1", Members: []string{elena}}},
		rbac.PutGroup{Group: rbac.Group{Name: "sales-tier2", Members: []string{emil}}},
		rbac.PutGroup{Group: rbac.Group{Name: "hr-tier1", Members: []string{hugo}}},
		rbac.PutGroup{Group: rbac.Group{Name: "machines", Members: []string{enzo}}},
		rbac.SetDeviceGroups{DeviceGroups: []rbac.DeviceGroup{
			{Name: "Sales devices", Match: rbac.Match{Name: []string{"sales-*"}}, Access: []string{"sales-tier1", "sales-tier2"}},
			{Name: "HR devices", Match: rbac.Match{Name: []string{"hr-*"}, Tag: []string{"hr"}}, Access: []string{"hr-tier1"}},
			{Name: rbac.UngroupedDevices},
		}},
		rbac.PutRole{Role: rbac.Role{ID: "rol_span", Workload: rbac.Unified, Name: "Span", Permissions: []string{"Alerts"}}},
		rbac.PutAssignment{Assignment: rbac.Assignment{ID: "asg_span", Set: "set_span", Name: "HR", Role: rbac.RoleRef{Workload: rbac.Unified, Name: "Span"},
			Group: "hr-tier1", Scope: rbac.Scope{All: true}, Sources: rbac.Sources{Workloads: rbac.SetOf(rbac.Identity)}}},
		rbac.PutRole{Role: rbac.Role{ID: "rol_reader", Workload: rbac.Endpoint, Name: "Endpoint reader", Permissions: []string{"View data - Security operations"}}},
		rbac.PutRole{Role: rbac.Role{ID: "rol_worker", Workload: rbac.Endpoint, Name: "Endpoint worker", Permissions: []string{"View data - Security operations", "Alerts investigation"}}},
		rbac.PutRole{Role: rbac.Role{ID: "rol_mail", Workload: rbac.Office365, Name: "Mail worker", Permissions: []string{"Security Reader", "Manage Alerts"}}},
		give("asg_reader", rbac.Endpoint, "Endpoint reader", "sales-tier1"),
		give("asg_worker", rbac.Endpoint, "Endpoint worker", "sales-tier2"),
		give("asg_mail", rbac.Office365, "Mail worker", "sales-tier2"),
		give("asg_hr", rbac.Endpoint, "Endpoint reader", "hr-tier1"),
		give("asg_enzo", rbac.Endpoint, rbac.EndpointAdministrator, "machines"),
	}
}

// fill loads the samples, and 30 alerts on a device of Sales beside 5 on one of HR.
func (w *world) fill() {
	w.t.Helper()
	w.load("made", made())
	for _, name := range []string{"alert-endpoint.json", "alert-identity.json", "incident-three-workloads.json"} {
		text, err := os.ReadFile(filepath.Join("..", "ingest", "testdata", name))
		must(w.t, err)
		w.load(name, string(text))
	}
}

// load takes a file in.
func (w *world) load(name, text string) {
	w.t.Helper()
	_, err := w.cases.Load(context.Background(), local, name, func(take func(store.Record) error) error {
		_, err := ingest.Read(name, strings.NewReader(text), take)
		return err
	})
	must(w.t, err)
}

func made() string {
	var b strings.Builder
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	one := func(id, device, severity string, n int) {
		at := begin.Add(time.Duration(n) * time.Minute).Format(time.RFC3339)
		fmt.Fprintf(&b, `{"id":%q,"incidentId":"i%s","title":"Alert %d","status":"new","severity":%q,"serviceSource":"microsoftDefenderForEndpoint",
			"createdDateTime":%q,"lastUpdateDateTime":%q,"evidence":[{"@odata.type":"#microsoft.graph.security.deviceEvidence",
			"mdeDeviceId":%q,"deviceDnsName":%q,"createdDateTime":%q}]}`+"\n", id, id, n, severity, at, at, device, device, at)
	}
	for n := range 30 {
		one(fmt.Sprintf("sales%02d", n), "sales-01", []string{"high", "low", "medium"}[n%3], n)
	}
	for n := range 5 {
		one(fmt.Sprintf("hr%02d", n), "hr-01", "high", n)
	}
	return strings.ReplaceAll(strings.ReplaceAll(b.String(), "\t", ""), ",\n", ",")
}

// token makes one for a user, once.
func (w *world) token(user string) string {
	w.t.Helper()
	if user == "" {
		return ""
	}
	if w.tokens[user] == "" {
		plain, _, err := w.directory.CreateToken(context.Background(), local, directory.NewToken{Owner: user, Name: "test", TTL: time.Hour})
		must(w.t, err)
		w.tokens[user] = plain
	}
	return w.tokens[user]
}

// reply is what came back.
type reply struct {
	Status int
	Header http.Header
	Body   string
}

func (r reply) json(t testing.TB) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(r.Body), &v); err != nil {
		t.Fatalf("status %d, body %q: %v", r.Status, r.Body, err)
	}
	return v
}

// ask sends a request as a user; body may be nil. Pairs are headers.
func (w *world) ask(user, method, path string, body any, pairs ...string) reply {
	w.t.Helper()
	var content io.Reader
	if body != nil {
		text, ok := body.(string)
		if !ok {
			encoded, err := json.Marshal(body)
			must(w.t, err)
			text = string(encoded)
		}
		content = strings.NewReader(text)
	}
	r, err := http.NewRequest(method, w.server.URL+path, content)
	must(w.t, err)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if user != "" {
		r.Header.Set("Authorization", "Bearer "+w.token(user))
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		r.Header.Set(pairs[i], pairs[i+1])
	}
	answer, err := w.server.Client().Do(r)
	must(w.t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	must(w.t, err)
	return reply{answer.StatusCode, answer.Header, string(text)}
}

// want asks and demands a status.
func (w *world) want(status int, user, method, path string, body any, pairs ...string) reply {
	w.t.Helper()
	r := w.ask(user, method, path, body, pairs...)
	if r.Status != status {
		w.t.Errorf("%s %s as %q: got %d, want %d: %s", method, path, user, r.Status, status, r.Body)
	}
	return r
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func jsonText(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}
