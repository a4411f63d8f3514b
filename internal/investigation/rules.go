package investigation

import (
	"strings"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// ByRules is the Grouping of the policy: a device is in the first group, in rank order, whose rule it matches; in none
// of them, it is ungrouped. So is a device that no evidence has described yet: of an unknown name nothing holds.
func ByRules(groups []rbac.DeviceGroup) func(store.Device) string {
	rules := make([]rule, 0, len(groups))
	for _, g := range groups {
		if g.Name != rbac.UngroupedDevices {
			rules = append(rules, compileRule(g))
		}
	}
	return func(d store.Device) string {
		if d.Known {
			for _, r := range rules {
				if r.matches(d) {
					return r.group
				}
			}
		}
		return rbac.UngroupedDevices
	}
}

// rule is a device group's Match with its patterns in lower case.
type rule struct {
	group                 string
	name, domain, os, tag []string
}

func compileRule(g rbac.DeviceGroup) rule {
	return rule{g.Name, lower(g.Match.Name), lower(g.Match.Domain), lower(g.Match.OS), lower(g.Match.Tag)}
}

func lower(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strings.ToLower(s)
	}
	return out
}

// matches tells whether all keys of the rule hold; of a key's values one is enough. A rule without any value matches
// no device. A name may be meant with or without its domain.
func (r rule) matches(d store.Device) bool {
	if len(r.name)+len(r.domain)+len(r.os)+len(r.tag) == 0 {
		return false
	}
	return holds(r.name, d.Name, d.Name+"."+d.Domain) && holds(r.domain, d.Domain) && holds(r.os, d.OS) && holds(r.tag, d.Tags...)
}

func holds(patterns []string, values ...string) bool {
	for _, p := range patterns {
		for _, v := range values {
			if like(p, strings.ToLower(v)) {
				return true
			}
		}
	}
	return len(patterns) == 0
}

// like tells whether a text matches a pattern in which * stands for any characters. It goes back to the last * only,
// so that no pattern takes longer than the product of the lengths.
func like(pattern, text string) bool {
	p, t, star, mark := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && pattern[p] == text[t]:
			p++
			t++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
