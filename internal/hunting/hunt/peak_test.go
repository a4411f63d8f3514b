package hunt_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// The rows with the greatest and least values are found in two steps where rows may be read twice, and in one elsewhere: both find the same.
func TestTheGreatestRowIsTheSameHoweverItIsFound(t *testing.T) {
	w := newWorld(t)
	var rows []row
	for i := range 400 {
		r := row{"Timestamp": w.now.Add(-time.Duration(rand.IntN(50)) * time.Hour).Format(time.RFC3339), "DeviceId": []string{"d-s1", "d-s2", "d-f1", "d-u1", "d-x"}[rand.IntN(5)], "ReportId": i}
		if rand.IntN(3) > 0 {
			r["FileSize"] = rand.IntN(8)
		}
		if rand.IntN(3) > 0 {
			r["FileName"] = fmt.Sprintf("%c.exe", 'a'+rand.IntN(6))
		}
		if rand.IntN(2) > 0 {
			r["ProcessCreationTime"] = w.now.Add(-time.Duration(rand.IntN(9)) * time.Minute).Format(time.RFC3339)
		}
		rows = append(rows, r)
	}
	w.load("DeviceProcessEvents", rows...)
	for _, by := range []string{"", " by DeviceId", " by FileSize", " by DeviceId, FileName", " by Day = bin(Timestamp, 1d)", " by ProcessCreationTime, FileSize"} {
		for _, of := range []string{"Timestamp", "FileSize", "FileName", "ReportId", "Timestamp - ProcessCreationTime"} {
			for _, where := range []string{`| where FileSize > 100`, "| extend Half = ReportId / 2 | where Half % 2 == 0"} {
				for _, f := range []string{"arg_max", "arg_min"} {
					end := fmt.Sprintf("extend V = %s | summarize %s(V, *)%s", of, f, by)
					if of != "ReportId" { // of several rows that are as great any one is right, and it has the value
						end += fmt.Sprintf(" | extend Has = coalesce(tostring(V), 'none') == coalesce(tostring(%s), 'none') | project-keep V, Has", of)
					}
					twice, err := w.ask(both, "DeviceProcessEvents "+where+" | "+end)
					if err != nil {
						t.Fatal(end, err)
					}
					once, err := w.ask(both, "DeviceProcessEvents "+where+" | serialize | "+end)
					if err != nil {
						t.Fatal(end, err)
					}
					if !slices.Equal(once, twice) || slices.ContainsFunc(twice, func(s string) bool { return strings.Contains(s, "false") && of != "ReportId" }) {
						t.Errorf("%s %s:\n%q\n%q", where, end, twice, once)
					}
				}
			}
		}
	}
}
