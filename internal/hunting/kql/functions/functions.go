// Package functions is the functions, operators and plugins of KQL as data: what each takes and gives. It runs none of them.
package functions

import (
	_ "embed" // the tables
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// Function is one by its name, with the ways in which it can be called.
type Function struct {
	Name       string
	Signatures []*Signature
	Group      string // the heading that it stands under
	Instead    string // what has taken its place, if something has
	Naming     Naming
	Prefix     string // of Naming
}

// Naming is how a column is called that is made of a function alone.
type Naming uint8

// The ways to name a column.
const (
	Unnamed           Naming = iota // as if there were no function
	FirstArgument                   // as its first argument
	PrefixedArgument                // a word, _ and the first argument
	PrefixAlone                     // a word
	OnlyArgument                    // as its argument if there is just one
	ColumnOfThatValue               // as the column that the first argument names
)

// Signature is one way to call a function.
type Signature struct {
	Parameters []Parameter
	Pairs      bool // the repeated parameters take turns
	Result     Result
}

// Parameter is what can stand in one place of a call.
type Parameter struct {
	Name     string
	Want     Want
	Types    []types.Type // of Declared
	Argument Argument
	Values   []string // of Literal: what may be written
	Min, Max int
}

// Want is a kind of types.
type Want uint8

// The kinds of types that parameters take.
const (
	Declared Want = iota
	Scalar
	Integer
	Number
	NumberOrBool
	Summable
	Orderable
	Text
	TextOrArray
	IntegerOrArray
	ArrayValue
	BagValue
	NotBool
	NotDynamic
	CommonScalar
	CommonOrderable
	CommonOrDynamic
	AsFirst
	AsSecond
	Table
)

// Argument is what must be written for a parameter.
type Argument uint8

// What can be written.
const (
	AnyExpression Argument = iota
	Constant
	Literal
	Column
	ColumnOfFirst // a column of the table that is the first argument
	CommonColumn  // a column of that and of the rows
	Aggregate
	Star
	OrStar
)

// Result is what a call gives: a type, that of an argument, or what a rule of its own says.
type Result struct {
	Of   Of
	Type types.Type
	Rule string
}

// Of says where the type of a result comes from.
type Of uint8

// Where the type of a result comes from.
const (
	Itself Of = iota
	First
	Second
	PromotedFirst
	ArrayOfFirst
	NamedByLast // the last argument names it: typeof(long)
	Common
	CommonNotDynamic
	Widest
	Rule
)

// Min and Max are how many arguments a call can have.
func (s *Signature) Min() int { return s.count(func(p Parameter) int { return p.Min }) }

// Max is the most arguments that a call can have.
func (s *Signature) Max() int { return s.count(func(p Parameter) int { return p.Max }) }

func (s *Signature) count(of func(Parameter) int) int {
	n := 0
	for _, p := range s.Parameters {
		n = min(n+of(p), Many)
	}
	return n
}

// Many is how often a repeated parameter may stand.
const Many = 1 << 20

//go:embed scalar.txt
var scalarText string

//go:embed aggregates.txt
var aggregateText string

//go:embed operators.txt
var operatorText string

//go:embed plugins.txt
var pluginText string

//go:embed known.txt
var knownText string

// The tables, by name.
var (
	Scalars    = read(scalarText)
	Aggregates = read(aggregateText)
	Operators  = read(operatorText)
	Plugins    = read(pluginText)
	known      = readKnown(knownText)
)

// Unoffered says why a function of KQL is not offered here; it is no function of KQL at all if ok is false.
func Unoffered(name string) (reason string, ok bool) {
	if strings.HasPrefix(name, "__") {
		return "It is internal to the database that KQL comes from", true
	}
	reason, ok = known[name]
	return reason, ok
}

// Names gives the names of a table, for suggestions.
func Names(table map[string]*Function) []string {
	names := make([]string, 0, len(table))
	for name := range table {
		names = append(names, name)
	}
	return names
}
