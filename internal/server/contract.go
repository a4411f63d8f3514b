package server

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/bailiwick/bailiwick/api"
	"github.com/bailiwick/bailiwick/rbac"
)

// operation is one operation of the contract, as far as the server goes by it.
type operation struct {
	ID         string
	Method     string
	Path       string
	Surface    string // the first tag
	Capability string // a capability, self or public
	Body       *openapi3.Schema
	Query      map[string]*openapi3.Schema
}

// pattern is the operation's address in the form of http.ServeMux.
func (o operation) pattern() string { return o.Method + " " + o.Path }

// public tells whether the operation may be called by nobody in particular.
func (o operation) public() bool { return o.Capability == "public" }

// contract gives the operations of the API file. One that does not say what it takes stops the server from
// starting: unset means no.
var contract = sync.OnceValues(readContract) // it is part of the program, and the same for every server

func readContract() ([]operation, error) {
	doc, err := openapi3.NewLoader().LoadFromData(api.OpenAPI)
	if err != nil {
		return nil, fmt.Errorf("read the API file: %w", err)
	}
	var list []operation
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			capability, _ := op.Extensions["x-capability"].(string)
			if _, known := rbac.ParseCapability(capability); !known && capability != "self" && capability != "public" {
				return nil, fmt.Errorf("read the API file: %s %s: x-capability %q: want a capability, self or public", method, path, capability)
			}
			if len(op.Tags) == 0 || op.OperationID == "" {
				return nil, fmt.Errorf("read the API file: %s %s: needs an operationId and a tag", method, path)
			}
			o := operation{ID: op.OperationID, Method: method, Path: path, Surface: op.Tags[0], Capability: capability, Query: map[string]*openapi3.Schema{}}
			for _, p := range append(slices.Clone(item.Parameters), op.Parameters...) {
				if p.Value.In == openapi3.ParameterInQuery {
					o.Query[p.Value.Name] = p.Value.Schema.Value
				}
			}
			if op.RequestBody != nil && o.Surface != "records" { // which are read as a stream
				if media := op.RequestBody.Value.Content.Get("application/json"); media != nil && media.Schema != nil {
					o.Body = media.Schema.Value
				}
			}
			list = append(list, o)
		}
	}
	slices.SortFunc(list, func(a, b operation) int {
		return strings.Compare(a.Path+" "+a.Method, b.Path+" "+b.Method)
	})
	return list, nil
}

// methods gives the methods of each path, for the answer to any other.
func methods(operations []operation) map[string][]string {
	allowed := map[string][]string{}
	for _, o := range operations {
		allowed[o.Path] = append(allowed[o.Path], o.Method)
		if o.Method == http.MethodGet {
			allowed[o.Path] = append(allowed[o.Path], http.MethodHead)
		}
	}
	return allowed
}
