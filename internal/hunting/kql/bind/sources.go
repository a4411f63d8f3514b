package bind

import (
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/functions"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
)

// declaredColumns makes the columns that a table declares.
func (b *binder) declaredColumns(list []syntax.Declaration) []*plan.Column {
	if len(list) > 0 && b.tooWide(list[0].Span, len(list)) {
		return nil
	}
	declared := map[string]bool{}
	var columns []*plan.Column
	for _, d := range list {
		if c := b.declareColumn(declared, d); c != nil {
			columns = append(columns, c)
		}
	}
	return columns
}

// datatable binds rows that are written out.
func (b *binder) datatable(x *syntax.DataTable) *relation {
	n := &plan.Values{Cols: b.declaredColumns(x.Columns)}
	if len(n.Cols) < len(x.Columns) || len(n.Cols) == 0 {
		return &relation{node: n, columns: n.Cols, bad: true}
	}
	if len(x.Values)%len(n.Cols) != 0 {
		b.problem(x.Span, "There are %d values for rows of %d columns: the last row is not whole.", len(x.Values), len(n.Cols))
	}
	b.spend(x.Span, len(x.Values))
	var row []plan.Expr
	for i, item := range x.Values {
		v := b.scalar(item)
		want := n.Cols[i%len(n.Cols)].Type
		switch {
		case v.failed() || v.t.Kind == types.Null:
		case !v.literal:
			b.problem(v.at, "A value in a datatable is written out: it cannot be computed.")
		}
		row = append(row, convert(v, want).expr)
		if len(row) == len(n.Cols) {
			n.Rows = append(n.Rows, row)
			row = nil
		}
	}
	return &relation{node: n, columns: n.Cols, ordered: true}
}

// feed binds externaldata: rows of a feed from elsewhere, which must be one that the centre knows by this address.
func (b *binder) feed(x *syntax.ExternalData) *relation {
	n := &plan.Reference{Kind: plan.Feed, Cols: b.declaredColumns(x.Columns), Format: map[string]string{}, Start: x.Start, End: x.End}
	for _, s := range x.Sources {
		v := b.scalar(s)
		address, known := v.text()
		switch {
		case v.failed():
			continue
		case v.t.Kind != types.String:
			b.problem(v.at, "The address of a feed is a string, and this is of type %s.", v.t)
			continue
		case !known || !v.constant:
			b.problem(v.at, "The address of a feed must be known before the query runs.")
			continue
		}
		n.Sources = append(n.Sources, address)
	}
	n.Name = strings.Join(n.Sources, " ")
	for _, p := range x.Properties {
		n.Format[p.Name.Text] = word(x.Properties, p.Name.Text)
	}
	return &relation{node: n, columns: n.Cols}
}

// rangeOf binds a column of numbers or times.
func (b *binder) rangeOf(op *syntax.Range) *relation {
	bound := func(x syntax.Expr) value {
		v := b.scalar(x)
		if !v.failed() && !v.t.IsSummable() {
			b.problem(v.at, "A number, datetime or timespan is expected here, and this is of type %s.", v.t)
		}
		return v
	}
	from, to, step := bound(op.From), bound(op.To), bound(op.Step)
	if n, known := step.number(); known && n == 0 {
		b.problem(step.at, "The step of a range cannot be 0.")
	}
	t := unknown
	if !from.failed() && !to.failed() && !step.failed() {
		var ok bool
		if t, ok = types.CommonOf([]types.Type{from.t, to.t}, types.Promotable); !ok {
			b.problem(op.To.Bounds(), "A range goes between values of one type, and these are of the types %s and %s.", from.t, to.t)
			t = unknown
		} else if t.Kind != types.Int || step.t.Kind != types.Int {
			ends := value{at: from.at, t: t, expr: from.expr}
			sum, signature := b.match(functions.Operators["+"], []value{ends, step}, true)
			if signature == nil {
				b.problem(step.at, "The step of a range of type %s cannot be of type %s.", t, step.t)
			} else {
				t = sum
			}
		}
	}
	n := &plan.Range{Column: b.column(op.Name.Text, t), From: from.expr, To: to.expr, Step: step.expr}
	return &relation{node: n, columns: []*plan.Column{n.Column}, ordered: true}
}
