package answer

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
)

func TestValuesAreWrittenAsTheirTypesAre(t *testing.T) {
	for name, c := range map[string]struct {
		value             any
		json, graph, text string
	}{
		"null":                 {nil, `null`, `null`, ``},
		"true":                 {true, `true`, `1`, `true`},
		"a whole number":       {int64(-7), `-7`, `-7`, `-7`},
		"one too large":        {int64(1 << 60), `"1152921504606846976"`, `1152921504606846976`, `1152921504606846976`},
		"a real":               {0.5, `0.5`, `0.5`, `0.5`},
		"no number":            {math.NaN(), `"NaN"`, `"NaN"`, `NaN`},
		"without end":          {math.Inf(-1), `"-Infinity"`, `"-Infinity"`, `-Infinity`},
		"a decimal":            {hunt.Decimal("1.10"), `"1.10"`, `"1.10"`, `1.10`},
		"text":                 {"a\"<\xff", `"a\"\u003c\ufffd"`, `"a\"\u003c\ufffd"`, "a\"<\xff"},
		"a moment":             {time.Date(2026, 2, 3, 4, 5, 6, 123456700, time.UTC), `"2026-02-03T04:05:06.1234567Z"`, `"2026-02-03T04:05:06.1234567Z"`, `2026-02-03T04:05:06.1234567Z`},
		"a span":               {hunt.Timespan(26*36e9 + 5), `"1.02:00:00.0000005"`, `"1.02:00:00.0000005"`, `1.02:00:00.0000005`},
		"a bag":                {json.RawMessage(`{"a":[1]}`), `{"a":[1]}`, `{"a":[1]}`, `{"a":[1]}`},
		"what nobody expected": {struct{}{}, `""`, `""`, ``},
	} {
		if got := string(AppendJSON(nil, c.value)); got != c.json {
			t.Errorf("%s: JSON %s, want %s", name, got, c.json)
		}
		if got := string(AppendGraph(nil, c.value)); got != c.graph {
			t.Errorf("%s: Graph %s, want %s", name, got, c.graph)
		}
		if got := Text(c.value); got != c.text {
			t.Errorf("%s: text %q, want %q", name, got, c.text)
		}
	}
}
