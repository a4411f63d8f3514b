package ingest

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/store"
)

// BenchmarkRead understands alerts of six kilobytes, one a line; valid is what it takes to see that they are JSON at all.
func BenchmarkRead(b *testing.B) {
	sample, err := os.ReadFile("testdata/alert-endpoint.json")
	if err != nil {
		b.Fatal(err)
	}
	var line bytes.Buffer
	if err := json.Compact(&line, sample); err != nil {
		b.Fatal(err)
	}
	line.WriteByte('\n')
	file := strings.Repeat(line.String(), 100)
	b.Run("read", func(b *testing.B) {
		b.SetBytes(int64(len(file)))
		b.ReportAllocs()
		for b.Loop() {
			if sum, err := Read("x", strings.NewReader(file), func(store.Record) error { return nil }); err != nil || sum.Alerts != 100 {
				b.Fatal(sum, err)
			}
		}
	})
	b.Run("valid", func(b *testing.B) {
		b.SetBytes(int64(len(file)))
		for b.Loop() {
			for l := range strings.Lines(file) {
				if !json.Valid([]byte(l)) {
					b.Fatal("it is not")
				}
			}
		}
	})
}
