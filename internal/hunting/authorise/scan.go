package authorise

import (
	"slices"

	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

// Table is the table that the scan reads; nil: it reads nothing.
func (s *Scan) Table() *schema.Table {
	if s == nil || s.cut == nothing {
		return nil
	}
	return s.table
}

// Column gives the column of the table that stands behind the i'th of the reference's; false: it is the time of arrival.
func (s *Scan) Column(i int) (schema.Column, bool) {
	if s.places[i] == arrival {
		return schema.Column{}, false
	}
	return s.table.Columns[s.places[i]], true
}

// All tells whether every row of the table is in reach.
func (s *Scan) All() bool { return s != nil && s.cut == all }

// Condition is what a row must meet to be in reach: one of several alternatives, each of tests that must all hold. Without an
// alternative no row is.
type Condition [][]Test

// Test is one test of a row.
type Test struct {
	Column schema.Column
	In     List     // its value is in the list
	Among  []string // or among these; without List
}

// Condition gives it; only for a scan that is not of All.
func (s *Scan) Condition() Condition {
	if s == nil || s.table == nil {
		return nil
	}
	device := s.column(s.table.Device)
	switch s.cut {
	case byDevice:
		return Condition{{{Column: device, In: s.devices()}}}
	case byAnyone:
		return Condition{{{Column: device, In: s.devices()}}, {{Column: device, Among: []string{""}}}}
	case byAlert:
		return Condition{{{Column: s.column(s.table.ScopeColumn), In: Alerts}}}
	case byEvidence:
		alert, entity, name := s.column(s.table.ScopeColumn), s.column("EntityType"), s.column("DeviceName")
		return Condition{
			{{Column: alert, In: Whole}},
			{{Column: alert, In: Alerts}, {Column: device, In: Devices}},
			{{Column: alert, In: Alerts}, {Column: device, Among: []string{""}}, {Column: name, Among: []string{""}}, {Column: entity, Among: deviceless}},
		}
	}
	return nil
}

// deviceless are the kinds of evidence that are of no device, as far as is known. What is of one and does not say of which is left out.
var deviceless = []string{"User", "Mailbox", "MailMessage", "MailCluster", "CloudApplication", "OAuthApplication", "CloudLogonSession", "CloudLogonRequest", "SecurityGroup"}

// Blank are columns that may tell of what is out of reach, and have no value in rows of alerts that are not in Whole.
func (s *Scan) Blank(c schema.Column) bool {
	return s.cut == byEvidence && slices.Contains([]string{"AdditionalFields"}, c.Name)
}

func (s *Scan) devices() List {
	if s.table.Vulnerability {
		return Exposed
	}
	return Devices
}

func (s *Scan) column(name string) schema.Column {
	if c := s.table.Column(name); c != nil {
		return *c
	}
	return schema.Column{} // of no name that an engine knows: the statement fails, and nothing is shown
}

func (s *Scan) lists() []List {
	if s.table == nil || s.cut == all {
		return nil
	}
	var list []List
	for _, alternative := range s.Condition() {
		for _, t := range alternative {
			if t.In != "" && !slices.Contains(list, t.In) {
				list = append(list, t.In)
			}
		}
	}
	return list
}
