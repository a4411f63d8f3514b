package detection

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
)

// row is one row of a result, by the names of its columns.
type row struct {
	columns map[string]int
	values  []any
}

func columnsOf(result Result) map[string]int {
	columns := map[string]int{}
	for i, c := range result.Columns {
		columns[c] = i
	}
	return columns
}

func (r row) value(column string) any {
	if i, ok := r.columns[column]; ok && i < len(r.values) {
		return r.values[i]
	}
	return nil
}

func (r row) text(column string) string { return strings.TrimSpace(TextOf(r.value(column))) }

// found is what one run has to tell: rows that are about the same things and say the same make one alert.
type found struct {
	alerts   []finding
	known    int64 // rows that were told before
	useless  int64 // rows that name nothing that an alert could be about, or no time
	noEntity int64 // of them, those that name nothing
	left     int64 // alerts that were too many
}

// titleOf is what an alert of a row is called: one whose columns say nothing is called like the detection.
func titleOf(d store.Detection, r row) string {
	return cmp.Or(strings.TrimSpace(render(d.Alert.Title, r.text)), d.Name, "Without a title")
}

// finding is one alert to be.
type finding struct {
	key                string // of the detection's alerts in the window, which one
	title, description string
	rows               []row
	matches            []string
	first, last        time.Time
}

// gather sorts the rows of a result into alerts. told are the matches that earlier windows made alerts of.
func gather(d store.Detection, result Result, told map[string]bool) found {
	var f found
	columns := columnsOf(result)
	at := map[string]int{}
	for _, values := range result.Rows {
		r := row{columns, values}
		when, ok := timeOf(r.value("Timestamp"))
		entities := assetsOf(d, r)
		if !ok || entities == "" {
			f.useless++
			if entities == "" {
				f.noEntity++
			}
			continue
		}
		match := matchOf(r, entities)
		if told[match] {
			f.known++
			continue
		}
		title, description := titleOf(d, r), render(d.Alert.Description, r.text)
		key := hash(title, description, entities)
		i, known := at[key]
		if !known {
			i = len(f.alerts)
			at[key] = i
			f.alerts = append(f.alerts, finding{key: key, title: title, description: description, first: when, last: when})
		}
		one := &f.alerts[i]
		one.rows, one.matches = append(one.rows, r), append(one.matches, match)
		if when.Before(one.first) {
			one.first = when
		}
		if when.After(one.last) {
			one.last = when
		}
	}
	// The oldest first: what is left for the next run is what it can still see.
	slices.SortStableFunc(f.alerts, func(a, b finding) int {
		if c := a.first.Compare(b.first); c != 0 {
			return c
		}
		return strings.Compare(a.key, b.key)
	})
	if n := len(f.alerts); n > mostAlerts {
		f.left = int64(n - mostAlerts)
		f.alerts = f.alerts[:mostAlerts]
	}
	return f
}

// matches are those of all rows, to ask which were told.
func matches(d store.Detection, result Result) []string {
	columns := columnsOf(result)
	var list []string
	for _, values := range result.Rows {
		r := row{columns, values}
		if entities := assetsOf(d, r); entities != "" {
			list = append(list, matchOf(r, entities))
		}
	}
	return list
}

// assetsOf is what a row is about, as one text; empty: nothing.
func assetsOf(d store.Detection, r row) string {
	var list []string
	some := false
	for _, a := range d.Alert.Assets {
		v := strings.ToLower(r.text(a.Column))
		some = some || v != ""
		list = append(list, a.Kind+"="+v, strings.ToLower(domainOf(a.Column, r)))
	}
	if !some {
		return ""
	}
	return strings.Join(list, "\x00")
}

// matchOf tells one event from another: what it is about, its id and its time; where events have no id, all that the row says.
func matchOf(r row, entities string) string {
	parts := []string{entities, r.text("Timestamp"), r.text("DeviceId")}
	if id := r.text("ReportId"); id != "" {
		return hash(append(parts, id)...)
	}
	for _, v := range r.values {
		parts = append(parts, TextOf(v))
	}
	return hash(parts...)
}

func hash(parts ...string) string {
	text, err := json.Marshal(parts) // so that no two lists have one text
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:20]))
}
