package policyfile

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/bailiwick/bailiwick/rbac"
)

// span is the lines of the source, from 1, that one object or section takes.
type span struct{ from, to int }

// Adopt writes a file with what it declares as the live policy has it: what has gone there is gone here. Only the objects
// that differ are written anew, so that order and comments stay. Where that can't be done - a list on one line, a text over
// several - all of it is, and comments do not come along.
func (f *File) Adopt(live *rbac.Snapshot, at time.Time) ([]byte, error) {
	anew, err := f.rewritten(live)
	if err != nil {
		return nil, err
	}
	inPlace, ok := f.inPlace(live, at, sections(anew))
	if !ok {
		return anew, nil
	}
	again, err := Parse(f.Name, inPlace)
	if err != nil {
		return anew, nil
	}
	if plan, err := again.Plan(live, Options{At: at, NewID: noID}); err != nil || len(plan.Edits) > 0 {
		return anew, nil
	}
	return inPlace, nil
}

func noID(kind string) string { return kind }

// inPlace replaces the lines of what differs; false if it can't tell which those are.
func (f *File) inPlace(live *rbac.Snapshot, at time.Time, anew map[string][]string) ([]byte, bool) {
	plan, err := f.Plan(live, Options{At: at, NewID: noID})
	if err != nil {
		return nil, false
	}
	lines := strings.SplitAfter(string(f.source), "\n")
	done := map[string]bool{}
	var replaced []span
	with := map[span][]string{}
	for _, e := range plan.Edits {
		section, name := f.about(live, e)
		key := section + "\x00" + strings.ToLower(name)
		if done[key] {
			continue
		}
		done[key] = true
		place, known := f.spans[key]
		if !known || section == "" {
			return nil, false
		}
		text := anew[section]
		if name != "" {
			one, err := export(live, func(kind, is string) bool { return sectionOf(kind) == section && strings.EqualFold(is, name) })
			if err != nil {
				return nil, false
			}
			first := lines[place.from-1]
			indent := first[:len(first)-len(strings.TrimLeft(first, " "))]
			if !strings.HasPrefix(first[len(indent):], "- ") {
				return nil, false
			}
			text = nil
			if found := sections(one)[section]; len(found) > 0 {
				for _, line := range found[1:] {
					text = append(text, indent+strings.TrimPrefix(line, "  "))
				}
			}
		} else if first := lines[place.from-1]; !strings.HasPrefix(first, section+":") {
			return nil, false
		}
		replaced = append(replaced, place)
		with[place] = text
	}
	slices.SortFunc(replaced, func(a, b span) int { return b.from - a.from })
	for i, place := range replaced {
		if i > 0 && place.to >= replaced[i-1].from {
			return nil, false // two on one line
		}
		lines = slices.Replace(lines, place.from-1, place.to, with[place]...)
	}
	return []byte(strings.Join(lines, "")), true
}

// about is the section and the name of the object that an edit changes; without a name, it is the section as a whole. Of a
// role two workloads may have the name: then it can't be told, and no section is.
func (f *File) about(live *rbac.Snapshot, e rbac.Edit) (section, name string) {
	role := func(r rbac.RoleRef) (string, string) {
		same := 0
		for _, known := range f.roles {
			if strings.EqualFold(known.Name, r.Name) && (known.Workload == rbac.Unified) == (r.Workload == rbac.Unified) {
				same++
			}
		}
		for _, known := range live.Roles() {
			if strings.EqualFold(known.Name, r.Name) && known.Workload != r.Workload {
				return "", ""
			}
		}
		if same != 1 {
			return "", ""
		}
		if r.Workload == rbac.Unified {
			return "unifiedRoles", r.Name
		}
		return "roles", r.Name
	}
	switch e := e.(type) {
	case rbac.PutUser:
		return "users", e.User.Name
	case rbac.PutGroup:
		return "groups", e.Group.Name
	case rbac.PutCeiling:
		return "ceilings", e.Ceiling.Name
	case rbac.PutRole:
		return role(e.Role.Ref())
	case rbac.PutAssignment:
		return role(e.Assignment.Role)
	case rbac.RemoveAssignment:
		if a, ok := live.Assignment(e.ID); ok {
			return role(a.Role)
		}
	case rbac.SetDeviceGroups:
		return "deviceGroups", ""
	case rbac.SetEndpointRoles, rbac.SetActivation:
		return "workloads", ""
	}
	return "", ""
}

// sectionOf is the section in which export writes a kind.
func sectionOf(kind string) string {
	switch kind {
	case "user", "group", "device group", "ceiling":
		return map[string]string{"user": "users", "group": "groups", "device group": "deviceGroups", "ceiling": "ceilings"}[kind]
	case "role of " + rbac.Unified.String():
		return "unifiedRoles"
	}
	return "roles"
}

// sections are the lines of each top-level key of a file that export wrote.
func sections(text []byte) map[string][]string {
	found := map[string][]string{}
	key := ""
	for _, line := range strings.SplitAfter(string(bytes.TrimRight(text, "\n"))+"\n", "\n") {
		if name, _, ok := strings.Cut(line, ":"); ok && !strings.HasPrefix(line, " ") {
			key = name
		}
		if line != "" {
			found[key] = append(found[key], line)
		}
	}
	return found
}

// note keeps which lines the sections and their objects take. What spans lines by itself is not noted.
func (f *File) note(top map[string]entry) {
	f.spans = map[string]span{}
	for section, e := range top {
		if e.value == nil {
			continue
		}
		if to, ok := lastLine(e.value); ok {
			f.spans[section+"\x00"] = span{e.at.line, max(e.at.line, to)}
		}
		list, ok := e.value.(*ast.SequenceNode)
		if !ok || list.IsFlowStyle {
			continue
		}
		for _, n := range list.Values {
			name := ""
			for _, v := range mappingValues(n) {
				if key, ok := v.Key.(ast.Node).(*ast.StringNode); ok && key.Value == "name" {
					if s, ok := v.Value.(*ast.StringNode); ok {
						name = s.Value
					}
				}
			}
			from := placeOf(n).line
			for _, v := range mappingValues(n) {
				from = min(from, placeOf(v.Key).line)
			}
			if to, ok := lastLine(n); ok && name != "" {
				f.spans[section+"\x00"+strings.ToLower(strings.TrimSpace(name))] = span{from, to}
			}
		}
	}
}

func mappingValues(n ast.Node) []*ast.MappingValueNode {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	}
	return nil
}

// lastLine is the last line of a node; false if a text in it spans lines.
func lastLine(n ast.Node) (int, bool) {
	w := &lastLineOf{}
	ast.Walk(w, n)
	return w.line, !w.spans
}

type lastLineOf struct {
	line  int
	spans bool
}

func (w *lastLineOf) Visit(n ast.Node) ast.Visitor {
	w.line = max(w.line, placeOf(n).line)
	switch n := n.(type) {
	case *ast.LiteralNode:
		w.spans = true
	case *ast.StringNode:
		w.spans = w.spans || strings.Contains(strings.TrimSpace(n.GetToken().Origin), "\n")
	case *ast.MappingNode:
		if n.End != nil && n.End.Position != nil && n.IsFlowStyle {
			w.line = max(w.line, n.End.Position.Line)
		}
	case *ast.SequenceNode:
		if n.End != nil && n.End.Position != nil && n.IsFlowStyle {
			w.line = max(w.line, n.End.Position.Line)
		}
	}
	return w
}
