package sqlite

import (
	"strings"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/lists"
)

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
	s.add("+"+column+in+"(SELECT value FROM json_each(?))", numbersText(classes))
	return nil
}

// Alerts implements store.AlertReader.
func (r *reader) Alerts(q store.AlertQuery) ([]store.AlertRow, error) {
	page, ok, err := held(r, func(s *lists.State) (lists.Page, error) { return r.page(alertList, q, s.Alerts) })
	if err != nil {
		return nil, err
	}
	if ok {
		list := make([]store.AlertRow, len(page.Numbers))
		for i := range list {
			list[i].Cursor = page.Cursors[i]
		}
		return list, r.fill(page.Numbers, list, true)
	}
	o, err := alertColumns.ordered(q.Order)
	if err != nil {
		return nil, err
	}
	s := &statement{}
	s.add("SELECT a.n, " + strings.Join(o.keys, ", ") + " FROM alerts a WHERE ")
	if err := s.visible(q.Visible, "a.class"); err != nil {
		return nil, err
	}
	s.add(" AND ")
	if err := s.grouped(alertColumns, q.Where); err != nil {
		return nil, err
	}
	if q.After != nil {
		s.add(" AND ")
		if err := s.after(o, q.After); err != nil {
			return nil, err
		}
	}
	s.add(" ORDER BY "+o.String()+" LIMIT ? OFFSET ?", q.Limit, q.Skip)
	return r.alertRows(s.String(), s.args, len(o.keys), true)
}
