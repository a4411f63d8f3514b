package sqlite

import (
	"database/sql"

	"github.com/bailiwick/bailiwick/internal/store"
)

// knownAlert is what there is of an alert already.
type knownAlert struct {
	n, created, updated, class int64
	membership
}

const knownColumns = `n, created, updated, class, incident, given, placed`

func (k *knownAlert) into() []any {
	return []any{&k.n, &k.created, &k.updated, &k.class, &k.incident, &k.given, &k.placed}
}

// Ahead implements store.RecordTaker.
func (t *taker) Ahead(next []store.Alert) error {
	clear(t.ahead)
	ids := make([]string, 0, len(next))
	var incidents []string
	for i := range next {
		ids = append(ids, next[i].ID)
		t.ahead[next[i].ID] = nil
		if given := next[i].IncidentID; given != "" {
			if _, known := t.redirects[given]; !known {
				t.redirects[given] = given
				incidents = append(incidents, given)
			}
		}
	}
	if err := t.devicesAhead(next); err != nil {
		return err
	}
	if err := t.entitiesAhead(next); err != nil {
		return err
	}
	err := t.w.each(`SELECT id, `+knownColumns+` FROM alerts WHERE id IN (SELECT value FROM json_each(?))`, func(rows *sql.Rows) error {
		var id string
		k := &knownAlert{}
		err := rows.Scan(append([]any{&id}, k.into()...)...)
		t.ahead[id] = k
		return err
	}, listText(ids))
	if err != nil || len(incidents) == 0 {
		return err
	}
	return t.w.each(`SELECT id, redirect FROM incidents WHERE redirect <> '' AND id IN (SELECT value FROM json_each(?))`, func(rows *sql.Rows) error {
		var id, to string
		err := rows.Scan(&id, &to)
		t.redirects[id] = to
		return err
	}, listText(incidents))
}

// known looks up what there is of an alert; nil: nothing.
func (t *taker) known(id string) (*knownAlert, error) {
	if k, ahead := t.ahead[id]; ahead {
		delete(t.ahead, id) // what is taken now makes it another
		return k, nil
	}
	k := &knownAlert{}
	found, err := t.w.one(`SELECT `+knownColumns+` FROM alerts WHERE id = ?`, []any{id}, k.into()...)
	if !found {
		return nil, err
	}
	return k, nil
}

// devicesAhead reads what is known of the devices of alerts.
func (t *taker) devicesAhead(next []store.Alert) error {
	var ids []string
	for i := range next {
		for _, d := range next[i].Devices {
			if t.devices[d.ID] == nil {
				t.devices[d.ID] = &store.Device{ID: d.ID}
				ids = append(ids, d.ID)
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return t.w.each(`SELECT `+deviceColumns+` FROM devices d WHERE d.id IN (SELECT value FROM json_each(?))`, func(rows *sql.Rows) error {
		var d store.Device
		err := scanDevice(rows.Scan, &d)
		t.devices[d.ID] = &d
		return err
	}, listText(ids))
}

// entitiesAhead reads the numbers of what alerts name.
func (t *taker) entitiesAhead(next []store.Alert) error {
	if len(t.entities) > mostRemembered {
		clear(t.entities)
	}
	text := []byte{'['}
	for i := range next {
		for _, e := range next[i].Entities {
			k := entityKey{e.Kind, e.Key}
			if _, known := t.entities[k]; known {
				continue
			}
			if t.entities[k] = 0; len(text) > 1 {
				text = append(text, ',')
			}
			text = append(append(text, '['), store.Quote(string(k.kind))...)
			text = append(append(append(text, ','), store.Quote(k.key)...), ']')
		}
	}
	if len(text) == 1 {
		return nil
	}
	return t.w.each(`SELECT e.n, e.kind, e.key FROM json_each(?) j CROSS JOIN entities e ON e.kind = j.value ->> 0 AND e.key = j.value ->> 1`, func(rows *sql.Rows) error {
		var n int64
		var k entityKey
		err := rows.Scan(&n, &k.kind, &k.key)
		t.entities[k] = n
		return err
	}, string(append(text, ']')))
}
