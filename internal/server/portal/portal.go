// Package portal carries the built portal inside the binary and serves it.
//
// The files are built from ui/ into dist/, which is not kept in version control. A binary built without them still
// serves everything else, and says on the page how to build them.
package portal

import (
	"bytes"
	"crypto/rand"
	"embed"
	"encoding/base64"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed all:dist
var built embed.FS

// placeholder stands in the built page where the nonce of each answer goes.
const placeholder = "__CSP_NONCE__"

// reserved are the paths that belong to the other surfaces: an unknown path below one of them is a 404 of theirs,
// never the portal's page with status 200, which a client would try to read as JSON. /access alone is a page of ours.
var reserved = []string{"/api/", "/v1.0/", "/beta/", "/access/v1/", "/scim/", "/.well-known/", "/livez", "/readyz", "/metrics"}

// missing is the page of a binary that was built without the portal.
const missing = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Bailiwick</title>
<body><h1>The portal is not part of this binary</h1>
<p>The API works. To have the portal too, build it first: <code>make build</code>, or <code>npm ci &amp;&amp; npm run build</code> in <code>ui</code> before <code>go build</code>.</p>`

// Handler serves the portal that was built into the binary: its files, and its page for every other path, since
// the portal reads the path itself. It sets the content security policy of what it serves, with a fresh nonce for
// each page.
func Handler() http.Handler {
	files, err := fs.Sub(built, "dist")
	if err != nil {
		panic(err) // The name is a constant that the compiler has already embedded.
	}
	return handler(files)
}

func handler(files fs.FS) http.Handler {
	page, err := fs.ReadFile(files, "index.html")
	if err != nil {
		page = []byte(missing)
	}
	small := new(squeezed)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch name := strings.TrimPrefix(path.Clean(r.URL.Path), "/"); {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "the portal is only read", http.StatusMethodNotAllowed)
		case isReserved(r.URL.Path):
			http.NotFound(w, r)
		case name != "index.html" && isFile(files, name):
			serveFile(w, r, files, small, name)
		case strings.HasPrefix(name, "assets/"):
			// A page kept open across an upgrade asks for files that are gone: say so, rather than hand it HTML as a script.
			w.Header().Set("Cache-Control", "no-store")
			http.NotFound(w, r)
		default:
			servePage(w, r, page)
		}
	})
}

func isReserved(requested string) bool {
	for _, prefix := range reserved {
		if strings.HasPrefix(requested, prefix) || requested == strings.TrimSuffix(prefix, "/") {
			return true
		}
	}
	return false
}

func isFile(files fs.FS, name string) bool {
	if !fs.ValidPath(name) || strings.HasPrefix(path.Base(name), ".") {
		return false
	}
	info, err := fs.Stat(files, name)
	return err == nil && info.Mode().IsRegular()
}

func serveFile(w http.ResponseWriter, r *http.Request, files fs.FS, small *squeezed, name string) {
	content, err := fs.ReadFile(files, name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	if strings.HasPrefix(name, "assets/") {
		header.Set("Cache-Control", "public, max-age=31536000, immutable") // The name holds a hash of the content.
	} else {
		header.Set("Cache-Control", "public, max-age=3600")
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(small.encode(header, r, name, content)))
}

func servePage(w http.ResponseWriter, r *http.Request, page []byte) {
	nonce := newNonce()
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store") // Each answer has its own nonce.
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Content-Security-Policy", policy(nonce))
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(bytes.ReplaceAll(page, []byte(placeholder), []byte(nonce)))
}

// policy lets the page run the scripts it came with and talk to its own server, and nothing else. What positions the
// menus goes through the object model, so that neither style attributes nor inline sheets without the nonce are needed.
func policy(nonce string) string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'nonce-" + nonce + "' 'strict-dynamic'",
		"style-src 'self' 'nonce-" + nonce + "'",
		"img-src 'self' data:",
		"font-src 'self'",
		"connect-src 'self'",
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors 'none'",
		"require-trusted-types-for 'script'",
	}, "; ")
}

// newNonce is 128 random bits: what the policy's specification asks for at the least.
func newNonce() string {
	var random [16]byte
	_, _ = rand.Read(random[:]) // Never fails: crypto/rand ends the program instead.
	return base64.RawStdEncoding.EncodeToString(random[:])
}
