package duck

import (
	"errors"
	"slices"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/bailiwick/bailiwick/internal/hunting/events"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

// source gives the rows of a batch to SQL, in the order of time, as a table function does: chunk by chunk, without a copy between.
type source struct {
	b     *events.Batch
	order []int
	used  []*events.Column
	infos []duckdb.ColumnInfo
	next  int
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
	n := min(duckdb.GetDataChunkCapacity(), len(s.order)-s.next)
	rows := s.order[s.next : s.next+n]
	s.next += n
	if err := chunk.SetSize(n); err != nil {
		return err
	}
	for i, row := range rows {
		if err := duckdb.SetChunkValue(chunk, 0, i, s.b.Keys[row]); err != nil {
			return err
		}
		if err := duckdb.SetChunkValue(chunk, 1, i, int64(s.b.Arrived)); err != nil {
			return err
		}
	}
	for at, c := range s.used {
		if err := fill(chunk, at+2, c, rows); err != nil {
			return err
		}
	}
	return nil
}

func fill(chunk duckdb.DataChunk, at int, c *events.Column, rows []int) (err error) {
	for i, row := range rows {
		switch {
		case c.IsNull(row):
			err = duckdb.SetChunkValue(chunk, at, i, any(nil))
		case c.IsText():
			err = duckdb.SetChunkValue(chunk, at, i, c.Text(row))
		case c.Type == schema.Real:
			err = duckdb.SetChunkValue(chunk, at, i, c.Reals[row])
		case c.Type == schema.Bool:
			err = duckdb.SetChunkValue(chunk, at, i, c.Numbers[row] != 0)
		default:
			err = duckdb.SetChunkValue(chunk, at, i, c.Numbers[row])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// keys gives by what the rows of a batch are known again: the key, the time, and which row it is.
type keys struct {
	source
}

func newKeys(b *events.Batch) *keys {
	s := &keys{source{b: b, order: b.Order()}}
	s.column("k", duckdb.TYPE_UBIGINT)
	s.column("at", duckdb.TYPE_BIGINT)
	s.column("i", duckdb.TYPE_BIGINT)
	return s
}

// FillChunk implements duckdb.ChunkTableSource.
func (s *keys) FillChunk(chunk duckdb.DataChunk) error {
	n := min(duckdb.GetDataChunkCapacity(), len(s.order)-s.next)
	rows := s.order[s.next : s.next+n]
	s.next += n
	if err := chunk.SetSize(n); err != nil {
		return err
	}
	for i, row := range rows {
		err := errors.Join(duckdb.SetChunkValue(chunk, 0, i, s.b.Keys[row]), duckdb.SetChunkValue(chunk, 1, i, int64(s.b.Times[row])), duckdb.SetChunkValue(chunk, 2, i, int64(row)))
		if err != nil {
			return err
		}
	}
	return nil
}
