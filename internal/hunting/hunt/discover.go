package hunt

import (
	"context"

	"github.com/bailiwick/bailiwick/internal/hunting/emit"
	"github.com/bailiwick/bailiwick/internal/hunting/kql"
	"github.com/bailiwick/bailiwick/internal/hunting/worker"
)

// rounds is how many operators of a query may make columns that only data tells.
const rounds = 8

// discover looks up which columns bag_unpack and pivot make of the rows in reach, and binds the query anew with them.
func (h *Hunter) discover(ctx context.Context, p *Prepared, lists map[string][]string) error {
	found := map[int][]kql.Column{}
	for n := emit.Untold(p.plan.Query().Root); n != nil; n = emit.Untold(p.plan.Query().Root) {
		if len(found) == rounds {
			return notBuilt(&emit.NotBuilt{What: "The query makes columns of values too often."})
		}
		o, job, err := h.job(p, lists)
		if err != nil {
			return err
		}
		s, err := emit.Names(p.plan, n, o)
		if err != nil {
			return notBuilt(err)
		}
		take(&job, s)
		var told names
		if _, err := h.Workers.Run(ctx, p.reader, job, &told); err != nil {
			return stopped(err)
		}
		columns, err := emit.Found(n, told.names, told.kinds)
		if err != nil {
			return notBuilt(err)
		}
		list := []kql.Column{}
		for _, c := range columns {
			list = append(list, kql.Column{Name: c.Name, Type: c.Type})
		}
		found[emit.NumberOf(n)] = list
		if err := p.bind(p.rights, found); err != nil {
			return err
		}
	}
	return nil
}

// names takes what was looked up.
type names struct{ names, kinds []string }

func (n *names) Columns([]worker.Column) error { return nil }
func (n *names) Row(values []any) error {
	name, _ := values[0].(string)
	kind, _ := values[1].(string)
	n.names, n.kinds = append(n.names, name), append(n.kinds, kind)
	return nil
}
