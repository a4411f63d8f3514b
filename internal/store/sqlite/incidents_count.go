package sqlite

import (
	"database/sql"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/lists"
)

// IncidentFacets implements store.AlertReader.
func (r *reader) IncidentFacets(q store.AlertQuery, things map[int64][]int) (store.IncidentFacets, error) {
	f, ok, err := held(r, func(s *lists.State) (store.IncidentFacets, error) { return s.IncidentFacets(q, things) })
	if ok || err != nil {
		return f, err
	}
	q.After = nil
	for _, count := range []struct {
		into *map[string]int64
		what string
	}{{&f.Status, "status"}, {&f.Severity, "severity"}, {&f.Classification, "classification"}, {&f.AssignedTo, "assigned_to"}} {
		var s statement
		s.add("SELECT a." + count.what + ", count(*)")
		if *count.into, err = r.countedIncidents(&s, q, ""); err != nil {
			return f, err
		}
	}
	for _, n := range f.Status {
		f.Total += n
	}
	var s statement
	s.add("SELECT e.value, count(*)")
	if f.Tags, err = r.countedIncidents(&s, q, ", json_each(a.custom_tags) e"); err != nil {
		return f, err
	}
	if f.Categories, err = r.incidentKinds(q, "category"); err != nil {
		return f, err
	}
	if f.DetectionSources, err = r.incidentKinds(q, "detection_source"); err != nil {
		return f, err
	}
	f.Things, err = r.incidentThings(q, things)
	return f, err
}

// countedIncidents counts by what a statement selects from the incidents that a query finds, joined to something.
func (r *reader) countedIncidents(s *statement, q store.AlertQuery, join string) (map[string]int64, error) {
	s.add(" FROM (")
	if err := s.incidentView(q.Visible, ""); err != nil {
		return nil, err
	}
	s.add(") a" + join + " WHERE ")
	if err := s.grouped(incidentColumns, q.Where); err != nil {
		return nil, err
	}
	s.add(" GROUP BY 1")
	return r.counted(s)
}

func (r *reader) counted(s *statement) (map[string]int64, error) {
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

// incidentKinds counts incidents by what a column says of their alerts in sight.
func (r *reader) incidentKinds(q store.AlertQuery, column string) (map[string]int64, error) {
	var s statement
	s.add("SELECT x." + column + ", count(DISTINCT x.incident) FROM alerts x WHERE ")
	if err := s.visible(q.Visible, "x.class"); err != nil {
		return nil, err
	}
	s.add(" AND x.incident IN (SELECT a.id")
	if err := s.incidentsWhere(q, ordered{}); err != nil {
		return nil, err
	}
	s.add(") GROUP BY 1")
	return r.counted(&s)
}

func (r *reader) incidentThings(q store.AlertQuery, things map[int64][]int) ([]int64, error) {
	var s statement
	s.add("SELECT incident, class FROM incident_classes WHERE ")
	if err := s.visible(q.Visible, "class"); err != nil {
		return nil, err
	}
	s.add(" AND incident IN (SELECT a.id")
	if err := s.incidentsWhere(q, ordered{}); err != nil {
		return nil, err
	}
	s.add(") ORDER BY incident")
	var counts []int64
	for _, list := range things {
		for _, thing := range list {
			for len(counts) <= thing {
				counts = append(counts, 0)
			}
		}
	}
	last, met := "", map[int]bool{}
	err := r.each(s.String(), func(rows *sql.Rows) error {
		var incident string
		var class int64
		if err := rows.Scan(&incident, &class); err != nil {
			return err
		}
		if incident != last {
			last = incident
			clear(met)
		}
		for _, thing := range things[class] {
			if !met[thing] {
				met[thing] = true
				counts[thing]++
			}
		}
		return nil
	}, s.args...)
	return counts, err
}
