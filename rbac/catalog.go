package rbac

// Catalog is what the document says: which permissions there are, what each capability requires, which roles come
// with the products. Package catalog holds the one that the centre uses; the rules themselves are in this package.
type Catalog struct {
	Permissions  []Permission
	Requirements []Requirement
	Roles        []Role // built in and default: always there, their permissions fixed
	GlobalRoles  []GlobalRole
}

// Permission is one named right in one workload: the pair (Workload, Name), in the product's own spelling.
type Permission struct {
	ID       string // "E1"... for endpoint, else empty
	Workload Workload
	Name     string
	Aliases  []string // other spellings that loaders accept, the seed's among them
	Allows   string   // what it lets one do, in a sentence
	Manage   bool     // changes things; otherwise it only views them
	Reserved bool     // only built-in roles may hold it (E7)

	// Of the permissions of unified roles only:
	Category string   // such as "Security operations"
	Group    string   // of the category, such as "Security data"; empty: all of it
	Action   string   // the action string by which Microsoft Graph knows it, or a stable id of our own where none is known
	Includes []string // permissions that come with it: manage covers read, "all" covers its category (B1)
	All      bool     // stands for whatever its category or group has, now and later (B1)
}

// Requirement is a row of the table: what opens a capability in each workload.
type Requirement struct {
	ID         string // "T1"..."T6c"; "S14", "S16" for the centre's own
	Capability Capability
	Task       string   // in the document's words
	Part       string   // T6: which part of the row
	Surfaces   []string // T1: where it shows
	Cells      map[Workload]Cell
}

// Cell is what one workload requires: any one of AnyOf (S1). A cell with nothing in AnyOf opens for nobody by a
// custom role. A workload that has no cell in the row is not applicable: denied, for everyone (S4, R20).
type Cell struct {
	AnyOf   []string // names of permissions of the workload; for identity, of cloudapps (S2)
	Unified []string // names of unified permissions: any one of these, where unified roles decide (S18)
}

// GlobalRole is a directory role: its own path to access, never mixed with the table (S4, R16).
type GlobalRole struct {
	Name          string
	Aliases       []string
	Administrator bool         // every capability, every workload, all data; also while endpoint roles are on
	Opens         []Capability // of every workload where the row applies; not endpoint while endpoint roles are on
	WhileRolesOff []Capability // only while endpoint roles are off, in any workload (T5 of Security Operator)
	Listed        bool         // listed in the directory, opens nothing here
}
