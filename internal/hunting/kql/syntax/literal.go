package syntax

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// LiteralKind is the type that a literal is written in.
type LiteralKind uint8

// The kinds of literals. Dynamic values have a node of their own.
const (
	String LiteralKind = iota
	Bool
	Int
	Long
	Real
	Decimal
	DateTime
	TimeSpan
	GUID
	Null // only inside dynamic()
)

var literalTypes = [...]string{"string", "bool", "int", "long", "real", "decimal", "datetime", "timespan", "guid", "null"}

// String names the type as KQL does.
func (k LiteralKind) String() string { return literalTypes[k] }

// Value gives what a literal stands for: bool, int64 (of int and long), float64, string (of string, decimal and guid), and for
// datetime and timespan int64 counts of 100 nanoseconds, since 0001-01-01 and as such. It is nil for a null.
func (l *Literal) Value() any {
	v, _ := valueOf(l.Kind, l.Text)
	return v
}

// normalize checks the text of a literal and gives the form in which the tree keeps it.
func normalize(kind LiteralKind, s string) (string, error) {
	s = unquote(s)
	if strings.EqualFold(s, "null") {
		return "null", nil
	}
	v, err := valueOf(kind, s)
	if err != nil {
		return "", fmt.Errorf("'%s' is not a literal of type %s%s", Clip(s), kind, literalForms[kind])
	}
	switch kind {
	case Bool:
		return strconv.FormatBool(v.(bool)), nil
	case GUID:
		return v.(string), nil
	}
	return s, nil
}

var literalForms = map[LiteralKind]string{
	Bool: ": write true or false.", Int: ": write a whole number that fits in 32 bits.", Long: ": write a whole number that fits in 64 bits.", Real: ": write a number such as 1.5.",
	Decimal: ": write a number such as 1.5.", DateTime: ": write it as datetime(2024-12-31) or datetime(2024-12-31 23:59:59).",
	TimeSpan: ": write it as 2d, 1.5h, 30m or time(1.02:30:00).", GUID: ": write it as guid(74be27de-1e4e-49d9-b579-fe0b331d3642).",
}

// unquote takes the quotes off that some write inside typed literals: datetime("2024-01-01").
func unquote(s string) string {
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return strings.TrimSpace(s[1 : len(s)-1])
	}
	return s
}

func valueOf(kind LiteralKind, s string) (any, error) {
	if s == "null" && kind != String {
		return nil, nil
	}
	switch kind {
	case Bool:
		switch strings.ToLower(s) {
		case "true", "1":
			return true, nil
		case "false", "0":
			return false, nil
		}
	case Int, Long:
		bits := 64
		if kind == Int {
			bits = 32
		}
		return parseInteger(s, bits)
	case Real:
		return parseReal(s)
	case Decimal:
		if _, err := parseReal(s); err != nil {
			return nil, err
		}
		return s, nil
	case DateTime:
		return parseDateTime(s)
	case TimeSpan:
		return parseTimeSpan(s)
	case GUID:
		g := strings.ToLower(strings.Trim(s, "{}"))
		if len(g) == 32 {
			g = g[:8] + "-" + g[8:12] + "-" + g[12:16] + "-" + g[16:20] + "-" + g[20:]
		}
		if len(g) == guidLength && guidAt(g) {
			return g, nil
		}
	case String:
		return s, nil
	}
	return nil, strconv.ErrSyntax
}

func parseInteger(s string, bits int) (any, error) {
	digits, negative := strings.TrimPrefix(s, "+"), false
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		digits, negative = rest, true
	}
	if longAt(digits) != len(digits) || digits == "" {
		return nil, strconv.ErrSyntax
	}
	if strings.HasPrefix(digits, "0x") || strings.HasPrefix(digits, "0X") {
		u, err := strconv.ParseUint(digits[2:], 16, bits)
		if err != nil {
			return nil, err
		}
		v := int64(u)
		if bits == 32 {
			v = int64(int32(u))
		}
		if negative {
			v = -v
		}
		return v, nil
	}
	if negative {
		digits = "-" + digits
	}
	return anyOf(strconv.ParseInt(digits, 10, bits))
}

func parseReal(s string) (any, error) {
	switch strings.ToLower(s) {
	case "nan":
		return math.NaN(), nil
	case "+inf", "inf":
		return math.Inf(1), nil
	case "-inf":
		return math.Inf(-1), nil
	}
	digits := strings.TrimLeft(s, "+-")
	if digits == "" || len(s)-len(digits) > 1 || !isDigit(digits[0]) && digits[0] != '.' || strings.ContainsAny(digits, "xX_pP") {
		return nil, strconv.ErrSyntax
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(v, 0) {
		return nil, err
	}
	return v, nil
}

func anyOf[T any](v T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return v, nil
}

// epoch is where Kusto counts time from; ticks are 100 nanoseconds.
var epoch = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)

const ticksPerDay = 864_000_000_000

func ticksOf(t time.Time) int64 {
	return (t.Unix()-epoch.Unix())*10_000_000 + int64(t.Nanosecond())/100
}

// TimeOf gives the time that a datetime literal's value stands for.
func TimeOf(ticks int64) time.Time {
	return time.Unix(epoch.Unix()+ticks/10_000_000, ticks%10_000_000*100).UTC()
}
