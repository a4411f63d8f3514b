package kql_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/hunting"
	"github.com/bailiwick/bailiwick/internal/hunting/kql"
)

// said gives what is wrong with a query as line:column: message.
func said(text string) []string {
	var list []string
	for _, e := range kql.Compile(text, hunting.Catalog()).Errors {
		list = append(list, fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message))
	}
	return list
}

func TestWhatIsWrongIsSaidInTheLanguagesWords(t *testing.T) {
	for text, want := range map[string]string{
		"DeviceEvent | take 1":                                  "1:1: Failed to resolve table or column expression named 'DeviceEvent'; did you mean 'DeviceEvents'?",
		"deviceevents":                                          "1:1: Failed to resolve table or column expression named 'deviceevents'; did you mean 'DeviceEvents'?",
		"DeviceInfo | where DeviceNam == 'x'":                   "1:20: 'where' operator: Failed to resolve column or scalar expression named 'DeviceNam'; did you mean 'DeviceName'?",
		"DeviceInfo | project x":                                "1:22: 'project' operator: Failed to resolve column or scalar expression named 'x'.",
		"DeviceInfo | extend x=strlne(DeviceName)":              "1:23: 'extend' operator: Unknown function 'strlne'; did you mean 'strlen'?",
		"DeviceInfo | extend x=strlen()":                        "1:23: 'extend' operator: The function 'strlen' takes one argument, and is called with 0.",
		"DeviceInfo | extend x=strlen(OSBuild)":                 "1:30: 'extend' operator: The function 'strlen' takes a string as 'string', and this is a value of type long.",
		"DeviceInfo | extend x=case(true, 1)":                   "1:23: 'extend' operator: The function 'case' takes 3 arguments or more, and is called with 2.",
		"DeviceInfo | extend x=case(true, 1, false, 2)":         "1:23: 'extend' operator: The function 'case' takes arguments in pairs, and one is missing.",
		"DeviceInfo | extend x=count()":                         "1:23: 'extend' operator: The aggregate function 'count' can stand only in summarize, make-series, top-nested and pivot, and in no other aggregate function.",
		"DeviceInfo | summarize DeviceName":                     "1:24: 'summarize' operator: The column 'DeviceName' can stand here only inside an aggregate function such as max(DeviceName), or behind 'by'.",
		"DeviceInfo | where OSBuild has 'x'":                    "1:28: 'where' operator: The operator 'has' is not defined for values of the types long and string.",
		"DeviceInfo | where Timestamp > '2024-01-01'":           "1:30: 'where' operator: The operator '>' is not defined for values of the types datetime and string; a moment is written datetime(2024-12-31), and todatetime() makes one of a text.",
		"DeviceInfo | where DeviceName":                         "1:20: 'where' operator: A condition of type bool is expected here, and this is of type string.",
		"DeviceInfo | where DeviceName matches regex '(a'":      "1:45: 'where' operator: The regular expression cannot be read: missing closing ): `(a`.",
		"DeviceInfo | take 'x'":                                 "1:19: 'take' operator: A whole number is expected here, and this is of type string.",
		"DeviceInfo | project a=1, a=2":                         "1:27: 'project' operator: A column with the name 'a' is already declared.",
		"let a=1; let a=2; print a":                             "1:14: A variable with the name 'a' is already declared.",
		"DeviceInfo | join DeviceEvents on OSBuild":             "1:35: 'join' operator: Rows can be joined by 'OSBuild' only if both sides have it: the right side has no such column.",
		"DeviceInfo | join kind=outer DeviceEvents on DeviceId": "1:24: 'join' operator: 'outer' is not known as 'kind': it is one of innerunique, inner, leftouter, rightouter, fullouter, leftanti, anti, leftantisemi, leftsemi, rightanti, rightantisemi, rightsemi.",
		"DeviceInfo | extend n=row_number()":                    "1:23: 'extend' operator: The function 'row_number' needs rows that stand in an order: put sort or serialize before.",
		"DeviceInfo | mv-expand DeviceName":                     "1:24: 'mv-expand' operator: A dynamic value is expected here, and this is of type string: parse_json() or split() make one of a text.",
		"DeviceInfo | extend x=DeviceName.a":                    "1:34: 'extend' operator: Failed to resolve 'a': a value of type string has no properties; parse_json() makes a dynamic value of a text.",
		"DeviceInfo | render timechrt":                          "1:21: 'render' operator: There is no chart 'timechrt'; did you mean 'timechart'?",
		"DeviceInfo | evaluate bag_unpak(x)":                    "1:23: 'evaluate' operator: Unknown plugin 'bag_unpak'; did you mean 'bag_unpack'?",
		"print strrep('a', 1000000)":                            "1:19: 'print' operator: The function 'strrep' takes at most 1024 here.",
		"let f=(T:(DeviceId:long)){T}; DeviceInfo | invoke f()": "1:51: 'invoke' operator: The column 'DeviceId' of the argument 'T' must be of type long, and is of type string.",
		"let f=(x:long){x}; print f(y=1)":                       "1:28: 'print' operator: The function 'f' has no parameter 'y'.",
		"let x=5;":                                              "1:9: The query has no result: it must end with an expression that gives rows.",
		"":                                                      "1:1: The query has no result: it must end with an expression that gives rows.",
		"let f=(x:string){ toscalar(DeviceInfo | where DeviceName == x | count) }; DeviceEvents | extend n=f(DeviceName)": "1:61: 'where' operator: 'x' is a value of the row for which the function is called: it means nothing in a table of its own.",
	} {
		if got := said(text); !slices.Contains(got, want) {
			t.Errorf("%q says\n\t%s\nwant among it\n\t%s", text, strings.Join(got, "\n\t"), want)
		}
	}
}

func TestWhatReachesBeyondTheDataOfHuntingIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"cluster('x').database('y').DeviceInfo":                                                            "The function 'cluster' is not offered in hunting: it would read outside the data of hunting.",
		"database('y').DeviceInfo":                                                                         "The function 'database' is not offered in hunting: it would read outside the data of hunting.",
		"union database('y').*, DeviceInfo":                                                                "The function 'database' is not offered in hunting: it would read outside the data of hunting.",
		"DeviceInfo | join (database('y').DeviceInfo) on DeviceId":                                         "The function 'database' is not offered in hunting: it would read outside the data of hunting.",
		"DeviceInfo | where DeviceId in (cluster('x').database('y').T)":                                    "The function 'cluster' is not offered in hunting: it would read outside the data of hunting.",
		"print database('y')":                                                                              "The function 'database' is not offered in hunting. It would read outside the data of hunting.",
		"external_table('x')":                                                                              "The function 'external_table' is not offered in hunting. It would read outside the data of hunting.",
		"workspace('x').DeviceInfo":                                                                        "The function 'workspace' is not offered in hunting: it would read outside the data of hunting.",
		"DeviceInfo | evaluate http_request('https://example.com')":                                        "The plugin 'http_request' is not offered in hunting. It would send a request to another system.",
		"DeviceInfo | evaluate sql_request('x', 'y')":                                                      "The plugin 'sql_request' is not offered in hunting. It would send a request to another system.",
		"DeviceInfo | evaluate python(typeof(*), 'x')":                                                     "The plugin 'python' is not offered in hunting. It would run a program.",
		"DeviceInfo | invoke database('x').f()":                                                            "The function 'database' is not offered in hunting: it would read outside the data of hunting.",
		"print current_principal()":                                                                        "The function 'current_principal' is not offered in hunting.",
		"print __internal()":                                                                               "The function '__internal' is not offered in hunting.",
		"set notruncation; DeviceInfo":                                                                     "The setting 'notruncation' is not offered in hunting",
		"restrict access to (DeviceInfo); DeviceInfo":                                                      "The statement 'restrict access' is not offered in hunting.",
		"alias database x = cluster('y').database('z'); DeviceInfo":                                        "The statement 'alias database' is not offered in hunting.",
		"declare query_parameters(a:string); DeviceInfo":                                                   "The statement 'declare query_parameters' is not offered in hunting.",
		"ExposureGraphEdges | make-graph SourceNodeId --> TargetNodeId":                                    "The query has no result: a graph is no table. Behind make-graph stands graph-match.",
		"ExposureGraphEdges | make-graph SourceNodeId --> TargetNodeId | take 5":                           "'take' operator: Behind make-graph stands graph-match, which makes rows of a graph again.",
		"ExposureGraphEdges | graph-match (a)-[e]->(b) project e.EdgeLabel":                                "'graph-match' operator: graph-match looks for paths in a graph: before it stands make-graph.",
		"ExposureGraphEdges | make-graph SourceNodeId --> TargetNodeId | graph-match (a) project a.NodeId": "'graph-match' operator: In hunting, a pattern has an edge: for nodes alone, ask their table.",
		"ExposureGraphEdges | make-graph SourceNodeId --> TargetNodeId | graph-match (a)-[e*0..3]->(b) project e.EdgeLabel":               "'graph-match' operator: How many edges follow each other is written as two whole numbers, from 1 up to 16: *1..3.",
		"ExposureGraphEdges | make-graph SourceNodeId --> TargetNodeId | graph-match (a)-[e*1..9]->(b)-[f*1..9]->(c) project e.EdgeLabel": "'graph-match' operator: There are too many forms that a path may have: 64 at most.",
		"ExposureGraphEdges | make-graph SourceNodeId --> TargetNodeId | graph-match (a)-[e*9..9]->(b)-[f*9..9]->(c) project e.EdgeLabel": "'graph-match' operator: A path may have 16 edges at most.",
		"ExposureGraphEdges | make-graph SourceNodeId --> TargetNodeId | graph-match (a)-[e]->(b), (c)-[f]->(d) project e.EdgeLabel":      "'graph-match' operator: Each pattern has a node in common with those before it.",
		"ExposureGraphEdges | make-graph SourceNodeId --> TargetNodeId | graph-match (a)-[e]->(b)-[e]->(c) project e.EdgeLabel":           "'graph-match' operator: The name 'e' is already that of another part of the pattern.",
		"ExposureGraphEdges | extend n = 1 | make-graph SourceNodeId --> n | graph-match (a)-[e]->(b) project e.EdgeLabel":                "'make-graph' operator: The columns 'SourceNodeId' and 'n' are of types string and long: nodes are known by values of one type. Convert one with extend.",
		"DeviceInfo | fork (take 1) (take 2)": "'fork' operator: The operator is not offered in hunting.",
		"table(strcat('Device', 'Info'))":     "table() takes the name of a table, written out as a string.",
		"#crp query_x = 1\nDeviceInfo":        "Unknown directive '#crp query_x = 1'",
		".show tables":                        "Query could not be parsed at '.'",
		"$_arrival | take 1":                  "Failed to resolve",
		"DeviceInfo | project ['$arrival']":   "Failed to resolve column or scalar expression named '$arrival'",
	} {
		got := said(text)
		if len(got) == 0 || !strings.Contains(strings.Join(got, "\n"), want) {
			t.Errorf("%q says\n\t%s\nwant among it\n\t%s", text, strings.Join(got, "\n\t"), want)
		}
	}
}

func TestWhatIsNotInTheCatalogIsNotThere(t *testing.T) {
	device := hunting.Catalog().Tables[2]
	few := &kql.Catalog{
		Tables: []*kql.Table{device},
		Denied: map[string]string{"EmailEvents": "Reading EmailEvents takes a right that you do not have."},
	}
	if device.Name != "DeviceInfo" {
		t.Fatalf("the third table is %s", device.Name)
	}
	for text, want := range map[string]string{
		"DeviceEvents":                          "Failed to resolve table or column expression named 'DeviceEvents'.",
		"EmailEvents | take 1":                  "Reading EmailEvents takes a right that you do not have.",
		"table('EmailEvents')":                  "Reading EmailEvents takes a right that you do not have.",
		"table('DeviceEvents')":                 "Failed to resolve table or column expression named 'DeviceEvents'.",
		"union Email*":                          "No table has a name of the form 'Email*'.",
		"search in (EmailEvents) 'x'":           "Reading EmailEvents takes a right that you do not have.",
		"DeviceInfo | where 1 in (EmailEvents)": "Reading EmailEvents takes a right that you do not have.",
	} {
		r := kql.Compile(text, few)
		if r.Plan != nil || len(r.Errors) == 0 || !strings.Contains(r.Errors[0].Message, want) {
			t.Errorf("%q says %v, want %q", text, r.Errors, want)
		}
	}
	for _, text := range []string{"union *", "search 'x'", "find where DeviceName has 'x'", "union isfuzzy=true EmailEvents, DeviceEvents, (Nope | where x == 1), DeviceInfo", "union D*"} {
		r := kql.Compile(text, few)
		if got := strings.Join(r.Tables(), ","); got != "DeviceInfo" {
			t.Errorf("%q reads %q, want DeviceInfo alone: %v", text, got, r.Errors)
		}
	}
}

func TestAllThatIsWrongIsSaidAtOnce(t *testing.T) {
	got := said("let a = Nope | take 1;\nDeviceInfo\n| where Timestap > ago(1d) and OSBuild has 'x'\n| extend y = strlne(DeviceName)\n| project DeviceId, DeviceNme, y\n| sumarize count()")
	var places []string
	for _, one := range got {
		place, _, _ := strings.Cut(one, ": ")
		places = append(places, place)
	}
	if want := []string{"1:9", "3:9", "3:40", "4:14", "5:21", "6:3"}; !slices.Equal(places, want) {
		t.Errorf("problems at %v, want %v:\n\t%s", places, want, strings.Join(got, "\n\t"))
	}
}
