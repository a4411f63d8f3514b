package graph

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/rbac"
)

// listing is how a list, or one object, is wanted.
type listing struct {
	clauses  []clause
	expanded []string
	selected []string
	top      int // 0: all
	skip     int
	count    bool
}

// clause is one condition of a filter; a list keeps what meets all of them.
type clause struct {
	property string
	starts   bool
	value    string
}

// filterable are the properties that a list can be filtered by, and how.
type filterable struct {
	equal, starts []string
	principals    bool
}

var (
	definitionFilter = &filterable{equal: []string{"displayName", "id", "isBuiltIn"}, starts: []string{"displayName"}}
	assignmentFilter = &filterable{equal: []string{"displayName", "id", "roleDefinitionId"}, starts: []string{"displayName"}, principals: true}
)

// mostFilter is how long a filter may be, in bytes.
const mostFilter = 4000

const (
	literal  = `'((?:[^']|'')*)'`
	property = `([A-Za-z]+)`
)

var (
	equals  = regexp.MustCompile(`^` + property + `\s+eq\s+(?:` + literal + `|(true|false))$`)
	starts  = regexp.MustCompile(`(?i)^startswith\(\s*` + property + `\s*,\s*` + literal + `\s*\)$`)
	anyOne  = regexp.MustCompile(`^principalIds/any\(\s*([A-Za-z]\w*)\s*:\s*([A-Za-z]\w*)\s+eq\s+` + literal + `\s*\)$`)
	andWord = regexp.MustCompile(`^\s+and\s+`)
)

// readList reads the options; those that are not understood are refused.
func readList(r *http.Request, filter *filterable, expandable ...string) (listing, error) {
	var l listing
	if filter == assignmentFilter || (filter == nil && len(expandable) == 0) {
		expandable = []string{"principals", "roleDefinition"}
	}
	for name, values := range r.URL.Query() {
		option := strings.ToLower(strings.TrimPrefix(name, "$"))
		if len(values) != 1 {
			return l, fault.Invalid("", "Query option '%.40s' was given more than once", name)
		}
		value := values[0]
		var err error
		switch option {
		case "filter":
			if filter == nil {
				return l, fault.Invalid("", "Query option '$filter' is not supported here")
			}
			if len(value) > mostFilter {
				return l, fault.Invalid("", "Invalid $filter: it is longer than %d characters", mostFilter)
			}
			l.clauses, err = filter.parse(value)
		case "expand":
			for _, part := range strings.Split(value, ",") {
				if part = strings.TrimSpace(part); !slices.Contains(expandable, part) || filter == definitionFilter {
					return l, fault.Invalid("", "Invalid $expand '%.60s': want %s", part, strings.Join(expandable, " or "))
				}
				l.expanded = append(l.expanded, part)
			}
		case "select":
			for _, part := range strings.Split(value, ",") {
				if part = strings.TrimSpace(part); part != "" && part != "*" {
					l.selected = append(l.selected, part)
				}
			}
		case "top":
			if l.top, err = strconv.Atoi(value); err != nil || l.top < 1 {
				err = fault.Invalid("", "Invalid value '%.40s' for $top: want a number above zero", value)
			}
		case "skip":
			if l.skip, err = strconv.Atoi(value); err != nil || l.skip < 0 {
				err = fault.Invalid("", "Invalid value '%.40s' for $skip: want a number", value)
			}
		case "count":
			if l.count, err = strconv.ParseBool(value); err != nil {
				err = fault.Invalid("", "Invalid value '%.40s' for $count: want true or false", value)
			}
		default:
			if strings.HasPrefix(name, "$") {
				err = &fault.Error{Kind: fault.KindInvalid, Reason: fmt.Sprintf("Query option '%.60s' is not supported here", name), Err: errUnsupported}
			}
		}
		if err != nil {
			return l, err
		}
	}
	return l, nil
}

// parse reads conditions with `and` between them.
func (f *filterable) parse(text string) ([]clause, error) {
	var list []clause
	for _, part := range conjuncts(text) {
		c, ok := f.clause(strings.TrimSpace(part))
		if !ok {
			want := "eq on " + strings.Join(f.equal, ", ") + "; startsWith on displayName"
			if f.principals {
				want += "; principalIds/any(a:a eq '<id>')"
			}
			return nil, fault.Invalid("", "Invalid filter clause '%.100s': want %s", part, want)
		}
		list = append(list, c)
	}
	return list, nil
}

// conjuncts cuts a filter at each `and` that stands outside quotes and brackets.
func conjuncts(text string) []string {
	var parts []string
	from, quoted, depth := 0, false, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\'':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			depth--
		case depth == 0:
			if m := andWord.FindString(text[i:]); m != "" {
				parts = append(parts, text[from:i])
				i += len(m) - 1
				from = i + 1
			}
		}
	}
	return append(parts, text[from:])
}

func (f *filterable) clause(text string) (clause, bool) {
	unquote := func(s string) string { return strings.ReplaceAll(s, "''", "'") }
	if m := anyOne.FindStringSubmatch(text); m != nil && f.principals && m[1] == m[2] {
		return clause{property: "principalIds", value: unquote(m[3])}, true
	}
	if m := equals.FindStringSubmatch(text); m != nil && slices.Contains(f.equal, m[1]) && (m[1] == "isBuiltIn") == (m[3] != "") {
		return clause{property: m[1], value: unquote(m[2]) + m[3]}, true
	}
	if m := starts.FindStringSubmatch(text); m != nil && slices.Contains(f.starts, m[1]) {
		return clause{property: m[1], starts: true, value: unquote(m[2])}, true
	}
	return clause{}, false
}

func (c clause) holds(value string) bool {
	if c.starts {
		return strings.HasPrefix(strings.ToLower(value), strings.ToLower(c.value))
	}
	return strings.EqualFold(value, c.value)
}

func (c clause) matchesDefinition(d definition) bool {
	switch c.property {
	case "displayName":
		return c.holds(d.DisplayName)
	case "id":
		return d.ID == c.value
	}
	return strconv.FormatBool(d.IsBuiltIn) == c.value
}

func (c clause) matchesAssignment(m multiple) bool {
	switch c.property {
	case "displayName":
		return c.holds(m.DisplayName)
	case "id":
		return m.ID == c.value
	case "roleDefinitionId":
		return m.RoleDefinitionID == c.value
	}
	return slices.ContainsFunc(m.PrincipalIDs, func(id string) bool { return strings.EqualFold(id, c.value) || id == groupPrefix+c.value })
}

func (l listing) keeps(matches func(clause) bool) bool {
	return !slices.ContainsFunc(l.clauses, func(c clause) bool { return !matches(c) })
}

func (l listing) expands(name string) bool { return slices.Contains(l.expanded, name) }

func (l listing) expand(s *rbac.Snapshot, m multiple, role rbac.Role, set []rbac.Assignment) multiple {
	if l.expands("principals") {
		for _, a := range set {
			m.Principals = append(m.Principals, expanded(s, a))
		}
	}
	if l.expands("roleDefinition") {
		d := definitionOf(role)
		m.RoleDefinition = &d
	}
	return m
}

// project leaves what is selected of an object; what names are for Graph stays.
func (l listing) project(v any) json.RawMessage {
	text, err := json.Marshal(v)
	if err != nil || len(l.selected) == 0 {
		return text
	}
	var all map[string]json.RawMessage
	if json.Unmarshal(text, &all) != nil {
		return text
	}
	for name := range all {
		if name != "id" && !strings.HasPrefix(name, "@odata.") && !slices.Contains(l.selected, name) && !l.expands(name) {
			delete(all, name)
		}
	}
	text, _ = json.Marshal(all)
	return text
}

// write answers a page. What there is of unified roles is few: skipping is counted, not marked.
func (l listing) write(w http.ResponseWriter, r *http.Request, collection string, list []json.RawMessage) {
	l.writeAs(w, r, roleContext(r, collection), list)
}

func (l listing) writeAs(w http.ResponseWriter, r *http.Request, context string, list []json.RawMessage) {
	out := struct {
		Context string            `json:"@odata.context"`
		Count   *int              `json:"@odata.count,omitempty"`
		Next    string            `json:"@odata.nextLink,omitempty"`
		Value   []json.RawMessage `json:"value"`
	}{Context: context}
	if total := len(list); l.count {
		out.Count = &total
	}
	end := len(list)
	if l.top > 0 && l.skip+l.top < end {
		end = l.skip + l.top
		query := url.Values{}
		for name, values := range r.URL.Query() {
			if strings.ToLower(strings.TrimPrefix(name, "$")) != "skip" {
				query[name] = values
			}
		}
		query.Set("$skip", strconv.Itoa(end))
		out.Next = web.Origin(r) + r.URL.EscapedPath() + "?" + strings.ReplaceAll(query.Encode(), "%24", "$")
	}
	out.Value = list[min(l.skip, len(list)):end]
	writeObject(w, r, http.StatusOK, out)
}
