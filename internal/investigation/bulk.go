package investigation

import (
	"context"
	"encoding/json"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
)

// Managed is what became of one alert or incident of several.
type Managed struct {
	ID      string
	Changed bool
	Reason  string // why not, in the words that changing it alone would be refused with
}

// ManageAlerts makes the same change to several alerts, each on its own rights and with its own entry in the log: what may not
// be changed is left as it is, and told with the reason. seen are the times of last update that the actor has seen, by id: what has been
// changed since is one of those.
func (s *Service) ManageAlerts(ctx context.Context, actor audit.Actor, ids []string, change json.RawMessage, comment string, seen map[string]time.Time) ([]Managed, error) {
	return s.manageMany(alerts, ids, change, comment, seen,
		func(id string, body []byte, as state) error {
			_, err := s.updateAlert(ctx, actor, id, body, as, Form{})
			return err
		},
		func(id string, said []byte, as state) error {
			_, err := s.commentAlert(ctx, actor, id, said, as)
			return err
		})
}

// ManageIncidents does the same to several incidents (R17).
func (s *Service) ManageIncidents(ctx context.Context, actor audit.Actor, ids []string, change json.RawMessage, comment string, seen map[string]time.Time) ([]Managed, error) {
	return s.manageMany(incidents, ids, change, comment, seen,
		func(id string, body []byte, as state) error {
			_, err := s.updateIncident(ctx, actor, id, body, as, Form{})
			return err
		},
		func(id string, said []byte, as state) error {
			_, err := s.commentIncident(ctx, actor, id, said, as)
			return err
		})
}

func (s *Service) manageMany(c *collection, ids []string, change json.RawMessage, comment string, seen map[string]time.Time, update, say func(id string, body []byte, as state) error) ([]Managed, error) {
	op := "change " + c.things
	if len(change) == 0 {
		change = json.RawMessage("{}")
	}
	o, err := readBody(change)
	switch {
	case len(ids) == 0 || len(ids) > c.mostManaged:
		return nil, fault.Invalid(op, "want 1 to %d %s, not %d", c.mostManaged, c.things, len(ids))
	case err != nil:
		return nil, err
	case len(o) == 0 && comment == "":
		return nil, fault.Invalid(op, "there is nothing to change: want a change, a comment or both")
	}
	if _, err := readChange(c, change); err != nil {
		return nil, err
	}
	said, err := json.Marshal(map[string]string{"comment": comment})
	if err != nil {
		return nil, err
	}
	list := make([]Managed, 0, len(ids))
	done := map[string]bool{}
	for _, id := range ids {
		if done[id] {
			continue
		}
		done[id] = true
		var err error
		as := asOf(seen[id])
		if len(o) > 0 {
			err = update(id, change, as)
			as = asOf(time.Time{}) // it is our own change by now
		}
		if err == nil && comment != "" {
			err = say(id, said, as)
		}
		switch fault.KindOf(err) {
		case fault.KindUnavailable:
			return list, err // the rest would fail alike
		default:
			one := Managed{ID: id, Changed: err == nil}
			if err != nil {
				one.Reason = fault.Message(err)
			}
			list = append(list, one)
		}
	}
	return list, nil
}
