package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/bailiwick/bailiwick/internal/store"
)

// entityKey is an entity by its name.
type entityKey struct {
	kind store.EntityKind
	key  string
}

// mostRemembered is how many numbers of entities a taker remembers: what comes again comes soon.
const mostRemembered = 50_000

// names keeps what an alert names.
func (t *taker) names(alert, created int64, list []store.Entity, found bool) error {
	if found {
		if _, err := t.w.exec(`DELETE FROM alert_entities WHERE alert = ?`, alert); err != nil {
			return err
		}
	}
	if len(list) == 0 {
		return nil
	}
	if err := t.learn(list); err != nil {
		return err
	}
	for _, e := range list {
		// One by one: SQLite readies to take back a statement of several rows, at a cost.
		if _, err := t.w.exec(`INSERT OR IGNORE INTO alert_entities (entity, created, alert, device, closed, ties, name) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			t.entities[entityKey{e.Kind, e.Key}], created, alert, e.Device, oneIf(e.Closed), oneIf(e.Ties), e.Name); err != nil {
			return err
		}
	}
	return nil
}

// learn finds the numbers of entities, and gives one to each that is new.
func (t *taker) learn(list []store.Entity) error {
	if len(t.entities) > mostRemembered {
		clear(t.entities)
	}
	for _, e := range list {
		k := entityKey{e.Kind, e.Key}
		if _, known := t.entities[k]; known {
			continue
		}
		var n int64
		found, err := t.w.one(`SELECT n FROM entities WHERE kind = ? AND key = ?`, []any{string(k.kind), k.key}, &n)
		if err == nil && !found {
			_, err = t.w.one(`INSERT INTO entities (kind, key) VALUES (?, ?) RETURNING n`, []any{string(k.kind), k.key}, &n)
		}
		if err != nil {
			return err
		}
		t.entities[k] = n
	}
	return nil
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}

// names appends the condition that an alert names an entity in evidence within reach.
func (s *statement) names(c columns, q store.Names) error {
	n, err := c.of(store.FieldNumber)
	if err != nil {
		return err
	}
	const which = `(SELECT n FROM entities WHERE kind = ? AND key = ?)`
	s.add(n+` IN (SELECT e.alert FROM alert_entities e WHERE e.entity = `+which+`) AND `, q.Kind, q.Key)
	return s.told("a", which, q.Reach, q.Kind, q.Key)
}

// told appends the condition that evidence within reach of an alert - an alias of alerts - names an entity.
func (s *statement) told(alert, entity string, reach store.EvidenceReach, args ...any) error {
	s.add("(")
	if err := s.visible(reach.Whole, alert+".class"); err != nil {
		return err
	}
	s.add(` OR EXISTS (SELECT 1 FROM alert_entities e WHERE e.entity = `+entity+` AND e.created = `+alert+`.created AND e.alert = `+alert+`.n
		AND NOT e.closed AND (e.device = '' OR `, args...)
	s.add(`(SELECT d.device_group FROM devices d WHERE d.id = e.device) IN (SELECT value FROM json_each(?)))))`, listText(reach.Groups))
	return nil
}

// nameAgain notes what the alerts name that came before that was kept.
func nameAgain(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM alert_entities`); err != nil {
		return err
	}
	w := &writer{reader: reader{ctx: ctx, tx: tx}}
	t := w.taker(nil)
	const batch = 1000
	for after, more := int64(0), true; more; {
		more = false
		type alert struct {
			created  int64
			evidence string
		}
		found := map[int64]alert{}
		err := w.each(`SELECT a.n, a.created, b.evidence FROM alerts a JOIN alert_bodies b ON b.alert = a.n WHERE a.n > ? ORDER BY a.n LIMIT ?`, func(rows *sql.Rows) error {
			var a alert
			err := rows.Scan(&after, &a.created, &a.evidence)
			found[after], more = a, true
			return err
		}, after, batch)
		if err != nil {
			return err
		}
		for n, a := range found {
			if err := t.names(n, a.created, store.ReadEntities(json.RawMessage(a.evidence)), false); err != nil {
				return err
			}
		}
	}
	return nil
}
