package bind

import (
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
)

// scope is the names that let, as and parameters have given. A function sees the scope where it was written.
type scope struct {
	outer  *scope
	locals map[string]*local
	until  int // names with a greater number came later than what this scope is seen from; 0 for no such limit
}

// local is what a name stands for: a value, rows or a function.
type local struct {
	number   int // in the order in which names came
	value    *value
	binding  *plan.Binding
	rows     *relation // what the binding gives
	function *function
	space    int // of a value of a row: which rows
}

// function is one that let declares.
type function struct {
	name  string
	tree  *syntax.Function
	scope *scope // where it was written
	rows  bool   // it gives rows
}

func (s *scope) find(name string) *local {
	for ; s != nil; s = s.outer {
		if l := s.locals[name]; l != nil && (s.until == 0 || l.number <= s.until) {
			return l
		}
	}
	return nil
}

// add gives a name.
func (s *scope) add(name string, l *local) {
	l.number = len(s.locals) + 1
	s.locals[name] = l
}

func newScope(outer *scope) *scope {
	return &scope{outer: outer, locals: map[string]*local{}}
}

func (s *scope) here(name string) bool { return s.locals[name] != nil }

func (s *scope) names(of func(*local) bool) []string {
	var names []string
	for ; s != nil; s = s.outer {
		for name, l := range s.locals {
			if of(l) {
				names = append(names, name)
			}
		}
	}
	return names
}

// frozen is the scope as it is now: names that come later are not seen through it.
func (s *scope) frozen() *scope {
	return &scope{outer: s.outer, locals: s.locals, until: max(len(s.locals), 1)}
}

// inside binds something in a scope of its own.
func (b *binder) inside(s *scope, f func()) {
	before := b.scope
	b.scope = s
	f()
	b.scope = before
}
