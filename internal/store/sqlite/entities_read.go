package sqlite

import (
	"database/sql"
	"reflect"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/lists"
)

// seen appends the condition that a row e of alert_entities is evidence in sight, of an alert a.
func (s *statement) seen(sight store.Sight) error {
	if err := s.visible(sight.Alerts, "a.class"); err != nil {
		return err
	}
	if sight.Evidence.Whole.All {
		return nil
	}
	s.add(" AND (")
	if err := s.visible(sight.Evidence.Whole, "a.class"); err != nil {
		return err
	}
	s.add(" OR NOT e.closed AND (e.device = '' OR (SELECT d.device_group FROM devices d WHERE d.id = e.device) IN (SELECT value FROM json_each(?))))",
		listText(sight.Evidence.Groups))
	return nil
}

// tallied are the columns of a tally over rows e and their alerts a: a thing may be named by several devices' evidence of one alert.
const tallied = `count(DISTINCT a.n) AS alerts, count(DISTINCT CASE WHEN a.status <> 'resolved' THEN a.n END) AS open,
	count(DISTINCT nullif(a.incident, '')) AS incidents, max(CASE WHEN a.status <> 'resolved' THEN a.severity_rank ELSE -1 END) AS risk,
	min(a.created) AS first, max(a.created) AS last`

// tallies begins a subquery t of the tallies of all things of a kind, by their number.
func (s *statement) tallies(kind store.EntityKind, sight store.Sight) error {
	s.add("(SELECT e.entity, "+tallied+` FROM alert_entities e JOIN alerts a ON a.n = e.alert
		WHERE e.entity IN (SELECT n FROM entities WHERE kind = ?) AND `, kind)
	if err := s.seen(sight); err != nil {
		return err
	}
	s.add(" GROUP BY e.entity) t")
	return nil
}

// tallyScan takes them in.
type tallyScan struct{ alerts, open, incidents, risk, first, last sql.NullInt64 }

const tallyColumns = "t.alerts, t.open, t.incidents, t.risk, t.first, t.last"

func (t *tallyScan) into() []any {
	return []any{&t.alerts, &t.open, &t.incidents, &t.risk, &t.first, &t.last}
}

func (t *tallyScan) tally() store.Tally {
	if t.alerts.Int64 == 0 {
		return store.Tally{}
	}
	tally := store.Tally{Alerts: t.alerts.Int64, Open: t.open.Int64, Incidents: t.incidents.Int64,
		First: time.Unix(0, t.first.Int64).UTC(), Last: time.Unix(0, t.last.Int64).UTC()}
	if t.risk.Int64 >= 0 { // below: none is open
		tally.Risk = store.SeverityOf(t.risk.Int64)
	}
	return tally
}

// tallyOrder is the order of a list of things that a tally t is joined to.
func tallyOrder(by store.TallyOrder, names ...string) (ordered, error) {
	var o ordered
	switch by {
	case store.ByRisk:
		o = ordered{[]string{"coalesce(t.risk, -1)", "coalesce(t.open, 0)"}, []bool{true, true}}
	case store.ByLast:
		o = ordered{[]string{"coalesce(t.last, 0)"}, []bool{true}}
	case store.ByName:
	default:
		return o, errUnknownOrder
	}
	o.keys, o.desc = append(o.keys, names...), append(o.desc, make([]bool, len(names))...)
	return o, nil
}

// named appends the name by which the latest evidence in sight calls the thing of a number.
func (s *statement) named(number string, sight store.Sight) error {
	s.add("coalesce((SELECT e.name FROM alert_entities e JOIN alerts a ON a.n = e.alert WHERE e.entity = " + number + " AND e.name <> '' AND ")
	if err := s.seen(sight); err != nil {
		return err
	}
	s.add(" ORDER BY e.created DESC, a.id DESC, e.device, e.closed LIMIT 1), '')")
	return nil
}

// entitiesFrom appends which things a query is about.
func (s *statement) entitiesFrom(q store.EntityQuery) error {
	s.add(" FROM ")
	if err := s.tallies(q.Kind, q.Sight); err != nil {
		return err
	}
	s.add(" JOIN entities n ON n.n = t.entity WHERE 1")
	if q.Search != "" {
		like := "%" + escapeLike(q.Search) + "%"
		s.add(` AND (n.key LIKE ? ESCAPE '\' OR EXISTS (SELECT 1 FROM alert_entities e JOIN alerts a ON a.n = e.alert WHERE e.entity = n.n AND e.name LIKE ? ESCAPE '\' AND `,
			like, like)
		if err := s.seen(q.Sight); err != nil {
			return err
		}
		s.add("))")
	}
	return nil
}

// Entities implements store.AlertReader.
func (r *reader) Entities(q store.EntityQuery) ([]store.EntityRow, error) {
	list, ok, err := held(r, func(s *lists.State) ([]store.EntityRow, error) {
		rows, total, err := s.Things(q)
		r.metThings = metThings{&q, total}
		return rows, err
	})
	if ok || err != nil {
		return list, err
	}
	o, err := tallyOrder(q.Order, "n.key")
	if err != nil {
		return nil, err
	}
	var s statement
	s.add("SELECT n.key, " + tallyColumns + ", ")
	if err := s.named("n.n", q.Sight); err != nil {
		return nil, err
	}
	for _, k := range o.keys {
		s.add(", " + k)
	}
	if err := s.entitiesFrom(q); err != nil {
		return nil, err
	}
	if q.After != nil {
		s.add(" AND ")
		if err := s.after(o, q.After); err != nil {
			return nil, err
		}
	}
	s.add(" ORDER BY "+o.String()+" LIMIT ?", q.Limit)
	err = r.each(s.String(), func(rows *sql.Rows) error {
		row := store.EntityRow{Cursor: make([]any, len(o.keys))}
		var t tallyScan
		into := append(append([]any{&row.Key}, t.into()...), &row.Name)
		for i := range row.Cursor {
			into = append(into, &row.Cursor[i])
		}
		err := rows.Scan(into...)
		row.Tally = t.tally()
		list = append(list, row)
		return err
	}, s.args...)
	return list, err
}

// metThings is a page of things, and how many there are on all: who wants to know it mostly asks next.
type metThings struct {
	q     *store.EntityQuery
	total int
}

// CountEntities implements store.AlertReader.
func (r *reader) CountEntities(q store.EntityQuery) (int, error) {
	total, ok, err := held(r, func(s *lists.State) (int, error) {
		if m := r.metThings; m.q != nil && m.q.Kind == q.Kind && m.q.Search == q.Search && reflect.DeepEqual(m.q.Sight, q.Sight) {
			return m.total, nil
		}
		q.Order, q.After, q.Limit = store.ByName, nil, 0
		_, total, err := s.Things(q)
		return total, err
	})
	if ok || err != nil {
		return total, err
	}
	var s statement
	s.add("SELECT count(*)")
	if err := s.entitiesFrom(q); err != nil {
		return 0, err
	}
	_, err = r.one(s.String(), s.args, &total)
	return total, err
}

const whichEntity = "e.entity = (SELECT n FROM entities WHERE kind = ? AND key = ?)"

// Entity implements store.AlertReader.
func (r *reader) Entity(kind store.EntityKind, key string, sight store.Sight) (store.EntityRow, bool, error) {
	row := store.EntityRow{Key: key}
	var s statement
	s.add("SELECT "+tallied+" FROM alert_entities e JOIN alerts a ON a.n = e.alert WHERE "+whichEntity+" AND ", kind, key)
	if err := s.seen(sight); err != nil {
		return row, false, err
	}
	var t tallyScan
	if _, err := r.one(s.String(), s.args, t.into()...); err != nil {
		return row, false, err
	}
	if row.Tally = t.tally(); row.Alerts == 0 {
		return store.EntityRow{}, false, nil
	}
	var name statement
	name.add("SELECT ")
	if err := name.named("(SELECT n FROM entities WHERE kind = ? AND key = ?)", sight); err != nil {
		return row, false, err
	}
	_, err := r.one(name.String(), append([]any{kind, key}, name.args...), &row.Name)
	return row, err == nil, err
}

// EntitySeen implements store.AlertReader.
func (r *reader) EntitySeen(kind store.EntityKind, key string, sight store.Sight) (bool, error) {
	var s statement
	s.add("SELECT 1 FROM alert_entities e JOIN alerts a ON a.n = e.alert WHERE "+whichEntity+" AND ", kind, key)
	if err := s.seen(sight); err != nil {
		return false, err
	}
	s.add(" LIMIT 1")
	var one int
	return r.one(s.String(), s.args, &one)
}

// AlertsNaming implements store.AlertReader.
func (r *reader) AlertsNaming(kind store.EntityKind, key string, sight store.Sight, most int) ([]store.AlertRow, error) {
	var s statement
	s.add("SELECT DISTINCT a.n, a.id FROM alert_entities e JOIN alerts a ON a.n = e.alert WHERE "+whichEntity+" AND ", kind, key)
	if err := s.seen(sight); err != nil {
		return nil, err
	}
	s.add(" ORDER BY e.created DESC, a.id DESC LIMIT ?", most)
	return r.alertRows(s.String(), s.args, 1, false)
}
