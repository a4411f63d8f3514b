package investigation

import (
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Raise takes alerts that were made here into the queue, the way a file's come: they are grouped, correlated and counted. It is part of
// somebody else's change, which has decided about it.
func (s *Service) Raise(tx store.Writer, snapshot *rbac.Snapshot, alerts []store.Alert) error {
	taker, now := tx.TakeRecords(s.group(snapshot.DeviceGroups())), s.now()
	for _, a := range alerts {
		r := notAhead(store.Record{Alert: &a}, now)
		if _, err := taker.Alert(*r.Alert); err != nil {
			return err
		}
	}
	window, err := tx.CorrelationWindow()
	if err != nil {
		return err
	}
	if err := taker.Correlate(window, now); err != nil {
		return err
	}
	return taker.Done()
}
