package devices

import (
	"strings"

	"github.com/bailiwick/bailiwick/rbac"
)

// Term is one condition of a rule that a device meets: which property, the pattern of the rule, and the device's value.
type Term struct{ Property, Pattern, Value string }

// Reason is why a device is in its device group.
type Reason struct {
	Group string
	Rank  int    // 1 is the highest; that of the ungrouped is the last
	Of    int    // how many there are
	Terms []Term // empty: no rule matches it
}

// Why says which rule puts a device where it is: the first, in rank order, that it matches, and by what of it.
func Why(groups []rbac.DeviceGroup, d Device) Reason {
	reason := Reason{Group: Compile(groups).Group(d), Rank: len(groups), Of: len(groups)}
	for i, g := range groups {
		if g.Name != reason.Group {
			continue
		}
		reason.Rank = i + 1
		short, domain, _ := strings.Cut(d.Name, ".")
		if d.Domain != "" {
			domain = d.Domain
		}
		for _, p := range []struct {
			property string
			patterns []string
			values   []string
		}{
			{"name", g.Match.Name, []string{d.Name, short}}, {"domain", g.Match.Domain, []string{domain}},
			{"tag", g.Match.Tag, d.Tags}, {"os", g.Match.OS, []string{d.OS}},
		} {
			if term, ok := met(p.property, p.patterns, p.values); ok && reason.Group != rbac.UngroupedDevices {
				reason.Terms = append(reason.Terms, term)
			}
		}
	}
	return reason
}

// met is the first of the patterns that one of the values matches.
func met(property string, rule, values []string) (Term, bool) {
	for i, p := range patterns(rule) {
		for _, v := range values {
			if p.matches(strings.ToLower(v)) {
				return Term{property, rule[i], v}, true
			}
		}
	}
	return Term{}, false
}
