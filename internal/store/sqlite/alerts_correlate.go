package sqlite

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
)

const (
	// mostAlike is how many other alerts may name an entity within the window for it to mean something: what is everywhere proves nothing.
	mostAlike = 50
	// mostCorrelated is how many alerts an incident may have for another to join it. People and records may put more into it.
	mostCorrelated = 150
	mostAsked      = 100 // entities of one alert
	mostTies       = 50  // that are kept of one joining
)

// Correlate implements store.RecordTaker. Alerts are gone through in the order of their own time, each asks for sets only, and every
// choice has a last word: so the same alerts end in the same incidents, however they come.
func (t *taker) Correlate(window time.Duration, at time.Time) error {
	if err := t.writeNames(); err != nil {
		return err
	}
	if err := t.reclass(); err != nil {
		return err
	}
	var lone []loneAlert
	err := t.w.each(`SELECT n, id, class, created, status FROM alerts WHERE incident = '' ORDER BY created, id`, func(rows *sql.Rows) error {
		var a loneAlert
		err := rows.Scan(&a.n, &a.id, &a.class, &a.created, &a.status)
		lone = append(lone, a)
		return err
	})
	if err != nil {
		return err
	}
	rooms := map[string]*room{}
	clear(t.common)
	for _, a := range lone {
		if err := t.place(a, rooms, window, at); err != nil {
			return err
		}
	}
	return nil
}

// loneAlert is an alert that is in no incident.
type loneAlert struct {
	n, class, created int64
	id, status        string
}

// room is what an incident says to another alert.
type room struct {
	closed bool // resolved, or merged into another: it is over
	alerts int
}

// neighbour is another alert that names the same.
type neighbour struct {
	entity, otherEntity int64
	n, class, created   int64
	id, incident        string
}

func (t *taker) place(a loneAlert, rooms map[string]*room, window time.Duration, at time.Time) error {
	var near []neighbour
	var err error
	if window > 0 {
		if near, err = t.neighbours(a, int64(window)); err != nil {
			return err
		}
	}
	incident, how, err := t.choose(a, near, rooms)
	if err != nil {
		return err
	}
	if how == store.JoinOpened {
		if incident, err = t.w.newIncidentID(a.id); err != nil {
			return err
		}
		rooms[incident] = &room{closed: a.status == "resolved"}
	}
	r := rooms[incident]
	r.alerts++
	r.closed = r.closed && a.status == "resolved"
	if _, err := t.w.exec(`UPDATE alerts SET incident = ? WHERE n = ?`, incident, a.n); err != nil {
		return err
	}
	t.w.touch(a.class)
	t.incidents[incident] = true
	if _, err := t.w.exec(`INSERT OR REPLACE INTO alert_joins (alert, how, origin, at) VALUES (?, ?, '', ?)`, a.n, how, at.UnixNano()); err != nil {
		return err
	}
	for _, o := range tiesTo(incident, a, near) {
		if _, err := t.w.exec(`INSERT OR IGNORE INTO alert_ties (alert, entity, other, other_entity) VALUES (?, ?, ?, ?)`, a.n, o.entity, o.n, o.otherEntity); err != nil {
			return err
		}
	}
	return nil
}

// shared is an entity that an alert names and that ties alerts.
type shared struct {
	n         int64
	kind, key string
}

// mostRecalled is how many of them are remembered of the alerts that are taken.
const mostRecalled = 500_000

// recall remembers what an alert that is in no incident yet names.
func (t *taker) recall(alert int64, list []store.Entity) {
	if t.recalled+len(list) > mostRecalled {
		return
	}
	ties := make([]shared, 0, len(list))
	for _, e := range list {
		if e.Ties {
			ties = append(ties, shared{t.entities[entityKey{e.Kind, e.Key}], string(e.Kind), e.Key})
		}
	}
	slices.SortFunc(ties, func(a, b shared) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.key, b.key)) })
	ties = slices.Compact(ties)
	ties = ties[:min(len(ties), mostAsked)]
	t.recalled += len(ties)
	t.shares[alert] = ties
}

// sharedBy gives what an alert names, by name.
func (t *taker) sharedBy(alert int64) ([]shared, error) {
	if list, recalled := t.shares[alert]; recalled {
		return list, nil
	}
	var list []shared
	err := t.w.each(`SELECT DISTINCT e.n, e.kind, e.key FROM alert_names x CROSS JOIN json_each(x.names) l CROSS JOIN entities e ON e.n = l.value ->> 0
		WHERE x.alert = ? AND l.value ->> 4 ORDER BY e.kind, e.key LIMIT ?`, func(rows *sql.Rows) error {
		var e shared
		err := rows.Scan(&e.n, &e.kind, &e.key)
		list = append(list, e)
		return err
	}, alert, mostAsked)
	return list, err
}

// neighbours are the alerts within the window that name what this one names, but for what too many name.
func (t *taker) neighbours(a loneAlert, window int64) ([]neighbour, error) {
	list, err := t.sharedBy(a.n)
	if err != nil {
		return nil, err
	}
	var near []neighbour
	for _, e := range list {
		same := []int64{e.n}
		if twin, ok := twins[store.EntityKind(e.kind)]; ok && strings.Contains(e.key, "@") {
			n, err := t.numberOf(entityKey{twin, e.key})
			if err != nil {
				return nil, err
			}
			if n != 0 {
				same = append(same, n)
			}
		}
		for _, entity := range same {
			alike, err := t.alike(a, entity, window)
			if err != nil {
				return nil, err
			}
			for i := range alike {
				alike[i].entity = e.n
			}
			near = append(near, alike...)
		}
	}
	return near, nil
}

// numberOf gives the number of an entity, 0 if there is none.
func (t *taker) numberOf(k entityKey) (int64, error) {
	if n, known := t.entities[k]; known {
		return n, nil
	}
	var n int64
	_, err := t.w.one(`SELECT n FROM entities WHERE kind = ? AND key = ?`, []any{string(k.kind), k.key}, &n)
	return n, err
}

// twins are kinds that one person has under one name.
var twins = map[store.EntityKind]store.EntityKind{store.EntityUser: store.EntityMailbox, store.EntityMailbox: store.EntityUser}

// alike gives the alerts that name an entity, within the window around an alert; none, if too many do.
func (t *taker) alike(a loneAlert, entity, window int64) ([]neighbour, error) {
	from, to := a.created-window, a.created+window
	if s, met := t.common[entity]; met && from <= s.low && s.high <= to {
		return nil, nil
	}
	// The index alone tells how many they are, and mostly that there is none, or too many.
	var s span
	many := 0
	err := t.w.each(`SELECT DISTINCT x.alert, x.created FROM alert_entities x
		WHERE x.entity = ? AND x.created BETWEEN ? AND ? AND x.ties AND x.alert <> ? LIMIT ?`, func(rows *sql.Rows) error {
		var n, created int64
		err := rows.Scan(&n, &created)
		if many++; many == 1 {
			s = span{created, created}
		}
		s = span{min(s.low, created), max(s.high, created)}
		return err
	}, entity, from, to, a.n, mostAlike+2)
	if err != nil || many == 0 {
		return nil, err
	}
	if many > mostAlike {
		if many == mostAlike+2 { // so many that there are too many without any one of them
			t.common[entity] = s
		}
		return nil, nil
	}
	list := make([]neighbour, 0, many)
	err = t.w.each(`SELECT DISTINCT o.n, o.id, o.class, o.created, o.incident FROM alert_entities x CROSS JOIN alerts o ON o.n = x.alert
		WHERE x.entity = ? AND x.created BETWEEN ? AND ? AND x.ties AND x.alert <> ?`, func(rows *sql.Rows) error {
		o := neighbour{otherEntity: entity}
		err := rows.Scan(&o.n, &o.id, &o.class, &o.created, &o.incident)
		list = append(list, o)
		return err
	}, entity, from, to, a.n)
	return list, err
}

// span is the time between the first and the last of some alerts.
type span struct{ low, high int64 }

// choose gives the incident that this alert shares most with; of several, the one of the nearest alert, then of the first by name.
func (t *taker) choose(a loneAlert, near []neighbour, rooms map[string]*room) (string, store.JoinKind, error) {
	type candidate struct {
		incident string
		shared   map[int64]bool
		nearest  neighbour
	}
	found := map[string]*candidate{}
	for _, o := range near {
		if o.incident == "" {
			continue // its turn is yet to come
		}
		c := found[o.incident]
		if c == nil {
			c = &candidate{o.incident, map[int64]bool{}, o}
			found[o.incident] = c
		}
		c.shared[o.entity] = true
		if cmp.Or(cmp.Compare(o.apart(a), c.nearest.apart(a)), cmp.Compare(o.id, c.nearest.id)) < 0 {
			c.nearest = o
		}
	}
	list := make([]*candidate, 0, len(found))
	for _, c := range found {
		list = append(list, c)
	}
	slices.SortFunc(list, func(x, y *candidate) int {
		return cmp.Or(cmp.Compare(len(y.shared), len(x.shared)), cmp.Compare(x.nearest.apart(a), y.nearest.apart(a)), cmp.Compare(x.nearest.id, y.nearest.id))
	})
	for _, c := range list {
		r, err := t.room(c.incident, rooms)
		if err != nil {
			return "", "", err
		}
		if !r.closed && r.alerts < mostCorrelated {
			return c.incident, store.JoinCorrelated, nil
		}
	}
	return "", store.JoinOpened, nil
}

func (o neighbour) apart(a loneAlert) int64 {
	if o.created > a.created {
		return o.created - a.created
	}
	return a.created - o.created
}

// room reads how it stands with an incident. One that nobody has set a status of is resolved when all its alerts are.
func (t *taker) room(incident string, rooms map[string]*room) (*room, error) {
	if r := rooms[incident]; r != nil {
		return r, nil
	}
	r := &room{}
	var open int
	var status string
	if _, err := t.w.one(`SELECT count(*), coalesce(sum(status <> 'resolved'), 0) FROM (SELECT status FROM alerts WHERE incident = ? LIMIT ?)`,
		[]any{incident, mostCorrelated}, &r.alerts, &open); err != nil {
		return nil, err
	}
	if _, err := t.w.one(`SELECT status FROM incidents WHERE id = ?`, []any{incident}, &status); err != nil {
		return nil, err
	}
	r.closed = status == "resolved" || status == "redirected" || status == "" && open == 0
	rooms[incident] = r
	return r, nil
}

// tiesTo are the ties into an incident: of each class of alerts the nearest by each entity, so that whoever sees any of them is told of
// one, whatever others there are.
func tiesTo(incident string, a loneAlert, near []neighbour) []neighbour {
	near = slices.DeleteFunc(slices.Clone(near), func(o neighbour) bool { return o.incident != incident })
	slices.SortFunc(near, func(x, y neighbour) int {
		return cmp.Or(cmp.Compare(x.apart(a), y.apart(a)), cmp.Compare(x.id, y.id), cmp.Compare(x.entity, y.entity), cmp.Compare(x.otherEntity, y.otherEntity))
	})
	type way struct{ entity, class int64 }
	seen := map[way]bool{}
	return slices.DeleteFunc(near, func(o neighbour) bool {
		w := way{o.entity, o.class}
		if seen[w] || len(seen) == mostTies {
			return true
		}
		seen[w] = true
		return false
	})
}

// newIncidentID makes the id of an incident that is opened for an alert: a number, as the product's are, from which nobody learns which
// alert that was or how many incidents there are.
func (w *writer) newIncidentID(alert string) (string, error) {
	var secret []byte
	if _, err := w.one(`SELECT secret FROM correlation`, nil, &secret); err != nil {
		return "", err
	}
	for n := range uint32(1000) {
		mac := hmac.New(sha256.New, secret)
		mac.Write(binary.BigEndian.AppendUint32(nil, n))
		mac.Write([]byte(alert))
		id := fmt.Sprint(10_000_000_000_000 + binary.BigEndian.Uint64(mac.Sum(nil))%90_000_000_000_000)
		taken := false
		found, err := w.one(`SELECT 1 WHERE EXISTS (SELECT 1 FROM incidents WHERE id = ?1) OR EXISTS (SELECT 1 FROM alerts WHERE incident = ?1)`, []any{id}, &taken)
		if err != nil || !found {
			return id, err
		}
	}
	return "", fmt.Errorf("no id is free for an incident of alert %q", alert)
}
