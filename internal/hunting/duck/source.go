package duck

import (
	"errors"
	"slices"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/bailiwick/bailiwick/internal/hunting/events"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

// source gives the rows of a batch to SQL, in the order of time, as a table function does: chunk by chunk.
type source struct {
	b     *events.Batch
	order []int
	used  []*events.Column
	infos []duckdb.ColumnInfo
	next  int
	texts []byte // of a column, while it is handed over
	ends  []int
}

var kinds = map[schema.Type]duckdb.Type{
	schema.Bool: duckdb.TYPE_BOOLEAN, schema.Int: duckdb.TYPE_INTEGER, schema.Long: duckdb.TYPE_BIGINT, schema.Real: duckdb.TYPE_DOUBLE, schema.DateTime: duckdb.TYPE_BIGINT,
	schema.String: duckdb.TYPE_VARCHAR, schema.Dynamic: duckdb.TYPE_VARCHAR, schema.GUID: duckdb.TYPE_VARCHAR,
}

// newSource gives the rows but those that are known.
func newSource(b *events.Batch, known map[int]bool) *source {
	s := &source{b: b, order: b.Order()}
	if len(known) > 0 {
		s.order = slices.DeleteFunc(s.order, func(row int) bool { return known[row] })
	}
	s.column("k", duckdb.TYPE_UBIGINT)
	s.column("a", duckdb.TYPE_BIGINT)
	for i := range b.Columns {
		c := &b.Columns[i]
		if !c.Used {
			continue
		}
		name := "x"
		if i < len(b.Table.Columns) {
			name = b.Table.Columns[i].Physical()
		}
		s.column(name, kinds[c.Type])
		s.used = append(s.used, c)
	}
	return s
}

func (s *source) column(name string, kind duckdb.Type) {
	info, err := duckdb.NewTypeInfo(kind)
	if err != nil {
		panic(err) // of a type that is none of the plain ones
	}
	s.infos = append(s.infos, duckdb.ColumnInfo{Name: name, T: info})
}

// ColumnInfos implements duckdb.ChunkTableSource.
func (s *source) ColumnInfos() []duckdb.ColumnInfo { return s.infos }

// Cardinality implements duckdb.ChunkTableSource.
func (s *source) Cardinality() *duckdb.CardinalityInfo {
	return &duckdb.CardinalityInfo{Cardinality: uint(len(s.order)), Exact: true}
}

// Init implements duckdb.ChunkTableSource.
func (s *source) Init() { s.next = 0 }

// FillChunk implements duckdb.ChunkTableSource.
func (s *source) FillChunk(chunk duckdb.DataChunk) error {
	rows, err := s.more(&chunk)
	if err != nil {
		return err
	}
	if err := set(&chunk, 0, rows, func(row int) uint64 { return s.b.Keys[row] }); err != nil {
		return err
	}
	if err := set(&chunk, 1, rows, func(int) int64 { return int64(s.b.Arrived) }); err != nil {
		return err
	}
	for at, c := range s.used {
		if err := s.fill(&chunk, at+2, c, rows); err != nil {
			return err
		}
	}
	return nil
}

// more gives the rows that are next.
func (s *source) more(chunk *duckdb.DataChunk) ([]int, error) {
	n := min(duckdb.GetDataChunkCapacity(), len(s.order)-s.next)
	rows := s.order[s.next : s.next+n]
	s.next += n
	return rows, chunk.SetSize(n)
}

func set[T any](chunk *duckdb.DataChunk, at int, rows []int, value func(row int) T) error {
	v, err := vectorOf(chunk, at)
	if err != nil {
		return err
	}
	values := places[T](v)
	for i, row := range rows {
		values[i] = value(row)
	}
	return nil
}

func (s *source) fill(chunk *duckdb.DataChunk, at int, c *events.Column, rows []int) error {
	v, err := vectorOf(chunk, at)
	if err != nil {
		return err
	}
	switch {
	case c.IsText():
		s.texts, s.ends = s.texts[:0], s.ends[:0]
		for _, row := range rows {
			s.texts = append(s.texts, c.Text(row)...)
			s.ends = append(s.ends, len(s.texts))
		}
		v.texts(s.texts, s.ends)
	case c.Type == schema.Real:
		put[float64](v, rows, c.Reals)
	case c.Type == schema.Bool:
		values := places[bool](v)
		for i, row := range rows {
			values[i] = c.Numbers[row] != 0
		}
	case c.Type == schema.Int:
		put[int32](v, rows, c.Numbers)
	default:
		put[int64](v, rows, c.Numbers)
	}
	if c.Type != schema.String {
		for i, row := range rows {
			if c.Null[row] {
				v.setNull(i)
			}
		}
	}
	return nil
}

func put[T, F int32 | int64 | float64](v vector, rows []int, from []F) {
	values := places[T](v)
	for i, row := range rows {
		values[i] = T(from[row])
	}
}

// keys gives by what the rows of a batch are known again: the key, which row it is, and its time, if it has one of its own. All of it is read.
type keys struct {
	source
}

func newKeys(b *events.Batch) *keys {
	s := &keys{source{b: b, order: b.Order()}}
	s.column("k", duckdb.TYPE_UBIGINT)
	s.column("i", duckdb.TYPE_BIGINT)
	if b.Table.Timestamp != "" {
		s.column("at", duckdb.TYPE_BIGINT)
	}
	return s
}

// FillChunk implements duckdb.ChunkTableSource.
func (s *keys) FillChunk(chunk duckdb.DataChunk) error {
	rows, err := s.more(&chunk)
	if err != nil {
		return err
	}
	err = errors.Join(
		set(&chunk, 0, rows, func(row int) uint64 { return s.b.Keys[row] }),
		set(&chunk, 1, rows, func(row int) int64 { return int64(row) }),
	)
	if len(s.infos) > 2 {
		err = errors.Join(err, set(&chunk, 2, rows, func(row int) int64 { return int64(s.b.Times[row]) }))
	}
	return err
}
