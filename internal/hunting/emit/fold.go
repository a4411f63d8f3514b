package emit

import (
	"fmt"
	"strings"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
)

// fold is the fold of a scan. What it carries along is the row before (r), the state that it found with what it did to each step, and what
// was noted of all rows before it (o).
//
// A row does one of three things to a step. It goes on to it from the step before (g), where the sequence is no longer then; it matches it
// again (h); or nothing. All of that depends on the state that the row finds, for it meets the last step first. Step 0 goes on from
// nothing when there is no sequence in it. What a row does is only applied to the state when the next one looks at it, so that
// conditions are written once and looked up afterwards.
type fold struct {
	*matcher
	steps []plan.MatchStep
	parts []part // of the state
}

// part is one value of a state: its name, the engine's type, what it is before the first row, and what a row leaves in it.
type part struct{ name, kind, empty, next string }

func (m *matcher) folded(steps []plan.MatchStep) (*fold, error) {
	f := &fold{matcher: m, steps: steps}
	before := f.at("s1")
	if m.live[m.n.MatchID] {
		f.parts = append(f.parts, part{"x", "BIGINT", "0", fmt.Sprintf("s1.x + CASE WHEN %s THEN 1 ELSE 0 END", before.onward(0))})
	}
	onward, again := make([]string, len(steps)), make([]string, len(steps)) // conditions
	for k := len(steps) - 1; k >= 0; k-- {
		var err error
		if onward[k], err = f.condition(k, true); err != nil {
			return nil, err
		}
		if again[k], err = f.condition(k, false); err != nil {
			return nil, err
		}
		from, stays := "NOT "+before.active(0), before.active(k)
		if k > 0 {
			from = before.active(k - 1)
		}
		if k+1 < len(steps) {
			stays += " AND (" + onward[k+1] + ") IS NOT TRUE"
			if k == 0 {
				from = "(" + from + " OR " + onward[1] + ")"
			}
		}
		onward[k] = from + " AND " + onward[k]
		f.parts = append(f.parts,
			part{fmt.Sprintf("a%d", k), "BOOLEAN", "FALSE", before.active(k)},
			part{fmt.Sprintf("g%d", k), "BOOLEAN", "FALSE", "coalesce(" + onward[k] + ", FALSE)"},
			part{fmt.Sprintf("h%d", k), "BOOLEAN", "FALSE", "coalesce(" + stays + " AND " + again[k] + " AND (" + onward[k] + ") IS NOT TRUE, FALSE)"})
		if m.live[m.n.MatchID] {
			f.parts = append(f.parts, part{fmt.Sprintf("m%d", k), "BIGINT", "0", before.match(k)})
		}
		m.states(k, func(j int, c *plan.Column) {
			f.parts = append(f.parts, part{field(k, c), sqlType(c.Type), m.none(c), before.value(k, j, c)})
		})
		if err := f.values(k); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// states calls something for each value of the state of a step: what it remembers, and what those before it do.
func (m *matcher) states(k int, each func(j int, c *plan.Column)) {
	for j := 0; j <= k; j++ {
		for _, c := range m.remembered[j] {
			each(j, c)
		}
	}
}

// field is what the state of step k remembers of an earlier step, or of its own.
func field(k int, c *plan.Column) string { return fmt.Sprintf("s%d_%s", k, name(c)) }

func (m *matcher) none(c *plan.Column) string {
	if d, ok := m.defaults[m.same[c]]; ok {
		return d
	}
	return none(c.Type)
}

// condition writes that of a step: of a row that would go on to it, or match it again.
func (f *fold) condition(k int, onward bool) (string, error) {
	defer f.seen(k, onward)()
	text, err := f.predicate(f.steps[k].Condition, rel{})
	return "(" + text + ")", err
}

// values are what a row gives to declared columns when it goes on to a step (p), and when it matches it again (q).
func (f *fold) values(k int) error {
	for i, d := range f.n.Declared {
		x := f.given(k, d.Column)
		if x == nil {
			continue
		}
		for _, letter := range f.letters(x) {
			undo := f.seen(k, letter == "p")
			text, err := f.as(x, d.Column.Type, rel{})
			undo()
			if err != nil {
				return err
			}
			f.parts = append(f.parts, part{fmt.Sprintf("%s%d_%d", letter, k, i), sqlType(d.Column.Type), f.defaults[d.Column], text})
		}
	}
	return nil
}

// given is what step k gives to a declared column; nil is its default.
func (f *fold) given(k int, c *plan.Column) plan.Expr {
	for _, a := range f.steps[k].Assign {
		if a.Column == c {
			return a.Expr
		}
	}
	return nil
}

// letters are the values that a step may give: it is one where nothing of it is remembered.
func (f *fold) letters(x plan.Expr) []string {
	if f.remembers(x) {
		return []string{"p", "q"}
	}
	return []string{"q"}
}

// seen lets expressions of step k read the row and the state. When a row goes on from the step before, it sees that step's state, in which
// there is nothing of its own yet. What it gives undoes that.
func (f *fold) seen(k int, onward bool) func() {
	var list []*plan.Column
	set := func(c *plan.Column, text string) {
		f.alias[c] = text
		list = append(list, c)
	}
	for _, c := range f.row {
		set(c, "x1.r."+name(c))
	}
	for c, text := range f.defaults {
		set(c, text)
	}
	of := k
	if onward {
		of = k - 1
	}
	for j := range f.remembered {
		for _, c := range f.remembered[j] {
			if j <= of {
				set(c, f.at("s1").value(of, j, c))
			} else {
				set(c, f.none(c))
			}
		}
	}
	return func() {
		for _, c := range list {
			delete(f.alias, c)
		}
	}
}

// text writes the fold over the lists of lists that l is.
func (f *fold) text() string {
	var next, empty []string
	for _, p := range f.parts {
		next = append(next, fmt.Sprintf("'%s': %s", p.name, p.next))
		empty = append(empty, fmt.Sprintf("'%s': CAST(%s AS %s)", p.name, p.empty, p.kind))
	}
	step := fmt.Sprintf("{'r': x1.r, %s, 'o': list_append(s1.o, {%s})}", strings.Join(next, ", "), f.at("s1").noted())
	for level := 1; level < matchLevels; level++ {
		begins := f.carry(fmt.Sprintf("s%d", level+1)) + ", 'o': []"
		if level > 1 {
			begins = "'l': NULL, " + begins
		}
		step = fmt.Sprintf("list_transform([list_reduce(x%d.l, lambda s%d, x%d: %s, {%s})], lambda z%d: {'l': NULL, %s, 'o': list_append(s%d.o, z%d.o)})[1]",
			level+1, level, level, step, begins, level, f.carry(fmt.Sprintf("z%d", level)), level+1, level)
	}
	return fmt.Sprintf("list_reduce(l, lambda s%d, x%d: %s, {'l': NULL, 'r': NULL, %s, 'o': []})", matchLevels, matchLevels, step, strings.Join(empty, ", "))
}

// carry takes over the row before and the state.
func (f *fold) carry(from string) string {
	list := []string{"'r': " + from + ".r"}
	for _, p := range f.parts {
		list = append(list, fmt.Sprintf("'%s': %s.%s", p.name, from, p.name))
	}
	return strings.Join(list, ", ")
}

// nothing is a state where there is none: elements of the list have the form of what is carried along.
func (f *fold) nothing() string {
	var list []string
	for _, p := range f.parts {
		list = append(list, fmt.Sprintf("'%s': CAST(NULL AS %s)", p.name, p.kind))
	}
	return strings.Join(list, ", ")
}

// rowOf is what expressions read of a row; there is always something, for there is no struct of nothing.
func (f *fold) rowOf() string {
	list := []string{"'i': TRUE"}
	for _, c := range f.row {
		list = append(list, fmt.Sprintf("'%s': %s", name(c), name(c)))
	}
	return "{" + strings.Join(list, ", ") + "}"
}

func (f *fold) rowType() string {
	list := []string{"i BOOLEAN"}
	for _, c := range f.row {
		list = append(list, name(c)+" "+sqlType(c.Type))
	}
	return "STRUCT(" + strings.Join(list, ", ") + ")"
}

// notes are, of what was noted of a row, what each step makes of it.
func (f *fold) notes() []string {
	var list []string
	for k, s := range f.steps {
		shows := fmt.Sprintf("o.g%d OR o.h%d", k, k)
		if s.Output == "none" {
			shows = "FALSE"
		}
		note := fmt.Sprintf("'k': %d, 'w': %s, 'h': o.h%d", k, shows, k)
		if f.live[f.n.MatchID] {
			note += fmt.Sprintf(", 'm': o.m%d", k)
		}
		for _, i := range f.shown() {
			note += fmt.Sprintf(", 'd%d': o.d%d_%d", i, k, i)
		}
		list = append(list, "{"+note+"}")
	}
	return list
}

// shown are the places of the declared columns that the result has.
func (f *fold) shown() []int {
	var list []int
	for i, d := range f.n.Declared {
		if f.live[d.Column] {
			list = append(list, i)
		}
	}
	return list
}

// at is a state, and what the row before did to it, in what is carried along.
func (f *fold) at(carried string) matched { return matched{f, carried} }

type matched struct {
	*fold
	carried string
}

func (s matched) onward(k int) string { return fmt.Sprintf("%s.g%d", s.carried, k) }
func (s matched) again(k int) string  { return fmt.Sprintf("%s.h%d", s.carried, k) }

// active says whether there is a sequence in a step.
func (s matched) active(k int) string {
	stays := fmt.Sprintf("%s.a%d", s.carried, k)
	if k+1 < len(s.steps) {
		stays += " AND NOT " + s.onward(k+1)
	}
	return "(" + s.onward(k) + " OR " + s.again(k) + " OR " + stays + ")"
}

// match is the number of the match that a step is in.
func (s matched) match(k int) string {
	from := "x"
	if k > 0 {
		from = fmt.Sprintf("m%d", k-1)
	}
	return fmt.Sprintf("(CASE WHEN %s THEN %s.%s ELSE %s.m%d END)", s.onward(k), s.carried, from, s.carried, k)
}

// value is what step k remembers of step j.
func (s matched) value(k, j int, c *plan.Column) string {
	text := "(CASE"
	of := s.same[c]
	switch {
	case j < k:
		text += fmt.Sprintf(" WHEN %s THEN %s.%s", s.onward(k), s.carried, field(k-1, c))
	case s.declared(of):
		text += fmt.Sprintf(" WHEN %s THEN %s WHEN %s THEN %s", s.onward(k), s.own(k, of, "p"), s.again(k), s.own(k, of, "q"))
	default:
		text += fmt.Sprintf(" WHEN %s OR %s THEN %s.r.%s", s.onward(k), s.again(k), s.carried, name(of))
	}
	if k+1 < len(s.steps) {
		text += fmt.Sprintf(" WHEN %s THEN %s", s.onward(k+1), s.none(c))
	}
	return fmt.Sprintf("%s ELSE %s.%s END)", text, s.carried, field(k, c))
}

// own is what the row before gave to a declared column.
func (s matched) own(k int, c *plan.Column, letter string) string {
	for i, d := range s.n.Declared {
		if x := s.given(k, c); d.Column == c && x != nil {
			if !s.remembers(x) {
				letter = "q"
			}
			return fmt.Sprintf("%s.%s%d_%d", s.carried, letter, k, i)
		}
	}
	return s.defaults[c]
}

// gave is what a declared column has in the row before, if that matched the step.
func (s matched) gave(k int, c *plan.Column) string {
	p, q := s.own(k, c, "p"), s.own(k, c, "q")
	if p == q {
		return q
	}
	return fmt.Sprintf("CASE WHEN %s THEN %s ELSE %s END", s.onward(k), p, q)
}

// noted is what is noted of the row before: what it did to each step, the match that it is in, and what it gives to declared columns.
func (s matched) noted() string {
	list := []string{"'i': TRUE"}
	for k := range s.steps {
		list = append(list, fmt.Sprintf("'g%d': %s, 'h%d': %s", k, s.onward(k), k, s.again(k)))
		if s.live[s.n.MatchID] {
			list = append(list, fmt.Sprintf("'m%d': %s", k, s.match(k)))
		}
		for _, i := range s.shown() {
			c := s.n.Declared[i].Column
			list = append(list, fmt.Sprintf("'d%d_%d': %s", k, i, s.gave(k, c)))
		}
	}
	return strings.Join(list, ", ")
}

func (f *fold) notedType() string {
	list := []string{"i BOOLEAN"}
	for k := range f.steps {
		list = append(list, fmt.Sprintf("g%d BOOLEAN, h%d BOOLEAN", k, k))
		if f.live[f.n.MatchID] {
			list = append(list, fmt.Sprintf("m%d BIGINT", k))
		}
		for _, i := range f.shown() {
			list = append(list, fmt.Sprintf("d%d_%d %s", k, i, sqlType(f.n.Declared[i].Column.Type)))
		}
	}
	return "STRUCT(" + strings.Join(list, ", ") + ")"
}
