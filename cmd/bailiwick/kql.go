package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/hunting"
	"github.com/bailiwick/bailiwick/internal/hunting/kql"
)

func (p *program) kqlCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "kql",
		Short: "Look at queries in KQL, without running them",
		Args:  cobra.NoArgs,
	}
	check := &cobra.Command{
		Use:   "check FILE...",
		Short: "Say of each file, as a line of JSON, whether it is a query that hunting takes, and what is wrong with it",
		Long: "Reads each file as a query and prints a line of JSON: {file, parsed, bound, columns, tables, errors}. A query is bound when every name in it\n" +
			"is one of the hunting schema and every type fits; whether somebody may see the tables is not asked. With - it reads from standard input.\n" +
			"Exits 1 when something is wrong with a query.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, files []string) error { return p.checkQueries(files) },
	}
	cmd.AddCommand(check)
	return cmd
}

// checkedQuery is what there is to say about a file.
type checkedQuery struct {
	File    string          `json:"file"`
	Parsed  bool            `json:"parsed"`
	Bound   bool            `json:"bound"`
	Columns []checkedColumn `json:"columns"`
	Open    bool            `json:"open,omitempty"` // the result has columns beside these, which only data will tell
	Tables  []string        `json:"tables"`
	Errors  []kql.Error     `json:"errors"`
}

type checkedColumn struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// checkQueries goes on behind a file that it cannot read, and says so at the end.
func (p *program) checkQueries(files []string) error {
	encoder := json.NewEncoder(terminal{p.out})
	encoder.SetEscapeHTML(false)
	var unread error
	wrong := false
	for _, file := range files {
		text, err := p.readQuery(file)
		if err != nil {
			unread = err
			continue
		}
		checked := checkQuery(file, text)
		wrong = wrong || !checked.Bound
		if err := encoder.Encode(checked); err != nil {
			return err
		}
	}
	switch {
	case unread != nil:
		return unread
	case wrong:
		return errNo
	}
	return nil
}

func checkQuery(file, text string) checkedQuery {
	r := kql.Compile(text, hunting.Catalog())
	c := checkedQuery{File: file, Parsed: r.Parsed, Bound: r.Plan != nil, Columns: []checkedColumn{}, Tables: []string{}, Errors: []kql.Error{}}
	for _, column := range r.Columns() {
		c.Columns = append(c.Columns, checkedColumn{column.Name, column.Type.String()})
	}
	c.Open = r.Plan != nil && r.Plan.Open
	c.Tables = append(c.Tables, r.Tables()...)
	c.Errors = append(c.Errors, r.Errors...)
	return c
}

// readQuery reads a file, and no more of it than shows that it is too long.
func (p *program) readQuery(file string) (string, error) {
	in := p.in
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return "", fmt.Errorf("reading a query: %w", err)
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, kql.MaxText+1))
	if err != nil {
		return "", fmt.Errorf("reading %s: %w", file, err)
	}
	return string(text), nil
}
