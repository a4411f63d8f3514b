package duck

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/hunting/events"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

// values gives columns of all rows of a table, in the order of time, as text: what a reader of the files finds.
func values(t testing.TB, s *events.Store, table string, columns ...string) []string {
	t.Helper()
	files, err := s.Files(table, math.MinInt64, math.MaxInt64)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if len(files) == 0 {
		return nil
	}
	described := schema.Lookup(table)
	var names []string
	for _, c := range columns {
		switch column := described.Column(c); {
		case column != nil:
			names = append(names, fmt.Sprintf("coalesce(%s::VARCHAR, 'null')", column.Physical()))
		case strings.HasPrefix(c, "folded "):
			names = append(names, described.Column(strings.TrimPrefix(c, "folded ")).PhysicalFolded())
		default:
			names = append(names, "coalesce("+c+"::VARCHAR, 'null')")
		}
	}
	var parts []string
	for i, file := range files {
		if _, err := db.Exec(fmt.Sprintf("ATTACH %s AS v%d (READ_ONLY)", quote(file), i)); err != nil {
			t.Fatal(err)
		}
		db, err := db.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		has, err := columnsOf(t.Context(), db, fmt.Sprintf("v%d", i))
		if err = errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
		parts = append(parts, fmt.Sprintf("SELECT %s FROM v%d.t", segmentColumns(described, has, nil), i))
	}
	rows, err := db.QueryContext(context.Background(), fmt.Sprintf("SELECT concat_ws('|', %s) FROM (%s) ORDER BY %s", strings.Join(names, ", "), strings.Join(parts, " UNION ALL "), at(described)))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			t.Fatal(err)
		}
		found = append(found, v)
	}
	return found
}

// streamed wraps rows as the streaming export does.
func streamed(table string, rows ...string) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, `{"time":"2026-02-03T09:00:00Z","category":"AdvancedHunting-%s","properties":%s}`+"\n", table, r)
	}
	return b.String()
}
