package imports

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// has tells whether the record has one of the fields, whatever is in it.
func (r record) has(names ...string) bool {
	return slices.ContainsFunc(names, func(n string) bool { _, ok := r.fields[n]; return ok })
}

// place is that of a field of the record.
func (r record) place(field string) Place {
	p := r.at
	if p.Field != "" {
		field = p.Field + "." + field
	}
	p.Field = field
	return p
}

// first finds the field of several spellings that the record has.
func (r record) first(names []string) (string, json.RawMessage) {
	for _, n := range names {
		if v, ok := r.fields[n]; ok && string(v) != "null" {
			return n, v
		}
	}
	return names[0], nil
}

// text reads a text; what is not there is empty.
func (r record) text(names ...string) (string, error) {
	name, v := r.first(names)
	if v == nil {
		return "", nil
	}
	var s string
	if json.Unmarshal(v, &s) != nil {
		return "", wrong(r.place(name), "text", "is %.40s", v)
	}
	return strings.TrimSpace(s), nil
}

// required reads a text that must be there.
func (r record) required(names ...string) (string, error) {
	s, err := r.text(names...)
	if err == nil && s == "" {
		err = wrong(r.place(names[0]), "text", "is missing")
	}
	return s, err
}

// boolean reads true, false, yes, no, enabled and disabled.
func (r record) boolean(unsaid bool, names ...string) (bool, error) {
	name, v := r.first(names)
	if v == nil {
		return unsaid, nil
	}
	switch strings.ToLower(strings.Trim(string(v), `"`)) {
	case "true", "yes", "enabled", "1":
		return true, nil
	case "false", "no", "disabled", "0":
		return false, nil
	}
	return false, wrong(r.place(name), "true or false", "is %.40s", v)
}

// number reads a whole number; unsaid is -1.
func (r record) number(names ...string) (int, error) {
	name, v := r.first(names)
	if v == nil {
		return -1, nil
	}
	n, err := strconv.Atoi(strings.Trim(string(v), `"`))
	if err != nil || n < 0 {
		return 0, wrong(r.place(name), "a whole number", "is %.40s", v)
	}
	return n, nil
}

// list reads a list of texts. In a cell semicolons, bars or new lines stand between them. What PowerShell writes for a list that it
// did not unroll is no list of anything.
func (r record) list(names ...string) ([]string, error) {
	name, v := r.first(names)
	if v == nil {
		return nil, nil
	}
	var all []string
	if v[0] == '[' {
		var items []json.RawMessage
		if json.Unmarshal(v, &items) != nil {
			return nil, wrong(r.place(name), "a list of texts", "is %.40s", v)
		}
		for _, item := range items {
			s, ok := nameOf(item)
			if !ok {
				return nil, wrong(r.place(name), "a list of texts", "has %.40s in it", item)
			}
			all = append(all, s)
		}
	} else {
		s, err := r.text(name)
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(s, "System.") || strings.HasPrefix(s, "Microsoft.Exchange.") {
			return nil, wrong(r.place(name), "the export by ConvertTo-Json, or the list joined with semicolons", "is the name of a type, %q: PowerShell did not write the list", s)
		}
		all = strings.FieldsFunc(s, func(c rune) bool { return c == ';' || c == '|' || c == '\n' || c == '\r' })
	}
	var cleaned []string
	for _, s := range all {
		if s = strings.TrimSpace(s); s != "" && !slices.Contains(cleaned, s) {
			cleaned = append(cleaned, s)
		}
	}
	return cleaned, nil
}

// nameOf is a text, or the name of an object that PowerShell or Graph wrote in full.
func nameOf(v json.RawMessage) (string, bool) {
	var s string
	if json.Unmarshal(v, &s) == nil {
		return s, true
	}
	m, err := members(v)
	if err != nil {
		return "", false
	}
	for _, field := range []string{"userprincipalname", "primarysmtpaddress", "name", "displayname"} {
		if json.Unmarshal(m[field], &s) == nil && s != "" {
			return s, true
		}
	}
	return "", false
}

// objects reads a list of objects.
func (r record) objects(names ...string) ([]record, error) {
	name, v := r.first(names)
	if v == nil {
		return nil, nil
	}
	var items []json.RawMessage
	if json.Unmarshal(v, &items) != nil {
		return nil, wrong(r.place(name), "a list of objects", "is %.40s", v)
	}
	var all []record
	for i, item := range items {
		here := r.place(name + "[" + strconv.Itoa(i) + "]")
		m, err := members(item)
		if err != nil {
			return nil, wrong(here, "an object", "%s", err.Error())
		}
		all = append(all, record{at: here, fields: m})
	}
	return all, nil
}

// lastPart is the end of a name that a directory wrote with its path: `contoso.onmicrosoft.com/Configuration/Security Reader`.
func lastPart(name string) string {
	if i := strings.LastIndexByte(name, '/'); i >= 0 && strings.Contains(name[:i], ".") {
		return name[i+1:]
	}
	return name
}
