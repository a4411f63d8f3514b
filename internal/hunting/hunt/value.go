package hunt

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/hunting/events"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
	"github.com/bailiwick/bailiwick/internal/hunting/worker"
)

// Timespan is a span of time, in counts of 100 nanoseconds.
type Timespan int64

// String writes it as KQL does: 1.02:03:04.5670000.
func (t Timespan) String() string {
	n, sign := uint64(t), ""
	if t < 0 {
		n, sign = uint64(-t), "-"
	}
	days, rest := n/(24*3600*1e7), n%(24*3600*1e7)
	text := fmt.Sprintf("%02d:%02d:%02d", rest/(3600*1e7), rest/(60*1e7)%60, rest/1e7%60)
	if days > 0 {
		text = fmt.Sprintf("%d.%s", days, text)
	}
	if f := rest % 1e7; f > 0 {
		text += fmt.Sprintf(".%07d", f)
	}
	return sign + text
}

// Decimal is a number as it is written.
type Decimal string

// answer makes values of KQL of what a worker says: nil for null, bool, int64 for int and long, float64, Decimal, string for string and guid,
// time.Time, Timespan, and json.RawMessage for dynamic.
type answer struct {
	to      Rows
	columns []*plan.Column
	render  *plan.Render
	row     []any
	failed  error // of whoever takes the rows
}

// Columns implements worker.Rows.
func (a *answer) Columns(said []worker.Column) error {
	if len(said) != len(a.columns) {
		return fmt.Errorf("hunt: %d columns came, and %d were asked for", len(said), len(a.columns))
	}
	a.row = make([]any, len(said))
	a.failed = a.to.Head(Head{Columns: columnsOf(a.columns), Render: a.render})
	return a.failed
}

// Row implements worker.Rows.
func (a *answer) Row(values []any) error {
	for i, v := range values {
		a.row[i] = valueOf(a.columns[i].Type.Kind, v)
	}
	a.failed = a.to.Row(a.row)
	return a.failed
}

func valueOf(k types.Kind, v any) any {
	switch k {
	case types.DateTime:
		if n, ok := v.(int64); ok && n >= 0 && n <= maxTicks {
			return events.Ticks(n).Time()
		}
		return nil
	case types.TimeSpan:
		if n, ok := v.(int64); ok {
			return Timespan(n)
		}
		return nil
	case types.Decimal:
		return decimal(v)
	case types.Dynamic, types.Unknown, types.Null:
		s, ok := v.(string)
		if !ok || !json.Valid([]byte(s)) {
			return nil
		}
		return json.RawMessage(s)
	case types.String:
		if v == nil {
			return ""
		}
	}
	return v
}

func decimal(v any) any {
	switch v := v.(type) {
	case string:
		if strings.Contains(v, ".") {
			v = strings.TrimRight(strings.TrimRight(v, "0"), ".")
		}
		return Decimal(v)
	case int64:
		return Decimal(fmt.Sprint(v))
	case float64:
		return Decimal(fmt.Sprint(v))
	}
	return nil
}

// maxTicks is the end of the year 9999.
var maxTicks = int64(events.TicksOf(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC))) - 1
