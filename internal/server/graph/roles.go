package graph

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/internal/strictjson"
	"github.com/bailiwick/bailiwick/rbac"
)

// Roles answers /beta/roleManagement/defender: unified roles as Microsoft Graph's beta has them (S18).
type Roles struct {
	permissions *permissions.Service
}

// NewRoles makes the surface.
func NewRoles(p *permissions.Service) *Roles { return &Roles{p} }

// definition is a unifiedRoleDefinition.
type definition struct {
	Type            string           `json:"@odata.type,omitempty"`
	Context         string           `json:"@odata.context,omitempty"`
	ID              string           `json:"id"`
	DisplayName     string           `json:"displayName"`
	Description     string           `json:"description"`
	IsBuiltIn       bool             `json:"isBuiltIn"`
	IsEnabled       bool             `json:"isEnabled"`
	IsPrivileged    bool             `json:"isPrivileged"`
	ResourceScopes  []string         `json:"resourceScopes"`
	TemplateID      string           `json:"templateId"`
	Version         *string          `json:"version"`
	RolePermissions []rolePermission `json:"rolePermissions"`
}

type rolePermission struct {
	AllowedResourceActions []string `json:"allowedResourceActions"`
	Condition              *string  `json:"condition"`
}

func definitionOf(r rbac.Role) definition {
	id := permissions.RoleID(r)
	return definition{
		ID: id, DisplayName: r.Name, Description: r.Description, IsEnabled: true, ResourceScopes: []string{"/"}, TemplateID: id,
		RolePermissions: []rolePermission{{AllowedResourceActions: actionsOf(r.Permissions)}},
	}
}

// actionsOf gives the action strings of permissions.
func actionsOf(names []string) []string {
	actions := []string{}
	for _, p := range catalog.Default().Permissions {
		if p.Workload == rbac.Unified && slices.Contains(names, p.Name) {
			actions = append(actions, p.Action)
		}
	}
	return actions
}

// mostListed is how many actions, principals or scopes one object may list, and mostLong how long each may be: looking for
// the name that was meant takes time.
const (
	mostListed = 500
	mostLong   = 400
)

func tooLong(list []string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return len(s) > mostLong })
}

// givenDefinition is what a client sends of one. What is not set is left as it is.
type givenDefinition struct {
	Type            *string          `json:"@odata.type"`
	Context         *string          `json:"@odata.context"`
	ID              *string          `json:"id"`
	DisplayName     *string          `json:"displayName"`
	Description     *string          `json:"description"`
	IsBuiltIn       *bool            `json:"isBuiltIn"`
	IsEnabled       *bool            `json:"isEnabled"`
	IsPrivileged    *bool            `json:"isPrivileged"`
	ResourceScopes  []string         `json:"resourceScopes"`
	TemplateID      *string          `json:"templateId"`
	Version         *string          `json:"version"`
	RolePermissions []rolePermission `json:"rolePermissions"`
	Inherits        []any            `json:"inheritsPermissionsFrom"`
}

// check refuses what can't be kept, rather than keeping something else.
func (d givenDefinition) check() error {
	switch {
	case d.Type != nil && *d.Type != "#microsoft.graph.unifiedRoleDefinition":
		return invalid("@odata.type", "is no unifiedRoleDefinition")
	case d.IsEnabled != nil && !*d.IsEnabled:
		return invalid("isEnabled", "a role is always enabled here: take its assignments away, or turn the workload off")
	case d.IsBuiltIn != nil && *d.IsBuiltIn:
		return invalid("isBuiltIn", "can't be set")
	case d.IsPrivileged != nil && *d.IsPrivileged:
		return invalid("isPrivileged", "can't be set")
	case tooLong(d.actions()):
		return invalid("rolePermissions", fmt.Sprintf("has an action of more than %d characters", mostLong))
	case len(d.Inherits) > 0:
		return invalid("inheritsPermissionsFrom", "roles do not inherit from each other")
	case len(d.ResourceScopes) > 0 && !slices.Equal(d.ResourceScopes, []string{"/"}):
		return invalid("resourceScopes", "is always /: assignments say where a role counts")
	}
	if len(d.actions()) > mostListed {
		return invalid("rolePermissions", fmt.Sprintf("lists more than %d actions", mostListed))
	}
	for _, p := range d.RolePermissions {
		if p.Condition != nil && *p.Condition != "" {
			return invalid("rolePermissions/condition", "conditions are not understood")
		}
	}
	return nil
}

func (d givenDefinition) actions() []string {
	actions := []string{}
	for _, p := range d.RolePermissions {
		actions = append(actions, p.AllowedResourceActions...)
	}
	return actions
}

func invalid(where, problem string) error {
	return fault.Invalid("", "Invalid value for '%s': it %s", where, problem).WithDetails(fault.Detail{Where: where, Problem: problem})
}

// ListDefinitions lists the unified roles that the caller may see.
func (s *Roles) ListDefinitions(w http.ResponseWriter, r *http.Request) {
	l, err := readList(r, definitionFilter)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	roles, err := s.roles(r)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	list := []json.RawMessage{}
	for _, role := range roles {
		if d := definitionOf(role); l.keeps(func(c clause) bool { return c.matchesDefinition(d) }) {
			list = append(list, l.project(d))
		}
	}
	l.write(w, r, "roleDefinitions", list)
}

// roles are the unified roles that the caller may see.
func (s *Roles) roles(r *http.Request) ([]rbac.Role, error) {
	asker, err := s.asker(r)
	if err != nil {
		return nil, err
	}
	roles, err := asker.Roles()
	return slices.DeleteFunc(roles, func(r rbac.Role) bool { return r.Workload != rbac.Unified }), err
}

func (s *Roles) asker(r *http.Request) (*permissions.Asker, error) {
	return s.permissions.Asker(r.Context(), web.CallerOf(r.Context()).Actor())
}

// role finds one; what is no unified role is none here.
func (s *Roles) role(r *http.Request, id string) (rbac.Role, error) {
	asker, err := s.asker(r)
	if err != nil {
		return rbac.Role{}, err
	}
	role, err := asker.Role(id)
	if err == nil && role.Workload != rbac.Unified {
		err = fault.NotFound("read role", "there is no role %q", id)
	}
	return role, err
}

// GetDefinition shows one.
func (s *Roles) GetDefinition(w http.ResponseWriter, r *http.Request) {
	role, err := s.role(r, r.PathValue("id"))
	s.answerDefinition(w, r, http.StatusOK, role, err)
}

func (s *Roles) answerDefinition(w http.ResponseWriter, r *http.Request, status int, role rbac.Role, err error) {
	if err != nil {
		WriteError(w, r, err)
		return
	}
	d := definitionOf(role)
	d.Context = roleContext(r, "roleDefinitions/$entity")
	if status == http.StatusCreated {
		w.Header().Set("Location", web.Origin(r)+defender+"roleDefinitions/"+d.ID)
	}
	writeObject(w, r, status, d)
}

// CreateDefinition makes one.
func (s *Roles) CreateDefinition(w http.ResponseWriter, r *http.Request) {
	var given givenDefinition
	if err := decode(r, &given); err != nil {
		WriteError(w, r, err)
		return
	}
	err := given.check()
	if err == nil && given.DisplayName == nil {
		err = invalid("displayName", "is missing")
	}
	if err != nil {
		WriteError(w, r, err)
		return
	}
	n := permissions.NewRole{Workload: rbac.Unified, Name: *given.DisplayName, Permissions: given.actions()}
	if given.Description != nil {
		n.Description = *given.Description
	}
	made, err := s.permissions.Do(r.Context(), web.CallerOf(r.Context()).Actor(), permissions.CreateRole(n))
	if err != nil {
		WriteError(w, r, err)
		return
	}
	role, err := s.role(r, made.ID)
	s.answerDefinition(w, r, http.StatusCreated, role, err)
}

// UpdateDefinition changes what is given of one.
func (s *Roles) UpdateDefinition(w http.ResponseWriter, r *http.Request) {
	var given givenDefinition
	if err := decode(r, &given); err != nil {
		WriteError(w, r, err)
		return
	}
	if err := given.check(); err != nil {
		WriteError(w, r, err)
		return
	}
	change := permissions.RoleChange{Name: given.DisplayName, Description: given.Description}
	if given.RolePermissions != nil {
		actions := given.actions()
		change.Permissions = &actions
	}
	id := r.PathValue("id")
	if err := s.do(r, permissions.UpdateRole(id, change), func() error { _, err := s.role(r, id); return err }); err != nil {
		WriteError(w, r, err)
		return
	}
	role, err := s.role(r, id)
	s.answerDefinition(w, r, http.StatusOK, role, err)
}

// DeleteDefinition removes one, and takes it from everybody.
func (s *Roles) DeleteDefinition(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	s.answerDeleted(w, r, s.do(r, permissions.DeleteRole(id), func() error { _, err := s.role(r, id); return err }))
}

func (s *Roles) answerDeleted(w http.ResponseWriter, r *http.Request, err error) {
	if err != nil {
		WriteError(w, r, err)
		return
	}
	setHeaders(w, r)
	w.WriteHeader(http.StatusNoContent)
}

// do runs an operation on an object that the caller can see. On one that they can't, the answer is what looking at it
// would have given.
func (s *Roles) do(r *http.Request, op permissions.Operation, see func() error) error {
	if err := see(); fault.KindOf(err) == fault.KindNotFound || fault.KindOf(err) == fault.KindUnavailable {
		return err
	}
	_, err := s.permissions.Do(r.Context(), web.CallerOf(r.Context()).Actor(), op)
	return err
}

const defender = "/beta/roleManagement/defender/"

func roleContext(r *http.Request, of string) string {
	return web.Origin(r) + "/beta/$metadata#roleManagement/defender/" + of
}

// decode reads a body; a property that is not understood is refused, and so is one that is spelled in other letters.
func decode(r *http.Request, into any) error {
	body, err := web.ReadJSON(r, "")
	if err != nil {
		return err
	}
	if wrong, is := errors.AsType[*strictjson.Wrong](strictjson.Read(body, into)); is {
		return invalid(wrong.Where, wrong.Problem)
	}
	return nil
}

func writeObject(w http.ResponseWriter, r *http.Request, status int, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	setHeaders(w, r)
	web.WriteText(w, status, contentType, append(text, '\n'))
}
