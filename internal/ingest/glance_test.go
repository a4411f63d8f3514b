package ingest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// What a glance finds fine is what the long way finds nothing wrong with; and all but the seldom is settled by it.
func FuzzAGlance(f *testing.F) {
	for _, text := range []string{
		`{}`, ` { "a" : [ 1 , -0.5e+3 , "\u00e9\ud83d\\\"/" , true , false , null , { } , [ ] ] } `, `{"a":1,"a":2}`, `{"a":{"b":1,"c":{"b":1}},"b":1}`,
		`{"a":{"b":1},"c":{"b":1,"b":2}}`, `{"value":[]}`, `{"a":{"value":[]}}`, `{"records":1}`, `{"a\u0062":1}`, `{"":0,"":0}`,
		`{"a":01}`, `{"a":1.}`, `{"a":.5}`, `{"a":1e}`, `{"a":-}`, `{"a":+1}`, `{"a":tru}`, `{"a":`, `{"a":[`, `{"a":[1,`, `{`, `{"a":1,`, `{"a":1e+`, `{"a":nulll}`, `{"a":"\x"}`, `{"a":"\u12g4"}`, `{"a":"`, `{"a":"\`, `{"a"`,
		`{"a":1,}`, `{,}`, `{"a":[1,]}`, `{"a":[1}`, `{"a" 1}`, `{"a":1}}`, `{"a":1} x`, `[]`, `1`, `"`, ``, "{\"a\":\"\n\"}", "{\"a\":\"12345678\x01\"}", "{\"a\":\"\xff\"}", "{\"a\":\"\x7f\u00e9\u2028\"}",
		`{"abcdefgh1":1,"abcdefgh2":2,"1abcdefgh":3}`, `{"a":` + strings.Repeat("[", maxDepth-1) + strings.Repeat("]", maxDepth-1) + `}`,
		`{"a":` + strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth) + `}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var g glance
		got := g.fine([]byte(text))
		want := json.Valid([]byte(text)) && utf8.ValidString(text) && strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") && check([]byte(strings.Trim(text, " \t\r\n"))) == nil
		if got && !want {
			t.Fatalf("%q is not fine", text)
		}
		if want && !got && !strings.Contains(text, `\`) && strings.Count(text, ":") <= mostKeys {
			t.Fatalf("%q is fine", text)
		}
		if got && g.page != isPage([]byte(text)) {
			t.Fatalf("%q: a page: %v", text, g.page)
		}
	})
}

func TestOrdinaryRecordsAreSettledByAGlance(t *testing.T) {
	names, err := filepath.Glob("testdata/*.json")
	if err != nil || len(names) == 0 {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var g glance
		if text[0] == '{' && !g.fine(text) {
			t.Errorf("%s is not", name)
		}
	}
}
