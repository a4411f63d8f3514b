// Package devices says which device group a device is in: the first, in rank order, whose rule it matches (S7).
package devices

import (
	"strings"

	"github.com/bailiwick/bailiwick/rbac"
)

// Device is what the rules look at.
type Device struct {
	Name   string // host name or full name; a rule may name either
	Domain string
	OS     string
	Tags   []string
}

// Matcher is the rules of all device groups, ready to be asked.
type Matcher struct {
	rules []rule
}

type rule struct {
	group                 string
	name, domain, tag, os []string // in lower case
}

// Compile readies the rules of device groups that stand in rank order.
func Compile(groups []rbac.DeviceGroup) *Matcher {
	m := &Matcher{}
	for _, g := range groups {
		m.rules = append(m.rules, rule{g.Name, lower(g.Match.Name), lower(g.Match.Domain), lower(g.Match.Tag), lower(g.Match.OS)})
	}
	return m
}

func lower(values []string) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = strings.ToLower(v)
	}
	return list
}

// Group gives the name of the device's group: that of the first rule it matches, else rbac.UngroupedDevices.
func (m *Matcher) Group(d Device) string {
	name, domain, os, tags := strings.ToLower(d.Name), strings.ToLower(d.Domain), strings.ToLower(d.OS), lower(d.Tags)
	short, rest, _ := strings.Cut(name, ".")
	if domain == "" {
		domain = rest
	}
	for i := range m.rules {
		r := &m.rules[i]
		// A rule without any value matches no device; a key without values does not narrow.
		if len(r.name)+len(r.domain)+len(r.tag)+len(r.os) == 0 {
			continue
		}
		if anyOf(r.name, name, short) && anyOf(r.domain, domain) && anyOf(r.tag, tags...) && anyOf(r.os, os) {
			return r.group
		}
	}
	return rbac.UngroupedDevices
}

// anyOf tells whether one of the patterns matches one of the values; no patterns match anything.
func anyOf(patterns []string, values ...string) bool {
	if len(patterns) == 0 {
		return true
	}
	for _, p := range patterns {
		for _, v := range values {
			if like(p, v) {
				return true
			}
		}
	}
	return false
}

// like matches a pattern in which `*` stands for any characters. Each part is found as early as it can be, so the time
// is linear in the value for every pattern: there is nothing to try again.
func like(pattern, value string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == value
	}
	first, last := parts[0], parts[len(parts)-1]
	if len(value) < len(first)+len(last) || !strings.HasPrefix(value, first) || !strings.HasSuffix(value, last) {
		return false
	}
	value = value[len(first) : len(value)-len(last)]
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(value, p)
		if i < 0 {
			return false
		}
		value = value[i+len(p):]
	}
	return true
}
