package store

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/rbac"
)

// Record is what a loader takes from a file: one of these.
type Record struct {
	Alert    *Alert
	Incident *Incident
	Action   *Action
	Report   *Report
	Row      Row
}

// Alert is one alert: the columns that lists are filtered and sorted by, and the rest as it was given.
type Alert struct {
	ID              string
	IncidentID      string // empty: of no incident
	Status          string
	Severity        string
	Classification  string
	Determination   string
	ServiceSource   string
	DetectionSource string
	Category        string
	AssignedTo      string
	Title           string
	Techniques      []string
	SystemTags      []string
	Created         time.Time
	Updated         time.Time

	Workloads rbac.WorkloadSet
	Devices   []Device // what its evidence tells of devices; each once
	Entities  []Entity // what its evidence names
	Nameless  bool     // some evidence is of a device that it gives no name or id: every device group is needed (S8)
	AllOf     []string // device groups of which each is needed besides those of Devices (S13); with one that is not there, every one is

	Body     json.RawMessage // the object without evidence
	Evidence json.RawMessage // the evidence, a list
}

// Device is a machine as evidence describes it, and the device group it is in now (S7).
type Device struct {
	ID     string // the product's id, else the directory's, else the name; in lower case
	Name   string
	Domain string
	OS     string
	Tags   []string // as the product tells them; nil: nothing said of them
	Own    []string // given here: no record takes them away
	Known  bool     // described by some evidence; otherwise only its id was met
	Group  string
	Seen   time.Time // last update of the alert that describes it
}

// AllTags are the product's and our own, each once: what the rules of device groups look at.
func (d Device) AllTags() []string {
	all := d.Tags
	for _, own := range d.Own {
		if !slices.ContainsFunc(d.Tags, func(tag string) bool { return strings.EqualFold(tag, own) }) {
			all = append(all[:len(all):len(all)], own)
		}
	}
	return all
}

// Incident is one incident. Its alerts name it, not the other way round.
type Incident struct {
	ID             string
	Status         string // empty: follows from the alerts
	Severity       string
	Classification string
	Determination  string
	AssignedTo     string
	CustomTags     []string
	SystemTags     []string
	Created        time.Time
	Updated        time.Time
	Derived        bool // no record of its own has come yet: an alert named it
	Body           json.RawMessage
}

// Comment is a comment that was written here; those that came with a record stand in its body.
type Comment struct {
	Text string
	By   string
	At   time.Time
}

// AlertClass is what alerts that belong alike share: one question decides about all of them (S8).
type AlertClass struct {
	ID    int64
	Item  rbac.Item
	Count int64 // alerts in it
}

// Taken tells what became of a record.
type Taken uint8

// A record is new, newer than what is there, or not newer and left alone.
const (
	Unchanged Taken = iota
	Created
	Updated
)
