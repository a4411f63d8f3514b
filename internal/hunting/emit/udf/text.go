package udf

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	kql "github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
)

func init() {
	add("has", "ssb", Bool, func(a Args) any { return hasTerm(a.S(0), a.S(1), a.B(2), true, true) })
	add("hasprefix", "ssb", Bool, func(a Args) any { return hasTerm(a.S(0), a.S(1), a.B(2), true, false) })
	add("hassuffix", "ssb", Bool, func(a Args) any { return hasTerm(a.S(0), a.S(1), a.B(2), false, true) })
	// These two say yes in a text: that way a long list need not be copied for each row.
	add("has_any", "ss", Text, func(a Args) any { return yes(hasAny(a.S(0), a.S(1))) })
	add("has_all", "ss", Text, func(a Args) any { return yes(hasAll(a.S(0), texts(a.S(1)))) })
	add("has_any_of", "sd*", Bool, func(a Args) any {
		for i := 1; i < len(a); i++ {
			for _, t := range textsOf(a.D(i)) {
				if hasTerm(a.S(0), t, false, true, true) {
					return true
				}
			}
		}
		return false
	})
	add("has_all_of", "sd*", Bool, func(a Args) any {
		for i := 1; i < len(a); i++ {
			if !hasAll(a.S(0), textsOf(a.D(i))) {
				return false
			}
		}
		return true
	})
	add("in_array", "sdb", Bool, func(a Args) any {
		wanted, folded := a.S(0), strings.ToLower(a.S(0))
		for _, t := range textsOf(a.D(1)) {
			if t == wanted || a.B(2) && strings.ToLower(t) == folded {
				return true
			}
		}
		return false
	})
	add("like", "ssb", Bool, func(a Args) any { return like(a.S(0), a.S(1), a.B(2)) })
	add("regex", "s", Text, func(a Args) any { return computedRegex(a.S(0)) })
	add("matches", "ss", Bool, func(a Args) any { return regex(a.S(1)).MatchString(a.S(0)) })
	add("extract", "sls", Text, func(a Args) any {
		m := regex(a.S(0)).FindStringSubmatch(a.S(2))
		if n := a.L(1); !a.None(1) && n >= 0 && n < int64(len(m)) {
			return m[n]
		}
		return ""
	})
	add("substring", "sl|l", Text, func(a Args) any { return substring(a) })
	add("replace_string", "sss", Text, func(a Args) any {
		if a.S(1) == "" {
			return a.S(0)
		}
		if n := strings.Count(a.S(0), a.S(1)); len(a.S(0))+n*len(a.S(2)) > 2*MaxText {
			return nil
		}
		return strings.ReplaceAll(a.S(0), a.S(1), a.S(2))
	})
	add("split", "ss|l", Dynamic, func(a Args) any {
		parts := splitText(a.S(0), a.S(1))
		if !a.Has(2) {
			return JSON(parts)
		}
		if n := a.L(2); n >= 0 && n < int64(len(parts)) {
			return JSON([]string{parts[n]})
		}
		return "[]"
	})
}

// Yes is how has_any and has_all say so.
const Yes = "y"

func yes(is bool) string {
	if is {
		return Yes
	}
	return ""
}

// regexes keeps the last regular expressions. Those that are written out in a query are few; when computed ones are many, it begins anew.
var regexes = struct {
	sync.RWMutex
	by map[string]*regexp.Regexp
}{by: map[string]*regexp.Regexp{}}

const keptRegexes = 256

// nothing finds nothing.
var nothing = regexp.MustCompile(`[^\x00-\x{10FFFF}]`)

// regex gives what a pattern means. One that is no regular expression finds nothing.
func regex(pattern string) *regexp.Regexp {
	regexes.RLock()
	r := regexes.by[pattern]
	regexes.RUnlock()
	if r != nil {
		return r
	}
	pattern = strings.Clone(pattern)
	r, err := regexp.Compile(pattern)
	if err != nil {
		r = nothing
	}
	regexes.Lock()
	defer regexes.Unlock()
	if len(regexes.by) >= keptRegexes {
		clear(regexes.by)
	}
	regexes.by[pattern] = r
	return r
}

// How large a regular expression may be that is computed: what it costs to look for one grows with its size, and with the text's.
const (
	maxPattern = 16 << 10 // bytes
	maxProgram = 10_000   // instructions
)

// computedRegex gives a pattern if it may be looked for, and otherwise one that finds nothing.
func computedRegex(pattern string) string {
	if len(pattern) > maxPattern {
		return nothing.String()
	}
	pattern = kql.Regex(pattern)
	regexes.RLock()
	r := regexes.by[pattern]
	regexes.RUnlock()
	if r != nil && r != nothing {
		return pattern
	}
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nothing.String()
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil || len(program.Inst) > maxProgram {
		return nothing.String()
	}
	return pattern
}

func isTerm(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// fold makes texts the same that differ in case alone.
func fold(s string) string { return strings.ToLower(s) }

// hasTerm says whether a text is found with the edge of a term where it begins or ends with a letter or digit.
func hasTerm(s, term string, exact, before, after bool) bool {
	if !exact {
		s, term = fold(s), fold(term)
	}
	if term == "" {
		return true
	}
	before, after = before && isTerm(term[0]), after && isTerm(term[len(term)-1])
	for at := 0; ; {
		i := strings.Index(s[at:], term)
		if i < 0 {
			return false
		}
		i += at
		end := i + len(term)
		if (!before || i == 0 || !isTerm(s[i-1])) && (!after || end == len(s) || !isTerm(s[end])) {
			return true
		}
		at = i + 1
	}
}

func textsOf(v any) []string {
	switch x := v.(type) {
	case nil:
		return nil
	case []any:
		list := make([]string, len(x))
		for i, e := range x {
			list[i] = TextOf(e)
		}
		return list
	}
	return []string{TextOf(v)}
}

// termSet is many texts to look for at once: those that are one term each by the terms of a text, the others one by one.
type termSet struct {
	list   string
	terms  map[string]bool
	others []string
	all    []string
}

var lastTerms atomic.Pointer[termSet]

// set gives the texts of a list that is the same for all rows, or nearly.
func set(list string) *termSet {
	if last := lastTerms.Load(); last != nil && last.list == list {
		return last
	}
	list = strings.Clone(list) // which may be the engine's, and gone when this is still looked at
	v, _ := Parse(list)
	s := &termSet{list: list, terms: map[string]bool{}, all: textsOf(v)}
	for _, t := range s.all {
		t = fold(t)
		if isOneTerm(t) {
			s.terms[t] = true
		} else {
			s.others = append(s.others, t)
		}
	}
	lastTerms.Store(s)
	return s
}

func texts(list string) []string { return set(list).all }

func isOneTerm(t string) bool {
	for i := range len(t) {
		if !isTerm(t[i]) {
			return false
		}
	}
	return t != ""
}

func hasAny(s, list string) bool {
	set := set(list)
	s = fold(s)
	for i := 0; i < len(s); {
		if !isTerm(s[i]) {
			i++
			continue
		}
		start := i
		for i < len(s) && isTerm(s[i]) {
			i++
		}
		if set.terms[s[start:i]] {
			return true
		}
	}
	for _, t := range set.others {
		if hasTerm(s, t, true, true, true) {
			return true
		}
	}
	return false
}

func hasAll(s string, list []string) bool {
	s = fold(s)
	for _, t := range list {
		if !hasTerm(s, fold(t), true, true, true) {
			return false
		}
	}
	return true
}

// like is a pattern in which * stands for any text.
func like(s, pattern string, exact bool) bool {
	if !exact {
		s, pattern = fold(s), fold(pattern)
	}
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return s == pattern
	}
	first, last := parts[0], parts[len(parts)-1]
	if !strings.HasPrefix(s, first) {
		return false
	}
	s = s[len(first):]
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(s, p)
		if i < 0 {
			return false
		}
		s = s[i+len(p):]
	}
	return strings.HasSuffix(s, last)
}

// substring counts characters from 0, or from the end.
func substring(a Args) any {
	if a.None(1) {
		return ""
	}
	s := a.S(0)
	n := int64(utf8.RuneCountInString(s))
	start := a.L(1)
	if start < 0 {
		start = max(start+n, 0)
	}
	if start >= n {
		return ""
	}
	length := n - start
	if a.Has(2) {
		length = min(max(a.L(2), 0), length)
	}
	return string([]rune(s)[start : start+length])
}

// splitText takes a text apart. Without a delimiter it stays whole.
func splitText(s, by string) []string {
	if by == "" {
		return []string{s}
	}
	return strings.Split(s, by)
}
