package events

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// FuzzRead gives the reader any bytes under any name. It may refuse; what it takes must be whole.
func FuzzRead(f *testing.F) {
	f.Add("x.jsonl", []byte(streamed("DeviceEvents", `{`+at0+`,"AdditionalFields":{"a":[1]},"FileSize":"9"}`)))
	f.Add("DeviceInfo.json", []byte(`{"schema":[],"results":[{`+at0+`,"OSBuild":{},"ReportId@odata.type":"#Int64"}]}`))
	f.Add("DeviceInfo.csv", []byte("Timestamp,DeviceId\n2026-02-03T08:00:00Z,\"d\"\"1\"\n"))
	f.Add("list.json", []byte("[\n{\"TimeGenerated\":\"2026-02-03\",\"Type\":\"DeviceInfo\"}\n]"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		s := store(t, dir)
		l, err := s.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer l.Discard()
		if l.Read(t.Context(), name, strings.NewReader(string(text)), Options{Strict: rand.N(2) == 0}) != nil {
			return
		}
		if _, err := l.Finish(t.Context()); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	})
}
