package authzen

import (
	"encoding/json"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/server/web"
)

// question is a request as the specification has it. Fields that it does not know are ignored.
type question struct {
	Subject  *entity `json:"subject"`
	Action   *action `json:"action"`
	Resource *entity `json:"resource"`
	Context  object  `json:"context"`
}

type entity struct {
	Type       *string    `json:"type"`
	ID         *string    `json:"id"`
	Properties properties `json:"properties"`
}

type action struct {
	Name       *string `json:"name"`
	Properties object  `json:"properties"`
}

// object is any JSON object, and nothing of it is used: what a caller asserts does not count.
type object struct{}

// UnmarshalJSON refuses what is no object.
func (*object) UnmarshalJSON(text []byte) error {
	if len(text) == 0 || text[0] != '{' {
		return &json.UnmarshalTypeError{Value: "something else", Field: "properties or context"}
	}
	return nil
}

// properties are the ones that the model declares: where in a workload the question is about. Any other is ignored.
type properties struct {
	DeviceGroup *string `json:"deviceGroup"`
}

// UnmarshalJSON refuses what is no object, null included.
func (p *properties) UnmarshalJSON(text []byte) error {
	if err := (*object)(nil).UnmarshalJSON(text); err != nil {
		return err
	}
	type plain properties
	return json.Unmarshal(text, (*plain)(p))
}

// batch is several questions: the fields of the outer one stand in for what an item does not name.
type batch struct {
	question
	Evaluations []json.RawMessage `json:"evaluations"`
	Options     options           `json:"options"`
}

type options struct {
	Semantic *string `json:"evaluations_semantic"`
}

// The three ways to go through a batch.
const (
	executeAll          = "execute_all"
	denyOnFirstDeny     = "deny_on_first_deny"
	permitOnFirstPermit = "permit_on_first_permit"
)

func parse(body []byte, into any) error {
	if body[firstByte(body)] != '{' {
		return fault.Invalid("evaluate", "the body is not an object")
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fault.Invalid("evaluate", "the body is not a request").WithDetails(
			fault.Detail{Where: "/", Problem: web.Syntax(err), Want: "subject, action and resource as the specification describes them"})
	}
	return nil
}

func firstByte(body []byte) int {
	for i, c := range body {
		if c > ' ' {
			return i
		}
	}
	return 0
}

// complete names the first thing that is missing.
func (q question) complete() error {
	missing := ""
	switch {
	case q.Subject == nil:
		missing = "/subject"
	case q.Subject.Type == nil:
		missing = "/subject/type"
	case q.Subject.ID == nil:
		missing = "/subject/id"
	case q.Action == nil:
		missing = "/action"
	case q.Action.Name == nil:
		missing = "/action/name"
	case q.Resource == nil:
		missing = "/resource"
	case q.Resource.Type == nil:
		missing = "/resource/type"
	case q.Resource.ID == nil:
		missing = "/resource/id"
	default:
		return nil
	}
	return fault.Invalid("evaluate", "%s is missing", missing[1:]).WithDetails(fault.Detail{Where: missing, Problem: "is missing"})
}

// or takes what the item does not name from the defaults, each as a whole.
func (q question) or(defaults question) question {
	if q.Subject == nil {
		q.Subject = defaults.Subject
	}
	if q.Action == nil {
		q.Action = defaults.Action
	}
	if q.Resource == nil {
		q.Resource = defaults.Resource
	}
	return q
}

// appendString writes a JSON string. Most need no escape.
func appendString(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' || c > '~' || c == '<' || c == '>' || c == '&' {
			quoted, _ := json.Marshal(text)
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, text...)
	return append(b, '"')
}
