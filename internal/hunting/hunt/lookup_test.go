package hunt_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/hunting/duck"
	"github.com/bailiwick/bailiwick/internal/hunting/lookup"
	"github.com/bailiwick/bailiwick/rbac"
)

const (
	blockList = "https://intel.example/list.csv"
	jsonList  = "https://intel.example/list.json"
	empty     = "https://intel.example/empty.csv"
	nobodys   = "https://intel.example/nobodys.csv"
)

// shelved gives a world things to look up: two feeds for endpoint's hunters, one of which nothing has been loaded, one that is opened to
// nobody, one file that is known, and where some addresses are.
func shelved(t *testing.T) *world {
	t.Helper()
	w, dir := newWorld(t), t.TempDir()
	file := func(name string, columns []lookup.Stored, rows ...[]any) string {
		name = filepath.Join(dir, name)
		err := duck.Engine{MemoryMB: 256, Threads: 1}.WriteFile(context.Background(), name, columns, func(put func(...any) error) error {
			for _, r := range rows {
				if err := put(r...); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return name
	}
	places, err := os.Create(filepath.Join(dir, "places"))
	if err != nil {
		t.Fatal(err)
	}
	at := netip.MustParseAddr
	if err := lookup.WritePlaces(places, []lookup.Range{{From: at("198.51.100.0"), To: at("198.51.100.255"), Place: `{"city":"Amsterdam","country":"Netherlands","latitude":52.37}`}}); err != nil {
		t.Fatal(err)
	}
	if err := places.Close(); err != nil {
		t.Fatal(err)
	}
	known := make([]any, len(lookup.Reputation)+1)
	for i, v := range map[int]any{0: strings.Repeat("ab", 20), 1: strings.Repeat("ab", 20), 2: "", 3: "", 5: int32(7), 8: "Example Ltd", 9: "", 10: "", 12: nil, 13: "SignedInvalid", 14: true, 15: "Trojan:Win32/Examplar.A", 16: "", 17: ""} {
		known[i] = v
	}
	endpoint := rbac.SetOf(rbac.Endpoint)
	shelf := lookup.Shelf{
		Feeds: []lookup.Feed{
			{ID: "1", Name: "Block list", Addresses: []string{blockList}, Format: "csv", Readers: endpoint, File: file("list", lookup.FeedColumns,
				[]any{int64(0), "ip,score,seen,why", []string{"ip", "score", "seen", "why"}}, []any{int64(1), "198.51.100.7,9,2026-02-03,\"a, b\"", []string{"198.51.100.7", "9", "2026-02-03", "a, b"}},
				[]any{int64(2), "198.51.100.8,much", []string{"198.51.100.8", "much"}})},
			{ID: "2", Name: "As JSON", Addresses: []string{jsonList}, Format: "json", Readers: endpoint, File: file("json", lookup.FeedColumns,
				[]any{int64(0), `{"ip":"198.51.100.9","score":4,"tags":["x"],"seen":"2026-02-03T00:00:00Z"}`, nil}, []any{int64(1), `{"ip":null}`, nil})},
			{ID: "3", Name: "Empty", Addresses: []string{empty}, Format: "csv", Readers: endpoint},
			{ID: "4", Name: "Of nobody", Addresses: []string{nobodys}, Format: "csv", File: file("nobodys", lookup.FeedColumns, []any{int64(0), "CANARY", []string{"CANARY"}})},
		},
		Reputation: file("files", lookup.ReputationColumns(), known), Places: places.Name(),
	}
	w.hunter.Shelf = func(context.Context) (lookup.Shelf, error) { return shelf, nil }
	return w
}

func TestAFeedIsReadAsTheQueryDeclaresIt(t *testing.T) {
	w := shelved(t)
	w.want(admin, `externaldata(ip:string, score:long, seen:datetime, why:string)["`+blockList+`"] with (format="csv", ignoreFirstRecord=true)`,
		"198.51.100.7|9|2026-02-03 00:00:00|a, b", "198.51.100.8|null|null|")
	w.want(admin, `externaldata(line:string)[@"`+blockList+`"] with (format="txt") | where line startswith "198" | extend ip = tostring(split(line, ",")[0]) | project ip`, "198.51.100.7", "198.51.100.8")
	w.want(admin, `externaldata(a:string)["feed:block LIST"] | count`, "3")
	w.want(sales, `externaldata(ip:string, score:int, tags:dynamic, seen:datetime)["`+jsonList+`"] | where isnotempty(ip)`, `198.51.100.9|4|["x"]|2026-02-03 00:00:00`)
	w.want(sales, `externaldata(ip:string)["`+jsonList+`", "`+blockList+`"] with (format="json") | count`, "5")
	w.load("DeviceNetworkEvents", row{"DeviceId": "d-s1", "RemoteIP": "198.51.100.7", "ReportId": 1}, row{"DeviceId": "d-f1", "RemoteIP": "198.51.100.7", "ReportId": 2})
	w.want(sales, `let bad = externaldata(ip:string)["`+blockList+`"]; DeviceNetworkEvents | where RemoteIP in (bad) | project DeviceId`, "d-s1")
	w.want(sales, `let bad = externaldata(ip:string)["`+blockList+`"]; DeviceNetworkEvents | join kind=inner bad on $left.RemoteIP == $right.ip | project DeviceId, ip`, "d-s1|198.51.100.7")
}

// That there is a feed is for its readers: to others it is as one that is not there.
func TestAFeedIsForWhoItWasOpenedTo(t *testing.T) {
	w := shelved(t)
	refused := func(reader, address string) string {
		_, err := w.ask(reader, `externaldata(a:string)["`+address+`"]`)
		if err == nil {
			t.Errorf("%s read %s", reader, address)
			return ""
		}
		return err.Error()
	}
	none := refused(mail, "https://intel.example/nowhere.csv")
	for reader, address := range map[string]string{mail: blockList, clouds: jsonList, admin: nobodys, both: nobodys} {
		if got := refused(reader, address); got != none || !strings.Contains(got, "Settings, Feeds") {
			t.Errorf("%s of %s: %q, want %q", reader, address, got, none)
		}
	}
	if got := refused(sales, empty); !strings.Contains(got, "no rows yet") {
		t.Errorf("an empty feed: %q", got)
	}
	if got := refused(guest, blockList); strings.Contains(got, "feed") {
		t.Errorf("who may not hunt: %q", got)
	}
}

// A query names what was registered. Whatever address it has, and whether or not that is a feed, nothing is asked for it.
func TestNoQueryAsksAnAddress(t *testing.T) {
	w := shelved(t)
	asked := make(chan string, 100)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- r.URL.String() }))
	t.Cleanup(server.Close)
	shelf, err := w.hunter.Shelf(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	registered := server.URL + "/registered.csv"
	w.hunter.Shelf = func(context.Context) (lookup.Shelf, error) {
		shelf.Feeds = append(shelf.Feeds, lookup.Feed{ID: "5", Name: "Here", Addresses: []string{registered}, Format: "csv", Readers: rbac.SetOf(rbac.Endpoint)})
		return shelf, nil
	}
	for _, query := range []string{
		`externaldata(a:string)["` + registered + `"]`,
		`externaldata(a:string)["` + server.URL + `/nowhere.csv"] with (format="csv")`,
		`externaldata(a:string)[@"` + server.URL + `"; "` + blockList + `"]`,
		`let a = externaldata(a:string)["` + server.URL + `/?a=b"]; DeviceEvents | where DeviceName in (a)`,
		`evaluate http_request("` + server.URL + `")`,
		`evaluate http_request_post("` + server.URL + `")`,
		`external_table("` + server.URL + `")`,
		`cluster("` + server.URL + `").database("x").DeviceEvents`,
	} {
		if _, err := w.ask(admin, query); err == nil {
			t.Errorf("%s: answered", query)
		}
	}
	select {
	case url := <-asked:
		t.Errorf("asked for %s", url)
	default:
	}
}

func TestFilesAreLookedUpByAnyHash(t *testing.T) {
	w := shelved(t)
	ab := strings.Repeat("AB", 20)
	w.want(sales, `datatable(SHA1:string, n:int)["`+ab+`", 1, "`+ab[2:]+`cd", 2, "", 3] | invoke FileProfile(SHA1, 500) | project n, SHA1, GlobalPrevalence, Signer, ThreatName, IsExecutable, IsCertificateValid, ProfileAvailability`,
		`1|`+strings.ToLower(ab)+`|7|Example Ltd|Trojan:Win32/Examplar.A|true|null|Available`, `2|`+ab[2:]+`cd|null|||null|null|Missing`, `3||null|||null|null|Error`)
	w.hunter.Shelf = nil
	w.want(sales, `datatable(SHA1:string)["`+ab+`"] | invoke FileProfile("SHA1") | project SHA1, ProfileAvailability`, ab+`|Missing`)
}

// The rest of the rows is there, and nothing is told about it.
func TestNoMoreRowsAreLookedUpThanACallNames(t *testing.T) {
	w := shelved(t)
	ab := strings.Repeat("ab", 20)
	rows := `range n from 1 to 150 step 1 | extend SHA1 = iff(n % 2 == 0, "` + ab + `", strcat("cd", n))`
	w.want(admin, rows+` | sort by n asc | invoke FileProfile(SHA1, 3) | where n <= 5 | project n, GlobalPrevalence, ProfileAvailability, isempty(SHA1)`,
		"1|null|Missing|false", "2|7|Available|false", "3|null|Missing|false", "4|null||false", "5|null||false")
	w.want(admin, rows+` | sort by n desc | invoke FileProfile(SHA1) | summarize n = count(), least = min(n) by ProfileAvailability`, "Available|50|52", "Missing|50|51", "|50|1")
	w.want(admin, rows+` | distinct n, SHA1 | invoke FileProfile("SHA1", 1) | summarize count() by ProfileAvailability`, "Available|75", "|75") // those of one hash are one as another
	w.hunter.Shelf = nil
	w.want(admin, rows+` | sort by n asc | invoke FileProfile(SHA1, 149) | summarize count() by ProfileAvailability`, "Missing|149", "|1")
}

func TestAddressesAreWhereTheDataSay(t *testing.T) {
	w := shelved(t)
	w.want(mail, `datatable(ip:string)["198.51.100.77", "10.0.0.1"] | extend g = geo_info_from_ip_address(ip) | project ip, tostring(g.country), toreal(g.latitude)`, "10.0.0.1||null", "198.51.100.77|Netherlands|52.37")
	w.workers()
	w.want(mail, `print tostring(geo_info_from_ip_address("198.51.100.77").city)`, "Amsterdam") // in a process of its own, too
	w.want(sales, `externaldata(a:string)["`+blockList+`"] | count`, "3")
	w.hunter.Shelf = nil
	if _, err := w.ask(mail, `print geo_info_from_ip_address("198.51.100.77")`); err == nil || !strings.Contains(err.Error(), "an administrator has to register a feed of places") {
		t.Errorf("without data: %v", err)
	}
}
