package scalar

import (
	"errors"
	"math"
	"math/bits"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// constant computes what is the same for all rows and counts ticks or wholes, so that the engine sees one value and can skip
// what lies outside it.
func (e *emitter) constant(x plan.Expr) (int64, bool) {
	switch x := x.(type) {
	case *plan.Literal:
		n, ok := x.Value.(int64)
		return n, ok
	case *plan.Call:
		return e.constantCall(x)
	}
	return 0, false
}

func (e *emitter) constantCall(c *plan.Call) (int64, bool) {
	if !isWhole(c.Of.Kind) || c.Of.Kind == types.Int {
		return 0, false
	}
	args := make([]int64, len(c.Arguments))
	for i, a := range c.Arguments {
		if !isWhole(a.Type().Kind) {
			return 0, false
		}
		n, ok := e.constant(a)
		if !ok {
			return 0, false
		}
		args[i] = n
	}
	switch c.Name {
	case "now":
		if len(args) == 0 {
			return e.env.Now(), true
		}
		return sum(e.env.Now(), args[0])
	case "ago":
		return sum(e.env.Now(), -args[0])
	case "+":
		return sum(args[0], args[1])
	case "-":
		if args[1] == math.MinInt64 {
			return 0, false
		}
		return sum(args[0], -args[1])
	case "*":
		high, low := bits.Mul64(magnitude(args[0]), magnitude(args[1]))
		if high != 0 || low > math.MaxInt64 {
			return 0, false
		}
		return args[0] * args[1], true
	case "negative":
		return -args[0], args[0] != math.MinInt64
	case "positive":
		return args[0], true
	case "bin", "floor":
		if len(args) == 2 && args[1] > 0 && args[0] >= 0 {
			return args[0] - args[0]%args[1], true
		}
	case "startofday":
		if len(args) == 1 && args[0] >= 0 {
			return args[0] - args[0]%ticksPerDay, true
		}
	}
	return 0, false
}

func sum(a, b int64) (int64, bool) {
	s := a + b
	return s, (s > a) == (b > 0)
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-n)
	}
	return uint64(n)
}

// Constant gives the ticks, or the whole number, that an expression is for all rows at a moment; false: that cannot be told before they are read.
func Constant(x plan.Expr, now int64) (int64, bool) {
	e := &emitter{env: moment(now)}
	return e.constant(x)
}

// moment is where an expression stands of which no more than the time matters.
type moment int64

func (m moment) Now() int64                                  { return int64(m) }
func (moment) Column(*plan.Column) string                    { return "" }
func (moment) Parameter(any) string                          { return "" }
func (moment) Subquery(*plan.Binding) (a, b string, e error) { return "", "", errNoRows }
func (moment) Order() (string, error)                        { return "", errNoRows }
func (moment) Places() bool                                  { return false }

var errNoRows = errors.New("scalar: a constant is of no rows")
