// Package devices says which device group a device is in: the first, in rank order, whose rule it matches (S7).
package devices

import (
	"strconv"
	"strings"
	"sync"

	"github.com/bailiwick/bailiwick/rbac"
)

// Device is what the rules look at.
type Device struct {
	Name   string // host name or full name; a rule may name either
	Domain string
	OS     string
	Tags   []string
}

// Matcher is the rules of all device groups, ready to be asked, by several at once.
type Matcher struct {
	rules []rule

	// Of a hundred thousand devices most share domain, system and tags with many others: which rules are left for these is
	// found once. The name is looked at each time.
	mu   sync.Mutex
	left map[string][]int
}

// mostKept bounds what is remembered: devices may say what they like.
const mostKept = 20_000

type rule struct {
	group                 string
	name, domain, tag, os []pattern
}

// pattern is what must stand in a value, in lower case and in order; `*` between the parts stands for any characters.
type pattern []string

// Compile readies the rules of device groups that stand in rank order.
func Compile(groups []rbac.DeviceGroup) *Matcher {
	m := &Matcher{}
	for _, g := range groups {
		m.rules = append(m.rules, rule{g.Name, patterns(g.Match.Name), patterns(g.Match.Domain), patterns(g.Match.Tag), patterns(g.Match.OS)})
	}
	return m
}

func patterns(values []string) []pattern {
	list := make([]pattern, len(values))
	for i, v := range lower(values) {
		list[i] = strings.Split(v, "*")
	}
	return list
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
	for _, i := range m.rest(domain, os, tags) {
		if anyOf(m.rules[i].name, name, short) {
			return m.rules[i].group
		}
	}
	return rbac.UngroupedDevices
}

// rest are the rules that a device of this domain, system and tags may match, by its name; the last may do without one.
func (m *Matcher) rest(domain, os string, tags []string) []int {
	var room [256]byte
	key := appendKey(room[:0], domain, os, tags)
	m.mu.Lock()
	defer m.mu.Unlock()
	if list, ok := m.left[string(key)]; ok {
		return list
	}
	var list []int
	for i := range m.rules {
		r := &m.rules[i]
		// A rule without any value matches no device; a key without values does not narrow.
		if len(r.name)+len(r.domain)+len(r.tag)+len(r.os) == 0 || !anyOf(r.domain, domain) || !anyOf(r.tag, tags...) || !anyOf(r.os, os) {
			continue
		}
		list = append(list, i)
		if len(r.name) == 0 {
			break
		}
	}
	if m.left == nil || len(m.left) >= mostKept {
		m.left = map[string][]int{}
	}
	m.left[string(key)] = list
	return list
}

// appendKey makes a key that is different for different values, whatever characters are in them.
func appendKey(key []byte, domain, os string, tags []string) []byte {
	add := func(part string) {
		key = append(strconv.AppendInt(key, int64(len(part)), 10), ':')
		key = append(key, part...)
	}
	add(domain)
	add(os)
	for _, tag := range tags {
		add(tag)
	}
	return key
}

// anyOf tells whether one of the patterns matches one of the values; no patterns match anything.
func anyOf(patterns []pattern, values ...string) bool {
	if len(patterns) == 0 {
		return true
	}
	for _, p := range patterns {
		for _, v := range values {
			if p.matches(v) {
				return true
			}
		}
	}
	return false
}

// matches finds each part as early as it can be, so the time is linear in the value for every pattern: there is nothing to
// try again.
func (p pattern) matches(value string) bool {
	if len(p) == 1 {
		return p[0] == value
	}
	first, last := p[0], p[len(p)-1]
	if len(value) < len(first)+len(last) || !strings.HasPrefix(value, first) || !strings.HasSuffix(value, last) {
		return false
	}
	value = value[len(first) : len(value)-len(last)]
	for _, part := range p[1 : len(p)-1] {
		i := strings.Index(value, part)
		if i < 0 {
			return false
		}
		value = value[i+len(part):]
	}
	return true
}
