package events

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

// FuzzGlance holds the quick look at a record against the long one: what it takes, the long way takes too, with the same members. What record
// was looked at before is no matter.
func FuzzGlance(f *testing.F) {
	records := []string{
		`{"category":"AdvancedHunting-DeviceInfo","properties":{"a":1,"b":"x\\y","c":[{"d":null},[]],"e":{}}}`, ` { "a" : -1.5e3 , "b":[ true , "" ] } `,
		`{"a":1,"a":2}`, `{"properties":{"a":1,"a":2}}`, `{"a":{"b":1,"b":1}}`, `{"a":[{"b":1,"b":1}]}`, `{"\u0061":1}`, "{\"\xff\":1,\"\xfe\":2}", `{"a":1}x`, `{"a":1,}`, `{,}`,
		`{"a" 1}`, `{"a":01}`, `{"properties":{}}`, `{"properties":[{}]}`, `{"a":"` + "\x01" + `"}`, `{"a":"\ud800"}`, strings.Repeat(`{"a":`, 60) + "1" + strings.Repeat("}", 60), `[`, `{"a":[1 2]}`, `{"`, `{"a":`,
		`{"a":1,"b":2,"c":3}`, `{"a":1,"c":3}`, `{"a":1,"b":2,"a":3}`, `{"b":2,"a":3,"b":1}`, `{"c":1,"properties":{"a":1,"b":2},"d":4}`, `{"c":1,"properties":{"b":2,"a":1},"d":4}`,
		`{"c":1,"properties":{"a":1,"b":2,"a":3},"d":4}`, `{"c":1,"properties":{"a":1},"properties":{"a":1},"d":4}`, `{"a":1,"b" :2}`, `{"a":1,"b"`, `{"a":1,"b":`, `{"a":1,b":2}`,
	}
	for _, before := range records {
		for _, text := range records {
			f.Add([]byte(before), []byte(text))
		}
	}
	f.Fuzz(func(t *testing.T, before, text []byte) {
		var g, fresh glance
		g.over(before)
		text = bytes.TrimSpace(text)
		taken := g.over(text)
		if fresh.over(text) != taken {
			t.Fatalf("%q is taken after %q: %v", text, before, taken)
		}
		if !taken {
			return
		}
		if err := valid(text); err != nil {
			t.Fatalf("%q was taken: %v", text, err)
		}
		var long source
		same := func(quick, slow []member) {
			if !slices.EqualFunc(quick, slow, func(a, b member) bool {
				return bytes.Equal(a.name, b.name) && bytes.Equal(a.value, b.value) && a.plain == (b.value[0] == '"' && bytes.IndexByte(b.value, '\\') < 0)
			}) {
				t.Fatalf("%q: %+v, want %+v", text, quick, slow)
			}
		}
		same(g.members, long.walk(text))
		i := slices.IndexFunc(g.members, func(m member) bool { return string(m.name) == "properties" })
		if g.hasRow != (i >= 0 && g.members[i].value[0] == '{') {
			t.Fatalf("%q: has a row: %v", text, g.hasRow)
		}
		if g.hasRow {
			same(g.row, long.walk(g.members[i].value))
		}
	})
}

// What nearly all records look like is decided at once: else the quick way is none.
func TestTheUsualRecordIsDecidedAtOnce(t *testing.T) {
	var names []string
	for _, c := range schema.Lookup("DeviceProcessEvents").Columns {
		names = append(names, fmt.Sprintf(`%q:"C:\\ä"`, c.Name))
	}
	var g glance
	if !g.over([]byte(streamed("DeviceProcessEvents", "{"+strings.Join(names, ",")+"}"))) || !g.hasRow || len(g.row) != len(names) {
		t.Error("it is not")
	}
}

func TestTimesAreReadAlikeInBothWays(t *testing.T) {
	check := func(s string, usual bool) {
		t.Helper()
		quick, ok := usualTicks([]byte(s))
		if ok != usual {
			t.Errorf("%q is read the quick way: %v", s, ok)
		}
		if slow, taken := parseTicks(s); ok && (!taken || quick != slow) {
			t.Errorf("%q is %d, want %d (%v)", s, quick, slow, taken)
		}
	}
	for _, s := range []string{"0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "2024-02-29T00:00:00.1Z", "2000-02-29T12:00:00Z", "1970-01-01T00:00:00.0000001Z"} {
		check(s, true)
	}
	for _, s := range []string{
		"", "Z", "0000-01-01T00:00:00Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z",
		"2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1234567891Z", "2026-01-01T00:00:00", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00+01:00", "2026-01-01T00:00:00,1Z", "2026-01-0aT00:00:00Z", "2026-01-00T00:00:00Z",
	} {
		check(s, false)
	}
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-62_135_596_800, 253_402_300_799).Draw(t, "s"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).UTC()
		s := at.Format("2006-01-02T15:04:05.999999999Z")
		quick, ok := usualTicks([]byte(s))
		if slow, taken := parseTicks(s); !ok || !taken || quick != slow {
			t.Fatalf("%s: %d %v, want %d", s, quick, ok, slow)
		}
	})
}

// A value that is read the quick way is what the long one reads.
func TestValuesAreReadAlikeInBothWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]schema.Type{schema.String, schema.Long, schema.Int, schema.DateTime, schema.Dynamic, schema.GUID, schema.Bool, schema.Real}).Draw(t, "type")
		text := rapid.OneOf(
			rapid.StringMatching(`"?[0-9]{1,20}"?`), rapid.StringMatching(`"([a-z ä{}:]|\\\\|\\"|\\/|\\n|\\u0000|\\ud800|\\u00e4){0,12}"`),
			rapid.StringMatching(`"20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\.[0-9]{1,9})?Z"`), rapid.SampledFrom([]string{`true`, `1.5`, `{}`, `[1]`, `-7`, `""`, `" 7 "`}),
		).Draw(t, "json")
		if valid([]byte(text)) != nil {
			return
		}
		m := member{value: []byte(text)}
		quick, slow := Column{Type: kind}, Column{Type: kind}
		m.plain = text[0] == '"' && !strings.Contains(text, `\`)
		a := quick.put(0, m, false)
		// In spaces no value is written in the usual way; within quotes they do not count but in texts.
		spaced := member{value: []byte(text)}
		if kind != schema.String && kind != schema.Dynamic && text[0] == '"' {
			spaced.value = []byte(`" ` + text[1:])
		}
		b := slow.put(0, spaced, false)
		if a != b || !slices.Equal(quick.Numbers, slow.Numbers) || !slices.Equal(quick.Null, slow.Null) || !bytes.Equal(quick.text, slow.text) {
			t.Fatalf("%s %s: %v %v, want %v %v", kind, text, a, quick, b, slow)
		}
		if kind == schema.String && text[0] == '"' && !bytes.Equal(quick.text, appendEscaped(nil, m.value)) {
			t.Fatalf("%s is %q, want %q", text, quick.text, appendEscaped(nil, m.value))
		}
	})
}
