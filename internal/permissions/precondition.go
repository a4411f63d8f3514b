package permissions

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

// State is one object of a policy as somebody who changes it sees it: nil if it is not there. Two administrators who change
// different objects never meet; the second writer of one object is told, and overwrites nothing.
type State func(*rbac.Snapshot) any

// Tag names a state: as long as it is the same, nobody has changed the object. It is in the form of an ETag.
func Tag(s *rbac.Snapshot, of State) string {
	object := of(s)
	if object == nil {
		return ""
	}
	text, err := json.Marshal(object)
	if err != nil {
		return "" // of texts, numbers and times: it can't fail, and what it can't be matches nothing
	}
	sum := sha256.Sum256(text)
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// If makes an operation refuse, with a fault.Changed, if the object is another by then than the tags name; "*" stands for
// any that is there, and no tags at all for whatever there is. It is asked in the transaction that makes the change, after
// the actor's rights.
func (op Operation) If(tags string, of State) Operation {
	if strings.TrimSpace(tags) == "" {
		return op
	}
	plan := op.plan
	op.plan = func(s *rbac.Snapshot, at time.Time) (proposal, error) {
		p, err := plan(s, at)
		is := Tag(s, of)
		fits := slices.ContainsFunc(strings.Split(tags, ","), func(tag string) bool {
			tag = strings.TrimSpace(tag)
			return is != "" && (tag == "*" || strings.TrimPrefix(tag, "W/") == is)
		})
		switch {
		case fits || len(p.needs) == 0:
			return p, err
		case is == "":
			return p, fault.Changed(op.name, "it is gone: somebody has removed it since you read it. Nothing was changed")
		}
		return p, fault.Changed(op.name, "somebody has changed it since you read it; it is %s now. Nothing was changed: read it again, see what is different, then repeat with that ETag", is)
	}
	return op
}

// RoleState is a role without its assignments: those are objects of their own.
func RoleState(id string) State {
	return func(s *rbac.Snapshot) any {
		return orNil(RoleByID(s, id))
	}
}

// AssignmentState is an assignment.
func AssignmentState(id string) State {
	return func(s *rbac.Snapshot) any { return orNil(s.Assignment(id)) }
}

// SetState is a set of assignments of a unified role, as far as the asker sees it.
func (a *Asker) SetState(id string) State {
	return func(s *rbac.Snapshot) any {
		on := *a
		on.Snapshot = s
		set, err := on.AssignmentsIn(id)
		return orNil(set, err == nil)
	}
}

// UserState is a user with the groups that they are in.
func UserState(name string) State {
	name = strings.ToLower(strings.TrimSpace(name))
	return func(s *rbac.Snapshot) any {
		u, ok := s.User(name)
		return orNil(member{u, s.GroupsOf(name)}, ok)
	}
}

// GroupState is a group with its members.
func GroupState(name string) State {
	return func(s *rbac.Snapshot) any { return orNil(s.Group(strings.TrimSpace(name))) }
}

// CeilingState is a delegation ceiling.
func CeilingState(name string) State {
	return func(s *rbac.Snapshot) any { return orNil(s.Ceiling(strings.TrimSpace(name))) }
}

// DeviceGroupsState is the whole list: rank is a matter of all of them.
func DeviceGroupsState(s *rbac.Snapshot) any { return s.DeviceGroups() }

// WorkloadState is whose roles decide in a workload, and whether its own count.
func WorkloadState(w rbac.Workload) State {
	return func(s *rbac.Snapshot) any {
		return [2]any{w != rbac.Endpoint || s.EndpointRoles(), s.Activation(w)}
	}
}

func orNil[T any](object T, there bool) any {
	if !there {
		return nil
	}
	return object
}
