package demo

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Lookup is something that the demo's queries look up beside the tables.
type Lookup struct {
	Name, Kind, Address string
	Readers             []string
	Content             []byte
}

// Lookups gives them: a block list of Contoso's own, what is known about the files of the alerts, and where addresses are. Nothing is
// fetched: the demo speaks to nobody.
func Lookups(seed uint64, now time.Time) []Lookup {
	g := newGenerator(seed, now)
	g.alerts()
	j := newJournal(g, seed)
	var blocked, known, places strings.Builder
	blocked.WriteString("address,listed,why\n")
	seen := map[string]bool{}
	for _, a := range g.alertList {
		if s := j.read(a); s.title == "Connection to an address on the block list" && s.ip != "" && !seen[s.ip] {
			seen[s.ip] = true
			fmt.Fprintf(&blocked, "%s,%s,command and control\n", s.ip, g.now.AddDate(0, 0, -45).Format(time.DateOnly))
		}
	}
	known.WriteString("SHA1,SHA256,FileSize,GlobalPrevalence,GlobalFirstSeen,GlobalLastSeen,Signer,Issuer,IsCertificateValid,IsRootSignerMicrosoft,SignatureState,IsExecutable,ThreatName,Publisher,SoftwareName\n")
	day := func(ago int) string { return g.now.AddDate(0, 0, -ago).Format(time.DateOnly) }
	for i, p := range programs {
		fmt.Fprintf(&known, "%s,%s,%d,%d,%s,%s,%s,Example Code Signing CA,true,%t,SignedValid,true,,%s,%s\n", p.sha1(), p.sha256(), p.size(), 900_000+i*41_000, day(900-i*20), day(1), p.company, p.company == "Microsoft Corporation", p.company, p.product)
	}
	for i, sha256 := range slices.Sorted(maps.Keys(j.files)) {
		if f := j.files[sha256]; i%3 > 0 { // of every third nothing is known
			fmt.Fprintf(&known, "%s,%s,%d,%d,%s,%s,,,false,false,Unsigned,true,%s,,\n", text(f, "sha1"), sha256, number(f["fileSize"]), 1+i%40, day(60+i%30), day(i%20), []string{"Trojan:Win32/Examplar.A", "", "PUA:Win32/Bundlor"}[i%3])
		}
	}
	places.WriteString("network,country,state,city,latitude,longitude\n")
	for i, p := range abroad {
		fmt.Fprintf(&places, "198.51.100.%d/26,%s,%s,%s,%s\n", i*64, p.country, p.state, p.city, p.at)
	}
	fmt.Fprintf(&places, "203.0.113.0/24,%s,%s,%s,%s\n", home.country, home.state, home.city, home.at)
	return []Lookup{
		{"Contoso block list", "rows", "https://intel.contoso.example/blocklist.csv", []string{"endpoint", "cloudapps"}, []byte(blocked.String())},
		{"File reputation", "files", "", nil, []byte(known.String())},
		{"Places of addresses", "places", "", nil, []byte(places.String())},
	}
}
