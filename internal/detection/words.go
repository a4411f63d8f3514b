package detection

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// placeholder is a column that a title or description names.
var placeholder = regexp.MustCompile(`\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}`)

// columnsNamed are the columns that a text names, each once.
func columnsNamed(text string) []string {
	var names []string
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	return names
}

// mostValue is how many characters of a value stand in a title or description.
const mostValue = 150

// render puts a row's values into a text. Values are text of others: they stay on one line, and nothing in them is looked for again.
func render(text string, value func(column string) string) string {
	return placeholder.ReplaceAllStringFunc(text, func(m string) string {
		return oneLine(value(placeholder.FindStringSubmatch(m)[1]), mostValue)
	})
}

// TextOf is a value as people read it; empty for nothing.
func TextOf(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	case time.Duration:
		return v.String()
	case json.RawMessage:
		return string(v)
	case []byte:
		return string(v)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return fmt.Sprint(v)
}

// timeOf reads a time; false when it is none.
func timeOf(v any) (time.Time, bool) {
	switch v := v.(type) {
	case time.Time:
		return v.UTC(), !v.IsZero()
	case string:
		t, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(v))
		return t.UTC(), err == nil
	}
	return time.Time{}, false
}
