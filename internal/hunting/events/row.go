package events

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

// member is a value of a row as it was given: its column's name, and JSON.
type member struct {
	name  []byte
	value []byte
	plain bool // a text in which nothing is escaped; false: not known
}

// where gives the place of the column that a name means: the name itself, in another case if that is clear, an alias, or with the
// ending that log workspaces add.
type columns struct {
	exact  map[string]int
	folded map[string]int
	usual  []place // of the members of the row before: the next has mostly the same, in the same order
}

type place struct {
	name string
	at   int
}

const (
	unknown = -1 // no column
	note    = -2 // says something about another member
	aside   = -3 // known to come, and no column
)

func columnsOf(t *schema.Table) *columns {
	c := &columns{exact: map[string]int{}, folded: map[string]int{}}
	for i, column := range t.Columns {
		c.exact[column.Name] = i
		fold := strings.ToLower(column.Name)
		if _, twice := c.folded[fold]; twice {
			c.folded[fold] = unknown
			continue
		}
		c.folded[fold] = i
	}
	for _, old := range schema.Tables() { // rows still come under the name that a table had before
		if old == t || old.Rows() != t {
			continue
		}
		for _, column := range old.Columns {
			if i, ok := c.exact[column.In(t)]; ok {
				c.exact[column.Name] = i
			}
		}
	}
	for alias, name := range schema.Aliases {
		if i, ok := c.exact[name]; ok && t.Column(alias) == nil {
			c.exact[alias] = i
		}
	}
	return c
}

var endings = []string{"_s", "_d", "_b", "_t", "_g", "_string", "_long", "_datetime", "_bool", "_real", "_int", "_dynamic", "_guid"}

// find gives what the n'th name of a row means. It remembers what it found, for rows have the same names; it does not let names that nobody
// knows fill the memory.
func (c *columns) find(t *schema.Table, n int, name []byte) int {
	if n < len(c.usual) && c.usual[n].name == string(name) {
		return c.usual[n].at
	}
	i, ok := c.exact[string(name)]
	if !ok {
		s := string(name)
		if i = c.look(t, s); i == unknown {
			return i
		}
		if len(c.exact) < 4096 {
			c.exact[s] = i
		}
	}
	switch {
	case n < len(c.usual):
		c.usual[n] = place{string(name), i}
	case n == len(c.usual) && n < mostNames:
		c.usual = append(c.usual, place{string(name), i})
	}
	return i
}

func (c *columns) look(t *schema.Table, name string) int {
	switch {
	case strings.HasPrefix(name, "@") || strings.Contains(name, "@odata."):
		return note
	case t.IsStreamOnly(name):
		return aside
	}
	fold := strings.ToLower(name)
	if i, ok := c.folded[fold]; ok && i != unknown {
		return i
	}
	for _, ending := range endings {
		if base, ok := strings.CutSuffix(fold, ending); ok {
			if i, ok := c.folded[base]; ok && i != unknown {
				return i
			}
		}
	}
	switch name {
	case "TenantId", "SourceSystem", "Type", "TimeGenerated", "_TimeReceivedBySvc", "_ResourceId": // of log workspaces
		return aside
	}
	return unknown
}

// told is what reading a row said beside the row.
type told struct {
	unknown  []string // columns that the table does not have
	mistyped []string // columns whose value was none of their type
}

// add reads a row into the batch, or gives a problem and leaves the batch as it was. Values that no column takes are kept aside,
// by name.
//
// A row that does not say when it was is of the moment when it was sent, if that is known.
func (b *Batch) add(cs *columns, row []member, sent []byte, graph bool, secret []byte) (told, *Problem) {
	var t told
	var extra []member
	at := b.Rows
	for n, m := range row {
		i := cs.find(b.Table, n, m.name)
		switch i {
		case note:
			continue
		case unknown:
			t.unknown = append(t.unknown, string(m.name))
			extra = append(extra, m)
			continue
		case aside:
			extra = append(extra, m)
			continue
		}
		c := &b.Columns[i]
		if c.has(at) { // another spelling of the same column
			continue
		}
		if !c.put(at, m, graph) {
			t.mistyped = append(t.mistyped, b.Table.Columns[i].Name)
			extra = append(extra, m)
		}
	}
	last := &b.Columns[len(b.Table.Columns)]
	if len(extra) > 0 {
		last.fill(at)
		last.text = appendObject(last.text, extra)
		last.ends, last.Null = append(last.ends, len(last.text)), append(last.Null, false)
	}
	when := b.Arrived
	if b.Table.Timestamp != "" {
		c := &b.Columns[b.timeAt]
		if !c.has(at) && len(sent) > 0 {
			c.put(at, member{value: sent}, false)
		}
		if !c.has(at) || c.Null[at] {
			b.drop()
			return told{}, &Problem{Field: b.Table.Timestamp, What: "is missing, or no time", Want: "a time like 2026-02-03T09:10:11.1234567Z"}
		}
		when = Ticks(c.Numbers[at])
	}
	if b.deviceAt >= 0 && b.Columns[b.deviceAt].has(at) {
		lower(&b.Columns[b.deviceAt], at) // as the centre knows its devices
	}
	key := b.key(at, when, secret)
	known := len(b.seen)
	if b.seen[identity{key, b.moment(when)}] = struct{}{}; len(b.seen) == known {
		b.drop()
		return t, errTwice
	}
	b.ordered = b.ordered && (b.Rows == 0 || when >= b.Times[b.Rows-1])
	b.Keys, b.Times = append(b.Keys, key), append(b.Times, when)
	b.Rows++
	for _, m := range row {
		b.bytes += len(m.value)
	}
	b.bytes += 64
	return t, nil
}

var errTwice = &Problem{What: "stands in the file already"}

// moment is what the key is bound to: rows without a time of their own are known by the key alone.
func (b *Batch) moment(when Ticks) Ticks {
	if b.Table.Timestamp == "" {
		return 0
	}
	return when
}

func (b *Batch) drop() {
	for i := range b.Columns {
		b.Columns[i].cut(b.Rows)
	}
}

func lower(c *Column, row int) {
	for i, text := 0, c.Text(row); i < len(text); i++ {
		if ch := text[i]; 'A' <= ch && ch <= 'Z' {
			text[i] = ch + 'a' - 'A'
		}
	}
}

// appendObject writes the members in the order of their names, so that the same row is the same text.
func appendObject(b []byte, members []member) []byte {
	slices.SortStableFunc(members, func(x, y member) int { return cmp.Compare(string(x.name), string(y.name)) })
	b = append(b, '{')
	written := 0
	for i, m := range members {
		if i > 0 && bytes.Equal(m.name, members[i-1].name) {
			continue
		}
		if written++; written > 1 {
			b = append(b, ',')
		}
		quoted, err := jsontext.AppendQuote(b, m.name)
		if err != nil { // its bytes are no text, and were replaced
			quoted, _ = jsontext.AppendQuote(b, bytes.ToValidUTF8(m.name, []byte("\uFFFD")))
		}
		b = append(append(quoted, ':'), m.value...)
	}
	return append(b, '}')
}

// day is what a row without a time of its own is known within: a state that is sent again on another day is kept again, so that
// what no longer is can be told from what still is.
const day = Ticks(24 * 3600 * 1e7)

// key is by what a row is known when it comes again: a device's event by its id, time and device; any other row by all of it. The
// store's secret goes in, so that nobody can make a row that is taken for another's.
func (b *Batch) key(row int, when Ticks, secret []byte) uint64 {
	h := append(b.hashed[:0], secret...)
	writeNumber := func(n int64) {
		h = append(binary.LittleEndian.AppendUint64(h, uint64(n)), 0)
	}
	if b.Table.Timestamp == "" {
		writeNumber(int64(when / day))
	} else {
		writeNumber(int64(when))
	}
	if device, report := b.textOf(b.deviceAt, row), b.textOf(b.reportAt, row); len(device) > 0 && len(report) > 0 && b.Table.Timestamp != "" {
		writeNumber(int64(len(device)))
		h = append(append(h, device...), report...)
	} else {
		for i := range b.Columns {
			c := &b.Columns[i]
			if !c.has(row) || c.IsNull(row) {
				continue
			}
			writeNumber(int64(i))
			switch {
			case c.IsText():
				writeNumber(int64(len(c.Text(row))))
				h = append(h, c.Text(row)...)
			case c.Type == schema.Real:
				writeNumber(int64(math.Float64bits(c.Reals[row])))
			default:
				writeNumber(c.Numbers[row])
			}
		}
	}
	b.hashed = h
	sum := sha256.Sum256(h)
	return binary.LittleEndian.Uint64(sum[:])
}

// textOf gives a column's value as text; nothing if there is no value.
func (b *Batch) textOf(column, row int) []byte {
	if column < 0 {
		return nil
	}
	c := &b.Columns[column]
	switch {
	case !c.has(row) || c.IsNull(row):
		return nil
	case c.IsText():
		return c.Text(row)
	case c.Type == schema.Real:
		return nil
	}
	var number [8]byte
	binary.LittleEndian.PutUint64(number[:], uint64(c.Numbers[row]))
	return number[:]
}
