package permissions_test

import (
	"testing"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/rbac"
)

// TestRemediationLevelsAreThoseThatAFileTakes: what can be set otherwise could be exported and never be applied again.
func TestRemediationLevelsAreThoseThatAFileTakes(t *testing.T) {
	c := newCentre(t)
	set := func(level string) error {
		return c.do("ed", permissions.SetDeviceGroups(deviceGroups(c.snapshot(), func(l []rbac.DeviceGroup) []rbac.DeviceGroup {
			l[0].Remediation = level
			return l
		}), 0))
	}
	if err := set("fully"); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("an unknown level: %v", err)
	}
	for _, level := range []string{"none", "semi-all", "semi-non-temp", "semi-core", "full", ""} {
		if err := set(level); err != nil || c.snapshot().DeviceGroups()[0].Remediation != level {
			t.Errorf("level %q: %v", level, err)
		}
	}
}
