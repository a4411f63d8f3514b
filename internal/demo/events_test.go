package demo

import (
	"bufio"
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/hunting/schema"
	"github.com/bailiwick/bailiwick/rbac"
)

type sentRow struct {
	table string
	at    time.Time
	row   map[string]any
}

func (r sentRow) text(column string) string { s, _ := r.row[column].(string); return s }

var month = sync.OnceValue(written)

func written() []byte {
	var b bytes.Buffer
	if err := Events(&b, Seed, now); err != nil {
		panic(err) // a buffer takes all
	}
	return b.Bytes()
}

var rows = sync.OnceValue(func() map[string][]sentRow {
	all := map[string][]sentRow{}
	for line := range bytes.Lines(month()) {
		var r struct {
			Category   string
			Properties map[string]any
		}
		if err := json.Unmarshal(line, &r); err != nil {
			panic(err.Error() + ": " + string(line))
		}
		table := strings.TrimPrefix(r.Category, "AdvancedHunting-")
		at, _ := time.Parse(time.RFC3339Nano, sentRow{row: r.Properties}.text("Timestamp"))
		all[table] = append(all[table], sentRow{table, at, r.Properties})
	}
	return all
})

func TestTheEventsAreTheSameForTheSameSeedAndMoment(t *testing.T) {
	if again := written(); !bytes.Equal(month(), again) {
		t.Error("two runs differ")
	}
	if len(month()) > 48<<20 {
		t.Errorf("%d bytes: more than there is room for at once", len(month()))
	}
}

// Every row is of a table, has none but its columns, and is of the month.
func TestTheEventsAreRowsOfTheSchema(t *testing.T) {
	workloads := rbac.WorkloadSet(0)
	all := rows()
	for name, list := range all {
		table := schema.Lookup(name)
		if table == nil {
			t.Errorf("there is no table %s", name)
			continue
		}
		workloads |= table.Workloads
		unknown := map[string]bool{}
		for _, r := range list {
			for column := range r.row {
				if table.Column(column) == nil {
					unknown[column] = true
				}
			}
			if table.Timestamp != "" && (r.at.After(now) || r.at.Before(now.AddDate(0, 0, -days-2))) {
				t.Fatalf("a row of %s is of %v", name, r.at)
			}
		}
		if len(unknown) > 0 {
			t.Errorf("%s has no columns %v", name, unknown)
		}
	}
	if workloads != rbac.SetOf(rbac.Endpoint, rbac.Office365, rbac.CloudApps, rbac.Identity) || len(all) < 20 {
		t.Errorf("%d tables of %v", len(all), workloads.List())
	}
}

// What an alert says happened is among the events, with the same ids, hashes and texts.
func TestTheAttacksOfTheAlertsAreAmongTheEvents(t *testing.T) {
	all := rows()
	has := map[string]bool{} // table, column and value, with the device where there is one
	for table, columns := range map[string][]string{
		"AlertInfo": {"AlertId"}, "DeviceInfo": {"DeviceId"}, "DeviceProcessEvents": {"ProcessCommandLine"}, "DeviceRegistryEvents": {"RegistryValueData"}, "EmailEvents": {"NetworkMessageId"},
		"AlertEvidence": {"AlertId"}, "OAuthAppInfo": {"OAuthAppId"}, "DeviceFileEvents": {"SHA256"},
	} {
		for _, r := range all[table] {
			for _, c := range columns {
				has[table+" "+r.text(c)] = true
				has[table+" "+r.text(c)+" "+r.text("DeviceId")] = true
			}
		}
	}
	scan := bufio.NewScanner(bytes.NewReader(Files(Seed, now)[1].Content))
	scan.Buffer(nil, 1<<20)
	alerts, told := 0, map[string]int{}
	for scan.Scan() {
		var a object
		if err := json.Unmarshal(scan.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		alerts++
		want := []string{"AlertInfo " + text(a, "id")}
		evidence := evidenceOf(a)
		if len(evidence) > 0 {
			want = append(want, "AlertEvidence "+text(a, "id"))
		}
		known := slices.ContainsFunc(evidence, func(e object) bool { return kindOf(e) == "device" && text(e, "mdeDeviceId") != "" })
		for _, e := range evidence {
			switch id := text(e, "mdeDeviceId"); kindOf(e) {
			case "device":
				if id != "" {
					want = append(want, "DeviceInfo "+id)
				}
			case "process":
				if known {
					want = append(want, "DeviceProcessEvents "+text(e, "processCommandLine")+" "+id)
				}
			case "file":
				if f, ok := e["fileDetails"].(object); ok && known {
					want = append(want, "DeviceFileEvents "+text(f, "sha256")+" "+id)
				}
			case "registryValue":
				if known {
					want = append(want, "DeviceRegistryEvents "+text(e, "registryValue")+" "+id)
				}
			case "analyzedMessage", "submissionMail":
				want = append(want, "EmailEvents "+text(e, "networkMessageId"))
			case "oauthApplication":
				want = append(want, "OAuthAppInfo "+text(e, "appId"))
			}
		}
		for _, w := range want {
			if told[w[:strings.IndexByte(w, ' ')]]++; !has[w] {
				t.Errorf("alert %s, %q: there is no %s", text(a, "id"), text(a, "title"), w)
			}
		}
	}
	if alerts != alertCount || len(told) != 8 {
		t.Errorf("%d alerts, looked for %v", alerts, told)
	}
}

func TestEveryDetectorHasATaleButThoseOfNoDevice(t *testing.T) {
	for _, d := range detectors {
		if tales[d.title] == nil && d.title != "Sensor data without a known device" {
			t.Errorf("nothing tells what came before %q", d.title)
		}
	}
}
