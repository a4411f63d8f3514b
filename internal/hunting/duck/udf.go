package duck

import (
	"context"
	"database/sql"
	"regexp"
	"slices"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/bailiwick/bailiwick/internal/hunting/emit/udf"
)

var udfNames = regexp.MustCompile(udf.Prefix + `[a-z0-9_]+`)

// register gives the engine those of our functions that a statement names: all of them would take longer than most statements.
func register(conn *sql.Conn, statement string, known map[string]bool) error {
	names := udfNames.FindAllString(statement, -1)
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if f := udf.Find(name); f != nil && !known[name] {
			known[name] = true
			if err := duckdb.RegisterScalarUDF(conn, name, &scalarUDF{f}); err != nil {
				return err
			}
		}
	}
	return nil
}

type scalarUDF struct{ f *udf.Function }

var engineTypes = map[byte]duckdb.Type{
	udf.Text: duckdb.TYPE_VARCHAR, udf.Long: duckdb.TYPE_BIGINT, udf.Real: duckdb.TYPE_DOUBLE, udf.Bool: duckdb.TYPE_BOOLEAN,
	udf.Dynamic: duckdb.TYPE_VARCHAR, udf.Moment: duckdb.TYPE_BIGINT, udf.Span: duckdb.TYPE_BIGINT, 'g': duckdb.TYPE_VARCHAR,
}

func typeInfo(kind byte) duckdb.TypeInfo {
	t, err := duckdb.NewTypeInfo(engineTypes[kind])
	if err != nil {
		panic(err) // the kinds are all there are
	}
	return t
}

// Config is what the function takes and gives.
func (s *scalarUDF) Config() duckdb.ScalarFuncConfig {
	c := duckdb.ScalarFuncConfig{ResultTypeInfo: typeInfo(s.f.Out), SpecialNullHandling: true, Volatile: s.f.Unsteady}
	for _, kind := range []byte(s.f.In) {
		c.InputTypeInfos = append(c.InputTypeInfos, typeInfo(kind))
	}
	if s.f.Rest != 0 {
		c.VariadicTypeInfo = typeInfo(s.f.Rest)
	}
	return c
}

// Executor is how it is run: chunk by chunk.
func (s *scalarUDF) Executor() duckdb.ScalarFuncExecutor {
	run := s.rows
	if engineTypes[s.f.Out] == duckdb.TYPE_VARCHAR {
		run = s.texts
	}
	return duckdb.ScalarFuncExecutor{ChunkContextExecutor: func(_ context.Context, state *duckdb.ChunkIteratorState) error { return run(state) }}
}

func (s *scalarUDF) rows(state *duckdb.ChunkIteratorState) error {
	args := make(udf.Args, state.ColumnCount())
	for row, err := range state.Rows() {
		if err != nil {
			return err
		}
		for i := range args {
			args[i] = *row.GetValuePtr(i)
		}
		if err := row.SetResult(s.f.Run(args)); err != nil {
			return err
		}
	}
	return nil
}

// texts runs a function that makes texts of texts. They stay where the engine has them, and are copied only where a function keeps one.
func (s *scalarUDF) texts(state *duckdb.ChunkIteratorState) error {
	chunk := state.GetInputChunk()
	out, err := duckdb.GetVectorWriter[string](state.GetResultVector())
	if err != nil {
		return err
	}
	views := make([]*duckdb.VectorView[string], chunk.ColumnCount())
	for i := range views {
		if engineTypes[s.kind(i)] != duckdb.TYPE_VARCHAR {
			continue
		}
		v, err := chunk.GetVector(i)
		if err != nil {
			return err
		}
		view, err := duckdb.GetVectorView[string](v)
		if err != nil {
			return err
		}
		views[i] = &view
	}
	args := make(udf.Args, len(views))
	for row := range chunk.GetSize() {
		for i, view := range views {
			if args[i], err = cell(chunk, view, i, row); err != nil {
				return err
			}
		}
		result, ok := s.f.Run(args).(string)
		if ok {
			err = out.Set(row, result)
		} else {
			err = out.SetNull(row)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func cell(chunk *duckdb.DataChunk, view *duckdb.VectorView[string], column, row int) (any, error) {
	if view == nil {
		return chunk.GetValue(column, row)
	}
	text, there, err := view.GetValueBorrowed(row)
	if !there || err != nil {
		return nil, err
	}
	return text, nil
}

// kind is that of an argument.
func (s *scalarUDF) kind(i int) byte {
	if i < len(s.f.In) {
		return s.f.In[i]
	}
	return s.f.Rest
}
