package reports

import (
	"slices"
	"strconv"
	"time"

	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/rbac"
)

// roleRow is a role.
type roleRow struct {
	ID          string        `json:"id"`
	Name        string        `json:"name"`
	Workload    rbac.Workload `json:"workload"`
	Kind        string        `json:"kind"`
	Description string        `json:"description,omitempty"`
	Permissions []string      `json:"permissions"`
	Opens       []opens       `json:"opens"`       // what its permissions open, wherever it is assigned
	Assignments int           `json:"assignments"` // that the asker may see
	People      int           `json:"people"`      // who have it now by these
}

type opens struct {
	Workload   rbac.Workload   `json:"workload"`
	Capability rbac.Capability `json:"capability"`
}

func (r roleRow) cells() []string {
	var open []string
	for _, o := range r.Opens {
		open = append(open, o.Capability.String()+" in "+o.Workload.String())
	}
	return []string{r.ID, r.Name, r.Workload.String(), r.Kind, r.Description, joined(r.Permissions), joined(open), strconv.Itoa(r.Assignments), strconv.Itoa(r.People)}
}

func (r *Report) ofRoles(a *permissions.Asker) error {
	roles, err := r.roles(a)
	if err != nil {
		return err
	}
	r.columns = []string{"id", "name", "workload", "kind", "description", "permissions", "opens", "assignments", "people"}
	r.rows = func(yield func(row, error) bool) {
		for _, role := range roles {
			given := a.AssignmentsOf(role.Ref())
			out := roleRow{
				ID: permissions.RoleID(role), Name: role.Name, Workload: role.Workload, Kind: role.Kind.String(), Description: role.Description,
				Permissions: append([]string{}, role.Permissions...), Opens: []opens{}, Assignments: len(given), People: len(a.Snapshot.HoldersBy(given, r.At)),
			}
			for _, o := range a.Snapshot.RoleOpens(role) {
				out.Opens = append(out.Opens, opens{o.Workload, o.Capability})
			}
			if !yield(out, nil) {
				return
			}
		}
	}
	return nil
}

// roles are those that the asker may see, of the workload that was asked for.
func (r *Report) roles(a *permissions.Asker) ([]rbac.Role, error) {
	roles, err := a.Roles()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(roles, func(role rbac.Role) bool {
		return r.Query.Workload != rbac.NoWorkload && role.Workload != r.Query.Workload
	}), nil
}

// assignmentRow is an assignment.
type assignmentRow struct {
	ID           string        `json:"id"`
	Role         string        `json:"role"` // id
	RoleName     string        `json:"roleName"`
	Workload     rbac.Workload `json:"workload"`
	Group        string        `json:"group,omitempty"`
	User         string        `json:"user,omitempty"`
	DisplayName  string        `json:"displayName,omitempty"`
	People       int           `json:"people"` // who have the role now by it
	DataSources  []string      `json:"dataSources,omitempty"`
	Scope        []string      `json:"scope,omitempty"` // narrowed to these device groups
	Narrowed     bool          `json:"narrowed"`
	Everywhere   bool          `json:"everywhere"`
	DeviceGroups []string      `json:"deviceGroups,omitempty"` // what it reaches, if not everywhere
	NotBefore    *time.Time    `json:"notBefore,omitempty"`
	NotAfter     *time.Time    `json:"notAfter,omitempty"`
	State        string        `json:"state"`
}

func (r assignmentRow) cells() []string {
	reach, narrowed := "everywhere", ""
	if !r.Everywhere {
		reach = joined(r.DeviceGroups)
	}
	if r.Narrowed {
		narrowed = "to: " + joined(r.Scope)
	}
	return []string{r.ID, r.Role, r.RoleName, r.Workload.String(), r.Group, r.User, r.DisplayName, strconv.Itoa(r.People), joined(r.DataSources),
		narrowed, reach, timeOf(r.NotBefore), timeOf(r.NotAfter), r.State}
}

func (r *Report) ofAssignments(a *permissions.Asker) error {
	roles, err := r.roles(a)
	if err != nil {
		return err
	}
	r.columns = []string{"id", "role", "roleName", "workload", "group", "user", "displayName", "people", "dataSources", "narrowed", "reaches", "notBefore", "notAfter", "state"}
	r.rows = func(yield func(row, error) bool) {
		for _, role := range roles {
			for _, given := range a.AssignmentsOf(role.Ref()) {
				if !yield(r.assignment(a, role, given), nil) {
					return
				}
			}
		}
	}
	return nil
}

func (r *Report) assignment(a *permissions.Asker, role rbac.Role, given rbac.Assignment) assignmentRow {
	out := assignmentRow{
		ID: given.ID, Role: permissions.RoleID(role), RoleName: role.Name, Workload: role.Workload, Group: given.Group, User: given.User,
		People: len(a.Snapshot.HoldersBy([]rbac.Assignment{given}, r.At)), Narrowed: !given.Scope.All, Scope: given.Scope.DeviceGroups,
		NotBefore: moment(given.NotBefore), NotAfter: moment(given.NotAfter), State: state(given, r.At),
	}
	if user, ok := a.Snapshot.User(given.User); ok {
		out.DisplayName = user.DisplayName
	}
	if role.Workload == rbac.Unified {
		if out.DataSources = []string{"all"}; !given.Sources.All {
			out.DataSources = nil
			for _, w := range given.Sources.List() {
				out.DataSources = append(out.DataSources, w.String())
			}
		}
		if !given.Sources.Has(rbac.Endpoint) {
			out.Everywhere = true // device groups are endpoint's
			return out
		}
	}
	out.Everywhere, out.DeviceGroups = a.Snapshot.ReachOf(given.ID)
	return out
}

func state(a rbac.Assignment, at time.Time) string {
	switch {
	case !a.NotBefore.IsZero() && at.Before(a.NotBefore):
		return "upcoming"
	case !a.NotAfter.IsZero() && !at.Before(a.NotAfter):
		return "ended"
	}
	return "active"
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func timeOf(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
