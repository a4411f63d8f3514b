package permissions

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Together makes one operation of several, each planned on what those before it leave behind. They are judged as one: what
// two changes do together is not the sum of both, for one may open what the other would have closed. All rights that they
// need are asked of the policy as it is before the first. Places in refusals are those in a list of changes.
func Together(operations ...Operation) Operation {
	if len(operations) == 1 {
		return operations[0].at("/changes/0")
	}
	read := func(r store.Reader) error {
		for _, op := range operations {
			if op.read == nil {
				continue
			}
			if err := op.read(r); err != nil {
				return err
			}
		}
		return nil
	}
	return Operation{name: "policy.change", read: read, plan: func(s *rbac.Snapshot, at time.Time) (proposal, error) {
		all := proposal{object: "policy"}
		var names []string
		for i, op := range operations {
			p, err := op.at("/changes/"+strconv.Itoa(i)).plan(s, at)
			for _, n := range p.needs {
				if !slices.Contains(all.needs, n) {
					all.needs = append(all.needs, n)
				}
			}
			if err != nil {
				return all, err
			}
			names = append(names, op.name+" "+p.object)
			all.edits = append(all.edits, p.edits...)
			if s, err = s.With(p.edits...); err != nil {
				return all, fault.Invalid(op.name, "%s", err.Error()).WithDetails(fault.Detail{Where: "/changes/" + strconv.Itoa(i), Problem: err.Error()})
			}
		}
		all.after = names
		return all, nil
	}}
}

// at puts a place before those that the operation's refusals name; the change itself is the place of those that name none.
func (op Operation) at(where string) Operation {
	plan := op.plan
	op.plan = func(s *rbac.Snapshot, at time.Time) (proposal, error) {
		p, err := plan(s, at)
		var refusal *fault.Error
		if !errors.As(err, &refusal) {
			return p, err
		}
		placed := *refusal
		placed.Details = slices.Clone(refusal.Details)
		if len(placed.Details) == 0 {
			placed.Details = []fault.Detail{{Where: "", Problem: fault.Message(err)}}
		}
		for i, d := range placed.Details {
			if d.Where == "" || strings.HasPrefix(d.Where, "/") {
				placed.Details[i].Where = where + d.Where
			}
		}
		return p, &placed
	}
	return op
}
