package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
)

// strict holds a request of our own surface against the contract before its handler sees it: a parameter or a
// member that the contract does not know is refused, because a misspelt one that is silently passed over does
// something else than was asked for.
func strict(op operation, r *http.Request) error {
	query := r.URL.Query()
	for _, name := range slices.Sorted(maps.Keys(query)) {
		values := query[name]
		schema, known := op.Query[name]
		if !known {
			return fault.Invalid(op.ID, "unknown parameter").WithDetails(
				fault.Detail{Where: name, Problem: "is not a parameter of this operation", Want: oneOf(slices.Sorted(maps.Keys(op.Query)))})
		}
		if len(values) > 1 {
			return fault.Invalid(op.ID, "ambiguous parameter").WithDetails(fault.Detail{Where: name, Problem: "is there twice", Want: "one value"})
		}
		if err := schema.VisitJSON(typed(schema, values[0])); err != nil {
			d := misfits(err)[0]
			d.Where = name
			return fault.Invalid(op.ID, "a parameter does not fit the contract").WithDetails(d)
		}
	}
	if op.Body == nil {
		return nil
	}
	body, err := web.ReadJSON(r, op.ID)
	if err != nil {
		return err
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return fault.Invalid(op.ID, "the body is not JSON")
	}
	if err := op.Body.VisitJSON(value, openapi3.MultiErrors(), openapi3.VisitAsRequest()); err != nil {
		return fault.Invalid(op.ID, "the body does not fit the contract").WithDetails(misfits(err)...)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	return nil
}

// typed is a parameter's value in the type that its schema wants, or the text itself, which then does not fit.
func typed(schema *openapi3.Schema, text string) any {
	switch {
	case schema.Type.Is("integer"):
		if n, err := strconv.Atoi(text); err == nil {
			return float64(n)
		}
	case schema.Type.Is("boolean"):
		if b, err := strconv.ParseBool(text); err == nil {
			return b
		}
	case schema.Type.Is("array"): // with commas
		list := []any{}
		for one := range strings.SplitSeq(text, ",") {
			list = append(list, typed(schema.Items.Value, one))
		}
		return list
	}
	return text
}

// misfits lists what is wrong with a body, each fault with its place.
func misfits(err error) []fault.Detail {
	if several, ok := err.(openapi3.MultiError); ok {
		var list []fault.Detail
		for _, e := range several {
			list = append(list, misfits(e)...)
		}
		if len(list) > 20 {
			list = list[:20]
		}
		return list
	}
	schemaError, ok := errors.AsType[*openapi3.SchemaError](err)
	if !ok {
		return []fault.Detail{{Where: "/", Problem: "does not fit the contract"}}
	}
	if schemaError.SchemaField == "allOf" && schemaError.Origin != nil { // a wrapper of the contract's: what is in it tells more
		return misfits(schemaError.Origin)
	}
	d := fault.Detail{Where: "/" + strings.Join(schemaError.JSONPointer(), "/"), Problem: schemaError.Reason}
	if s := schemaError.Schema; s != nil {
		switch schemaError.SchemaField {
		case "enum":
			for _, v := range s.Enum {
				if text, ok := v.(string); ok {
					d.Want += ", " + text
				}
			}
			d.Want = "one of " + strings.TrimPrefix(d.Want, ", ")
		case "additionalProperties", "properties":
			d.Want = oneOf(slices.Sorted(maps.Keys(s.Properties)))
		case "pattern":
			d.Problem = "can't be kept"
			if s.Format == "date-time" {
				d.Want = "a time between 1970 and 2261, such as 2026-03-01T12:00:00Z, or none at all"
			}
		case "type":
			if s.Type != nil {
				d.Want = strings.Join(*s.Type, " or ")
			}
		}
	}
	return []fault.Detail{d}
}

func oneOf(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return "one of " + strings.Join(names, ", ")
}

// misread says what the generated code could not read. Its own words name Go's types, which help nobody.
func misread(err error) fault.Detail {
	if p, ok := errors.AsType[*api.InvalidParamFormatError](err); ok {
		return fault.Detail{Where: p.ParamName, Problem: "can't be read", Want: "a value as the contract describes it"}
	}
	if p, ok := errors.AsType[*api.RequiredParamError](err); ok {
		return fault.Detail{Where: p.ParamName, Problem: "is missing", Want: "a value as the contract describes it"}
	}
	return fault.Detail{Where: "/", Problem: web.Syntax(err), Want: "a body as the contract describes it"}
}
