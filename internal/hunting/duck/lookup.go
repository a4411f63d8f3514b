package duck

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/bailiwick/bailiwick/internal/hunting/lookup"
)

// WriteFile writes a file that queries look up in: rows calls put for each row. After an error there is no file.
func (e Engine) WriteFile(ctx context.Context, file string, columns []lookup.Stored, rows func(put func(values ...any) error) error) (err error) {
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector)
	defer db.Close()
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer func() {
		if err != nil {
			_ = os.Remove(file)
			_ = os.Remove(file + ".wal")
		}
	}()
	declared := make([]string, len(columns))
	for i, c := range columns {
		declared[i] = c.Name + " " + c.Type
	}
	for _, s := range []string{
		fmt.Sprintf("SET memory_limit = '%dMB'", max(e.MemoryMB, 256)), fmt.Sprintf("SET threads = %d", max(e.Threads, 1)),
		"SET autoinstall_known_extensions = false", "SET autoload_known_extensions = false", "SET allow_community_extensions = false",
		fmt.Sprintf("ATTACH %s AS new (STORAGE_VERSION 'v1.5.0')", quote(file)),
		"CREATE TABLE new.t (" + strings.Join(declared, ", ") + ")",
	} {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	err = conn.Raw(func(c any) error {
		a, err := duckdb.NewAppender(c.(driver.Conn), "new", "main", "t")
		if err != nil {
			return err
		}
		err = rows(func(values ...any) error {
			row := make([]driver.Value, len(values))
			for i, v := range values {
				row[i] = v
			}
			return a.AppendRow(row...)
		})
		return errors.Join(err, a.Close())
	})
	if err != nil {
		return err
	}
	for _, s := range []string{"CHECKPOINT new", "DETACH new"} {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return errors.Join(os.Chmod(file, 0o600), sync(file))
}
