package hunt

import (
	"context"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/authorise"
	"github.com/bailiwick/bailiwick/internal/store"
)

// The policy and what is in reach are read one after the other. If they do not belong together - somebody is moving devices or rights at
// this moment - they are read again, so that no old right meets new data.
const attempts = 8

// ready authorises a query by the rights that its reader has now, and looks up what its scans are cut by, both by one state of the policy. It
// is bound anew if other tables can be named by now.
func (h *Hunter) ready(ctx context.Context, p *Prepared) (map[string][]string, error) {
	for range attempts {
		rights, err := h.rightsOf(ctx, p.reader, p.request)
		if err != nil {
			return nil, err
		}
		if rights.NamesAs(p.rights) {
			err = p.authorise(p.plan.Query(), rights)
		} else {
			err = p.bind(rights, nil)
		}
		if err != nil {
			return nil, err
		}
		var lists map[string][]string
		fits := true
		if names := p.plan.Lists(); len(names) > 0 {
			// After the policy, not within: who holds a connection must not wait for another one.
			err = h.Store.View(ctx, func(tx store.Reader) error {
				revision, err := tx.PolicyRevision()
				if fits = revision == p.plan.Revision(); err != nil || !fits {
					return err
				}
				lists, err = listsOf(tx, p.rights, names)
				return err
			})
		}
		if fits || err != nil {
			return lists, err
		}
	}
	return nil, fault.Unavailable("hunt", "the policy is changing at this moment; try again")
}

func listsOf(tx store.Reader, rights authorise.Rights, names []authorise.List) (map[string][]string, error) {
	lists := map[string][]string{}
	var sees, whole []int64
	classed := false
	for _, name := range names {
		var ids []string
		var err error
		switch name {
		case authorise.Devices, authorise.Exposed:
			ids, err = tx.DeviceIDs(rights.DeviceGroups(name))
		case authorise.Alerts, authorise.Whole:
			if !classed {
				if sees, whole, err = classesOf(tx, rights); err != nil {
					return nil, err
				}
				classed = true
			}
			of := sees
			if name == authorise.Whole {
				of = whole
			}
			ids, err = tx.AlertIDs(of)
		}
		if err != nil {
			return nil, err
		}
		lists[string(name)] = ids // empty: nothing is in reach
	}
	return lists, nil
}

func classesOf(tx store.Reader, rights authorise.Rights) (sees, whole []int64, err error) {
	classes, err := tx.AlertClasses(0)
	for _, c := range classes {
		s, w := rights.SeesAlert(c.Item)
		if s {
			sees = append(sees, c.ID)
		}
		if w {
			whole = append(whole, c.ID)
		}
	}
	return sees, whole, err
}

// whileAllowed gives a context that ends when the reader loses what the query rests on: somebody took a right away, or it ended.
func (h *Hunter) whileAllowed(ctx context.Context, p *Prepared) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	stands := p.plan.Stands // of this plan: columns that are found out make another, of the same scans
	go func() {
		tick := time.NewTicker(h.Watch)
		defer tick.Stop()
		unknown := 0
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			now, err := h.rightsOf(ctx, p.reader, p.request)
			if err != nil {
				if unknown++; unknown < attempts {
					continue // the policy cannot be read at this moment
				}
				cancel(fault.Unavailable("hunt", "whether you still may read this could not be found out, and the query was ended"))
				return
			}
			unknown = 0
			if !stands(now) {
				cancel(fault.Denied("hunt", "what you may read has changed while the query ran, and it was ended"))
				return
			}
		}
	}()
	return ctx, func() { cancel(nil) }
}
