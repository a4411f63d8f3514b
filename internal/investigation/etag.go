package investigation

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

// markedProperties are the properties that people and correlation change: a mark has a digest of each, so that whoever comes second can be told
// which of them are otherwise by now.
var markedProperties = []string{"status", "assignedTo", "classification", "determination", "severity", "customTags", "resolvingComment", "customDetails", "comments", "incidentId", "redirectIncidentId"}

const partLength = 4

// ETag names the state of an object as one reader sees it: what they can't see does not change it. It is a digest of the whole, and a
// short one of each of these properties, all of them of what the reader has anyway.
func ETag(object json.RawMessage) string {
	sum := sha256.Sum256(object)
	tag := hex.EncodeToString(sum[:12]) + "."
	o, err := store.ParseObject(object)
	if err != nil {
		o = nil
	}
	for _, name := range markedProperties {
		part := sha256.Sum256(o.Get(name))
		tag += base64.RawURLEncoding.EncodeToString(part[:3])
	}
	return `W/"` + tag + `"`
}

// etagForm is the form that states are compared in, whatever the client asked for.
var etagForm = Form{UnknownMembers: true}

// state refuses a change unless the object is as the actor believes.
type state func(current json.RawMessage) error

// marked is the state that If-Match names.
func marked(ifMatch string) state {
	return func(current json.RawMessage) error { return matches(ifMatch, current) }
}

// asOf is the state of last update that a list has shown; zero is any.
func asOf(seen time.Time) state {
	return func(current json.RawMessage) error {
		o, err := store.ParseObject(current)
		if err != nil || seen.IsZero() {
			return err
		}
		if last, err := parseTime(o.Text("lastUpdateDateTime")); err == nil && last.Equal(seen) {
			return nil
		}
		return fault.Changed("", "it was changed meanwhile, and nothing was overwritten: status %s, assigned to %s, classification %s now",
			wordOr(o.Text("status"), "unknown"), wordOr(o.Text("assignedTo"), "nobody"), wordOr(o.Text("classification"), "none"))
	}
}

func wordOr(s, none string) string {
	if s == "" {
		return none
	}
	return shorten(s)
}

// matches refuses a change that is made from another state than there is now, and says what is otherwise.
func matches(ifMatch string, current json.RawMessage) error {
	if ifMatch == "" || ifMatch == "*" {
		return nil
	}
	is := ETag(current)
	tags := strings.Split(ifMatch, ",")
	for i := range tags {
		tags[i] = strings.TrimSpace(tags[i])
	}
	if slices.Contains(tags, is) {
		return nil
	}
	names := otherwise(tags[0], is)
	said := "it was changed meanwhile"
	if len(names) > 0 {
		said += " (" + strings.Join(names, ", ") + ")"
	}
	refused := fault.Changed("", "%s, and nothing was overwritten; read it again and repeat the change", said)
	o, err := store.ParseObject(current)
	if err != nil {
		return err
	}
	for _, name := range names {
		refused = refused.WithDetails(fault.Detail{Where: name, Problem: isNow(name, o.Get(name))})
	}
	return refused
}

// otherwise are the properties whose digests differ between two marks.
func otherwise(was, is string) []string {
	_, before, ok := strings.Cut(strings.Trim(strings.TrimPrefix(was, "W/"), `"`), ".")
	_, now, _ := strings.Cut(strings.Trim(strings.TrimPrefix(is, "W/"), `"`), ".")
	if !ok || len(before) != len(markedProperties)*partLength || len(now) != len(before) {
		return nil
	}
	var names []string
	for i, name := range markedProperties {
		at := i * partLength
		if before[at:at+partLength] != now[at:at+partLength] {
			names = append(names, name)
		}
	}
	return names
}

// isNow says what a property is: what is long is to be read.
func isNow(name string, value json.RawMessage) string {
	switch {
	case len(value) == 0 || string(value) == "null" || string(value) == "[]":
		return "is empty now"
	case name == "comments":
		return "there are others now"
	case len(value) > 200:
		return "is another now"
	case value[0] == '"':
		return "is " + shorten(store.Text(value)) + " now"
	}
	return "is " + string(value) + " now"
}
