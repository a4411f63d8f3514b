package investigation

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions/devices"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// DeviceQuery asks for one page of devices.
type DeviceQuery struct {
	Search string   // text in name, id, domain or a tag
	Groups []string // only those in these device groups; none: all
	Order  store.TallyOrder
	After  string // the Next of the page before
	Limit  int
}

// DeviceRow is a device and what the alerts in sight that name it come to.
type DeviceRow struct {
	store.Device
	store.Tally
}

// DevicePage is one page of them.
type DevicePage struct {
	Items  []DeviceRow
	Total  int
	Next   string  // empty: the last page
	Groups []Value // the device groups in reach, with how many devices each has
}

// Devices lists the devices whose device groups the reader sees (S7). One that nothing describes is for readers of every group (S8).
func (s *Service) Devices(ctx context.Context, who audit.Actor, q DeviceQuery) (DevicePage, error) {
	const op = "list devices"
	page := DevicePage{Items: []DeviceRow{}}
	err := s.viewAs(ctx, who, func(v *sight) error {
		if !v.owner && !v.see.Workload(rbac.Endpoint) {
			lack := lackSentence(v.snapshot, rbac.ViewInvestigation, rbac.Endpoint)
			return fault.Denied(op, "%s", lack).WithLacks(lack)
		}
		ask := store.DeviceQuery{All: v.owner || v.see.AllDevices(), Groups: v.see.DeviceGroups(), In: q.Groups, Search: q.Search, Limit: q.Limit + 1}
		var after []any
		if err := readAfter(q.After, &after); err != nil {
			return err
		}
		rows, err := v.tx.DeviceRows(ask, v.sight(), orderOf(q.Order), after)
		if err != nil {
			return err
		}
		if len(rows) > q.Limit {
			rows = rows[:q.Limit]
			if page.Next, err = writeAfter(rows[q.Limit-1].Cursor); err != nil {
				return err
			}
		}
		for _, row := range rows {
			page.Items = append(page.Items, DeviceRow{row.Device, row.Tally})
		}
		if page.Total, err = v.tx.CountDevices(ask); err != nil {
			return err
		}
		page.Groups, err = v.groupSizes(ask)
		return err
	})
	return page, err
}

// groupSizes counts the devices in reach by group, whichever is looked for.
func (v *sight) groupSizes(q store.DeviceQuery) ([]Value, error) {
	counts, err := v.tx.DeviceCounts(store.DeviceQuery{All: q.All, Groups: q.Groups})
	if err != nil {
		return nil, err
	}
	sizes := []Value{}
	for _, g := range v.snapshot.DeviceGroups() {
		if n := counts[g.Name]; n > 0 && (v.owner || v.see.DeviceGroup(g.Name)) {
			sizes = append(sizes, Value{g.Name, int64(n)})
		}
	}
	return sizes, nil
}

// DeviceItem is one device, with what evidence in sight tells of it.
type DeviceItem struct {
	store.Device
	AssetItem
	Described json.RawMessage // what its latest evidence in sight says; nil: nothing
	SignedIn  []SignedIn
	Namesakes []string // ids of other devices in reach that have its name: products that know no id tell a name only
	Why       *devices.Reason
	Rules     bool              // Why may tell of rank and patterns
	Actions   map[string]Action // tag
	Gone      bool              // it has just gone out of sight, and nothing else is told
}

// SignedIn is an account that evidence says was signed in to a device, and when that was said last.
type SignedIn struct {
	Account string
	At      time.Time
}

// DeviceItem gives one device by its id, if the reader sees its device group. A device out of reach is not found, like one that
// there is not, whatever alert in sight names it.
func (s *Service) DeviceItem(ctx context.Context, who audit.Actor, id string) (DeviceItem, error) {
	var item DeviceItem
	err := s.viewAs(ctx, who, func(v *sight) (err error) {
		d, err := v.findDevice(id)
		if err == nil {
			item, err = v.deviceItem(d)
		}
		return err
	})
	return item, err
}

func (v *sight) findDevice(id string) (store.Device, error) {
	id = strings.ToLower(id)
	d, known, err := v.tx.Device(id)
	if err != nil {
		return d, err
	}
	if !known || !v.owner && !v.see.Opens(ofDevice(d)) {
		return store.Device{}, fault.NotFound("device", "there is no device %q", shorten(id))
	}
	return d, nil
}

// ofDevice is what a device belongs to. One that nothing describes is for who reaches every group (S8).
func ofDevice(d store.Device) rbac.Item {
	return rbac.Item{Workloads: rbac.SetOf(rbac.Endpoint), DeviceGroups: []string{d.Group}, EveryGroup: !d.Known}
}

func (v *sight) deviceItem(d store.Device) (DeviceItem, error) {
	item := DeviceItem{Device: d, Namesakes: []string{}, SignedIn: []SignedIn{}}
	row, _, err := v.tx.Entity(store.EntityDevice, d.ID, v.sight())
	if err != nil {
		return item, err
	}
	if item.AssetItem, err = v.assetItem(Asset{Named{store.EntityDevice, d.ID}, d.Name, row.Tally}); err != nil {
		return item, err
	}
	item.Described, item.SignedIn = item.described, append(item.SignedIn, item.signedIn...)
	if d.Name != "" {
		list, err := v.tx.Devices(store.DeviceQuery{All: v.owner || v.see.AllDevices(), Groups: v.see.DeviceGroups(), Search: d.Name, Limit: 20})
		if err != nil {
			return item, err
		}
		for _, other := range list {
			if other.ID != d.ID && strings.EqualFold(other.Name, d.Name) {
				item.Namesakes = append(item.Namesakes, other.ID)
			}
		}
	}
	item.Rules = v.owner || v.knowsRules()
	if d.Known {
		// The rules of the policy in force; if the device was put where it is by others, nothing is said.
		why := devices.Why(v.snapshot.DeviceGroups(), devices.Device{Name: d.Name, Domain: d.Domain, OS: d.OS, Tags: d.AllTags()})
		if why.Group == d.Group {
			item.Why = &why
		}
	}
	item.Actions = map[string]Action{"tag": v.tagDevice(d)}
	return item, nil
}

// knowsRules tells whether the reader may know the rules of device groups (S16). Others are told what of a device its rule looks
// at, which they see anyway, and not what else the rule would take, nor how many rules come before it.
func (v *sight) knowsRules() bool {
	return slices.ContainsFunc([]rbac.Capability{rbac.ViewRoles, rbac.ManageSettings}, func(c rbac.Capability) bool {
		return v.snapshot.Decide(rbac.Request{Principal: v.reader, Capability: c, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Endpoint}}, At: v.at}).Allowed
	})
}

// describe reads a description of the device and who it says was signed in.
func (item *AssetItem) describe(e store.Evidence, groups map[string]string, at time.Time) {
	if item.Kind != store.EntityDevice {
		return
	}
	for _, host := range e.Hosts {
		if store.DeviceID(host) != item.Key {
			continue
		}
		if item.described == nil {
			host = slices.Clone(host)
			describe(&host, groups)
			item.described = host.JSON()
		}
		accounts, _ := store.ParseArray(host.Get("loggedOnUsers"))
		for _, text := range accounts {
			o, err := store.ParseObject(text)
			if err != nil {
				continue
			}
			name := strings.TrimPrefix(o.Text("domainName")+`\`+o.Text("accountName"), `\`)
			if name == "" || len(item.signedIn) == shownAlerts || slices.ContainsFunc(item.signedIn, func(s SignedIn) bool { return strings.EqualFold(s.Account, name) }) {
				continue
			}
			item.signedIn = append(item.signedIn, SignedIn{name, at})
		}
	}
}
