// Package policyfile reads and writes the policy file: who has what, as text that people review. A file is taken whole
// or not at all, and every fault in it is told with its line and the nearest name that would be right.
package policyfile

import (
	"slices"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

// APIVersion is the only one there is.
const APIVersion = "bailiwick/v1"

// MaxSize is how large a file may be, in bytes: 100,000 people fit.
const MaxSize = 32 << 20

// File is a policy file that makes sense by itself. Names that it uses without declaring them are looked up when it is
// planned.
type File struct {
	Name          string
	endpointRoles *bool
	activations   []activation
	users         []user
	groups        []group
	deviceGroups  []deviceGroup
	roles         []role
	ceilings      []ceiling

	source []byte
	spans  map[string]span // of sections and objects, by section and name
}

// place is where in the file something stands.
type place struct{ line, column int }

// named is a name that the file uses, and where.
type named struct {
	name string
	at   place
}

type user struct {
	rbac.User
	at place
}

type group struct {
	name, description string
	members           []named
	at                place
}

type deviceGroup struct {
	rbac.DeviceGroup // without Access
	access           []named
	unsaid           bool // no `access:`, which opens it to everyone (S6)
	at               place
}

type role struct {
	rbac.Role
	product     bool // comes with the product: only its assignments are the file's
	assignments []assignment
	at          place
}

type assignment struct {
	groups, users       []named
	scoped              bool
	scope               []named
	notBefore, notAfter time.Time
	sources             rbac.Sources // of a unified role
	name, description   string       // of a unified role's
	at                  place
}

// remediations are the automation levels of device groups.
var remediations = catalog.RemediationLevels

// Sees are the workloads whose roles one must be able to view to know all that the file is about: those of its roles,
// endpoint for device groups, and Other for people, ceilings, or nothing at all.
func (f *File) Sees() []rbac.Workload {
	set := rbac.SetOf(f.Workloads()...)
	if len(f.deviceGroups) > 0 || f.endpointRoles != nil {
		set |= rbac.SetOf(rbac.Endpoint)
	}
	if len(f.users)+len(f.groups)+len(f.ceilings)+len(f.activations) > 0 || f.Spans() || set == 0 {
		set |= rbac.SetOf(rbac.Other)
	}
	return set.List()
}

// Spans tells whether the file is about unified roles: of which workloads, it is for those to know who see all of them.
func (f *File) Spans() bool {
	return slices.ContainsFunc(f.roles, func(r role) bool { return r.Workload == rbac.Unified })
}

// Workloads are those whose roles the file is about.
func (f *File) Workloads() []rbac.Workload {
	var set rbac.WorkloadSet
	for _, r := range f.roles {
		set |= rbac.SetOf(r.Workload)
	}
	return set.List()
}
