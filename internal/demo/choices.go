package demo

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"
)

// status of an incident: the older, the more likely it is done.
func (g *generator) status(age time.Duration) string {
	n := g.r.IntN(100)
	switch {
	case age > 14*24*time.Hour && n < 75, age > 4*24*time.Hour && n < 45, n < 15:
		return "resolved"
	case n > 70:
		return "inProgress"
	}
	return "active"
}

// alertStatus is the word for an incident's status at its alerts.
func alertStatus(incident string) string {
	if incident == "active" {
		return "new"
	}
	return incident
}

// verdict is what was found out, for what is resolved.
func verdict(r *rand.Rand, status string) (classification, determination any) {
	if status != "resolved" {
		return nil, nil
	}
	v := pick(r, [][2]string{
		{"truePositive", "malware"}, {"truePositive", "phishing"}, {"truePositive", "compromisedAccount"},
		{"informationalExpectedActivity", "securityTesting"}, {"informationalExpectedActivity", "confirmedActivity"},
		{"falsePositive", "notMalicious"}, {"falsePositive", "notEnoughDataToValidate"},
	})
	return v[0], v[1]
}

var severities = []string{"informational", "low", "medium", "high"}

func rank(severity string) int { return slices.Index(severities, severity) }

// severity is the detector's own four times out of five, else a step away.
func (g *generator) severity(usual string) string {
	if g.r.IntN(5) > 0 {
		return usual
	}
	step := rank(usual) + 1 - 2*g.r.IntN(2)
	return severities[max(0, min(step, len(severities)-1))]
}

// providerID is an id as the product would make it.
func (g *generator) providerID(d detector) string {
	if d.of == endpoint && d.source == mde {
		return fmt.Sprintf("63%d_-%d", 8_000_000_000_000_000+g.r.Int64N(999_999_999_999), 1_000_000_000+g.r.IntN(900_000_000))
	}
	return guid(g.r)
}

// detectorID is the same for all alerts of one detector.
func detectorID(title string) string {
	h := fnv.New64a()
	h.Write([]byte(title))
	return fmt.Sprintf("demo-%016x", h.Sum64())
}

var productNames = map[string]string{
	mde: "Microsoft Defender for Endpoint", mdo: "Microsoft Defender for Office 365", mca: "Microsoft Cloud App Security",
	mdi: "Microsoft Defender for Identity", xdr: "Microsoft 365 Defender", "microsoftAppGovernance": "App Governance",
	"dataLossPrevention": "Microsoft Data Loss Prevention", "microsoftSentinel": "Microsoft Sentinel",
	"azureAdIdentityProtection": "Entra ID Protection", "microsoftDefenderForCloud": "Microsoft Defender for Cloud",
}

var workloadTitles = map[workload]string{
	endpoint: "Endpoint", office365: "Email & collaboration", cloudapps: "Cloud apps", identity: "Identity", outside: "other products",
}

// incidentName is a name as an export would have it: it tells about the whole incident, which is why readers of a
// part of it are shown another (S9).
func incidentName(s scene, kind []workload, size int) string {
	switch {
	case len(kind) > 1:
		name := "Multi-stage incident reported by " + workloadTitles[kind[0]]
		for _, w := range kind[1:] {
			name += ", " + workloadTitles[w]
		}
		return name + " about " + s.person.name
	case len(s.devices) > 0:
		return countAlerts(size) + " on " + s.devices[0].host
	}
	return countAlerts(size) + " of " + workloadTitles[kind[0]] + " about " + s.person.name
}

func (g *generator) tags(kind []workload) []string {
	if len(kind) > 1 && g.r.IntN(3) == 0 {
		return []string{"major"}
	}
	if g.r.IntN(10) == 0 {
		return []string{pick(g.r, []string{"exercise", "customer", "night-shift"})}
	}
	return []string{}
}

var remarks = []string{
	"Called the user; they did not expect the message.",
	"Waiting for the device to come back online.",
	"Same sender as last week's wave.",
	"Handed over to the day shift.",
	"The owner confirmed a planned test.",
}

func countAlerts(n int) string {
	if n == 1 {
		return "1 alert"
	}
	return strconv.Itoa(n) + " alerts"
}
