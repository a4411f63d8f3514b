// Package lookup is what queries may look up beside the tables: rows of registered feeds (externaldata), what is known about files
// (FileProfile), and where addresses are (geo_info_from_ip_address). An administrator registers each; nothing leaves the server when a
// query runs.
package lookup

import (
	"slices"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/rbac"
)

// Shelf is what there is at one moment. The zero value is nothing.
type Shelf struct {
	Feeds      []Feed
	Reputation string // the file; empty: there is none
	Places     string // the file; empty: there is none
}

// Feed is rows from elsewhere, of which the centre keeps a copy.
type Feed struct {
	ID        string
	Name      string
	Addresses []string
	Format    string           // as what its records are written
	Readers   rbac.WorkloadSet // who may hunt in any of these may read it; none: nobody
	File      string           // empty: nothing has been loaded yet
}

// ByName is what the name of a feed stands behind where a query gives no address.
const ByName = "feed:"

// Find gives the feed that answers to an address, or to feed: and its name.
func (s Shelf) Find(source string) (Feed, bool) {
	i := slices.IndexFunc(s.Feeds, func(f Feed) bool {
		name, named := strings.CutPrefix(source, ByName)
		return slices.Contains(f.Addresses, source) || named && strings.EqualFold(name, f.Name)
	})
	if i < 0 {
		return Feed{}, false
	}
	return s.Feeds[i], true
}

// ByID gives a feed by its id.
func (s Shelf) ByID(id string) (Feed, bool) {
	i := slices.IndexFunc(s.Feeds, func(f Feed) bool { return f.ID == id })
	if i < 0 {
		return Feed{}, false
	}
	return s.Feeds[i], true
}

// The columns of a feed's file: the number of a record from 0, its text, and its cells where it has some.
const (
	RecordNumber = "n"
	RecordText   = "l"
	RecordCells  = "c"
)

// Formats are how feeds are written, and what stands between their cells; empty: a record is not of cells.
var Formats = map[string]string{
	"csv": ",", "tsv": "\t", "psv": "|", "scsv": ";", "tsve": "\t", "sohsv": "\x01", "ssv": " ",
	"txt": "", "raw": "", "json": "", "multijson": "",
}

// Column is a column of a file that is looked up in.
type Column struct {
	Name string // as queries know it
	Type string // as KQL calls it
}

// ReputationKey is the column of a hash in lower case, by which files are found: each file stands under each of its hashes.
const ReputationKey = "k"

// Reputation are the columns that FileProfile() adds and a file may have. The i-th is called c and i there.
var Reputation = []Column{
	{"SHA1", "string"}, {"SHA256", "string"}, {"MD5", "string"}, {"FileSize", "int"}, {"GlobalPrevalence", "int"}, {"GlobalFirstSeen", "datetime"}, {"GlobalLastSeen", "datetime"},
	{"Signer", "string"}, {"Issuer", "string"}, {"SignerHash", "string"}, {"IsCertificateValid", "bool"}, {"IsRootSignerMicrosoft", "bool"}, {"SignatureState", "string"}, {"IsExecutable", "bool"},
	{"ThreatName", "string"}, {"Publisher", "string"}, {"SoftwareName", "string"},
}

// Stored is a column of a file, by the engine's type.
type Stored struct{ Name, Type string }

// FeedColumns are the columns of a feed's file.
var FeedColumns = []Stored{{RecordNumber, "BIGINT"}, {RecordText, "VARCHAR"}, {RecordCells, "VARCHAR[]"}}

// ReputationColumns are the columns of a file of reputation.
func ReputationColumns() []Stored {
	engine := map[string]string{"string": "VARCHAR", "int": "INTEGER", "datetime": "BIGINT", "bool": "BOOLEAN"}
	list := []Stored{{ReputationKey, "VARCHAR"}}
	for i, c := range Reputation {
		list = append(list, Stored{ReputationColumn(i), engine[c.Type]})
	}
	return list
}

// ReputationColumn is what the i-th column is called in the file.
func ReputationColumn(i int) string { return "c" + strconv.Itoa(i) }
