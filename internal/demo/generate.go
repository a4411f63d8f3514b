package demo

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"
)

const tenant = "3f9b1c52-6a7d-4e0b-9c2f-5d1e8a7b4c10"

// The numbers of docs/demo.md.
const (
	incidentCount = 600
	alertCount    = 2000
	looseCount    = 36 // alerts of no incident
	hostileCount  = 12 // alerts whose text attacks whoever shows it
	days          = 30 // how far back the data goes
)

// mixture says how many incidents there are of which workloads. The samples' two are counted in it.
var mixture = []struct {
	count int
	of    []workload
}{
	{220, []workload{endpoint}},
	{120, []workload{office365}},
	{60, []workload{cloudapps}},
	{50, []workload{identity}},
	{60, []workload{endpoint, office365}},
	{30, []workload{endpoint, identity}},
	{20, []workload{office365, cloudapps}},
	{15, []workload{cloudapps, identity}},
	{13, []workload{endpoint, office365, cloudapps}},
	{4, []workload{endpoint, office365, cloudapps, identity}},
	{8, []workload{outside}},
}

// share is how often an incident's further alerts are of each of its workloads.
var share = map[workload]int{endpoint: 4, office365: 3, cloudapps: 2, identity: 2, outside: 1}

// generator makes the data. It takes its chances from one source in one order; that is what makes it repeatable.
type generator struct {
	r            *rand.Rand
	now          time.Time
	people       []person
	devices      []device
	incidentList []object
	alertList    []object
	actionList   []object
}

func newGenerator(seed uint64, now time.Time) *generator {
	g := &generator{r: rand.New(rand.NewPCG(seed, 0xba111)), now: now.UTC().Truncate(time.Second)}
	g.people = newPeople(g.r)
	g.devices = newDevices(g.r, g.people)
	return g
}

// incidents makes all that the samples have not brought, and their alerts.
func (g *generator) incidents() {
	var kinds [][]workload
	for _, m := range mixture {
		n := m.count
		if sampled := sampleKinds(m.of); sampled {
			n--
		}
		for range n {
			kinds = append(kinds, m.of)
		}
	}
	g.r.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })

	// One alert for each workload; the rest go preferably to few incidents, as in life.
	sizes, left := make([]int, len(kinds)), alertCount-looseCount-len(g.alertList)
	for i, k := range kinds {
		sizes[i] = len(k)
		left -= len(k)
	}
	for ; left > 0; left-- {
		f := g.r.Float64()
		sizes[int(f*f*float64(len(sizes)))]++
	}
	for i, kind := range kinds {
		g.incident(strconv.Itoa(2001+i), kind, sizes[i])
	}
}

// incident makes one incident and its alerts.
func (g *generator) incident(id string, kind []workload, size int) {
	f := g.r.Float64()
	age := time.Duration(f * f * float64(days-1) * 24 * float64(time.Hour)) // the newer, the more
	opened := g.now.Add(-age - time.Duration(g.r.IntN(6*3600))*time.Second - 10*time.Minute)
	status := g.status(age)
	s := g.newScene(g.involved(kind))

	worst, last, owner := "informational", opened, any(nil)
	if status != "active" || g.r.IntN(4) == 0 {
		owner = pick(g.r, analysts[kind[0]])
	}
	for i := range size {
		at := opened.Add(time.Duration(i*g.r.IntN(20)) * time.Minute)
		if at.After(g.now) {
			at = g.now.Add(-time.Minute)
		}
		a := g.alert(id, g.detector(kind, i), s, at, alertStatus(status), kind)
		worst = slices.MaxFunc([]string{worst, a["severity"].(string)}, func(a, b string) int { return rank(a) - rank(b) })
		if at.After(last) {
			last = at
		}
		g.alertList = append(g.alertList, a)
	}
	classification, determination := verdict(g.r, status)
	incident := object{
		"id": id, "tenantId": tenant, "redirectIncidentId": nil, "displayName": incidentName(s, kind, size), "description": nil, "summary": nil,
		"createdDateTime": stamp(opened), "lastUpdateDateTime": stamp(last), "assignedTo": owner, "classification": classification,
		"determination": determination, "status": status, "severity": worst, "customTags": g.tags(kind), "systemTags": []string{},
		"comments": []object{}, "resolvingComment": nil, "lastModifiedBy": nil,
	}
	if owner != nil && owner != "Automation" && g.r.IntN(2) == 0 {
		incident["comments"] = []object{{"comment": pick(g.r, remarks), "createdByDisplayName": owner, "createdDateTime": stamp(last)}}
	}
	g.incidentList = append(g.incidentList, incident)
}

// detector picks what the i-th alert of an incident reports: each workload once, then by share, and now and then a
// finding that correlates all of them.
func (g *generator) detector(kind []workload, i int) detector {
	if i < len(kind) {
		return g.ordinary(kind[i])
	}
	if len(kind) > 1 && g.r.IntN(8) == 0 {
		return correlated
	}
	total := 0
	for _, w := range kind {
		total += share[w]
	}
	n := g.r.IntN(total)
	for _, w := range kind {
		if n -= share[w]; n < 0 {
			return g.ordinary(w)
		}
	}
	return g.ordinary(kind[0])
}

func (g *generator) ordinary(w workload) detector {
	if w == outside {
		return pick(g.r, foreign)
	}
	return pick(g.r, of(w))
}

// involved picks an incident's devices: none without endpoint, mostly one, sometimes two or three of any group.
func (g *generator) involved(kind []workload) []device {
	if !slices.Contains(kind, endpoint) {
		return nil
	}
	found := []device{pick(g.r, g.devices)}
	if g.r.IntN(4) == 0 {
		found = append(found, pick(g.r, g.devices))
	}
	return found
}

// looseAlerts makes the alerts that no incident has taken up.
func (g *generator) looseAlerts() {
	for i := range looseCount {
		kind := []workload{[]workload{endpoint, office365, cloudapps, identity, outside, endpoint}[i%6]}
		at := g.now.Add(-time.Duration(g.r.IntN(days*24*60)) * time.Minute)
		a := g.alert("", g.ordinary(kind[0]), g.newScene(g.involved(kind)), at, pick(g.r, []string{"new", "resolved"}), kind)
		g.alertList = append(g.alertList, a)
	}
}

func (g *generator) alert(incident string, d detector, s scene, at time.Time, status string, kind []workload) object {
	provider := g.providerID(d)
	id := d.prefix + provider
	updated, resolved := at.Add(time.Duration(g.r.IntN(90))*time.Minute), any(nil)
	if updated.After(g.now) {
		updated = g.now
	}
	if status == "resolved" {
		resolved = stamp(updated)
	}
	owner := any(nil)
	if status != "new" {
		owner = pick(g.r, analysts[d.of])
	}
	classification, determination := verdict(g.r, status)
	evidence := []object{}
	for _, k := range g.evidenceKinds(d, kind) {
		if e, ok := g.evidence(k, s, at); ok {
			evidence = append(evidence, e)
		}
	}
	return object{
		"id": id, "providerAlertId": provider, "incidentId": orNil(incident), "status": status, "severity": g.severity(d.severity),
		"classification": classification, "determination": determination, "serviceSource": d.source, "detectionSource": d.by,
		"productName": productNames[d.source], "detectorId": detectorID(d.title), "alertPolicyId": nil, "tenantId": tenant, "title": d.title,
		"description": d.description, "recommendedActions": d.actions, "category": d.category, "assignedTo": owner, "actorDisplayName": nil,
		"threatDisplayName": orNil(d.threat), "threatFamilyName": nil, "mitreTechniques": append([]string{}, d.techniques...),
		"createdDateTime": stamp(at), "lastUpdateDateTime": stamp(updated), "resolvedDateTime": resolved,
		"firstActivityDateTime": stamp(at.Add(-15 * time.Minute)), "lastActivityDateTime": stamp(at.Add(-time.Minute)),
		"comments": []object{}, "evidence": evidence, "systemTags": []string{}, "investigationState": nil, "additionalData": object{}, "customDetails": object{},
	}
}

func (g *generator) evidenceKinds(d detector, kind []workload) []string {
	if d.source != xdr {
		return d.evidence
	}
	all := []string{"user"}
	for _, w := range kind {
		all = append(all, provesWorkload[w]...)
	}
	return all
}

// page writes objects as a Graph list page.
func page(list []object) []byte {
	return encode(object{"@odata.context": "https://graph.example.com/v1.0/$metadata#security/incidents", "@odata.count": len(list), "value": list})
}

// lines writes one object a line.
func lines(list []object) []byte {
	var b bytes.Buffer
	for _, o := range list {
		b.Write(encode(o))
	}
	return b.Bytes()
}

func encode(v any) []byte {
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(v); err != nil {
		panic(err) // only maps, slices, strings and numbers come here
	}
	return b.Bytes()
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.9999999Z") }
