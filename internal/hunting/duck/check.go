package duck

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/emit/udf"
	"github.com/bailiwick/bailiwick/internal/hunting/worker"
)

// errRefused is of a statement that touches what it may not. It says nothing about any value, for none has been read yet.
var errRefused = errors.New("refused")

// check holds a statement, as the engine itself reads it, against what its job may touch: one statement, which reads; relations of the job
// or of its own; functions of the closed list. It is the second wall: what is checked was made by an emitter that cannot write anything
// else.
func check(ctx context.Context, conn *sql.Conn, job worker.Job) error {
	var text string
	if err := conn.QueryRowContext(ctx, "SELECT json_serialize_sql($1::VARCHAR)::VARCHAR", job.Statement).Scan(&text); err != nil {
		return fmt.Errorf("%w: it cannot be read", errRefused)
	}
	var tree struct {
		Error      bool `json:"error"`
		Statements []struct {
			Node any `json:"node"`
		} `json:"statements"`
	}
	if err := json.Unmarshal([]byte(text), &tree); err != nil || tree.Error || len(tree.Statements) != 1 {
		return fmt.Errorf("%w: it is not one statement that reads", errRefused)
	}
	c := checker{job: job}
	c.collect(tree.Statements[0].Node)
	return c.walk(tree.Statements[0].Node)
}

type checker struct {
	job   worker.Job
	named []string // what the statement itself gives a name
}

// collect finds the names of common table expressions. One that has the name of a table of the store is refused later on.
func (c *checker) collect(node any) {
	switch n := node.(type) {
	case []any:
		for _, e := range n {
			c.collect(e)
		}
	case map[string]any:
		if ctes, ok := n["cte_map"].(map[string]any); ok {
			list, _ := ctes["map"].([]any)
			for _, e := range list {
				if entry, ok := e.(map[string]any); ok {
					name, _ := entry["key"].(string)
					c.named = append(c.named, name)
				}
			}
		}
		for _, e := range n {
			c.collect(e)
		}
	}
}

// What may stand in a statement: kinds of expressions and of relations. Whatever a later version of the engine adds is not among them.
var (
	expressions = []string{"COMPARISON", "CONJUNCTION", "CONSTANT", "COLUMN_REF", "FUNCTION", "CAST", "CASE", "OPERATOR", "BETWEEN", "SUBQUERY", "STAR", "WINDOW", "PARAMETER", "LAMBDA"}
	relations   = []string{"SELECT_NODE", "SET_OPERATION_NODE", "CTE_NODE", "BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EMPTY", "EXPRESSION_LIST"}
)

func (c *checker) walk(node any) error {
	switch n := node.(type) {
	case []any:
		for _, e := range n {
			if err := c.walk(e); err != nil {
				return err
			}
		}
	case map[string]any:
		if err := c.look(n); err != nil {
			return err
		}
		for key, e := range n {
			if key == "value" && n["class"] == "CONSTANT" {
				continue // a literal is data
			}
			if err := c.walk(e); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *checker) look(n map[string]any) error {
	text := func(key string) string { s, _ := n[key].(string); return s }
	kind, class := text("type"), text("class")
	_, isTable := n["table_name"]
	_, isFrom := n["sample"]
	switch {
	case class != "":
		if !slices.Contains(expressions, class) {
			return fmt.Errorf("%w: an expression %s", errRefused, class)
		}
		if name := strings.ToLower(text("function_name")); (class == "FUNCTION" || class == "WINDOW") && !slices.Contains(worker.Functions, name) && udf.Find(name) == nil || text("schema") != "" && text("schema") != "main" || text("catalog") != "" && text("catalog") != "system" {
			return fmt.Errorf("%w: the function %q", errRefused, name)
		}
	case kind == "BASE_TABLE" || isTable && class == "" && kind != "":
		name := text("table_name")
		_, table := c.job.Tables[name]
		_, list := c.job.Lists[name]
		_, shelf := c.job.Shelf[name]
		if kind != "BASE_TABLE" || text("schema_name") != "" || text("catalog_name") != "" || !(table || list || shelf || slices.Contains(c.named, name)) {
			return fmt.Errorf("%w: the relation %q", errRefused, name)
		}
	case (isFrom || strings.HasSuffix(kind, "_NODE")) && kind != "" && !slices.Contains(relations, kind):
		return fmt.Errorf("%w: a relation %s", errRefused, kind)
	case kind == "TABLE_FUNCTION":
		f, _ := n["function"].(map[string]any)
		if name, _ := f["function_name"].(string); !slices.Contains(worker.TableFunctions, strings.ToLower(name)) {
			return fmt.Errorf("%w: the table function %q", errRefused, name)
		}
	}
	for _, name := range c.named {
		if _, shelf := c.job.Shelf[name]; shelf || byPhysical(name) != nil || c.job.Lists[name] != nil {
			return fmt.Errorf("%w: it gives a name that is taken", errRefused)
		}
	}
	return nil
}
