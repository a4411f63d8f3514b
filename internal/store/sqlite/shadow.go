package sqlite

import (
	"database/sql"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

var sides = map[bool]string{false: "own", true: "unified"}

// ShadowDifferences gives the differences of the workloads.
func (r *reader) ShadowDifferences(among rbac.WorkloadSet) ([]store.ShadowDifference, error) {
	var list []store.ShadowDifference
	err := r.each(`SELECT user, workload, capability, device_group, allows, count, last FROM shadow_differences
		ORDER BY user, workload, capability, device_group, allows`, func(rows *sql.Rows) error {
		var d store.ShadowDifference
		var workload, capability, allows string
		var last int64
		if err := rows.Scan(&d.User, &workload, &capability, &d.DeviceGroup, &allows, &d.Count, &last); err != nil {
			return err
		}
		if err := d.Workload.UnmarshalText([]byte(workload)); err != nil {
			return err
		}
		if err := d.Capability.UnmarshalText([]byte(capability)); err != nil {
			return err
		}
		d.Unified, d.Last = allows == sides[true], time.Unix(0, last).UTC()
		if among.Has(d.Workload) {
			list = append(list, d)
		}
		return nil
	})
	return list, err
}

// AddShadowDifferences counts on.
func (w *writer) AddShadowDifferences(list []store.ShadowDifference, most int) (dropped int, err error) {
	var have int
	if _, err := w.one(`SELECT count(*) FROM shadow_differences`, nil, &have); err != nil {
		return 0, err
	}
	for _, d := range list {
		key := []any{d.User, d.Workload.String(), d.Capability.String(), d.DeviceGroup, sides[d.Unified]}
		n, err := w.exec(`UPDATE shadow_differences SET count = count + ?, last = max(last, ?)
			WHERE user = ? AND workload = ? AND capability = ? AND device_group = ? AND allows = ?`,
			append([]any{d.Count, nanos(d.Last)}, key...)...)
		if err != nil {
			return dropped, err
		}
		if n > 0 {
			continue
		}
		if have >= most {
			dropped++
			continue
		}
		n, err = w.exec(`INSERT INTO shadow_differences (user, workload, capability, device_group, allows, count, last)
			SELECT ?, ?, ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM users WHERE name = ?)
			AND EXISTS (SELECT 1 FROM activations WHERE workload = ? AND state = 'shadow')`,
			append(key, d.Count, nanos(d.Last), d.User, d.Workload.String())...)
		if err != nil {
			return dropped, err
		}
		have += int(n)
	}
	return dropped, nil
}
