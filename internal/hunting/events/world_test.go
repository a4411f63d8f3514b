package events

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

var moment = time.Date(2026, 2, 3, 10, 0, 0, 0, time.UTC)

// paper is an engine that writes rows down as text.
type paper struct {
	rows   map[string][]map[string]string
	sealed Sealed
}

func (p *paper) Writer(context.Context, string) (Writer, error) { return p, nil }
func (p *paper) Close() error                                   { return nil }

func (p *paper) Merge(context.Context, string, []string, string, Ticks) (Sealed, error) {
	return Sealed{}, fmt.Errorf("paper does not merge")
}

func (p *paper) Parquet(_ context.Context, file string, row func(text []byte) error) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for line := range bytes.Lines(bytes.TrimPrefix(text, []byte("PAR1"))) {
		if err := row(bytes.TrimSpace(line)); err != nil {
			return err
		}
	}
	return nil
}

func (p *paper) Begin(_ context.Context, _ *schema.Table, _ []bool, file string, _ int) error {
	p.sealed = Sealed{}
	return os.WriteFile(file, nil, 0o600)
}

func (p *paper) Seal(context.Context) (Sealed, error) { return p.sealed, nil }

func (p *paper) Add(_ context.Context, b *Batch, _ []string) (int64, error) {
	if p.sealed.Rows += int64(b.Rows); p.sealed.From == 0 {
		p.sealed.From = b.Times[0]
	}
	p.sealed.To = b.Times[b.Rows-1]
	for _, row := range b.Order() {
		values := map[string]string{}
		for i := range b.Columns {
			c, name := &b.Columns[i], "x"
			if i < len(b.Table.Columns) {
				name = b.Table.Columns[i].Name
			}
			switch {
			case !c.Used && c.Type == schema.String:
				values[name] = ""
			case !c.Used || c.IsNull(row):
				values[name] = "null"
			case c.IsText():
				values[name] = string(c.Text(row))
			case c.Type == schema.Real:
				values[name] = fmt.Sprint(c.Reals[row])
			case c.Type == schema.Bool:
				values[name] = fmt.Sprint(c.Numbers[row] != 0)
			default:
				values[name] = fmt.Sprint(c.Numbers[row])
			}
		}
		p.rows[b.Table.Name] = append(p.rows[b.Table.Name], values)
	}
	return int64(b.Rows), nil
}

func store(t testing.TB, dir string) *Store {
	t.Helper()
	return Open(dir, &paper{rows: map[string][]map[string]string{}}, func() time.Time { return moment })
}

func load(t testing.TB, s *Store, name, text string, o Options) Report {
	t.Helper()
	l, err := s.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer l.Discard()
	if err := l.Read(t.Context(), name, strings.NewReader(text), o); err != nil {
		t.Fatal(err)
	}
	r, err := l.Finish(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Commit(); err != nil {
		t.Fatal(err)
	}
	return r
}

// values gives columns of all rows of a table, in the order of time.
func values(_ testing.TB, s *Store, table string, columns ...string) []string {
	var found []string
	for _, row := range s.engine.(*paper).rows[table] {
		var list []string
		for _, c := range columns {
			list = append(list, row[c])
		}
		found = append(found, strings.Join(list, "|"))
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
