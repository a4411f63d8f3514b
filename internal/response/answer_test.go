package response

import (
	"strings"
	"testing"
)

func TestAnExecutorsAnswerIsReadAsItIsWritten(t *testing.T) {
	for text, want := range map[string]string{
		`{"status": "succeeded", "id": "r1", "more": {"status": "failed"}}`: "",
		`{"Status": "succeeded"}`:                      "the status \"\"",
		`{"status": "failed", "STATUS": "succeeded"}`:  "", // as it says, failed
		`{"status": "failed", "status": "succeeded"}`:  "status is there twice",
		`{"status": "failed"} {"status": "succeeded"}`: "no JSON object",
		`"succeeded"`: "no JSON object",
	} {
		answer, err := ReadAnswer([]byte(text))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
		if strings.Contains(text, "failed") && answer.Event == Succeed && !strings.Contains(text, "more") {
			t.Errorf("%s was taken for a success", text)
		}
	}
}
