package sqlite

import (
	"github.com/bailiwick/bailiwick/internal/store"
)

// kindColumns are the fields by which alerts are counted as they come and go.
var kindColumns = columns{
	store.FieldClass:  "+a.class",
	store.FieldStatus: "a.status", store.FieldSeverity: "a.severity", store.FieldServiceSource: "a.service_source",
	store.FieldCategory: "a.category", store.FieldAssignedTo: "a.assigned_to", store.FieldDetectionSource: "a.detection_source",
	store.FieldClassification: "a.classification",
}

// counted begins a statement that counts what a query finds: by kinds if its condition asks for nothing else, which
// costs the same for a million alerts; alert by alert otherwise.
func counted(q store.AlertQuery, kinds, each string) (*statement, error) {
	s := &statement{}
	s.add("SELECT " + kinds + " FROM alert_kinds a WHERE ")
	if err := s.visible(q.Visible, "a.class"); err != nil {
		return s, err
	}
	s.add(" AND ")
	if s.grouped(kindColumns, q.Where) == nil {
		return s, nil
	}
	s = &statement{}
	s.add("SELECT " + each + " FROM alerts a WHERE ")
	if err := s.visible(q.Visible, "a.class"); err != nil {
		return s, err
	}
	s.add(" AND ")
	return s, s.grouped(alertColumns, q.Where)
}

// CountAlerts implements store.AlertReader.
func (r *reader) CountAlerts(q store.AlertQuery) (int64, error) {
	s, err := counted(q, "coalesce(sum(a.alerts), 0)", "count(*)")
	if err != nil {
		return 0, err
	}
	var n int64
	return n, r.tx.QueryRowContext(r.ctx, s.String(), s.args...).Scan(&n)
}

// AlertFacets implements store.AlertReader.
func (r *reader) AlertFacets(q store.AlertQuery) ([]store.AlertFacet, error) {
	const kind = "a.class, a.status, a.severity, a.service_source, a.category, a.assigned_to, a.detection_source, a.classification, "
	s, err := counted(q, kind+"sum(a.alerts)", kind+"count(*)")
	if err != nil {
		return nil, err
	}
	s.add(" GROUP BY 1, 2, 3, 4, 5, 6, 7, 8")
	rows, err := r.tx.QueryContext(r.ctx, s.String(), s.args...)
	if err != nil {
		return nil, err
	}
	var list []store.AlertFacet
	err = eachRow(rows, func(scan func(...any) error) error {
		var f store.AlertFacet
		if err := scan(&f.Class, &f.Status, &f.Severity, &f.ServiceSource, &f.Category, &f.AssignedTo, &f.DetectionSource, &f.Classification, &f.Count); err != nil {
			return err
		}
		list = append(list, f)
		return nil
	})
	return list, err
}

// AlertTags implements store.AlertReader.
func (r *reader) AlertTags(q store.AlertQuery) (map[string]int64, error) {
	s := &statement{}
	s.add("SELECT e.value, count(*) FROM alerts a, json_each(a.system_tags) e WHERE a.system_tags <> '[]' AND ")
	if err := s.visible(q.Visible, "a.class"); err != nil {
		return nil, err
	}
	s.add(" AND ")
	if err := s.grouped(alertColumns, q.Where); err != nil {
		return nil, err
	}
	s.add(" GROUP BY 1")
	rows, err := r.tx.QueryContext(r.ctx, s.String(), s.args...)
	if err != nil {
		return nil, err
	}
	tags := map[string]int64{}
	err = eachRow(rows, func(scan func(...any) error) error {
		var tag string
		var n int64
		err := scan(&tag, &n)
		tags[tag] = n
		return err
	})
	return tags, err
}
