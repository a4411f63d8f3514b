package policyfile

import (
	"fmt"
	"slices"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/bailiwick/bailiwick/rbac"
)

// The file as it is written: fields in the order in which people read them.
type (
	fileOut struct {
		APIVersion   string           `yaml:"apiVersion"`
		Workloads    map[string]any   `yaml:"workloads"`
		Users        []userOut        `yaml:"users,omitempty"`
		Groups       []groupOut       `yaml:"groups,omitempty"`
		DeviceGroups []deviceGroupOut `yaml:"deviceGroups,omitempty"`
		Roles        []roleOut        `yaml:"roles,omitempty"`
	}
	userOut struct {
		Name        string   `yaml:"name"`
		DisplayName string   `yaml:"displayName,omitempty"`
		GlobalRoles []string `yaml:"globalRoles,omitempty,flow"`
		Disabled    bool     `yaml:"disabled,omitempty"`
		NotAfter    string   `yaml:"notAfter,omitempty"`
	}
	groupOut struct {
		Name        string   `yaml:"name"`
		Description string   `yaml:"description,omitempty"`
		Members     []string `yaml:"members,omitempty"`
	}
	deviceGroupOut struct {
		Name        string              `yaml:"name"`
		Description string              `yaml:"description,omitempty"`
		Match       map[string][]string `yaml:"match,omitempty"`
		Access      any                 `yaml:"access"`
		Remediation string              `yaml:"remediation,omitempty"`
	}
	roleOut struct {
		Name        string          `yaml:"name"`
		Workload    string          `yaml:"workload"`
		Description string          `yaml:"description,omitempty"`
		Permissions []string        `yaml:"permissions,omitempty"`
		Assignments []assignmentOut `yaml:"assignments,omitempty"`
	}
	assignmentOut struct {
		Groups    []string             `yaml:"groups,omitempty,flow"`
		Users     []string             `yaml:"users,omitempty,flow"`
		Scope     *map[string][]string `yaml:"scope,omitempty"`
		NotBefore string               `yaml:"notBefore,omitempty"`
		NotAfter  string               `yaml:"notAfter,omitempty"`
	}
)

// Export writes a policy as a file that makes the same policy of an empty store.
func Export(s *rbac.Snapshot) ([]byte, error) {
	out := fileOut{APIVersion: APIVersion, Workloads: map[string]any{"endpoint": map[string]any{"roles": s.EndpointRoles()}}}
	for _, u := range s.Users() {
		out.Users = append(out.Users, userOut{u.Name, u.DisplayName, u.GlobalRoles, u.Disabled, instant(u.NotAfter)})
	}
	for _, g := range s.Groups() {
		out.Groups = append(out.Groups, groupOut{g.Name, g.Description, g.Members})
	}
	for _, g := range s.DeviceGroups() {
		d := deviceGroupOut{Name: g.Name, Description: g.Description, Remediation: g.Remediation, Access: slices.Clone(g.Access)}
		if g.Open {
			d.Access = "everyone"
		} else if len(g.Access) == 0 {
			d.Access = []string{}
		}
		for key, values := range map[string][]string{"name": g.Match.Name, "domain": g.Match.Domain, "tag": g.Match.Tag, "os": g.Match.OS} {
			if len(values) > 0 {
				if d.Match == nil {
					d.Match = map[string][]string{}
				}
				d.Match[key] = values
			}
		}
		out.DeviceGroups = append(out.DeviceGroups, d)
	}
	for _, r := range s.Roles() {
		if o, ok := exportRole(s, r); ok {
			out.Roles = append(out.Roles, o)
		}
	}
	text, err := yaml.MarshalWithOptions(out, yaml.IndentSequence(true), yaml.UseJSONMarshaler())
	if err != nil {
		return nil, fmt.Errorf("write the policy file: %w", err)
	}
	return text, nil
}

// exportRole leaves out the roles of the product that nobody has.
func exportRole(s *rbac.Snapshot, r rbac.Role) (roleOut, bool) {
	o := roleOut{Name: r.Name, Workload: r.Workload.String()}
	assignments := s.AssignmentsOf(r.Ref())
	if r.Kind == rbac.DefaultRole || r.Kind == rbac.BuiltInRole {
		if len(assignments) == 0 {
			return o, false
		}
	} else {
		o.Description, o.Permissions = r.Description, r.Permissions
	}
	for _, a := range assignments {
		x := assignmentOut{NotBefore: instant(a.NotBefore), NotAfter: instant(a.NotAfter)}
		if a.Group != "" {
			x.Groups = []string{a.Group}
		} else {
			x.Users = []string{a.User}
		}
		if !a.Scope.All {
			names := append([]string{}, a.Scope.DeviceGroups...)
			x.Scope = &map[string][]string{"deviceGroups": names}
		}
		o.Assignments = append(o.Assignments, x)
	}
	slices.SortStableFunc(o.Assignments, func(a, b assignmentOut) int {
		return slices.Compare(append(slices.Clone(a.Groups), a.Users...), append(slices.Clone(b.Groups), b.Users...))
	})
	return o, true
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
