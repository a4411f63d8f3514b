package detection

import (
	"errors"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

// What makes a query no detection is said where it is wrong, with what would be right, all at once.
func TestADetectionThatCannotBeIsRefusedInWords(t *testing.T) {
	w := newWorld(t)
	keep := func(columns string) string { return "DeviceProcessEvents | project " + columns }
	for name, c := range map[string]struct {
		change []func(*Setting)
		where  string
		says   string
	}{
		"no time":                   {[]func(*Setting){query(keep("DeviceId, ReportId, AccountUpn"))}, "query", "no column Timestamp"},
		"a time that is none":       {[]func(*Setting){query(keep("Timestamp = 'x', DeviceId, ReportId, AccountUpn"))}, "query", "not a datetime"},
		"no report":                 {[]func(*Setting){query(keep("Timestamp, DeviceId, AccountUpn"))}, "query", "no column ReportId"},
		"nothing to be about":       {[]func(*Setting){query(keep("Timestamp, ReportId, FileName"))}, "query", "no column that names a device"},
		"a query that is none":      {[]func(*Setting){query("DeviceProcessEvents | wher x")}, "query", "line 1, column"},
		"an empty query":            {[]func(*Setting){query(" ")}, "query", "is empty"},
		"a query over nothing":      {[]func(*Setting){query("print Timestamp = now(), ReportId = 1, DeviceId = 'x'")}, "query", "reads no table"},
		"a table of another":        {[]func(*Setting){query("EmailEvents | project Timestamp, ReportId, RecipientEmailAddress")}, "query", "EmailEvents"},
		"a column that is not":      {[]func(*Setting){func(s *Setting) { s.Alert.Title = "on {{DeviceNam}}" }}, "alert.title", `no column "DeviceNam"`},
		"an asset of another kind":  {[]func(*Setting){about("device", "AccountUpn")}, "alert.impactedAssets[0]", "names no device"},
		"an asset that is not":      {[]func(*Setting){about("user", "AccountSid")}, "alert.impactedAssets[0]", `no column "AccountSid"`},
		"no asset":                  {[]func(*Setting){func(s *Setting) { s.Alert.Assets = nil }}, "alert.impactedAssets", "none"},
		"two of a kind":             {[]func(*Setting){func(s *Setting) { s.Alert.Assets = append(s.Alert.Assets, s.Alert.Assets[0]) }}, "alert.impactedAssets[1]", "a second device"},
		"a period":                  {[]func(*Setting){every("2H")}, "period", `no period "2H"`},
		"a severity":                {[]func(*Setting){func(s *Setting) { s.Alert.Severity = "huge" }}, "alert.severity", "huge"},
		"a category":                {[]func(*Setting){func(s *Setting) { s.Alert.Category = "Executon" }}, "alert.category", "Executon"},
		"a technique":               {[]func(*Setting){func(s *Setting) { s.Alert.Techniques = []string{"1105"} }}, "alert.mitreTechniques[0]", "1105"},
		"no scope":                  {[]func(*Setting){scope()}, "scope", "none"},
		"a device group that isn't": {[]func(*Setting){scope("Slaes")}, "scope[0]", `no device group "Slaes"`},
		"one of others":             {[]func(*Setting){scope("HR")}, "scope[0]", `no device group "HR" for you`},
		"a name of two lines":       {[]func(*Setting){named("a\nb")}, "name", "a\\nb"},
		"an action that is none":    {[]func(*Setting){func(s *Setting) { s.Actions = []store.DetectionAction{{Name: "allowFile"}} }}, "actions[0]", "allowFile"},
		"an action on nothing":      {[]func(*Setting){func(s *Setting) { s.Actions = []store.DetectionAction{{Name: "isolateDevice"}} }}, "actions[0]", "0 are named"},
		"an action of another": {[]func(*Setting){func(s *Setting) {
			s.Actions = []store.DetectionAction{{Name: "isolateDevice", Columns: []string{"DeviceId", "SHA1"}}}
		}}, "actions[0]", "nothing with"},
		"continuous over two":       {[]func(*Setting){every("0"), query("DeviceProcessEvents | union DeviceFileEvents | project Timestamp, DeviceId, ReportId, AccountUpn = ''")}, "period", "reads one table"},
		"continuous with summarize": {[]func(*Setting){every("0"), query("DeviceProcessEvents | summarize arg_max(Timestamp, ReportId, AccountUpn) by DeviceId")}, "period", "summarize"},
		"continuous with itself": {[]func(*Setting){every("0"), query("DeviceProcessEvents | where DeviceId in ((DeviceProcessEvents | project DeviceId)) | project Timestamp, DeviceId, ReportId, AccountUpn")},
			"period", "reads its table once"},
		"continuous over inventory": {[]func(*Setting){every("0"), query("DeviceTvmSecureConfigurationAssessment | project Timestamp, DeviceId, ReportId = 1, AccountUpn = ''")}, "period", "can't be followed"},
	} {
		_, err := w.service.Create(ctx, as(sol), "", setting(c.change...))
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.KindInvalid {
			t.Errorf("%s: %v", name, err)
			continue
		}
		said := false
		for _, d := range f.Details {
			said = said || d.Where == c.where && strings.Contains(d.Problem, c.says)
		}
		if !said {
			t.Errorf("%s: %+v, want %q at %s", name, f.Details, c.says, c.where)
		}
	}
	for name, change := range map[string][]func(*Setting){
		"as it is": nil, "continuously": {every("0")}, "over a table of inventory": {query("DeviceInfo | project Timestamp, DeviceId, ReportId, AccountUpn = LoggedOnUsers")},
		"with summarize": {query("DeviceProcessEvents | summarize arg_max(Timestamp, ReportId, AccountUpn) by DeviceId")},
		"with an action": {isolates}, "over devices that it does not name": {query(keep("Timestamp, ReportId, AccountUpn")), about("user", "AccountUpn"), func(s *Setting) { s.Alert.Title = "x" }},
	} {
		if _, err := w.service.Create(ctx, as(sol), "", setting(change...)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
