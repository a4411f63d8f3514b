package emit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/authorise"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
	"github.com/bailiwick/bailiwick/internal/hunting/lookup"
)

// feeds writes the rows of feeds, with the columns and types that the query declares. A value that is none of its type is missing.
func (e *emitter) feeds(ref *plan.Reference, s *authorise.Scan) (rel, error) {
	var parts []string
	for _, f := range s.Feeds() {
		part, err := e.feed(ref, f)
		if err != nil {
			return rel{}, err
		}
		parts = append(parts, part)
	}
	return rel{sql: strings.Join(parts, " UNION ALL ")}, nil
}

func (e *emitter) feed(ref *plan.Reference, f lookup.Feed) (string, error) {
	format := strings.ToLower(ref.Format["format"])
	if format == "" {
		format = f.Format
	}
	if _, known := lookup.Formats[format]; !known {
		return "", &NotBuilt{fmt.Sprintf("'externaldata' cannot read the format '%.20s': it reads csv, tsv, psv, scsv, txt, raw, json and multijson.", format)}
	}
	var list []string
	for i, c := range ref.Cols {
		if c.Hidden || !e.live[c] {
			continue
		}
		value, err := e.cell(format, i, c)
		if err != nil {
			return "", err
		}
		list = append(list, value+" AS "+name(c))
	}
	if len(list) == 0 {
		list = []string{"1 AS z"}
	}
	sql := "SELECT " + strings.Join(list, ", ") + " FROM " + e.plan.OnShelf(f.File)
	if strings.EqualFold(ref.Format["ignoreFirstRecord"], "true") {
		sql += " WHERE " + lookup.RecordNumber + " > 0"
	}
	return sql, nil
}

var readers = map[types.Kind]string{
	types.Bool: "tobool", types.Int: "toint", types.Long: "tolong", types.Real: "toreal", types.Decimal: "todecimal", types.DateTime: "todatetime", types.TimeSpan: "totimespan", types.GUID: "toguid",
	types.Dynamic: "parse_json", types.String: "tostring",
}

// cell is the value of a column: a cell by its place, a property by its name, or the record itself.
func (e *emitter) cell(format string, i int, c *plan.Column) (string, error) {
	raw := &plan.Column{Name: "record", Type: types.Of(types.String)}
	var x plan.Expr = &plan.ColumnRef{Column: raw}
	switch {
	case format == "json" || format == "multijson":
		raw.Type = types.Of(types.Dynamic)
		x = &plan.Access{Of: raw.Type, Object: x, Key: &plan.Literal{Of: types.Of(types.String), Value: c.Name}}
		e.alias[raw] = lookup.RecordText
	case lookup.Formats[format] != "":
		e.alias[raw] = fmt.Sprintf("coalesce(list_extract(%s, %d), '')", lookup.RecordCells, i+1)
	case i == 0:
		e.alias[raw] = lookup.RecordText
	default:
		return none(c.Type), nil // of a record without cells there is one column
	}
	reader := readers[c.Type.Kind]
	switch {
	case reader == "":
		return none(c.Type), nil
	case x.Type().Kind == c.Type.Kind:
	default:
		x = &plan.Call{Name: reader, Of: c.Type, Arguments: []plan.Expr{x}}
	}
	return e.expr(x, rel{})
}

// known writes what reputation tells of a file of which hash is; look is the relation that has been joined for it.
func known(c *plan.Column, hash, look string) string {
	if c.Name == "ProfileAvailability" {
		return fmt.Sprintf("CASE WHEN %s = '' THEN 'Error' WHEN %s.%s IS NULL THEN 'Missing' ELSE 'Available' END", hash, look, lookup.ReputationKey)
	}
	i := slices.IndexFunc(lookup.Reputation, func(k lookup.Column) bool { return k.Name == c.Name })
	if i < 0 {
		return none(c.Type)
	}
	value := look + "." + lookup.ReputationColumn(i)
	if c.Type.Kind == types.String {
		return "coalesce(" + value + ", '')"
	}
	return value
}
