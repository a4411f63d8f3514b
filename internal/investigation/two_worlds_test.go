package investigation

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Two stores are equal in what a reader may see and different in what they may not: every read answers alike, totals,
// order, facets and errors included. What S9 tells on purpose is equal in both: that there is more, of which workloads
// and device groups.
func TestTwoWorlds(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 7))
			p := randomPolicy(r)
			a, b := newWorld(t, p), newWorld(t, p)
			visible, hidden := a.randomAlerts(r)
			a.loadAll(visible, hidden, r, "first")
			b.loadAll(visible, twins(hidden, r), r, "second")
			for _, ask := range questions(visible, hidden) {
				first, second := ask.of(a.service), ask.of(b.service)
				if diff := cmp.Diff(first, second); diff != "" {
					t.Fatalf("%s tells the worlds apart:\n%s", ask.name, diff)
				}
			}
		})
	}
}

const reader = "reader@x"

func randomPolicy(r *rand.Rand) rbac.Policy {
	p := rbac.Policy{EndpointRoles: true, Users: []rbac.User{{Name: reader}}}
	var groups []string
	for i := range 4 {
		name := fmt.Sprintf("Group %d", i)
		p.DeviceGroups = append(p.DeviceGroups, rbac.DeviceGroup{Name: name, Match: rbac.Match{Tag: []string{name}}})
		if r.IntN(2) == 0 {
			groups = append(groups, name)
		}
	}
	p.DeviceGroups = append(p.DeviceGroups, rbac.DeviceGroup{Name: rbac.UngroupedDevices, Open: r.IntN(2) == 0})
	endpoint := []string{"View data - Security operations"}
	if r.IntN(2) == 0 {
		endpoint = append(endpoint, "Alerts investigation")
	}
	role(&p, reader, rbac.Endpoint, groups, endpoint...)
	if r.IntN(2) == 0 {
		role(&p, reader, rbac.Office365, nil, [][]string{{"Security Reader"}, {"Manage Alerts"}, {"Manage Alerts", "Security Reader"}}[r.IntN(3)]...)
	}
	if r.IntN(3) == 0 {
		role(&p, reader, rbac.CloudApps, nil, []string{"Security reader", "Global reader"}[r.IntN(2)])
	}
	return p
}

// made is an alert in the making: where it belongs, and what it says.
type made struct {
	id, incident, service string
	devices               []int // numbers; the group of device n is n%6, from 4 on none
	severity, status      string
	category, detection   string
	created               time.Time
	title                 string
}

func (m made) json() string {
	var evidence []string
	for _, d := range m.devices {
		evidence = append(evidence, fmt.Sprintf(`{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":"dev%d","hostName":"host%d","tags":["Group %d"]}`, d, d, d%6),
			fmt.Sprintf(`{"@odata.type":"#microsoft.graph.security.fileEvidence","mdeDeviceId":"dev%d"}`, d),
			fmt.Sprintf(`{"@odata.type":"#microsoft.graph.security.processEvidence","mdeDeviceId":"dev%d","userAccount":{"userPrincipalName":"person%d@x","displayName":%q}}`, d, d%4, "on a device, "+m.title))
	}
	evidence = append(evidence, fmt.Sprintf(`{"@odata.type":"#microsoft.graph.security.userEvidence","userAccount":{"userPrincipalName":"person%d@x","displayName":%q}}`, len(m.title)%5, m.title),
		fmt.Sprintf(`{"@odata.type":"#microsoft.graph.security.oauthApplicationEvidence","appId":"app%d","displayName":"an app"}`, len(m.id)%3))
	return fmt.Sprintf(`{"id":%q,"incidentId":%q,"serviceSource":%q,"severity":%q,"status":%q,"title":%q,"category":%q,"detectionSource":%q,"createdDateTime":%s,"evidence":[%s]}`,
		m.id, m.incident, m.service, m.severity, m.status, m.title, m.category, m.detection, stamp(m.created), strings.Join(evidence, ","))
}

var services = []string{"microsoftDefenderForEndpoint", "microsoftDefenderForEndpoint", "microsoftDefenderForOffice365", "microsoftDefenderForCloudApps", "microsoftDefenderForIdentity", "dataLossPrevention"}

func (m made) says(r *rand.Rand) made {
	m.severity = []string{"informational", "low", "medium", "high"}[r.IntN(4)]
	m.status = []string{"new", "inProgress", "resolved"}[r.IntN(3)]
	m.category, m.detection = []string{"Malware", "Execution", "Discovery"}[r.IntN(3)], []string{"antivirus", "smartScreen", "customTi", ""}[r.IntN(4)]
	m.created = time.Date(2021, 2, 1, r.IntN(12), 0, 0, 0, time.UTC) // seldom enough hours for ties
	m.title = fmt.Sprintf("title %d", r.IntN(1000))
	return m
}

// randomAlerts makes alerts and sorts them into those that the reader sees and the others, by the plain rule S8.
func (w *world) randomAlerts(r *rand.Rand) (visible, hidden []made) {
	snapshot, err := w.Snapshot(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	reach := snapshot.Reach(reader, rbac.ViewInvestigation, w.now)
	for i := range 40 {
		m := made{id: fmt.Sprintf("xx%03d", i), incident: fmt.Sprint(r.IntN(12)), service: services[r.IntN(len(services))]}.says(r)
		item := rbac.Item{Workloads: rbac.SetOf(map[string]rbac.Workload{
			"microsoftDefenderForEndpoint": rbac.Endpoint, "microsoftDefenderForOffice365": rbac.Office365,
			"microsoftDefenderForCloudApps": rbac.CloudApps, "microsoftDefenderForIdentity": rbac.Identity, "dataLossPrevention": rbac.Other,
		}[m.service])}
		for range r.IntN(3) {
			d := r.IntN(18)
			m.devices = append(m.devices, d)
			group := rbac.UngroupedDevices
			if d%6 < 4 {
				group = fmt.Sprintf("Group %d", d%6)
			}
			item.DeviceGroups = append(item.DeviceGroups, group)
		}
		if reach.Opens(item) {
			visible = append(visible, m)
		} else {
			hidden = append(hidden, m)
		}
	}
	return visible, hidden
}

// twins are other alerts of the same incidents, workloads and devices: other ids, texts, times, severities, numbers.
func twins(hidden []made, r *rand.Rand) []made {
	var list []made
	for _, m := range hidden {
		for i := range 1 + r.IntN(3) {
			twin := m.says(r)
			twin.id = fmt.Sprintf("%s-%d", m.id, i)
			list = append(list, twin)
		}
	}
	return list
}

// loadAll loads alerts in any order, and incidents whose texts differ between the worlds wherever the reader sees only
// a part.
func (w *world) loadAll(visible, hidden []made, r *rand.Rand, world string) {
	w.t.Helper()
	var lines []string
	partial := map[string]bool{}
	for _, m := range hidden {
		partial[m.incident] = true
		lines = append(lines, m.json())
	}
	for _, m := range visible {
		lines = append(lines, m.json())
	}
	for i := range 8 { // the others stay derived
		text, hour := "shared", 1
		if partial[fmt.Sprint(i)] {
			text, hour = world, len(world)
		}
		lines = append(lines, fmt.Sprintf(`{"id":"%d","displayName":"name of %s","description":%q,"customTags":[%q],"systemTags":[%q],"status":"active","assignedTo":"a@x","classification":"truePositive","createdDateTime":"2021-01-01T0%d:00:00Z","comments":[{"comment":%q}],"secret":%q}`,
			i, text, text, text, text, hour, text, text))
	}
	r.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	w.load("world.jsonl", strings.Join(lines, "\n"))
}

type question struct {
	name string
	of   func(*Service) string
}

// questions are all reads there are, each in several ways, and the refusals of changes.
func questions(visible, hidden []made) []question {
	var list []question
	for _, q := range []Query{
		{Count: true}, {OrderBy: "severity desc,title"}, {OrderBy: "lastUpdateDateTime asc"}, {OrderBy: "status"}, {OrderBy: "assignedTo desc,createdDateTime"},
		{Filter: "severity eq 'high'", Count: true}, {Filter: "status ne 'resolved' and createdDateTime ge 2021-02-01T04:00:00Z", Count: true},
		{Filter: "not (severity ge 'medium')", Count: true}, {Skip: 5}, {Filter: "severity"},
	} {
		q.Form = full
		list = append(list, question{fmt.Sprintf("alerts %+v", q), func(s *Service) string { return walk(q, s.Alerts) }})
		q.Expand = true
		list = append(list, question{fmt.Sprintf("incidents %+v", q), func(s *Service) string { return walk(q, s.Incidents) }})
	}
	for _, filter := range []string{"customTags/any(t:t eq 'first')", "customTags/any()", "systemTags/any(t:t eq 'second')", "id eq '3'"} {
		q := Query{Filter: filter, Count: true}
		list = append(list, question{"incidents " + filter, func(s *Service) string { return walk(q, s.Incidents) }})
	}
	for _, filter := range []string{"", "status eq 'new'"} {
		list = append(list, question{"facets " + filter, func(s *Service) string {
			f, err := s.Facets(ctx, reader, Query{Filter: filter, Search: "title"})
			return said(f, err)
		}})
	}
	list = append(list, assetQuestions()...)
	body := []byte(`{"status":"resolved"}`)
	for _, m := range append(append([]made{}, visible...), hidden...) {
		for _, id := range []string{m.id, m.id + "-0"} {
			list = append(list, question{"alert " + id, func(s *Service) string { return said(s.Alert(ctx, reader, id, full)) }})
		}
	}
	for _, m := range hidden {
		list = append(list, question{"change " + m.id, func(s *Service) string {
			return said(s.UpdateAlert(ctx, audit.Actor{Name: reader}, m.id, body, "", full))
		}})
	}
	for i := range 13 {
		id := fmt.Sprint(i)
		list = append(list, question{"incident " + id, func(s *Service) string { return said(s.Incident(ctx, reader, id, true, full)) }},
			question{"refused change of incident " + id, func(s *Service) string {
				_, err := s.UpdateIncident(ctx, audit.Actor{Name: reader}, id, []byte(`{"status":"x"}`), "", full)
				return said(nil, err)
			}})
	}
	return list
}

// assetQuestions are all reads about devices and what else evidence names, and the refusals of changes of tags.
func assetQuestions() []question {
	var list []question
	who := audit.Actor{Name: reader}
	for _, order := range []store.TallyOrder{store.ByRisk, store.ByLast, store.ByName} {
		for _, search := range []string{"", "title", "Group 2"} {
			if search != "" && order != store.ByRisk {
				continue
			}
			list = append(list, question{fmt.Sprint("devices by ", order, ": ", search), func(s *Service) string {
				return paged(func(after string) (any, string, error) {
					p, err := s.Devices(ctx, who, DeviceQuery{Search: search, Order: order, After: after, Limit: 4})
					for i := range p.Items {
						p.Items[i].Seen = time.Time{} // which the alerts out of sight move, and nobody is told
					}
					return p, p.Next, err
				})
			}})
			for _, kind := range AssetKinds {
				list = append(list, question{fmt.Sprint(kind, " by ", order, ": ", search), func(s *Service) string {
					return paged(func(after string) (any, string, error) {
						p, err := s.Assets(ctx, who, AssetQuery{Kind: kind, Search: search, Order: order, After: after, Limit: 2})
						return p, p.Next, err
					})
				}})
			}
		}
	}
	for _, filter := range []string{"entities/any(e:e eq 'user:person1@x')", "entities/any(e:e eq 'device:dev3' or e eq 'app:app1')", "not (entities/any(e:e eq 'user:person0@x'))"} {
		q := Query{Filter: filter, Count: true, Form: full}
		list = append(list, question{"alerts " + filter, func(s *Service) string { return walk(q, s.Alerts) }},
			question{"incidents " + filter, func(s *Service) string { return walk(q, s.Incidents) }})
	}
	for _, filter := range []string{"", "severity eq 'high'", "workloads/any(w:w eq 'endpoint')", "deviceGroups/any(g:g eq 'Group 1')", "serviceSources/any(s:s ne 'microsoftDefenderForOffice365')", "categories/any(c:c eq 'Malware')", "detectionSources/any(d:d eq 'antivirus')", "detectionSources/any(d:d eq null)"} {
		for _, search := range []string{"", "title"} {
			list = append(list, question{"incident facets " + filter + search, func(s *Service) string {
				return said(s.IncidentFacets(ctx, reader, Query{Filter: filter, Search: search}))
			}}, question{"incidents " + filter + search, func(s *Service) string {
				return walk(Query{Filter: filter, Search: search, Count: true, Form: full}, s.Incidents)
			}})
		}
	}
	for i := range 18 {
		id := fmt.Sprint("dev", i)
		list = append(list, question{id, func(s *Service) string {
			item, err := s.DeviceItem(ctx, who, id)
			item.Seen = time.Time{}
			return said(item, err)
		}}, question{"tags of " + id, func(s *Service) string { return said(s.PreviewTags(ctx, who, id, TagChange{Add: []string{"Group 1"}})) }},
			question{"refused tags of " + id, func(s *Service) string {
				return said(s.TagDevice(ctx, who, id, TagChange{Add: []string{" "}}))
			}})
	}
	for i := range 5 {
		for _, kind := range AssetKinds {
			key := map[store.EntityKind]string{store.EntityUser: fmt.Sprintf("person%d@x", i), store.EntityApp: fmt.Sprint("app", i), store.EntityMailbox: fmt.Sprintf("person%d@x", i)}[kind]
			list = append(list, question{fmt.Sprint(kind, " ", key), func(s *Service) string { return said(s.Asset(ctx, who, kind, key)) }})
		}
	}
	return list
}

// paged follows a list to its end.
func paged(next func(after string) (any, string, error)) string {
	var told []string
	after := ""
	for range 50 {
		page, further, err := next(after)
		told = append(told, said(page, err))
		if after = further; further == "" {
			break
		}
	}
	return strings.Join(told, "\n")
}

// walk follows a list to its end.
func walk(q Query, list func(ctx context.Context, reader string, q Query) (Page, error)) string {
	var told []string
	q.Top = 3
	for range 50 {
		p, err := list(ctx, reader, q)
		told = append(told, said(p.Items, err), fmt.Sprint(p.Total, p.Next != ""))
		if q.SkipToken = p.Next; p.Next == "" {
			break
		}
	}
	return strings.Join(told, "\n")
}

func said(v any, err error) string {
	if err != nil {
		return fault.KindOf(err).String() + ": " + fault.Message(err)
	}
	text, err := json.MarshalIndent(v, "", " ")
	return fmt.Sprint(string(text), err)
}
