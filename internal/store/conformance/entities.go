package conformance

import (
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Alerts are found by what their evidence names, as far as the evidence is within reach.
func named(t *testing.T, backend Backend) {
	s := backend(t)()
	user := func(device string, closed bool) store.Entity {
		return store.Entity{Kind: store.EntityUser, Key: "ana@x", Device: device, Closed: closed}
	}
	apart := func(id string, list ...store.Entity) store.Alert {
		a := alertAt(id, noon.Add(time.Duration(len(id))*time.Hour), rbac.Endpoint, machine("ma", "A"), machine("mb", "B"))
		a.Entities = list
		return a
	}
	mail := alertAt("of-mail", noon, rbac.Office365)
	mail.Entities = []store.Entity{user("", false), {Kind: store.EntityMailbox, Key: "ana@x"}}
	take(t, s, alertRecords(mail, apart("on-a", user("ma", false)), apart("on-bb", user("mb", false)), apart("closed", user("", true)),
		apart("both", user("ma", false), user("mb", false)), apart("of-none", user("", false)), apart("another", store.Entity{Kind: store.EntityUser, Key: "bo@x"}))...)

	all := store.Visible{All: true}
	find := func(kind store.EntityKind, key string, v store.Visible, reach store.EvidenceReach) string {
		q := store.AlertQuery{Visible: v, Where: store.Names{Kind: kind, Key: key, Reach: reach}, Order: []store.Order{{Field: store.FieldID}}, Limit: 10}
		var ids []string
		for _, row := range read(t, s, func(r store.Reader) ([]store.AlertRow, error) { return r.Alerts(q) }) {
			ids = append(ids, row.ID)
		}
		same(t, "their number", int64(len(ids)), read(t, s, func(r store.Reader) (int64, error) { return r.CountAlerts(q) }))
		return strings.Join(ids, " ")
	}
	classes := read(t, s, func(r store.Reader) ([]store.AlertClass, error) { return r.AlertClasses(0) })
	var ofMail, ofDevices store.Visible
	for _, c := range classes {
		if c.Item.Workloads.Has(rbac.Endpoint) {
			ofDevices.Classes = append(ofDevices.Classes, c.ID)
		} else {
			ofMail.Classes = append(ofMail.Classes, c.ID)
		}
	}
	same(t, "of all evidence", "both closed of-mail of-none on-a on-bb", find(store.EntityUser, "ana@x", all, store.EvidenceReach{Whole: all}))
	same(t, "of one device group", "both of-mail of-none on-a", find(store.EntityUser, "ana@x", all, store.EvidenceReach{Whole: ofMail, Groups: []string{"A"}}))
	same(t, "of alerts in sight", "both of-none on-bb", find(store.EntityUser, "ana@x", ofDevices, store.EvidenceReach{Groups: []string{"B"}}))
	same(t, "of another kind", "of-mail", find(store.EntityMailbox, "ana@x", all, store.EvidenceReach{Whole: all}))
	same(t, "nothing", "", find(store.EntityUser, "nobody@x", all, store.EvidenceReach{Whole: all}))

	change(t, s, func(w store.Writer) error {
		_, err := w.Regroup(func(d store.Device) string { return map[string]string{"ma": "B", "mb": "A"}[d.ID] })
		return err
	})
	same(t, "when the devices have moved", "both of-mail of-none on-bb", find(store.EntityUser, "ana@x", all, store.EvidenceReach{Groups: []string{"A"}}))
	newer := apart("on-a")
	newer.Updated = newer.Updated.Add(time.Hour)
	take(t, s, alertRecords(newer)...)
	same(t, "when a newer record no longer names it", "both closed of-mail of-none on-bb", find(store.EntityUser, "ana@x", all, store.EvidenceReach{Whole: all}))
}
