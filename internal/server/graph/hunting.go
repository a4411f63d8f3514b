package graph

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/answer"
	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
	"github.com/bailiwick/bailiwick/internal/hunting/library"
	"github.com/bailiwick/bailiwick/internal/server/web"
)

// Hunting answers runHuntingQuery.
type Hunting struct {
	library *library.Service
	hunter  library.Hunter // nil: there is no event store
}

// NewHunting makes it.
func NewHunting(l *library.Service, h *hunt.Hunter) *Hunting {
	if h == nil {
		return &Hunting{library: l}
	}
	return &Hunting{l, h}
}

// What Graph allows a query: three minutes, 100,000 rows and 50 megabytes. More is an error there, not a part of the answer.
var graphLimits = hunt.Limits{Time: 3 * time.Minute, Rows: hunt.MaxRows, Bytes: hunt.MaxBytes}

const tooLarge = "Query execution has exceeded the allowed result size. Optimize your query by limiting the number of results and try again."

// RunQuery runs a query and answers all of what it found.
func (s *Hunting) RunQuery(w http.ResponseWriter, r *http.Request) {
	request, err := readHunt(r)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Time{}) // it would end the query as if the caller had gone
	_ = control.SetWriteDeadline(time.Now().Add(graphLimits.Time + 2*time.Minute))
	caller := web.CallerOf(r.Context())
	found := &results{}
	stats, err := s.library.Hunt(r.Context(), caller.Actor(), caller.User, s.hunter, request, found)
	if err == nil && stats.Truncated != "" {
		err = fault.Invalid("", tooLarge)
	}
	if err != nil {
		WriteError(w, r, huntError(err))
		return
	}
	setHeaders(w, r)
	web.WriteText(w, http.StatusOK, contentType, found.end(web.Origin(r)))
}

// readHunt reads the request. Graph takes its names in any case; others are refused, so that a slip in Timespan does not widen a hunt.
func readHunt(r *http.Request) (hunt.Request, error) {
	const op = "run a hunting query"
	request := hunt.Request{Limits: graphLimits}
	body, err := web.ReadJSON(r, op)
	if err != nil {
		return request, err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil {
		return request, fault.Invalid(op, "the body is not a JSON object")
	}
	for name, value := range members {
		var into *string
		switch strings.ToLower(name) {
		case "query":
			into = &request.Query
		case "timespan":
			into = &request.Timespan
		default:
			return request, fault.Invalid(op, "%s is no property that can be set", name).WithDetails(fault.Detail{Where: name, Problem: "is no property that can be set", Want: "Query or Timespan"})
		}
		if string(value) != "null" && json.Unmarshal(value, into) != nil {
			return request, fault.Invalid(op, "%s is no text", name).WithDetails(fault.Detail{Where: name, Problem: "is no text", Want: "a string"})
		}
	}
	if strings.TrimSpace(request.Query) == "" {
		return request, fault.Invalid(op, "there is no query").WithDetails(fault.Detail{Where: "Query", Problem: "is missing", Want: "a query in KQL"})
	}
	return request, nil
}

// busy asks a caller to wait, in the way that Graph does: 429 and for how long.
type busy struct{ error }

// RetryAfter is how long.
func (busy) RetryAfter() time.Duration { return 10 * time.Second }

// Unwrap gives the refusal.
func (b busy) Unwrap() error { return b.error }

func huntError(err error) error {
	var stopped *hunt.Stopped
	if errors.As(err, &stopped) && library.CodeOf(err) == "busy" {
		return busy{err}
	}
	return err
}

// results is an answer in Graph's shape, written as rows come: {schema: [{name, type}], results: [{column: value}]}.
type results struct {
	schema []byte
	rows   []byte
	names  [][]byte
	notes  [][]byte // the member that says what a value is, where JSON does not
	long   []bool
}

// Head implements hunt.Rows.
func (s *results) Head(head hunt.Head) error {
	for i, c := range head.Columns {
		if i > 0 {
			s.schema = append(s.schema, ',')
		}
		s.schema = append(append(append(append(append(s.schema, `{"name":`...), quote(c.Name)...), `,"type":`...), quote(answer.GraphType(c.Type))...), '}')
		s.names = append(s.names, append(quote(c.Name), ':'))
		s.notes = append(s.notes, append(quote(c.Name+"@odata.type"), ':'))
		s.long = append(s.long, c.Type == "long")
	}
	return nil
}

// Row implements hunt.Rows.
func (s *results) Row(values []any) error {
	if len(s.rows) > 0 {
		s.rows = append(s.rows, ',')
	}
	s.rows = append(s.rows, '{')
	for i, v := range values {
		if i > 0 {
			s.rows = append(s.rows, ',')
		}
		if note := noteOf(v, s.long[i]); note != "" {
			s.rows = append(append(append(append(append(s.rows, s.notes[i]...), '"'), note...), '"'), ',')
		}
		s.rows = answer.AppendGraph(append(s.rows, s.names[i]...), v)
	}
	s.rows = append(s.rows, '}')
	return nil
}

// noteOf is the annotation that Graph gives whole numbers of 64 bits, and lists of text.
func noteOf(v any, long bool) string {
	switch x := v.(type) {
	case int64:
		if long {
			return "#Int64"
		}
	case json.RawMessage:
		var texts []string
		if len(x) > 0 && x[0] == '[' && json.Unmarshal(x, &texts) == nil {
			return "#Collection(String)"
		}
	}
	return ""
}

func (s *results) end(origin string) []byte {
	text := append([]byte(`{"@odata.context":`), quote(origin+"/v1.0/$metadata#microsoft.graph.security.huntingQueryResults")...)
	text = append(append(append(text, `,"schema":[`...), s.schema...), `],"results":[`...)
	return append(append(text, s.rows...), "]}\n"...)
}
