package syntax

import (
	"slices"
	"strings"
)

// Problem is one thing wrong with a query, where it stands, and in words what would be right.
type Problem struct {
	Span
	Message string
}

// Problems collects what is wrong. A query has at most maxProblems of them: beyond that nobody reads on.
type Problems struct {
	list []Problem
	seen map[Problem]bool
}

const maxProblems = 100

// Add notes a problem, once.
func (p *Problems) Add(at Span, message string) {
	if strings.HasSuffix(message, "?.") {
		message = message[:len(message)-1] // it ends in a question: did you mean this?
	}
	problem := Problem{at, message}
	if len(p.list) >= maxProblems || p.seen[problem] {
		return
	}
	if p.seen == nil {
		p.seen = map[Problem]bool{}
	}
	p.seen[problem] = true
	p.list = append(p.list, problem)
}

// startAt says whether there is one at a place already: whatever else is wrong there follows from it.
func (p *Problems) startAt(offset int) bool {
	return slices.ContainsFunc(p.list, func(one Problem) bool { return one.Start == offset })
}

// Full says whether no more are taken: there is nothing to be gained by looking on.
func (p *Problems) Full() bool { return len(p.list) >= maxProblems }

// Len says how many there are.
func (p *Problems) Len() int { return len(p.list) }

// Truncate forgets all but the first n.
func (p *Problems) Truncate(n int) {
	for _, problem := range p.list[n:] {
		delete(p.seen, problem)
	}
	p.list = p.list[:n]
}

// From gives those noted after the first n.
func (p *Problems) From(n int) []Problem { return p.list[n:] }

// Sorted gives them in the order of the text.
func (p *Problems) Sorted() []Problem {
	list := slices.Clone(p.list)
	slices.SortStableFunc(list, func(a, b Problem) int { return a.Start - b.Start })
	return list
}
