package policyfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/bailiwick/bailiwick/rbac"
)

// The file as it is written: fields in the order in which people read them.
type (
	fileOut struct {
		APIVersion   text             `yaml:"apiVersion"`
		Workloads    map[string]any   `yaml:"workloads"`
		Users        []userOut        `yaml:"users,omitempty"`
		Groups       []groupOut       `yaml:"groups,omitempty"`
		DeviceGroups []deviceGroupOut `yaml:"deviceGroups,omitempty"`
		Roles        []roleOut        `yaml:"roles,omitempty"`
		Ceilings     []ceilingOut     `yaml:"ceilings,omitempty"`
		UnifiedRoles []unifiedOut     `yaml:"unifiedRoles,omitempty"`
	}
	userOut struct {
		Name        text   `yaml:"name"`
		DisplayName text   `yaml:"displayName,omitempty"`
		GlobalRoles []text `yaml:"globalRoles,omitempty,flow"`
		Disabled    bool   `yaml:"disabled,omitempty"`
		NotAfter    text   `yaml:"notAfter,omitempty"`
	}
	groupOut struct {
		Name        text   `yaml:"name"`
		Description text   `yaml:"description,omitempty"`
		Members     []text `yaml:"members,omitempty"`
	}
	deviceGroupOut struct {
		Name        text              `yaml:"name"`
		Description text              `yaml:"description,omitempty"`
		Match       map[string][]text `yaml:"match,omitempty"`
		Access      any               `yaml:"access"`
		Remediation text              `yaml:"remediation,omitempty"`
	}
	roleOut struct {
		Name        text            `yaml:"name"`
		Workload    text            `yaml:"workload"`
		Description text            `yaml:"description,omitempty"`
		Permissions []text          `yaml:"permissions,omitempty"`
		Assignments []assignmentOut `yaml:"assignments,omitempty"`
	}
	assignmentOut struct {
		Groups    []text             `yaml:"groups,omitempty,flow"`
		Users     []text             `yaml:"users,omitempty,flow"`
		Scope     *map[string][]text `yaml:"scope,omitempty"`
		NotBefore text               `yaml:"notBefore,omitempty"`
		NotAfter  text               `yaml:"notAfter,omitempty"`
	}
)

// text is a string that comes back as it was. What is not plainly a word goes in quotes, with escapes: YAML has too many
// ways to read the rest.
type text string

var word = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_@./() -]*[A-Za-z0-9)]$`)

// MarshalYAML writes the text.
func (t text) MarshalYAML() ([]byte, error) {
	switch strings.ToLower(string(t)) {
	case "true", "false", "yes", "no", "on", "off", "null", "nan", "inf":
	default:
		if word.MatchString(string(t)) && !strings.Contains(string(t), " -") {
			return []byte(t), nil
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(string(t))
	return bytes.TrimSpace(b.Bytes()), err
}

func texts(list []string) []text {
	out := make([]text, len(list))
	for i, s := range list {
		out[i] = text(s)
	}
	return out
}

// Export writes a policy as a file that makes the same policy of an empty store.
func Export(s *rbac.Snapshot) ([]byte, error) {
	return export(s, func(string, string) bool { return true })
}

// rewritten is what a file declares, as the live policy has it, written anew: comments do not come along.
func (f *File) rewritten(live *rbac.Snapshot) ([]byte, error) {
	declared := map[string]bool{}
	key := func(kind, name string) string { return kind + "\x00" + strings.ToLower(name) }
	for _, u := range f.users {
		declared[key("user", u.Name)] = true
	}
	for _, g := range f.groups {
		declared[key("group", g.name)] = true
	}
	for _, g := range f.deviceGroups {
		declared[key("device group", g.Name)] = true
	}
	for _, r := range f.roles {
		declared[key("role of "+r.Workload.String(), r.Name)] = true
	}
	for _, c := range f.ceilings {
		declared[key("ceiling", c.Name)] = true
	}
	return export(live, func(kind, name string) bool { return declared[key(kind, name)] })
}

// export writes the objects that are wanted, by kind and name.
func export(s *rbac.Snapshot, want func(kind, name string) bool) ([]byte, error) {
	out := fileOut{APIVersion: APIVersion, Workloads: exportWorkloads(s)}
	for _, u := range s.Users() {
		if !want("user", u.Name) {
			continue
		}
		out.Users = append(out.Users, userOut{text(u.Name), text(u.DisplayName), texts(u.GlobalRoles), u.Disabled, instant(u.NotAfter)})
	}
	for _, g := range s.Groups() {
		if !want("group", g.Name) {
			continue
		}
		out.Groups = append(out.Groups, groupOut{text(g.Name), text(g.Description), texts(g.Members)})
	}
	for _, g := range s.DeviceGroups() {
		if !want("device group", g.Name) {
			continue
		}
		d := deviceGroupOut{Name: text(g.Name), Description: text(g.Description), Remediation: text(g.Remediation), Access: texts(g.Access)}
		if g.Open {
			d.Access = "everyone"
		} else if len(g.Access) == 0 {
			d.Access = []text{}
		}
		for key, values := range map[string][]string{"name": g.Match.Name, "domain": g.Match.Domain, "tag": g.Match.Tag, "os": g.Match.OS} {
			if len(values) > 0 {
				if d.Match == nil {
					d.Match = map[string][]text{}
				}
				d.Match[key] = texts(values)
			}
		}
		out.DeviceGroups = append(out.DeviceGroups, d)
	}
	for _, r := range s.Roles() {
		if !want("role of "+r.Workload.String(), r.Name) {
			continue
		}
		if r.Workload == rbac.Unified {
			out.UnifiedRoles = append(out.UnifiedRoles, exportUnified(s, r))
			continue
		}
		if o, ok := exportRole(s, r); ok {
			out.Roles = append(out.Roles, o)
		}
	}
	for _, c := range s.Ceilings() {
		if !want("ceiling", c.Name) {
			continue
		}
		out.Ceilings = append(out.Ceilings, exportCeiling(c))
	}
	written, err := yaml.MarshalWithOptions(out, yaml.IndentSequence(true))
	if err != nil {
		return nil, fmt.Errorf("write the policy file: %w", err)
	}
	return written, nil
}

// exportRole leaves out the roles of the product that nobody has.
func exportRole(s *rbac.Snapshot, r rbac.Role) (roleOut, bool) {
	o := roleOut{Name: text(r.Name), Workload: text(r.Workload.String())}
	assignments := s.AssignmentsOf(r.Ref())
	if r.Kind == rbac.DefaultRole || r.Kind == rbac.BuiltInRole {
		if len(assignments) == 0 {
			return o, false
		}
	} else {
		o.Description, o.Permissions = text(r.Description), texts(r.Permissions)
	}
	for _, a := range assignments {
		x := assignmentOut{NotBefore: instant(a.NotBefore), NotAfter: instant(a.NotAfter)}
		if a.Group != "" {
			x.Groups = []text{text(a.Group)}
		} else {
			x.Users = []text{text(a.User)}
		}
		if !a.Scope.All {
			x.Scope = &map[string][]text{"deviceGroups": texts(a.Scope.DeviceGroups)}
		}
		o.Assignments = append(o.Assignments, x)
	}
	slices.SortStableFunc(o.Assignments, func(a, b assignmentOut) int {
		return slices.Compare(append(slices.Clone(a.Groups), a.Users...), append(slices.Clone(b.Groups), b.Users...))
	})
	return o, true
}

func instant(t time.Time) text {
	if t.IsZero() {
		return ""
	}
	return text(t.UTC().Format(time.RFC3339Nano))
}
