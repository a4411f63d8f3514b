package duck

import (
	"database/sql"
	"database/sql/driver"
	"errors"

	"github.com/duckdb/duckdb-go/v2"
)

// fillList puts texts into a relation of one column.
func fillList(conn *sql.Conn, name string, texts []string) error {
	return conn.Raw(func(c any) error {
		a, err := duckdb.NewAppender(c.(driver.Conn), "", "", name)
		if err != nil {
			return err
		}
		for _, s := range texts {
			if err := a.AppendRow(s); err != nil {
				return errors.Join(err, a.Close())
			}
		}
		return a.Close()
	})
}
