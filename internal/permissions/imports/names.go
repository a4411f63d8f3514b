package imports

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Names are groups that were renamed here: the name that they had, in lower case, and the one that they have. The
// products' exports, and the notes of earlier imports, name them as they were.
type Names map[string]string

// Of leaves the names by which the exports mean one group. Where they name several that would be one here, which of them is
// meant nobody can tell: all stay as the exports name them, and the plan lists what conflicts.
func (n Names) Of(b *Brought) Names {
	if len(n) == 0 {
		return nil
	}
	named := map[string]map[string]bool{} // what the exports name, by what that is here
	mentions := func(name string) {
		here := fold(name)
		if now, ok := n[here]; ok {
			here = fold(now)
		}
		if named[here] == nil {
			named[here] = map[string]bool{}
		}
		named[here][fold(name)] = true
	}
	for _, o := range b.Objects {
		switch o.Kind {
		case KindGroup:
			mentions(o.State.Name)
		case KindAssignment:
			mentions(o.State.Group)
		case KindDeviceGroup:
			for _, name := range o.State.Access {
				mentions(name)
			}
		}
	}
	for _, out := range b.Out {
		if out.Kind == KindGroup {
			mentions(out.Name)
		}
	}
	of := Names{}
	for former, now := range n {
		if len(named[fold(now)]) < 2 {
			of[former] = now
		}
	}
	return of
}

// Under gives what the exports bring with the groups under the names that they have here: one that was renamed is no new
// one, and whatever was given to it there is given to it here. A note tells of each.
func (b *Brought) Under(names Names) *Brought {
	if len(names) == 0 {
		return b
	}
	under := *b
	under.Objects, under.Out, under.Notes = slices.Clone(b.Objects), slices.Clone(b.Out), slices.Clip(b.Notes)
	told := map[string]string{}
	for i := range under.Objects {
		o := &under.Objects[i]
		o.Key, o.State = names.object(o.Kind, o.Key, o.State, told)
		if o.Kind == KindGroup || o.Kind == KindAssignment {
			o.Title = titleOf(o.Kind, o.State)
		}
	}
	for i := range under.Out {
		if out := &under.Out[i]; out.Kind == KindGroup { // what is here of it stays, under its name
			_, s := names.object(KindGroup, "", State{Name: out.Name}, told)
			out.Name = s.Name
		}
	}
	for _, name := range slices.Sorted(maps.Keys(told)) {
		under.Notes = append(under.Notes, fmt.Sprintf("the group %s of the exports was renamed here: it is %s, and keeps that name", name, told[name]))
	}
	return &under
}

// Note gives a note of an earlier import with the groups under the names that they have now.
func (n Names) Note(id, state, kept string) (string, string, string) {
	kind, key, _ := strings.Cut(id, ":")
	if len(n) == 0 || Kind(kind) != KindGroup && Kind(kind) != KindAssignment && Kind(kind) != KindDeviceGroup {
		return id, state, kept
	}
	told := map[string]string{}
	key, was := n.object(Kind(kind), key, readState(state), told)
	if len(told) == 0 {
		return id, state, kept
	}
	if kept != "" && kept != "nothing" {
		_, stays := n.object(Kind(kind), key, readState(kept), told)
		kept = stays.Text()
	}
	return ID(Kind(kind), key), was.Text(), kept
}

// object renames what an object is, or names. told collects which names were others.
func (n Names) object(k Kind, key string, s State, told map[string]string) (string, State) {
	rename := func(name *string) {
		if now, ok := n[fold(*name)]; ok {
			told[*name] = now
			*name = now
		}
	}
	switch k {
	case KindGroup:
		rename(&s.Name)
		key = fold(s.Name)
	case KindAssignment:
		rename(&s.Group)
		key = assignmentKey(s)
	case KindDeviceGroup:
		s.Access = slices.Clone(s.Access)
		for i := range s.Access {
			rename(&s.Access[i])
		}
	}
	return key, s
}
