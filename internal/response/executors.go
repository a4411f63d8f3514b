package response

import (
	"context"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/outbox"
	"github.com/bailiwick/bailiwick/rbac"
)

// Carrier is an executor as the configuration has it, without what it is signed with.
type Carrier struct {
	Name, Kind string // webhook, graph or manual
	Host       string // scheme and host of its address; empty: it has none
	Workloads  []rbac.Workload
	Types      []string
	Patience   time.Duration
}

// Carriers are those who carry actions out, in the order in which they are asked, to who may change the centre's settings.
func (s *Service) Carriers(ctx context.Context, who audit.Actor) ([]Carrier, error) {
	var list []Carrier
	err := s.view(ctx, who, func(d *desk) error {
		if may := d.maySetRules(); !may.Allowed {
			return fault.Denied("list executors", "%s", may.Reason).WithLacks(may.Reason)
		}
		for _, r := range s.executors {
			c := Carrier{Name: first(r.Name, ByHand), Workloads: r.Workloads, Types: r.Types, Patience: r.patience()}
			c.Kind, c.Host = kindOf(r.Executor)
			list = append(list, c)
		}
		return nil
	})
	return list, err
}

func kindOf(e Executor) (kind, host string) {
	switch e := e.(type) {
	case byHand:
		return ByHand, ""
	case *Graph:
		return "graph", outbox.HostOf(e.base.String())
	case interface{ Host() string }:
		return "webhook", e.Host()
	}
	return "webhook", ""
}

// Host is scheme and host of a webhook's address.
func (w *Webhook) Host() string { return outbox.HostOf(w.url) }
