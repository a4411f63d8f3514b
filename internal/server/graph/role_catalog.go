package graph

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

// namespace is a unifiedRbacResourceNamespace: the permissions that roles can be made of.
type namespace struct {
	ID              string           `json:"id"`
	Name            string           `json:"name"`
	ResourceActions []resourceAction `json:"resourceActions,omitempty"`
}

// resourceAction is a permission: its id is the action string, its name what people read.
type resourceAction struct {
	ID              string  `json:"id"`
	Name            string  `json:"name"`
	Description     string  `json:"description"`
	ActionVerb      *string `json:"actionVerb"`
	IsPrivileged    bool    `json:"isPrivileged"`
	ResourceScopeID *string `json:"resourceScopeId"`
}

// ListNamespaces lists the catalogue: Microsoft's action strings as far as they are known, and ours for the rest.
func (s *Roles) ListNamespaces(w http.ResponseWriter, r *http.Request) {
	l, err := readList(r, nil, "resourceActions")
	if err != nil {
		WriteError(w, r, err)
		return
	}
	if _, err := s.roles(r); err != nil {
		WriteError(w, r, err)
		return
	}
	list := []json.RawMessage{}
	for _, id := range []string{"microsoft.xdr", "bailiwick"} {
		n := namespace{ID: id, Name: id}
		for _, p := range catalog.Default().Permissions {
			if p.Workload == rbac.Unified && !p.All && strings.HasPrefix(p.Action, id+"/") && l.expands("resourceActions") {
				n.ResourceActions = append(n.ResourceActions, resourceAction{ID: p.Action, Name: p.Name, Description: p.Allows})
			}
		}
		list = append(list, l.project(n))
	}
	l.write(w, r, "resourceNamespaces", list)
}

// appScope is a customAppScope: a part of a workload's data to which an assignment can be narrowed.
type appScope struct {
	ID               string         `json:"id"`
	DisplayName      string         `json:"displayName"`
	Type             string         `json:"type"`
	CustomAttributes map[string]any `json:"customAttributes"`
}

// ListAppScopes lists the scopes there are: device groups, to those who may see them.
func (s *Roles) ListAppScopes(w http.ResponseWriter, r *http.Request) {
	l, err := readList(r, nil)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	if _, err := s.roles(r); err != nil {
		WriteError(w, r, err)
		return
	}
	asker, err := s.asker(r)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	groups, err := asker.DeviceGroups()
	if err != nil && fault.KindOf(err) != fault.KindDenied {
		WriteError(w, r, err)
		return
	}
	list := []json.RawMessage{}
	for _, g := range groups {
		list = append(list, l.project(appScope{ID: g.Name, DisplayName: g.Name, Type: "DeviceGroup", CustomAttributes: map[string]any{}}))
	}
	l.write(w, r, "customAppScopes", list)
}
