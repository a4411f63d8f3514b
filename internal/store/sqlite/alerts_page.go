package sqlite

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/store"
)

// A page for a reader of few classes is put together from each class's own end of the index. For a reader of many, the
// newest alerts are walked through and those of other classes passed over: one who sees much does not have to go far.
// In between, it depends on how many of all alerts the classes have.
const (
	fewClasses    = 32
	mostMerged    = 400 // SQLite joins no more than 500 selects
	mostArguments = 8000
	mergedAlert   = 2 // what an alert of a merge costs, in alerts walked past
)

// merges tells which way is shorter.
func (r *reader) merges(q store.AlertQuery) (bool, error) {
	k := int64(len(q.Visible.Classes))
	if q.Visible.All || q.Visible.Hidden != nil || k > mostMerged {
		return false, nil
	}
	if k <= fewClasses {
		return true, nil
	}
	// The condition stands in every select: a long one would outgrow what a statement may hold.
	var where statement
	if err := where.grouped(alertColumns, q.Where); err != nil || k*int64(len(where.args)) > mostArguments {
		return false, err
	}
	var seen, all int64
	var s statement
	s.add("SELECT coalesce(sum(alerts) FILTER (WHERE ")
	if err := s.visible(q.Visible, "id"); err != nil {
		return false, err
	}
	s.add("), 0), coalesce(sum(alerts), 0) FROM alert_classes")
	if err := r.tx.QueryRowContext(r.ctx, s.String(), s.args...).Scan(&seen, &all); err != nil {
		return false, err
	}
	return seen > 0 && all/seen > k*mergedAlert, nil
}

// visible appends the reader's classes as a condition. The plus keeps SQLite from gathering whole classes through the
// index by class, to sort them all for one page.
func (s *statement) visible(v store.Visible, column string) error {
	if v.All {
		s.add("1")
		return nil
	}
	in, classes := " IN ", v.Classes
	if v.Hidden != nil {
		s.add("+"+column+" <= ? AND ", v.UpTo)
		in, classes = " NOT IN ", v.Hidden
	}
	list, err := json.Marshal(slices.Concat([]int64{}, classes))
	if err != nil {
		return err
	}
	s.add("+"+column+in+"(SELECT value FROM json_each(?))", string(list))
	return nil
}

// Alerts implements store.AlertReader.
func (r *reader) Alerts(q store.AlertQuery) ([]store.AlertRow, error) {
	o, err := alertColumns.ordered(q.Order)
	if err != nil {
		return nil, err
	}
	var page statement
	merge, err := r.merges(q)
	if err != nil {
		return nil, err
	}
	if merge {
		err = page.merged(q, o)
	} else {
		err = page.walked(q, o)
	}
	if err != nil || page.Len() == 0 {
		return nil, err
	}
	return r.alertRows(page.String(), page.args, len(o.keys))
}

// walked selects the page through the order's own index.
func (s *statement) walked(q store.AlertQuery, o ordered) error {
	s.add("SELECT a.n, " + strings.Join(o.keys, ", ") + " FROM alerts a WHERE ")
	if err := s.visible(q.Visible, "a.class"); err != nil {
		return err
	}
	return s.rest(q, o, q.Limit, q.Skip)
}

// merged selects the page from each class by itself and keeps the first of them all.
func (s *statement) merged(q store.AlertQuery, o ordered) error {
	for i, class := range q.Visible.Classes {
		if i == 0 {
			s.add("SELECT * FROM (")
		} else {
			s.add(" UNION ALL ")
		}
		s.add("SELECT * FROM (SELECT a.n")
		for j, k := range o.keys {
			s.add(", " + k + " AS k" + string(rune('0'+j)))
		}
		s.add(" FROM alerts a WHERE a.class = ?", class)
		if err := s.rest(q, o, q.Limit+q.Skip, 0); err != nil {
			return err
		}
		s.add(")")
	}
	if len(q.Visible.Classes) == 0 {
		return nil
	}
	s.add(") ORDER BY ")
	for j := range o.keys {
		if j > 0 {
			s.add(", ")
		}
		s.add("k" + string(rune('0'+j)))
		if o.desc[j] {
			s.add(" DESC")
		}
	}
	s.add(" LIMIT ? OFFSET ?", q.Limit, q.Skip)
	return nil
}

func (s *statement) rest(q store.AlertQuery, o ordered, limit, skip int) error {
	if q.Where != nil {
		s.add(" AND ")
		if err := s.grouped(alertColumns, q.Where); err != nil {
			return err
		}
	}
	if q.After != nil {
		s.add(" AND ")
		if err := s.after(o, q.After); err != nil {
			return err
		}
	}
	s.add(" ORDER BY "+o.String()+" LIMIT ? OFFSET ?", limit, skip)
	return nil
}
