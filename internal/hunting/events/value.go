package events

import (
	"bytes"
	"math"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

// maxText is how long a text may be. What is longer is cut: a row with a part of its text is more use than no row.
const maxText = 1 << 20

// put writes a value, given as JSON, as the column's type. Exports of several generations write the same in many ways; what is no
// value of the type in any of them is not ok, and the row has none.
func (c *Column) put(row int, m member, graph bool) (ok bool) {
	v := m.value
	if len(v) == 0 || v[0] == 'n' { // null
		return true
	}
	c.fill(row)
	switch c.Type {
	case schema.String:
		c.putText(m)
		return true
	case schema.Dynamic:
		return c.putDynamic(v, graph)
	case schema.GUID:
		return c.putGUID(v)
	}
	switch c.Type { // as nearly all of them are written
	case schema.DateTime:
		if m.plain {
			if t, ok := usualTicks(v[1 : len(v)-1]); ok {
				c.putNumber(int64(t))
				return true
			}
		}
	case schema.Long, schema.Int:
		if n, ok := digits(v); ok && (c.Type == schema.Long || n <= math.MaxInt32) {
			c.putNumber(n)
			return true
		}
	}
	s, ok := scalar(v)
	if !ok || s == "" {
		c.none()
		return ok
	}
	switch c.Type {
	case schema.Bool:
		return c.putBool(s)
	case schema.Real:
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
			c.none()
			return false
		}
		c.Reals, c.Null = append(c.Reals, f), append(c.Null, false)
		return true
	case schema.DateTime:
		t, ok := parseTicks(s)
		if !ok {
			c.none()
			return false
		}
		c.putNumber(int64(t))
		return true
	}
	return c.putInteger(s)
}

func (c *Column) putNumber(n int64) { c.Numbers, c.Null = append(c.Numbers, n), append(c.Null, false) }

// none writes that there is no value.
func (c *Column) none() { c.fill(c.length() + 1) }

func (c *Column) length() int {
	switch {
	case c.IsText():
		return len(c.ends)
	case c.Type == schema.Real:
		return len(c.Reals)
	}
	return len(c.Numbers)
}

// scalar reads a number, truth or text as text. An empty object is how one source writes that there is nothing; anything else in
// braces is no scalar.
func scalar(v []byte) (string, bool) {
	switch v[0] {
	case '"':
		return strings.TrimSpace(unquote(v)), true
	case '{', '[':
		return "", isEmptyObject(v)
	}
	return string(v), true
}

func isEmptyObject(v []byte) bool {
	return v[0] == '{' && len(bytes.TrimSpace(v[1:len(v)-1])) == 0
}

// unquote reads a JSON string, which is known to be one. NUL is no text in any engine, nor is it in a file's name.
func unquote(v []byte) string {
	if inner := v[1 : len(v)-1]; bytes.IndexByte(inner, '\\') < 0 {
		return string(inner)
	}
	return string(appendUnquoted(nil, v))
}

// appendUnquoted appends what unquote reads.
func appendUnquoted(to, v []byte) []byte {
	if b, ok := appendSimple(to, v[1:len(v)-1]); ok {
		return b
	}
	return appendEscaped(to, v)
}

func appendEscaped(to, v []byte) []byte {
	b, err := jsontext.AppendUnquote(nil, v)
	if err != nil {
		b = bytes.ToValidUTF8(b, []byte("\uFFFD")) // half of a surrogate pair
	}
	return append(to, bytes.ReplaceAll(b, []byte{0}, []byte("\uFFFD"))...)
}

// appendSimple does it for texts in which nothing but a backslash, a quote or a slash is escaped, as in most paths and command lines.
func appendSimple(to, inner []byte) ([]byte, bool) {
	b := to
	for {
		i := bytes.IndexByte(inner, '\\')
		if i < 0 {
			break
		}
		c := inner[i+1]
		if c != '\\' && c != '"' && c != '/' {
			return to, false
		}
		b = append(append(b, inner[:i]...), c)
		inner = inner[i+2:]
	}
	return append(b, inner...), true
}

// digits reads a whole number without a sign, which may stand in quotes.
func digits(v []byte) (n int64, ok bool) {
	if v[0] == '"' {
		v = v[1 : len(v)-1]
	}
	if len(v) == 0 || len(v) > 18 {
		return 0, false
	}
	for _, c := range v {
		if c-'0' > 9 {
			return 0, false
		}
		n = 10*n + int64(c-'0')
	}
	return n, true
}

func (c *Column) putText(m member) {
	v, start := m.value, len(c.text)
	switch v[0] {
	case '"':
		if inner := v[1 : len(v)-1]; m.plain || bytes.IndexByte(inner, '\\') < 0 {
			c.text = append(c.text, inner...)
		} else {
			c.text = appendUnquoted(c.text, v)
		}
	default: // a number, truth, an object or a list: its JSON is its text
		c.text = append(c.text, v...)
	}
	c.endText(start)
}

func (c *Column) endText(start int) {
	if len(c.text)-start > maxText {
		kept := bytes.ToValidUTF8(c.text[start:start+maxText], nil)
		c.text = append(c.text[:start], kept...)
	}
	c.ends = append(c.ends, len(c.text))
}

func (c *Column) putDynamic(v []byte, graph bool) bool {
	start := len(c.text)
	switch {
	case v[0] == '"':
		s := strings.TrimSpace(unquote(v))
		if s == "" {
			c.none()
			return true
		}
		if (s[0] == '{' || s[0] == '[') && jsontext.Value(s).IsValid() { // the text of what other exports give as it is
			c.text = append(c.text, s...)
		} else if quoted, err := jsontext.AppendQuote(nil, s); err == nil {
			c.text = append(c.text, quoted...)
		}
	case graph && isEmptyObject(v):
		c.none()
		return true
	case graph && bytes.Contains(v, []byte(`@odata.type`)):
		c.text = append(c.text, withoutAnnotations(v)...)
	default:
		c.text = append(c.text, v...)
	}
	if len(c.text)-start > maxText { // half of a value would be none
		c.text = c.text[:start]
		c.none()
		return false
	}
	c.ends, c.Null = append(c.ends, len(c.text)), append(c.Null, false)
	return true
}

// withoutAnnotations leaves out what Microsoft Graph says about the members of an object in it.
func withoutAnnotations(v []byte) []byte {
	var out bytes.Buffer
	d, e := jsontext.NewDecoder(bytes.NewReader(v)), jsontext.NewEncoder(&out)
	for {
		if kind, n := d.StackIndex(d.StackDepth()); kind == '{' && n%2 == 0 && d.PeekKind() == '"' {
			name, err := d.ReadValue()
			if err != nil {
				return v
			}
			if bytes.Contains(name, []byte("@odata.")) {
				if d.SkipValue() != nil {
					return v
				}
				continue
			}
			if e.WriteValue(name) != nil {
				return v
			}
			continue
		}
		t, err := d.ReadToken()
		if err != nil {
			return bytes.TrimSpace(out.Bytes())
		}
		if e.WriteToken(t) != nil {
			return v
		}
	}
}

func (c *Column) putGUID(v []byte) bool {
	s, ok := scalar(v)
	s = strings.Trim(strings.ToLower(s), "{}")
	if !ok || s == "" {
		c.none()
		return ok
	}
	if len(s) != 36 || strings.Trim(s, "0123456789abcdef-") != "" {
		c.none()
		return false
	}
	c.text = append(c.text, s...)
	c.ends, c.Null = append(c.ends, len(c.text)), append(c.Null, false)
	return true
}

func (c *Column) putBool(s string) bool {
	switch strings.ToLower(s) {
	case "true", "1":
		c.putNumber(1)
	case "false", "0":
		c.putNumber(0)
	default:
		c.none()
		return false
	}
	return true
}

func (c *Column) putInteger(s string) bool {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		f, ferr := strconv.ParseFloat(s, 64)
		if ferr != nil || f != math.Trunc(f) || math.Abs(f) >= 1<<53 {
			switch strings.ToLower(s) { // a truth where a number belongs
			case "true":
				f = 1
			case "false":
				f = 0
			default:
				c.none()
				return false
			}
		}
		n = int64(f)
	}
	if c.Type == schema.Int && (n > math.MaxInt32 || n < math.MinInt32) {
		c.none()
		return false
	}
	c.putNumber(n)
	return true
}
