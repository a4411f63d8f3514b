// Package syntax reads KQL text into a tree and writes a tree as text. It knows no table, no column and no function.
package syntax

import (
	"sort"
	"unicode/utf8"
)

// Span is a piece of the query text, as offsets in bytes.
type Span struct{ Start, End int }

// Bounds gives the span itself; every node of the tree has it by holding one.
func (s Span) Bounds() Span { return s }

// Node is a part of the tree that knows where it stands.
type Node interface{ Bounds() Span }

// Lines turns offsets of one text into lines and columns.
type Lines struct {
	text   string
	starts []int
}

// NewLines reads where the lines of a text begin.
func NewLines(text string) *Lines {
	l := &Lines{text: text, starts: []int{0}}
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\n':
			l.starts = append(l.starts, i+1)
		case '\r':
			if i+1 == len(text) || text[i+1] != '\n' {
				l.starts = append(l.starts, i+1)
			}
		}
	}
	return l
}

// At gives the line and the column of an offset, both from 1; columns count characters.
func (l *Lines) At(offset int) (line, column int) {
	offset = min(max(offset, 0), len(l.text))
	line = sort.SearchInts(l.starts, offset+1)
	return line, utf8.RuneCountInString(l.text[l.starts[line-1]:offset]) + 1
}
