package server

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/bailiwick/bailiwick/rbac"
)

func TestRoutesAndContractAreTheSame(t *testing.T) {
	operations, err := contract()
	must(t, err)
	var want []string
	for _, o := range operations {
		want = append(want, o.pattern())
	}
	s := &server{Config: Config{}}
	var got []string
	for _, r := range s.routes() {
		got = append(got, r.pattern)
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("routes %v\ncontract %v", got, want)
	}
}

func TestEveryOperationNamesWhatItTakes(t *testing.T) {
	operations, err := contract()
	must(t, err)
	seen := map[string]bool{}
	for _, o := range operations {
		if _, ok := rbac.ParseCapability(o.Capability); !ok && o.Capability != "self" && o.Capability != "public" {
			t.Errorf("%s names no capability", o.pattern())
		}
		if seen[o.ID] {
			t.Errorf("%s is the name of two operations", o.ID)
		}
		seen[o.ID] = true
	}
}

// Only what must be reached before one is known is public, and what an executor says, which is signed by it and by nobody who signs in.
func TestWhatIsPublicIsCounted(t *testing.T) {
	operations, err := contract()
	must(t, err)
	var public []string
	for _, o := range operations {
		if o.public() {
			public = append(public, o.ID)
		}
	}
	slices.Sort(public)
	if got := strings.Join(public, " "); got != "answerAction authzenConfiguration getSession live metrics ready setUp signIn signOut" {
		t.Errorf("public: %s", got)
	}
}

func TestNobodyGetsNothingButWhatIsPublic(t *testing.T) {
	w := newWorld(t)
	operations, err := contract()
	must(t, err)
	for _, o := range operations {
		path := strings.NewReplacer("{id}", "x", "{name}", "x").Replace(o.Path)
		for who, header := range map[string]string{"nobody": "", "a made-up token": "Bearer blwk_0000", "another scheme": "Basic YWRhOmFkYQ=="} {
			var pairs []string
			if header != "" {
				pairs = []string{"Authorization", header}
			}
			r := w.ask("", o.Method, path, nil, pairs...)
			if refused := r.Status == http.StatusUnauthorized; refused == o.public() && o.ID != "signIn" && o.ID != "setUp" {
				t.Errorf("%s by %s: %d", o.pattern(), who, r.Status)
			} else if refused && r.Header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s by %s: no WWW-Authenticate", o.pattern(), who)
			}
		}
	}
}

func TestEveryOtherMethodIsRefused(t *testing.T) {
	w := newWorld(t)
	operations, err := contract()
	must(t, err)
	for path, allowed := range methods(operations) {
		for _, method := range []string{"GET", "PUT", "POST", "PATCH", "DELETE"} {
			if slices.Contains(allowed, method) {
				continue
			}
			r := w.want(http.StatusMethodNotAllowed, ada, method, strings.NewReplacer("{id}", "x", "{name}", "x").Replace(path), nil)
			if r.Header.Get("Allow") == "" {
				t.Errorf("%s %s: no Allow", method, path)
			}
		}
	}
}

// Nobody sets by the way what is not theirs to set: an owner, a kind, an id. What a body does not name is refused, at every
// depth, and the refusal names it.
func TestEveryBodyRefusesWhatItDoesNotName(t *testing.T) {
	w := newWorld(t)
	operations, err := contract()
	must(t, err)
	bodies := 0
	for _, o := range operations {
		if o.Body == nil || o.Surface == "authzen" { // which asks, changes nothing, and must let unknown members pass
			continue
		}
		bodies++
		for _, open := range openObjects(o.Body, "", map[*openapi3.Schema]bool{}) {
			if o.Surface != "graph" { // whose bodies name types and the like; its reader refuses the rest
				t.Errorf("%s takes what it does not name at %q", o.ID, open)
			}
		}
		if o.public() {
			continue
		}
		path := strings.NewReplacer("alerts_v2/{id}", "alerts_v2/sales01", "incidents/{id}", "incidents/1042", "{id}", "x", "{name}", "x").Replace(o.Path)
		r := w.ask(ada, o.Method, path, map[string]any{"isBuiltInByStealth": true})
		if r.Status != http.StatusBadRequest || !strings.Contains(r.Body, "isBuiltInByStealth") {
			t.Errorf("%s: %d %s", o.ID, r.Status, r.Body)
		}
	}
	if bodies < 30 {
		t.Errorf("only %d operations have a body", bodies)
	}
}

// openObjects are the places of the objects in a schema that take names which it does not have.
func openObjects(s *openapi3.Schema, at string, seen map[*openapi3.Schema]bool) []string {
	if s == nil || seen[s] {
		return nil
	}
	seen[s] = true
	var list []string
	into := func(ref *openapi3.SchemaRef, at string) {
		if ref != nil {
			list = append(list, openObjects(ref.Value, at, seen)...)
		}
	}
	closed := s.AdditionalProperties.Has != nil && !*s.AdditionalProperties.Has
	if s.Type.Is("object") && !closed && s.AdditionalProperties.Schema == nil {
		list = append(list, at)
	}
	for name, p := range s.Properties {
		into(p, at+"/"+name)
	}
	into(s.Items, at+"/0")
	into(s.AdditionalProperties.Schema, at+"/*")
	for _, part := range slices.Concat(s.AllOf, s.AnyOf, s.OneOf) {
		into(part, at)
	}
	return list
}

// What a schema wraps is at one place, and a fault in it is told there.
func TestAFaultSaysItsPlaceOnce(t *testing.T) {
	w := newWorld(t)
	for body, where := range map[string]string{
		`{"workload":"endpoint","name":"x","permissions":[],"assignments":[{"users":["a"]},{"users":["a"],"scope":{"deviceGroups":[5]}}]}`: `"where":"/assignments/1/scope/deviceGroups/0"`,
		`{"workload":"endpoint","name":"x","permissions":[],"assignments":[{"users":["a"],"scope":{"groups":[]}}]}`:                        `"where":"/assignments/0/scope"`,
	} {
		if r := w.ask(ada, "POST", "/api/v1/roles", body); r.Status != http.StatusBadRequest || !strings.Contains(r.Body, where) {
			t.Errorf("want %s: %d %s", where, r.Status, r.Body)
		}
	}
}

// The contract knows a name as it is written. The reader that comes after it would take one in any letters: so what the contract does not
// know must not get there.
func TestEveryBodyIsClosed(t *testing.T) {
	operations, err := contract()
	must(t, err)
	seen := map[*openapi3.Schema]bool{}
	var closed func(where string, of *openapi3.Schema)
	closed = func(where string, of *openapi3.Schema) {
		if of == nil || seen[of] {
			return
		}
		seen[of] = true
		if open := of.AdditionalProperties.Has == nil || *of.AdditionalProperties.Has; len(of.Properties) > 0 && open {
			t.Errorf("%s takes properties that the contract does not know: additionalProperties: false", where)
		}
		for name, p := range of.Properties {
			closed(where+"/"+name, p.Value)
		}
		for _, list := range []openapi3.SchemaRefs{of.AllOf, of.OneOf, of.AnyOf} {
			for _, one := range list {
				closed(where, one.Value)
			}
		}
		if of.Items != nil {
			closed(where+"/0", of.Items.Value)
		}
	}
	for _, o := range operations {
		if strings.HasPrefix(o.Path, "/api/") { // other surfaces read what others say how to write, by themselves
			closed(o.ID, o.Body)
		}
	}
}
