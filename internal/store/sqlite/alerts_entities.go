package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/store"
)

// entityKey is an entity by its name.
type entityKey struct {
	kind store.EntityKind
	key  string
}

// mostRemembered is how many numbers of entities a taker remembers: what comes again comes soon.
const mostRemembered = 50_000

// naming is a row of alert_entities.
type naming struct {
	entity, created, alert int64
	of                     store.Entity
}

// namesAtOnce is how many of them are written in one statement.
const namesAtOnce = 64

// names keeps what an alert names.
func (t *taker) names(alert, created int64, list []store.Entity) error {
	if len(list) == 0 {
		return nil
	}
	if err := t.name(alert, created, list); err != nil {
		return err
	}
	text := []byte{'['}
	for i, e := range list {
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendInt(append(text, '['), t.entities[entityKey{e.Kind, e.Key}], 10)
		text = append(append(text, ','), store.Quote(string(e.Kind))...)
		text = append(append(text, ','), store.Quote(e.Device)...)
		text = append(append(text, ','), '0'+byte(oneIf(e.Closed)), ',', '0'+byte(oneIf(e.Ties)), ',')
		text = append(append(text, store.Quote(e.Name)...), ']')
	}
	_, err := t.w.exec(`INSERT INTO alert_names (alert, names) VALUES (?, ?)`, alert, string(append(text, ']')))
	return err
}

// name has it written where alerts are looked for by what they name.
func (t *taker) name(alert, created int64, list []store.Entity) error {
	if err := t.learn(list); err != nil {
		return err
	}
	for _, e := range list {
		t.namings = append(t.namings, naming{t.entities[entityKey{e.Kind, e.Key}], created, alert, e})
	}
	if len(t.namings) < 8*namesAtOnce {
		return nil
	}
	return t.writeNames()
}

// unname forgets what an alert named, that was created then.
func (t *taker) unname(alert, created int64) error {
	if err := t.writeNames(); err != nil {
		return err
	}
	for _, q := range []string{
		`DELETE FROM alert_entities WHERE created = ?2 AND alert = ?1
			AND entity IN (SELECT e.value ->> 0 FROM alert_names x, json_each(x.names) e WHERE x.alert = ?1)`,
		`DELETE FROM alert_names WHERE alert = ?1 AND ?2 IS NOT NULL`,
	} {
		if _, err := t.w.exec(q, alert, created); err != nil {
			return err
		}
	}
	return nil
}

const (
	putName = `INSERT OR IGNORE INTO alert_entities (entity, created, alert, device, closed, ties, name) VALUES `
	nameRow = `(?, ?, ?, ?, ?, ?, ?)`
)

var putNames = putName + strings.Repeat(nameRow+", ", namesAtOnce-1) + nameRow

// writeNames writes what is to be written, in the order of the table: neighbours stand on one page.
func (t *taker) writeNames() error {
	slices.SortFunc(t.namings, func(a, b naming) int {
		return cmp.Or(cmp.Compare(a.entity, b.entity), cmp.Compare(a.created, b.created), cmp.Compare(a.alert, b.alert))
	})
	for at := 0; at < len(t.namings); {
		query, n := putNames, namesAtOnce
		if len(t.namings)-at < n {
			query, n = putName+nameRow, 1
		}
		args := make([]any, 0, 7*n)
		for _, x := range t.namings[at : at+n] {
			args = append(args, x.entity, x.created, x.alert, x.of.Device, oneIf(x.of.Closed), oneIf(x.of.Ties), x.of.Name)
		}
		if _, err := t.w.exec(query, args...); err != nil {
			return err
		}
		at += n
	}
	clear(t.namings)
	t.namings = t.namings[:0]
	return nil
}

// learn finds the numbers of entities, and gives one to each that is new.
func (t *taker) learn(list []store.Entity) error {
	if len(t.entities) > mostRemembered {
		clear(t.entities)
	}
	for _, e := range list {
		k := entityKey{e.Kind, e.Key}
		if t.entities[k] != 0 {
			continue
		}
		n, err := t.numberOf(k)
		if err == nil && n == 0 {
			n, err = t.w.insert(`INSERT INTO entities (kind, key) VALUES (?, ?)`, string(k.kind), k.key)
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

// nameAgain notes what the alerts name that came before that was kept. There is no alert_names yet.
func nameAgain(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM alert_entities`); err != nil {
		return err
	}
	w := &writer{reader: reader{ctx: ctx, tx: tx}}
	t := w.taker(nil)
	const batch = 100 // alerts may be large
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
			if err := t.name(n, a.created, store.ReadEntities(json.RawMessage(a.evidence))); err != nil {
				return err
			}
		}
	}
	return t.writeNames()
}
