package detection

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

// written is a detection as Graph has it, with all that there can be of one.
func written(t *testing.T) (Item, []byte) {
	t.Helper()
	d := store.Detection{ID: "det_1", DetectorID: "custom_1", Name: "N", On: true, Query: "DeviceInfo", Period: hour, Groups: []string{"HR", "Sales"}, Created: noon, Updated: noon, QueryUpdated: noon}
	d.Alert = store.DetectionAlert{Title: "T", Description: "D", Severity: "high", Category: "Execution", Recommended: "R", Techniques: []string{"T1105"},
		Assets: []store.DetectionAsset{{Kind: "device", Column: "DeviceId"}, {Kind: "user", Column: "AccountUpn"}}}
	d.Actions = []store.DetectionAction{{Name: "isolateDevice", Columns: []string{"DeviceId"}, Isolation: "selective"}, {Name: "stopAndQuarantineFile", Columns: []string{"DeviceId", "SHA1"}}}
	item := Item{Detection: d}
	text, err := json.Marshal(RuleOf(item))
	must(t, err)
	return item, text
}

func TestARuleComesBackAsItWasWritten(t *testing.T) {
	item, text := written(t)
	got, err := ReadRule(text)
	if want := SettingOf(item.Detection); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v\nwant %+v", got, err, want)
	}
	patched, err := ReadRulePatch(item, []byte(`{"isEnabled":false,"detectionAction":{"organizationalScope":null,"alertTemplate":{"title":"Other"}}}`))
	want := SettingOf(item.Detection)
	want.On, want.AllDevices, want.Groups, want.Alert.Title = false, true, nil, "Other"
	if err != nil || !reflect.DeepEqual(patched, want) {
		t.Errorf("patched: %+v, %v\nwant %+v", patched, err, want)
	}
}

// What is not understood is refused, by name: never passed over, for who turns something off must know whether it is.
func TestARuleThatIsNotUnderstoodIsRefused(t *testing.T) {
	item, _ := written(t)
	for body, says := range map[string]string{
		`{"IsEnabled":false}`:                                                   "IsEnabled is no property",
		`{"isEnabled":false,"isenabled":true}`:                                  "isenabled is no property",
		`{"isEnabled":false,"isEnabled":true}`:                                  "isEnabled is there twice",
		`{"detectionAction":{"alerttemplate":{"title":"x"}}}`:                   "detectionAction/alerttemplate is no property",
		`{"detectionAction":{"alertTemplate":{"impactedAssets":[{"of":"x"}]}}}`: "detectionAction/alertTemplate/impactedAssets/0/of is no property",
		`{"owner":"ada@x.example"}`:                                             "owner is no property",
		`{"isEnabled":"yes"}`:                                                   "isEnabled is of another type",
		`{"schedule":[]}`:                                                       "schedule is of another type",
		`{"schedule":{"period":3}}`:                                             "schedule/period is of another type",
		`{"isEnabled":false} {"isEnabled":true}`:                                "can't be read as JSON, at byte 20",
		`[]`:                                                                    "another type",
		`{"displayName":"` + strings.Repeat("[", 100) + `","x":` + strings.Repeat("[", 20000) + `}`: "",
		``: "can't be read as JSON",
	} {
		for how, read := range map[string]func() error{
			"read":  func() error { _, err := ReadRule([]byte(body)); return err },
			"patch": func() error { _, err := ReadRulePatch(item, []byte(body)); return err },
		} {
			err := read()
			var f *fault.Error
			if !errors.As(err, &f) || f.Kind != fault.KindInvalid || !strings.Contains(f.Error(), says) {
				t.Errorf("%s %.80s: %v, want %q", how, body, err, says)
			}
		}
	}
}
