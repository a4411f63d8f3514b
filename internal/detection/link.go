package detection

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

const (
	mostLinked  = 100 // rows that one alert is made of
	mostHeading = 200 // characters of an incident's name
	mostKey     = 100 // characters of a request's key
	linkBack    = 24 * time.Hour
)

// Linking is rows of a query of somebody's own that are to become an alert of an incident.
type Linking struct {
	Hunted
	Alert           store.DetectionAlert // Assets nil: of each kind the first column that the result has
	Incident, Title string               // an incident that there is, or the name of a new one
	// Key is of the request: one of the same person and key within a day is the same request, and makes nothing anew. Empty: it has none.
	Key string
}

// digest tells one request from another.
func (l Linking) digest() (string, error) {
	l.Key = ""
	text, err := json.Marshal(l)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), err
}

// Hunted is a query of somebody's own, and which of its rows are meant.
type Hunted struct {
	Query, Timespan string
	At              time.Time         // what the query takes for now; zero: now
	Chosen          []json.RawMessage // lists of values as they were shown, each once; nil: all rows
	Most            int               // rows that are kept
}

// Linked is what became of them.
type Linked struct {
	Incident, Alert string
	Rows            int // that the alert is made of
	Known           int // rows that were in the incident already, and are left out
}

// Link makes an alert of rows that somebody has hunted down, and puts it into an incident. The query is run anew with the rights that
// they have now: what a caller says of rows only tells which. The alert belongs to the workloads of every table that the query reads and
// to all devices that the rows name, as a detection's do (S13), and it takes the right to manage it there (T3), on every one of those
// devices, and the whole of the incident (S8, S9, R17). What is refused, is so in the same words whatever there is out of their reach.
func (s *Service) Link(ctx context.Context, who audit.Actor, l Linking) (Linked, error) {
	const op = "link rows to an incident"
	if s.Hunt == nil {
		return Linked{}, fault.Unavailable(op, "no server runs queries on these data")
	}
	if utf8.RuneCountInString(l.Key) > mostKey || l.Key != oneLine(l.Key, mostKey) {
		return Linked{}, fault.Invalid(op, "the Idempotency-Key: want at most %d printable characters", mostKey)
	}
	l.At, l.Most = l.At.UTC(), mostLinked
	request, err := l.digest()
	if err != nil {
		return Linked{}, err
	}
	var done Linked
	// First without the rows: nobody waits for a query to hear that they may not, or that they have done it already.
	err = s.change(ctx, who, "hunting.link", "hunting query", func(tx store.Writer, snapshot *rbac.Snapshot, rec *audit.Record) error {
		rec.Skip()
		if done, err = s.linkedBy(tx, snapshot, who, l.Key, request); err != nil || done.Alert != "" {
			return err
		}
		_, err := s.linkable(ctx, tx, snapshot, who, &l, rec)
		return err
	})
	if err != nil || done.Alert != "" {
		return done, err
	}
	within, cancel := context.WithTimeout(ctx, waitTime)
	defer cancel()
	result, missing, err := s.Hunt(within, who, l.Hunted)
	if err != nil {
		return Linked{}, err
	}
	switch n := len(result.Rows); {
	case missing > 0:
		return Linked{}, fault.Conflict(op, "%d of the rows are not among those that the query finds now: run it again, and choose anew", missing)
	case result.More:
		return Linked{}, fault.Invalid(op, "the query finds more than %d rows, and an alert is made of so many: narrow it, or choose rows", mostLinked)
	case n == 0:
		return Linked{}, fault.Invalid(op, "the query finds no rows")
	}
	// And with the rows: what they name decides, as it is now.
	err = s.change(ctx, who, "hunting.link", "hunting query", func(tx store.Writer, snapshot *rbac.Snapshot, rec *audit.Record) error {
		if done, err = s.linkedBy(tx, snapshot, who, l.Key, request); err != nil || done.Alert != "" {
			rec.Skip()
			return err
		}
		d, err := s.linkable(ctx, tx, snapshot, who, &l, rec)
		if err != nil {
			return err
		}
		all := len(result.Rows)
		matches, err := s.unlinked(tx, snapshot, who, l.Incident, &result)
		if err != nil {
			return err
		}
		h := herald{tx: tx, d: d, reach: snapshot.Reach(who.Name, rbac.ViewHunting, s.now()), at: s.now()}
		a, err := h.alert(linkedRows(d, result, h.at), h.at)
		if err != nil {
			return err
		}
		if err := denied(op, s.asks(snapshot, who).toPlace(tx, a)); err != nil {
			return err
		}
		a.ID = "ea" + strings.ToLower(rand.Text())
		a.DetectionSource = "manual"
		if a.Body, err = byHand(a.Body, a.ID); err != nil {
			return err
		}
		incident, err := s.Place(ctx, tx, who, a, l.Incident, l.Title, rec)
		if err != nil {
			return err
		}
		sum := sha256.Sum256([]byte(l.Query))
		rec.After = map[string]any{"alert": a.ID, "rows": len(result.Rows), "text": "sha256:" + hex.EncodeToString(sum[:])}
		n, known := len(result.Rows), all-len(result.Rows)
		if err := tx.ForgetHuntingLinks(h.at.Add(-linkBack)); err != nil {
			return err
		}
		err = tx.AddHuntingLink(store.HuntingLink{User: who.Name, Key: l.Key, Request: request, Alert: a.ID, Rows: int64(n), Known: int64(known), At: h.at}, matches)
		done = Linked{Incident: incident, Alert: a.ID, Rows: n, Known: known}
		return err
	})
	return done, err
}

// linkedBy is what somebody has made by this key; the zero value: nothing. That they made it is no right to see it now.
func (s *Service) linkedBy(tx store.Reader, snapshot *rbac.Snapshot, who audit.Actor, key, request string) (Linked, error) {
	const op = "link rows to an incident"
	if key == "" {
		return Linked{}, nil
	}
	l, found, err := tx.HuntingLink(who.Name, key)
	if err != nil || !found || l.At.Before(s.now().Add(-linkBack)) {
		return Linked{}, err
	}
	inSight, _, err := s.InSight(tx, snapshot, who.Name, s.now())
	if err != nil {
		return Linked{}, err
	}
	switch seen, err := inSight(l.Alert); {
	case err != nil:
		return Linked{}, err
	case !seen:
		return Linked{}, fault.Conflict(op, "a request with this Idempotency-Key was answered before, and you do not see what came of it any more")
	case l.Request != request:
		return Linked{}, fault.Conflict(op, "rows were linked before, as alert %s, by another request with this Idempotency-Key: a new request takes a new key", l.Alert)
	}
	row, _, err := tx.Alert(l.Alert, store.Visible{All: true})
	return Linked{Incident: row.IncidentID, Alert: l.Alert, Rows: int(l.Rows), Known: int(l.Known)}, err
}

// unlinked takes rows out of a result that are in an incident by an alert which somebody sees, and gives what tells the rest from others.
// A row is told from others as a detection does, by what it is about where nobody chooses: it is the same row whatever its alert is about.
func (s *Service) unlinked(tx store.Reader, snapshot *rbac.Snapshot, who audit.Actor, incident string, result *Result) ([]string, error) {
	matches := make([]string, len(result.Rows))
	columns := columnsOf(*result)
	about := store.Detection{Alert: store.DetectionAlert{Assets: firstAssets(func(c string) bool { _, has := columns[c]; return has })}}
	for i, values := range result.Rows {
		r := row{columns, values}
		matches[i] = matchOf(r, assetsOf(about, r))
	}
	if incident == "" {
		return matches, nil
	}
	linked, err := tx.LinkedRows(incident, matches)
	if err != nil {
		return nil, err
	}
	inSight, _, err := s.InSight(tx, snapshot, who.Name, s.now())
	if err != nil {
		return nil, err
	}
	var rows [][]any
	var left, alerts []string
	for i, m := range matches {
		before := len(alerts)
		for _, alert := range linked[m] {
			if seen, err := inSight(alert); err != nil {
				return nil, err
			} else if seen {
				alerts = append(alerts, alert)
			}
		}
		if len(alerts) == before {
			rows, left = append(rows, result.Rows[i]), append(left, m)
		}
	}
	if len(rows) == 0 {
		slices.Sort(alerts)
		return nil, fault.Conflict("link rows to an incident", "the rows are in the incident already, as alert %s", strings.Join(slices.Compact(alerts), ", "))
	}
	result.Rows = rows
	return left, nil
}

// linkable is what the alert would be of, if it can be and somebody may make it, as far as that can be told without the rows.
func (s *Service) linkable(ctx context.Context, tx store.Writer, snapshot *rbac.Snapshot, who audit.Actor, l *Linking, rec *audit.Record) (store.Detection, error) {
	const op = "link rows to an incident"
	a := s.asks(snapshot, who)
	d := store.Detection{ID: "hunt", Owner: who.Name, Query: l.Query, AllDevices: true}
	if hunts := snapshot.Reach(who.Name, rbac.ViewHunting, a.at); hunts.None() {
		var needs []string
		for _, w := range rbac.Workloads {
			needs = append(needs, catalog.Needs(rbac.ViewHunting, w, snapshot.Activations()))
		}
		return d, fault.Denied(op, "no role lets you hunt in any product").WithLacks(needs...)
	}
	var wrong []fault.Detail
	say := func(where, want, problem string, args ...any) {
		wrong = append(wrong, fault.Detail{Where: where, Problem: fmt.Sprintf(problem, args...), Want: want})
	}
	b, ok := read(l.Query, s.Catalog(snapshot, who.Name, a.at), say)
	d.Tables = b.tables
	var err error
	hunts := snapshot.Reach(who.Name, rbac.ViewHunting, a.at).Workloads()
	if snapshot.Reach(who.Name, rbac.ViewInvestigation, a.at).Workload(rbac.Other) {
		hunts |= rbac.SetOf(rbac.Other) // in rows of its alerts (S10)
	}
	if d.Workloads, err = s.rests(tx, b, hunts, say); err != nil {
		return d, err
	}
	set := l.Alert
	if ok && set.Assets == nil {
		set.Assets = firstAssets(func(c string) bool { return b.column(c) != nil })
	}
	fillAlert(&d, set, b, ok, say)
	switch l.Title = strings.TrimSpace(l.Title); {
	case (l.Incident == "") == (l.Title == ""):
		say("incidentId", "the id of an incident, or incidentTitle: the name of a new one", "one of them is needed, and not both")
	case l.Title != oneLine(l.Title, mostHeading) || utf8.RuneCountInString(l.Title) > mostHeading:
		say("incidentTitle", fmt.Sprintf("at most %d printable characters on one line", mostHeading), "%q", cut(l.Title, mostHeading))
	}
	if !l.At.IsZero() && (l.At.After(a.at.Add(time.Minute)) || l.At.Before(a.at.Add(-linkBack))) {
		say("at", "when the query was run, at most a day ago", "%s", l.At.Format(time.RFC3339))
	}
	if err := refusal(op, wrong); err != nil {
		return d, err
	}
	var lacks []string
	for _, w := range d.Workloads.List() {
		for _, c := range []rbac.Capability{rbac.ManageAlerts, rbac.ViewInvestigation} {
			if !snapshot.Reach(who.Name, c, a.at).Workload(w) {
				lacks = append(lacks, catalog.Needs(c, w, snapshot.Activations()))
			}
		}
	}
	rec.Workload = rbac.Other
	if err := denied(op, slices.Compact(lacks)); err != nil {
		return d, err
	}
	return d, s.MayPlace(ctx, tx, who, l.Incident, rec)
}

// firstAssets is what an alert is about where nobody says: of each kind the first column that the result has.
func firstAssets(has func(column string) bool) []store.DetectionAsset {
	list := []store.DetectionAsset{}
	for _, kind := range AssetOrder {
		for _, c := range AssetKinds[kind] {
			if has(c) {
				list = append(list, store.DetectionAsset{Kind: kind, Column: c})
				break
			}
		}
	}
	return list
}

// linkedRows are all rows as one alert. Rows need no Timestamp: then it tells of now.
func linkedRows(d store.Detection, result Result, now time.Time) finding {
	columns := columnsOf(result)
	var f finding
	for _, values := range result.Rows {
		r := row{columns, values}
		f.rows = append(f.rows, r)
		if at, ok := timeOf(r.value("Timestamp")); ok {
			if f.first.IsZero() || at.Before(f.first) {
				f.first = at
			}
			if at.After(f.last) {
				f.last = at
			}
		}
	}
	if f.first.IsZero() {
		f.first, f.last = now, now
	}
	f.title, f.description = titleOf(d, f.rows[0]), render(d.Alert.Description, f.rows[0].text)
	return f
}

// byHand says in an alert that a person made it.
func byHand(body json.RawMessage, id string) (json.RawMessage, error) {
	o, err := store.ParseObject(body)
	if err != nil {
		return nil, err
	}
	o.Set("id", store.Quote(id))
	o.Set("providerAlertId", store.Quote(id))
	o.Set("detectionSource", store.Quote("manual"))
	o.Set("productName", store.Quote("Advanced hunting"))
	o.Set("detectorId", json.RawMessage("null"))
	return o.JSON(), nil
}

// toPlace is what somebody lacks to manage an alert on the devices that it names (S8). They hunt on those, so their groups are no secret; a
// device that is named and not among them may be there or not.
func (a asking) toPlace(tx store.Reader, of store.Alert) []string {
	if !of.Workloads.Has(rbac.Endpoint) || a.may(rbac.ManageAlerts, rbac.Endpoint) {
		return nil
	}
	needs := catalog.Needs(rbac.ManageAlerts, rbac.Endpoint, a.snapshot.Activations())
	if of.Nameless {
		return []string{needs + " on every device group: a row names no device, or one that you do not hunt on"}
	}
	var groups []string
	for _, d := range of.Devices {
		known, found, err := tx.Device(d.ID)
		if err == nil && found && !slices.Contains(groups, known.Group) && !a.may(rbac.ManageAlerts, rbac.Endpoint, known.Group) {
			groups = append(groups, known.Group)
		}
	}
	if len(groups) == 0 {
		return nil
	}
	slices.Sort(groups)
	return []string{needs + " on " + strings.Join(groups, ", ")}
}
