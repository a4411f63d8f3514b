package hunt_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

func attacked(t *testing.T) (*world, []made) {
	rows := generatedRows()
	w := newWorld(t)
	w.fill(rows)
	return w, rows
}

// secret fails when something that a reader is told holds a mark of a row that they do not see.
func secret(t *testing.T, reader, query string, told any, rows []made) {
	t.Helper()
	for _, c := range canary.FindAllStringSubmatch(fmt.Sprint(told), -1) {
		if n, _ := strconv.Atoi(c[1]); !sees(reader, rows[n]) {
			t.Errorf("%s, as %s: row %d of %s came into sight", query, reader, n, rows[n].table.Name)
		}
	}
}

func TestEveryTableIsRefusedByNameToWhoMayNotReadIt(t *testing.T) {
	w, _ := attacked(t)
	for _, reader := range []string{admin, sales, exposure, mail, clouds, both} {
		catalog, err := w.hunter.Catalog(context.Background(), reader)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range schema.Tables() {
			reads := false
			for _, c := range catalog.Tables {
				reads = reads || c.Name == table.Name
			}
			want := table.Scope == schema.ByAlert || sees(reader, made{table: table, device: "d-s1"}) || table.Scope == schema.ByDevice && table.Device != "" && sees(reader, made{table: table})
			for _, form := range []string{"%s | take 1", "table('%s') | take 1", "union %s, (print 1)", "print x = toscalar(%s | count)", "let T = %s; T", "find in (%s) where true", "search in (%s) 'x'"} {
				query := fmt.Sprintf(form, table.Name)
				_, err := w.hunter.Prepare(context.Background(), reader, hunt.Request{Query: query})
				if denied := fault.KindOf(err) == fault.KindDenied; reads != want || denied == want || !denied && err != nil {
					t.Errorf("%s, as %s: in the catalog %v, %v; want it to be readable: %v", query, reader, reads, err, want)
				}
			}
		}
	}
}

func TestWhatIsMadeToReachFurtherReachesNoFurther(t *testing.T) {
	w, rows := attacked(t)
	for _, query := range []string{
		// wildcards, and what behaves as if a table were not there
		"union * | take 10000", "union withsource=S * | summarize count() by S", "search * | take 10000", "search 'mark'", "find where DeviceId has 'd-f1'", "find withsource=S in (Device*) where true | summarize by S",
		"union isfuzzy=true EmailEvents, DeviceProcessEvents | where Subject has 'mark' or FileName has 'mark'", "union isfuzzy=true EmailEvents, (print x = 1)", "EmailEvents | getschema", "union Email*, DeviceProcessEvents",
		// names that mean something else
		"let EmailEvents = DeviceProcessEvents; EmailEvents | project FileName", "let DeviceProcessEvents = EmailEvents; DeviceProcessEvents", "let T = () { EmailEvents }; T()",
		"DeviceProcessEvents | as EmailEvents | union (EmailEvents)", "['EmailEvents']", "table(strcat('Email', 'Events'))", "let n = 'EmailEvents'; table(n)",
		// what stands outside
		"database('a').EmailEvents", "cluster('a').database('b').EmailEvents", "external_table('EmailEvents')", "workspace('a').EmailEvents", "externaldata(a: string)['/etc/passwd']", "evaluate http_request('http://127.0.0.1')",
		"evaluate python(typeof(*), 'x')", "evaluate sql_request('a', 'b')", "set notruncation; DeviceProcessEvents", "restrict access to (EmailEvents); EmailEvents", "declare query_parameters(a: string); EmailEvents", ".show tables", "alias database a = cluster('b').database('c'); a.T",
		// the engine's own names, and SQL in every place for a name or a text
		"t5 | take 1", "t18", "reach_devices", "duckdb_tables()", "read_csv('/etc/passwd')", "DeviceProcessEvents | where FileName == \"' OR 1=1 --\"", "DeviceProcessEvents | where FileName == '\\'; DROP TABLE t5; --' or true",
		"DeviceProcessEvents | project ['a\" FROM t18 --'] = FileName", "DeviceProcessEvents | extend ['v1) UNION SELECT c13 FROM t18 --'] = 1", "DeviceProcessEvents | where FileName has 'mark\\0x' or FileName has '$1' or FileName contains '%' or true",
		"DeviceProcessEvents | parse FileName with 'mark ' ['x\"; SELECT 1'] | project ['x\"; SELECT 1']", "DeviceProcessEvents | extend d = parse_json(FileName) | extend x = d['a\"; DROP'] | project x", "DeviceProcessEvents | where FileName matches regex @'(mark|\\x27 OR 1=1)'",
		"DeviceProcessEvents | summarize make_set(FileName) by ['t18.c1'] = DeviceId",
		// errors that would tell of values
		"DeviceProcessEvents | extend x = toint(FileName) / 0, y = 1 / toint(ReportId - ReportId)", "DeviceProcessEvents | extend x = todatetime(FileName), y = toguid(FileName), z = parse_json(FileName), u = todecimal(FileName), v = parse_ipv4(FileName)",
		"DeviceProcessEvents | where assert(FileName has 'nothing', FileName)", "DeviceProcessEvents | extend x = exp10(ReportId * 1000), y = 9223372036854775807 + ReportId", "DeviceProcessEvents | extend x = substring(FileName, 9223372036854775807), y = strrep(FileName, 1024)",
		"DeviceProcessEvents | where DeviceId == 'd-f1' and toint(FileName) > 0", "DeviceProcessEvents | extend x = datetime_add('day', ReportId * 1000000000, Timestamp)", "DeviceProcessEvents | summarize percentile(strlen(FileName), 50), make_list(FileName)[0]",
		// columns that * stands for, and hidden ones
		"DeviceProcessEvents | project tostring(pack_all())", "DeviceProcessEvents | extend p = pack_all() | evaluate bag_unpack(p)", "DeviceProcessEvents | evaluate narrow()", "DeviceProcessEvents | summarize arg_max(Timestamp, *)", "DeviceProcessEvents | project ['$arrival']",
		"DeviceProcessEvents | extend x = ingestion_time() | project x, FileName",
		// rows of others by joins that keep what has no match, by windows and by lists
		"DeviceInfo | join kind=rightouter DeviceProcessEvents on DeviceId", "DeviceInfo | join kind=fullouter DeviceProcessEvents on $left.DeviceName == $right.FileName", "DeviceProcessEvents | join kind=leftanti (DeviceInfo | where DeviceId == 'd-s1') on DeviceId",
		"DeviceProcessEvents | sort by ReportId asc | extend p = prev(FileName), n = next(FileName) | project p, n", "DeviceProcessEvents | sample 1000", "DeviceProcessEvents | sample-distinct 1000 of FileName", "DeviceProcessEvents | top-hitters 100 of FileName",
		"AlertEvidence | project AlertId, DeviceId, FileName, AdditionalFields", "AlertInfo | join kind=fullouter AlertEvidence on AlertId", "AlertInfo | where AlertId == 'al-f' or AlertId == 'al-unknown'",
	} {
		for _, reader := range []string{exposure, mail} {
			var s sheet
			stats, err := w.hunter.Run(context.Background(), reader, hunt.Request{Query: query}, &s)
			secret(t, reader, query, fmt.Sprint(s.columns, s.rows, err, stats), rows)
			if err != nil && fault.KindOf(err) != fault.KindInvalid && fault.KindOf(err) != fault.KindDenied {
				t.Errorf("%s, as %s: %v", query, reader, err)
			}
			if int(stats.Rows) != len(s.rows) {
				t.Errorf("%s, as %s: %d rows are told of, and %d came", query, reader, stats.Rows, len(s.rows))
			}
		}
	}
}

func TestARowOlderThanIsKeptIsNotReachedWhateverTimeIsAskedFor(t *testing.T) {
	w := newWorld(t)
	old, young := w.now.AddDate(0, 0, -40), w.now.AddDate(0, 0, -20)
	w.now = old
	w.load("EmailEvents", row{"NetworkMessageId": "old", "Timestamp": old.Format(time.RFC3339)}, row{"NetworkMessageId": "young", "Timestamp": young.Format(time.RFC3339)})
	w.now = now
	w.load("EmailEvents", row{"NetworkMessageId": "late", "Timestamp": old.Format(time.RFC3339)})
	for _, query := range []string{
		"EmailEvents | project NetworkMessageId", "EmailEvents | where Timestamp > datetime(0001-01-01) | project NetworkMessageId", "EmailEvents | where Timestamp > ago(3650d) | project NetworkMessageId",
	} {
		w.want(mail, query, "late", "young") // an old export that came a moment ago can be hunted in
	}
	for timespan, want := range map[string]string{"P30D": "young", "P60D": "late,young", "P7D": "", "2025-12-01/2026-01-20": "late", "P1D/2026-01-12": "late"} {
		var s sheet
		if _, err := w.hunter.Run(context.Background(), mail, hunt.Request{Query: "EmailEvents | sort by NetworkMessageId asc | project NetworkMessageId", Timespan: timespan}, &s); err != nil || strings.Join(s.rows, ",") != want {
			t.Errorf("over %s: %v, %v, want %s", timespan, s.rows, err, want)
		}
	}
	if _, err := w.hunter.Run(context.Background(), mail, hunt.Request{Query: "EmailEvents", Timespan: "yesterday"}, &sheet{}); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("over yesterday: %v", err)
	}
}
