package authzen

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/rbac"
)

// asker is who asks, with the policy of this moment: a batch is answered from one.
type asker struct {
	*Surface
	ctx      context.Context
	name     string
	snapshot *rbac.Snapshot
	at       time.Time
}

func (s *Surface) asker(r *http.Request) (asker, error) {
	in := web.RequestOf(r.Context())
	a := asker{s, r.Context(), in.Caller.User, in.Snapshot, s.now()}
	var err error
	if a.snapshot == nil {
		a.snapshot, err = s.permissions.Snapshot(r.Context())
	}
	return a, err
}

// answer answers a complete question. Everyone may ask about themselves; about others it takes roles.view.
func (a asker) answer(q question) (decision, error) {
	if q.subject.kind != "user" {
		return a.deny("no decision is about a subject of this type: ask about a user"), nil
	}
	user := q.subject.id
	if user != a.name {
		user = strings.ToLower(user)
	}
	capability, known := rbac.ParseCapability(*q.action)
	switch q.resource.kind {
	case "workload":
		w, ok := rbac.ParseWorkload(q.resource.id)
		if !ok {
			return a.deny("there is no such workload"), nil
		}
		if err := a.mayAsk(user, w); err != nil {
			return decision{}, err
		}
		if known {
			a.permissions.AskedAbout(a.snapshot, user, capability, w, q.deviceGroup)
			return a.onWorkload(user, capability, w, q), nil
		}
	case "alert", "incident":
		// Which workloads it belongs to is not to be told, so it takes the right in all of them.
		if err := a.mayAsk(user, rbac.Workloads...); err != nil {
			return decision{}, err
		}
		if known {
			a.permissions.Asked(a.snapshot, user, capability)
			return a.onItem(user, capability, q.resource.kind, q.resource.id)
		}
	case "device":
		if err := a.mayAsk(user, rbac.Endpoint); err != nil {
			return decision{}, err
		}
		if known {
			return a.onDevice(user, capability, q.resource.id)
		}
	case "action":
		// Which workload it belongs to is not to be told, as of an alert.
		if err := a.mayAsk(user, rbac.Workloads...); err != nil {
			return decision{}, err
		}
		if known {
			a.permissions.Asked(a.snapshot, user, capability)
			return a.onAction(user, capability, q.resource.id)
		}
	default:
		return a.deny("there is no resource of this type"), nil
	}
	return a.deny("there is no such capability"), nil
}

func (a asker) deny(reason string) decision {
	return decision{reason: reason, revision: a.snapshot.Revision()}
}

// mayAsk refuses questions about others.
func (a asker) mayAsk(user string, workloads ...rbac.Workload) error {
	if user == a.name {
		return nil
	}
	for _, w := range workloads {
		d := a.snapshot.Decide(rbac.Request{
			Principal: a.name, Capability: rbac.ViewRoles, Resource: rbac.Resource{Workloads: []rbac.Workload{w}}, At: a.at,
		})
		if !d.Allowed {
			need := catalog.Needs(rbac.ViewRoles, w, a.snapshot.Activations())
			return fault.Denied("ask about others", "%s", need).WithLacks(need)
		}
	}
	return nil
}

// onWorkload answers the general question: on a device group, or without one on the whole workload (S17).
func (a asker) onWorkload(user string, c rbac.Capability, w rbac.Workload, q question) decision {
	ask := rbac.Request{Principal: user, Capability: c, At: a.at, Resource: rbac.Resource{Workloads: []rbac.Workload{w}}}
	if q.hasDeviceGroup {
		ask.Resource.DeviceGroups = []string{q.deviceGroup}
	}
	d := a.snapshot.Decide(ask)
	if veiled, ok := permissions.Veil(a.snapshot, a.name, ask); ok {
		ask = veiled
		d = a.snapshot.Decide(ask)
		if d.Allowed { // who reaches every device group still reaches none that is not there
			return decision{reason: "a role gives it, but does not reach there", where: a.snapshot.Reach(user, c, a.at).DeviceGroups(), revision: d.Revision}
		}
	}
	out := decision{allowed: d.Allowed, reason: "allowed", revision: d.Revision}
	if d.Allowed {
		return out
	}
	out.reason = "denied"
	if len(d.Verdicts) > 0 {
		out.reason = string(d.Verdicts[0].Reason)
		switch d.Verdicts[0].Reason {
		case rbac.NoPermission:
			out.reason = catalog.Needs(c, w, a.snapshot.Activations())
		case rbac.OutOfReach:
			out.where = a.snapshot.Reach(user, c, a.at).DeviceGroups()
			out.reason = "a role gives it, but does not reach there"
		}
	}
	return out
}

var actionsOnly = investigation.Form{Select: []string{"id"}, Actions: true}

// onItem answers about one alert or incident, by asking the room what the user sees and may do there. What the user
// does not see and what does not exist are answered alike; about others, only what the caller sees all of is there at all:
// or the answer would tell what is hidden from the caller.
func (a asker) onItem(user string, c rbac.Capability, kind, id string) (decision, error) {
	if c != rbac.ViewInvestigation && c != rbac.ManageAlerts {
		return a.deny("this capability is not about an " + kind), nil
	}
	none := a.deny("there is no such " + kind + ", or not within reach")
	if user != a.name {
		item, err := a.see(a.name, kind, id)
		if fault.KindOf(err) == fault.KindNotFound || (err == nil && bytes.Contains(item, []byte(`"@bailiwick.partial":true`))) {
			return none, nil
		}
		if err != nil {
			return decision{}, err
		}
	}
	item, err := a.see(user, kind, id)
	if fault.KindOf(err) == fault.KindNotFound {
		return none, nil
	}
	if err != nil {
		return decision{}, err
	}
	allowed := decision{allowed: true, reason: "allowed", revision: a.snapshot.Revision()}
	if c == rbac.ViewInvestigation {
		return allowed, nil
	}
	var of struct {
		Actions map[string]investigation.Action `json:"@bailiwick.actions"`
	}
	if err := json.Unmarshal(item, &of); err != nil {
		return decision{}, err
	}
	if of.Actions["manage"].Allowed {
		return allowed, nil
	}
	return a.deny(of.Actions["manage"].Reason), nil
}

func (a asker) see(reader, kind, id string) (json.RawMessage, error) {
	if kind == "alert" {
		return a.investigation.Alert(a.ctx, reader, id, actionsOnly)
	}
	return a.investigation.Incident(a.ctx, reader, id, false, actionsOnly)
}

// onAction answers about one action of the Action centre (S11). About others, only what the caller sees is there at all. Who acts
// on what they do not see is told that they may: they decide it by its id.
func (a asker) onAction(user string, c rbac.Capability, id string) (decision, error) {
	if c != rbac.ViewInvestigation && c != rbac.Remediate {
		return a.deny("this capability is not about an action"), nil
	}
	none := a.deny("there is no such action, or not within reach")
	if user != a.name {
		if seen, err := a.response.May(a.ctx, a.name, id, rbac.ViewInvestigation); err != nil || !seen {
			return none, err
		}
	}
	allowed, err := a.response.May(a.ctx, user, id, c)
	if err != nil {
		return decision{}, err
	}
	if allowed {
		return decision{allowed: true, reason: "allowed", revision: a.snapshot.Revision()}, nil
	}
	return none, nil
}

// onDevice answers about one device, by the group that it is in now (S7).
func (a asker) onDevice(user string, c rbac.Capability, id string) (decision, error) {
	device, err := a.investigation.Device(a.ctx, a.name, id)
	if fault.KindOf(err) == fault.KindNotFound {
		return a.deny("there is no such device, or not within reach"), nil
	}
	if err != nil {
		return decision{}, err
	}
	d := a.snapshot.Decide(rbac.Request{Principal: user, Capability: c, At: a.at, Resource: rbac.Resource{
		Workloads: []rbac.Workload{rbac.Endpoint}, DeviceGroups: []string{device.Group}, EveryGroup: !device.Known,
	}})
	if d.Allowed {
		return decision{allowed: true, reason: "allowed", revision: d.Revision}, nil
	}
	return a.deny(catalog.Needs(c, rbac.Endpoint, a.snapshot.Activations()) + " on its device group"), nil
}
