package rbac

// Difference is one point at which a shadow would have answered otherwise than the policy that is in force.
type Difference struct {
	Workload    Workload
	DeviceGroup string // endpoint: where; empty: on every device group alike
	Unified     bool   // the unified roles would have allowed it and the product's own do not; else the other way round
}

// Differences are the points at which own and shadow differ, among workloads: two reaches of one user for one capability
// at one moment, of a snapshot and of its Shadow.
func Differences(own, shadow Reach, among WorkloadSet) []Difference {
	var list []Difference
	for _, w := range Workloads {
		if !among.Has(w) {
			continue
		}
		if w != Endpoint {
			if own.Workload(w) != shadow.Workload(w) {
				list = append(list, Difference{Workload: w, Unified: shadow.Workload(w)})
			}
			continue
		}
		list = append(list, endpointDifferences(own, shadow)...)
	}
	return list
}

func endpointDifferences(own, shadow Reach) []Difference {
	if own.snapshot == nil {
		return nil
	}
	var lost, gained []Difference
	for i, g := range own.snapshot.devices.list {
		switch was, is := own.on.has(id(i)), shadow.on.has(id(i)); {
		case was && !is:
			lost = append(lost, Difference{Workload: Endpoint, DeviceGroup: g.Name})
		case is && !was:
			gained = append(gained, Difference{Workload: Endpoint, DeviceGroup: g.Name, Unified: true})
		}
	}
	for _, all := range []*[]Difference{&lost, &gained} {
		if len(*all) == len(own.snapshot.devices.list) {
			(*all)[0].DeviceGroup = ""
			*all = (*all)[:1]
		}
	}
	return append(lost, gained...)
}
