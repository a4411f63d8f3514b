package response

import (
	"strings"
	"testing"
)

// An executor is somebody else's program: what it says means an event that there is, or nothing.
func FuzzReadAnswer(f *testing.F) {
	for _, text := range []string{`{"status":"succeeded","remote":"x","outcome":"done"}`, `{"status":"inProgress"}`, `{"status":["failed"]}`, `{"status":"failed"}{}`, `[]`, `{"outcome":"\ud800"}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		answer, err := ReadAnswer([]byte(text))
		if err != nil {
			if answer != (Answer{}) || len(err.Error()) > 500 {
				t.Fatalf("%q: %+v beside %v", text, answer, err)
			}
			return
		}
		if answer.Event != "" && !strings.Contains(text, "ucceeded") && !strings.Contains(text, "ailed") && !strings.Contains(text, `\u`) {
			t.Fatalf("%q is %q", text, answer.Event)
		}
	})
}
