package detection

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/kql"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

// AssetKinds are what an alert may be about, and the columns that can name it.
var AssetKinds = map[string][]string{
	"device": {"DeviceId", "DeviceName", "RemoteDeviceName", "TargetDeviceName", "DestinationDeviceName"},
	"user": {"AccountObjectId", "AccountSid", "AccountUpn", "AccountName", "AccountDomain", "AccountId", "RequestAccountSid", "RequestAccountName", "RequestAccountDomain",
		"RecipientObjectId", "ProcessAccountObjectId", "InitiatingAccountSid", "InitiatingProcessAccountUpn", "InitiatingAccountName", "InitiatingAccountDomain",
		"ServicePrincipalId", "ServicePrincipalName", "TargetAccountUpn"},
	"mailbox": {"AccountUpn", "FileOwnerUpn", "InitiatingProcessAccountUpn", "LastModifyingAccountUpn", "TargetAccountUpn", "SenderFromAddress", "SenderDisplayName",
		"RecipientEmailAddress", "SenderMailFromAddress"},
}

// AssetOrder is the order in which people meet them.
var AssetOrder = []string{"device", "user", "mailbox"}

// deviceColumns are the columns of a result in which a row names devices.
var deviceColumns = AssetKinds["device"]

// sayer takes one thing that is wrong.
type sayer func(where, want, problem string, args ...any)

// bound is a query as it was bound.
type bound struct {
	tables  []string
	feeds   []string // by address or name
	columns []*plan.Column
	plan    *plan.Query
}

func (b bound) column(name string) *plan.Column {
	for _, c := range b.columns {
		if c.Name == name {
			return c
		}
	}
	return nil
}

func (b bound) names() []string {
	var names []string
	for _, c := range b.columns {
		names = append(names, c.Name)
	}
	return names
}

// bind reads a query against the tables that its owner may name, and says all that keeps it from being a detection.
func bind(text string, tables *kql.Catalog, period Period, say sayer) (bound, bool) {
	b, ok := read(text, tables, say)
	if !ok {
		return b, false
	}
	b.required(say)
	if period.Every == Continuous {
		continuous(b.plan, b.tables, say)
	}
	return b, true
}

// read binds a query whose rows are to become alerts.
func read(text string, tables *kql.Catalog, say sayer) (bound, bool) {
	if strings.TrimSpace(text) == "" {
		say("query", "a query that gives Timestamp, ReportId and a column that names a device, user or mailbox", "is empty")
		return bound{}, false
	}
	if len(text) > mostQuery {
		say("query", fmt.Sprintf("at most %d bytes", mostQuery), "has %d bytes", len(text))
		return bound{}, false
	}
	r := kql.Compile(text, tables)
	if r.Plan == nil {
		for _, e := range r.Errors[:min(len(r.Errors), mostFaults)] {
			say("query", "", "line %d, column %d: %s", e.Line, e.Column, e.Message)
		}
		return bound{}, false
	}
	b := bound{tables: r.Tables(), columns: r.Columns(), plan: r.Plan}
	for _, ref := range plan.References(r.Plan.Root) {
		if ref.Kind == plan.Feed {
			b.feeds = append(b.feeds, ref.Sources...)
		}
	}
	if len(b.tables) == 0 {
		say("query", "a query over a table", "reads no table: it would find the same each time")
		return b, false
	}
	return b, true
}

// required says which of the columns are missing that every detection needs, and why.
func (b bound) required(say sayer) {
	switch c := b.column("Timestamp"); {
	case c == nil:
		say("query", "keep Timestamp in the result", "its result has no column Timestamp: an alert tells when something happened")
	case c.Type.Kind != types.DateTime:
		say("query", "Timestamp as the table has it", "Timestamp is %s, and not a datetime", c.Type)
	}
	for _, name := range b.tables {
		if t := schema.Lookup(name); t != nil && t.Report != "" && b.column(t.Report) == nil {
			say("query", "keep "+t.Report+" in the result; after summarize, with arg_max(Timestamp, "+t.Report+")",
				"its result has no column %s, which %s has: it tells one event from another, or each run would raise the same alert again", t.Report, name)
			break
		}
	}
	for _, kind := range AssetOrder {
		for _, c := range AssetKinds[kind] {
			if b.column(c) != nil {
				return
			}
		}
	}
	say("query", "keep a column such as DeviceId, AccountObjectId or RecipientEmailAddress", "its result has no column that names a device, a user or a mailbox: an alert is about one")
}

// continuous says what a continuous detection can't have: it looks at the events of one table, each by itself.
func continuous(q *plan.Query, tables []string, say sayer) {
	const want = "one table, and operators that look at each row by itself; or run it every hour"
	if len(tables) > 1 {
		say("period", want, "a continuous detection reads one table, and this query reads %s", strings.Join(tables, ", "))
		return
	}
	if t := schema.Lookup(tables[0]); t == nil || !t.NearRealTime {
		say("period", "every hour or less often", "%s can't be followed continuously", tables[0])
	}
	reads := 0
	var other []string
	plan.Walk(q.Root, func(n plan.Node) {
		switch n := n.(type) {
		case *plan.Reference:
			if reads++; n.Kind != plan.Table {
				other = append(other, n.Kind.String())
			}
		case *plan.Filter, *plan.Project, *plan.Parse, *plan.ParsePairs, *plan.Expand, *plan.Use:
		default:
			other = append(other, operatorOf(n))
		}
	})
	switch {
	case len(other) > 0:
		slices.Sort(other)
		say("period", want, "a continuous detection can't have %s", strings.Join(slices.Compact(other), ", "))
	case reads > 1:
		say("period", want, "a continuous detection reads its table once")
	}
}

// operatorOf is what the query calls a node, as nearly as that can be told.
func operatorOf(n plan.Node) string {
	switch n.(type) {
	case *plan.Join:
		return "join"
	case *plan.Union:
		return "union"
	case *plan.Aggregate:
		return "summarize or distinct"
	case *plan.Sort:
		return "sort"
	case *plan.Limit:
		return "take or top"
	}
	name := fmt.Sprintf("%T", n)
	return strings.ToLower(name[strings.LastIndexByte(name, '.')+1:])
}

// knownColumn finds a column that something names, and says what was meant if there is none.
func (b bound) knownColumn(where, name string, say sayer) bool {
	if b.column(name) != nil {
		return true
	}
	want := "a column of the result"
	if near := catalog.Nearest(name, b.names()); near != "" {
		want += fmt.Sprintf(", perhaps %s", near)
	}
	say(where, want, "the query's result has no column %q", cut(name, 80))
	return false
}

// ColumnOf is the column that Graph's identifier stands for: deviceId is DeviceId.
func ColumnOf(identifier string) string {
	r := []rune(strings.TrimSpace(identifier))
	if len(r) == 0 {
		return ""
	}
	switch s := string(r); {
	case strings.HasPrefix(s, "sha"):
		return strings.ToUpper(s)
	default:
		r[0] = unicode.ToUpper(r[0])
		return string(r)
	}
}

// IdentifierOf is Graph's identifier of a column.
func IdentifierOf(column string) string {
	if strings.HasPrefix(column, "SHA") {
		return strings.ToLower(column)
	}
	r := []rune(column)
	if len(r) > 0 {
		r[0] = unicode.ToLower(r[0])
	}
	return string(r)
}

// refusal is all that is wrong, as one error; nil: nothing is.
func refusal(op string, wrong []fault.Detail) error {
	if len(wrong) == 0 {
		return nil
	}
	first := wrong[0]
	text := first.Where + ": " + first.Problem
	if first.Want != "" {
		text += "; want " + first.Want
	}
	if more := len(wrong) - 1; more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	return fault.Invalid(op, "%s", text).WithDetails(wrong...)
}
