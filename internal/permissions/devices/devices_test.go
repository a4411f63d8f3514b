package devices

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/bailiwick/bailiwick/rbac"
)

func TestTheFirstMatchingGroupInRankOrder(t *testing.T) {
	m := Compile([]rbac.DeviceGroup{
		{Name: "EU servers", Match: rbac.Match{Domain: []string{"eu.contoso.example"}, OS: []string{"WindowsServer2022", "WindowsServer2019"}}},
		{Name: "EU", Match: rbac.Match{Domain: []string{"*eu.contoso.example"}}},
		{Name: "Sales devices", Match: rbac.Match{Tag: []string{"sales"}}},
		{Name: "Laptops", Match: rbac.Match{Name: []string{"*-lap-*"}}},
		{Name: "Nothing"},
		{Name: rbac.UngroupedDevices},
	})
	for name, c := range map[string]struct {
		device Device
		want   string
	}{
		"all keys hold":                           {Device{Name: "srv1", Domain: "EU.contoso.example", OS: "windowsserver2019"}, "EU servers"},
		"one key does not hold: the next group":   {Device{Name: "srv1", Domain: "eu.contoso.example", OS: "Ubuntu"}, "EU"},
		"a star stands for any characters":        {Device{Name: "a", Domain: "north.eu.contoso.example"}, "EU"},
		"a tag among several":                     {Device{Name: "x", Tags: []string{"vip", "Sales"}}, "Sales devices"},
		"a higher rank wins":                      {Device{Name: "sales-lap-014", Tags: []string{"sales"}}, "Sales devices"},
		"the short name of a full name":           {Device{Name: "hr-lap-2.corp.example.com"}, "Laptops"},
		"the domain of a full name":               {Device{Name: "srv9.eu.contoso.example", OS: "WindowsServer2022"}, "EU servers"},
		"no rule matches: ungrouped":              {Device{Name: "printer"}, rbac.UngroupedDevices},
		"nothing known: ungrouped":                {Device{}, rbac.UngroupedDevices},
		"a rule without values matches no device": {Device{Name: "Nothing"}, rbac.UngroupedDevices},
	} {
		t.Run(name, func(t *testing.T) {
			if got := m.Group(c.device); got != c.want {
				t.Errorf("%+v is in %q, want %q", c.device, got, c.want)
			}
		})
	}
}

// TestLikeIsWhatARegexpWouldSay compares with the standard library's, which is linear too but harder to bound.
func TestLikeIsWhatARegexpWouldSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringMatching(`[ab*]{0,8}`).Draw(t, "pattern")
		value := rapid.StringMatching(`[ab]{0,8}`).Draw(t, "value")
		want := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*") + "$").MatchString(value)
		if got := like(pattern, value); got != want {
			t.Fatalf("like(%q, %q) is %v, want %v", pattern, value, got, want)
		}
	})
}

func TestManyStarsAreNoTrouble(t *testing.T) {
	if like(strings.Repeat("*a", 5000), strings.Repeat("a", 4999)) {
		t.Error("fewer letters than the pattern has")
	}
	if !like(strings.Repeat("*a", 5000), strings.Repeat("a", 5000)) {
		t.Error("just enough letters")
	}
}

func like(p, value string) bool { return patterns([]string{p})[0].matches(value) }

// What is remembered of one device answers for the next as asking anew does.
func TestTheGroupIsTheSameWhoeverWasAskedAboutBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.StringMatching(`[ab*]{0,3}`), 0, 2)
		plain := rapid.StringMatching(`[ab]{0,3}`)
		var groups []rbac.DeviceGroup
		for i := range rapid.IntRange(1, 6).Draw(t, "groups") {
			groups = append(groups, rbac.DeviceGroup{Name: string(rune('A' + i)), Match: rbac.Match{
				Name: values.Draw(t, "name"), Domain: values.Draw(t, "domain"), Tag: values.Draw(t, "tag"), OS: values.Draw(t, "os"),
			}})
		}
		all := Compile(groups)
		for range 8 {
			d := Device{Name: plain.Draw(t, "device"), Domain: plain.Draw(t, "of"), OS: plain.Draw(t, "system"), Tags: rapid.SliceOfN(plain, 0, 2).Draw(t, "tags")}
			want := rbac.UngroupedDevices
			for _, g := range groups { // one rule alone, in rank order
				if Compile([]rbac.DeviceGroup{g}).Group(d) == g.Name {
					want = g.Name
					break
				}
			}
			if got := all.Group(d); got != want {
				t.Fatalf("%+v is in %q, want %q of %+v", d, got, want, groups)
			}
		}
	})
}

func TestWhatIsRememberedOfOneDeviceIsNotTakenForAnother(t *testing.T) {
	m := Compile([]rbac.DeviceGroup{{Name: "Two", Match: rbac.Match{Tag: []string{"b"}}}, {Name: "One", Match: rbac.Match{Tag: []string{"a*"}}}})
	for _, joint := range []string{"\x00", "1:", ":", "a1:b"} {
		one, two := Device{Tags: []string{"a" + joint + "b"}}, Device{Tags: []string{"a", "b"}}
		if m.Group(one) != "One" || m.Group(two) != "Two" || m.Group(one) != "One" {
			t.Errorf("%q: %s and %s", joint, m.Group(one), m.Group(two))
		}
	}
}
