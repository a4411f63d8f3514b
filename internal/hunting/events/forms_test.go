package events

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

const at0 = `"Timestamp":"2026-02-03T08:00:00.1234567Z"`

// Each trap of hunting-schema-notes.md 6.1 that a row can bring.
func TestValuesAreReadInEveryWayThatExportsWriteThem(t *testing.T) {
	for _, c := range []struct{ what, table, row, column, want string }{
		{"seven digits of a second", "DeviceEvents", `{` + at0 + `}`, "Timestamp", "639057024001234567"},
		{"names that differ in case only", "DeviceProcessEvents", `{` + at0 + `,"LogonId":1,"LogonID":2}`, "LogonID", "2"},
		{"a name in another case", "CloudAppEvents", `{` + at0 + `,"ISP":"Example Net"}`, "Isp", "Example Net"},
		{"a name as log workspaces write it", "DeviceEvents", `{"TimeGenerated":"2026-02-03T08:00:00Z","FileName_s":"a.exe","TenantId":"t"}`, "FileName", "a.exe"},
		{"truth as 0", "CloudAppEvents", `{` + at0 + `,"IsAdminOperation":0}`, "IsAdminOperation", "false"},
		{"truth as text", "CloudAppEvents", `{` + at0 + `,"IsAdminOperation":"True"}`, "IsAdminOperation", "true"},
		{"truth that is not said", "CloudAppEvents", `{` + at0 + `,"IsAdminOperation":""}`, "IsAdminOperation", "null"},
		{"a port that is none", "DeviceNetworkEvents", `{` + at0 + `,"RemotePort":""}`, "RemotePort", "null"},
		{"a port as text", "DeviceNetworkEvents", `{` + at0 + `,"RemotePort":"443"}`, "RemotePort", "443"},
		{"an id too large for a float", "DeviceEvents", `{` + at0 + `,"ReportId":"9007199254740993"}`, "ReportId", "9007199254740993"},
		{"an object as dynamic", "CloudAppEvents", `{` + at0 + `,"AdditionalFields":{"a":[1,2]}}`, "AdditionalFields", `{"a":[1,2]}`},
		{"text of an object as dynamic", "CloudAppEvents", `{` + at0 + `,"AdditionalFields":"{\"a\":1}"}`, "AdditionalFields", `{"a":1}`},
		{"text as dynamic", "CloudAppEvents", `{` + at0 + `,"AdditionalFields":"{'a': True}"}`, "AdditionalFields", `"{'a': True}"`},
		{"an object as text", "DeviceEvents", `{` + at0 + `,"AdditionalFields":{"a":1}}`, "AdditionalFields", `{"a":1}`},
		{"no text", "DeviceEvents", `{` + at0 + `,"FileName":null}`, "FileName", ""},
		{"a device's id", "DeviceEvents", `{` + at0 + `,"DeviceId":"ABCdef01"}`, "DeviceId", "abcdef01"},
		{"text", "DeviceProcessEvents", `{` + at0 + `,"ProcessCommandLine":"PowerShell ÄÖ"}`, "ProcessCommandLine", "PowerShell ÄÖ"},
		{"what no column takes", "DeviceEvents", `{` + at0 + `,"MachineGroup":"Sales","Zeta":[1],"FileSize":"big"}`, "x", `{"FileSize":"big","MachineGroup":"Sales","Zeta":[1]}`},
		{"NUL", "DeviceEvents", `{` + at0 + `,"FileName":"a\u0000b"}`, "FileName", "a\uFFFDb"},
		{"half of a pair", "DeviceEvents", `{` + at0 + `,"FileName":"a\ud800b"}`, "FileName", "a\uFFFDb"},
		{"a time that is not said", "DeviceEvents", `{"FileName":"a"}`, "Timestamp", "639057060000000000"}, // when it was sent
	} {
		s := store(t, t.TempDir())
		load(t, s, "x.jsonl", streamed(c.table, c.row), Options{})
		if got := values(t, s, c.table, c.column); len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %s is %q, want %q", c.what, c.column, got, c.want)
		}
	}
}

func TestTheSameRowsComeInWhateverFormTheyHave(t *testing.T) {
	const graph = `{"@odata.context":"x","schema":[{"name":"Timestamp","type":"DateTime"}],
 "results":[
  {"Timestamp":"2026-02-03T08:00:00Z","DeviceId":"d1","ReportId@odata.type":"#Int64","ReportId":1,"IsAzureADJoined@odata.type":"#SByte","IsAzureADJoined":1,"OSBuild":{}},
  {"Timestamp":"2026-02-03T08:00:01Z","DeviceId":"d2","ReportId":2,"IsAzureADJoined":{}}]}`
	row1 := `{"Timestamp":"2026-02-03T08:00:00Z","DeviceId":"d1","ReportId":1,"IsAzureADJoined":true}`
	row2 := `{"Timestamp":"2026-02-03T08:00:01Z","DeviceId":"d2","ReportId":2,"IsAzureADJoined":null}`
	want := []string{"d1|1|true|null", "d2|2|null|null"}
	for _, c := range []struct{ name, text, table string }{
		{"lines.jsonl", streamed("DeviceInfo", row1, row2), ""},
		{"blob.json", `{"records":[` + strings.Join(strings.Split(strings.TrimSpace(streamed("DeviceInfo", row1, row2)), "\n"), ",") + `]}`, ""},
		{"pretty.json", "{\n \"records\": [\n" + strings.Join(strings.Split(strings.TrimSpace(streamed("DeviceInfo", row1, row2)), "\n"), ",\n") + "\n]}\n", ""},
		{"line.json", strings.ReplaceAll(graph, "\n", ""), "DeviceInfo"},
		{"list.json", `[` + strings.Join(strings.Split(strings.TrimSpace(streamed("DeviceInfo", row1, row2)), "\n"), ",\n") + `]`, ""},
		{"result.json", graph, "DeviceInfo"},
		{"DeviceInfo.json", strings.NewReplacer(`"schema"`, `"Schema"`, `"results"`, `"Results"`).Replace(graph), ""},
		{"DeviceInfo-2026.csv", "\uFEFFTimestamp,DeviceId,ReportId,IsAzureADJoined\n2026-02-03T08:00:00Z,d1,1,True\n2026-02-03 08:00:01,d2,2,\n", ""},
		{"rows.parquet", "PAR1" + row1 + "\n" + row2, "DeviceInfo"}, // as the engine gives them
		{"siem.jsonl", `{"TimeGenerated":"2026-02-03T08:00:00Z","Type":"DeviceInfo","DeviceId":"d1","ReportId_d":1,"IsAzureADJoined_b":true}` + "\n" +
			`{"TimeGenerated":"2026-02-03T08:00:01Z","Type":"DeviceInfo","DeviceId":"d2","ReportId_d":2}`, ""},
	} {
		s := store(t, t.TempDir())
		load(t, s, c.name, c.text, Options{Table: c.table})
		if diff := cmp.Diff(want, values(t, s, "DeviceInfo", "DeviceId", "ReportId", "IsAzureADJoined", "OSBuild")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestABadRowIsToldByLineAndTheOthersComeIn(t *testing.T) {
	good := func(n string) string {
		return strings.TrimSpace(streamed("DeviceEvents", `{`+at0+`,"ReportId":`+n+`,"DeviceId":"d"}`))
	}
	text := strings.Join([]string{
		good("1"), `{"category":"AdvancedHunting-DeviceEvents","properties":{"DeviceId":"d"}}`, `not json`, `{"a":1,"a":2}`, `{"category":"AdvancedHunting-Invented","properties":{}}`,
		`{"category":"AdvancedHunting-DeviceEvents"}`, `{"other":true}`, good("2"), `{"category":"AdvancedHunting-DeviceEvents","prop`,
	}, "\n")
	s := store(t, t.TempDir())
	r := load(t, s, "x.jsonl", text, Options{})
	var lines []int
	for _, p := range r.Problems {
		lines = append(lines, p.Line)
	}
	if diff := cmp.Diff([]int{2, 3, 4, 5, 6, 7, 9}, lines); diff != "" || r.New != 2 || r.Rejected != 7 {
		t.Errorf("%d new, %d rejected, problems of other lines (-want +got):\n%s%v", r.New, r.Rejected, diff, r.Problems)
	}
	l, err := s.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer l.Discard()
	err = l.Read(t.Context(), "x.jsonl", strings.NewReader(streamed("DeviceEvents", `{`+at0+`,"ReportId":3}`, `{"Timestamp":"soon","ReportId":4}`)), Options{Strict: true})
	if err == nil || !strings.Contains(err.Error(), "x.jsonl: line 2: DeviceEvents: Timestamp is missing") {
		t.Errorf("strictly: %v", err)
	}
	l.Discard()
	if got := values(t, s, "DeviceEvents", "ReportId"); len(got) != 2 {
		t.Errorf("after a file that was taken back: %v", got)
	}
}

func TestEveryTableTakesARow(t *testing.T) {
	s := store(t, t.TempDir())
	var text strings.Builder
	for _, table := range schema.Tables() {
		row := `{"Nothing":1}`
		if table.Timestamp != "" {
			row = `{"` + table.Timestamp + `":"2026-02-03T08:00:00Z"}`
		}
		text.WriteString(streamed(table.Name, row))
	}
	if r := load(t, s, "all.jsonl", text.String(), Options{}); r.New != 63 || r.Known != 2 || r.Rejected != 0 { // two are other names of tables that have such a row
		t.Errorf("%+v", r)
	}
}
