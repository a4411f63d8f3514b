package authzen

import (
	"encoding/json"
	"strings"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/server/web"
)

// question is a request as the specification has it. Fields that it does not know are ignored, and so is all that a
// caller asserts, but for the one property that the model declares: where in a workload the question is about.
type question struct {
	subject, resource *entity
	action            *string
	hasName           bool
	deviceGroup       string
	hasDeviceGroup    bool
}

type entity struct {
	kind, id       string
	hasKind, hasID bool
}

// parse reads a request by hand: reading is most of what this surface does.
func (q *question) parse(text []byte) error {
	return object("", text, func(name string, value []byte) error {
		switch name {
		case "subject":
			q.subject = &entity{}
			return q.subject.parse("/subject", value, ignore)
		case "resource":
			q.resource = &entity{}
			return q.resource.parse("/resource", value, func(name string, value []byte) error {
				if name != "deviceGroup" {
					return nil
				}
				q.hasDeviceGroup = true
				return readString("/resource/properties/deviceGroup", value, &q.deviceGroup)
			})
		case "action":
			q.action = new(string)
			return object("/action", value, func(name string, value []byte) error {
				switch name {
				case "name":
					q.hasName = true
					return readString("/action/name", value, q.action)
				case "properties":
					return object("/action/properties", value, ignore)
				}
				return nil
			})
		case "context":
			return object("/context", value, ignore)
		}
		return nil
	})
}

func (e *entity) parse(where string, text []byte, property func(string, []byte) error) error {
	return object(where, text, func(name string, value []byte) error {
		switch name {
		case "type":
			e.hasKind = true
			return readString(where+"/type", value, &e.kind)
		case "id":
			e.hasID = true
			return readString(where+"/id", value, &e.id)
		case "properties":
			return object(where+"/properties", value, property)
		}
		return nil
	})
}

func ignore(string, []byte) error { return nil }

func object(where string, text []byte, member func(string, []byte) error) error {
	is, err := web.Members(text, member)
	if err == nil && !is {
		return wrong(where, "an object")
	}
	return err
}

func readString(where string, text []byte, into *string) error {
	value, ok := web.String(text)
	if !ok {
		return wrong(where, "a string")
	}
	*into = value
	return nil
}

func wrong(where, want string) error {
	what := strings.TrimPrefix(where, "/")
	if what == "" {
		what, where = "the body", "/"
	}
	return fault.Invalid("evaluate", "%s is not %s", what, want).WithDetails(fault.Detail{Where: where, Problem: "is something else", Want: want})
}

// complete names the first thing that is missing.
func (q *question) complete() error {
	missing := ""
	switch {
	case q.subject == nil:
		missing = "/subject"
	case !q.subject.hasKind:
		missing = "/subject/type"
	case !q.subject.hasID:
		missing = "/subject/id"
	case q.action == nil:
		missing = "/action"
	case !q.hasName:
		missing = "/action/name"
	case q.resource == nil:
		missing = "/resource"
	case !q.resource.hasKind:
		missing = "/resource/type"
	case !q.resource.hasID:
		missing = "/resource/id"
	default:
		return nil
	}
	return fault.Invalid("evaluate", "%s is missing", missing[1:]).WithDetails(fault.Detail{Where: missing, Problem: "is missing"})
}

// or takes what the item does not name from the defaults, each as a whole.
func (q question) or(defaults question) question {
	if q.subject == nil {
		q.subject = defaults.subject
	}
	if q.action == nil {
		q.action, q.hasName = defaults.action, defaults.hasName
	}
	if q.resource == nil {
		q.resource, q.deviceGroup, q.hasDeviceGroup = defaults.resource, defaults.deviceGroup, defaults.hasDeviceGroup
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
