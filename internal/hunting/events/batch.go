package events

import (
	"cmp"
	"slices"

	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

// Batch is rows of one table on their way to disk, by column: what an engine seals into a segment. A column without a value in
// any row takes no room, in a segment as here.
type Batch struct {
	Table   *schema.Table
	Rows    int
	Keys    []uint64 // by which a row is known again
	Times   []Ticks  // what rows are ordered by
	ordered bool     // as they are
	Arrived Ticks
	Columns []Column // as Table.Columns, and after them what is kept aside, as text
	seen    map[identity]struct{}
	bytes   int
	hashed  []byte // of the row that was added last

	// The places of the columns that say when a row was, of which device and by what id; -1: there is none.
	timeAt, deviceAt, reportAt int
}

type identity struct {
	key uint64
	at  Ticks
}

// Column is the values of a column. Which of the lists is used follows from its type; one that is not used by any row is empty.
type Column struct {
	Type    schema.Type
	Used    bool    // by any row; false: all have no value, or an empty text
	Numbers []int64 // bool, int, long, datetime
	Reals   []float64
	Null    []bool // of numbers and reals, and of dynamic
	text    []byte
	ends    []int
}

// again empties a batch for other rows of the table, and keeps the room that it took.
func (b *Batch) again() {
	for i := range b.Columns {
		c := &b.Columns[i]
		c.Used, c.Numbers, c.Reals, c.Null, c.text, c.ends = false, c.Numbers[:0], c.Reals[:0], c.Null[:0], c.text[:0], c.ends[:0]
	}
	b.Rows, b.bytes, b.Keys, b.Times, b.ordered = 0, 0, b.Keys[:0], b.Times[:0], true
	clear(b.seen)
}

// after makes an empty batch know the newest rows of the one before, for one of them may come again. Older ones are known from the segments.
func (b *Batch) after(before *Batch) {
	last := slices.Max(before.Times)
	for i, at := range before.Times {
		if at == last {
			b.seen[identity{before.Keys[i], at}] = struct{}{}
		}
	}
}

func newBatch(t *schema.Table, arrived Ticks) *Batch {
	b := &Batch{Table: t, Arrived: arrived, ordered: true, Columns: make([]Column, len(t.Columns)+1), seen: map[identity]struct{}{}}
	for i, c := range t.Columns {
		b.Columns[i].Type = c.Type
	}
	b.Columns[len(t.Columns)].Type = schema.Dynamic
	b.timeAt, b.deviceAt, b.reportAt = placeOf(t, t.Timestamp), placeOf(t, t.Device), placeOf(t, t.Report)
	return b
}

func placeOf(t *schema.Table, column string) int {
	if i, ok := t.Find(column); ok {
		return i
	}
	return -1
}

// IsText tells whether values are text: strings, dynamic values as JSON, and ids.
func (c *Column) IsText() bool {
	return c.Type == schema.String || c.Type == schema.Dynamic || c.Type == schema.GUID
}

// Text gives the text of a row.
func (c *Column) Text(row int) []byte {
	start := 0
	if row > 0 {
		start = c.ends[row-1]
	}
	return c.text[start:c.ends[row]]
}

// fill pads the column, which has no value in some rows before the row'th.
func (c *Column) fill(row int) {
	switch {
	case c.IsText():
		for len(c.ends) < row {
			c.ends = append(c.ends, len(c.text))
		}
	case c.Type == schema.Real:
		for len(c.Reals) < row {
			c.Reals = append(c.Reals, 0)
		}
	default:
		for len(c.Numbers) < row {
			c.Numbers = append(c.Numbers, 0)
		}
	}
	if c.Type != schema.String {
		for len(c.Null) < row {
			c.Null = append(c.Null, true)
		}
	}
}

// cut takes back what was written of a row that is not to be.
func (c *Column) cut(row int) {
	switch {
	case c.IsText():
		if len(c.ends) > row {
			c.ends = c.ends[:row]
			c.text = c.text[:c.end()]
		}
	case len(c.Reals) > row:
		c.Reals = c.Reals[:row]
	case len(c.Numbers) > row:
		c.Numbers = c.Numbers[:row]
	}
	if len(c.Null) > row {
		c.Null = c.Null[:row]
	}
}

func (c *Column) end() int {
	if len(c.ends) == 0 {
		return 0
	}
	return c.ends[len(c.ends)-1]
}

func (c *Column) has(row int) bool {
	if c.Type == schema.String {
		return len(c.ends) > row
	}
	return len(c.Null) > row
}

// IsNull tells whether a row has no value. Strings always have one, as in KQL.
func (c *Column) IsNull(row int) bool { return c.Type != schema.String && c.Null[row] }

// finish makes all used columns as long as the batch.
func (b *Batch) finish() {
	for i := range b.Columns {
		c := &b.Columns[i]
		if c.Used = len(c.text) > 0 || slices.Contains(c.Null, false) && !c.IsText(); c.Used {
			c.fill(b.Rows)
		}
	}
}

// Order gives the rows in the order of time.
func (b *Batch) Order() []int {
	order := make([]int, b.Rows)
	for i := range order {
		order[i] = i
	}
	if !b.ordered {
		slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(b.Times[x], b.Times[y]) })
	}
	return order
}
