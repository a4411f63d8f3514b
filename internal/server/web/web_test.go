package web

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/fault"
)

func TestANameThatIsSentTwiceIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":1,"b":2}`:                   "",
		`{"a":{"x":1},"b":{"x":1}}`:       "",
		`[{"a":1},{"a":2}]`:               "",
		`"a"`:                             "",
		` [ ] `:                           "",
		`{"a":1,"a":1}`:                   `"a" is there twice`,
		`{"a":1,"A":1}`:                   `"A" is there twice`,
		`{"a":1,"\u0061":2}`:              `"a" is there twice`,
		`{"x":[{"y":{"a":1,"a":2}}]}`:     `"a" is there twice`,
		`{"a":"\"","b":"}","a":true}`:     `"a" is there twice`,
		`{"a" : null , "b" : [] , "a":1}`: `"a" is there twice`,
		`{"1":0,"2":0,"3":0,"4":0,"5":0,"6":0,"7":0,"8":0,"9":0,"3":1}`: `"3" is there twice`,
		strings.Repeat("[", 70) + strings.Repeat("]", 70):               `nested deeper than 64`,
	} {
		got := ""
		if err := UniqueNames([]byte(text)); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestABodyIsReadOnlyIfItIsJSON(t *testing.T) {
	for _, c := range []struct {
		name, kind, body string
		ok               bool
	}{
		{"json", "application/json", `{"a":1}`, true},
		{"json with a charset", "application/json; charset=utf-8", `{"a":1}`, true},
		{"a form", "application/x-www-form-urlencoded", `a=1`, false},
		{"text that is json", "text/plain", `{"a":1}`, false},
		{"no type", "", `{"a":1}`, false},
		{"nothing", "application/json", ``, false},
		{"half", "application/json", `{"a":`, false},
		{"two values", "application/json", `{} {}`, false},
	} {
		r := httptest.NewRequest("POST", "/", strings.NewReader(c.body))
		r.Header.Set("Content-Type", c.kind)
		body, err := ReadJSON(r, "test")
		if c.ok && (err != nil || string(body) != c.body) {
			t.Errorf("%s: got %q, %v", c.name, body, err)
		}
		if !c.ok && fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%s: got %v, want it refused", c.name, err)
		}
	}
}

func TestABodyOfVeryManyValuesIsRefusedBeforeItGrows(t *testing.T) {
	list := strings.Repeat("0,", valueLimit)
	for what, text := range map[string]string{"a list": "[" + list + "0]", "lists": "[[" + list[:valueLimit] + "0],[" + list[:valueLimit] + "0]]"} {
		if err := UniqueNames([]byte(text)); err == nil || !strings.Contains(err.Error(), "100000 values") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := UniqueNames([]byte("[" + list[:len(list)-4] + "0]")); err != nil {
		t.Errorf("as many as there may be: %v", err)
	}
}

func TestACursorHoldsForItsOwnListOnly(t *testing.T) {
	c, other := NewCursors([]byte("secret")), NewCursors([]byte("another"))
	sealed := c.Seal("roles mira", "EU triage")
	if after, err := c.Open("roles mira", sealed); err != nil || after != "EU triage" {
		t.Errorf("its own: %q, %v", after, err)
	}
	if after, err := c.Open("roles mira", ""); err != nil || after != "" {
		t.Errorf("none: %q, %v", after, err)
	}
	for name, open := range map[string]func() (string, error){
		"another list":   func() (string, error) { return c.Open("roles ada", sealed) },
		"another secret": func() (string, error) { return other.Open("roles mira", sealed) },
		"made up":        func() (string, error) { return c.Open("roles mira", "RVUgdHJpYWdl") },
		"not base64":     func() (string, error) { return c.Open("roles mira", "{}") },
		"bent":           func() (string, error) { return c.Open("roles mira", sealed[:len(sealed)-2]+"AA") },
	} {
		if after, err := open(); fault.KindOf(err) != fault.KindInvalid || after != "" {
			t.Errorf("%s: got %q, %v", name, after, err)
		}
	}
}

func TestPagesJoinToTheList(t *testing.T) {
	list := []string{"a", "b", "c", "d", "e"}
	var got []string
	after := ""
	for range 10 {
		page, next := Page(list, func(s string) string { return s }, after, 2)
		got = append(got, page...)
		if after = next; next == "" {
			break
		}
	}
	if strings.Join(got, "") != "abcde" {
		t.Errorf("got %v", got)
	}
}

func TestMembersAreReadAsTheDecoderReadsThem(t *testing.T) {
	for _, text := range []string{
		`{}`, ` { "a" : 1 , "b":"x\"}", "c":[{"d":[]},{}],"e":{"f":{"g":null}},"h":-1.5e3,"i":true} `, `{"\u0061":"\ud83d\ude00"}`, `{"a":""}`,
	} {
		var want map[string]json.RawMessage
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatal(err)
		}
		got := map[string]json.RawMessage{}
		is, err := Members([]byte(text), func(name string, value []byte) error {
			got[name] = value
			return nil
		})
		if !is || err != nil || len(got) != len(want) {
			t.Errorf("%s: %v %v %v", text, is, err, got)
		}
		for name, value := range want {
			if string(got[name]) != string(value) {
				t.Errorf("%s, %s: got %s, want %s", text, name, got[name], value)
			}
		}
	}
	for _, text := range []string{`[]`, `"a"`, `7`, `null`, ` true `} {
		if is, err := Members([]byte(text), nil); is || err != nil {
			t.Errorf("%s is an object", text)
		}
	}
}

func FuzzUniqueNames(f *testing.F) {
	f.Add([]byte(`{"a":[1,{"b":null}],"c":"\u0041"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if json.Valid(text) {
			if UniqueNames(text) != nil { // must come back
				return
			}
			var want map[string]json.RawMessage
			names := 0
			is, _ := Members(text, func(name string, value []byte) error {
				names++
				if !json.Valid(value) {
					t.Errorf("%q: %q", name, value)
				}
				return nil
			})
			if err := json.Unmarshal(text, &want); (err == nil && want != nil) != is || names != len(want) {
				t.Errorf("%q: object %v with %d members, want %d", text, is, names, len(want))
			}
		}
	})
}
