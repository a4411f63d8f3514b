package rbac

import (
	"fmt"
	"strings"
	"time"
)

// UngroupedDevices is the device group of every device that no rule matches. It always exists and ranks last; a
// policy that does not name it leaves it open to everyone (S6).
const UngroupedDevices = "Ungrouped devices (default)"

// EndpointAdministrator is the built-in endpoint role: every endpoint permission, on every device (S6).
const EndpointAdministrator = "Microsoft Defender for Endpoint administrator (default)"

// Policy is who has what: all that a decision depends on, as plain values. Names are keys: unique within their
// kind whatever their case, and spelt alike wherever they are used. The roles of the Catalog are always there and
// are not repeated in Roles.
type Policy struct {
	Revision      int64 // counts changes; carried into every answer, interpreted by nobody
	EndpointRoles bool  // the roles switch of endpoint (S5)
	Activation    Activations
	Users         []User
	Groups        []Group
	DeviceGroups  []DeviceGroup // in rank order, highest first
	Roles         []Role
	Assignments   []Assignment
	Ceilings      []Ceiling
}

// User is a person, or a program that signs in like one.
type User struct {
	Name        string // user principal name, in lower case
	DisplayName string
	GlobalRoles []string  // names of the catalogue's global roles
	Disabled    bool      // may do nothing
	NotAfter    time.Time // from then on may do nothing; zero: no end
}

// Group is a set of users; access is given to groups more often than to users.
type Group struct {
	Name        string
	Description string
	Members     []string // user names
}

// Match is a device group's rule: values of a key are alternatives, keys must all hold, `*` stands for any
// characters. A rule without any value matches no device.
type Match struct {
	Name, Domain, Tag, OS []string
}

// DeviceGroup is a rank-ordered set of devices. Each device is in the first group whose rule it matches.
type DeviceGroup struct {
	Name        string
	Description string
	Match       Match
	Remediation string   // automation level, as in permissions.md 2.4; empty: none set
	Open        bool     // to every assignment; a stored flag, not an empty list (S6)
	Access      []string // groups whose assignments reach it
}

// RoleKind tells where a role comes from.
type RoleKind uint8

// The kinds. Roles of the catalogue are built in or default; the others are the policy's.
const (
	CustomRole RoleKind = iota
	ImportedRole
	DefaultRole // comes with the product; members are editable, permissions are not
	BuiltInRole // the endpoint administrator role
)

// String gives custom, imported, default or built-in.
func (k RoleKind) String() string {
	return [...]string{"custom", "imported", "default", "built-in"}[k&3]
}

// Role is a named set of permissions of one workload - or, with the workload Unified, of unified permissions, which
// mean something in each workload that an assignment names as a data source (S18).
type Role struct {
	ID          string // opaque, for links
	Workload    Workload
	Name        string
	Kind        RoleKind
	Description string
	Permissions []string // in the catalogue's spelling
}

// Ref names the role.
func (r Role) Ref() RoleRef { return RoleRef{r.Workload, r.Name} }

// RoleRef names a role: names are unique within a workload.
type RoleRef struct {
	Workload Workload
	Name     string
}

// Assignment says: this principal has this role, within this scope, within this time.
type Assignment struct {
	ID        string // opaque, unique
	Role      RoleRef
	User      string // either User
	Group     string // or Group is set
	Scope     Scope
	NotBefore time.Time // zero: from the start
	NotAfter  time.Time // zero: without end. The end itself is outside

	// Of unified roles only (S18):
	Sources     Sources `json:",omitzero"`
	Name        string  `json:",omitzero"` // what people call it
	Description string  `json:",omitzero"` // what it is for
	Set         string  `json:",omitzero"` // assignments of one set are alike but for the principal, and are shown and changed as one
}

// inEndpoint tells whether the assignment is about devices.
func (a Assignment) inEndpoint() bool { return a.Role.Workload == Endpoint || a.Sources.Has(Endpoint) }

// Sources are the workloads whose data an assignment of a unified role is about. The zero value is none.
type Sources struct {
	All       bool        // every workload, those that come later too (B2)
	Workloads WorkloadSet // when All is false: only these
}

// MarshalText writes all, or the workloads with spaces between.
func (s Sources) MarshalText() ([]byte, error) {
	if s.All {
		return []byte("all"), nil
	}
	var names []string
	for _, w := range s.Workloads.List() {
		names = append(names, w.String())
	}
	return []byte(strings.Join(names, " ")), nil
}

// UnmarshalText reads what MarshalText writes; an unknown name is an error.
func (s *Sources) UnmarshalText(text []byte) error {
	*s = Sources{}
	if string(text) == "all" {
		s.All = true
		return nil
	}
	for _, name := range strings.Fields(string(text)) {
		w, ok := ParseWorkload(name)
		if !ok || w == Other {
			return fmt.Errorf("unknown data source %q: want all, or some of endpoint, office365, cloudapps and identity", name)
		}
		s.Workloads |= SetOf(w)
	}
	return nil
}

// Has tells whether a workload is among the sources.
func (s Sources) Has(w Workload) bool {
	return w >= Endpoint && w <= Identity && (s.All || s.Workloads.Has(w))
}

// List gives the sources that there are today, in the document's order.
func (s Sources) List() []Workload {
	var list []Workload
	for _, w := range Workloads {
		if s.Has(w) {
			list = append(list, w)
		}
	}
	return list
}

// Scope narrows an assignment to device groups (S6). The zero value reaches no device; outside endpoint only All is
// taken, and of a unified role only what it reaches in endpoint is narrowed.
type Scope struct {
	All          bool     // whatever the principal's access gives; the only scope outside endpoint
	DeviceGroups []string // when All is false: only these
}
