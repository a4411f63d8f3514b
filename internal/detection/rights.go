package detection

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// belongs is the workloads that a query's alerts belong to: those of every table that it reads, whatever columns survive (S13). A table
// whose rows are told row by row by their alert may have rows of every workload in which the owner hunts.
func belongs(tables []string, hunts rbac.WorkloadSet) rbac.WorkloadSet {
	var all rbac.WorkloadSet
	for _, name := range tables {
		t := schema.Lookup(name)
		switch {
		case t == nil:
			all |= rbac.SetOf(rbac.Other)
		case t.Scope == schema.ByAlert:
			all |= hunts
		case t.Workloads == 0:
			all |= rbac.SetOf(rbac.Other)
		default:
			all |= t.Workloads
		}
		if t != nil && t.Scope == schema.ByDevice {
			all |= rbac.SetOf(rbac.Endpoint) // its rows are some device's, whoever else's
		}
	}
	return all
}

// rests is what belongs makes of a query, and the products of the feeds that it looks up: whoever sees its alerts, or edits it, may read
// those, too. One that none of the other products' hunters may read adds the first of its own.
func (s *Service) rests(tx store.Reader, b bound, hunts rbac.WorkloadSet, say sayer) (rbac.WorkloadSet, error) {
	all := belongs(b.tables, hunts)
	for _, source := range b.feeds {
		var readers rbac.WorkloadSet
		if s.Feed != nil {
			var err error
			if readers, err = s.Feed(tx, source); err != nil {
				return 0, err
			}
		}
		switch list := readers.List(); {
		case readers&hunts == 0: // in the same words: that there is one is for its readers
			say("query", "a feed that an administrator has registered and opened to you", "there is no feed %q here that its owner may read", cut(source, 80))
		case readers&all == 0:
			all |= rbac.SetOf(list[0])
		}
	}
	return all, nil
}

// ofDevices tells whether a query reads rows that are some device's.
func ofDevices(tables []string) bool {
	return slices.ContainsFunc(tables, func(name string) bool {
		t := schema.Lookup(name)
		return t == nil || t.Scope != schema.ByTable
	})
}

// asking is one person at one moment.
type asking struct {
	snapshot *rbac.Snapshot
	user     string
	at       time.Time
}

// lacks says what somebody is missing of a right in workloads, on all of a detection's scope. To hold it on a part of the scope is not
// enough: what is found would depend on who looks (X16).
func (a asking) lacks(c rbac.Capability, workloads rbac.WorkloadSet, d store.Detection) []string {
	var lacks []string
	for _, w := range workloads.List() {
		needs := catalog.Needs(c, w, a.snapshot.Activations())
		switch {
		case w != rbac.Endpoint || d.AllDevices:
			if !a.may(c, w) {
				if w == rbac.Endpoint && a.snapshot.Reach(a.user, c, a.at).Workload(w) {
					needs += " on every device group, for the scope is all devices"
				}
				lacks = append(lacks, needs)
			}
		case len(d.Groups) == 0:
			lacks = append(lacks, "needs a device group in its scope: those that it had are gone")
		default:
			var out []string
			for _, g := range d.Groups {
				if !a.may(c, w, g) {
					out = append(out, g)
				}
			}
			if len(out) > 0 {
				lacks = append(lacks, needs+" on "+strings.Join(out, ", "))
			}
		}
	}
	return lacks
}

func (a asking) may(c rbac.Capability, w rbac.Workload, groups ...string) bool {
	return a.snapshot.Decide(rbac.Request{
		Principal: a.user, Capability: c, Resource: rbac.Resource{Workloads: []rbac.Workload{w}, DeviceGroups: groups}, At: a.at,
	}).Allowed
}

// toSet is what somebody lacks to set a detection (T5).
func (a asking) toSet(d store.Detection) []string {
	return a.lacks(rbac.ManageDetections, d.Workloads, d)
}

// toRead is what somebody lacks to be told what a detection finds: the rights to hunt in what it reads.
func (a asking) toRead(d store.Detection) []string {
	lacks := a.lacks(rbac.ViewHunting, d.Workloads, d)
	if slices.ContainsFunc(d.Tables, func(name string) bool { t := schema.Lookup(name); return t != nil && t.Vulnerability }) {
		lacks = append(lacks, a.lacks(rbac.AnalyticsMitigations, rbac.SetOf(rbac.Endpoint), d)...)
	}
	return lacks
}

// toAct is what somebody lacks to ask for the actions of a detection (T4).
func (a asking) toAct(d store.Detection) []string {
	var lacks []string
	for _, action := range d.Actions {
		k, ok := actionKind(action.Name)
		if !ok {
			continue
		}
		where := d
		where.AllDevices = where.AllDevices || k.everywhere
		lacks = append(lacks, a.lacks(rbac.Remediate, rbac.SetOf(k.workload), where)...)
	}
	return lacks
}

// toOwn is all that somebody lacks for a detection to run in their name, each once.
func (a asking) toOwn(d store.Detection) []string {
	all := append(append(a.toSet(d), a.toRead(d)...), a.toAct(d)...)
	slices.Sort(all)
	return slices.Compact(all)
}

func denied(op string, lacks []string) error {
	if len(lacks) == 0 {
		return nil
	}
	return fault.Denied(op, "%s", strings.Join(lacks, "; ")).WithLacks(lacks...)
}

// sees tells whether somebody may know of a detection: who may set it, and its owner.
func (a asking) sees(who audit.Actor, d store.Detection) bool {
	return who.Local || d.Owner == a.user && a.user != "" || len(a.toSet(d)) == 0
}

// knows tells whether somebody may know what a detection has found. Numbers are data, too.
func (a asking) knows(who audit.Actor, d store.Detection) bool {
	return who.Local || len(a.toSet(d))+len(a.toRead(d)) == 0
}

// area refuses a list to who may set detections nowhere.
func (a asking) area(op string) error {
	for w := rbac.Endpoint; w <= rbac.Other; w++ {
		if a.snapshot.Reach(a.user, rbac.ManageDetections, a.at).Workload(w) {
			return nil
		}
	}
	var needs []string
	for _, w := range rbac.Workloads {
		needs = append(needs, catalog.Needs(rbac.ManageDetections, w, a.snapshot.Activations()))
	}
	return fault.Denied(op, "no role lets you do this in any product: %s", catalog.CapabilityTitle(rbac.ManageDetections)).WithLacks(needs...)
}

// find gives a detection to who may know of it; to others it is not there.
func (a asking) find(tx store.Reader, who audit.Actor, id string) (store.Detection, error) {
	d, found, err := tx.Detection(id)
	if err == nil && (!found || !a.sees(who, d)) {
		err = fault.NotFound("custom detection", "there is no custom detection %q", cut(id, 80))
	}
	if err != nil {
		return store.Detection{}, err
	}
	return d, nil
}

// reason is why a detection does not run, for who looks after it.
func reason(owner string, lacks []string) string {
	if owner == "" {
		return "its owner's account is gone: hand it over, or take it over yourself"
	}
	return fmt.Sprintf("its owner %s has lost what it takes: %s", owner, strings.Join(lacks, "; "))
}
