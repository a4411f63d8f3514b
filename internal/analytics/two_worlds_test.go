package analytics

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

const reader = "reader@x"

// Two stores are equal in what a reader may know and different in what they may not - alerts, devices, what devices lack, mail: every
// read answers alike, cards, orders, totals, pages and refusals included. The text of reports is everybody's.
func TestTwoWorlds(t *testing.T) {
	var parts [5][2]int
	for who, seed := range map[string]uint64{
		"manages mail's alerts without seeing them": 1, "and sees endpoint and weaknesses, too": 3, "all of endpoint on some devices": 10, "every part": 11, "mail and weaknesses": 12, "nothing": 27,
	} {
		t.Run(who, func(t *testing.T) {
			policy := somebody(rand.New(rand.NewPCG(seed, 11)))
			a, b := emptyWorld(t), emptyWorld(t)
			for n, w := range []*world{a, b} {
				w.edit(policy...)
				w.load(wave)
				w.load(quiet)
				w.load(words)
				w.furnish(rand.New(rand.NewPCG(seed, 12)), rand.New(rand.NewPCG(seed, 13+uint64(n))), 1+40*n)
			}
			for _, q := range questions {
				one, two := q.ask(a.service), q.ask(b.service)
				if diff := cmp.Diff(one, two); diff != "" {
					t.Fatalf("%s tells the worlds apart:\n%s", q.name, diff)
				}
			}
			i, err := a.service.Find(context.Background(), as(reader), "wave")
			for n, p := range []Part{i.Alerts.Part, i.Incidents.Part, i.Exposure.Part, i.Mail.Part} {
				if p.Allowed() {
					parts[n][1]++
				} else {
					parts[n][0]++
				}
			}
			parts[4][map[bool]int{true: 1}[err == nil]]++
		})
	}
	for n, met := range parts {
		if met[0] == 0 || met[1] == 0 {
			t.Errorf("part %d is refused in %d worlds and allowed in %d: want both", n, met[0], met[1])
		}
	}
}

// somebody is the policy: a reader with some of the rights, on some of the device groups.
func somebody(r *rand.Rand) []rbac.Edit {
	edits := []rbac.Edit{rbac.SetEndpointRoles{On: true}, rbac.PutUser{User: rbac.User{Name: reader}}, rbac.PutGroup{Group: rbac.Group{Name: "g", Members: []string{reader}}}}
	groups := []rbac.DeviceGroup{{Name: "Sales"}, {Name: "HR"}, {Name: "Lab"}, {Name: rbac.UngroupedDevices}}
	for i := range groups {
		if i == 0 || r.IntN(3) == 0 {
			groups[i].Access = []string{"g"}
		}
	}
	edits = append(edits, rbac.SetDeviceGroups{DeviceGroups: groups})
	for n, choice := range []struct {
		of   rbac.Workload
		sets [][]string
	}{
		{rbac.Endpoint, [][]string{nil, {"View data - Security operations"}, {"View data - Threat and vulnerability management"}, {"View data - Security operations", "View data - Threat and vulnerability management"}}},
		{rbac.Office365, [][]string{nil, nil, {"Security Reader"}, {"Manage Alerts"}, {"Audit Logs"}}},
		{rbac.CloudApps, [][]string{nil, {"Security reader"}}},
	} {
		permissions := choice.sets[r.IntN(len(choice.sets))]
		if len(permissions) == 0 {
			continue
		}
		role := rbac.Role{ID: fmt.Sprint("r", n), Workload: choice.of, Name: "Role", Permissions: permissions}
		if choice.of != rbac.CloudApps {
			edits = append(edits, rbac.PutRole{Role: role})
		} else {
			role.Name = permissions[0]
		}
		edits = append(edits, rbac.PutAssignment{Assignment: rbac.Assignment{ID: fmt.Sprint("a", n), Role: role.Ref(), Group: "g", Scope: rbac.Scope{All: true}}})
	}
	return edits
}

// furnish loads what is the same in both worlds by same, and instead of what the reader may not know something else by own, in so many
// incidents.
func (w *world) furnish(same, own *rand.Rand, incidents int) {
	w.t.Helper()
	snapshot, err := w.Snapshot(context.Background())
	must(w.t, err)
	at := func(c rbac.Capability) rbac.Reach { return snapshot.Reach(reader, c, noon) }
	counted, seen, weak, mail := at(rbac.AnalyticsAlerts), at(rbac.ViewInvestigation), at(rbac.AnalyticsMitigations), at(rbac.AnalyticsEmail)

	var b strings.Builder
	for i := range 40 {
		source := []string{endpoint, endpoint, office, cloud}[same.IntN(4)]
		of := map[string]rbac.Workload{endpoint: rbac.Endpoint, office: rbac.Office365, cloud: rbac.CloudApps}[source]
		item := rbac.Item{Workloads: rbac.SetOf(of)}
		var devices []string
		for range same.IntN(3) {
			devices = append(devices, fmt.Sprintf("%c%d", "shlu"[same.IntN(4)], same.IntN(3)))
			item.DeviceGroups = append(item.DeviceGroups, grouped(store.Device{Known: true, Name: devices[len(devices)-1]}))
		}
		incident, account := fmt.Sprint("i", same.IntN(6)), same.IntN(3)
		says := rand.New(rand.NewPCG(same.Uint64(), 0))
		for n, d := range devices { // of devices out of reach that an alert in reach names nothing is told
			if !counted.AllDevices() && !counted.DeviceGroup(item.DeviceGroups[n]) {
				devices[n] = fmt.Sprint(d, "-", own.IntN(90))
			}
		}
		switch {
		case seen.Opens(item):
			b.WriteString(telling(fmt.Sprint("a", i), incident, source, devices, account, says))
		case counted.Opens(item): // P1: counted, and of no incident that the reader sees
			b.WriteString(telling(fmt.Sprint("a", i), fmt.Sprint("own", own.IntN(incidents)), source, devices, account, says))
		default:
			for n := range 1 + own.IntN(3) { // where one hidden alert is, another is: that there is more of an incident is told (S9)
				b.WriteString(telling(fmt.Sprint("a", i, "-", n), incident, source, devices, own.IntN(50), own))
			}
		}
	}
	w.load(b.String())

	b.Reset()
	for i := range 24 {
		device := fmt.Sprintf("%c%d", "shlu"[i%4], i/4)
		from, times := same, 1
		if reach := weak; !reach.AllDevices() && !reach.DeviceGroup(grouped(store.Device{Known: true, Name: device})) {
			from, times = own, own.IntN(4)
			device += fmt.Sprint("-", own.IntN(9))
		}
		for range times {
			b.WriteString(weakness(device, fmt.Sprint("CVE-2026-000", 1+from.IntN(2))) + checked(device, from.IntN(2) == 0))
		}
	}
	if weak.None() {
		b.WriteString(row("DeviceTvmSoftwareVulnerabilitiesKB", fmt.Sprintf(`{"CveId":"CVE-2026-0001","VulnerabilitySeverityLevel":"High","CvssScore":%d}`, own.IntN(9))))
	}
	from, messages := own, own.IntN(30)
	if !mail.None() {
		from, messages = same, 12
	}
	for i := range messages {
		b.WriteString(message(fmt.Sprint("m", i), []string{"Blocked", "Junked", "Delivered"}[from.IntN(3)], "Trojan:X", noon.Add(-time.Duration(from.IntN(220))*time.Hour)))
	}
	if b.Len() > 0 {
		w.load(b.String())
	}
}

// telling is an alert as it says what it says.
func telling(id, incident, source string, devices []string, account int, says *rand.Rand) string {
	more := fmt.Sprintf(`{"@odata.type":"#microsoft.graph.security.mailboxEvidence","primaryAddress":"box%d@x"},{"@odata.type":"#microsoft.graph.security.userEvidence","userAccount":{"userPrincipalName":"u%[1]d@x"}}`, account)
	for _, d := range devices {
		more += fmt.Sprintf(`,{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":%q,"deviceDnsName":%[1]q}`, d)
	}
	title := []string{"Bad file", "bad FILE", "Something else"}[says.IntN(3)]
	return alert(id, incident, title, source, []string{"new", "inProgress", "resolved"}[says.IntN(3)], "", more, noon.Add(-time.Duration(says.IntN(800))*time.Hour))
}

type question struct {
	name string
	ask  func(*Service) string
}

// questions are all reads there are, page by page.
var questions = func() (list []question) {
	ctx := context.Background()
	add := func(name string, ask func(*Service) (any, error)) {
		list = append(list, question{name, func(s *Service) string {
			answer, err := ask(s)
			text, _ := json.MarshalIndent(answer, "", " ")
			return fmt.Sprintf("%s\n%v", text, err)
		}})
	}
	add("the dashboard", func(s *Service) (any, error) { return s.Dashboard(ctx, as(reader)) })
	for n, by := range Orders {
		q := Query{OrderBy: by, Direction: Directions[n%2], Limit: 2}
		add(fmt.Sprintf("the list %+v", q), func(s *Service) (any, error) {
			q, pages := q, []Page{}
			for {
				page, err := s.List(ctx, as(reader), q)
				if pages = append(pages, page); err != nil || page.Next == "" {
					return pages, err
				}
				q.After = page.Next
			}
		})
	}
	for _, id := range []string{"wave", "quiet", "none"} {
		add(id, func(s *Service) (any, error) { return s.Find(ctx, as(reader), id) })
		for skip := range 3 {
			add(fmt.Sprintf("incidents of %s from %d", id, skip), func(s *Service) (any, error) {
				rows, total, err := s.Incidents(ctx, as(reader), id, skip, 2)
				told := []string{fmt.Sprint(total)}
				for _, i := range rows {
					told = append(told, fmt.Sprint(i.ID, i.Name, i.Severity, i.Status, i.Alerts, i.Partial, i.Updated))
				}
				return told, err
			})
		}
		for _, kind := range Kinds {
			add(kind+"s of "+id, func(s *Service) (any, error) {
				rows, total, err := s.Assets(ctx, as(reader), id, kind, store.AssetPlace{Alerts: 3, ID: "h"}, 5)
				all, _, _ := s.Assets(ctx, as(reader), id, kind, store.AssetPlace{}, 99)
				return []any{rows, all, total}, err
			})
		}
		for _, mitigation := range []string{"", "cve-2026-0001", "scid-1", "m3", "none"} {
			add("devices of "+id+" without "+mitigation, func(s *Service) (any, error) {
				rows, total, err := s.Exposed(ctx, as(reader), id, mitigation, store.ExposedPlace{Severity: 3, Missing: 1, Name: "l", ID: "l"}, 3)
				all, _, _ := s.Exposed(ctx, as(reader), id, mitigation, store.ExposedPlace{}, 99)
				return []any{rows, all, total}, err
			})
		}
		add("mail of "+id, func(s *Service) (any, error) {
			rows, total, err := s.Prevented(ctx, as(reader), id, store.MailPlace{}, 5)
			return []any{rows, total}, err
		})
		add("removing "+id, func(s *Service) (any, error) { return nil, s.Remove(ctx, as(reader), id) })
	}
	return list
}()
