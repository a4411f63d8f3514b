package rbac

// Edit is one change to a policy. Edits are values: the store writes the same ones that a snapshot takes, so the
// two can't drift apart.
type Edit interface{ edit() }

// PutUser adds a user or replaces the one of that name; memberships stay.
type PutUser struct{ User User }

// RemoveUser removes a user, the memberships and the assignments of their own.
type RemoveUser struct{ Name string }

// PutGroup adds a group or replaces the one of that name, members included.
type PutGroup struct{ Group Group }

// RemoveGroup removes a group, its assignments, and its name from every device group's access - which closes a
// device group for its members and never opens one (S6).
type RemoveGroup struct{ Name string }

// PutRole adds a role or replaces the one of that name; assignments stay.
type PutRole struct{ Role Role }

// RemoveRole removes a role and its assignments.
type RemoveRole struct{ Role RoleRef }

// PutAssignment adds an assignment or replaces the one of that id.
type PutAssignment struct{ Assignment Assignment }

// RemoveAssignment removes an assignment.
type RemoveAssignment struct{ ID string }

// SetDeviceGroups replaces all device groups, in rank order. Scopes lose the names that are gone; one that loses
// its last name reaches nothing.
type SetDeviceGroups struct{ DeviceGroups []DeviceGroup }

// SetEndpointRoles flips the roles switch of endpoint (S5).
type SetEndpointRoles struct{ On bool }

// SetActivation says who decides in a workload: the product's own roles or the unified ones (S18).
type SetActivation struct {
	Workload   Workload
	Activation Activation
}

// SetRevision records which revision the policy is.
type SetRevision struct{ Revision int64 }

func (PutUser) edit()          {}
func (RemoveUser) edit()       {}
func (PutGroup) edit()         {}
func (RemoveGroup) edit()      {}
func (PutRole) edit()          {}
func (RemoveRole) edit()       {}
func (PutAssignment) edit()    {}
func (RemoveAssignment) edit() {}
func (SetDeviceGroups) edit()  {}
func (SetEndpointRoles) edit() {}
func (SetActivation) edit()    {}
func (SetRevision) edit()      {}
