package duck

import (
	"database/sql"
	"database/sql/driver"
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

// Executor is how it is run.
func (s *scalarUDF) Executor() duckdb.ScalarFuncExecutor {
	return duckdb.ScalarFuncExecutor{RowExecutor: func(values []driver.Value) (any, error) {
		args := make(udf.Args, len(values))
		for i, v := range values {
			args[i] = v
		}
		return s.f.Run(args), nil
	}}
}
