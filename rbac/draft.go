package rbac

import (
	"errors"
	"fmt"
	"slices"
)

// draft is a snapshot in the making: it writes what it has copied, and shares the rest with the one it came from.
type draft struct {
	Snapshot
	token *token
	dirty map[id]bool // holders whose set is to be compiled again
}

// Compile checks the policy and makes a snapshot. Every fault of the policy is reported, joined into one error;
// each names its object. The policy's slices are kept: the caller gives them away.
func Compile(c *Catalog, p Policy) (*Snapshot, error) {
	m, err := compileCatalog(c)
	if err != nil {
		return nil, err
	}
	d := &draft{token: new(token), dirty: map[id]bool{}}
	d.meaning, d.lineage, d.revision, d.endpointRoles = m, d.token, p.Revision, p.EndpointRoles
	d.activate(p.Activation)
	d.devices = newDevices(nil)
	d.addHolder(&holder{kind: nobody}) // number 0
	d.globals = make(map[string]id, len(c.GlobalRoles))
	for i := range c.GlobalRoles {
		d.globals[c.GlobalRoles[i].Name] = d.addHolder(&holder{kind: globalHolder, global: &c.GlobalRoles[i]})
	}

	var faults []error
	fault := func(err error) {
		if err != nil {
			faults = append(faults, err)
		}
	}
	for i := range c.Roles {
		fault(d.putRole(c.Roles[i]))
	}
	d.userNames.expect(d.token, len(p.Users))
	d.groupNames.expect(d.token, len(p.Groups))
	d.assignmentNames.expect(d.token, len(p.Assignments))
	for i := range p.Users {
		if _, ok := d.User(p.Users[i].Name); ok {
			fault(fmt.Errorf("user %q: stands twice", p.Users[i].Name))
			continue
		}
		fault(d.putUser(&p.Users[i]))
	}
	for i := range p.Groups {
		if d.group(p.Groups[i].Name) != nil {
			fault(fmt.Errorf("group %q: stands twice", p.Groups[i].Name))
			continue
		}
		fault(d.putGroup(&p.Groups[i]))
	}
	fault(d.setDeviceGroups(p.DeviceGroups))
	for _, r := range p.Roles {
		if d.role(r.Ref()) != nil {
			fault(fmt.Errorf("role %q of %s: stands twice", r.Name, r.Workload))
			continue
		}
		fault(d.putPolicyRole(r))
	}
	for i := range p.Assignments {
		if _, ok := d.Assignment(p.Assignments[i].ID); ok {
			fault(fmt.Errorf("assignment %q: stands twice", p.Assignments[i].ID))
			continue
		}
		fault(d.putAssignment(p.Assignments[i]))
	}
	for i := range p.Ceilings {
		if _, ok := d.Ceiling(p.Ceilings[i].Name); ok {
			fault(fmt.Errorf("ceiling %q: stands twice", p.Ceilings[i].Name))
			continue
		}
		fault(d.putCeiling(p.Ceilings[i]))
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	d.userNames.settle()
	d.groupNames.settle()
	d.roleNames.settle()
	d.assignmentNames.settle()
	return d.done(), nil
}

// With makes a snapshot that has the edits and shares the rest. An edit that does not fit is an error; the
// receiver is never changed.
func (s *Snapshot) With(edits ...Edit) (*Snapshot, error) {
	d := &draft{Snapshot: *s, token: new(token), dirty: map[id]bool{}}
	for _, e := range edits {
		if err := d.apply(e); err != nil {
			return nil, err
		}
	}
	return d.done(), nil
}

func (d *draft) apply(e Edit) error {
	switch e := e.(type) {
	case PutUser:
		return d.putUser(&e.User)
	case RemoveUser:
		return d.removeUser(e.Name)
	case PutGroup:
		return d.putGroup(&e.Group)
	case RemoveGroup:
		return d.removeGroup(e.Name)
	case PutRole:
		return d.putPolicyRole(e.Role)
	case RemoveRole:
		return d.removeRole(e.Role)
	case PutAssignment:
		return d.putAssignment(e.Assignment)
	case RemoveAssignment:
		return d.removeAssignment(e.ID)
	case SetDeviceGroups:
		return d.setDeviceGroups(e.DeviceGroups)
	case RenameDeviceGroup:
		return d.renameDeviceGroup(e)
	case RenameGroup:
		return d.renameGroup(e)
	case SetEndpointRoles:
		d.endpointRoles = e.On
		d.dirtyAll()
		return nil
	case PutCeiling:
		return d.putCeiling(e.Ceiling)
	case RemoveCeiling:
		return d.removeCeiling(e.Name)
	case SetActivation:
		return d.setActivation(e)
	case SetRevision:
		d.revision = e.Revision
		return nil
	}
	return fmt.Errorf("unknown edit %T", e)
}

// done compiles the sets that the edits touched and gives the snapshot away.
func (d *draft) done() *Snapshot {
	for h := range d.dirty {
		d.compileSet(h)
	}
	s := d.Snapshot
	s.finish()
	return &s
}

func (d *draft) dirtyAll() {
	for h := range d.holders.len {
		d.dirty[h] = true
	}
}

// holder gives a holder that the draft may write.
func (d *draft) holder(i id) *holder {
	h := *d.holders.at(i)
	if h.owner != d.token {
		c := *h
		c.owner = d.token
		c.members = slices.Clone(h.members)
		c.assignments = slices.Clone(h.assignments)
		h = &c
		*d.holders.mut(d.token, i) = h
	}
	return h
}

func (d *draft) addHolder(h *holder) id {
	h.owner = d.token
	i := d.holders.add(d.token, h)
	d.sets.add(d.token, set{})
	d.quick.add(d.token, quick{on: nowhere})
	d.dirty[i] = true
	return i
}

func (d *draft) join(user, h id) {
	p := d.people.mut(d.token, user)
	list := p.holders()
	*p = newPerson(p.flags(), append(list[:len(list):len(list)], h))
	w := d.holder(h)
	w.members = append(w.members, user)
}

func (d *draft) leave(user, h id) {
	p := d.people.mut(d.token, user)
	*p = newPerson(p.flags(), without(p.holders(), h))
	w := d.holder(h)
	w.members = without(w.members, user)
}

// without copies: the list may belong to another snapshot.
func without(list []id, x id) []id {
	kept := make([]id, 0, len(list))
	for _, i := range list {
		if i != x {
			kept = append(kept, i)
		}
	}
	return kept
}
