package graph

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/server/web"
)

// UpdateAlert changes an alert and answers it whole.
func (s *Surface) UpdateAlert(w http.ResponseWriter, r *http.Request) {
	change(w, r, alerts, s.investigation.UpdateAlert, func(form investigation.Form) (json.RawMessage, error) {
		return s.investigation.Alert(r.Context(), reader(r), r.PathValue("id"), form)
	})
}

// UpdateIncident changes an incident and answers it whole.
func (s *Surface) UpdateIncident(w http.ResponseWriter, r *http.Request) {
	change(w, r, incidents, s.investigation.UpdateIncident, func(form investigation.Form) (json.RawMessage, error) {
		return s.investigation.Incident(r.Context(), reader(r), r.PathValue("id"), false, form)
	})
}

type update func(ctx context.Context, actor audit.Actor, id string, body []byte, ifMatch string, form investigation.Form) (json.RawMessage, error)

func change(w http.ResponseWriter, r *http.Request, collection string, update update, get func(investigation.Form) (json.RawMessage, error)) {
	q, err := read(r, ofChange)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	body, err := web.ReadJSON(r, "change "+collection)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	state, err := update(r.Context(), web.CallerOf(r.Context()).Actor(), r.PathValue("id"), body, r.Header.Get("If-Match"), states)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	item := state
	if q.Form.Actions || q.Form.UnknownMembers != states.UnknownMembers {
		if item, err = get(q.Form); err != nil {
			WriteError(w, r, err)
			return
		}
	}
	writeItem(w, r, collection, q.Form, item, investigation.ETag(state))
}

// CommentAlert adds a comment and answers all of them.
func (s *Surface) CommentAlert(w http.ResponseWriter, r *http.Request) {
	comment(w, r, alerts, s.investigation.CommentAlert)
}

// CommentIncident adds a comment and answers all of them.
func (s *Surface) CommentIncident(w http.ResponseWriter, r *http.Request) {
	comment(w, r, incidents, s.investigation.CommentIncident)
}

func comment(w http.ResponseWriter, r *http.Request, collection string, add func(context.Context, audit.Actor, string, []byte, string) ([]json.RawMessage, error)) {
	_, err := read(r, ofChange)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	body, err := web.ReadJSON(r, "comment on "+collection)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	comments, err := add(r.Context(), web.CallerOf(r.Context()).Actor(), r.PathValue("id"), body, r.Header.Get("If-Match"))
	if err != nil {
		WriteError(w, r, err)
		return
	}
	text, err := json.Marshal(comments)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	writeComments(w, r, collection, r.PathValue("id"), text)
}
