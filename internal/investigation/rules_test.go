package investigation

import (
	"testing"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

func TestADeviceIsInTheFirstGroupWhoseRuleItMatches(t *testing.T) {
	group := ByRules([]rbac.DeviceGroup{
		{Name: "nothing"},
		{Name: "controllers", Match: rbac.Match{Name: []string{"*-dc-*"}}},
		{Name: "sales", Match: rbac.Match{Name: []string{"sales-*", "shop.corp.example"}}},
		{Name: rbac.UngroupedDevices, Match: rbac.Match{Name: []string{"*"}}},
		{Name: "eu servers", Match: rbac.Match{Domain: []string{"eu.example"}, OS: []string{"WindowsServer*", "Linux"}}},
		{Name: "vip", Match: rbac.Match{Tag: []string{"VIP", "board*"}}},
		{Name: "rest of eu", Match: rbac.Match{Domain: []string{"*eu.example"}}},
	})
	for want, devices := range map[string][]store.Device{
		"controllers":         {{Known: true, Name: "lis-dc-1"}, {Known: true, Name: "SALES-DC-1"}},
		"sales":               {{Known: true, Name: "Sales-1"}, {Known: true, Name: "shop", Domain: "corp.example"}},
		"eu servers":          {{Known: true, Name: "a", Domain: "EU.example", OS: "WindowsServer2019"}},
		"vip":                 {{Known: true, Name: "a", Tags: []string{"x", "vip"}}, {Known: true, Tags: []string{"boardroom"}}},
		"rest of eu":          {{Known: true, Name: "a", Domain: "eu.example", OS: "Windows10"}, {Known: true, Domain: "x.eu.example"}},
		rbac.UngroupedDevices: {{Known: true, Name: "presales-1"}, {Name: "sales-1"}, {Known: true, Domain: "eu.example.org"}},
	} {
		for _, d := range devices {
			if got := group(d); got != want {
				t.Errorf("%+v is in %q, want %q", d, got, want)
			}
		}
	}
}
