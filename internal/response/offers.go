package response

import (
	"context"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Offer is a kind and whether somebody may ask for it: somewhere at least, or on one device.
type Offer struct {
	Kind
	May May
}

// Offers are all kinds, to anybody: they are no data. Where exactly an action acts is asked when somebody asks for it; of one device,
// they are the kinds that need nothing else, and a device that one neither sees nor acts on is not there.
func (s *Service) Offers(ctx context.Context, who audit.Actor, device string) ([]Offer, error) {
	var list []Offer
	err := s.view(ctx, who, func(d *desk) error {
		row, err := d.onDevice(device)
		if err != nil {
			return err
		}
		for _, k := range Kinds {
			o := Offer{Kind: k}
			switch {
			case device != "" && (!k.ByHand || !slices.Equal(k.Needs, []Need{NeedDevice})):
				continue
			case !k.ByHand:
				o.May.Reason = "it comes from the product's own automation"
			case device != "" && d.acts(row), device == "" && (d.who.Local || d.act.Workload(k.Workload)):
				o.May.Allowed = true
			case device != "":
				o.May.Reason = d.lack(row)
			default:
				o.May.Reason = catalog.Needs(rbac.Remediate, k.Workload, d.snapshot.Activations())
			}
			list = append(list, o)
		}
		return nil
	})
	return list, err
}

// onDevice is an action that would act on a device; of none, if there is no id.
func (d *desk) onDevice(id string) (store.ActionRow, error) {
	row := store.ActionRow{Action: store.Action{Workload: rbac.Endpoint, Device: strings.ToLower(id)}}
	if id == "" {
		return row, nil
	}
	device, known, err := d.tx.Device(row.Device)
	row.DeviceGroup, row.DeviceKnown = device.Group, device.Known
	if err == nil && (!known || !d.sees(row) && !d.acts(row)) {
		err = fault.NotFound("device", "there is no device %q", shorten(id))
	}
	return row, err
}
