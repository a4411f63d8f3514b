// Package demo is Contoso: a made-up company with people, roles, devices, alerts and incidents, for the first
// five minutes with the product. Everything it gives is in the formats anybody else would bring - a policy file
// and Graph JSON - and goes in through the same doors. docs/demo.md lists the people and the proportions.
package demo

import (
	_ "embed"
	"io"
	"time"
)

// Seed is the number from which `bailiwick serve --demo` generates its data.
const Seed = 1

// PolicyName is the name that errors about the policy file carry.
const PolicyName = "contoso.yaml"

//go:embed contoso.yaml
var policy []byte

// Policy gives Contoso's policy file.
func Policy() []byte { return append([]byte(nil), policy...) }

// File is one file that a load takes.
type File struct {
	Name    string
	Content []byte
}

// Files gives the data as it would come out of an export: incidents as a list page, alerts, actions and rows one
// a line, reports as Markdown. The same
// seed and the same now give the same bytes.
func Files(seed uint64, now time.Time) []File {
	g := newGenerator(seed, now)
	g.alerts()
	g.actions()
	files := []File{
		{"contoso-incidents.json", page(g.incidentList)},
		{"contoso-alerts.jsonl", lines(g.alertList)},
		{"contoso-actions.jsonl", lines(g.actionList)},
		{"contoso-exposure.jsonl", lines(g.exposure())},
		{"contoso-mail.jsonl", lines(g.prevented())},
	}
	return append(files, reports(now)...)
}

// EventsName is what the file of Events is called.
const EventsName = "contoso-events.jsonl"

// Events writes what is hunted in, as the streaming export would: a month of it, in which the attacks are that the alerts of Files are
// about. The same seed and the same now give the same bytes.
func Events(w io.Writer, seed uint64, now time.Time) error {
	g := newGenerator(seed, now)
	g.alerts()
	return g.events(w, seed)
}

// alerts makes the incidents and all alerts.
func (g *generator) alerts() {
	g.samples()
	g.incidents()
	g.looseAlerts()
	g.hostile()
}
