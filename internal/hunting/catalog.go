// Package hunting brings the query language and the tables that can be hunted in together.
package hunting

import (
	"sync"

	"github.com/bailiwick/bailiwick/internal/hunting/kql"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/types"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

// Catalog is every table there is, for checking queries on nobody's behalf. Nobody may change it.
var Catalog = sync.OnceValue(func() *kql.Catalog {
	c := &kql.Catalog{}
	for _, t := range schema.Tables() {
		c.Tables = append(c.Tables, TableOf(t))
	}
	return c
})

// TableOf is a table as queries see it.
func TableOf(t *schema.Table) *kql.Table {
	table := &kql.Table{Name: t.Name, Aliases: map[string]string{}}
	if rows := t.Rows(); rows != t {
		table.Of = rows.Name
	}
	for _, c := range t.Columns {
		of, ok := types.Parse(string(c.Type))
		if !ok {
			panic("hunting: the query language has no type " + string(c.Type)) // a test reads all of them
		}
		table.Columns = append(table.Columns, kql.Column{Name: c.Name, Type: of})
	}
	for _, names := range []map[string]string{schema.Aliases, spellings} {
		for name, column := range names {
			if t.Column(column) != nil && t.Column(name) == nil {
				table.Aliases[name] = column
			}
		}
	}
	return table
}

// spellings are names that exported rows give columns, where the documentation spells them in another way.
var spellings = map[string]string{"ISP": "Isp"}
