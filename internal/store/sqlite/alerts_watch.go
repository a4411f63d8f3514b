package sqlite

import (
	"database/sql"
	"encoding/json"
	"maps"
	"slices"
)

// touch notes that something about alerts of a class changes: its readers will be told, and nobody else.
func (w *writer) touch(class int64) {
	if w.touched == nil {
		w.touched = map[int64]bool{}
	}
	w.touched[class] = true
}

// touchIncident tells all who see an incident of a change of it; a quiet one, of what only the readers of all its alerts may
// see, nobody - unless all its readers are such.
func (w *writer) touchIncident(id string, quiet bool) error {
	classes, err := w.IncidentClasses(id)
	if err != nil || quiet && len(classes) > 1 {
		return err
	}
	for _, c := range classes {
		w.touch(c)
	}
	return nil
}

// stamp ends a change: the classes that it touched are newer now than all others.
func (w *writer) stamp() error {
	if len(w.touched) == 0 {
		return nil
	}
	list, err := json.Marshal(slices.Sorted(maps.Keys(w.touched)))
	if err != nil {
		return err
	}
	if _, err = w.exec(`UPDATE alert_classes SET changed = (SELECT max(changed) FROM alert_classes) + 1 WHERE id IN (SELECT value FROM json_each(?))`, string(list)); err != nil {
		return err
	}
	return w.forgetChanges()
}

// AlertClassesChanged implements store.AlertReader.
func (r *reader) AlertClassesChanged(after int64) ([]int64, int64, error) {
	var list []int64
	last := after
	err := r.each(`SELECT id, changed FROM alert_classes WHERE changed > ? ORDER BY id`, func(rows *sql.Rows) error {
		var id, changed int64
		err := rows.Scan(&id, &changed)
		list, last = append(list, id), max(last, changed)
		return err
	}, after)
	return list, last, err
}
