// Package authzen lets other tools ask the centre's one question by the AuthZEN Authorization API 1.0: may this user do
// this here? What a caller asserts of a user or an object never counts; only what is stored does.
package authzen

import (
	"net/http"
	"strconv"
	"time"

	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/response"
	"github.com/bailiwick/bailiwick/internal/server/web"
)

// Surface is the policy decision point.
type Surface struct {
	permissions   *permissions.Service
	investigation *investigation.Service
	response      *response.Service
	now           func() time.Time
}

// New makes the surface.
func New(p *permissions.Service, i *investigation.Service, r *response.Service, now func() time.Time) *Surface {
	return &Surface{p, i, r, now}
}

const (
	evaluationPath  = "/access/v1/evaluation"
	evaluationsPath = "/access/v1/evaluations"
)

// Configuration tells where the decision point is. It names itself by the address that the caller used, as the
// specification demands: another address would be another decision point.
func (s *Surface) Configuration(w http.ResponseWriter, r *http.Request) {
	origin := web.Origin(r)
	web.WriteJSON(w, http.StatusOK, "application/json", struct {
		DecisionPoint string `json:"policy_decision_point"`
		Evaluation    string `json:"access_evaluation_endpoint"`
		Evaluations   string `json:"access_evaluations_endpoint"`
		Subject       string `json:"search_subject_endpoint"`
		Resource      string `json:"search_resource_endpoint"`
		Action        string `json:"search_action_endpoint"`
	}{origin, origin + evaluationPath, origin + evaluationsPath, origin + searchSubjectPath, origin + searchResourcePath, origin + searchActionPath})
}

// Evaluation answers one question. A deny is an answer, not an error.
func (s *Surface) Evaluation(w http.ResponseWriter, r *http.Request) {
	var q question
	body, err := web.ReadJSON(r, "evaluate")
	if err == nil {
		err = q.parse(body)
	}
	if err != nil {
		web.WriteProblem(w, r, err)
		return
	}
	s.one(w, r, q)
}

func (s *Surface) one(w http.ResponseWriter, r *http.Request, q question) {
	a, err := s.asker(r)
	if err == nil {
		err = q.complete()
	}
	var d decision
	if err == nil {
		d, err = a.answer(q)
	}
	if err != nil {
		web.WriteProblem(w, r, err)
		return
	}
	web.WriteText(w, http.StatusOK, "application/json", append(d.append(make([]byte, 0, 192)), '\n'))
}

// decision is one answer, with a reason for people.
type decision struct {
	allowed  bool
	reason   string
	where    []string // device groups on which it does hold
	revision int64
	status   int // of a fault in an item of a batch
}

// append writes the decision. By hand: it is most of what this surface does.
func (d decision) append(b []byte) []byte {
	b = append(b, `{"decision":`...)
	b = strconv.AppendBool(b, d.allowed)
	b = append(b, `,"context":{`...)
	if d.status != 0 {
		b = append(b, `"error":{"status":`...)
		b = strconv.AppendInt(b, int64(d.status), 10)
		b = append(b, `,"message":`...)
		b = appendString(b, d.reason)
		return append(b, "}}}"...)
	}
	b = append(b, `"reason":`...)
	b = appendString(b, d.reason)
	if d.where != nil {
		b = append(b, `,"deviceGroups":[`...)
		for i, name := range d.where {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendString(b, name)
		}
		b = append(b, ']')
	}
	b = append(b, `,"revision":`...)
	b = strconv.AppendInt(b, d.revision, 10)
	return append(b, "}}"...)
}
