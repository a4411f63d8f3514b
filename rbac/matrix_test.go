package rbac_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/bailiwick/bailiwick/rbac"
)

// TestTheMatrixIsWhatEachIsAnswered holds each cell against Effective and Decide, for random policies, moments, device
// groups and pages.
func TestTheMatrixIsWhatEachIsAnswered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPolicy(t)
		s := compile(t, p)
		q := rbac.MatrixQuery{At: one(t, "moment", []time.Time{noon, noon.Add(-1), noon.Add(-time.Hour), noon.Add(time.Hour), {}})}
		q.Workloads = append(slices.Clone(rbac.Workloads), rbac.Other)
		if rapid.Bool().Draw(t, "on a device group") {
			q.DeviceGroup = one(t, "device group", s.DeviceGroups()).Name
		}
		whole, err := s.Matrix(q)
		if err != nil {
			t.Fatal(err)
		}
		if whole.Total != len(p.Users) || len(whole.Rows) != len(p.Users) || whole.Next != "" {
			t.Fatalf("%d users, %d rows of %d", len(p.Users), len(whole.Rows), whole.Total)
		}
		has := map[string]bool{}
		for _, row := range whole.Rows {
			e := s.Effective(row.User.Name, q.At)
			if e.Reason != row.Reason {
				t.Fatalf("%s: %s, effective %s", row.User.Name, row.Reason, e.Reason)
			}
			if q.DeviceGroup == "" {
				if diff := cmp.Diff(e.Cells, row.Cells, cmpopts.EquateEmpty()); diff != "" {
					t.Fatalf("%s: effective and matrix differ:\n%s\n%+v", row.User.Name, diff, p)
				}
			}
			for _, cell := range row.Cells {
				r := rbac.Request{Principal: row.User.Name, Capability: cell.Capability, Resource: rbac.Resource{Workloads: []rbac.Workload{cell.Workload}}, At: q.At}
				if q.DeviceGroup != "" {
					r.Resource.DeviceGroups = []string{q.DeviceGroup}
				}
				if d := s.Decide(r); d.Allowed != cell.Allowed || d.Verdicts[0].Reason != cell.Reason {
					t.Fatalf("%+v: the matrix says %s, the decision %s\n%+v", r, cell.Reason, d.Verdicts[0].Reason, p)
				}
				has[row.User.Name] = has[row.User.Name] || cell.Somewhere
			}
		}
		// Only who has, page by page: the same rows, and the exact total on each page.
		q.OnlyHas, q.Limit = true, rapid.IntRange(1, 3).Draw(t, "limit")
		var paged []rbac.MatrixRow
		for {
			page, err := s.Matrix(q)
			if err != nil {
				t.Fatal(err)
			}
			paged = append(paged, page.Rows...)
			if want := count(has); page.Total != want {
				t.Fatalf("%d may do something, the page says %d\n%+v", want, page.Total, p)
			}
			if q.After = page.Next; q.After == "" {
				break
			}
		}
		var want []rbac.MatrixRow
		for _, row := range whole.Rows {
			if has[row.User.Name] {
				want = append(want, row)
			}
		}
		if diff := cmp.Diff(want, paged, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("pages of who has:\n%s", diff)
		}
	})
}

func count(has map[string]bool) int {
	n := 0
	for _, yes := range has {
		if yes {
			n++
		}
	}
	return n
}

// TestARolesRowIsWhatAViewOfItAllows: the matrix of roles, the view of a role and the proof of a cell say the same.
func TestARolesRowIsWhatAViewOfItAllows(t *testing.T) {
	const ada = "ada@contoso.example"
	rapid.Check(t, func(t *rapid.T) {
		p := drawPolicy(t)
		p.Users = append(p.Users, rbac.User{Name: ada, GlobalRoles: []string{"Global Administrator"}})
		s := compile(t, p)
		var refs []rbac.RoleRef
		for _, r := range s.Roles() {
			refs = append(refs, r.Ref())
		}
		m, err := s.Matrix(rbac.MatrixQuery{Roles: refs, At: noon})
		if err != nil || len(m.Rows) != len(refs) {
			t.Fatalf("%d roles, %d rows: %v", len(refs), len(m.Rows), err)
		}
		row := one(t, "role", m.Rows)
		v, err := s.ViewAs(ada, rbac.Viewed{Role: row.Role}, noon)
		if err != nil {
			t.Fatal(err)
		}
		for _, cell := range row.Cells {
			r := rbac.Request{Principal: ada, Capability: cell.Capability, Resource: rbac.Resource{Workloads: []rbac.Workload{cell.Workload}}, At: noon}
			if v.Decide(r).Allowed != cell.Allowed {
				t.Fatalf("%v %s in %s: the matrix says %v", row.Role, cell.Capability, cell.Workload, cell.Allowed)
			}
			e, err := s.ExplainRole(row.Role, r)
			if err != nil || e.Allowed != cell.Allowed || e.Proofs[0].Reason != cell.Reason || len(e.Proofs[0].Remedies) > 0 {
				t.Fatalf("%v %s in %s: the matrix says %s, the proof %+v, %v", row.Role, cell.Capability, cell.Workload, cell.Reason, e, err)
			}
		}
	})
}

// BenchmarkMatrix5000 is 5,000 people x 12 capabilities x 4 workloads, all cells with reasons and device groups, of the
// policy of the other benchmarks; then the same by asking each cell's decision; then the first page of those who may
// manage alerts, out of 100,000.
func BenchmarkMatrix5000(b *testing.B) {
	s := benchSnapshot(b)
	chosen := map[string]bool{}
	rnd := rand.New(rand.NewPCG(7, 11))
	users := s.Users()
	for len(chosen) < 5000 {
		chosen[users[rnd.IntN(len(users))].Name] = true
	}
	keep := func(u rbac.User) bool { return chosen[u.Name] }
	cells := 5000 * len(rbac.Capabilities) * len(rbac.Workloads)
	b.Run("matrix", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			m, err := s.Matrix(rbac.MatrixQuery{Keep: keep, At: benchNow})
			if err != nil || len(m.Rows)*len(m.Rows[0].Cells) != cells {
				b.Fatalf("%d rows, %v", len(m.Rows), err)
			}
		}
	})
	b.Run("decide", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for name := range chosen {
				for _, w := range rbac.Workloads {
					for _, c := range rbac.Capabilities {
						s.Decide(rbac.Request{Principal: name, Capability: c, Resource: rbac.Resource{Workloads: []rbac.Workload{w}}, At: benchNow})
					}
				}
			}
		}
	})
	b.Run("effective", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for name := range chosen {
				s.Effective(name, benchNow)
			}
		}
	})
	b.Run("page50of100000", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			m, err := s.Matrix(rbac.MatrixQuery{Capabilities: []rbac.Capability{rbac.ManageAlerts}, OnlyHas: true, Limit: 50, At: benchNow})
			if err != nil || len(m.Rows) != 50 {
				b.Fatalf("%d rows, %v", len(m.Rows), err)
			}
		}
	})
}
