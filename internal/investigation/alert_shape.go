package investigation

import (
	"encoding/json"
	"hash/crc32"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// alert writes an alert as this reader may see it.
func (v *sight) alert(row store.AlertRow, form Form) (json.RawMessage, error) {
	o, err := store.ParseObject(row.Body)
	if err != nil {
		return nil, err
	}
	inIncident(&o, row.IncidentID)
	if form.wants("evidence") {
		evidence, err := v.evidence(row, form)
		if err != nil {
			return nil, err
		}
		o.Set("evidence", evidence)
	}
	if err := addComments(&o, row.Comments); err != nil {
		return nil, err
	}
	if row.Left {
		o.Set("@bailiwick.leftOut", json.RawMessage("true")) // it is too large to stand whole in this list
	}
	item := v.classes.item(row.Class)
	if form.Actions {
		groups := []string{}
		for _, g := range item.DeviceGroups {
			if v.see.DeviceGroup(g) {
				groups = append(groups, g)
			}
		}
		o.Set("@bailiwick.workloads", encode(item.Workloads.List()))
		o.Set("@bailiwick.deviceGroups", encode(groups))
		o.Set("@bailiwick.actions", encode(map[string]Action{"manage": v.manageAlert(row.Class)}))
	}
	return form.write(o, store.AlertEnums), nil
}

// inIncident writes the incident that an alert is in, which may be another than its record names: then the product's page of that one is
// not this one's.
func inIncident(o *store.Object, id string) {
	if id == "" || o.Text("incidentId") == id {
		return
	}
	o.Set("incidentId", store.Quote(id))
	if o.Get("incidentWebUrl") != nil {
		o.Set("incidentWebUrl", json.RawMessage("null"))
	}
}

// evidence writes the evidence in reach. The portal is told of each piece which things that have a page it names.
func (v *sight) evidence(row store.AlertRow, form Form) (json.RawMessage, error) {
	pieces, err := v.pieces(row)
	if err != nil {
		return nil, err
	}
	kept := make([]json.RawMessage, 0, len(pieces))
	for i := range pieces {
		o := &pieces[i].Object
		o.Drop(entitiesMember) // a record may bring anything
		if form.Actions {
			if named := v.pagesOf(row, pieces[i]); len(named) > 0 {
				o.Set(entitiesMember, encode(named))
			}
		}
		if !form.UnknownMembers {
			o.HideLate(store.EvidenceEnums)
		}
		kept = append(kept, o.JSON())
	}
	return store.AppendArray(nil, kept), nil
}

// pieces leaves out what is of devices out of reach, and says of those in reach which group they are in now: the group that the
// record named is the product's, and may have been another (S7).
func (v *sight) pieces(row store.AlertRow) ([]store.Evidence, error) {
	list, err := store.ParseArray(row.Evidence)
	if err != nil {
		return nil, err
	}
	reached := func(device string) bool {
		group, known := row.Devices[device]
		return known && (v.owner || v.see.DeviceGroup(group))
	}
	part := false
	if !v.owner && v.classes.item(row.Class).Workloads.Has(rbac.Endpoint) && !v.see.AllDevices() {
		for device := range row.Devices {
			part = part || !reached(device)
		}
	}
	// The group of a device is endpoint's to tell: alerts of the other products name devices, too.
	groups := make(map[string]string, len(row.Devices))
	for device, group := range row.Devices {
		if reached(device) {
			groups[device] = group
		}
	}
	kept := make([]store.Evidence, 0, len(list))
	for _, text := range list {
		e, err := store.ReadEvidence(text)
		if err != nil {
			return nil, err
		}
		if part && outOfReach(e, reached) {
			continue
		}
		regrouped(&e.Object, groups)
		kept = append(kept, e)
	}
	return kept, nil
}

const entitiesMember = "@bailiwick.entities"

// Named is a thing by its kind and key.
type Named struct {
	Kind store.EntityKind `json:"kind"`
	Key  string           `json:"key"`
}

// pagesOf are the things that have a page for this reader, of those that a piece of evidence names: a device has one if its device
// group is in reach, whatever names it.
func (v *sight) pagesOf(row store.AlertRow, e store.Evidence) []Named {
	var list []Named
	for _, n := range store.EntitiesOf([]store.Evidence{e}) {
		switch n.Kind {
		case store.EntityDevice:
			item := rbac.Item{Workloads: rbac.SetOf(rbac.Endpoint), DeviceGroups: []string{row.Devices[n.Key]}, EveryGroup: slices.Contains(row.Strangers, n.Key)}
			if !v.owner && !v.see.Opens(item) {
				continue
			}
		case store.EntityUser, store.EntityMailbox, store.EntityApp:
		default:
			continue
		}
		list = append(list, Named{n.Kind, n.Key})
	}
	return list
}

// outOfReach tells whether evidence of an alert that the reader sees a part of has to do with a hidden device: it names
// one, at any depth, or it is of a device and does not say which. A type that nobody knows may be of a device.
func outOfReach(e store.Evidence, reached func(device string) bool) bool {
	for _, d := range e.Devices {
		if !reached(d) {
			return true
		}
	}
	return len(e.Devices) == 0 && !e.Neutral
}

// regrouped writes the device group into the descriptions of devices.
func regrouped(o *store.Object, groups map[string]string) {
	if strings.HasSuffix(strings.ToLower(o.Text("@odata.type")), "deviceevidence") {
		describe(o, groups)
	}
	host := o.Get("host")
	if len(host) == 0 || host[0] != '{' {
		return
	}
	if inner, err := store.ParseObject(host); err == nil {
		describe(&inner, groups)
		o.Set("host", inner.JSON())
	}
}

func describe(device *store.Object, groups map[string]string) {
	name, id := json.RawMessage("null"), 0
	if g := groups[store.DeviceID(*device)]; g != "" && g != rbac.UngroupedDevices {
		name, id = store.Quote(g), GroupNumber(g)
	}
	device.Set("rbacGroupId", json.RawMessage(strconv.Itoa(id)))
	device.Set("rbacGroupName", name)
}

// GroupNumber is the rbacGroupId that a device group is served with. The product counts its groups; we name them, and
// make a number of the name for clients that want one. 0 is no group.
func GroupNumber(group string) int {
	return int(crc32.ChecksumIEEE([]byte(group))&0x7fffffff | 1)
}

// addComments puts the comments that were written here after those that came with the record.
func addComments(o *store.Object, written []store.Comment) error {
	list, err := store.ParseArray(o.Get("comments"))
	if err != nil {
		return err
	}
	if len(written) == 0 && list != nil {
		return nil
	}
	for _, c := range written {
		list = append(list, commentObject(c))
	}
	o.Set("comments", store.AppendArray(nil, list))
	return nil
}

func commentObject(c store.Comment) json.RawMessage {
	return store.Object{
		{Name: "comment", Value: store.Quote(c.Text)},
		{Name: "createdByDisplayName", Value: store.Quote(c.By)},
		{Name: "createdDateTime", Value: stamp(c.At)},
	}.JSON()
}

// stamp writes a time as the format does: UTC, up to seven digits.
func stamp(t time.Time) json.RawMessage {
	return store.Quote(t.UTC().Format("2006-01-02T15:04:05.9999999Z"))
}

func encode(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("null") // only plain values come here
	}
	if string(b) == "null" {
		return json.RawMessage("[]")
	}
	return b
}

// wants tells whether a member was asked for.
func (f Form) wants(name string) bool {
	return len(f.Select) == 0 || slices.ContainsFunc(f.Select, func(s string) bool { return strings.EqualFold(s, name) })
}

// write gives the object's text in this form.
func (f Form) write(o store.Object, enums map[string]*store.Enum) json.RawMessage {
	if !f.UnknownMembers {
		o.HideLate(enums)
	}
	if len(f.Select) > 0 {
		o = slices.DeleteFunc(o, func(m store.Member) bool {
			return m.Name != "id" && !strings.HasPrefix(m.Name, "@") && !f.wants(m.Name)
		})
	}
	return o.JSON()
}
