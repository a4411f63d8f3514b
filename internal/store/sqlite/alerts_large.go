package sqlite

import (
	"encoding/json"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

// An alert may have 16 MB, and a list a thousand alerts. So one reading holds no more texts than this, however many it finds; what goes
// beyond it is read as far as lists show it. And few readings hold much at the same time.
const (
	mostTexts  = 8 << 20
	large      = 1 << 20         // bytes of texts; more are large
	mostLarge  = 4               // readings with more, at once
	largeWaits = 5 * time.Second // for another to end
)

// whole tells which of these alerts are read whole, those first that come first, and which are left. Of a page the first always is whole.
func (r *reader) whole(numbers []int64, page bool) (whole, left []int64, err error) {
	sizes := make(map[int64]int64, len(numbers))
	rows, err := r.tx.QueryContext(r.ctx, `SELECT alert, octet_length(body) + octet_length(evidence) FROM alert_bodies WHERE alert IN (SELECT value FROM json_each(?))`, numbersText(numbers))
	if err != nil {
		return nil, nil, err
	}
	if err := eachRow(rows, func(scan func(...any) error) error {
		var n, size int64
		err := scan(&n, &size)
		sizes[n] = size
		return err
	}); err != nil {
		return nil, nil, err
	}
	var sum int64
	for i, n := range numbers {
		if sum+sizes[n] > mostTexts && (i > 0 || !page) {
			left = append(left, n)
			continue
		}
		whole, sum = append(whole, n), sum+sizes[n]
	}
	return whole, left, r.holdLarge(sum)
}

// holdLarge waits until few others hold much; the reading's end makes room.
func (r *reader) holdLarge(size int64) error {
	if size <= large || r.store == nil || r.holds {
		return nil
	}
	late := time.NewTimer(largeWaits)
	defer late.Stop()
	select {
	case r.store.large <- struct{}{}:
		r.holds = true
		return nil
	case <-r.ctx.Done():
		return r.ctx.Err()
	case <-late.C:
		return fault.Unavailable("read", "others are reading very large alerts at this moment; try again")
	}
}

func (r *reader) release() {
	if r.holds {
		<-r.store.large
	}
}

// fillShort reads of alerts what lists show.
func (r *reader) fillShort(wanted string, at map[int64]int, list []store.AlertRow) error {
	rows, err := r.tx.QueryContext(r.ctx, `SELECT n, id, incident, class, created, updated, json_object('id', id, 'incidentId', nullif(incident, ''), 'status', status, 'severity', severity,
		'classification', nullif(classification, ''), 'determination', nullif(determination, ''), 'serviceSource', service_source, 'detectionSource', nullif(detection_source, ''), 'category', nullif(category, ''),
		'assignedTo', nullif(assigned_to, ''), 'title', nullif(title, ''), 'mitreTechniques', json(techniques), 'systemTags', json(system_tags)) FROM alerts WHERE n IN (SELECT value FROM json_each(?))`, wanted)
	if err != nil {
		return err
	}
	return eachRow(rows, func(scan func(...any) error) error {
		var n, created, updated int64
		var row store.AlertRow
		var body string
		if err := scan(&n, &row.ID, &row.IncidentID, &row.Class, &created, &updated, &body); err != nil {
			return err
		}
		o, err := store.ParseObject(json.RawMessage(body))
		if err != nil {
			return err
		}
		for name, ns := range map[string]int64{"createdDateTime": created, "lastUpdateDateTime": updated} {
			o.Set(name, store.Quote(time.Unix(0, ns).UTC().Format("2006-01-02T15:04:05.9999999Z")))
		}
		l := &list[at[n]]
		l.ID, l.IncidentID, l.Class, l.Body, l.Evidence, l.Left = row.ID, row.IncidentID, row.Class, o.JSON(), json.RawMessage("[]"), true
		return nil
	})
}
