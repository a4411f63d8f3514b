package demo

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// appendJSON writes what json.Marshal would, of the kinds of values that rows have: there are tens of thousands of them, and the demo
// should begin at once.
func appendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case string:
		return appendText(b, v)
	case bool:
		return strconv.AppendBool(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case object:
		b = append(b, '{')
		var room [64]string
		keys := slices.AppendSeq(room[:0], maps.Keys(v))
		slices.Sort(keys)
		for i, k := range keys {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendText(b, k), ':')
			b = appendJSON(b, v[k])
		}
		return append(b, '}')
	}
	rest, err := json.Marshal(v)
	if err != nil {
		panic(err) // only lists and numbers come here
	}
	return append(b, rest...)
}

func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			rest, err := json.Marshal(s)
			if err != nil {
				panic(err) // text is always written
			}
			return append(b, rest...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
