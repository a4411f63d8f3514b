package imports

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/rbac"
)

// Kind is what an object is.
type Kind string

// The kinds, in the order in which they are made.
const (
	KindUser        Kind = "user"
	KindGroup       Kind = "group"
	KindDeviceGroup Kind = "device-group"
	KindRanks       Kind = "ranks" // the order of the imported device groups among each other
	KindRole        Kind = "role"
	KindAssignment  Kind = "assignment"
)

var kinds = []Kind{KindUser, KindGroup, KindDeviceGroup, KindRanks, KindRole, KindAssignment}

// Object is one thing that an import makes, in the one form in which it is compared: with what it was, and what is here.
type Object struct {
	Kind  Kind
	Key   string // unique within the kind, whatever its case
	Title string // for people
	State State
	At    Place
}

// State is all that an import says of an object. Of the kinds' members each object uses its own.
type State struct {
	Workload    rbac.Workload `json:"workload,omitzero"`
	Name        string        `json:"name,omitempty"`
	DisplayName string        `json:"displayName,omitempty"`
	Description string        `json:"description,omitempty"`
	Disabled    bool          `json:"disabled,omitempty"`
	GlobalRoles []string      `json:"globalRoles,omitempty"`
	Members     []string      `json:"members,omitempty"`
	Match       *rbac.Match   `json:"match,omitempty"`
	Remediation string        `json:"remediation,omitempty"`
	Access      []string      `json:"access,omitempty"`
	Open        bool          `json:"open,omitempty"`
	Ranks       []string      `json:"ranks,omitempty"`
	Permissions []string      `json:"permissions,omitempty"`
	User        string        `json:"user,omitempty"`
	Group       string        `json:"group,omitempty"`
	Sources     *rbac.Sources `json:"sources,omitempty"`
	Scope       []string      `json:"scope,omitempty"` // device groups; empty: all that the principal's access gives
	Scoped      bool          `json:"scoped,omitempty"`
	Times       string        `json:"times,omitempty"` // begin and end: no export has them, so they were set here
}

// canonical sorts what has no order, so that equal states are equal texts.
func (s State) canonical() State {
	sorted := func(list []string) []string {
		list = slices.Clone(list)
		slices.Sort(list)
		return slices.Compact(list)
	}
	s.GlobalRoles, s.Members, s.Access = sorted(s.GlobalRoles), sorted(s.Members), sorted(s.Access)
	s.Permissions, s.Scope = sorted(s.Permissions), sorted(s.Scope)
	return s
}

// Text is the state as it is kept and compared.
func (s State) Text() string {
	text, err := json.Marshal(s.canonical())
	if err != nil {
		return "" // plain values always encode
	}
	return string(text)
}

// ID names the object among all: `role:endpoint/EU triage`.
func (o Object) ID() string { return ID(o.Kind, o.Key) }

// ID names an object among all.
func ID(k Kind, key string) string { return string(k) + ":" + key }

// Key is how an object of a name is found, whatever its case.
func Key(name string) string { return fold(name) }

func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func roleKey(w rbac.Workload, name string) string { return w.String() + "/" + fold(name) }

func assignmentKey(s State) string {
	who := "user " + fold(s.User)
	if s.Group != "" {
		who = "group " + fold(s.Group)
	}
	key := roleKey(s.Workload, s.Name) + " to " + who
	if s.DisplayName != "" {
		key += " by " + fold(s.DisplayName)
	}
	return key
}

func user(s State, at Place) Object {
	return Object{Kind: KindUser, Key: fold(s.Name), Title: s.Name, State: s, At: at}
}

func group(s State, at Place) Object {
	return Object{Kind: KindGroup, Key: fold(s.Name), Title: s.Name, State: s, At: at}
}

func deviceGroup(s State, at Place) Object {
	return Object{Kind: KindDeviceGroup, Key: fold(s.Name), Title: s.Name, State: s, At: at}
}

func ranks(names []string) Object {
	return Object{Kind: KindRanks, Key: "device groups", Title: "the ranks of the device groups", State: State{Ranks: names}}
}

func role(s State, at Place) Object {
	return Object{Kind: KindRole, Key: roleKey(s.Workload, s.Name), Title: s.Workload.String() + "/" + s.Name, State: s, At: at}
}

func assignment(s State, at Place) Object {
	who := "user " + s.User
	if s.Group != "" {
		who = "group " + s.Group
	}
	return Object{Kind: KindAssignment, Key: assignmentKey(s), Title: s.Workload.String() + "/" + s.Name + " to " + who, State: s, At: at}
}
