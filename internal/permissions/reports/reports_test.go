package reports_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/permissions/policyfile"
	"github.com/bailiwick/bailiwick/internal/permissions/reports"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/sqlite/sqlitetest"
	"github.com/bailiwick/bailiwick/rbac"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

type centre struct {
	t     *testing.T
	store store.Store
	*permissions.Service
}

func newCentre(t *testing.T, policy string) *centre {
	t.Helper()
	ctx := context.Background()
	state := sqlitetest.Open(t, filepath.Join(t.TempDir(), "bailiwick.db"))
	now := func() time.Time { return noon }
	s, err := permissions.New(ctx, state, &audit.Door{Store: state, Now: now}, catalog.Default(), now)
	if err != nil {
		t.Fatal(err)
	}
	f, err := policyfile.Parse("policy.yaml", []byte(policy))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.ApplyPolicy(ctx, audit.Actor{Name: "root", Local: true}, f, false); err != nil {
		t.Fatal(err)
	}
	return &centre{t, state, s}
}

func (c *centre) take(actor string, q reports.Query) (string, error) {
	c.t.Helper()
	r, err := reports.Take(context.Background(), c.Service, audit.Actor{Name: actor}, q)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	if err := r.Write(&b); err != nil {
		c.t.Fatal(err)
	}
	return b.String(), nil
}

func (c *centre) entries() []audit.Entry {
	c.t.Helper()
	var page audit.Page
	err := c.store.View(context.Background(), func(r store.Reader) (err error) {
		page, err = audit.ListAll(r, audit.Query{Operation: "reports", Limit: 100})
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return page.Items
}

const shared = `
apiVersion: bailiwick/v1
workloads:
  endpoint: {roles: on}
users:
  - {name: ada, globalRoles: [Global Administrator]}
  - {name: rolf}
  - {name: mira, displayName: Mira}
  - {name: tom}
groups:
  - {name: mail-admins, members: [rolf]}
  - {name: readers, members: [mira]}
roles:
  - name: Mail role managers
    workload: office365
    permissions: [Role Management]
    assignments: [{groups: [mail-admins]}]
  - name: Mail readers
    workload: office365
    permissions: [Security Reader]
    assignments: [{groups: [readers]}]
`

// What one role manager may not know: two centres that differ in it alone.
const one = shared + `
  - name: Secret
    workload: cloudapps
    permissions: [Security reader]
    assignments: [{users: [mira]}]
`

const two = shared + `
  - name: Other
    workload: endpoint
    permissions: [View data - Security operations, Alerts investigation]
    assignments: [{users: [tom, mira]}]
  - name: Secret
    workload: cloudapps
    permissions: [Compliance admin]
    assignments: [{users: [tom]}]
deviceGroups:
  - {name: Hidden, match: {name: ["h*"]}, access: [readers]}
`

var made = regexp.MustCompile(`(rol|asg)_[0-9a-z]+`)

func TestReportsTellARoleManagerTheSameInTwoWorlds(t *testing.T) {
	a, b := newCentre(t, one), newCentre(t, two)
	for _, of := range reports.Kinds {
		for _, form := range []string{reports.CSV, reports.JSON} {
			for _, who := range []string{"rolf", "tom", "nobody"} {
				if who == "tom" && of == reports.Matrix {
					continue // Their own access is what differs, and theirs to know.
				}
				q := reports.Query{Of: of, Format: form}
				x, refusedX := a.take(who, q)
				y, refusedY := b.take(who, q)
				x, y = made.ReplaceAllString(x, "ID"), made.ReplaceAllString(y, "ID")
				if x != y || fmt.Sprint(refusedX) != fmt.Sprint(refusedY) {
					t.Errorf("%s as %s, by %s:\n%s%v\n--- and ---\n%s%v", of, form, who, x, refusedX, y, refusedY)
				}
				if who == "rolf" && (refusedX != nil || !strings.Contains(x, "office365") || strings.Contains(x, "Secret") || strings.Contains(x, "cloudapps")) {
					t.Errorf("%s as %s: %v\n%s", of, form, refusedX, x)
				}
			}
		}
	}
	if x, _ := a.take("ada", reports.Query{Of: reports.Roles, Format: reports.CSV}); !strings.Contains(x, "Secret") {
		t.Error("who may know everything is told too little: the worlds would not differ")
	}
}

// TestEachReportIsRecorded: who took what, before they have it; and who was refused.
func TestEachReportIsRecorded(t *testing.T) {
	c := newCentre(t, one)
	if _, err := c.take("ada", reports.Query{Of: reports.Matrix, Format: reports.CSV, Search: "mira"}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.take("tom", reports.Query{Of: reports.Roles, Format: reports.CSV}); fault.KindOf(err) != fault.KindDenied {
		t.Fatal(err)
	}
	list := c.entries()
	if len(list) != 2 {
		t.Fatalf("%d entries", len(list))
	}
	if e := list[0]; e.Actor != "tom" || e.Operation != "reports.roles" || e.Outcome != audit.Refused {
		t.Errorf("the refusal: %+v", e)
	}
	if e := list[1]; e.Actor != "ada" || e.Operation != "reports.matrix" || e.Outcome != audit.Done || !strings.Contains(string(e.After), `"q":"mira"`) || e.PolicyRevision == 0 {
		t.Errorf("the report: %+v", e)
	}
}

// TestAMatrixOfManyIsWhole: it is read a part at a time, and nobody is left out or met twice between two parts.
func TestAMatrixOfManyIsWhole(t *testing.T) {
	var b strings.Builder
	b.WriteString("apiVersion: bailiwick/v1\nusers:\n  - {name: ada, globalRoles: [Global Administrator]}\n")
	for i := range 2500 {
		fmt.Fprintf(&b, "  - {name: u%04d}\n", i)
	}
	c := newCentre(t, b.String())
	text, err := c.take("ada", reports.Query{Of: reports.Matrix, Format: reports.CSV})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	met := map[string]bool{}
	for _, row := range rows[1:] {
		met[row[0]] = true
	}
	if len(rows) != 2502 || len(met) != 2501 {
		t.Errorf("%d rows, %d people", len(rows), len(met))
	}
	text, err = c.take("ada", reports.Query{Of: reports.Matrix, Format: reports.JSON})
	var whole struct {
		Items []struct{ Principal string }
	}
	if err != nil || json.Unmarshal([]byte(text), &whole) != nil || len(whole.Items) != 2501 {
		t.Errorf("JSON: %d people, %v", len(whole.Items), err)
	}
}

// TestAReportEndsWithTheRightToIt: whoever loses it while a long report is written gets no more than the part that was read.
func TestAReportEndsWithTheRightToIt(t *testing.T) {
	var b strings.Builder
	b.WriteString("apiVersion: bailiwick/v1\nusers:\n  - {name: ada, globalRoles: [Global Administrator]}\n  - {name: bea, globalRoles: [Global Reader]}\n")
	for i := range 2500 {
		fmt.Fprintf(&b, "  - {name: u%04d}\n", i)
	}
	c := newCentre(t, b.String())
	ctx := context.Background()
	r, err := reports.Take(ctx, c.Service, audit.Actor{Name: "bea"}, reports.Query{Of: reports.Matrix, Format: reports.JSON})
	if err != nil {
		t.Fatal(err)
	}
	var out revoking
	out.revoke = func() {
		if _, err := c.Do(ctx, audit.Actor{Name: "ada"}, permissions.PutUser(rbac.User{Name: "bea"})); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Write(&out); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("revoked: %v", err)
	}
	if n := strings.Count(out.String(), `"principal"`); n != 1000 {
		t.Errorf("%d people told", n)
	}
}

// revoking takes a right away at the first line.
type revoking struct {
	strings.Builder
	revoke func()
}

func (r *revoking) Write(text []byte) (int, error) {
	if r.revoke != nil {
		r.revoke()
		r.revoke = nil
	}
	return r.Builder.Write(text)
}

func TestAReportThatMakesNoSenseIsToldSo(t *testing.T) {
	c := newCentre(t, shared)
	for want, q := range map[string]reports.Query{
		"there is no report of":   {Of: "things", Format: reports.CSV},
		"there is no form":        {Of: reports.Roles, Format: "xlsx"},
		"chosen by workload only": {Of: reports.Assignments, Format: reports.CSV, Search: "x"},
		"no person or group":      {Of: reports.RoleMatrix, Format: reports.CSV, Principal: "mira"},
		"no group":                {Of: reports.Matrix, Format: reports.CSV, Group: "none"},
		"no device group":         {Of: reports.Matrix, Format: reports.CSV, DeviceGroup: "none"},
	} {
		if _, err := c.take("ada", q); fault.KindOf(err) != fault.KindInvalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", q, err, want)
		}
	}
	if list := c.entries(); len(list) != 0 {
		t.Errorf("recorded, though nothing was taken: %+v", list)
	}
}
