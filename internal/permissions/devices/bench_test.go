package devices

import (
	"fmt"
	"testing"

	"github.com/bailiwick/bailiwick/rbac"
)

// BenchmarkGroup asks for the group of 100,000 devices among 500 rules, the last of which they match; beside it, a look at each
// rule that only compares a string.
func BenchmarkGroup(b *testing.B) {
	var groups []rbac.DeviceGroup
	for i := range 500 {
		groups = append(groups, rbac.DeviceGroup{Name: fmt.Sprint(i), Match: rbac.Match{Domain: []string{fmt.Sprintf("*.d%03d.example", i)}, Tag: []string{"server", "desk*"}}})
	}
	m := Compile(groups)
	list := make([]Device, 100_000)
	for i := range list {
		list[i] = Device{Name: fmt.Sprintf("pc-%06d", i), Domain: fmt.Sprintf("eu.d%03d.example", 499-i%50), Tags: []string{"desktop"}}
	}
	b.Run("rules", func(b *testing.B) {
		for b.Loop() {
			for _, d := range list {
				if m.Group(d) == rbac.UngroupedDevices {
					b.Fatal(d)
				}
			}
		}
	})
	b.Run("compare", func(b *testing.B) {
		n := 0
		for b.Loop() {
			for _, d := range list {
				for i := range groups {
					if groups[i].Name == d.Domain {
						n++
					}
				}
			}
		}
		if n > 0 {
			b.Fatal(n)
		}
	})
}
