package rbac

import (
	"slices"
	"time"
)

// DeviceMove is one device that goes from a device group to another while the policy stays as it is: a tag does that.
type DeviceMove struct{ From, To string }

// MoveExcess is what principals would gain on a device by its move that actor does not hold on it where it is (S14): what
// is reached where it goes to and not where it comes from. Of a device group that there is not, all is lacking.
func (s *Snapshot) MoveExcess(actor string, m DeviceMove, at time.Time) []Lack {
	if m.From == m.To || s.Administrator(actor, at) {
		return nil
	}
	from, known := s.devices.ids[m.From]
	to, also := s.devices.ids[m.To]
	if !known || !also {
		return []Lack{{Workload: Endpoint, Everywhere: true}}
	}
	e := &excess{comparison: newComparison(s, s, instant(at)), actor: actor, mine: map[int64]grants{}}
	e.turns = e.actorTurns()
	e.moves = moves{from: newBitset(len(e.groups)), to: newBitset(len(s.devices.list))}
	e.moves.from.set(from)
	e.moves.to.set(to)
	for h := range s.holders.len {
		e.holder(h)
	}
	return e.sorted()
}

// MoveBreaches is how a device's move goes beyond the ceilings that bind actor: a ceiling that leaves not both device groups,
// or not what is held on them, leaves no move between them.
func (s *Snapshot) MoveBreaches(actor string, m DeviceMove, at time.Time) []Breach {
	var list []Breach
	if m.From == m.To {
		return nil
	}
	for _, c := range s.CeilingsOf(actor, at) {
		b := breaches{ceiling: c, before: s, after: s}
		if !c.Workloads.Has(Endpoint) {
			b.add(BreachWorkload, Endpoint, Endpoint.String())
		}
		for _, name := range []string{m.From, m.To} {
			if !c.DeviceGroups.Has(name) {
				b.add(BreachDeviceGroup, Endpoint, name)
			}
		}
		b.reaching(s, map[string]bool{m.From: true, m.To: true})
		list = append(list, b.found...)
	}
	return slices.Compact(list)
}
