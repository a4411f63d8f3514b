// Package imports brings what other products export - roles, members, device groups, people - into the policy. An export is
// read whole or not at all; each thing it holds becomes an object, in one form whatever format it came in, or is told as not
// eligible with the reason. What an import made before is compared with what it brings now and with what is there: so importing
// again updates, a complete export also removes, and what was changed here meanwhile is told as a conflict.
package imports

import (
	"fmt"

	"github.com/bailiwick/bailiwick/rbac"
)

// MaxSize is how large one file may be, in bytes.
const MaxSize = 32 << 20

// Product is where an export comes from.
type Product string

// The products.
const (
	Endpoint  Product = "endpoint"  // roles and device groups
	Office365 Product = "office365" // role groups, their members, role assignments
	CloudApps Product = "cloudapps" // the admin list
	Identity  Product = "identity"  // members of the Azure ATP groups
	Directory Product = "directory" // users, groups, directory roles
	Unified   Product = "unified"   // role definitions and assignments
)

// Products are all of them.
var Products = []Product{Endpoint, Office365, CloudApps, Identity, Directory, Unified}

// Workload is that whose roles the product keeps; Other for the directory.
func (p Product) Workload() rbac.Workload {
	switch p {
	case Endpoint:
		return rbac.Endpoint
	case Office365:
		return rbac.Office365
	case CloudApps:
		return rbac.CloudApps
	case Identity:
		return rbac.Identity
	case Unified:
		return rbac.Unified
	}
	return rbac.Other
}

// File is one export as it was handed over.
type File struct {
	Name string
	Data []byte
}

// Place is where in the exports something stands.
type Place struct {
	File  string
	Item  int    // the row or the member of the list, from 1; 0: the file itself
	Field string // empty: all of it
}

// String gives `roles.csv, row 3, permissions`.
func (p Place) String() string {
	s := p.File
	if p.Item > 0 {
		s += fmt.Sprintf(", item %d", p.Item)
	}
	if p.Field != "" {
		s += ", " + p.Field
	}
	return s
}

// Fault is why an export can't be read: something in it is not what the format has. Nothing of it is taken then.
type Fault struct {
	At   Place
	What string
	Want string // what would be right
}

func (f *Fault) Error() string {
	if f.Want == "" {
		return fmt.Sprintf("%s: %s", f.At, f.What)
	}
	return fmt.Sprintf("%s: %s (want %s)", f.At, f.What, f.Want)
}

func wrong(at Place, want, what string, args ...any) error {
	return &Fault{At: at, What: fmt.Sprintf(what, args...), Want: want}
}

// Ineligible is something that an export holds and that is not taken, with the reason: the rest is.
type Ineligible struct {
	Kind Kind
	Name string
	At   Place
	Why  string
}

// Brought is what the exports of one product hold.
type Brought struct {
	Product Product
	Objects []Object // each once
	Out     []Ineligible
	Notes   []string // what was read otherwise than it stands there

	holders bool // it says who has directory roles; otherwise those stay
}
