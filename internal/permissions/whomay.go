package permissions

import (
	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
)

// WhoMay lists who may see or change a thing that the asker sees, with every path. It takes roles.view in each workload
// that the thing belongs to: a path through another would tell of roles there.
func (a *Asker) WhoMay(q rbac.WhoMay) (rbac.Holders, error) {
	const op = "ask who may"
	var lacks []string
	asked := rbac.WorkloadSet(0)
	for _, r := range q.Scopes {
		asked |= rbac.SetOf(r.Workloads...)
	}
	for _, w := range asked.List() {
		if !a.Can(rbac.ViewRoles, w) {
			lacks = append(lacks, catalog.Needs(rbac.ViewRoles, w, a.Snapshot.Activations()))
		}
	}
	if len(lacks) > 0 || asked == 0 {
		if asked == 0 {
			lacks = append(lacks, "nothing is asked about")
		}
		return rbac.Holders{}, fault.Denied(op, "%s", lacks[0]).WithLacks(lacks...)
	}
	if q.At.IsZero() {
		q.At = a.service.now()
	}
	return a.Snapshot.WhoMay(q), nil
}
