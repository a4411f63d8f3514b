package investigation

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/sqlite"
	"github.com/bailiwick/bailiwick/rbac"
)

// The size of the queue that is measured. BAILIWICK_BENCH_DIR keeps the data for the next run.
var (
	benchAlerts = fromEnv("BAILIWICK_BENCH_ALERTS", 20_000)
	benchGroups = fromEnv("BAILIWICK_BENCH_GROUPS", 100)
)

// benchBlock is how many alerts are loaded one by one. Of more there are copies: BAILIWICK_BENCH_ALERTS is a multiple then.
var benchBlock = min(benchAlerts, 1_000_000)

func fromEnv(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// held is a policy that does not change.
type held struct{ snapshot *rbac.Snapshot }

func (h held) Snapshot(context.Context) (*rbac.Snapshot, error) { return h.snapshot, nil }

func benchPolicy() rbac.Policy {
	p := rbac.Policy{EndpointRoles: true}
	var all []string
	for i := range benchGroups {
		name := fmt.Sprintf("Group %03d", i)
		p.DeviceGroups = append(p.DeviceGroups, rbac.DeviceGroup{Name: name, Match: rbac.Match{Tag: []string{name}}})
		all = append(all, name)
	}
	for _, u := range []string{"workload@x", "endpoint@x", "devicegroup@x"} {
		p.Users = append(p.Users, rbac.User{Name: u})
	}
	p.Users = append(p.Users, rbac.User{Name: "everything@x", GlobalRoles: []string{"Global Administrator"}})
	role(&p, "workload@x", rbac.Office365, nil, "Security Reader")
	role(&p, "endpoint@x", rbac.Endpoint, all, "View data - Security operations")
	role(&p, "devicegroup@x", rbac.Endpoint, all[len(all)/2:len(all)/2+1], "View data - Security operations")
	return p
}

// benchStore makes the queue: half endpoint, spread over the device groups, one in twenty of those on devices of two
// of them; the rest mail, cloud apps and identity. Ten alerts make three incidents.
func benchStore(b *testing.B) (store.Store, *rbac.Snapshot) {
	b.Helper()
	dir := os.Getenv("BAILIWICK_BENCH_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		b.Fatal(err)
	}
	s, err := sqlite.Open(ctx, filepath.Join(dir, sqlite.FileName))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	var p rbac.Policy
	if err := s.View(ctx, func(tx store.Reader) (err error) { p, err = tx.Policy(); return err }); err != nil {
		b.Fatal(err)
	}
	if len(p.Users) == 0 {
		benchFill(b, s)
		if times := benchAlerts / benchBlock; times > 1 {
			if err := s.Close(); err != nil {
				b.Fatal(err)
			}
			benchMultiply(b, filepath.Join(dir, sqlite.FileName), times)
			if s, err = sqlite.Open(ctx, filepath.Join(dir, sqlite.FileName)); err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = s.Close() })
		}
		if err := s.View(ctx, func(tx store.Reader) (err error) { p, err = tx.Policy(); return err }); err != nil {
			b.Fatal(err)
		}
	}
	snapshot, err := rbac.Compile(catalog.Default(), p)
	if err != nil {
		b.Fatal(err)
	}
	begun, before := time.Now(), heap()
	if err := s.ReadyLists(ctx); err != nil {
		b.Fatal(err)
	}
	b.Logf("lists are ready after %v, and take %d MB", time.Since(begun).Round(time.Millisecond), (heap()-before)>>20)
	return s, snapshot
}

// heap is the memory in use, without what is left over.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func benchFill(b *testing.B, s store.Store) {
	p := benchPolicy()
	group := byTag(p.DeviceGroups)
	const batch = 20_000
	for from := 0; from < benchBlock; from += batch {
		err := s.Change(ctx, func(tx store.Writer) error {
			if from == 0 {
				if err := tx.ApplyEdits(policyEdits(p)...); err != nil {
					return err
				}
			}
			t := tx.TakeRecords(group)
			for i := from; i < min(from+batch, benchBlock); i++ {
				if _, err := t.Alert(benchAlert(i)); err != nil {
					return err
				}
			}
			return t.Done()
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// benchTime is when the alert of a number was created: two or three a minute.
func benchTime(i int) time.Time {
	return time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * 31 * time.Second)
}

// What alerts say is as varied as in a real queue: most are resolved, more so the older they are; some detections are frequent, most
// are seldom; half of what is worked on has somebody who does it.
var (
	benchCategories = strings.Fields("Execution InitialAccess Persistence PrivilegeEscalation DefenseEvasion CredentialAccess Discovery LateralMovement Collection CommandAndControl Exfiltration Impact Malware SuspiciousActivity")
	benchVerbs      = strings.Fields("Suspicious Unusual Malicious Unexpected Anomalous Repeated Possible Known")
	benchThings     = strings.Fields("PowerShell mimikatz sign-in mailbox token registry driver macro link service task session archive beacon tunnel script")
)

func benchAlert(i int) store.Alert {
	r := rand.New(rand.NewPCG(uint64(i), 7))
	at := benchTime(i)
	pick := func(list []string) string { return list[min(r.IntN(len(list)), r.IntN(len(list)))] }
	a := store.Alert{
		ID: fmt.Sprintf("da%09d", i), Status: "resolved", Severity: pick([]string{"low", "informational", "medium", "high"}),
		ServiceSource: "microsoftDefenderForEndpoint", DetectionSource: pick([]string{"microsoftDefenderForEndpoint", "antivirus", "customDetection", "smartScreen"}),
		Category: pick(benchCategories), Title: fmt.Sprintf("%s %s %d", pick(benchVerbs), pick(benchThings), r.IntN(12)),
		Created: at, Updated: at.Add(time.Duration(r.IntN(600)) * time.Minute), IncidentID: strconv.Itoa(i * 3 / 10),
	}
	if age := benchBlock - i; r.IntN(100) < 10 || age < 20_000 && r.IntN(100) < 50 {
		a.Status = []string{"new", "inProgress"}[r.IntN(2)]
	} else {
		a.Classification = pick([]string{"falsePositive", "truePositive", "informationalExpectedActivity"})
	}
	if a.Status != "new" && r.IntN(2) == 0 {
		a.AssignedTo = fmt.Sprintf("analyst%02d@x", r.IntN(40))
	}
	if r.IntN(50) == 0 {
		a.SystemTags = []string{"Defender Experts"}
	}
	switch i % 6 {
	case 0, 1, 2:
		a.Workloads = rbac.SetOf(rbac.Endpoint)
		g := (i / 6 * 7919) % benchGroups
		if i%48 == 0 {
			g = benchGroups / 2 // the measured one is bigger, so that it has a hundredth page
		}
		a.Devices = append(a.Devices, benchDevice(g, i%20, at))
		if i%20 == 0 {
			a.Devices = append(a.Devices, benchDevice((g+1)%benchGroups, i%20, at))
		}
	case 3:
		a.Workloads, a.ServiceSource, a.DetectionSource = rbac.SetOf(rbac.Office365), "microsoftDefenderForOffice365", "microsoftDefenderForOffice365"
	case 4:
		a.Workloads, a.ServiceSource, a.DetectionSource = rbac.SetOf(rbac.CloudApps), "microsoftDefenderForCloudApps", "cloudAppSecurity"
	case 5:
		a.Workloads, a.ServiceSource, a.DetectionSource = rbac.SetOf(rbac.Identity), "microsoftDefenderForIdentity", "microsoftDefenderForIdentity"
	}
	evidence := benchEvidence(i, r)
	for _, d := range a.Devices {
		evidence = append(evidence, fmt.Appendf(nil, `{"@odata.type":"#microsoft.graph.security.deviceEvidence","mdeDeviceId":%q,"hostName":%q,"rbacGroupName":"x"}`, d.ID, d.Name))
	}
	a.Evidence = store.AppendArray(nil, evidence)
	a.Entities = store.ReadEntities(a.Evidence)
	a.Body = json.RawMessage(fmt.Sprintf(`{"id":%q,"title":%q,"status":%q,"severity":%q,"category":%q,"serviceSource":%q,"incidentId":%q,"createdDateTime":%s,"lastUpdateDateTime":%s,"description":"An executable that was saved from a mail attachment started a command interpreter.","comments":[],"systemTags":[]}`,
		a.ID, a.Title, a.Status, a.Severity, a.Category, a.ServiceSource, a.IncidentID, stamp(a.Created), stamp(a.Updated)))
	return a
}

// benchEvidence is what an alert tells besides its devices: one of 20,000 people, some of whom are met much oftener than others, and what
// its product sees: a file, a message, one of 300 apps, an address.
func benchEvidence(i int, r *rand.Rand) []json.RawMessage {
	person := min(r.IntN(20_000), r.IntN(20_000))
	address := fmt.Sprintf("person%05d@contoso.example", person)
	user := fmt.Appendf(nil, `{"@odata.type":"#microsoft.graph.security.userEvidence","verdict":"suspicious","userAccount":{"accountName":"person%05d","domainName":"CORP","userPrincipalName":%q,"displayName":"Person %d","azureAdUserId":"00000000-0000-4000-8000-%012d"}}`,
		person, address, person, person)
	switch i % 6 {
	case 0, 1, 2:
		return []json.RawMessage{user, fmt.Appendf(nil, `{"@odata.type":"#microsoft.graph.security.fileEvidence","verdict":"malicious","fileDetails":{"fileName":"setup.exe","sha256":"%064x"}}`, r.IntN(200_000))}
	case 3:
		return []json.RawMessage{
			fmt.Appendf(nil, `{"@odata.type":"#microsoft.graph.security.mailboxEvidence","verdict":"suspicious","primaryAddress":%q,"displayName":"Person %d"}`, address, person),
			fmt.Appendf(nil, `{"@odata.type":"#microsoft.graph.security.analyzedMessageEvidence","verdict":"malicious","networkMessageId":"%016x","recipientEmailAddress":%q,"senderIp":"198.51.%d.%d"}`, r.Uint64(), address, r.IntN(256), r.IntN(256)),
		}
	case 4:
		app := min(r.IntN(300), r.IntN(300))
		return []json.RawMessage{user, fmt.Appendf(nil, `{"@odata.type":"#microsoft.graph.security.cloudApplicationEvidence","appId":%d,"displayName":"App %d"}`, 10_000+app, app)}
	}
	return []json.RawMessage{user, fmt.Appendf(nil, `{"@odata.type":"#microsoft.graph.security.ipEvidence","verdict":"suspicious","ipAddress":"203.0.%d.%d"}`, r.IntN(256), r.IntN(256))}
}

func benchDevice(group, n int, at time.Time) store.Device {
	name := fmt.Sprintf("Group %03d", group)
	return store.Device{ID: fmt.Sprintf("dev-%03d-%02d", group, n), Name: fmt.Sprintf("host-%03d-%02d", group, n), Tags: []string{name}, Known: true, Seen: at}
}
