package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// device is one machine of Contoso. Its group follows from its name, domain, tags and system by the rules of
// contoso.yaml; group repeats the answer so that a generated record carries what an export would.
type device struct {
	id, host, domain, os string
	build                int
	tags                 []string
	group                string
	owner                person
}

// fleet says how many devices each device group has and what they look like.
var fleet = []struct {
	group, prefix, domain string
	systems               []string
	tags                  []string
	count                 int
}{
	{"Domain controllers", "lis-dc", "eu.contoso.example", []string{"WindowsServer2022", "WindowsServer2019"}, nil, 4},
	{"Domain controllers", "nyc-dc", "us.contoso.example", []string{"WindowsServer2022", "WindowsServer2019"}, nil, 4},
	{"Executive devices", "exec-lap", "us.contoso.example", []string{"Windows11", "macOS"}, []string{"vip"}, 12},
	{"Sales devices", "sales-lap", "corp.example.com", []string{"Windows10", "Windows11"}, []string{"sales"}, 24},
	{"EU servers", "lis-srv", "eu.contoso.example", []string{"WindowsServer2022", "WindowsServer2019", "Linux"}, nil, 28},
	{"US servers", "nyc-srv", "us.contoso.example", []string{"WindowsServer2022", "WindowsServer2019", "Linux"}, nil, 24},
	{"EU workstations", "lis-ws", "eu.contoso.example", []string{"Windows11", "Windows10"}, nil, 70},
	{"US workstations", "nyc-ws", "us.contoso.example", []string{"Windows11", "Windows10", "macOS"}, nil, 62},
	{"Lab devices", "lab", "lab.contoso.example", []string{"Windows11", "Linux"}, []string{"test"}, 16},
	{"", "kiosk", "contoso.example", []string{"Windows10"}, nil, 6}, // no rule matches: ungrouped
}

var builds = map[string]int{"Windows10": 19045, "Windows11": 22631, "WindowsServer2019": 17763, "WindowsServer2022": 20348}

func newDevices(r *rand.Rand, people []person) []device {
	var all []device
	for _, kind := range fleet {
		for i := range kind.count {
			os := pick(r, kind.systems)
			all = append(all, device{
				id:     hex(r, 40),
				host:   fmt.Sprintf("%s-%03d", kind.prefix, 101+i),
				domain: kind.domain,
				os:     os,
				build:  builds[os],
				tags:   kind.tags,
				group:  kind.group,
				owner:  pick(r, people),
			})
		}
	}
	return all
}

// groupIDs are the numbers that the product would give the device groups.
var groupIDs = map[string]int{
	"Domain controllers": 71, "Executive devices": 72, "Sales devices": 75, "EU servers": 76, "US servers": 77,
	"EU workstations": 78, "US workstations": 79, "Lab devices": 80, "": 0,
}

// person is somebody alerts happen to.
type person struct {
	name, account, upn, id, sid string
}

func newPeople(r *rand.Rand) []person {
	var all []person
	for i, first := range firstNames {
		for j := range 3 {
			last := lastNames[(i*3+j*7)%len(lastNames)]
			account := strings.ToLower(first + "." + last)
			all = append(all, person{
				name:    first + " " + last,
				account: account,
				upn:     account + "@contoso.example",
				id:      guid(r),
				sid:     fmt.Sprintf("S-1-5-21-1004336348-1177238915-682003330-%d", 2000+len(all)),
			})
		}
	}
	return all
}

var firstNames = []string{
	"Alba", "Bruno", "Carla", "Dario", "Edith", "Felix", "Greta", "Hugo", "Irene", "Jonas", "Katja", "Lars",
	"Maya", "Nils", "Olivia", "Pedro", "Quinn", "Rosa", "Stefan", "Tara", "Ugo", "Viola", "Walter", "Xenia", "Yusuf", "Zoe",
}

var lastNames = []string{
	"Abbott", "Becker", "Cardoso", "Dietrich", "Eriksen", "Fischer", "Gomes", "Harris", "Ivanova", "Jansen", "Keller",
	"Larsson", "Moreau", "Nolan", "Ortega", "Peeters", "Ruiz", "Schmidt", "Teixeira", "Ueda", "Vargas", "Weber", "Young", "Ziegler",
}

// analysts are whom alerts and incidents are assigned to, by the workload they may work on.
var analysts = map[workload][]string{
	endpoint:  {"emil@contoso.example", "ursula@contoso.example", "priya@contoso.example", "ines@contoso.example", "Automation"},
	office365: {"emil@contoso.example", "ines@contoso.example", "oskar@contoso.example", "Automation"},
	cloudapps: {"carlos@contoso.example", "ines@contoso.example", "oskar@contoso.example"},
	identity:  {"carlos@contoso.example", "ines@contoso.example", "oskar@contoso.example"},
	outside:   {"sven@contoso.example", "ada@contoso.example"},
}

// workload is a column of the table, or outside: what none of the four products owns.
type workload int

const (
	endpoint workload = iota
	office365
	cloudapps
	identity
	outside
)

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func hex(r *rand.Rand, digits int) string {
	const alphabet = "0123456789abcdef"
	b := make([]byte, digits)
	for i := range b {
		b[i] = alphabet[r.IntN(16)]
	}
	return string(b)
}

func guid(r *rand.Rand) string {
	return strings.Join([]string{hex(r, 8), hex(r, 4), "4" + hex(r, 3), "a" + hex(r, 3), hex(r, 12)}, "-")
}
