package portal

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"path"
	"strings"
	"sync"
)

// squeezed holds each file compressed, once somebody has asked for it so. The files are few and never change.
type squeezed struct{ byName sync.Map }

// encode gives the content in the form the client prefers, and tells so in the header. Files that are compressed
// already, or too small to gain, stay as they are.
func (s *squeezed) encode(h http.Header, r *http.Request, name string, content []byte) []byte {
	switch path.Ext(name) {
	case ".js", ".css", ".svg":
	default:
		return content
	}
	h.Set("Vary", "Accept-Encoding")
	if len(content) < 1024 || !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		return content
	}
	h.Set("Content-Encoding", "gzip")
	if held, ok := s.byName.Load(name); ok {
		return held.([]byte)
	}
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	_, _ = w.Write(content) // Into memory: neither writing nor closing can fail.
	_ = w.Close()
	s.byName.Store(name, b.Bytes())
	return b.Bytes()
}
