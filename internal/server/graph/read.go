package graph

import (
	"encoding/json"
	"net/http"

	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/server/web"
)

// ListAlerts answers a page of alerts.
func (s *Surface) ListAlerts(w http.ResponseWriter, r *http.Request) {
	q, err := read(r, ofAlerts)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	page, err := s.investigation.Alerts(r.Context(), reader(r), q)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	writePage(w, r, alerts, q, page)
}

// ListIncidents answers a page of incidents.
func (s *Surface) ListIncidents(w http.ResponseWriter, r *http.Request) {
	q, err := read(r, ofIncidents)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	page, err := s.investigation.Incidents(r.Context(), reader(r), q)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	writePage(w, r, incidents, q, page)
}

// states are objects in the one form whose mark If-Match is compared with, whatever form the client asked for.
var states = investigation.Form{UnknownMembers: true}

// GetAlert answers one alert.
func (s *Surface) GetAlert(w http.ResponseWriter, r *http.Request) {
	s.item(w, r, alerts, ofAlert, func(q investigation.Query) (json.RawMessage, error) {
		return s.investigation.Alert(r.Context(), reader(r), r.PathValue("id"), q.Form)
	})
}

// GetIncident answers one incident.
func (s *Surface) GetIncident(w http.ResponseWriter, r *http.Request) {
	s.item(w, r, incidents, ofIncident, func(q investigation.Query) (json.RawMessage, error) {
		return s.investigation.Incident(r.Context(), reader(r), r.PathValue("id"), q.Expand, q.Form)
	})
}

// item reads an object twice: first its state, then what was asked for. If it changes in between, the mark is the older
// one, and a change that relies on it is refused; the other way round it would go through unseen.
func (s *Surface) item(w http.ResponseWriter, r *http.Request, collection string, taken []string, get func(investigation.Query) (json.RawMessage, error)) {
	q, err := read(r, taken)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	state, err := get(investigation.Query{Form: states})
	if err != nil {
		WriteError(w, r, err)
		return
	}
	item, err := get(q)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	writeItem(w, r, collection, q.Form, item, investigation.ETag(state))
}

// ListAlertComments answers an alert's comments.
func (s *Surface) ListAlertComments(w http.ResponseWriter, r *http.Request) {
	item, err := s.investigation.Alert(r.Context(), reader(r), r.PathValue("id"), onlyComments)
	s.comments(w, r, alerts, item, err)
}

// ListIncidentComments answers an incident's comments.
func (s *Surface) ListIncidentComments(w http.ResponseWriter, r *http.Request) {
	item, err := s.investigation.Incident(r.Context(), reader(r), r.PathValue("id"), false, onlyComments)
	s.comments(w, r, incidents, item, err)
}

var onlyComments = investigation.Form{Select: []string{"comments"}}

func (s *Surface) comments(w http.ResponseWriter, r *http.Request, collection string, item json.RawMessage, err error) {
	var of struct {
		Comments json.RawMessage `json:"comments"`
	}
	if err == nil {
		_, err = read(r, ofChange)
	}
	if err == nil {
		err = json.Unmarshal(item, &of)
	}
	if err != nil {
		WriteError(w, r, err)
		return
	}
	writeComments(w, r, collection, r.PathValue("id"), of.Comments)
}

func reader(r *http.Request) string { return web.CallerOf(r.Context()).User }
