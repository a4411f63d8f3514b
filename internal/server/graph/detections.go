package graph

import (
	"encoding/json"
	"net/http"

	"github.com/bailiwick/bailiwick/internal/detection"
	"github.com/bailiwick/bailiwick/internal/server/web"
)

// Detections answers /beta/security/rules/detectionRules: custom detections as Microsoft Graph's beta has them.
type Detections struct {
	detection *detection.Service
}

// NewDetections makes the surface.
func NewDetections(d *detection.Service) *Detections { return &Detections{d} }

const detectionRules = "/beta/security/rules/detectionRules/"

// List lists the detections that the caller may know of.
func (s *Detections) List(w http.ResponseWriter, r *http.Request) {
	l, err := readList(r, nil, "none")
	if err != nil {
		WriteError(w, r, err)
		return
	}
	page, err := s.detection.List(r.Context(), web.CallerOf(r.Context()).Actor())
	if err != nil {
		WriteError(w, r, err)
		return
	}
	list := []json.RawMessage{}
	for _, item := range page.Items {
		list = append(list, l.project(detection.RuleOf(item)))
	}
	l.writeAs(w, r, web.Origin(r)+"/beta/$metadata#security/rules/detectionRules", list)
}

// Get shows one.
func (s *Detections) Get(w http.ResponseWriter, r *http.Request) {
	item, err := s.detection.Get(r.Context(), web.CallerOf(r.Context()).Actor(), r.PathValue("id"))
	s.answer(w, r, http.StatusOK, item, err)
}

func (s *Detections) answer(w http.ResponseWriter, r *http.Request, status int, item detection.Item, err error) {
	if err != nil {
		WriteError(w, r, err)
		return
	}
	rule := detection.RuleOf(item)
	rule.Context = web.Origin(r) + "/beta/$metadata#security/rules/detectionRules/$entity"
	if w.Header().Set("ETag", detection.Tag(item.Detection)); status == http.StatusCreated {
		w.Header().Set("Location", web.Origin(r)+detectionRules+rule.ID)
	}
	writeObject(w, r, status, rule)
}

// Create makes one of the caller's own.
func (s *Detections) Create(w http.ResponseWriter, r *http.Request) {
	body, err := web.ReadJSON(r, "")
	if err != nil {
		WriteError(w, r, err)
		return
	}
	set, err := detection.ReadRule(body)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	item, err := s.detection.Create(r.Context(), web.CallerOf(r.Context()).Actor(), "", set)
	s.answer(w, r, http.StatusCreated, item, err)
}

// Update changes what is given of one. What it is merged with is what the caller has read, or what it is at this moment.
func (s *Detections) Update(w http.ResponseWriter, r *http.Request) {
	actor, id := web.CallerOf(r.Context()).Actor(), r.PathValue("id")
	body, err := web.ReadJSON(r, "")
	if err != nil {
		WriteError(w, r, err)
		return
	}
	if _, err := detection.ReadRule(body); err != nil { // what nobody could understand is wrong, whatever it is for
		WriteError(w, r, err)
		return
	}
	item, err := s.detection.Get(r.Context(), actor, id)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	set, err := detection.ReadRulePatch(item, body)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	tag := r.Header.Get("If-Match")
	if tag == "" || tag == "*" {
		tag = detection.Tag(item.Detection)
	}
	item, err = s.detection.Update(r.Context(), actor, id, tag, set)
	s.answer(w, r, http.StatusOK, item, err)
}

// Delete removes one; its alerts stay.
func (s *Detections) Delete(w http.ResponseWriter, r *http.Request) {
	if err := s.detection.Remove(r.Context(), web.CallerOf(r.Context()).Actor(), r.PathValue("id"), r.Header.Get("If-Match")); err != nil {
		WriteError(w, r, err)
		return
	}
	setHeaders(w, r)
	w.WriteHeader(http.StatusNoContent)
}
