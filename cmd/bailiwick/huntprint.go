package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/answer"
	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
	"github.com/bailiwick/bailiwick/internal/sheet"
)

// huntWriter prints rows as a table, as CSV or as one JSON value: {schema, results, stats}.
type huntWriter struct {
	program *program
	columns []hunt.Column
	table   *tabwriter.Writer
	csv     *sheet.Writer
	rows    int
}

func newHuntWriter(p *program) *huntWriter { return &huntWriter{program: p} }

// Head implements hunt.Rows.
func (w *huntWriter) Head(head hunt.Head) error {
	columns := head.Columns
	w.columns = append(w.columns, columns...)
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	out := w.program.out
	switch w.program.output {
	case "json":
		schema, err := json.Marshal(columns)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(terminal{out}, "{\"schema\":%s,\"results\":[", schema)
		return err
	case "csv":
		w.csv = sheet.New(out)
		w.csv.Row(names...)
		return w.csv.Flush()
	}
	w.table = tabwriter.NewWriter(terminal{out}, 0, 0, 2, ' ', 0)
	for i := range names {
		names[i] = oneLine(names[i])
	}
	_, err := fmt.Fprintln(w.table, strings.Join(names, "\t"))
	return err
}

// longCell is how much of a value a table shows. JSON and CSV have all of it.
const longCell = 80

// Row implements hunt.Rows.
func (w *huntWriter) Row(values []any) error {
	w.rows++
	switch w.program.output {
	case "json":
		line := []byte("\n {")
		if w.rows > 1 {
			line = []byte(",\n {")
		}
		for i, v := range values {
			if i > 0 {
				line = append(line, ',')
			}
			name, err := json.Marshal(w.columns[i].Name)
			if err != nil {
				return err
			}
			line = answer.AppendJSON(append(append(line, name...), ':'), v)
		}
		_, err := terminal{w.program.out}.Write(append(line, '}'))
		return err
	case "csv":
		cells := make([]string, len(values))
		for i, v := range values {
			cells[i] = answer.Text(v)
		}
		w.csv.Row(cells...)
		if w.rows%1000 == 0 {
			return w.csv.Flush()
		}
		return nil
	}
	cells := make([]string, len(values))
	for i, v := range values {
		cells[i] = oneLine(answer.Text(v))
		if r := []rune(cells[i]); len(r) > longCell {
			cells[i] = string(r[:longCell]) + "…"
		}
	}
	_, err := fmt.Fprintln(w.table, strings.Join(cells, "\t"))
	return err
}

// end finishes what was printed, and says what it took where it is in nobody's way.
func (w *huntWriter) end(s hunt.Stats) error {
	switch {
	case w.program.output == "json":
		stats, err := json.Marshal(map[string]any{"rows": s.Rows, "truncated": s.Truncated, "tookMs": s.Took.Milliseconds(), "cpuMs": s.CPU.Milliseconds()})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w.program.out, "\n],\"stats\":%s}\n", stats)
		return err
	case w.csv != nil:
		if err := w.csv.Flush(); err != nil {
			return err
		}
	case w.table != nil:
		if err := w.table.Flush(); err != nil {
			return err
		}
	}
	more := ""
	if s.Truncated != "" {
		more = "; there is more than an answer may have: narrow the query"
	}
	fmt.Fprintf(terminal{w.program.err}, "%s in %s%s\n", rowsFound(s.Rows), s.Took.Round(time.Millisecond), more)
	return nil
}

func rowsFound(n int64) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}

// take reads the lines of a server's answer.
func (w *huntWriter) take(body io.Reader) (hunt.Stats, error) {
	in := bufio.NewReaderSize(body, 1<<20)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) == 0 && err != nil {
			return hunt.Stats{}, fault.Unavailable("hunt", "the answer ended before it was complete")
		}
		var e struct {
			Kind    string
			Columns []hunt.Column
			Rows    [][]json.RawMessage
			Stats   struct {
				Rows, TookMs, CPUMs int64
				Truncated           string
			}
			Code, Message string
		}
		if err := json.Unmarshal(line, &e); err != nil {
			return hunt.Stats{}, fmt.Errorf("read the server's answer: %w", err)
		}
		switch e.Kind {
		case "columns":
			if err := w.Head(hunt.Head{Columns: e.Columns}); err != nil {
				return hunt.Stats{}, err
			}
		case "rows":
			for _, cells := range e.Rows {
				row := make([]any, len(cells))
				for i, cell := range cells {
					row[i] = valueOf(w.columns[i].Type, cell)
				}
				if err := w.Row(row); err != nil {
					return hunt.Stats{}, err
				}
			}
		case "error":
			if e.Code == "denied" {
				return hunt.Stats{}, fault.Denied("", "%s", e.Message)
			}
			return hunt.Stats{}, fault.Unavailable("", "%s", e.Message)
		case "done":
			ms := time.Millisecond
			return hunt.Stats{Rows: e.Stats.Rows, Truncated: e.Stats.Truncated, Took: time.Duration(e.Stats.TookMs) * ms, CPU: time.Duration(e.Stats.CPUMs) * ms}, nil
		}
	}
}

// valueOf is a value of an answer as it is printed: text without its quotes, and all else as JSON has it.
func valueOf(kind string, cell json.RawMessage) any {
	if string(cell) == "null" {
		return nil
	}
	var text string
	if kind != "dynamic" && json.Unmarshal(cell, &text) == nil {
		return text
	}
	return cell
}
