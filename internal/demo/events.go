package demo

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// journal writes the rows that are hunted in, as the streaming export gives them. It takes its chances from a source of its own, so that
// what it writes changes nothing of the alerts.
type journal struct {
	*generator
	r       *rand.Rand
	out     *bufio.Writer // keeps what went wrong
	devices []device      // the fleet, and the device of the samples
	byID    map[string]device
	report  int64
	line    []byte
	files   map[string]object    // by SHA256: what alerts say of a file
	told    map[string]bool      // of a message: several alerts of an incident are about the same
	arrived map[string]time.Time // by SHA256: when an attachment came by mail
}

func newJournal(g *generator, seed uint64) *journal {
	j := &journal{generator: g, r: rand.New(rand.NewPCG(seed, 0xe7e27)), byID: map[string]device{}, files: map[string]object{}, told: map[string]bool{}, arrived: map[string]time.Time{}, report: 100_000}
	j.devices = append(slices.Clone(g.devices), sampleDevice)
	for _, d := range j.devices {
		j.byID[d.id] = d
	}
	for _, a := range g.alertList {
		if s := j.read(a); s.sha != "" && s.mail != nil {
			at, _ := time.Parse(time.RFC3339Nano, text(s.mail, "receivedDateTime"))
			if known, ok := j.arrived[s.sha]; !ok || at.Before(known) {
				j.arrived[s.sha] = at
			}
		}
		for _, e := range evidenceOf(a) {
			if f, ok := e["fileDetails"].(object); ok && e["@odata.type"] == "#microsoft.graph.security.fileEvidence" {
				j.files[text(f, "sha256")] = f
			}
		}
	}
	return j
}

// sampleDevice is the one that incident 1042 is about.
var sampleDevice = device{
	id: "5c1d9e7f20b84a36e1f07ab2c9d4438810ef6b57", host: "sales-lap-014", domain: "corp.example.com", os: "Windows10", build: 19042, tags: []string{"sales"}, group: "Sales devices",
	owner: person{"Mira Okafor", "mira.okafor", "mira.okafor@example.com", "8d2f7a30-1b64-4c55-9e0a-77c1d2f0a911", "S-1-5-21-1004336348-1177238915-682003330-1142"},
}

// events makes a month of rows: what the alerts are about, and what people do all day.
func (g *generator) events(w io.Writer, seed uint64) error {
	j := newJournal(g, seed)
	j.out = bufio.NewWriterSize(w, 1<<20)
	j.inventory()
	for _, a := range g.alertList {
		j.alert(a)
	}
	j.everyday()
	return j.out.Flush()
}

// add writes a row. No row is of the future.
func (j *journal) add(table string, at time.Time, properties object) {
	if at.After(j.now) {
		at = j.now
	}
	properties["Timestamp"] = stamp(at)
	j.write(table, at, properties)
}

// write writes a record of the streaming export.
func (j *journal) write(table string, sent time.Time, properties object) {
	j.line = appendJSON(j.line[:0], row(table, sent, properties))
	_, _ = j.out.Write(append(j.line, '\n'))
}

// on writes a row about a device.
func (j *journal) on(table string, at time.Time, d device, properties ...object) {
	j.report++
	j.add(table, at, merge(append(properties, object{"DeviceId": d.id, "DeviceName": d.host + "." + d.domain, "ReportId": j.report})...))
}

// of writes a row of a product whose ids are text.
func (j *journal) of(table string, at time.Time, properties ...object) {
	j.add(table, at, merge(append(properties, object{"ReportId": guid(j.r)})...))
}

func merge(parts ...object) object {
	all := object{}
	for _, p := range parts {
		for k, v := range p {
			all[k] = v
		}
	}
	return all
}

func text(o object, name string) string {
	s, _ := o[name].(string)
	return s
}

func evidenceOf(alert object) []object {
	switch list := alert["evidence"].(type) {
	case []object:
		return list
	case []any: // of a sample
		var all []object
		for _, e := range list {
			all = append(all, e.(object))
		}
		return all
	}
	return nil
}

// A program of every day: where it is, who made it, and what its command line looks like.
type program struct{ name, folder, company, product, line string }

var programs = []program{
	{"chrome.exe", `C:\Program Files\Google\Chrome\Application`, "Google LLC", "Google Chrome", `"chrome.exe" --type=renderer --lang=en-GB`},
	{"msedge.exe", `C:\Program Files (x86)\Microsoft\Edge\Application`, "Microsoft Corporation", "Microsoft Edge", `"msedge.exe" --profile-directory=Default`},
	{"OUTLOOK.EXE", `C:\Program Files\Microsoft Office\root\Office16`, "Microsoft Corporation", "Microsoft Office", `"OUTLOOK.EXE"`},
	{"WINWORD.EXE", `C:\Program Files\Microsoft Office\root\Office16`, "Microsoft Corporation", "Microsoft Office", `"WINWORD.EXE" /n "C:\Users\Public\Documents\minutes.docx"`},
	{"EXCEL.EXE", `C:\Program Files\Microsoft Office\root\Office16`, "Microsoft Corporation", "Microsoft Office", `"EXCEL.EXE" /dde`},
	{"ms-teams.exe", `C:\Program Files\WindowsApps\MSTeams`, "Microsoft Corporation", "Microsoft Teams", `"ms-teams.exe" --system-initiated`},
	{"svchost.exe", `C:\Windows\System32`, "Microsoft Corporation", "Microsoft Windows", `svchost.exe -k netsvcs -p -s Schedule`},
	{"gpupdate.exe", `C:\Windows\System32`, "Microsoft Corporation", "Microsoft Windows", `gpupdate.exe /target:user`},
	{"powershell.exe", `C:\Windows\System32\WindowsPowerShell\v1.0`, "Microsoft Corporation", "Microsoft Windows", `powershell.exe -NoProfile -File C:\ProgramData\Contoso\inventory.ps1`},
	{"7zFM.exe", `C:\Program Files\7-Zip`, "Igor Pavlov", "7-Zip", `"7zFM.exe"`},
	{"backupagent.exe", `C:\Program Files\Example Backup`, "Example Software Ltd", "Example Backup", `"backupagent.exe" --job nightly`},
	{"rundll32.exe", `C:\Windows\System32`, "Microsoft Corporation", "Microsoft Windows", `rundll32.exe shell32.dll,Control_RunDLL`},
}

// Each program is the same file on every device.
func (p program) sha1() string   { return digest(p.name)[:40] }
func (p program) sha256() string { return digest(p.name) }
func (p program) size() int      { return 200_000 + int(digest(p.name)[0])*9_973 }

func digest(name string) string {
	sum := sha256.Sum256([]byte("contoso " + name))
	return fmt.Sprintf("%x", sum)
}

func namedProgram(name string) program {
	for _, p := range programs {
		if strings.EqualFold(p.name, name) {
			return p
		}
	}
	return program{name, `C:\Windows`, "Microsoft Corporation", "Microsoft Windows", name}
}

// by is who does something on a device: the columns that begin with InitiatingProcess.
func (p program) by(who person, at time.Time, id int) object {
	return object{
		"InitiatingProcessFileName": p.name, "InitiatingProcessFolderPath": p.folder + `\` + p.name, "InitiatingProcessCommandLine": p.line, "InitiatingProcessId": id,
		"InitiatingProcessSHA1": p.sha1(), "InitiatingProcessSHA256": p.sha256(), "InitiatingProcessCreationTime": stamp(at.Add(-2 * time.Minute)),
		"InitiatingProcessVersionInfoCompanyName": p.company, "InitiatingProcessVersionInfoProductName": p.product,
		"InitiatingProcessAccountName": who.account, "InitiatingProcessAccountDomain": domainOf(who), "InitiatingProcessAccountSid": who.sid, "InitiatingProcessAccountUpn": who.upn,
	}
}

func domainOf(p person) string {
	switch {
	case p.sid == "S-1-5-18":
		return "nt authority"
	case strings.HasSuffix(p.upn, "@example.com") || p.upn == "":
		return "corp"
	}
	return "contoso"
}

// system is who runs what nobody has started.
var system = person{"SYSTEM", "system", "", "", "S-1-5-18"}

// addressOf is a device's own address, which stays the same.
func addressOf(d device) string {
	sum := sha256.Sum256([]byte(d.id))
	return fmt.Sprintf("10.20.%d.%d", sum[0]%200, sum[1]%250+1)
}

// placeOf tells where an address of the demo is. What queries are told is the same.
func placeOf(ip string) place {
	var d int
	if _, err := fmt.Sscanf(ip, "198.51.100.%d", &d); err == nil {
		return abroad[d*len(abroad)/256]
	}
	return home
}

type place struct{ code, country, state, city, isp, at string }

var (
	home   = place{"PT", "Portugal", "Lisboa", "Lisbon", "Contoso", "38.72,-9.14"}
	abroad = []place{
		{"US", "United States", "Virginia", "Ashburn", "Example Cloud", "39.04,-77.49"}, {"NL", "Netherlands", "Noord-Holland", "Amsterdam", "Example Hosting", "52.37,4.89"},
		{"BR", "Brazil", "Sao Paulo", "Sao Paulo", "Example Telecom", "-23.55,-46.63"}, {"SG", "Singapore", "Singapore", "Singapore", "Example Transit", "1.35,103.82"},
	}
)
