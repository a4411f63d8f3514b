package store

import (
	"time"

	"github.com/bailiwick/bailiwick/rbac"
)

// ShadowDifference counts how often unified roles in shadow would have answered a request otherwise (S18). It holds
// nothing of the request but who asked for what, and where.
type ShadowDifference struct {
	User        string
	Workload    rbac.Workload
	Capability  rbac.Capability
	DeviceGroup string // endpoint: where; empty: on every device group alike
	Unified     bool   // the unified roles would have allowed it; else the product's own did
	Count       int64
	Last        time.Time
}

// ShadowReader reads the differences.
type ShadowReader interface {
	// ShadowDifferences gives those of the workloads, by user, workload, capability, device group and side.
	ShadowDifferences(among rbac.WorkloadSet) ([]ShadowDifference, error)
}

// ShadowWriter keeps the differences. SetActivation with Shadow forgets those of its workload: a shadow begins empty.
type ShadowWriter interface {
	// AddShadowDifferences adds the counts to those that are there. Of a user who is gone, or of a workload that is not in
	// shadow any more, nothing is kept. Once there are most differences, new ones are left out and counted in dropped;
	// those that are there go on counting.
	AddShadowDifferences(list []ShadowDifference, most int) (dropped int, err error)
}
