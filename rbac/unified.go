package rbac

import (
	"fmt"
	"slices"
)

// Activation tells whose roles decide in a workload (S18).
type Activation uint8

// The states. The zero value leaves a workload to the product's own roles.
const (
	Off    Activation = iota // the product's own roles decide
	Shadow                   // they decide, and what the unified ones would have said is noted
	On                       // the unified roles decide
)

var activationNames = []string{"off", "shadow", "on"}

// String gives off, shadow or on.
func (a Activation) String() string {
	if int(a) < len(activationNames) {
		return activationNames[a]
	}
	return ""
}

// MarshalText writes the name.
func (a Activation) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads the name; an unknown one is an error.
func (a *Activation) UnmarshalText(text []byte) error {
	n := slices.Index(activationNames, string(text))
	if n < 0 {
		return fmt.Errorf("unknown activation %q: want off, shadow or on", text)
	}
	*a = Activation(n)
	return nil
}

// Activations are the states of the four workloads.
type Activations struct{ of [workloadCount]Activation }

// Of gives a workload's state.
func (a Activations) Of(w Workload) Activation {
	if int(w) < len(a.of) {
		return a.of[w]
	}
	return Off
}

// With gives the states with one of them changed. Only the four workloads have one.
func (a Activations) With(w Workload, state Activation) Activations {
	if w >= Endpoint && w <= Identity && state <= On {
		a.of[w] = state
	}
	return a
}

// In are the workloads that are in a state.
func (a Activations) In(state Activation) WorkloadSet {
	var set WorkloadSet
	for _, w := range Workloads {
		if a.of[w] == state {
			set |= SetOf(w)
		}
	}
	return set
}

// Equal tells whether two are the same.
func (a Activations) Equal(b Activations) bool { return a == b }

// Activation tells whose roles decide in a workload.
func (s *Snapshot) Activation(w Workload) Activation { return s.activation.Of(w) }

// Activations are the states of all workloads.
func (s *Snapshot) Activations() Activations { return s.activation }

// Shadow is the policy as it would be if each workload in shadow were on; nil if none is. It is made when it is first
// asked for.
func (s *Snapshot) Shadow() *Snapshot { return s.shadow() }

func (s *Snapshot) makeShadow() *Snapshot {
	var edits []Edit
	for _, w := range s.activation.In(Shadow).List() {
		edits = append(edits, SetActivation{w, On})
	}
	if len(edits) == 0 {
		return nil
	}
	made, err := s.With(edits...)
	if err != nil {
		return nil // no such edit can fail
	}
	return made
}

func (d *draft) setActivation(e SetActivation) error {
	if e.Workload < Endpoint || e.Workload > Identity || e.Activation > On {
		return fmt.Errorf("activation: workload %q takes no state %d", e.Workload, e.Activation)
	}
	if d.activation.Of(e.Workload) == e.Activation {
		return nil
	}
	d.activate(d.activation.With(e.Workload, e.Activation))
	d.dirtyAll()
	return nil
}

// activate keeps the states, and which bits of a word they leave to the unified roles.
func (d *draft) activate(a Activations) {
	d.activation, d.unified = a, 0
	for _, w := range a.In(On).List() {
		d.unified |= workloadMask(w)
	}
}

// workloadMask is all bits of a workload.
func workloadMask(w Workload) word { return endpointMask << (uint(w-1) * wordBits) }

// mask is all bits of the sources.
func (s Sources) mask() word {
	var m word
	for _, w := range Workloads {
		if s.Has(w) {
			m |= workloadMask(w)
		}
	}
	return m
}

// opensBy is what an assignment opens: of a unified role, what its data sources and their activation leave; of any
// other, what no activation takes away, and in endpoint nothing while the product's roles are off (S5, S18).
func (s *Snapshot) opensBy(a *assignment, r *role) word {
	if a.Role.Workload == Unified {
		return r.opens & a.mask & s.unified
	}
	opens := r.opens &^ s.unified
	if !s.endpointRoles {
		opens &^= endpointMask
	}
	return opens
}

// rolesDecide tells whether roles decide in endpoint at all: the product's own, or the unified ones.
func (s *Snapshot) rolesDecide() bool { return s.endpointRoles || s.activation.Of(Endpoint) == On }

// globalOpens is what a global role opens: everywhere, and on the open device groups only. Where unified roles decide in
// endpoint, readers and operators keep what is open to everyone (B6, B8, D5).
func (s *Snapshot) globalOpens(g *GlobalRole) (everywhere, onOpen word) {
	everywhere = s.meaning.globalWord(g, s.rolesDecide())
	if !g.Administrator && s.activation.Of(Endpoint) == On {
		for _, c := range g.Opens {
			if c <= AnalyticsEmail {
				onOpen |= bit(Endpoint, c) & s.meaning.applies
			}
		}
	}
	return everywhere, onOpen
}

// fills tells whether some permission opens a bit, as things are activated.
func (s *Snapshot) fills(want word) bool {
	if want&s.unified != 0 {
		return s.meaning.filledUnified&want != 0
	}
	return s.meaning.filled&want != 0
}

// CellOf names what opens a capability in a workload, any one of them: permissions of the product, or where unified
// roles decide, unified permissions.
func (s *Snapshot) CellOf(c Capability, w Workload) []string {
	if int(c) >= capabilityCount || s.meaning.rows[c] == nil {
		return nil
	}
	cell := s.meaning.rows[c].Cells[w]
	if s.activation.Of(w) == On {
		return cell.Unified
	}
	return cell.AnyOf
}
