package investigation

import (
	"database/sql"
	"fmt"
	"testing"
	"time"
)

// benchMultiply copies the alerts and incidents of a store, under other ids and at later times, until there are so many times as many: to
// load ten million takes an hour, to copy them minutes. The copies name what the first ones name, and are as new to each other.
func benchMultiply(b *testing.B, path string, times int) {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)&_pragma=cache_size(-1000000)&_pragma=foreign_keys(0)")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	do := func(query string, args ...any) {
		begun := time.Now()
		if _, err := db.Exec(query, args...); err != nil {
			b.Fatalf("%s: %v", query, err)
		}
		b.Logf("%.60q took %v", query, time.Since(begun).Round(time.Millisecond))
	}
	// Without their indexes and triggers, which are made again at the end.
	rows, err := db.Query(`SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('index', 'trigger')
		AND tbl_name IN ('alerts', 'incidents', 'incident_classes', 'alert_devices') ORDER BY type, name`)
	if err != nil {
		b.Fatal(err)
	}
	var again, drop []string
	for rows.Next() {
		var kind, name, made string
		if err := rows.Scan(&kind, &name, &made); err != nil {
			b.Fatal(err)
		}
		again, drop = append(again, made), append(drop, "DROP "+kind+" "+name)
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	for _, query := range drop {
		do(query)
	}
	incidents := benchBlock * 3 / 10
	later := benchTime(benchBlock).Sub(benchTime(0)).Nanoseconds()
	n, i := fmt.Sprint(benchBlock), fmt.Sprint(incidents)
	for k := 1; k < times; k++ {
		id := fmt.Sprintf(`printf('da%%09d', cast(substr(a.id, 3) AS INTEGER) + %d)`, k*benchBlock)
		incident := func(column string) string {
			return fmt.Sprintf(`cast(cast(%s AS INTEGER) + %d AS TEXT)`, column, k*incidents)
		}
		at, number, place := fmt.Sprintf(" + %d", int64(k)*later), fmt.Sprintf(" + %d", k*benchBlock), fmt.Sprintf(" + %d", k*incidents)
		do(`INSERT INTO incidents (id, derived, status, classification, determination, assigned_to, custom_tags, system_tags, created, updated, alerts, body, redirect, gone, n)
			SELECT ` + incident("id") + `, derived, status, classification, determination, assigned_to, custom_tags, system_tags, created, updated, alerts, body, redirect, gone, n` + place + `
			FROM incidents WHERE n <= ` + i)
		do(`INSERT INTO incident_classes SELECT ` + incident("c.incident") + `, c.class, c.alerts, in_progress, resolved, severity_rank, c.created` + at + `, c.updated` + at + `
			FROM incidents i JOIN incident_classes c ON c.incident = i.id WHERE i.n <= ` + i)
		do(`INSERT INTO alert_bodies SELECT a.n` + number + `, replace(b.body, a.id, ` + id + `), b.evidence FROM alerts a CROSS JOIN alert_bodies b ON b.alert = a.n WHERE a.n <= ` + n)
		do(`INSERT INTO alert_devices SELECT alert` + number + `, device FROM alert_devices WHERE alert <= ` + n)
		do(`INSERT INTO alert_names SELECT alert` + number + `, names FROM alert_names WHERE alert <= ` + n)
		do(`INSERT INTO alerts (n, id, incident, class, created, updated, status, severity, severity_rank, classification, determination, service_source, detection_source, category,
			assigned_to, title, techniques, system_tags, given, placed) SELECT a.n` + number + `, ` + id + `, ` + incident("a.incident") + `, class, created` + at + `, updated` + at + `, status, severity,
			severity_rank, classification, determination, service_source, detection_source, category, assigned_to, title, techniques, system_tags, ` + incident("a.incident") + `, placed
			FROM alerts a WHERE a.n <= ` + n)
	}
	do(`CREATE TEMP TABLE copies (k INTEGER PRIMARY KEY)`)
	for k := range times {
		do(`INSERT INTO copies VALUES (?)`, k)
	}
	do(`ALTER TABLE alert_entities RENAME TO alert_entities_once`)
	var made string
	if err := db.QueryRow(`SELECT replace(sql, 'alert_entities_once', 'alert_entities') FROM sqlite_master WHERE name = 'alert_entities_once'`).Scan(&made); err != nil {
		b.Fatal(err)
	}
	do(made)
	do(`INSERT INTO alert_entities SELECT e.entity, e.created + k * ` + fmt.Sprint(later) + `, e.alert + k * ` + n + `, e.device, e.closed, e.ties, e.name
		FROM (SELECT DISTINCT entity FROM alert_entities_once) d CROSS JOIN copies CROSS JOIN alert_entities_once e ON e.entity = d.entity`)
	do(`DROP TABLE alert_entities_once`)
	do(fmt.Sprintf(`UPDATE alert_classes SET alerts = alerts * %d`, times))
	for _, query := range again {
		do(query)
	}
}
