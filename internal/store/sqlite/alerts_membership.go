package sqlite

import "database/sql"

// membership is what is known of the incident that an alert is in.
type membership struct {
	incident string // the one it is in
	given    string // the one that its record named last
	placed   bool   // a person has put it where it is
}

// membership tells the incident that a new record of an alert puts it in. It has a say only when it names another one than before, or
// what people and correlation did would be undone by the next load; and none at all where a person has said where the alert belongs.
func (t *taker) membership(before membership, given string) (string, error) {
	if before.placed || given == before.given {
		return before.incident, nil
	}
	return t.leadsTo(given)
}

// leadsTo follows an incident to the one that it was merged into.
func (t *taker) leadsTo(incident string) (string, error) {
	if incident == "" {
		return "", nil
	}
	if to, known := t.redirects[incident]; known {
		return to, nil
	}
	to := incident
	if _, err := t.w.one(`SELECT redirect FROM incidents WHERE id = ? AND redirect <> ''`, []any{incident}, &to); err != nil {
		return "", err
	}
	t.redirects[incident] = to
	return to, nil
}

// leave notes that an alert is in another incident now. What was written about the one that it leaves was written for those who see
// this alert, too, and stays so.
func (w *writer) leave(alert int64, from, to string) error {
	for _, table := range []string{"alert_joins", "alert_ties"} {
		if _, err := w.exec(`DELETE FROM `+table+` WHERE alert = ?`, alert); err != nil {
			return err
		}
	}
	if from != "" {
		if _, err := w.exec(`INSERT OR IGNORE INTO alert_formerly (incident, alert) VALUES (?, ?)`, from, alert); err != nil {
			return err
		}
	}
	_, err := w.exec(`DELETE FROM alert_formerly WHERE incident = ? AND alert = ?`, to, alert)
	return err
}

// recount has the incidents counted again that an alert was in before: who sees them depends on what it belongs to now.
func (t *taker) recount(alert int64) error {
	return t.w.each(`SELECT incident FROM alert_formerly WHERE alert = ?`, func(rows *sql.Rows) error {
		var incident string
		err := rows.Scan(&incident)
		t.incidents[incident] = true
		return err
	}, alert)
}
