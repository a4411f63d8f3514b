package notify

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/bailiwick/bailiwick/internal/store"
)

// Message is what one recipient is told. It is made of an alert as they see it, or of a custom detection that has paused, and of nothing else.
type Message struct {
	ID          string // of the notification: the same at every attempt
	At          time.Time
	Test        bool
	Last        bool   // of this hour
	AlertID     string // of an alert
	DetectionID string // of a custom detection that has paused
	Title       string
	Level       string // the severity, for people
	Facts       []Fact
	Link        string
	Alert       json.RawMessage // as the reader sees it

	severity string
}

// Fact is one line about an alert.
type Fact struct{ Name, Value string }

// How much of what strangers wrote a message holds.
const (
	mostTitle   = 150
	mostFact    = 200
	mostDevices = 10
)

// read fills the message from an alert as its recipient sees it.
func (m *Message) read(alert json.RawMessage, groups []string, portal string) error {
	o, err := store.ParseObject(alert)
	if err != nil {
		return err
	}
	m.Alert, m.AlertID, m.severity = alert, o.Text("id"), o.Text("severity")
	m.Title = cut(disarm(clean(o.Text("title"), mostTitle)), mostTitle)
	if m.Title == "" {
		m.Title = "(without a title)"
	}
	m.Level = level(m.severity)
	for _, f := range [][2]string{{"Category", "category"}, {"Product", "serviceSource"}, {"Detected by", "detectionSource"}, {"Status", "status"}, {"Created", "createdDateTime"}} {
		m.fact(f[0], o.Text(f[1]))
	}
	devices, err := devicesOf(o.Get("evidence"))
	if err != nil {
		return err
	}
	if more := len(devices) - mostDevices; more > 0 {
		devices = append(devices[:mostDevices], fmt.Sprintf("and %d more", more))
	}
	m.fact("Devices", strings.Join(devices, ", "))
	m.fact("Device groups", strings.Join(groups, ", "))
	m.fact("Alert", m.AlertID)
	m.linkTo(portal, "alerts", m.AlertID)
	return nil
}

func (m *Message) linkTo(portal, area, id string) {
	if portal != "" {
		m.Link = strings.TrimSuffix(portal, "/") + "/" + area + "/" + url.PathEscape(id)
	}
}

func (m *Message) fact(name, value string) {
	if value = cut(disarm(clean(value, mostFact)), mostFact); value != "" {
		m.Facts = append(m.Facts, Fact{name, value})
	}
}

// devicesOf names the devices among the evidence.
func devicesOf(evidence json.RawMessage) ([]string, error) {
	list, err := store.ParseArray(evidence)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, text := range list {
		o, err := store.ParseObject(text)
		if err != nil {
			continue // what is no object is no device
		}
		if !strings.HasSuffix(strings.ToLower(o.Text("@odata.type")), "deviceevidence") {
			continue
		}
		for _, member := range []string{"deviceDnsName", "hostName", "mdeDeviceId", "azureAdDeviceId"} {
			if name := clean(o.Text(member), 80); name != "" {
				if !slices.Contains(names, name) {
					names = append(names, name)
				}
				break
			}
		}
	}
	return names, nil
}

func level(severity string) string {
	if !slices.Contains(Severities, severity) || severity == "unknown" {
		return "Unknown severity"
	}
	return strings.ToUpper(severity[:1]) + severity[1:] + " severity"
}

// Subject is one line.
func (m *Message) Subject() string {
	switch {
	case m.Test:
		return "[Bailiwick] Test of a notification"
	case m.DetectionID != "":
		return "[Bailiwick] Custom detection paused: " + m.Title
	}
	return "[Bailiwick] " + m.Level + ": " + m.Title
}

// Text is the message as plain text: nothing in it is ever read as HTML.
func (m *Message) Text() string {
	var b strings.Builder
	if m.Test {
		b.WriteString("This is a test: notifications of this centre reach you here. It is about no alert.\n")
	} else {
		level := m.Level
		if m.DetectionID != "" {
			level = "This custom detection has paused: it finds nothing until somebody looks after it."
		}
		fmt.Fprintf(&b, "%s\n\n%s\n", m.Title, level)
		for _, f := range m.Facts {
			fmt.Fprintf(&b, "%s: %s\n", f.Name, f.Value)
		}
		if m.Link != "" {
			fmt.Fprintf(&b, "\nOpen it: %s\n", m.Link)
		}
	}
	if m.Last {
		fmt.Fprintf(&b, "\nThis is the last of %d within an hour. There may be more alerts: look into the queue.\n", MostInAnHour)
	}
	b.WriteString("\n-- \nYou are told because a rule of this centre names you, and only of what you may see. Who keeps its settings can take you off.\n")
	return b.String()
}

// clean makes one line of what strangers wrote, that shows what it is: no control or formatting characters, which could hide or turn
// text around, no line breaks, and no encoded word (RFC 2047), which in a subject would be decoded once more. At most so many
// characters.
func clean(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == unicode.ReplacementChar || !unicode.IsPrint(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	return cut(strings.ReplaceAll(s, "=?", "= ?"), most)
}

// disarm writes what mail programs make links of by themselves - addresses of any kind, names of hosts - as people who speak of such
// things do: evil[.]example. A stranger's text is read by people who trust who sends it.
func disarm(s string) string {
	for range 2 { // what one match has taken is no beginning of the next
		for _, d := range disarmed {
			s = d.pattern.ReplaceAllString(s, d.as)
		}
	}
	return s
}

var disarmed = []struct {
	pattern *regexp.Regexp
	as      string
}{
	{regexp.MustCompile(`://`), "[:]//"},
	{regexp.MustCompile(`(?i)\b(mailto|tel|sip|file|ms-[a-z]+):`), "$1[:]"},
	{regexp.MustCompile(`\\{2,}`), `[\]\`},
	{regexp.MustCompile(`(?i)\b(www)\.`), "$1[.]"},
	{regexp.MustCompile(`(?i)([\pL\pN])([.。．｡])(xn--|[a-z]{2}|[^\x00-\x7f])`), "$1[$2]$3"},
}

// cut shortens a text.
func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
