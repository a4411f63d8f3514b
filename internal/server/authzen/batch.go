package authzen

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/internal/strictjson"
)

// batchLimit is how many questions one request may hold.
const batchLimit = 1000

// Evaluations answers several questions in the order asked, from one policy. A fault in one of them denies that one.
func (s *Surface) Evaluations(w http.ResponseWriter, r *http.Request) {
	var b batch
	body, err := web.ReadJSON(r, "evaluate")
	if err == nil {
		err = b.parse(body)
	}
	if err != nil {
		web.WriteProblem(w, r, err)
		return
	}
	if len(b.Evaluations) == 0 {
		s.one(w, r, b.question)
		return
	}
	semantic, err := b.semantic()
	if err != nil {
		web.WriteProblem(w, r, err)
		return
	}
	a, err := s.asker(r)
	if err != nil {
		web.WriteProblem(w, r, err)
		return
	}
	text := []byte(`{"evaluations":[`)
	for i, item := range b.Evaluations {
		if i > 0 {
			text = append(text, ',')
		}
		d := a.item(r, item, b.question)
		text = d.append(text)
		if semantic == denyOnFirstDeny && !d.allowed || semantic == permitOnFirstPermit && d.allowed {
			break
		}
	}
	web.WriteText(w, http.StatusOK, "application/json", append(text, "]}\n"...))
}

// batch is several questions: the fields of the outer one stand in for what an item does not name.
type batch struct {
	question
	several
}

type several struct {
	Evaluations []json.RawMessage `json:"evaluations"`
	Options     struct {
		Semantic *string `json:"evaluations_semantic"`
	} `json:"options"`
}

// The three ways to go through a batch.
const (
	executeAll          = "execute_all"
	denyOnFirstDeny     = "deny_on_first_deny"
	permitOnFirstPermit = "permit_on_first_permit"
)

func (b *batch) parse(body []byte) error {
	if err := b.question.parse(body); err != nil {
		return err
	}
	if wrong, is := errors.AsType[*strictjson.Wrong](strictjson.ReadKnown(body, &b.several)); is {
		return fault.Invalid("evaluate", "the body is not a batch").WithDetails(
			fault.Detail{Where: "/" + wrong.Where, Problem: wrong.Problem, Want: "a list of evaluations and an object of options"})
	}
	return nil
}

// semantic is how to go through the batch.
func (b batch) semantic() (string, error) {
	if len(b.Evaluations) > batchLimit {
		return "", fault.Invalid("evaluate", "%d evaluations are more than %d", len(b.Evaluations), batchLimit)
	}
	if b.Options.Semantic == nil {
		return executeAll, nil
	}
	switch s := *b.Options.Semantic; s {
	case executeAll, denyOnFirstDeny, permitOnFirstPermit:
		return s, nil
	}
	return "", fault.Invalid("evaluate", "unknown evaluations_semantic").WithDetails(fault.Detail{
		Where: "/options/evaluations_semantic", Problem: "is none of the three", Want: executeAll + ", " + denyOnFirstDeny + " or " + permitOnFirstPermit,
	})
}

// item answers one of a batch.
func (a asker) item(r *http.Request, text []byte, defaults question) decision {
	var q question
	err := q.parse(text)
	if err == nil {
		q = q.or(defaults)
		err = q.complete()
	}
	var d decision
	if err == nil {
		d, err = a.answer(q)
	}
	if err != nil {
		if web.Status(err) >= http.StatusInternalServerError {
			web.RequestOf(r.Context()).Failed = err
		}
		return decision{status: web.Status(err), reason: fault.Message(err)}
	}
	return d
}
