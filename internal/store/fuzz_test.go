package store

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
	"unicode/utf8"
)

// Records are cut into members and put together again without being decoded: nothing may be lost, doubled or invented on the way.
func FuzzAnObjectIsWhatItsMembersAre(f *testing.F) {
	for _, text := range []string{`{}`, `{"a":1,"b":[{"c":"\u0000"},null],"":{}}`, `{"a\u0062":"\ud83d","a":"\ud83d\ude00\\u0000"}`, ` { "x" : [ 1 , 2.5e3 , "]}" ] } `} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !json.Valid([]byte(text)) || !utf8.ValidString(text) {
			return
		}
		var want, got map[string]json.RawMessage
		isObject := json.Unmarshal([]byte(text), &want) == nil && want != nil
		o, err := ParseObject([]byte(text))
		if (err == nil) != isObject {
			t.Fatalf("%q: %v, of an object: %v", text, err, isObject)
		}
		if !isObject {
			return
		}
		if err := json.Unmarshal(o.JSON(), &got); err != nil || len(got) != len(want) {
			t.Fatalf("%q became %q: %v", text, o.JSON(), err)
		}
		for name, value := range want {
			if !alike(value, got[name]) {
				t.Fatalf("%q: %q is %q", text, name, got[name])
			}
		}
		_, _ = ReadEvidence([]byte(text))
	})
}

func alike(a, b json.RawMessage) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y) || bytes.Equal(a, b)
}

// What is mended is what Go reads anyway, but for NUL; and there is nothing left to mend.
func FuzzMendLeavesWhatCanBeRead(f *testing.F) {
	for _, text := range []string{`"\u0000"`, `"\\u0000"`, `"\ud83d\ude00"`, `"\ud83d"`, `["\uDC00\uD800","\\\ud800"]`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !json.Valid([]byte(text)) {
			return
		}
		mended := Mend([]byte(text))
		if !json.Valid(mended) || !bytes.Equal(Mend(mended), mended) {
			t.Fatalf("%q became %q", text, mended)
		}
		var before, after any
		if json.Unmarshal([]byte(text), &before) != nil || json.Unmarshal(mended, &after) != nil {
			return // a number beyond what a float can be
		}
		if !reflect.DeepEqual(withoutNUL(before), after) {
			t.Fatalf("%q became %q: %v is %v", text, mended, before, after)
		}
	})
}

func withoutNUL(v any) any {
	switch v := v.(type) {
	case string:
		return string(bytes.ReplaceAll([]byte(v), []byte{0}, []byte("\uFFFD")))
	case []any:
		for i := range v {
			v[i] = withoutNUL(v[i])
		}
	case map[string]any:
		mended := make(map[string]any, len(v))
		for name, value := range v {
			mended[withoutNUL(name).(string)] = withoutNUL(value)
		}
		return mended
	}
	return v
}
