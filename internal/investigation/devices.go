package investigation

import (
	"context"
	"strings"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Device finds a device by its id, if the reader sees its device group (S7). A device that nothing describes is for readers
// of every device group (S8).
func (s *Service) Device(ctx context.Context, reader, id string) (store.Device, error) {
	var device store.Device
	err := s.view(ctx, reader, func(v *sight) error {
		found, known, err := v.tx.Device(strings.ToLower(id))
		if err != nil {
			return err
		}
		item := rbac.Item{Workloads: rbac.SetOf(rbac.Endpoint), DeviceGroups: []string{found.Group}, EveryGroup: !found.Known}
		if !known || !v.see.Opens(item) {
			return fault.NotFound("device", "there is no device %q", shorten(id))
		}
		device = found
		return nil
	})
	return device, err
}
