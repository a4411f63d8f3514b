package bind

import (
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
)

var charts = strings.Fields(`table list barchart piechart ladderchart timechart linechart anomalychart pivotchart areachart stackedareachart
	scatterchart timepivot columnchart timeline 3Dchart card treemap plotly graph sankey`)

var chartProperties = strings.Fields(`title xcolumn series ycolumns anomalycolumns kind xtitle ytitle xaxis yaxis legend ysplit accumulate ymin ymax xmin xmax`)

// renderAs notes how the writer wants the result drawn. The rows are the same.
func (b *binder) renderAs(op *syntax.Render, in *relation) *relation {
	if !slices.Contains(charts, op.Chart.Text) {
		near := "; did you mean '" + syntax.Nearest(op.Chart.Text, charts) + "'?"
		if near == "; did you mean ''?" {
			near = ": there is " + strings.Join(charts, ", ")
		}
		b.problem(op.Chart.Span, "There is no chart '%s'%s.", syntax.Clip(op.Chart.Text), near)
	}
	r := &plan.Render{Chart: op.Chart.Text, Properties: map[string]string{}}
	for _, p := range op.Properties {
		if !slices.Contains(chartProperties, p.Name.Text) {
			b.problem(p.Name.Span, "'%s' is not known here: there is %s.", syntax.Clip(p.Name.Text), strings.Join(chartProperties, ", "))
			continue
		}
		said := word(op.Properties, p.Name.Text)
		if p.List != nil {
			said = strings.Join(b.drawn(p.List, in), ",")
		}
		r.Properties[p.Name.Text] = said
	}
	b.render = r
	return in
}

// drawn gives the names of columns that a chart is made of.
func (b *binder) drawn(list []syntax.Name, in *relation) []string {
	var names []string
	for _, n := range list {
		if in.infer(n.Text) == nil && !in.bad {
			b.problem(n.Span, "Failed to resolve column named '%s'%s.", syntax.Clip(n.Text), b.meant(n.Text, in.names()))
		}
		names = append(names, n.Text)
	}
	return names
}

// getSchema makes a row of each column.
func (b *binder) getSchema(op *syntax.GetSchema, in *relation) *relation {
	n := &plan.Values{Cols: []*plan.Column{b.column("ColumnName", text), b.column("ColumnOrdinal", long), b.column("DataType", text), b.column("ColumnType", text)}}
	word := func(s string) plan.Expr { return &plan.Literal{Of: text, Value: s} }
	for i, c := range in.columns {
		ordinal := &plan.Literal{Of: long, Value: int64(i)}
		n.Rows = append(n.Rows, []plan.Expr{word(c.Name), ordinal, word(systemTypes[c.Type.String()]), word(c.Type.String())})
	}
	if b.choice(op.Properties, "kind", "", "csl") == "csl" {
		var list []string
		for _, c := range in.columns {
			list = append(list, syntax.QuoteName(c.Name)+":"+c.Type.String())
		}
		n.Cols = []*plan.Column{b.column("Schema", text)}
		n.Rows = [][]plan.Expr{{word(strings.Join(list, ","))}}
	}
	b.spend(op.Span, len(in.columns)*4)
	return &relation{node: n, columns: n.Cols, ordered: true, bad: in.bad}
}

var systemTypes = map[string]string{
	"bool": "System.SByte", "int": "System.Int32", "long": "System.Int64", "real": "System.Double", "decimal": "System.Data.SqlTypes.SqlDecimal",
	"string": "System.String", "datetime": "System.DateTime", "timespan": "System.TimeSpan", "guid": "System.Guid", "dynamic": "System.Object",
}
