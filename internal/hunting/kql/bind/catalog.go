package bind

import "github.com/bailiwick/bailiwick/internal/hunting/kql/types"

// Catalog is what a query may name: the tables of the one who asks, and nothing else. Wildcards, search and find range over it.
type Catalog struct {
	Tables []*Table
	// Denied are tables that exist and are not in Tables, with the words that a query which names one is refused with.
	Denied map[string]string
	// Found are the columns that bag_unpack and pivot make and only data tells, once somebody has looked: of the first of them that a
	// query has, of the second, and so on.
	Found map[int][]Column
}

// Table is a table with its columns.
type Table struct {
	Name    string
	Columns []Column
	// Aliases are other names that columns answer to. They are not among the columns that * stands for.
	Aliases map[string]string
	// Of is the table that has the rows, where this is only another name of it: names with stars, search and find that meet that table
	// do not meet this one, or each row would be there twice.
	Of string
}

// Column is a column of a table.
type Column struct {
	Name string
	Type types.Type
}

func (c *Catalog) table(name string) *Table {
	for _, t := range c.Tables {
		if t.Name == name {
			return t
		}
	}
	return nil
}

func (c *Catalog) names() []string {
	names := make([]string, len(c.Tables))
	for i, t := range c.Tables {
		names[i] = t.Name
	}
	return names
}
