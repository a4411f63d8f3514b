// Package schema is the tables that can be hunted in, as data: tables.json reads like the documentation of advanced hunting, a
// line for each column, and is part of the program.
package schema

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/bailiwick/bailiwick/rbac"
)

// Table is a table of the hunting schema.
type Table struct {
	ID          int // never used again for another; what it is called in an engine follows from it
	Name        string
	Description string // of the core tables; others may have none
	Kind        Kind
	Workloads   rbac.WorkloadSet // all of which are needed (S12); empty: of none of the four, or told row by row
	Core        bool
	InScope     bool   // of one of the four workloads, or about alerts; others are known so that saved queries find them
	RenamedTo   string // the table that has its rows now
	Retired     string // the day since when it has no new rows; empty: it has

	Timestamp string // the column with the time of a row; empty: there is none
	Device    string // the column with the id of a row's device; empty: there is none
	Report    string // the column with the id of an event; empty: there is none

	Scope       Scope
	ScopeColumn string

	Vulnerability bool                // takes the right to vulnerability data too (S12)
	NearRealTime  bool                // may back a continuous custom detection
	Impacted      map[string][]string // device, user or mailbox: the columns that name one

	Columns []Column
	byName  map[string]int
	aside   []string
}

// Column is a column of a table.
type Column struct {
	ID          int // never used again in the table
	Name        string
	Type        Type
	Description string // of the core tables; others may have none
	JSON        bool   // text that holds JSON
	Since       string // the month in which it came
	Folded      bool   // is also kept in lower case, for searches that do not mind case
	RenamedTo   string // the column that has its values in the table that this one was renamed to; empty: that of its name
}

// Kind is how rows of a table come to be.
type Kind string

// An event happens once; of an entity the newest row counts; a knowledge base is of nobody's devices.
const (
	Event         Kind = "event"
	Entity        Kind = "entity"
	KnowledgeBase Kind = "knowledgeBase"
)

// Scope is what a row must be within for a reader to see it.
type Scope string

// A row is seen by whoever may read its table, or by readers of its device's group, or by readers of its alert.
const (
	ByTable  Scope = ""
	ByDevice Scope = "deviceGroup"
	ByAlert  Scope = "alert"
)

// Type is the type of a column's values.
type Type string

// The types, as KQL calls them.
const (
	Bool     Type = "bool"
	Int      Type = "int"
	Long     Type = "long"
	Real     Type = "real"
	String   Type = "string"
	DateTime Type = "datetime"
	Dynamic  Type = "dynamic"
	GUID     Type = "guid"
)

var graphTypes = map[Type]string{
	Bool: "SByte", Int: "Int32", Long: "Int64", Real: "Double", String: "String", DateTime: "DateTime", Dynamic: "Object", GUID: "Guid",
}

// Graph names the type as results of Microsoft Graph do.
func (t Type) Graph() string { return graphTypes[t] }

// Physical is what an engine calls the table: no text of a user's is ever a name there.
func (t *Table) Physical() string { return fmt.Sprintf("t%d", t.ID) }

// Rows gives the table that has its rows: a table that was renamed, and not retired, has none of its own.
func (t *Table) Rows() *Table {
	if t.RenamedTo == "" || t.Retired != "" {
		return t
	}
	return Lookup(t.RenamedTo)
}

// In gives the name that a column has in the table that has the rows.
func (c Column) In(rows *Table) string {
	if c.RenamedTo != "" && rows.Column(c.RenamedTo) != nil {
		return c.RenamedTo
	}
	return c.Name
}

// Physical is what an engine calls the column. KQL tells LogonId from LogonID, and engines do not.
func (c Column) Physical() string { return fmt.Sprintf("c%d", c.ID) }

// PhysicalFolded is what an engine calls the column in lower case; empty if it is not kept.
func (c Column) PhysicalFolded() string {
	if !c.Folded {
		return ""
	}
	return fmt.Sprintf("f%d", c.ID)
}

// Find gives the place of a column among Columns. Case matters.
func (t *Table) Find(column string) (int, bool) {
	i, ok := t.byName[column]
	return i, ok
}

// Column finds a column by name; nil: there is none.
func (t *Table) Column(name string) *Column {
	if i, ok := t.byName[name]; ok {
		return &t.Columns[i]
	}
	return nil
}

// IsStreamOnly tells whether the streaming export is known to give rows this column, though the documentation lists none.
func (t *Table) IsStreamOnly(column string) bool { return slices.Contains(t.aside, column) }

// Tables are all tables, in the document's order: the core first. Nobody may change them.
func Tables() []*Table { return loaded().tables }

// Lookup finds a table by name; nil: there is none. Case matters.
func Lookup(name string) *Table { return loaded().byName[name] }

// Aliases are other names that a column answers to where a table has it.
var Aliases = map[string]string{"TimeGenerated": "Timestamp"}

type all struct {
	tables []*Table
	byName map[string]*Table
}

var loaded = sync.OnceValue(func() all {
	a, err := parse(text)
	if err != nil {
		panic("the hunting schema in the program: " + err.Error()) // a test reads it
	}
	return a
})

//go:embed tables.json
var text []byte

func parse(text []byte) (all, error) {
	var file struct {
		StreamOnly []struct {
			Name   string
			Tables []string
		}
		Tables []struct {
			Table
			Workload           string
			Workloads          []rbac.Workload
			TimestampColumn    string
			DeviceIDColumn     string `json:"deviceIdColumn"`
			ReportIDColumn     string `json:"reportIdColumn"`
			Scope              struct{ Type, Column string }
			EndpointPermission string
			NearRealTime       bool                `json:"nearRealTimeDetection"`
			Impacted           map[string][]string `json:"impactedAssetColumns"`
		}
	}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return all{}, err
	}
	a := all{byName: map[string]*Table{}}
	for _, f := range file.Tables {
		t := f.Table
		t.Workloads = rbac.SetOf(f.Workloads...)
		t.Timestamp, t.Device, t.Report = f.TimestampColumn, f.DeviceIDColumn, f.ReportIDColumn
		t.Scope, t.ScopeColumn = Scope(f.Scope.Type), f.Scope.Column
		t.Vulnerability = f.EndpointPermission == "vulnerabilityManagement"
		t.NearRealTime, t.Impacted = f.NearRealTime, f.Impacted
		t.byName = map[string]int{}
		for i, c := range t.Columns {
			if _, twice := t.byName[c.Name]; twice || graphTypes[c.Type] == "" {
				return a, fmt.Errorf("%s: column %s stands twice, or is of the unknown type %q", t.Name, c.Name, c.Type)
			}
			t.byName[c.Name] = i
		}
		for _, s := range file.StreamOnly {
			if slices.Contains(s.Tables, t.Name) && t.Column(s.Name) == nil {
				t.aside = append(t.aside, s.Name)
			}
		}
		if a.byName[t.Name] != nil {
			return a, fmt.Errorf("table %s stands twice", t.Name)
		}
		a.tables, a.byName[t.Name] = append(a.tables, &t), &t
	}
	return a, nil
}
