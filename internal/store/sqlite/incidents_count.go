package sqlite

import (
	"database/sql"
	"encoding/json"

	"github.com/bailiwick/bailiwick/internal/store"
)

// IncidentFacets implements store.AlertReader. Incidents whose alerts are of the same classes are counted together: of which
// workloads and device groups those are is for the policy to say.
func (r *reader) IncidentFacets(q store.AlertQuery) ([]store.IncidentFacet, error) {
	q.After = nil
	var s statement
	s.add("SELECT a.status, a.severity, a.classification, a.assigned_to, c.classes, count(*)")
	if err := s.incidentsFrom(q, ` JOIN (SELECT incident, json_group_array(class) AS classes FROM (SELECT incident, class FROM incident_classes WHERE `, func() error {
		if err := s.visible(q.Visible, "class"); err != nil {
			return err
		}
		s.add(" ORDER BY incident, class) GROUP BY incident) c ON c.incident = a.id")
		return nil
	}); err != nil {
		return nil, err
	}
	s.add(" GROUP BY 1, 2, 3, 4, 5")
	var list []store.IncidentFacet
	err := r.each(s.String(), func(rows *sql.Rows) error {
		var f store.IncidentFacet
		var classes string
		if err := rows.Scan(&f.Status, &f.Severity, &f.Classification, &f.AssignedTo, &classes, &f.Count); err != nil {
			return err
		}
		list = append(list, f)
		return json.Unmarshal([]byte(classes), &list[len(list)-1].Classes)
	}, s.args...)
	return list, err
}

// incidentsFrom is incidentsWhere with something joined.
func (s *statement) incidentsFrom(q store.AlertQuery, join string, rest func() error) error {
	s.add(" FROM (")
	if err := s.incidentView(q.Visible, ""); err != nil {
		return err
	}
	s.add(") a" + join)
	if err := rest(); err != nil {
		return err
	}
	s.add(" WHERE ")
	return s.grouped(incidentColumns, q.Where)
}

// IncidentValues implements store.AlertReader.
func (r *reader) IncidentValues(q store.AlertQuery) (tags, categories map[string]int64, err error) {
	q.After = nil
	count := func(s *statement) (map[string]int64, error) {
		counts := map[string]int64{}
		err := r.each(s.String(), func(rows *sql.Rows) error {
			var value string
			var n int64
			err := rows.Scan(&value, &n)
			counts[value] = n
			return err
		}, s.args...)
		return counts, err
	}
	var s statement
	s.add("SELECT e.value, count(*)")
	if err := s.incidentsFrom(q, ", json_each(a.custom_tags) e", func() error { return nil }); err != nil {
		return nil, nil, err
	}
	s.add(" AND a.custom_tags <> '[]' GROUP BY 1")
	if tags, err = count(&s); err != nil {
		return nil, nil, err
	}
	s = statement{}
	s.add("SELECT x.category, count(DISTINCT x.incident) FROM alerts x WHERE ")
	if err := s.visible(q.Visible, "x.class"); err != nil {
		return nil, nil, err
	}
	s.add(" AND x.incident IN (SELECT a.id")
	if err := s.incidentsWhere(q, ordered{}); err != nil {
		return nil, nil, err
	}
	s.add(") GROUP BY 1")
	categories, err = count(&s)
	return tags, categories, err
}
