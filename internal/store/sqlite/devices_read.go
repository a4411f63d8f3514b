package sqlite

import (
	"database/sql"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/lists"
)

// DeviceCounts implements store.AlertReader.
func (r *reader) DeviceCounts(q store.DeviceQuery) (map[string]int, error) {
	var s statement
	s.add(`SELECT d.device_group, count(*) FROM devices d WHERE `)
	s.devicesWhere(q)
	s.add(` GROUP BY d.device_group`)
	counts := map[string]int{}
	err := r.each(s.String(), func(rows *sql.Rows) error {
		var group string
		var n int
		err := rows.Scan(&group, &n)
		counts[group] = n
		return err
	}, s.args...)
	return counts, err
}

// DeviceIDs implements store.AlertReader.
func (r *reader) DeviceIDs(groups []string) ([]string, error) {
	return r.ids(`SELECT id FROM devices WHERE id <> '' AND device_group IN (SELECT value FROM json_each(?)) ORDER BY id`, listText(groups))
}

// AlertIDs implements store.AlertReader.
func (r *reader) AlertIDs(classes []int64) ([]string, error) {
	return r.ids(`SELECT id FROM alerts WHERE class IN (SELECT value FROM json_each(?)) ORDER BY id`, numbersText(classes))
}

func (r *reader) ids(query string, of string) ([]string, error) {
	var list []string
	err := r.each(query, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		list = append(list, id)
		return err
	}, of)
	return list, err
}

// devicesWhere appends which devices a query is about.
func (s *statement) devicesWhere(q store.DeviceQuery) {
	s.add("(? OR d.known AND d.device_group IN (SELECT value FROM json_each(?)))", q.All, listText(q.Groups))
	if q.In != nil {
		s.add(" AND d.device_group IN (SELECT value FROM json_each(?))", listText(q.In))
	}
	if q.Search != "" {
		like := "%" + escapeLike(q.Search) + "%"
		s.add(` AND (d.name LIKE ? ESCAPE '\' OR d.id LIKE ? ESCAPE '\' OR d.domain LIKE ? ESCAPE '\'
			OR EXISTS (SELECT 1 FROM json_each(d.tags) e WHERE e.value LIKE ? ESCAPE '\') OR EXISTS (SELECT 1 FROM json_each(d.own_tags) e WHERE e.value LIKE ? ESCAPE '\'))`,
			like, like, like, like, like)
	}
}

// Devices implements store.AlertReader.
func (r *reader) Devices(q store.DeviceQuery) ([]store.Device, error) {
	var s statement
	s.add("SELECT " + deviceColumns + " FROM devices d WHERE ")
	s.devicesWhere(q)
	s.add(" AND d.id > ? ORDER BY d.id LIMIT ?", q.After, q.Limit)
	var list []store.Device
	err := r.each(s.String(), func(rows *sql.Rows) error {
		var d store.Device
		err := scanDevice(rows.Scan, &d)
		list = append(list, d)
		return err
	}, s.args...)
	return list, err
}

// CountDevices implements store.AlertReader.
func (r *reader) CountDevices(q store.DeviceQuery) (int, error) {
	var s statement
	s.add("SELECT count(*) FROM devices d WHERE ")
	s.devicesWhere(q)
	var n int
	_, err := r.one(s.String(), s.args, &n)
	return n, err
}

// DeviceRows implements store.AlertReader. By name, the page is found first and counted then; otherwise what is counted tells
// which devices make the page.
func (r *reader) DeviceRows(q store.DeviceQuery, sight store.Sight, by store.TallyOrder, after []any) ([]store.DeviceRow, error) {
	if by != store.ByName {
		list, ok, err := held(r, func(s *lists.State) ([]store.DeviceRow, error) { return r.deviceRows(s, q, sight, by, after) })
		if ok || err != nil {
			return list, err
		}
	}
	o, err := tallyOrder(by, "lower(d.name)", "d.id")
	if err != nil {
		return nil, err
	}
	var s statement
	columns := "NULL, NULL, NULL, NULL, NULL, NULL"
	if by != store.ByName {
		columns = tallyColumns
	}
	s.add("SELECT " + deviceColumns + ", " + columns)
	for _, k := range o.keys {
		s.add(", " + k)
	}
	s.add(" FROM devices d")
	if by != store.ByName {
		s.add(" LEFT JOIN entities n ON n.kind = ? AND n.key = d.id LEFT JOIN ", store.EntityDevice)
		if err := s.tallies(store.EntityDevice, sight); err != nil {
			return nil, err
		}
		s.add(" ON t.entity = n.n")
	}
	s.add(" WHERE ")
	s.devicesWhere(q)
	if after != nil {
		s.add(" AND ")
		if err := s.after(o, after); err != nil {
			return nil, err
		}
	}
	s.add(" ORDER BY "+o.String()+" LIMIT ?", q.Limit)
	var list []store.DeviceRow
	err = r.each(s.String(), func(rows *sql.Rows) error {
		row := store.DeviceRow{Cursor: make([]any, len(o.keys))}
		var t tallyScan
		err := scanDevice(func(into ...any) error {
			into = append(into, t.into()...)
			for i := range row.Cursor {
				into = append(into, &row.Cursor[i])
			}
			return rows.Scan(into...)
		}, &row.Device)
		row.Tally = t.tally()
		list = append(list, row)
		return err
	}, s.args...)
	if err != nil || by != store.ByName {
		return list, err
	}
	for i := range list {
		row, _, err := r.Entity(store.EntityDevice, list[i].ID, sight)
		if err != nil {
			return nil, err
		}
		list[i].Tally = row.Tally
	}
	return list, nil
}

// deviceRows is DeviceRows by the columns: they know what names a device, and the tables which devices there are.
func (r *reader) deviceRows(state *lists.State, q store.DeviceQuery, sight store.Sight, by store.TallyOrder, after []any) ([]store.DeviceRow, error) {
	var s statement
	s.add("SELECT d.id, lower(d.name) FROM devices d WHERE ")
	s.devicesWhere(q)
	names := map[string][2]string{}
	err := r.each(s.String(), func(rows *sql.Rows) error {
		var id, name string
		err := rows.Scan(&id, &name)
		names[id] = [2]string{name, id}
		return err
	}, s.args...)
	if err != nil {
		return nil, err
	}
	ids, tallies, cursors, err := state.Devices(names, sight, by, after, q.Limit)
	if err != nil {
		return nil, err
	}
	var list []store.DeviceRow
	for i, id := range ids {
		d, _, err := r.Device(id)
		if err != nil {
			return nil, err
		}
		list = append(list, store.DeviceRow{Device: d, Tally: tallies[i], Cursor: cursors[i]})
	}
	return list, nil
}
