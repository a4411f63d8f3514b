package samples

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/bailiwick/bailiwick/rbac"
)

func TestEverySampleSaysWhatItIsAndIsAQuery(t *testing.T) {
	all := All()
	if len(all) < 20 {
		t.Errorf("%d samples", len(all))
	}
	seen, covered := map[string]bool{}, rbac.WorkloadSet(0)
	for _, s := range all {
		if seen[s.ID] || seen[s.Name] || !strings.HasSuffix(s.Description, ".") || len(s.Tables) == 0 || strings.Contains(s.Query, "// name") {
			t.Errorf("%+v", s)
		}
		seen[s.ID], seen[s.Name] = true, true
		covered |= rbac.SetOf(s.Workloads...)
	}
	if covered != rbac.SetOf(rbac.Endpoint, rbac.Office365, rbac.CloudApps, rbac.Identity) {
		t.Errorf("the samples are of %v only", covered.List())
	}
}

func TestAFileThatIsNoSampleIsTold(t *testing.T) {
	for text, want := range map[string]string{
		"DeviceInfo": "// name:", "// name: a\n// category: b\nDeviceInfo": "// about:", "// name: a\n// category: b\n// about: c\nDeviceInfo\n| where Nothing == 1": "line 2 of the query",
	} {
		if _, err := read(fstest.MapFS{"queries/x.kql": {Data: []byte(text)}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
