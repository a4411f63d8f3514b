package devices

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bailiwick/bailiwick/rbac"
)

func TestWhyADeviceIsWhereItIs(t *testing.T) {
	groups := []rbac.DeviceGroup{
		{Name: "Executive", Match: rbac.Match{Tag: []string{"vip", "board*"}}},
		{Name: "EU servers", Match: rbac.Match{Name: []string{"*-dc-*", "lis-*"}, Domain: []string{"eu.contoso.example"}, OS: []string{"Linux", "WindowsServer*"}}},
		{Name: rbac.UngroupedDevices},
	}
	for name, c := range map[string]struct {
		device Device
		want   Reason
	}{
		"by a tag": {Device{Name: "lis-1.eu.contoso.example", OS: "Linux", Tags: []string{"old", "Board-3"}},
			Reason{"Executive", 1, 3, []Term{{"tag", "board*", "Board-3"}}}},
		"by everything that its rule asks for": {Device{Name: "LIS-1.eu.contoso.example", OS: "WindowsServer2022"},
			Reason{"EU servers", 2, 3, []Term{{"name", "lis-*", "LIS-1.eu.contoso.example"}, {"domain", "eu.contoso.example", "eu.contoso.example"}, {"os", "WindowsServer*", "WindowsServer2022"}}}},
		"by no rule": {Device{Name: "kiosk"}, Reason{rbac.UngroupedDevices, 3, 3, nil}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, Why(groups, c.device)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
