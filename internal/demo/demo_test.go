package demo

import (
	"bufio"
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/bailiwick/bailiwick/internal/ingest"
	"github.com/bailiwick/bailiwick/internal/store"
)

var now = time.Date(2026, 5, 4, 9, 30, 0, 0, time.UTC)

type record struct {
	ID, IncidentID, Title, Severity, Status, ServiceSource string
	CreatedDateTime, LastUpdateDateTime                    time.Time
	Evidence                                               []struct {
		Type  string `json:"@odata.type"`
		Group string `json:"rbacGroupName"`
	}
}

func data(t *testing.T, seed uint64, now time.Time) (incidents, alerts []record) {
	t.Helper()
	files := Files(seed, now)
	var list struct{ Value []record }
	if err := json.Unmarshal(files[0].Content, &list); err != nil {
		t.Fatal(err)
	}
	scan := bufio.NewScanner(bytes.NewReader(files[1].Content))
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		var a record
		if err := json.Unmarshal(scan.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		alerts = append(alerts, a)
	}
	return list.Value, alerts
}

func TestTheSameSeedAndMomentGiveTheSameBytes(t *testing.T) {
	one, two, other := Files(Seed, now), Files(Seed, now), Files(Seed+1, now)
	for i := range one {
		if !bytes.Equal(one[i].Content, two[i].Content) {
			t.Errorf("%s differs between two runs", one[i].Name)
		}
		if bytes.Equal(one[i].Content, other[i].Content) != strings.HasSuffix(one[i].Name, ".md") { // what analysts wrote is the same everywhere
			t.Errorf("%s does not depend on the seed", one[i].Name)
		}
	}
}

// What a report is about is there to be met: its alerts, its vulnerabilities and checks, its mail; and it is about nothing else.
func TestReportsAreAboutWhatTheDemoHas(t *testing.T) {
	has := map[string]bool{}
	for _, d := range detectors {
		has[strings.ToLower(d.title)], has[strings.ToLower(d.threat)] = true, true
	}
	for _, l := range lures {
		has[strings.ToLower(l.threat)] = true
	}
	for _, c := range checks {
		has[c.id] = true
	}
	for _, w := range weaknesses {
		has[w.cve] = true
	}
	quiet := map[string]bool{"log4shell-again": true, "zerologon": true} // exposure without an alert: a zero that means zero
	var names []string
	for _, f := range reports(now) {
		_, err := ingest.Read(f.Name, bytes.NewReader(f.Content), func(r store.Record) error {
			p := r.Report
			names = append(names, p.ID)
			if p.ID+".md" != f.Name || p.Body.Summary == "" || len(p.Body.Content) < 500 || p.Updated.After(now) {
				t.Errorf("%s holds %q, %d bytes of text, of %v", f.Name, p.ID, len(p.Body.Content), p.Updated)
			}
			for _, d := range p.Body.Detections {
				if has[strings.ToLower(d)] == quiet[p.ID] {
					t.Errorf("%s: detection %q", f.Name, d)
				}
			}
			for _, m := range p.Body.Mitigations {
				if id := m.CVE + m.Configuration; id != "" && !has[id] {
					t.Errorf("%s: nothing is known of %s", f.Name, id)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	if len(names) != 12 {
		t.Errorf("%d reports: %v", len(names), names)
	}
}

func TestTheNumbersOfTheDemoPageHold(t *testing.T) {
	for seed := range uint64(5) {
		incidents, alerts := data(t, seed, now)
		if len(incidents) != incidentCount || len(alerts) != alertCount {
			t.Errorf("seed %d: %d incidents and %d alerts, want %d and %d", seed, len(incidents), len(alerts), incidentCount, alertCount)
		}
		loose, hostile := 0, 0
		groups := map[string]bool{}
		source := map[string]int{}
		for _, a := range alerts {
			source[a.ServiceSource]++
			if a.IncidentID == "" {
				loose++
			}
			if strings.HasSuffix(a.Title, " in a title") {
				hostile++
			}
			for _, e := range a.Evidence {
				if e.Group != "" {
					groups[e.Group] = true
				}
			}
		}
		if loose != looseCount || hostile != hostileCount || len(groups) != 8 {
			t.Errorf("seed %d: %d loose, %d hostile, %d device groups, want %d, %d, 8", seed, loose, hostile, len(groups), looseCount, hostileCount)
		}
		for name, want := range map[string][2]int{mde: {40, 52}, mdo: {22, 32}, mca: {8, 16}, mdi: {8, 16}} {
			if got := source[name] * 100 / alertCount; got < want[0] || got > want[1] {
				t.Errorf("seed %d: %s has %d %% of the alerts, want %d to %d", seed, name, got, want[0], want[1])
			}
		}
	}
}

func TestTheQueueIsAlive(t *testing.T) {
	_, alerts := data(t, Seed, now)
	week := 0
	for _, a := range alerts {
		if a.CreatedDateTime.After(now) || a.LastUpdateDateTime.After(now) || a.CreatedDateTime.Before(now.AddDate(0, 0, -days-1)) {
			t.Fatalf("alert %s of %v, last changed %v, is not of the last %d days", a.ID, a.CreatedDateTime, a.LastUpdateDateTime, days)
		}
		if a.CreatedDateTime.After(now.AddDate(0, 0, -7)) && a.Status != "resolved" {
			week++
		}
	}
	if week < 300 {
		t.Errorf("%d open alerts in the last week, want at least 300", week)
	}
}

func TestEveryAlertOfAnIncidentHasItsIncident(t *testing.T) {
	incidents, alerts := data(t, Seed, now)
	known, used, ids := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, i := range incidents {
		known[i.ID] = true
	}
	for _, a := range alerts {
		if ids[a.ID] {
			t.Errorf("alert id %s is used twice", a.ID)
		}
		ids[a.ID] = true
		if a.IncidentID != "" && !known[a.IncidentID] {
			t.Errorf("alert %s is of the unknown incident %s", a.ID, a.IncidentID)
		}
		used[a.IncidentID] = true
	}
	for id := range known {
		if !used[id] {
			t.Errorf("incident %s has no alert", id)
		}
	}
}

func TestTheSamplesAreAmongThem(t *testing.T) {
	incidents, alerts := data(t, Seed, now)
	for _, id := range []string{"1042", "1057"} {
		if !slices.ContainsFunc(incidents, func(r record) bool { return r.ID == id }) {
			t.Errorf("incident %s is missing", id)
		}
	}
	for _, id := range []string{"da637490118204417723_-1180349021", "fa8f6c1e70-4c51-9a02-8d00-08d8d4bd1f6e", "ca6030d1c7e5a4b20d91f0e311", "aa7b0c5d1e-2f30-4d41-8c52-9e63a7f4b085"} {
		if !slices.ContainsFunc(alerts, func(r record) bool { return r.ID == id }) {
			t.Errorf("alert %s is missing", id)
		}
	}
}

func TestEveryPersonaIsInThePolicyFileAndTheOtherWayRound(t *testing.T) {
	var file struct {
		Users        []struct{ Name, DisplayName string } `yaml:"users"`
		DeviceGroups []struct{ Name string }              `yaml:"deviceGroups"`
	}
	if err := yaml.Unmarshal(Policy(), &file); err != nil {
		t.Fatal(err)
	}
	var inFile, onPage []string
	for _, u := range file.Users {
		inFile = append(inFile, u.Name)
	}
	for _, p := range Personas() {
		onPage = append(onPage, p.User)
		if p.DisplayName == "" || p.Role == "" || p.Description == "" {
			t.Errorf("%s lacks a name, a role or a description", p.User)
		}
	}
	if !slices.Equal(inFile, onPage) {
		t.Errorf("users of the file:\n%v\npersonas:\n%v", inFile, onPage)
	}
	if len(file.DeviceGroups) != 8 {
		t.Errorf("%d device groups, want 8", len(file.DeviceGroups))
	}
}
