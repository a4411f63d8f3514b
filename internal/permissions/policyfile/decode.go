package policyfile

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/goccy/go-yaml/ast"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/fault"
)

// maxFaults is how many faults are told at once.
const maxFaults = 20

// decoder walks the file's tree and gathers what is wrong with it.
type decoder struct {
	file   string
	faults []fault.Detail
	count  int
}

func (d *decoder) wrong(at place, want, problem string, args ...any) {
	d.count++
	if len(d.faults) < maxFaults {
		d.faults = append(d.faults, fault.Detail{
			Where: fmt.Sprintf("%s:%d:%d", d.file, at.line, at.column), Problem: fmt.Sprintf(problem, args...), Want: want,
		})
	}
}

// err is all that was wrong, as one refusal.
func (d *decoder) err() error {
	if len(d.faults) == 0 {
		return nil
	}
	var lines []string
	for _, f := range d.faults {
		line := f.Where + ": " + f.Problem
		if f.Want != "" {
			line += " (want " + f.Want + ")"
		}
		lines = append(lines, line)
	}
	if more := d.count - len(d.faults); more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return fault.Invalid("read the policy file", "%s", strings.Join(lines, "\n")).WithDetails(d.faults...)
}

func placeOf(n ast.Node) place {
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return place{1, 1}
	}
	p := n.GetToken().Position
	return place{p.Line, p.Column}
}

// entry is one key of a mapping with its value.
type entry struct {
	key   string
	at    place
	value ast.Node
}

// mapping reads the entries of a mapping. Keys that are not among the known, or stand twice, are faults.
func (d *decoder) mapping(n ast.Node, what string, known ...string) map[string]entry {
	entries := map[string]entry{}
	for _, v := range d.values(n, what) {
		key, ok := v.Key.(ast.Node).(*ast.StringNode)
		if !ok {
			d.wrong(placeOf(v.Key), "one of "+strings.Join(known, ", "), "%s: a key is a plain word", what)
			continue
		}
		e := entry{key.Value, placeOf(key), v.Value}
		if _, twice := entries[e.key]; twice {
			d.wrong(e.at, "", "%s: %q stands twice", what, e.key)
			continue
		}
		entries[e.key] = e
		if !contains(known, e.key) {
			want := catalog.Nearest(e.key, known)
			if want == "" {
				want = "one of " + strings.Join(known, ", ")
			}
			d.wrong(e.at, want, "%s: unknown key %q", what, e.key)
		}
	}
	return entries
}

func (d *decoder) values(n ast.Node, what string) []*ast.MappingValueNode {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	case nil, *ast.NullNode:
		return nil
	}
	d.wrong(placeOf(n), "keys with values", "%s: %s stands where keys are expected", what, kindOf(n))
	return nil
}

// list reads the elements of a sequence; an absent or empty value has none.
func (d *decoder) list(e entry, what string) []ast.Node {
	switch n := e.value.(type) {
	case *ast.SequenceNode:
		return n.Values
	case nil, *ast.NullNode:
		return nil
	}
	d.wrong(placeOf(e.value), "a list", "%s: %s stands where a list is expected", what, kindOf(e.value))
	return nil
}

// text reads a string. What looks like a number or a date in YAML is taken as it was written.
func (d *decoder) text(n ast.Node, what string) named {
	at := placeOf(n)
	s := ""
	switch n := n.(type) {
	case *ast.StringNode:
		s = n.Value
	case *ast.LiteralNode:
		s = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode:
		s = n.GetToken().Value
	default:
		d.wrong(at, "a text", "%s: %s stands where a text is expected", what, kindOf(n))
		return named{"", at}
	}
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		d.wrong(at, "a text without control characters", "%s: has control characters", what)
	}
	return named{s, at}
}

// name reads the name of something: trimmed, not empty, on one line, of at most 200 characters.
func (d *decoder) name(n ast.Node, what string) named {
	t := d.text(n, what)
	t.name = strings.TrimSpace(t.name)
	switch {
	case t.name == "":
		d.wrong(t.at, "a name", "%s: is empty", what)
	case len([]rune(t.name)) > 200:
		d.wrong(t.at, "at most 200 characters", "%s: is too long", what)
	case strings.ContainsAny(t.name, "\n\t"):
		d.wrong(t.at, "a name on one line", "%s: spans lines", what)
	}
	return t
}

func (d *decoder) names(e entry, what string) []named {
	var list []named
	seen := map[string]bool{}
	for _, n := range d.list(e, what) {
		name := d.name(n, what)
		if seen[strings.ToLower(name.name)] {
			d.wrong(name.at, "", "%s: %q stands twice", what, name.name)
			continue
		}
		seen[strings.ToLower(name.name)] = true
		list = append(list, name)
	}
	return list
}

func (d *decoder) words(e entry, what string) []string {
	var list []string
	for _, n := range d.names(e, what) {
		list = append(list, n.name)
	}
	return list
}

// flag reads yes or no, also as on and off.
func (d *decoder) flag(e entry, what string) bool {
	switch n := e.value.(type) {
	case *ast.BoolNode:
		return n.Value
	case *ast.StringNode:
		switch strings.ToLower(n.Value) {
		case "on", "yes":
			return true
		case "off", "no":
			return false
		}
	}
	d.wrong(placeOf(e.value), "on or off", "%s: %s is neither on nor off", what, kindOf(e.value))
	return false
}

// time reads a moment. What is there and empty is a fault: an end that is not meant would be none at all.
func (d *decoder) time(e entry, what string) time.Time {
	const want = "a time such as 2026-03-01T12:00:00Z, or no such line"
	if e.key == "" {
		return time.Time{}
	}
	if _, ok := e.value.(*ast.NullNode); ok || e.value == nil {
		d.wrong(e.at, want, "%s: is empty", what)
		return time.Time{}
	}
	t := d.text(e.value, what)
	at, err := time.Parse(time.RFC3339Nano, t.name)
	switch {
	case err != nil:
		d.wrong(t.at, want, "%s: %q is no time", what, t.name)
	case at.Year() < 1970 || at.Year() > 2261:
		d.wrong(t.at, "a time between 1970 and 2261", "%s: %s can't be kept", what, t.name)
	}
	return at.UTC()
}

func kindOf(n ast.Node) string {
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return "nothing"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.BoolNode:
		return fmt.Sprintf("%v", n.Value)
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "a number"
	}
	return "a text"
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}
