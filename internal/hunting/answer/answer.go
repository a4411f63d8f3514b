// Package answer writes the values that a query found: for programs as JSON, in the forms of Microsoft Graph, and for people as text.
package answer

import (
	"encoding/json"
	"math"
	"strconv"
	"time"

	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
)

// whole is up to where every whole number is one in JavaScript, too.
const whole = 1<<53 - 1

// AppendJSON writes a value: datetimes as ISO 8601 with seven digits, timespans as KQL prints them, dynamic values as they are. Whole
// numbers that many readers of JSON would round are text.
func AppendJSON(b []byte, v any) []byte {
	switch x := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, x)
	case int64:
		if x > whole || x < -whole {
			return append(strconv.AppendInt(append(b, '"'), x, 10), '"')
		}
		return strconv.AppendInt(b, x, 10)
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) { // JSON has no words for these
			return appendText(b, realText(x))
		}
		return append(b, realText(x)...)
	case json.RawMessage:
		if json.Valid(x) {
			return append(b, x...)
		}
		return append(b, "null"...)
	}
	return appendText(b, Text(v))
}

// AppendGraph writes a value as Microsoft Graph does: bools as 0 and 1, as their type SByte says, and all whole numbers as numbers.
func AppendGraph(b []byte, v any) []byte {
	switch x := v.(type) {
	case bool:
		if x {
			return append(b, '1')
		}
		return append(b, '0')
	case int64:
		return strconv.AppendInt(b, x, 10)
	}
	return AppendJSON(b, v)
}

func appendText(b []byte, s string) []byte {
	text, _ := json.Marshal(s) // A string always can.
	return append(b, text...)
}

func realText(x float64) string {
	switch {
	case math.IsInf(x, 1):
		return "Infinity"
	case math.IsInf(x, -1):
		return "-Infinity"
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// Text writes a value as people read it, and a table has it. Null is empty.
func Text(v any) string {
	switch x := v.(type) {
	case bool:
		return strconv.FormatBool(x)
	case int64:
		return strconv.FormatInt(x, 10)
	case float64:
		return realText(x)
	case time.Time:
		return x.UTC().Format("2006-01-02T15:04:05.0000000Z07:00")
	case hunt.Timespan:
		return x.String()
	case hunt.Decimal:
		return string(x)
	case json.RawMessage:
		return string(x)
	case string:
		return x
	}
	return ""
}

// GraphType names a type of KQL as results of Microsoft Graph do.
func GraphType(name string) string {
	if graph, ok := graphTypes[name]; ok {
		return graph
	}
	return "Object"
}

var graphTypes = map[string]string{
	"bool": "SByte", "int": "Int32", "long": "Int64", "real": "Double", "decimal": "SqlDecimal", "string": "String", "datetime": "DateTime",
	"timespan": "TimeSpan", "guid": "Guid", "dynamic": "Object",
}
