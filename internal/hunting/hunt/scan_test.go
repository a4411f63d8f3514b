package hunt_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
)

// What scan means, row by row: each meets the last step first, and goes on to a step from the one before it or matches it again.
func TestAScanIsAFoldOverTheRowsOfAPartition(t *testing.T) {
	w := newWorld(t)
	w.fill(nil)
	r := rand.New(rand.NewPCG(7, 11))
	matched := 0
	for i := range 40 {
		n := r.IntN(150)
		if i%20 == 0 { // of several lists
			n = 4_300
		}
		s := randomScan(r, n)
		var got sheet
		if _, err := w.hunter.Run(context.Background(), admin, hunt.Request{Query: s.query()}, &got); err != nil {
			t.Fatalf("%s\n%v", s.query(), err)
		}
		want := s.results()
		if !slices.Equal(got.rows, want) {
			t.Fatalf("%s\n%d rows\ngives %s\nwant  %s", s.steps(), len(s.rows), clip(got.rows), clip(want))
		}
		matched += len(want)
	}
	if matched < 2_000 {
		t.Errorf("%d rows matched: the scans ask for too little", matched)
	}
}

func clip(rows []string) string {
	return fmt.Sprintf("%d: %s", len(rows), strings.Join(rows[:min(len(rows), 40)], "; "))
}

// A number of KQL, or null.
type maybe struct {
	there bool
	n     int64
}

func (m maybe) String() string {
	if !m.there {
		return "null"
	}
	return fmt.Sprint(m.n)
}

// seen is what an expression sees: the columns of the row, and of each step.
type seen struct {
	row    [2]maybe   // a, b
	states [][4]maybe // a, b, c, d
	given  [2]maybe   // c, d: their defaults
}

// term is an expression, in words and as what it gives.
type term struct {
	text string
	of   func(seen) maybe
}

type test struct {
	text  string
	holds func(seen) bool
}

type scanStep struct {
	condition test
	assign    [2]*term
	output    string
}

type scan struct {
	rows        [][3]maybe // partition, a, b
	partitioned bool
	defaults    [2]maybe
	made        []scanStep
}

func randomScan(r *rand.Rand, rows int) *scan {
	s := &scan{partitioned: r.IntN(2) == 0, defaults: [2]maybe{{}, {true, 5}}}
	value := func(n int) maybe { return maybe{r.IntN(9) > 0, int64(r.IntN(n))} }
	for range rows {
		s.rows = append(s.rows, [3]maybe{{true, int64(r.IntN(3))}, value(4), value(6)})
	}
	n := 1 + r.IntN(4)
	for k := range n {
		step := scanStep{condition: randomTest(r, n, 2), output: []string{"all", "all", "last", "none"}[r.IntN(4)]}
		for i := range step.assign {
			if r.IntN(3) > 0 {
				x := randomTerm(r, n, 2)
				step.assign[i] = &x
			}
		}
		if k == 0 && r.IntN(2) == 0 {
			step.condition = test{"true", func(seen) bool { return true }}
		}
		s.made = append(s.made, step)
	}
	return s
}

func randomTerm(r *rand.Rand, steps, depth int) term {
	k, c := r.IntN(steps), r.IntN(4)
	switch kind := r.IntN(8); {
	case kind == 0:
		n := int64(r.IntN(5))
		return term{fmt.Sprint(n), func(seen) maybe { return maybe{true, n} }}
	case kind == 1:
		c %= 2
		return term{string("cd"[c]), func(s seen) maybe { return s.given[c] }}
	case kind < 4 || depth == 0 && kind < 5:
		c %= 2
		return term{string("ab"[c]), func(s seen) maybe { return s.row[c] }}
	case kind < 6 || depth == 0:
		return term{fmt.Sprintf("s%d.%c", k, "abcd"[c]), func(s seen) maybe { return s.states[k][c] }}
	case kind == 6:
		x, y := randomTerm(r, steps, depth-1), randomTerm(r, steps, depth-1)
		return term{"((" + x.text + " + " + y.text + ") % 7)", func(s seen) maybe {
			a, b := x.of(s), y.of(s)
			return maybe{a.there && b.there, (a.n + b.n) % 7}
		}}
	}
	when, x, y := randomTest(r, steps, depth-1), randomTerm(r, steps, depth-1), randomTerm(r, steps, depth-1)
	return term{"iff(" + when.text + ", tolong(" + x.text + "), tolong(" + y.text + "))", func(s seen) maybe {
		if when.holds(s) {
			return x.of(s)
		}
		return y.of(s)
	}}
}

func randomTest(r *rand.Rand, steps, depth int) test {
	if depth > 0 && r.IntN(2) == 0 {
		x, y := randomTest(r, steps, depth-1), randomTest(r, steps, depth-1)
		if r.IntN(2) == 0 {
			return test{"(" + x.text + " and " + y.text + ")", func(s seen) bool { return x.holds(s) && y.holds(s) }}
		}
		return test{"(" + x.text + " or " + y.text + ")", func(s seen) bool { return x.holds(s) || y.holds(s) }}
	}
	x, y := randomTerm(r, steps, 1), randomTerm(r, steps, 1)
	switch r.IntN(4) {
	case 0:
		return test{"isnull(" + x.text + ")", func(s seen) bool { return !x.of(s).there }}
	case 1:
		return test{x.text + " <= " + y.text, func(s seen) bool {
			a, b := x.of(s), y.of(s)
			return a.there && b.there && a.n <= b.n
		}}
	case 2:
		return test{x.text + " > " + y.text, func(s seen) bool {
			a, b := x.of(s), y.of(s)
			return a.there && b.there && a.n > b.n
		}}
	}
	return test{x.text + " == " + y.text, func(s seen) bool {
		a, b := x.of(s), y.of(s)
		return a.there && b.there && a.n == b.n
	}}
}

func (s *scan) steps() string {
	var b strings.Builder
	b.WriteString("scan with_match_id=m ")
	if s.partitioned {
		b.WriteString("partition by g ")
	}
	b.WriteString("declare (c:long, d:long=5) with (")
	for k, step := range s.made {
		fmt.Fprintf(&b, "step s%d output=%s: %s", k, step.output, step.condition.text)
		arrow := " => "
		for i, x := range step.assign {
			if x != nil {
				fmt.Fprintf(&b, "%s%c = tolong(%s)", arrow, "cd"[i], x.text)
				arrow = ", "
			}
		}
		b.WriteString("; ")
	}
	return b.String() + ")"
}

func (s *scan) query() string {
	var b strings.Builder
	b.WriteString("datatable(n:long, g:long, a:long, b:long)[")
	for i, r := range s.rows {
		fmt.Fprintf(&b, "%d,%v,long(%v),long(%v),", i, r[0], r[1], r[2])
	}
	text := strings.TrimSuffix(b.String(), ",") + "] | sort by n asc | " + s.steps()
	return text + " | project r = strcat(n, ' ', c, ' ', d, ' ', m)"
}

// results are what the scan gives, by going over the rows one by one.
func (s *scan) results() []string {
	type found struct {
		row, step int
		again     bool
		part      int64
		text      string
	}
	type state struct {
		active bool
		match  int
		values [][4]maybe
	}
	type partition struct {
		states []state
		next   int
	}
	none := func() [][4]maybe {
		list := make([][4]maybe, len(s.made))
		for k := range list {
			list[k] = [4]maybe{{}, {}, s.defaults[0], s.defaults[1]}
		}
		return list
	}
	parts := map[int64]*partition{}
	var list []found
	for i, row := range s.rows {
		key := int64(0)
		if s.partitioned {
			key = row[0].n
		}
		p := parts[key]
		if p == nil {
			p = &partition{}
			for range s.made {
				p.states = append(p.states, state{values: none()})
			}
			parts[key] = p
		}
		for k := len(s.made) - 1; k >= 0; k-- {
			step := s.made[k]
			look := func(values [][4]maybe) seen {
				return seen{row: [2]maybe{row[1], row[2]}, states: values, given: s.defaults}
			}
			var sees seen
			again := false
			switch {
			case k > 0 && p.states[k-1].active && step.condition.holds(look(p.states[k-1].values)):
				sees = look(p.states[k-1].values)
				p.states[k] = state{true, p.states[k-1].match, slices.Clone(p.states[k-1].values)}
				p.states[k-1] = state{values: none()}
			case (k == 0 || p.states[k].active) && step.condition.holds(look(p.states[k].values)):
				sees = look(p.states[k].values)
				if again = p.states[k].active; !again {
					p.states[k].active, p.states[k].match = true, p.next
					p.next++
				}
				p.states[k].values = slices.Clone(p.states[k].values)
			default:
				continue
			}
			given := s.defaults
			for i, x := range step.assign {
				if x != nil {
					given[i] = x.of(sees)
				}
			}
			p.states[k].values[k] = [4]maybe{row[1], row[2], given[0], given[1]}
			text := func(m maybe) string { return strings.TrimPrefix(m.String(), "null") }
			list = append(list, found{i, k, again, key, fmt.Sprintf("%d %s %s %d", i, text(given[0]), text(given[1]), p.states[k].match)})
		}
	}
	var rows []string
	for at, f := range list {
		switch s.made[f.step].output {
		case "none":
			continue
		case "last":
			next := slices.IndexFunc(list[at+1:], func(g found) bool { return g.step == f.step && g.part == f.part })
			if next >= 0 && list[at+1+next].again {
				continue
			}
		}
		rows = append(rows, f.text)
	}
	return rows
}
