package investigation

import (
	"encoding/json"
	"slices"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Told gives an alert as a reader sees it now, and those of its device groups that the reader reaches, within a View of somebody
// else on the policy of the snapshot. One out of sight is not found, like one that does not exist.
func (s *Service) Told(tx store.Reader, snapshot *rbac.Snapshot, reader, id string) (alert json.RawMessage, groups []string, found bool, err error) {
	known, err := s.classes.read(tx, snapshot)
	if err != nil {
		return nil, nil, false, err
	}
	v := s.sight(tx, snapshot, reader, known)
	row, found, err := tx.Alert(id, v.visible)
	if err != nil || !found {
		return nil, nil, false, err
	}
	groups = slices.DeleteFunc(slices.Clone(v.classes.item(row.Class).DeviceGroups), func(g string) bool { return !v.see.DeviceGroup(g) })
	alert, err = v.alert(row, Form{})
	return alert, groups, err == nil, err
}
