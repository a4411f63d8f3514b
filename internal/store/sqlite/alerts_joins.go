package sqlite

import (
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
)

// CorrelationWindow implements store.AlertReader.
func (r *reader) CorrelationWindow() (time.Duration, error) {
	var window int64
	_, err := r.one(`SELECT window FROM correlation`, nil, &window)
	return time.Duration(window), err
}

// SetCorrelationWindow implements store.AlertWriter.
func (w *writer) SetCorrelationWindow(window time.Duration) error {
	_, err := w.exec(`UPDATE correlation SET window = ?`, int64(window))
	return err
}

// Joins implements store.AlertReader.
func (r *reader) Joins(incident string, v store.Visible, reach store.EvidenceReach) ([]store.Join, error) {
	var s statement
	s.add(`SELECT a.id, coalesce(j.how, 'record'), coalesce(j.origin, ''), coalesce(j.at, 0) FROM alerts a LEFT JOIN alert_joins j ON j.alert = a.n
		WHERE a.incident = ? AND a.incident <> '' AND `, incident)
	if err := s.visible(v, "a.class"); err != nil {
		return nil, err
	}
	s.add(` ORDER BY a.created, a.id`)
	rows, err := r.tx.QueryContext(r.ctx, s.String(), s.args...)
	if err != nil {
		return nil, err
	}
	var list []store.Join
	place := map[string]int{}
	err = eachRow(rows, func(scan func(...any) error) error {
		var j store.Join
		var at int64
		err := scan(&j.Alert, &j.How, &j.Origin, &at)
		if at != 0 {
			j.At = time.Unix(0, at).UTC()
		}
		place[j.Alert] = len(list)
		list = append(list, j)
		return err
	})
	if err != nil || len(list) == 0 {
		return list, err
	}
	return list, r.ties(incident, v, reach, func(alert string, t store.Tie) {
		if i, ok := place[alert]; ok {
			list[i].Ties = append(list[i].Ties, t)
		}
	})
}

// ties reads what the alerts of an incident share with which others, where a reader sees both alerts and, in both, the evidence that
// names it.
func (r *reader) ties(incident string, v store.Visible, reach store.EvidenceReach, take func(alert string, t store.Tie)) error {
	var s statement
	s.add(`SELECT a.id, e.kind, e.key, o.id FROM alerts a JOIN alert_ties t ON t.alert = a.n JOIN entities e ON e.n = t.entity JOIN alerts o ON o.n = t.other
		WHERE a.incident = ?`, incident)
	for _, end := range []struct{ alert, entity string }{{"a", "t.entity"}, {"o", "t.other_entity"}} {
		s.add(" AND ")
		if err := s.visible(v, end.alert+".class"); err != nil {
			return err
		}
		s.add(" AND ")
		if err := s.told(end.alert, end.entity, reach); err != nil {
			return err
		}
	}
	s.add(` ORDER BY a.id, e.kind, e.key, abs(o.created - a.created), o.id`)
	rows, err := r.tx.QueryContext(r.ctx, s.String(), s.args...)
	if err != nil {
		return err
	}
	return eachRow(rows, func(scan func(...any) error) error {
		var alert string
		var t store.Tie
		err := scan(&alert, &t.Kind, &t.Key, &t.With)
		take(alert, t)
		return err
	})
}
