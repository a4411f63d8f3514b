package portal

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func get(t *testing.T, h http.Handler, method, target string) *http.Response {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, target, nil))
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	var b strings.Builder
	if _, err := io.Copy(&b, r.Body); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var site = fstest.MapFS{
	"index.html":          {Data: []byte(`<script nonce="__CSP_NONCE__" src="/assets/a-1.js"></script>`)},
	"assets/a-1.js":       {Data: []byte(`1`)},
	"favicon.svg":         {Data: []byte(`<svg/>`)},
	".keep":               {Data: []byte(``)},
	"assets/deep/b-2.css": {Data: []byte(`a{}`)},
}

func TestPaths(t *testing.T) {
	h := handler(site)
	for _, c := range []struct {
		name, method, path string
		status             int
		cache              string
	}{
		{"the page", "GET", "/", 200, "no-store"},
		{"a deep link is the page", "GET", "/incidents/1042", 200, "no-store"},
		{"the page by its file name is still the page", "GET", "/index.html", 200, "no-store"},
		{"a hidden file is not served but is the page", "GET", "/.keep", 200, "no-store"},
		{"a hashed file is kept for ever", "GET", "/assets/a-1.js", 200, "public, max-age=31536000, immutable"},
		{"another file is kept for an hour", "GET", "/favicon.svg", 200, "public, max-age=3600"},
		{"a hashed file that is gone is not the page", "GET", "/assets/a-0.js", 404, "no-store"},
		{"an unknown API path is not the page", "GET", "/api/v1/nothing", 404, ""},
		{"an unknown Graph path is not the page", "GET", "/v1.0/nothing", 404, ""},
		{"the access page is a page", "GET", "/access", 200, "no-store"},
		{"an unknown AuthZEN path is not the page", "GET", "/access/v1/nothing", 404, ""},
		{"climbing out is the page", "GET", "/assets/../../portal.go", 200, "no-store"},
		{"writing is refused", "POST", "/", 405, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := get(t, h, c.method, c.path)
			if r.StatusCode != c.status || r.Header.Get("Cache-Control") != c.cache {
				t.Errorf("%s %s: %d %q, want %d %q", c.method, c.path, r.StatusCode, r.Header.Get("Cache-Control"), c.status, c.cache)
			}
		})
	}
}

func TestEachPageHasItsOwnNonce(t *testing.T) {
	h := handler(site)
	nonceOf := func() string {
		r := get(t, h, "GET", "/alerts")
		found := regexp.MustCompile(`script-src 'nonce-([^']+)'`).FindStringSubmatch(r.Header.Get("Content-Security-Policy"))
		if found == nil {
			t.Fatalf("no nonce in %q", r.Header.Get("Content-Security-Policy"))
		}
		if text := body(t, r); !strings.Contains(text, `nonce="`+found[1]+`"`) || strings.Contains(text, placeholder) {
			t.Fatalf("the page does not carry the nonce %q: %s", found[1], text)
		}
		return found[1]
	}
	if first, second := nonceOf(), nonceOf(); first == second {
		t.Error("two pages had the same nonce")
	}
}

func TestScriptsTravelCompressed(t *testing.T) {
	text := strings.Repeat("one();", 1000)
	h := handler(fstest.MapFS{"assets/big-1.js": {Data: []byte(text)}, "assets/picture-1.png": {Data: []byte(text)}})
	ask := func(path, accept string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Accept-Encoding", accept)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	for range 2 { // The second comes from memory.
		w := ask("/assets/big-1.js", "gzip, br")
		if w.Header().Get("Content-Encoding") != "gzip" || w.Body.Len() >= len(text) {
			t.Fatalf("%q, %d bytes", w.Header().Get("Content-Encoding"), w.Body.Len())
		}
		z, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(z); err != nil || string(got) != text {
			t.Errorf("%v, %d bytes", err, len(got))
		}
	}
	if w := ask("/assets/big-1.js", ""); w.Header().Get("Content-Encoding") != "" || w.Body.String() != text {
		t.Error("a client that did not ask for it got it compressed")
	}
	if w := ask("/assets/picture-1.png", "gzip"); w.Header().Get("Content-Encoding") != "" {
		t.Error("a picture was compressed again")
	}
}

func TestABinaryWithoutThePortalSaysSo(t *testing.T) {
	r := get(t, handler(fstest.MapFS{}), "GET", "/")
	if text := body(t, r); r.StatusCode != 200 || !strings.Contains(text, "make build") {
		t.Errorf("%d %s", r.StatusCode, text)
	}
	if r := get(t, Handler(), "GET", "/"); r.StatusCode != 200 {
		t.Errorf("the embedded portal answers %d", r.StatusCode)
	}
}
