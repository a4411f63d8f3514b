package sqlite

import (
	"database/sql"
	"errors"
	"reflect"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/lists"
)

// held answers from the columns that fit this transaction. It tells whether there are such, and whether they hold what is asked for.
func held[T any](r *reader, ask func(*lists.State) (T, error)) (answer T, ok bool, err error) {
	state, err := r.columns()
	if err != nil || state == nil {
		return answer, false, err
	}
	answer, err = ask(state.Asking(r.numbers))
	if errors.Is(err, lists.ErrNotHeld) {
		return answer, false, nil
	}
	return answer, err == nil, err
}

// numbers gives the alerts that a condition holds for, whoever sees them.
func (r *reader) numbers(w store.Where) ([]int64, error) {
	var s statement
	s.add("SELECT a.n FROM alerts a WHERE ")
	if err := s.grouped(alertColumns, w); err != nil {
		return nil, err
	}
	var list []int64
	err := r.each(s.String(), func(rows *sql.Rows) error {
		var n int64
		err := rows.Scan(&n)
		list = append(list, n)
		return err
	}, s.args...)
	return list, err
}

// met is a list that was walked through whole for a page, and how many there are on all pages: who wants to know it mostly asks next.
type met struct {
	of    int
	q     store.AlertQuery
	total int64
}

const (
	alertList = iota + 1
	incidentList
)

// page remembers what a walk for a page met.
func (r *reader) page(of int, q store.AlertQuery, walk func(store.AlertQuery) (lists.Page, error)) (lists.Page, error) {
	p, err := walk(q)
	if err == nil && p.Counted {
		r.met = met{of, q, p.Total}
	}
	return p, err
}

func (r *reader) total(of int, q store.AlertQuery, count func(store.AlertQuery) (int64, error)) (int64, error) {
	if r.met.of == of && reflect.DeepEqual(r.met.q.Visible, q.Visible) && reflect.DeepEqual(r.met.q.Where, q.Where) {
		return r.met.total, nil
	}
	return count(q)
}

// CountAlerts implements store.AlertReader.
func (r *reader) CountAlerts(q store.AlertQuery) (int64, error) {
	n, ok, err := held(r, func(s *lists.State) (int64, error) { return r.total(alertList, q, s.CountAlerts) })
	if ok || err != nil {
		return n, err
	}
	s := &statement{}
	s.add("SELECT count(*) FROM alerts a WHERE ")
	if err := s.visible(q.Visible, "a.class"); err != nil {
		return 0, err
	}
	s.add(" AND ")
	if err := s.grouped(alertColumns, q.Where); err != nil {
		return 0, err
	}
	return n, r.tx.QueryRowContext(r.ctx, s.String(), s.args...).Scan(&n)
}

// AlertFacets implements store.AlertReader.
func (r *reader) AlertFacets(q store.AlertQuery) (store.AlertFacets, error) {
	f, ok, err := held(r, func(s *lists.State) (store.AlertFacets, error) { return s.AlertFacets(q) })
	if ok || err != nil {
		return f, err
	}
	s := &statement{}
	s.add("WITH a AS MATERIALIZED (SELECT class, status, severity, service_source, detection_source, category, assigned_to, classification, system_tags FROM alerts a WHERE ")
	if err := s.visible(q.Visible, "a.class"); err != nil {
		return f, err
	}
	s.add(" AND ")
	if err := s.grouped(alertColumns, q.Where); err != nil {
		return f, err
	}
	s.add(") SELECT 'class', class, count(*) FROM a GROUP BY class")
	f = store.AlertFacets{Classes: map[int64]int64{}}
	counts := map[string]map[string]int64{}
	for name, into := range map[string]*map[string]int64{
		"status": &f.Status, "severity": &f.Severity, "service_source": &f.ServiceSource, "detection_source": &f.DetectionSource,
		"category": &f.Category, "assigned_to": &f.AssignedTo, "classification": &f.Classification, "tag": &f.Tags,
	} {
		*into = map[string]int64{}
		counts[name] = *into
		if name != "tag" {
			s.add(" UNION ALL SELECT '" + name + "', " + name + ", count(*) FROM a GROUP BY 2")
		}
	}
	s.add(" UNION ALL SELECT 'tag', e.value, count(*) FROM a, json_each(a.system_tags) e WHERE a.system_tags <> '[]' GROUP BY 2")
	rows, err := r.tx.QueryContext(r.ctx, s.String(), s.args...)
	if err != nil {
		return f, err
	}
	return f, eachRow(rows, func(scan func(...any) error) error {
		var what string
		var value any
		var n int64
		if err := scan(&what, &value, &n); err != nil {
			return err
		}
		if class, ok := value.(int64); ok {
			f.Classes[class] = n
			f.Total += n
		} else {
			counts[what][value.(string)] = n
		}
		return nil
	})
}
