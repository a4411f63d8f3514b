package bind

import (
	"strconv"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/functions"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
)

// The aggregates that give values of one row: any row, or that with the greatest or least value.

// picked collects the values that such an aggregate gives.
type picked struct {
	b     *binder
	star  bool                  // a * stands among the arguments
	keys  map[*plan.Column]bool // behind by
	taken map[*plan.Column]bool
	call  *plan.Call
	v     *value
}

func (b *binder) pick(args []value, call *plan.Call, v *value) *picked {
	p := &picked{b: b, keys: map[*plan.Column]bool{}, taken: map[*plan.Column]bool{}, call: call, v: v}
	for _, c := range b.keys {
		p.keys[c] = true
	}
	for _, a := range args {
		p.star = p.star || a.star
	}
	call.Arguments = nil
	return p
}

func (p *picked) add(c *plan.Column, e plan.Expr) {
	p.b.spend(p.v.at, 1)
	p.v.tuple = append(p.v.tuple, c)
	p.call.Arguments = append(p.call.Arguments, e)
}

// fresh adds a column that is none of the rows.
func (p *picked) fresh(name string, a value) { p.add(p.b.column(name, a.t), a.expr) }

// all adds the columns that a * stands for.
func (p *picked) all(name func(string) string) {
	for _, c := range p.b.rows.columns {
		if p.taken[c] || p.keys[c] {
			continue
		}
		p.taken[c] = true
		made := c
		if n := name(c.Name); n != c.Name {
			made = p.b.column(n, c.Type)
		}
		p.add(made, &plan.ColumnRef{Column: c})
	}
}

// column adds a column that is named as an argument, maybe under another name.
func (p *picked) column(a value, name string, again bool) {
	if p.star && (p.taken[a.same] || p.keys[a.same]) && !again {
		return
	}
	if a.name != nil || name != a.same.Name || p.taken[a.same] || p.keys[a.same] {
		p.taken[a.same] = true
		p.fresh(name, a)
		return
	}
	p.taken[a.same] = true
	p.add(a.same, a.expr)
}

func plainName(name string) string { return name }

func (b *binder) anyValues(f *functions.Function, args []value, call *plan.Call, v *value) {
	prefix := ""
	if f.Name == "take_any" {
		prefix = "any_"
	}
	shown := func(name string) string {
		if f.Name == "any" {
			return "any_" + name
		}
		return name
	}
	p := b.pick(args, call, v)
	for i, a := range args {
		switch {
		case a.star:
			p.all(shown)
		case a.same != nil:
			p.column(a, shown(a.label), false)
		case a.label != "":
			p.fresh(shown(a.label), a)
		default:
			p.fresh(shown(prefix+"arg"+strconv.Itoa(i)), a)
		}
	}
}

func (b *binder) argument(f *functions.Function, args []value, call *plan.Call, v *value) {
	prefix := "max_"
	if f.Name == "arg_min" {
		prefix = "min_"
	}
	p := b.pick(args, call, v)
	for i, a := range args {
		switch {
		case a.star:
			p.all(plainName)
		case a.same != nil:
			p.column(a, a.label, i == 0)
		case a.label != "":
			p.fresh(a.label, a)
		case i == 0:
			p.fresh(prefix, a)
		default:
			p.fresh(prefix+args[0].label+"_arg"+strconv.Itoa(i), a)
		}
	}
}

// oldArgument is argmax and argmin, which put max_ and the first name before each.
func (b *binder) oldArgument(f *functions.Function, args []value, call *plan.Call, v *value) {
	first := "max_" + args[0].label
	if f.Name == "argmin" {
		first = "min_" + args[0].label
	}
	p := b.pick(args, call, v)
	for i, a := range args {
		switch {
		case i == 0:
			p.taken[a.same] = true
			p.fresh(first, a)
		case a.star:
			p.all(func(name string) string { return first + "_" + name })
		case a.same != nil:
			p.column(a, first+"_"+a.label, false)
		case a.label != "":
			p.fresh(first+"_"+a.label, a)
		default:
			p.fresh(first+"_arg"+strconv.Itoa(i), a)
		}
	}
}
