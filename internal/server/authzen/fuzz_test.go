package authzen

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/bailiwick/bailiwick/internal/server/web"
)

// A question, a batch and a search are read by hand: what Go's own reader takes them for is what they are, or they are refused as the
// caller's fault.
func FuzzQuestions(f *testing.F) {
	for _, body := range []string{
		`{"subject":{"type":"user","id":"a"},"action":{"name":"investigation.view"},"resource":{"type":"workload","id":"endpoint","properties":{"deviceGroup":"A"}},"context":{}}`,
		`{"evaluations":[{},{"resource":{"type":"alert","id":"\ud800"}}],"options":{"evaluations_semantic":"execute_all"},"page":{"token":"YQ","limit":3}}`, `{"subject":[],"resource":null}`, `{"page":{"limit":-1}}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if !json.Valid([]byte(body)) || web.UniqueNames([]byte(body)) != nil {
			return // refused before
		}
		var (
			q question
			b batch
			s search
		)
		for _, err := range []error{q.parse([]byte(body)), b.parse([]byte(body)), s.parse([]byte(body))} {
			if err != nil && web.Status(err) != http.StatusBadRequest {
				t.Fatalf("%q: %v", body, err)
			}
		}
		if err := q.parse([]byte(body)); err == nil && q.complete() == nil {
			var want struct {
				Subject, Resource struct{ Type, ID string }
				Action            struct{ Name string }
			}
			if err := json.Unmarshal([]byte(body), &want); err == nil && (q.subject.kind != want.Subject.Type || q.subject.id != want.Subject.ID || q.resource.id != want.Resource.ID || *q.action != want.Action.Name) {
				t.Fatalf("%q is read as %+v %+v %q", body, *q.subject, *q.resource, *q.action)
			}
		}
		if place, err := openToken(body, sealToken(body, "place")); err != nil || place != "place" {
			t.Fatalf("%q: %v", place, err)
		}
		if _, err := openToken("another", body); err == nil && body != "" {
			t.Fatalf("%q is taken for a token", body)
		}
	})
}
