package rbac_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

// The organisation that the benchmarks ask about: large, but not larger than ones that exist.
const (
	benchUsers        = 100_000
	benchMemberships  = 300_000
	benchGroups       = 5_000
	benchRoles        = 1_000
	benchDeviceGroups = 500
	benchAssignments  = 15_000
)

var benchNow = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// benchPolicy makes the organisation, the same at every run.
func benchPolicy() rbac.Policy {
	rnd := rand.New(rand.NewPCG(7, 11))
	pick := func(n int) int { return rnd.IntN(n) }
	p := rbac.Policy{Revision: 1, EndpointRoles: true}
	for i := range benchUsers {
		u := rbac.User{Name: fmt.Sprintf("user.%06d@contoso.example", i), DisplayName: fmt.Sprintf("User %d", i)}
		if i%20_000 == 0 {
			u.GlobalRoles = []string{"Security Reader"}
		}
		p.Users = append(p.Users, u)
	}
	members := make([]map[string]bool, benchGroups)
	for i := range members {
		members[i] = map[string]bool{}
	}
	for range benchMemberships {
		members[pick(benchGroups)][p.Users[pick(benchUsers)].Name] = true
	}
	for i, set := range members {
		g := rbac.Group{Name: fmt.Sprintf("group-%04d", i)}
		for name := range set {
			g.Members = append(g.Members, name)
		}
		slices.Sort(g.Members)
		p.Groups = append(p.Groups, g)
	}
	for i := range benchDeviceGroups {
		g := rbac.DeviceGroup{Name: fmt.Sprintf("devices %03d", i), Open: i%50 == 0}
		for range 10 {
			g.Access = append(g.Access, p.Groups[pick(benchGroups)].Name)
		}
		p.DeviceGroups = append(p.DeviceGroups, g)
	}
	byWorkload := map[rbac.Workload][]string{}
	for _, permission := range catalog.Default().Permissions {
		if !permission.Reserved {
			byWorkload[permission.Workload] = append(byWorkload[permission.Workload], permission.Name)
		}
	}
	for i := range benchRoles {
		w := []rbac.Workload{rbac.Endpoint, rbac.Endpoint, rbac.Office365, rbac.CloudApps}[i%4]
		r := rbac.Role{Workload: w, Name: fmt.Sprintf("role %04d", i)}
		for range 1 + pick(4) {
			if name := byWorkload[w][pick(len(byWorkload[w]))]; !slices.Contains(r.Permissions, name) {
				r.Permissions = append(r.Permissions, name)
			}
		}
		p.Roles = append(p.Roles, r)
	}
	for i := range benchAssignments {
		r := p.Roles[pick(benchRoles)]
		a := rbac.Assignment{ID: fmt.Sprintf("asg-%05d", i), Role: r.Ref(), Scope: rbac.Scope{All: true}}
		if i%15 == 0 {
			a.User = p.Users[pick(benchUsers)].Name
		} else {
			a.Group = p.Groups[pick(benchGroups)].Name
		}
		if r.Workload == rbac.Endpoint && i%5 == 0 {
			a.Scope = rbac.Scope{}
			for range 3 {
				a.Scope.DeviceGroups = append(a.Scope.DeviceGroups, p.DeviceGroups[pick(benchDeviceGroups)].Name)
			}
		}
		if i%20 == 0 {
			a.NotBefore, a.NotAfter = benchNow.Add(-time.Hour), benchNow.Add(time.Hour)
		}
		p.Assignments = append(p.Assignments, a)
	}
	return p
}

var benchShared *rbac.Snapshot

func benchSnapshot(b *testing.B) *rbac.Snapshot {
	b.Helper()
	if benchShared == nil {
		s, err := rbac.Compile(catalog.Default(), benchPolicy())
		if err != nil {
			b.Fatal(err)
		}
		benchShared = s
	}
	return benchShared
}

// benchCapabilities are those that are asked about: all that endpoint has.
var benchCapabilities = []rbac.Capability{
	rbac.ViewInvestigation, rbac.ViewHunting, rbac.ManageAlerts, rbac.Remediate, rbac.ManageDetections,
	rbac.AnalyticsAlerts, rbac.AnalyticsMitigations,
}

// question is one asked a check: who, what, where.
type question struct {
	name string
	user rbac.UserID
	c    rbac.Capability
	w    rbac.Workload
	dg   rbac.DeviceGroupID
}

// questions are asked in random order, so that no cache knows the answer beforehand.
func questions(s *rbac.Snapshot) []question {
	rnd := rand.New(rand.NewPCG(3, 5))
	list := make([]question, 1<<16)
	for i := range list {
		q := question{name: fmt.Sprintf("user.%06d@contoso.example", rnd.IntN(benchUsers)), c: benchCapabilities[rnd.IntN(len(benchCapabilities))], w: rbac.Endpoint}
		q.user, _ = s.UserID(q.name)
		q.dg, _ = s.DeviceGroupID(fmt.Sprintf("devices %03d", rnd.IntN(benchDeviceGroups)))
		list[i] = q
	}
	return list
}

var benchSink int

func BenchmarkCheckByID(b *testing.B) {
	s, _ := benchBare(b)
	qs, now := questions(s), benchNow.UnixNano()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		q := &qs[i&(1<<16-1)]
		if s.Check(q.user, q.c, q.w, q.dg, now) {
			benchSink++
		}
	}
}

// bare is what one would write without roles: a map of names, and for each user and capability a bitset of device
// groups, every answer worked out beforehand. It knows neither time nor change, and can't say why.
type bare struct {
	names map[string]uint32
	users [][]bareBits
}

type bareBits []uint64

func newBare(s *rbac.Snapshot) *bare {
	f := &bare{names: map[string]uint32{}, users: make([][]bareBits, benchUsers)}
	for i := range benchUsers {
		name := fmt.Sprintf("user.%06d@contoso.example", i)
		f.names[name] = uint32(i)
		f.users[i] = make([]bareBits, len(benchCapabilities))
		for c, capability := range benchCapabilities {
			f.users[i][c] = make(bareBits, (benchDeviceGroups+64)/64)
			for _, group := range s.Reach(name, capability, benchNow).DeviceGroups() {
				dg, _ := s.DeviceGroupID(group)
				f.users[i][c][dg/64] |= 1 << (dg % 64)
			}
		}
	}
	return f
}

func (f *bare) check(user uint32, c rbac.Capability, dg rbac.DeviceGroupID) bool {
	return f.users[user][c-rbac.ViewInvestigation][dg>>6]&(1<<(dg&63)) != 0
}

var bareShared *bare

// benchBare makes both sides before either is measured, and clears away what making them left: neither is to be slowed
// by the other's garbage.
func benchBare(b *testing.B) (*rbac.Snapshot, *bare) {
	s := benchSnapshot(b)
	if bareShared == nil {
		bareShared = newBare(s)
	}
	runtime.GC()
	return s, bareShared
}

func BenchmarkBaselineByID(b *testing.B) {
	s, f := benchBare(b)
	qs := questions(s)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		q := &qs[i&(1<<16-1)]
		if f.check(uint32(q.user), q.c, q.dg) {
			benchSink++
		}
	}
}

func BenchmarkCheckByName(b *testing.B) {
	s, _ := benchBare(b)
	qs, now := questions(s), benchNow.UnixNano()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		q := &qs[i&(1<<16-1)]
		user, ok := s.UserID(q.name)
		if ok && s.Check(user, q.c, q.w, q.dg, now) {
			benchSink++
		}
	}
}

func BenchmarkBaselineByName(b *testing.B) {
	s, f := benchBare(b)
	qs := questions(s)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		q := &qs[i&(1<<16-1)]
		user, ok := f.names[q.name]
		if ok && f.check(user, q.c, q.dg) {
			benchSink++
		}
	}
}

// TestBaselineAgrees keeps the benchmarks honest: both answer alike.
func TestBaselineAgrees(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the whole benchmark organisation")
	}
	s, err := rbac.Compile(catalog.Default(), benchPolicy())
	if err != nil {
		t.Fatal(err)
	}
	f := newBare(s)
	allowed := 0
	for _, q := range questions(s) {
		got := s.Check(q.user, q.c, q.w, q.dg, benchNow.UnixNano())
		if want := f.check(uint32(q.user), q.c, q.dg); got != want {
			t.Fatalf("%+v: the snapshot says %v, the bare bits %v", q, got, want)
		}
		if got {
			allowed++
		}
	}
	if allowed == 0 {
		t.Fatal("nothing is allowed: the questions measure nothing")
	}
}

// benchShelf is 10,000 alerts of four workloads in all device groups.
func benchShelf(s *rbac.Snapshot) *rbac.Shelf {
	rnd := rand.New(rand.NewPCG(1, 2))
	var classes []rbac.Class
	for i := range benchDeviceGroups {
		c, _ := s.Class(rbac.Item{Workloads: rbac.SetOf(rbac.Endpoint), DeviceGroups: []string{fmt.Sprintf("devices %03d", i)}})
		classes = append(classes, c)
	}
	for _, w := range []rbac.Workload{rbac.Office365, rbac.CloudApps, rbac.Identity} {
		c, _ := s.Class(rbac.Item{Workloads: rbac.SetOf(w)})
		classes = append(classes, c)
	}
	of := make([]uint32, 10_000)
	for i := range of {
		of[i] = uint32(rnd.IntN(len(classes)))
	}
	return rbac.NewShelf(classes, of)
}

// benchReader is somebody who sees alerts on several device groups, but not on all.
func benchReader(b *testing.B, s *rbac.Snapshot) (string, rbac.Reach) {
	for _, u := range s.Policy().Users {
		if r := s.Reach(u.Name, rbac.ViewInvestigation, benchNow); r.Workload(rbac.Endpoint) && !r.AllDevices() && len(r.DeviceGroups()) > 12 {
			return u.Name, r
		}
	}
	b.Fatal("nobody sees a part")
	return "", rbac.Reach{}
}

func BenchmarkVisible10000(b *testing.B) {
	s := benchSnapshot(b)
	shelf := benchShelf(s)
	_, reach := benchReader(b, s)
	to := make([]uint32, 0, 10_000)
	b.ReportAllocs()
	for b.Loop() {
		benchSink += len(shelf.Visible(reach, to[:0]))
	}
}

func BenchmarkBaselineVisible10000(b *testing.B) {
	to := make([]uint32, 0, 10_000)
	open := make([]bool, 10_000)
	for i := range open {
		open[i] = i%37 == 0
	}
	for b.Loop() {
		list := to[:0]
		for i, yes := range open {
			if yes {
				list = append(list, uint32(i))
			}
		}
		benchSink += len(list)
	}
}

func BenchmarkVisibleBits10000(b *testing.B) {
	s := benchSnapshot(b)
	shelf := benchShelf(s)
	_, reach := benchReader(b, s)
	to := make([]uint64, (10_000+63)/64)
	b.ReportAllocs()
	for b.Loop() {
		shelf.VisibleBits(reach, to)
	}
}

func BenchmarkBaselineVisibleBits10000(b *testing.B) {
	from, to := make([]uint64, (10_000+63)/64), make([]uint64, (10_000+63)/64)
	for b.Loop() {
		copy(to, from)
	}
}

func BenchmarkReach(b *testing.B) {
	s := benchSnapshot(b)
	name, _ := benchReader(b, s)
	b.ReportAllocs()
	for b.Loop() {
		if s.Reach(name, rbac.ViewInvestigation, benchNow).None() {
			b.Fatal("sees nothing")
		}
	}
}

func benchExplain(b *testing.B, allowed bool) {
	s := benchSnapshot(b)
	var rs []rbac.Request
	for _, q := range questions(s)[:20_000] {
		if s.Check(q.user, q.c, q.w, q.dg, benchNow.UnixNano()) == allowed {
			rs = append(rs, rbac.Request{Principal: q.name, Capability: q.c, At: benchNow, Resource: rbac.Resource{
				Workloads: []rbac.Workload{q.w}, DeviceGroups: []string{s.DeviceGroups()[q.dg].Name},
			}})
		}
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if e := s.Explain(rs[i%len(rs)]); e.Allowed != allowed {
			b.Fatalf("%+v", e)
		}
	}
}

func BenchmarkExplainAllow(b *testing.B) { benchExplain(b, true) }
func BenchmarkExplainDeny(b *testing.B)  { benchExplain(b, false) }

func BenchmarkWhoCanPage100(b *testing.B) {
	s := benchSnapshot(b)
	q := rbac.WhoCan{Capability: rbac.ViewInvestigation, At: benchNow, Limit: 100,
		Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Endpoint}, DeviceGroups: []string{"devices 100"}}}
	b.ReportAllocs()
	for b.Loop() {
		if page := s.WhoCan(q); page.Total < 100 || len(page.Items) != 100 {
			b.Fatal(page.Total)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	p := benchPolicy()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rbac.Compile(catalog.Default(), p); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s, _ := rbac.Compile(catalog.Default(), p)
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB-kept")
	runtime.KeepAlive(s)
	runtime.KeepAlive(p)
}

// BenchmarkGrantToCheck changes one grant and asks the question that it opens.
func BenchmarkGrantToCheck(b *testing.B) {
	s := benchSnapshot(b)
	name := "user.000077@contoso.example"
	grant := rbac.PutAssignment{Assignment: rbac.Assignment{
		ID: "new", Role: rbac.RoleRef{Workload: rbac.Office365, Name: "Security Reader"}, User: name, Scope: rbac.Scope{All: true},
	}}
	b.ReportAllocs()
	for b.Loop() {
		next, err := s.With(grant)
		if err != nil || !next.CheckName(name, rbac.ViewInvestigation, rbac.Office365, "", benchNow.UnixNano()) {
			b.Fatal(err)
		}
	}
}

func benchCompare(b *testing.B, edit rbac.Edit) {
	s := benchSnapshot(b)
	next, err := s.With(edit)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if rbac.Compare(s, next, benchNow).Empty() {
			b.Fatal("nothing changed")
		}
	}
}

// BenchmarkCompareOneGrant gives a group a role that none of its members has.
func BenchmarkCompareOneGrant(b *testing.B) {
	s := benchSnapshot(b)
	for i := range benchGroups {
		grant := rbac.PutAssignment{Assignment: rbac.Assignment{ID: "new", Group: fmt.Sprintf("group-%04d", i),
			Role: rbac.RoleRef{Workload: rbac.Office365, Name: "Security Reader"}, Scope: rbac.Scope{All: true}}}
		next, err := s.With(grant)
		if err != nil {
			b.Fatal(err)
		}
		if !rbac.Compare(s, next, benchNow).Empty() {
			benchCompare(b, grant)
			return
		}
	}
	b.Fatal("everybody has it already")
}

// BenchmarkCompareRole takes a permission from a role that many hold.
func BenchmarkCompareRole(b *testing.B) {
	r, _ := benchSnapshot(b).Role(rbac.RoleRef{Workload: rbac.Endpoint, Name: "role 0000"})
	r.Permissions = []string{catalog.Default().Permissions[5].Name}
	benchCompare(b, rbac.PutRole{Role: r})
}

// BenchmarkCompareAccess opens a device group to everyone.
func BenchmarkCompareAccess(b *testing.B) {
	list := slices.Clone(benchSnapshot(b).DeviceGroups())
	list[101].Open = true
	benchCompare(b, rbac.SetDeviceGroups{DeviceGroups: list})
}

// BenchmarkCompareSwitchOff is the largest change there is: tens of thousands lose endpoint.
func BenchmarkCompareSwitchOff(b *testing.B) { benchCompare(b, rbac.SetEndpointRoles{On: false}) }

func BenchmarkExceeds(b *testing.B) {
	s := benchSnapshot(b)
	next, err := s.With(rbac.PutAssignment{Assignment: rbac.Assignment{
		ID: "new", Role: rbac.RoleRef{Workload: rbac.Office365, Name: "Security Reader"}, Group: "group-0042", Scope: rbac.Scope{All: true},
	}})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if len(rbac.Exceeds(s, next, "user.000001@contoso.example", benchNow)) == 0 {
			b.Fatal("nothing exceeded")
		}
	}
}
