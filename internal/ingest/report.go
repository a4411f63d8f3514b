package ingest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
)

// The limits of a report.
const (
	maxReport  = 1 << 20 // bytes of its text
	maxSummary = 4000
	maxTitle   = 300
	maxNames   = 500 // detections, and each of the other lists
)

// reportMembers are the names that a report's members may have, folded (see foldKey), and what each is called here. The longer
// ones are those of Graph's objects.
var reportMembers = map[string]string{
	"id": "id", "title": "title", "type": "type", "reporttype": "type", "severity": "severity", "tags": "tags", "techniques": "techniques", "mitretechniques": "techniques",
	"actors": "actors", "detections": "detections", "detectionnames": "detections", "mitigations": "mitigations", "published": "published", "publisheddatetime": "published",
	"updated": "updated", "lastupdateddatetime": "updated", "lastupdatedatetime": "updated", "summary": "summary", "content": "content", "body": "content",
}

var mitigationMembers = map[string]string{
	"id": "id", "title": "title", "description": "description", "configurationid": "configurationId", "configuration": "configurationId", "cveid": "cveId", "cve": "cveId",
}

func foldKey(s string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "_", "", "-", "").Replace(s))
}

// isReport tells a report from the other things that have a title.
func isReport(o store.Object) bool {
	if has(o, "serviceSource", "evidence", "alertId", "incidentId", "queryCondition") || o.Get("title") == nil {
		return false
	}
	for _, m := range o {
		switch reportMembers[foldKey(m.Name)] {
		case "detections", "mitigations", "techniques", "actors", "content":
			return m.Name != "mitreTechniques" || o.Get("createdDateTime") == nil // which alerts have, too
		}
	}
	return false
}

var (
	reportID      = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)
	cveID         = regexp.MustCompile(`^(?i)CVE-\d{4}-\d{4,10}$`)
	scID          = regexp.MustCompile(`^(?i)scid-\d{1,10}$`)
	technique     = regexp.MustCompile(`^T\d{4}(\.\d{3})?$`)
	reportGravity = []string{"high", "medium", "low", "informational", "unknown"}
)

// report reads a report that came as an object: as JSON, or as the front matter of a Markdown file.
func report(given store.Object) (*store.Report, error) {
	o, err := renamed(given, reportMembers, "")
	if err != nil {
		return nil, err
	}
	f := &fields{o: o}
	p := &store.Report{ID: f.text("id"), Title: strings.TrimSpace(f.text("title")), Type: strings.TrimSpace(f.text("type")), Severity: strings.ToLower(f.text("severity"))}
	p.Body = store.ReportBody{
		Summary: strings.TrimSpace(f.textOrContent("summary")), Content: f.textOrContent("content"), Tags: f.names("tags"), Techniques: f.names("techniques"), Actors: f.names("actors"),
		Detections: f.names("detections"), Mitigations: f.mitigations(),
	}
	p.Published, p.Updated = f.day("published"), f.day("updated")
	switch {
	case !reportID.MatchString(p.ID):
		f.fail("id", "1 to 100 letters, digits, dots, dashes and underscores, beginning with a letter or digit", "is %.120q", p.ID)
	case p.Title == "":
		f.fail("title", "what the report is called", "is missing")
	case len(p.Title) > maxTitle:
		f.fail("title", fmt.Sprintf("at most %d bytes", maxTitle), "is of %d bytes", len(p.Title))
	case len(p.Type) > maxActionWord:
		f.fail("type", fmt.Sprintf("at most %d bytes", maxActionWord), "is of %d bytes", len(p.Type))
	case strings.Contains(p.Type, ","):
		f.fail("type", "a type without a comma: lists are narrowed by several, with commas", "is %.120q", p.Type)
	case p.Published.IsZero():
		f.fail("published", "when it was published, like 2026-10-01", "is missing")
	case len(p.Body.Summary) > maxSummary:
		f.fail("summary", fmt.Sprintf("at most %d bytes", maxSummary), "is of %d bytes", len(p.Body.Summary))
	case len(p.Body.Content) > maxReport:
		f.fail("content", fmt.Sprintf("at most %d bytes", maxReport), "is of %d bytes", len(p.Body.Content))
	}
	for i, tag := range p.Body.Tags {
		if strings.Contains(tag, ",") {
			f.fail("tags["+strconv.Itoa(i)+"]", "a tag without a comma", "is %.120q", tag)
		}
	}
	if p.Severity == "" {
		p.Severity = "unknown"
	}
	if !slices.Contains(reportGravity, p.Severity) {
		f.fail("severity", "one of "+strings.Join(reportGravity, ", "), "is %.60q", p.Severity)
	}
	if p.Updated.IsZero() {
		p.Updated = p.Published
	}
	if p.Updated.Before(p.Published) {
		f.fail("updated", "not before published", "is earlier")
	}
	for i, name := range p.Body.Techniques {
		p.Body.Techniques[i] = strings.ToUpper(name)
		if !technique.MatchString(p.Body.Techniques[i]) {
			f.fail("techniques["+strconv.Itoa(i)+"]", "a technique like T1059.001", "is %.60q", name)
		}
	}
	return p, f.err
}

func reportRecord(o store.Object) ([]store.Record, error) {
	dropAnnotations(&o)
	p, err := report(o)
	if err != nil {
		return nil, err
	}
	return []store.Record{{Report: p}}, nil
}

// renamed gives the object with the members' own names. A member that is none, or that stands there by two names, is refused.
func renamed(given store.Object, names map[string]string, path string) (store.Object, error) {
	var o store.Object
	for _, m := range given {
		name, ok := names[foldKey(m.Name)]
		switch {
		case !ok:
			return nil, wrong(join(path, m.Name), "one of "+strings.Join(known(names), ", "), "is not a member of a report")
		case o.Get(name) != nil:
			return nil, wrong(join(path, m.Name), "each key once", "says what %s says already", name)
		}
		o = append(o, store.Member{Name: name, Value: m.Value})
	}
	return o, nil
}

func known(names map[string]string) []string {
	var list []string
	for _, name := range names {
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// textOrContent reads text, or an object with content, as Graph's articles have it.
func (f *fields) textOrContent(name string) string {
	v := f.o.Get(name)
	if len(v) == 0 || v[0] != '{' {
		return f.text(name)
	}
	o, err := store.ParseObject(v)
	if err != nil {
		f.fail(name, "text", "is %s", kindOf(v))
		return ""
	}
	inner := &fields{o: o, path: join(f.path, name)}
	if format := inner.text("format"); format != "" && format != "text" && format != "markdown" {
		inner.fail("format", "text or markdown", "is %.60q", format)
	}
	text := inner.text("content")
	if f.err == nil {
		f.err = inner.err
	}
	return text
}

// names reads a list of names, each once, without space around them.
func (f *fields) names(name string) []string {
	var list []string
	for i, s := range f.texts(name) {
		s = strings.TrimSpace(s)
		switch {
		case s == "":
			f.fail(name+"["+strconv.Itoa(i)+"]", "a name", "is empty")
		case len(s) > maxTitle:
			f.fail(name+"["+strconv.Itoa(i)+"]", fmt.Sprintf("at most %d bytes", maxTitle), "is of %d bytes", len(s))
		case !slices.ContainsFunc(list, func(t string) bool { return strings.EqualFold(s, t) }):
			list = append(list, s)
		}
	}
	if len(list) > maxNames {
		f.fail(name, fmt.Sprintf("at most %d", maxNames), "are %d", len(list))
	}
	return list
}

// day reads a time, or a day, which begins at midnight UTC.
func (f *fields) day(name string) time.Time {
	if t, err := time.Parse(time.DateOnly, store.Text(f.o.Get(name))); err == nil && t.Year() >= 1900 && t.Year() <= 2200 {
		return t
	}
	return f.time(name)
}

// mitigations reads what the report asks for: objects, or texts that name a check or a vulnerability, or say it in words.
func (f *fields) mitigations() []store.Mitigation {
	v := f.o.Get("mitigations")
	if isNull(v) {
		return nil
	}
	list, err := store.ParseArray(v)
	if err != nil {
		f.fail("mitigations", "a list of mitigations", "is %s", kindOf(v))
		return nil
	}
	if len(list) > maxNames {
		f.fail("mitigations", fmt.Sprintf("at most %d", maxNames), "are %d", len(list))
		return nil
	}
	var all []store.Mitigation
	for i, e := range list {
		m := f.mitigation(e, "mitigations["+strconv.Itoa(i)+"]")
		switch {
		case m.CVE != "" && m.ID == "":
			m.ID = strings.ToLower(m.CVE)
		case m.Configuration != "" && m.ID == "":
			m.ID = m.Configuration
		case m.ID == "":
			m.ID = "m" + strconv.Itoa(i+1)
		}
		if !reportID.MatchString(m.ID) {
			f.fail("mitigations["+strconv.Itoa(i)+"].id", "1 to 100 letters, digits, dots, dashes and underscores", "is %.120q", m.ID)
		}
		if slices.ContainsFunc(all, func(other store.Mitigation) bool { return other.ID == m.ID }) {
			f.fail("mitigations["+strconv.Itoa(i)+"].id", "each id once", "%q stands twice", m.ID)
		}
		if m.Title == "" {
			m.Title = m.CVE + m.Configuration
		}
		all = append(all, m)
	}
	return all
}

func (f *fields) mitigation(text []byte, path string) store.Mitigation {
	if len(text) > 0 && text[0] == '"' {
		s := strings.TrimSpace(store.Text(text))
		switch {
		case cveID.MatchString(s):
			return store.Mitigation{CVE: strings.ToUpper(s)}
		case scID.MatchString(s):
			return store.Mitigation{Configuration: strings.ToLower(s)}
		case s == "" || len(s) > maxTitle:
			f.fail(path, fmt.Sprintf("1 to %d bytes", maxTitle), "is of %d bytes", len(s))
		}
		return store.Mitigation{Title: s}
	}
	o, err := store.ParseObject(text)
	if err != nil {
		f.fail(path, "a mitigation: a text, or an object with id, title and configurationId or cveId", "is %s", kindOf(text))
		return store.Mitigation{}
	}
	o, err = renamed(o, mitigationMembers, path)
	if err != nil {
		if f.err == nil {
			f.err = err
		}
		return store.Mitigation{}
	}
	in := &fields{o: o, path: path}
	m := store.Mitigation{
		ID: in.text("id"), Title: strings.TrimSpace(in.text("title")), Description: in.text("description"), Configuration: strings.ToLower(in.text("configurationId")), CVE: strings.ToUpper(in.text("cveId")),
	}
	switch {
	case m.Configuration != "" && m.CVE != "":
		in.fail("cveId", "either configurationId or cveId", "stands beside configurationId")
	case m.CVE != "" && !cveID.MatchString(m.CVE):
		in.fail("cveId", "an id like CVE-2021-26855", "is %.60q", m.CVE)
	case m.Configuration != "" && !scID.MatchString(m.Configuration):
		in.fail("configurationId", "an id like scid-2010", "is %.60q", m.Configuration)
	case m.Title == "" && m.CVE == "" && m.Configuration == "":
		in.fail("title", "what is to be done", "is missing")
	case len(m.Title) > maxTitle || len(m.Description) > maxSummary:
		in.fail("title", fmt.Sprintf("a title of at most %d bytes, a description of at most %d", maxTitle, maxSummary), "is too long")
	}
	if f.err == nil {
		f.err = in.err
	}
	return m
}
