// Package sheet writes CSV (RFC 4180) that a spreadsheet takes for text: no cell of it is a formula.
package sheet

import (
	"encoding/csv"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Writer writes a table row by row. It keeps its first error, which Flush tells.
type Writer struct{ csv *csv.Writer }

// New writes to w.
func New(w io.Writer) *Writer {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return &Writer{out}
}

// Row writes a row.
func (w *Writer) Row(cells ...string) {
	safe := make([]string, len(cells))
	for i, cell := range cells {
		safe[i] = Text(cell)
	}
	_ = w.csv.Write(safe)
}

// Flush writes out what is buffered.
func (w *Writer) Flush() error {
	w.csv.Flush()
	return w.csv.Error()
}

// What a spreadsheet begins a formula with: OWASP, CSV injection. The wide forms count in Japanese ones.
const formula = "=+-@＝＋－＠"

// number is a number below zero, which is no formula: an apostrophe before it would keep a column of a query's result from being added up.
var number = regexp.MustCompile(`^-\d+(\.\d+)?([eE][-+]?\d+)?\z`)

// Text keeps a spreadsheet from running what somebody named a role: an apostrophe before it makes it text.
func Text(cell string) string {
	if number.MatchString(cell) {
		return cell
	}
	first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(cell, unseen))
	if strings.ContainsRune(formula, first) || strings.ContainsAny(cell[:min(1, len(cell))], "\t\r\n") {
		return "'" + cell
	}
	return cell
}

func unseen(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }
