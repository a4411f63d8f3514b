package investigation

import (
	"context"
	"encoding/json"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
)

// mostManaged is how many alerts are changed in one go: what a person can have chosen.
const mostManaged = 500

// Managed is what became of one alert of several.
type Managed struct {
	ID      string
	Changed bool
	Reason  string // why not, in the words that changing it alone would be refused with
}

// ManageAlerts makes the same change to several alerts, each on its own rights and with its own entry in the log: what may not
// be changed is left as it is, and told with the reason.
func (s *Service) ManageAlerts(ctx context.Context, actor audit.Actor, ids []string, change json.RawMessage, comment string) ([]Managed, error) {
	const op = "change alerts"
	if len(change) == 0 {
		change = json.RawMessage("{}")
	}
	o, err := readBody(change)
	switch {
	case len(ids) == 0 || len(ids) > mostManaged:
		return nil, fault.Invalid(op, "want 1 to %d alerts, not %d", mostManaged, len(ids))
	case err != nil:
		return nil, err
	case len(o) == 0 && comment == "":
		return nil, fault.Invalid(op, "there is nothing to change: want a change, a comment or both")
	}
	if _, err := readChange(alerts, change); err != nil {
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
		if len(o) > 0 {
			_, err = s.UpdateAlert(ctx, actor, id, change, "", Form{})
		}
		if err == nil && comment != "" {
			_, err = s.CommentAlert(ctx, actor, id, said)
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
