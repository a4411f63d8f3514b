package emit

import (
	"fmt"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/authorise"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

// day is how far apart copies of a state are that say what is so without saying when.
const day = 24 * 3600 * 10_000_000

// scan writes the rows of a table that are in reach. It is the only place where the name of a table is written.
func (e *emitter) scan(ref *plan.Reference) (rel, error) {
	s := e.plan.Scan(ref)
	if s == nil {
		return rel{}, errUnauthorised
	}
	if len(s.Feeds()) > 0 {
		return e.feeds(ref, s)
	}
	t := s.Table()
	if t == nil {
		return e.unknown(ref.Cols), nil
	}
	var list []string
	var folded []*plan.Column
	for i, c := range ref.Cols {
		if !e.live[c] {
			continue
		}
		stored, isColumn := s.Column(i)
		value := stored.Physical()
		switch {
		case !isColumn:
			value = "a"
		case s.Blank(stored):
			value = fmt.Sprintf("CASE WHEN %s THEN %s ELSE '' END", e.test(authorise.Test{Column: *t.Column(t.ScopeColumn), In: authorise.Whole}), value)
		}
		list = append(list, value+" AS "+name(c))
		if isColumn && (stored.Name == t.Timestamp || stored.Type == schema.String) {
			e.present[c] = true
		}
		if isColumn && stored.Folded && !s.Blank(stored) {
			list = append(list, stored.PhysicalFolded()+" AS "+lowered(c))
			folded = append(folded, c)
		}
	}
	if len(list) == 0 {
		list = []string{"1 AS z"}
	}
	sql := "SELECT " + strings.Join(list, ", ") + " FROM " + t.Physical()
	if where := append(e.within(s), e.span(t)...); len(where) > 0 {
		sql += " WHERE " + strings.Join(where, " AND ")
	}
	if t.Timestamp == "" {
		sql += " QUALIFY " + newest(t)
	}
	return rel{sql: sql, folded: folded}, nil
}

// unknown is a table that has no rows.
func (e *emitter) unknown(columns []*plan.Column) rel {
	list := []string{"1 AS z"}
	for _, c := range e.needed(columns) {
		list = append(list, none(c.Type)+" AS "+name(c))
	}
	return rel{sql: "SELECT " + strings.Join(list, ", ") + " WHERE false"}
}

// within is the reader's reach.
func (e *emitter) within(s *authorise.Scan) []string {
	if s.All() {
		return nil
	}
	var alternatives []string
	for _, tests := range s.Condition() {
		var all []string
		for _, t := range tests {
			all = append(all, e.test(t))
		}
		alternatives = append(alternatives, strings.Join(all, " AND "))
	}
	switch len(alternatives) {
	case 0:
		return []string{"false"}
	case 1:
		return alternatives
	}
	return []string{"(" + strings.Join(alternatives, " OR ") + ")"}
}

func (e *emitter) test(t authorise.Test) string {
	if ids, few := e.o.Few[t.In]; few {
		if len(ids) == 0 {
			return "false"
		}
		list := make([]string, len(ids))
		for i, id := range ids {
			list[i] = "CAST(" + e.parameter(id) + " AS VARCHAR)"
		}
		return fmt.Sprintf("list_contains([%s], %s)", strings.Join(list, ", "), t.Column.Physical())
	}
	if t.In != "" {
		return fmt.Sprintf("%s IN (SELECT id FROM %s)", t.Column.Physical(), t.In)
	}
	var values []string
	for _, v := range t.Among {
		values = append(values, e.parameter(v))
	}
	return fmt.Sprintf("%s IN (%s)", t.Column.Physical(), strings.Join(values, ", "))
}

// span is the time that rows are from, and that they came in: what is asked for, and what is kept at all.
func (e *emitter) span(t *schema.Table) []string {
	var list []string
	if e.o.ArrivedFrom > 0 {
		list = append(list, "a >= "+e.parameter(e.o.ArrivedFrom))
	}
	if e.o.ArrivedTo > 0 {
		list = append(list, "a < "+e.parameter(e.o.ArrivedTo))
	}
	c := t.Column(t.Timestamp)
	if c == nil {
		if e.o.Floor > 0 {
			list = append(list, "a >= "+e.parameter(e.o.Floor))
		}
		return list
	}
	at := c.Physical()
	if e.o.Floor > 0 && e.o.From < e.o.Floor {
		floor := e.parameter(e.o.Floor)
		list = append(list, fmt.Sprintf("(%s >= %s OR a >= %s)", at, floor, floor))
	}
	if e.o.From > 0 {
		list = append(list, at+" >= "+e.parameter(e.o.From))
	}
	if e.o.To > 0 {
		list = append(list, at+" < "+e.parameter(e.o.To))
	}
	return list
}

// newest keeps the last copy of a state that came without a time: of a device, or of what rows are about where they are of none. A copy
// of another day says what was.
func newest(t *schema.Table) string {
	by := t.Column(t.Device)
	if by == nil {
		by = &t.Columns[0]
	}
	return fmt.Sprintf("a // %d = max(a // %d) OVER (PARTITION BY %s)", int64(day), int64(day), by.Physical())
}
