package graph

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/rbac"
)

// multiple is a unifiedRoleAssignmentMultiple. A principal's id is a user's name, or group: and a group's.
type multiple struct {
	Context           string      `json:"@odata.context,omitempty"`
	ID                string      `json:"id"`
	DisplayName       string      `json:"displayName"`
	Description       string      `json:"description"`
	RoleDefinitionID  string      `json:"roleDefinitionId"`
	PrincipalIDs      []string    `json:"principalIds"`
	DirectoryScopeIDs []string    `json:"directoryScopeIds"`
	AppScopeIDs       []string    `json:"appScopeIds"`
	NotBefore         *string     `json:"@bailiwick.notBefore,omitempty"`
	NotAfter          *string     `json:"@bailiwick.notAfter,omitempty"`
	Principals        []any       `json:"principals,omitempty"`
	RoleDefinition    *definition `json:"roleDefinition,omitempty"`
}

// appScopes are the workloads as Graph names them.
var appScopes = []struct {
	id       string
	workload rbac.Workload
}{{"Mde", rbac.Endpoint}, {"Mdo", rbac.Office365}, {"Mda", rbac.CloudApps}, {"Mdi", rbac.Identity}}

// deviceGroupScope is how a device group, to which an assignment is narrowed, stands among the app scopes. The centre's
// own: Microsoft's assignments leave devices to the device groups' access alone.
const deviceGroupScope = "/DeviceGroup/"

func multipleOf(role rbac.Role, set []rbac.Assignment) multiple {
	first := set[0]
	m := multiple{
		ID: first.Set, DisplayName: first.Name, Description: first.Description, RoleDefinitionID: permissions.RoleID(role), PrincipalIDs: []string{},
		DirectoryScopeIDs: []string{"/"}, AppScopeIDs: []string{},
	}
	for _, a := range set {
		m.PrincipalIDs = append(m.PrincipalIDs, principalID(a))
	}
	slices.Sort(m.PrincipalIDs)
	if first.Sources.All {
		m.AppScopeIDs = append(m.AppScopeIDs, "/")
	} else {
		for _, scope := range appScopes {
			if first.Sources.Has(scope.workload) {
				m.AppScopeIDs = append(m.AppScopeIDs, scope.id)
			}
		}
	}
	for _, name := range first.Scope.DeviceGroups {
		m.AppScopeIDs = append(m.AppScopeIDs, deviceGroupScope+name)
	}
	if !first.NotBefore.IsZero() {
		text := first.NotBefore.UTC().Format("2006-01-02T15:04:05.999999999Z")
		m.NotBefore = &text
	}
	if !first.NotAfter.IsZero() {
		text := first.NotAfter.UTC().Format("2006-01-02T15:04:05.999999999Z")
		m.NotAfter = &text
	}
	return m
}

const groupPrefix = "group:"

func principalID(a rbac.Assignment) string {
	if a.Group != "" {
		return groupPrefix + a.Group
	}
	return a.User
}

// expanded is a principal in Graph's form.
func expanded(s *rbac.Snapshot, a rbac.Assignment) any {
	type directoryObject struct {
		Type              string `json:"@odata.type"`
		ID                string `json:"id"`
		DisplayName       string `json:"displayName"`
		UserPrincipalName string `json:"userPrincipalName,omitempty"`
	}
	if a.Group != "" {
		return directoryObject{Type: "#microsoft.graph.group", ID: principalID(a), DisplayName: a.Group}
	}
	user, _ := s.User(a.User)
	name := user.DisplayName
	if name == "" {
		name = a.User
	}
	return directoryObject{Type: "#microsoft.graph.user", ID: a.User, DisplayName: name, UserPrincipalName: a.User}
}

// givenMultiple is what a client sends of one.
type givenMultiple struct {
	Type              *string   `json:"@odata.type"`
	Context           *string   `json:"@odata.context"`
	ID                *string   `json:"id"`
	DisplayName       *string   `json:"displayName"`
	Description       *string   `json:"description"`
	RoleDefinitionID  *string   `json:"roleDefinitionId"`
	PrincipalIDs      *[]string `json:"principalIds"`
	DirectoryScopeIDs *[]string `json:"directoryScopeIds"`
	AppScopeIDs       *[]string `json:"appScopeIds"`
}

func (g givenMultiple) check() error {
	switch {
	case g.Type != nil && *g.Type != "#microsoft.graph.unifiedRoleAssignmentMultiple":
		return invalid("@odata.type", "is no unifiedRoleAssignmentMultiple")
	case g.PrincipalIDs != nil && (len(*g.PrincipalIDs) > mostListed || tooLong(*g.PrincipalIDs)):
		return invalid("principalIds", fmt.Sprintf("lists more than %d, or one of more than %d characters", mostListed, mostLong))
	case g.AppScopeIDs != nil && (len(*g.AppScopeIDs) > 2*mostListed || tooLong(*g.AppScopeIDs)):
		return invalid("appScopeIds", fmt.Sprintf("lists more than %d, or one of more than %d characters", 2*mostListed, mostLong))
	case g.DirectoryScopeIDs != nil && len(*g.DirectoryScopeIDs) > 0 && !slices.Equal(*g.DirectoryScopeIDs, []string{"/"}):
		return invalid("directoryScopeIds", "is / alone: administrative units are not known here")
	}
	return nil
}

// into puts what is given into an assignment.
func (g givenMultiple) into(s *rbac.Snapshot, a *permissions.UnifiedAssignment) error {
	if g.DisplayName != nil {
		a.Name = *g.DisplayName
	}
	if g.Description != nil {
		a.Description = *g.Description
	}
	if g.PrincipalIDs != nil {
		a.Users, a.Groups = nil, nil
		for _, id := range *g.PrincipalIDs {
			if name, ok := strings.CutPrefix(id, groupPrefix); ok {
				a.Groups = append(a.Groups, name)
				continue
			}
			_, user := s.User(strings.ToLower(id))
			if _, group := s.Group(id); group && !user {
				a.Groups = append(a.Groups, id)
				continue
			}
			a.Users = append(a.Users, id)
		}
	}
	if g.AppScopeIDs != nil {
		return scopes(*g.AppScopeIDs, a)
	}
	return nil
}

// scopes reads appScopeIds: workloads, and device groups to which the assignment is narrowed.
func scopes(ids []string, a *permissions.UnifiedAssignment) error {
	a.Sources, a.Scope = rbac.Sources{}, nil
	for _, id := range ids {
		if id == "/" {
			a.Sources.All = true
			continue
		}
		if name, ok := strings.CutPrefix(id, deviceGroupScope); ok {
			if a.Scope == nil {
				a.Scope = &rbac.Scope{}
			}
			a.Scope.DeviceGroups = append(a.Scope.DeviceGroups, name)
			continue
		}
		known := false
		for _, scope := range appScopes {
			if strings.EqualFold(scope.id, id) {
				a.Sources.Workloads |= rbac.SetOf(scope.workload)
				known = true
			}
		}
		if !known {
			return fault.Invalid("", "Invalid value '%.80s' in 'appScopeIds': this centre has no data of it", id).WithDetails(
				fault.Detail{Where: "appScopeIds", Problem: "unknown scope " + id, Want: "/, Mde, Mdo, Mda, Mdi or /DeviceGroup/<name>"})
		}
	}
	if a.Sources.All && a.Sources.Workloads != 0 {
		return invalid("appScopeIds", "has / beside others, which it includes")
	}
	return nil
}

// ListAssignments lists who has unified roles, as far as the caller may know.
func (s *Roles) ListAssignments(w http.ResponseWriter, r *http.Request) {
	l, err := readList(r, assignmentFilter)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	roles, err := s.roles(r)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	asker, err := s.asker(r)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	list := []json.RawMessage{}
	for _, role := range roles {
		for _, set := range setsOf(asker.AssignmentsOf(role.Ref())) {
			if m := multipleOf(role, set); l.keeps(func(c clause) bool { return c.matchesAssignment(m) }) {
				list = append(list, l.project(l.expand(asker.Snapshot, m, role, set)))
			}
		}
	}
	l.write(w, r, "roleAssignments", list)
}

// setsOf puts the assignments together that belong together, in the order of their ids.
func setsOf(list []rbac.Assignment) [][]rbac.Assignment {
	at := map[string]int{}
	var sets [][]rbac.Assignment
	for _, a := range list {
		i, ok := at[a.Set]
		if !ok {
			i = len(sets)
			at[a.Set] = i
			sets = append(sets, nil)
		}
		sets[i] = append(sets[i], a)
	}
	slices.SortFunc(sets, func(a, b []rbac.Assignment) int { return strings.Compare(a[0].Set, b[0].Set) })
	return sets
}

// GetAssignment shows one.
func (s *Roles) GetAssignment(w http.ResponseWriter, r *http.Request) {
	l, err := readList(r, nil)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	s.answerAssignment(w, r, http.StatusOK, r.PathValue("id"), l)
}

func (s *Roles) answerAssignment(w http.ResponseWriter, r *http.Request, status int, id string, l listing) {
	asker, err := s.asker(r)
	var set []rbac.Assignment
	if err == nil {
		set, err = asker.AssignmentsIn(id)
	}
	if err != nil {
		WriteError(w, r, err)
		return
	}
	role, _ := asker.Snapshot.Role(set[0].Role)
	m := l.expand(asker.Snapshot, multipleOf(role, set), role, set)
	m.Context = roleContext(r, "roleAssignments/$entity")
	if status == http.StatusCreated {
		w.Header().Set("Location", web.Origin(r)+defender+"roleAssignments/"+m.ID)
	}
	writeObject(w, r, status, l.project(m))
}

// CreateAssignment gives a unified role to principals.
func (s *Roles) CreateAssignment(w http.ResponseWriter, r *http.Request) {
	var given givenMultiple
	err := decode(r, &given)
	if err == nil {
		err = given.check()
	}
	switch {
	case err != nil:
	case given.DisplayName == nil:
		err = invalid("displayName", "is missing")
	case given.RoleDefinitionID == nil:
		err = invalid("roleDefinitionId", "is missing")
	case given.PrincipalIDs == nil || len(*given.PrincipalIDs) == 0:
		err = invalid("principalIds", "names nobody")
	case given.AppScopeIDs == nil && (given.DirectoryScopeIDs == nil || len(*given.DirectoryScopeIDs) == 0):
		err = invalid("appScopeIds", "is missing, and directoryScopeIds too: one of them says where the role counts")
	}
	var n permissions.UnifiedAssignment
	if err == nil {
		n.Sources.All = given.AppScopeIDs == nil // the whole directory, as directoryScopeIds says
		var asker *permissions.Asker
		if asker, err = s.asker(r); err == nil {
			err = given.into(asker.Snapshot, &n)
		}
	}
	if err == nil {
		_, err = s.role(r, *given.RoleDefinitionID)
	}
	if err != nil {
		WriteError(w, r, err)
		return
	}
	made, err := s.permissions.Do(r.Context(), web.CallerOf(r.Context()).Actor(), permissions.AssignUnified(*given.RoleDefinitionID, n))
	if err != nil {
		WriteError(w, r, err)
		return
	}
	s.answerAssignment(w, r, http.StatusCreated, made.ID, listing{})
}

// UpdateAssignment changes what is given of one; its narrowing and its time stay unless appScopeIds says otherwise.
func (s *Roles) UpdateAssignment(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	var given givenMultiple
	err := decode(r, &given)
	if err == nil {
		err = given.check()
	}
	asker, failed := s.asker(r)
	if err == nil {
		err = failed
	}
	if err == nil {
		_, err = asker.AssignmentsIn(id)
	}
	var n permissions.UnifiedAssignment
	if err == nil {
		n = presentAssignment(asker.Snapshot.AssignmentsIn(id))
		if role, ok := asker.Snapshot.Role(asker.Snapshot.AssignmentsIn(id)[0].Role); given.RoleDefinitionID != nil && ok && *given.RoleDefinitionID != permissions.RoleID(role) {
			err = invalid("roleDefinitionId", "can't be changed: make another assignment")
		}
	}
	if err == nil {
		err = given.into(asker.Snapshot, &n)
	}
	if err == nil {
		_, err = s.permissions.Do(r.Context(), web.CallerOf(r.Context()).Actor(), permissions.UpdateUnified(id, n))
	}
	if err != nil {
		WriteError(w, r, err)
		return
	}
	s.answerAssignment(w, r, http.StatusOK, id, listing{})
}

// presentAssignment is a set as it would be given.
func presentAssignment(set []rbac.Assignment) permissions.UnifiedAssignment {
	first := set[0]
	n := permissions.UnifiedAssignment{Name: first.Name, Description: first.Description, Sources: first.Sources, NotBefore: first.NotBefore, NotAfter: first.NotAfter}
	if !first.Scope.All {
		n.Scope = &first.Scope
	}
	for _, a := range set {
		if a.Group != "" {
			n.Groups = append(n.Groups, a.Group)
		} else {
			n.Users = append(n.Users, a.User)
		}
	}
	return n
}

// DeleteAssignment takes the role back from all of them.
func (s *Roles) DeleteAssignment(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	s.answerDeleted(w, r, s.do(r, permissions.UnassignUnified(id), func() error {
		asker, err := s.asker(r)
		if err == nil {
			_, err = asker.AssignmentsIn(id)
		}
		return err
	}))
}
