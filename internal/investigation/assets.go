package investigation

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Asset is somebody or something that attacks are on, as far as evidence in sight names it.
type Asset struct {
	Named
	Name string // empty: nothing but its key
	store.Tally
}

// AssetKinds are what is listed by evidence alone. Devices are listed by their groups: see Devices.
var AssetKinds = []store.EntityKind{store.EntityUser, store.EntityMailbox, store.EntityApp}

// AssetQuery asks for one page.
type AssetQuery struct {
	Kind   store.EntityKind
	Search string // text in key or name
	Order  store.TallyOrder
	After  string // the Next of the page before
	Limit  int
}

// AssetPage is one page of them.
type AssetPage struct {
	Items []Asset
	Total int
	Next  string // empty: the last page
}

// Assets lists what evidence in sight names.
func (s *Service) Assets(ctx context.Context, who audit.Actor, q AssetQuery) (AssetPage, error) {
	const op = "list assets"
	page := AssetPage{Items: []Asset{}}
	err := s.viewAs(ctx, who, func(v *sight) error {
		if err := v.area(op); err != nil {
			return err
		}
		if !slices.Contains(AssetKinds, q.Kind) {
			return fault.Invalid(op, "kind %q: want user, mailbox or app", shorten(string(q.Kind)))
		}
		ask := store.EntityQuery{Kind: q.Kind, Sight: v.sight(), Search: q.Search, Order: orderOf(q.Order), Limit: q.Limit + 1}
		if err := readAfter(q.After, &ask.After); err != nil {
			return err
		}
		rows, err := v.tx.Entities(ask)
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
			page.Items = append(page.Items, Asset{Named{q.Kind, row.Key}, row.Name, row.Tally})
		}
		page.Total, err = v.tx.CountEntities(ask)
		return err
	})
	return page, err
}

func orderOf(o store.TallyOrder) store.TallyOrder {
	if o == "" {
		return store.ByRisk
	}
	return o
}

// AssetItem is one of them, with what evidence in sight tells.
type AssetItem struct {
	Asset
	Workloads []rbac.Workload  // of the alerts that were looked at
	Alerts    []AssetAlert     // the latest
	Incidents []AssetIncident  // the latest
	Evidence  []ToldEvidence   // the latest first, each once
	Related   []Asset          // what the same alerts name: the oftener, the earlier
	described json.RawMessage  // of a device: its latest description
	signedIn  []SignedIn       // of a device: who its descriptions say was signed in
	seen      map[string]bool  // pieces told already
	place     map[Named]int    // of what is related
	pieces    []store.Evidence // of the alert at hand
}

// AssetAlert and AssetIncident are the lines of a list.
type (
	AssetAlert struct {
		ID, Title, Severity, Status, ServiceSource, Incident string
		Created                                              time.Time
	}
	AssetIncident struct {
		ID, Name, Severity, Status string
		Alerts                     int64
		Updated                    time.Time
	}
)

// ToldEvidence is a piece of evidence and the latest alert in sight that has it.
type ToldEvidence struct {
	Alert    string
	At       time.Time
	Evidence json.RawMessage
}

// How far a page looks back, and how much of it is shown.
const (
	lookedAt     = 100 // alerts
	shownAlerts  = 20
	shownTold    = 60
	shownRelated = 30
)

// Asset gives one. What no evidence in sight names is not found, like what there is not.
func (s *Service) Asset(ctx context.Context, who audit.Actor, kind store.EntityKind, key string) (AssetItem, error) {
	var item AssetItem
	err := s.viewAs(ctx, who, func(v *sight) error {
		key = strings.ToLower(strings.TrimSpace(key))
		missing := fault.NotFound(string(kind), "there is no %s %q", kind, shorten(key))
		if !slices.Contains(AssetKinds, kind) {
			return missing
		}
		row, found, err := v.tx.Entity(kind, key, v.sight())
		if err != nil {
			return err
		}
		if !found {
			return missing
		}
		item, err = v.assetItem(Asset{Named{kind, row.Key}, row.Name, row.Tally})
		return err
	})
	return item, err
}

// Pages tells which of these things have a page for the reader.
func (s *Service) Pages(ctx context.Context, who audit.Actor, list []Named) (map[Named]bool, error) {
	var pages map[Named]bool
	err := s.viewAs(ctx, who, func(v *sight) error {
		pages = map[Named]bool{}
		for _, n := range list {
			var err error
			if n.Kind == store.EntityDevice {
				_, err = v.findDevice(n.Key)
				pages[n] = err == nil
			} else {
				pages[n], err = v.tx.EntitySeen(n.Kind, n.Key, v.sight())
			}
			if err != nil && fault.KindOf(err) != fault.KindNotFound {
				return err
			}
		}
		return nil
	})
	return pages, err
}

// assetItem reads what the latest alerts in sight tell of a thing.
func (v *sight) assetItem(a Asset) (AssetItem, error) {
	item := AssetItem{
		Asset: a, Workloads: []rbac.Workload{}, Alerts: []AssetAlert{}, Incidents: []AssetIncident{}, Evidence: []ToldEvidence{}, Related: []Asset{},
		seen: map[string]bool{}, place: map[Named]int{},
	}
	rows, err := v.tx.AlertsNaming(a.Kind, a.Key, v.sight(), lookedAt)
	if err != nil {
		return item, err
	}
	var set rbac.WorkloadSet
	for _, row := range rows {
		set |= v.classes.item(row.Class).Workloads
		if item.pieces, err = v.pieces(row); err != nil {
			return item, err
		}
		if err := item.take(v, row); err != nil {
			return item, err
		}
	}
	item.Workloads = append(item.Workloads, set.List()...)
	slices.SortStableFunc(item.Related, func(a, b Asset) int { return int(b.Tally.Alerts - a.Tally.Alerts) })
	item.Related = item.Related[:min(len(item.Related), shownRelated)]
	for i := range item.Related {
		if r := &item.Related[i]; r.Kind == store.EntityDevice {
			d, _, err := v.tx.Device(r.Key)
			if err != nil {
				return item, err
			}
			r.Name = d.Name
		}
	}
	return item, v.incidentsNaming(&item)
}

// take adds what one alert tells.
func (item *AssetItem) take(v *sight, row store.AlertRow) error {
	o, err := store.ParseObject(row.Body)
	if err != nil {
		return err
	}
	created, _ := parseTime(o.Text("createdDateTime"))
	if len(item.Alerts) < shownAlerts {
		item.Alerts = append(item.Alerts, AssetAlert{
			ID: row.ID, Title: o.Text("title"), Severity: o.Text("severity"), Status: o.Text("status"), ServiceSource: o.Text("serviceSource"), Incident: row.IncidentID, Created: created,
		})
	}
	here := map[Named]bool{item.Named: true}
	for _, e := range item.pieces {
		if names(e, item.Named) {
			item.tell(e, row, created)
		}
		for _, n := range v.pagesOf(row, e) {
			if !here[n] {
				here[n] = true
				item.relate(n, e)
			}
		}
	}
	return nil
}

func names(e store.Evidence, n Named) bool {
	return slices.ContainsFunc(store.EntitiesOf([]store.Evidence{e}), func(named store.Entity) bool { return named.Kind == n.Kind && named.Key == n.Key })
}

// moving are the members that change from one telling of a thing to the next.
var moving = []string{"createdDateTime", "verdict", "remediationStatus", "remediationStatusDetails", "roles", "detailedRoles"}

// tell adds a piece of evidence, unless a later alert had the same.
func (item *AssetItem) tell(e store.Evidence, row store.AlertRow, at time.Time) {
	item.describe(e, row.Devices, at)
	same := slices.DeleteFunc(slices.Clone(e.Object), func(m store.Member) bool { return slices.Contains(moving, m.Name) })
	key := string(same.JSON())
	if item.seen[key] || len(item.Evidence) == shownTold {
		return
	}
	item.seen[key] = true
	item.Evidence = append(item.Evidence, ToldEvidence{Alert: row.ID, At: at, Evidence: e.Object.JSON()})
}

// relate counts an alert that names something else.
func (item *AssetItem) relate(n Named, e store.Evidence) {
	i, ok := item.place[n]
	if !ok {
		i = len(item.Related)
		item.place[n] = i
		item.Related = append(item.Related, Asset{Named: n})
	}
	item.Related[i].Tally.Alerts++
	if item.Related[i].Name != "" {
		return
	}
	for _, named := range store.EntitiesOf([]store.Evidence{e}) {
		if named.Kind == n.Kind && named.Key == n.Key {
			item.Related[i].Name = named.Name
		}
	}
}

func (v *sight) incidentsNaming(item *AssetItem) error {
	rows, err := v.tx.Incidents(store.AlertQuery{
		Visible: v.visible, Order: []store.Order{{Field: store.FieldUpdated, Desc: true}}, Limit: shownAlerts,
		Where: store.OfAlerts{Visible: v.visible, Where: store.Names{Kind: item.Kind, Key: item.Key, Reach: v.evidenceReach()}},
	})
	if err != nil {
		return err
	}
	for _, row := range rows {
		name, err := IncidentName(v.tx, v.visible, row)
		if err != nil {
			return err
		}
		item.Incidents = append(item.Incidents, AssetIncident{ID: row.ID, Name: name, Severity: row.Severity, Status: row.Status, Alerts: row.Alerts, Updated: row.Updated})
	}
	return nil
}
