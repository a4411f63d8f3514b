package investigation

import (
	"context"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Device finds a device by its id, if the reader sees its device group (S7). A device that nothing describes is for readers
// of every device group (S8).
func (s *Service) Device(ctx context.Context, reader, id string) (store.Device, error) {
	var device store.Device
	err := s.view(ctx, reader, func(v *sight) (err error) {
		device, err = v.findDevice(id)
		return err
	})
	return device, err
}

// DeviceMove is a device that other rules would put into another group.
type DeviceMove struct {
	ID, Name, From, To string
}

// DeviceMoves is what rules would do to the devices that a reader sees.
type DeviceMoves struct {
	Moves []DeviceMove // at most 200, by id
	Total int          // of all that would move
	Seen  int          // that were looked at: all that the reader sees
}

const (
	shownMoves  = 200
	devicesPage = 5000
)

// DeviceMoves asks the rules of device groups where each device would be. renamed has the names that groups bore until now by
// those they are to have. It tells of devices that the reader sees, and of no others.
func (s *Service) DeviceMoves(ctx context.Context, reader string, groups []rbac.DeviceGroup, renamed map[string]string) (DeviceMoves, error) {
	var found DeviceMoves
	rules := s.group(groups)
	err := s.view(ctx, reader, func(v *sight) error {
		found = DeviceMoves{Moves: []DeviceMove{}}
		q := store.DeviceQuery{All: v.see.AllDevices(), Groups: v.see.DeviceGroups(), Limit: devicesPage}
		for {
			page, err := v.tx.Devices(q)
			if err != nil {
				return err
			}
			for _, d := range page {
				found.Seen++
				to := rules(d)
				if was, ok := renamed[to]; to == d.Group || (ok && was == d.Group) {
					continue
				}
				if found.Total++; len(found.Moves) < shownMoves {
					found.Moves = append(found.Moves, DeviceMove{ID: d.ID, Name: d.Name, From: d.Group, To: to})
				}
			}
			if len(page) < devicesPage {
				return nil
			}
			q.After = page[len(page)-1].ID
		}
	})
	return found, err
}
