package udf

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

func init() {
	add("strcat_delim", "ss*", Text, func(a Args) any {
		parts := make([]string, 0, len(a))
		for i := 1; i < len(a); i++ {
			parts = append(parts, a.S(i))
		}
		return strings.Join(parts, a.S(0))
	})
	add("strcat_array", "ds", Text, func(a Args) any { return strings.Join(textsOf(a.D(0)), a.S(1)) })
	add("strcmp", "ss", Long, func(a Args) any { return int64(strings.Compare(a.S(0), a.S(1))) })
	add("strrep", "sl|s", Text, func(a Args) any {
		n := min(max(a.L(1), 0), 1024) // KQL's own limit
		if n == 0 || int64(len(a.S(0))+len(a.S(2)))*n > MaxText {
			return nil
		}
		return strings.TrimSuffix(strings.Repeat(a.S(0)+a.S(2), int(n)), a.S(2))
	})
	add("reverse", "s", Text, func(a Args) any {
		runes := []rune(a.S(0))
		for i, j := 0, len(runes)-1; i < j; i, j = i+1, j-1 {
			runes[i], runes[j] = runes[j], runes[i]
		}
		return string(runes)
	})
	add("indexof", "ss|lll", Long, func(a Args) any {
		return indexOf(a, func(s string) (at, end int) {
			i := strings.Index(s, a.S(1))
			return i, i + 1
		})
	})
	add("indexof_regex", "ss|lll", Long, func(a Args) any {
		r := regex(a.S(1))
		return indexOf(a, func(s string) (at, end int) {
			m := r.FindStringIndex(s)
			if m == nil {
				return -1, 0
			}
			return m[0], max(m[1], m[0]+1)
		})
	})
	add("has_any_index", "sd", Long, func(a Args) any {
		for i, t := range textsOf(a.D(1)) {
			if hasTerm(a.S(0), t, false, true, true) {
				return int64(i)
			}
		}
		return int64(-1)
	})
	add("countof", "ss|s", Long, func(a Args) any {
		if a.S(2) == "regex" {
			return int64(len(regex(a.S(1)).FindAllStringIndex(a.S(0), -1)))
		}
		return countOf(a.S(0), a.S(1))
	})
	add("trim_start", "ss", Text, func(a Args) any { return trimStart(a.S(0), a.S(1)) })
	add("trim_end", "ss", Text, func(a Args) any { return trimEnd(a.S(0), a.S(1)) })
	add("trim", "ss", Text, func(a Args) any { return trimEnd(a.S(0), trimStart(a.S(0), a.S(1))) })
	add("translate", "sss", Text, func(a Args) any { return translate(a.S(0), a.S(1), a.S(2)) })
	add("replace_regex", "sss", Text, func(a Args) any { return replaceRegex(a.S(0), a.S(1), a.S(2)) })
	add("replace_strings", "sdd", Text, func(a Args) any {
		lookups, rewrites := textsOf(a.D(1)), textsOf(a.D(2))
		var pairs []string
		longest := 0
		for i, l := range lookups {
			r := ""
			if i < len(rewrites) {
				r = rewrites[i]
			}
			if l != "" {
				pairs, longest = append(pairs, l, r), max(longest, len(r)/len(l)+1)
			}
		}
		if len(a.S(0))*longest > 8*MaxText {
			return nil
		}
		return strings.NewReplacer(pairs...).Replace(a.S(0))
	})
	add("regex_quote", "s", Text, func(a Args) any { return regexp.QuoteMeta(a.S(0)) })
	add("isascii", "s", Bool, func(a Args) any {
		for i := range len(a.S(0)) {
			if a.S(0)[i] >= utf8.RuneSelf {
				return false
			}
		}
		return true
	})
	add("isutf8", "s", Bool, func(a Args) any { return utf8.ValidString(a.S(0)) })
	add("tohex", "l|l", Text, func(a Args) any {
		if a.None(0) {
			return ""
		}
		return fmt.Sprintf("%0*x", min(max(a.L(1), 0), 64), uint64(a.L(0)))
	})
	add("unicode_codepoints_from_string", "s", Dynamic, func(a Args) any {
		list := make([]any, 0, len(a.S(0)))
		for _, r := range a.S(0) {
			list = append(list, int64(r))
		}
		return JSON(list)
	})
	add("unicode_codepoints_to_string", "d*", Text, func(a Args) any {
		var b strings.Builder
		for i := range a {
			v := a.D(i)
			list, ok := v.([]any)
			if !ok {
				list = []any{v}
			}
			for _, e := range list {
				if n, ok := whole(e); ok && n > 0 && n <= utf8.MaxRune {
					b.WriteRune(rune(n))
				}
			}
		}
		return b.String()
	})
	add("format_bytes", "r|ls", Text, func(a Args) any { return formatBytes(a) })
	add("extract_all", "sds", Dynamic, func(a Args) any { return extractAll(a) })
}

// indexOf finds a place, counted in characters from the start of the text.
func indexOf(a Args, find func(string) (at, end int)) any {
	s, start, length, occurrence := a.S(0), a.L(2), int64(-1), int64(1)
	if a.Has(3) {
		length = a.L(3)
	}
	if a.Has(4) {
		occurrence = a.L(4)
	}
	if length < -1 || occurrence < 1 {
		return nil
	}
	runes := int64(utf8.RuneCountInString(s))
	if start < 0 {
		start = max(start+runes, 0)
	}
	if start > runes {
		return int64(-1)
	}
	at := byteAt(s, start)
	for { // each occurrence is looked for in as many characters as are asked for
		to := len(s)
		if length >= 0 {
			to = at + byteAt(s[at:], length)
		}
		i, end := find(s[at:to])
		if i < 0 {
			return int64(-1)
		}
		if occurrence--; occurrence == 0 {
			return int64(utf8.RuneCountInString(s[:at+i]))
		}
		if at += end; at > len(s) {
			return int64(-1)
		}
	}
}

// byteAt is where a character begins.
func byteAt(s string, n int64) int {
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}

// countOf counts where a text occurs, also where it overlaps itself.
func countOf(s, search string) int64 {
	if search == "" {
		return 0
	}
	var n int64
	for {
		i := strings.Index(s, search)
		if i < 0 {
			return n
		}
		n++
		s = s[i+1:]
	}
}

func trimStart(pattern, s string) string {
	if m := regex(`\A(?:` + pattern + `)`).FindStringIndex(s); m != nil {
		return s[m[1]:]
	}
	return s
}

func trimEnd(pattern, s string) string {
	if m := regex(`(?:` + pattern + `)\z`).FindStringIndex(s); m != nil {
		return s[:m[0]]
	}
	return s
}

// translate puts characters in the place of others; the last stands for those that are missing.
func translate(search, replacement, s string) string {
	from, to := []rune(search), []rune(replacement)
	by := map[rune]rune{}
	for i, r := range from {
		if _, again := by[r]; again {
			continue
		}
		switch {
		case len(to) == 0:
			by[r] = -1
		default:
			by[r] = to[min(i, len(to)-1)]
		}
	}
	return strings.Map(func(r rune) rune {
		if t, ok := by[r]; ok {
			return t
		}
		return r
	}, s)
}

// replaceRegex puts a text, in which \1 is what the first group found, in the place of each match.
func replaceRegex(s, pattern, rewrite string) any {
	r := regex(pattern)
	var b strings.Builder
	last := 0
	for _, m := range r.FindAllStringSubmatchIndex(s, -1) {
		b.WriteString(s[last:m[0]])
		for i := 0; i < len(rewrite); i++ {
			if rewrite[i] != '\\' || i+1 == len(rewrite) {
				b.WriteByte(rewrite[i])
				continue
			}
			i++
			if c := rewrite[i]; c < '0' || c > '9' {
				b.WriteByte(c)
			} else if g := int(c-'0') * 2; g+1 < len(m) && m[g] >= 0 {
				b.WriteString(s[m[g]:m[g+1]])
			}
		}
		last = m[1]
		if b.Len() > 2*MaxText {
			return nil
		}
	}
	b.WriteString(s[last:])
	return b.String()
}

var byteUnits = []string{"B", "KB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"}

func formatBytes(a Args) any {
	if a.None(0) || math.IsNaN(a.R(0)) || math.IsInf(a.R(0), 0) {
		return ""
	}
	size, precision := a.R(0), int(min(max(a.L(1), 0), 15))
	for i, unit := range byteUnits {
		if a.S(2) != "" && !strings.EqualFold(a.S(2), unit) {
			continue
		}
		scaled := size / math.Pow(1024, float64(i))
		if a.S(2) != "" || math.Abs(scaled) < 1024 || i == len(byteUnits)-1 {
			shift := math.Pow(10, float64(precision))
			return strconv.FormatFloat(math.Round(scaled*shift)/shift, 'f', -1, 64) + " " + unit
		}
	}
	return ""
}

// extractAll gives the groups of all matches: one value each where one group is asked for, an array each otherwise.
func extractAll(a Args) any {
	r := regex(a.S(0))
	var asked []int
	if list, ok := a.List(1); ok {
		for _, v := range list {
			g := -1
			switch k := v.(type) {
			case int64:
				g = int(min(max(k, -1), 1<<20))
			case string:
				g = r.SubexpIndex(k)
			}
			if g < 0 || g > r.NumSubexp() {
				return nil
			}
			asked = append(asked, g)
		}
	} else {
		for g := 1; g <= r.NumSubexp(); g++ {
			asked = append(asked, g)
		}
	}
	if len(asked) == 0 {
		asked = []int{0}
	}
	list := []any{}
	for _, m := range r.FindAllStringSubmatch(a.S(2), 10_000) {
		if len(asked) == 1 {
			list = append(list, m[asked[0]])
			continue
		}
		row := make([]any, len(asked))
		for i, g := range asked {
			row[i] = m[g]
		}
		list = append(list, row)
	}
	if len(list) == 0 {
		return nil
	}
	return JSON(list)
}
