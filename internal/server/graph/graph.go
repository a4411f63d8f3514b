// Package graph is the surface that clients of Microsoft's Graph security API know: its paths, options, headers and
// errors. What a caller may see or do is the rooms' to say; here is only how it is asked and told.
package graph

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/server/web"
)

// Surface answers the Graph paths.
type Surface struct {
	investigation *investigation.Service
}

// New makes the surface.
func New(i *investigation.Service) *Surface { return &Surface{i} }

// The collections, as they stand in paths and contexts.
const (
	alerts    = "alerts_v2"
	incidents = "incidents"
)

// writePage answers one page of a collection. The link to the next keeps every option of the request, so that a
// client that follows it goes on reading the same list.
func writePage(w http.ResponseWriter, r *http.Request, collection string, q investigation.Query, page investigation.Page) {
	var b bytes.Buffer
	b.WriteString(`{"@odata.context":`)
	b.Write(quote(contextOf(r, collection, q.Form.Select, false)))
	if q.Count {
		b.WriteString(`,"@odata.count":`)
		b.WriteString(strconv.FormatInt(page.Total, 10))
	}
	if page.Next != "" {
		b.WriteString(`,"@odata.nextLink":`)
		b.Write(quote(nextLink(r, page.Next)))
	}
	b.WriteString(`,"value":[`)
	for i, item := range page.Items {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(item)
	}
	b.WriteString("]}\n")
	setHeaders(w, r)
	web.WriteText(w, http.StatusOK, contentType, b.Bytes())
}

// writeItem answers one object, with the mark of its present state.
func writeItem(w http.ResponseWriter, r *http.Request, collection string, form investigation.Form, item json.RawMessage, etag string) {
	var b bytes.Buffer
	b.WriteString(`{"@odata.context":`)
	b.Write(quote(contextOf(r, collection, form.Select, true)))
	if etag != "" {
		b.WriteString(`,"@odata.etag":`)
		b.Write(quote(etag))
		w.Header().Set("ETag", etag)
	}
	if rest := bytes.TrimSpace(item); len(rest) > 2 {
		b.WriteByte(',')
		b.Write(rest[1:])
	} else {
		b.WriteByte('}')
	}
	b.WriteByte('\n')
	setHeaders(w, r)
	web.WriteText(w, http.StatusOK, contentType, b.Bytes())
}

// writeComments answers all comments of an object.
func writeComments(w http.ResponseWriter, r *http.Request, collection, id string, comments json.RawMessage) {
	if len(comments) == 0 || string(comments) == "null" {
		comments = json.RawMessage("[]")
	}
	context := web.Origin(r) + "/v1.0/$metadata#security/" + collection + "('" + url.PathEscape(id) + "')/comments"
	text := append([]byte(`{"@odata.context":`), quote(context)...)
	text = append(append(append(text, `,"value":`...), comments...), "}\n"...)
	setHeaders(w, r)
	web.WriteText(w, http.StatusOK, contentType, text)
}

const contentType = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"

func contextOf(r *http.Request, collection string, selected []string, entity bool) string {
	context := web.Origin(r) + "/v1.0/$metadata#security/" + collection
	if len(selected) > 0 {
		context += "(" + strings.Join(selected, ",") + ")"
	}
	if entity {
		context += "/$entity"
	}
	return context
}

func nextLink(r *http.Request, token string) string {
	query := r.URL.Query()
	for name := range query {
		switch strings.ToLower(strings.TrimPrefix(name, "$")) {
		case "skip", "skiptoken":
			query.Del(name)
		}
	}
	query.Set("$skiptoken", token)
	return web.Origin(r) + r.URL.EscapedPath() + "?" + strings.ReplaceAll(query.Encode(), "%24", "$")
}

func quote(text string) []byte {
	quoted, _ := json.Marshal(text) // A string always can.
	return quoted
}

// setHeaders gives back what Graph gives back on each call.
func setHeaders(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("OData-Version", "4.0")
	if id := web.Echo(r.Header.Get("Client-Request-Id")); id != "" {
		h.Set("Client-Request-Id", id)
	}
	if wantsUnknownMembers(r) {
		h.Set("Preference-Applied", "include-unknown-enum-members")
	}
}
