package hunt_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
)

func TestColumnsThatOnlyDataTellsAreThoseOfRowsInReach(t *testing.T) {
	w := newWorld(t)
	w.load("DeviceEvents", row{"DeviceId": "d-s1", "ReportId": 1, "AdditionalFields": `{"Mine":"a","Size":2}`}, row{"DeviceId": "d-s2", "ReportId": 2, "AdditionalFields": `{"Size":2.5}`},
		row{"DeviceId": "d-f1", "ReportId": 3, "AdditionalFields": `{"Secret":"b","Mine":"c"}`})
	for _, c := range []struct{ reader, query, columns, rows string }{
		{sales, "DeviceEvents | project ReportId, d = parse_json(AdditionalFields) | evaluate bag_unpack(d)", "[{ReportId long} {Mine string} {Size real}]", "[1|a|2 2||2.5]"},
		{admin, "DeviceEvents | project ReportId, d = parse_json(AdditionalFields) | evaluate bag_unpack(d) | where ReportId == 3", "[{ReportId long} {Mine string} {Secret string} {Size real}]", "[3|c|b|null]"},
		{sales, "DeviceEvents | evaluate pivot(DeviceId, count(), ActionType)", "[{ActionType string} {d-s1 long} {d-s2 long}]", "[|1|1]"},
		{sales, "DeviceEvents | project ReportId, d = parse_json(AdditionalFields) | evaluate bag_unpack(d, 'p_') | extend n = 1 | project-away ReportId | where p_Mine == 'a'", "[{p_Mine string} {p_Size real} {n long}]", ""},
		{sales, "DeviceEvents | project Mine = 1, d = parse_json(AdditionalFields) | evaluate bag_unpack(d, columnsConflict='keep_source')", "[{Mine long} {Size real}]", ""},
	} {
		var s sheet
		_, err := w.hunter.Run(context.Background(), c.reader, hunt.Request{Query: c.query}, &s)
		if err != nil || fmt.Sprint(s.columns) != c.columns || c.rows != "" && fmt.Sprint(s.rows) != c.rows {
			t.Errorf("%s, as %s: %v %v, %v", c.query, c.reader, s.columns, s.rows, err)
		}
	}
	if _, err := w.ask(sales, "DeviceEvents | project Mine = 1, d = parse_json(AdditionalFields) | evaluate bag_unpack(d)"); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("two columns of one name: %v", err)
	}
}
