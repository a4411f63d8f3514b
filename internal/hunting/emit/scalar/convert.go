package scalar

import (
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// dynamicKind is the kind that a value has in SQL: what only data will tell is dynamic.
func kindOf(x plan.Expr) types.Kind { return settled(x.Type().Kind) }

func settled(k types.Kind) types.Kind {
	switch k {
	case types.Unknown, types.Error, types.Null:
		return types.Dynamic
	case types.Name:
		return types.String
	}
	return k
}

// as writes an expression as a value of another kind.
func (e *emitter) as(x plan.Expr, to types.Kind) string {
	to = settled(to)
	if l, ok := x.(*plan.Literal); ok {
		if l.Value == nil {
			return missing(to)
		}
		if sql, ok := e.literalAs(l, to); ok {
			return sql
		}
	}
	if a, ok := x.(*plan.Access); ok && to == types.String {
		return e.accessText(a)
	}
	return e.convert(e.expr(x), kindOf(x), to)
}

// literalAs writes a number as one of another kind, so that nothing is left to convert.
func (e *emitter) literalAs(l *plan.Literal, to types.Kind) (string, bool) {
	n, ok := l.Value.(int64)
	if !ok || l.Of.Kind != types.Int && l.Of.Kind != types.Long {
		return "", false
	}
	switch to {
	case types.Int:
		if n != int64(int32(n)) {
			return "", false
		}
		return e.bound(n, types.Int), true
	case types.Long:
		return e.long(n), true
	case types.Real:
		return e.bound(float64(n), types.Real), true
	}
	return "", false
}

func (e *emitter) convert(sql string, from, to types.Kind) string {
	from, to = settled(from), settled(to)
	if from == to {
		return sql
	}
	switch to {
	case types.String:
		return e.toText(sql, from)
	case types.Dynamic:
		return e.toDynamic(sql, from)
	}
	switch from {
	case types.String:
		return e.fromText(sql, to)
	case types.Dynamic:
		return e.fromDynamic(sql, to)
	}
	return e.toNumber(sql, from, to)
}

func (e *emitter) toText(sql string, from types.Kind) string {
	switch from {
	case types.Bool:
		return "(CASE " + sql + " WHEN TRUE THEN 'True' WHEN FALSE THEN 'False' ELSE '' END)"
	case types.Real:
		return e.own("real_text", sql)
	case types.Decimal:
		return "coalesce(rtrim(rtrim(CAST(" + sql + " AS VARCHAR), '0'), '.'), '')"
	case types.DateTime:
		return e.own("datetime_text", sql)
	case types.TimeSpan:
		return e.own("timespan_text", sql)
	case types.Dynamic:
		return e.own("dynamic_text", sql)
	}
	return "coalesce(CAST(" + sql + " AS VARCHAR), '')"
}

func (e *emitter) toDynamic(sql string, from types.Kind) string {
	switch from {
	case types.String, types.GUID:
		return "CAST(to_json(" + sql + ") AS VARCHAR)"
	case types.Real:
		return e.own("real_dynamic", sql)
	case types.Decimal:
		return "rtrim(rtrim(CAST(" + sql + " AS VARCHAR), '0'), '.')"
	case types.DateTime:
		return "('\"' || nullif(" + e.own("datetime_text", sql) + ", '') || '\"')"
	case types.TimeSpan:
		return "('\"' || nullif(" + e.own("timespan_text", sql) + ", '') || '\"')"
	}
	return "CAST(" + sql + " AS VARCHAR)" // bool, int and long are written as JSON has them
}

func (e *emitter) fromText(sql string, to types.Kind) string {
	switch to {
	case types.Bool:
		return e.own("text_bool", sql)
	case types.Int:
		return "TRY_CAST(" + e.own("text_long", sql) + " AS INTEGER)"
	case types.Long:
		return e.own("text_long", sql)
	case types.Real:
		return e.own("text_real", sql)
	case types.Decimal:
		return "TRY_CAST(" + sql + " AS " + sqlTypes[to] + ")"
	case types.DateTime:
		return e.own("text_datetime", sql)
	case types.TimeSpan:
		return e.own("text_timespan", sql)
	}
	return e.own("text_guid", sql)
}

func (e *emitter) fromDynamic(sql string, to types.Kind) string {
	switch to {
	case types.Bool:
		return e.own("dynamic_bool", sql)
	case types.Int:
		return "TRY_CAST(" + e.own("dynamic_long", sql) + " AS INTEGER)"
	case types.Long:
		return e.own("dynamic_long", sql)
	case types.Real:
		return e.own("dynamic_real", sql)
	case types.Decimal:
		return "TRY_CAST(" + e.own("dynamic_text", sql) + " AS " + sqlTypes[to] + ")"
	case types.DateTime:
		return e.own("dynamic_datetime", sql)
	case types.TimeSpan:
		return e.own("dynamic_timespan", sql)
	}
	return e.own("text_guid", e.own("dynamic_text", sql))
}

// toNumber converts between bool, numbers, moments and spans.
func (e *emitter) toNumber(sql string, from, to types.Kind) string {
	if from == types.GUID || to == types.GUID {
		return "CAST(NULL AS " + sqlTypes[to] + ")"
	}
	if to == types.Bool {
		return "(" + sql + " <> 0)"
	}
	if isTicks(to) {
		to = types.Long
	}
	if isTicks(from) || from == to {
		from = types.Long
	}
	switch {
	case from == to:
		return sql
	case (from == types.Real || from == types.Decimal) && (to == types.Int || to == types.Long):
		return "TRY_CAST(trunc(" + sql + ") AS " + sqlTypes[to] + ")"
	case from == types.Bool, from == types.Int, to == types.Real:
		return "CAST(" + sql + " AS " + sqlTypes[to] + ")"
	}
	return "TRY_CAST(" + sql + " AS " + sqlTypes[to] + ")"
}

func isTicks(k types.Kind) bool { return k == types.DateTime || k == types.TimeSpan }
