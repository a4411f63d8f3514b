package hunt_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
)

// scans are reads of stored rows, as rows of DeviceId, Name and N. Of a reader of the endpoint, some are refused.
var scans = []string{
	"DeviceProcessEvents | project DeviceId, Name = FileName, N = ReportId",
	"DeviceFileEvents | project DeviceId, Name = FileName, N = ReportId",
	"DeviceInfo | project DeviceId, Name = DeviceName, N = ReportId",
	"DeviceTvmSoftwareInventory | project DeviceId, Name = SoftwareName, N = 1",
	"AlertEvidence | project DeviceId, Name = FileName, N = 1",
	"AlertInfo | project DeviceId = AlertId, Name = Title, N = 1",
	"table('DeviceProcessEvents') | project DeviceId, Name = FileName, N = ReportId",
	"union isfuzzy=true DeviceProc*, EmailEvents, NoSuchTable | project DeviceId = column_ifexists('DeviceId', ''), Name = column_ifexists('FileName', ''), N = 1",
	"union isfuzzy=true withsource=W DeviceP*, Email*, DeviceI* | project DeviceId = column_ifexists('DeviceId', ''), Name = W, N = 1",
	"search in (DeviceProc*, DeviceF*) 'mark' | project DeviceId = column_ifexists('DeviceId', ''), Name = $table, N = 1",
	"search 'mark' | project DeviceId = column_ifexists('DeviceId', ''), Name = $table, N = 1",
	"find in (DeviceProcessEvents, DeviceFileEvents) where FileName has 'mark' project DeviceId, FileName | project DeviceId, Name = FileName, N = 1",
	"find where FileName has 'mark' project DeviceId | project DeviceId, Name = source_, N = 1",
	"DeviceProcessEvents | project DeviceId, Name = tostring(pack_all()), N = ReportId",
	"DeviceProcessEvents | summarize arg_max(Timestamp, *) by DeviceId | project DeviceId, Name = FileName, N = ReportId",
	"DeviceProcessEvents | where ingestion_time() > ago(30d) | project DeviceId, Name = FileName, N = ReportId",
	"DeviceProcessEvents | getschema | project DeviceId = ColumnName, Name = DataType, N = ColumnOrdinal",
	"EmailEvents | project DeviceId = NetworkMessageId, Name = Subject, N = 1",
	"externaldata (DeviceId: string, Name: string, N: long) ['file:///etc/passwd']",
	"database('x').DeviceProcessEvents | project DeviceId, Name = FileName, N = 1",
	"cluster('x').database('y').DeviceInfo | project DeviceId, Name = '', N = 1",
}

// places are where in a query rows may stand: @ and # are rows, each of DeviceId, Name and N, and so is what comes of it.
var places = []string{
	"@ | where N >= 0", "@ | extend N = N + 1", "@ | take 1000", "@ | sort by Name asc, DeviceId asc, N asc | serialize", "@ | distinct DeviceId, Name, N",
	"@ | summarize N = count() by DeviceId, Name", "@ | summarize N = sum(N), Name = max(Name) by DeviceId", "@ | summarize Name = tostring(array_length(make_set(Name))), N = dcount(Name) by DeviceId",
	"union (@), (#)", "union kind=inner (@), (#) | project DeviceId, Name, N", "union withsource=S (@), (#) | project DeviceId, Name, N",
	"@ | join kind=inner (#) on DeviceId | project DeviceId, Name, N", "@ | join kind=leftouter (#) on DeviceId, Name | project DeviceId, Name = Name1, N = N1",
	"@ | join kind=fullouter (#) on DeviceId | project DeviceId, Name = Name1, N", "@ | join kind=leftanti (#) on DeviceId, Name", "@ | join kind=rightanti (#) on DeviceId, Name",
	"@ | join kind=leftsemi (#) on Name", "@ | join kind=rightsemi (#) on DeviceId", "@ | join (# | summarize by DeviceId) on DeviceId | project DeviceId, Name = '', N = 1",
	"@ | lookup (# | distinct DeviceId) on DeviceId", "let T = @; T | union T", "let T = materialize(@); union T, (T | where Name != '')",
	"let f = (T: (DeviceId: string, Name: string, N: long)) { T | where N > 0 | union (#) }; f(@)", "let f = () { @ }; f() | union (#)",
	"let DeviceInfo = @; DeviceInfo | join kind=inner (#) on DeviceId | project DeviceId, Name, N",
	"@ | where DeviceId in ((# | project DeviceId))", "@ | where Name !in ((# | project Name))", "@ | where Name has_any ((# | project Name))",
	"print DeviceId = tostring(toscalar(@ | count)), Name = tostring(toscalar(# | summarize max(Name))), N = 1", "@ | extend N = N + toscalar(# | count)",
	"@ | extend Name = iff(DeviceId in ((# | project DeviceId)), Name, '')", "@ | where N <= toscalar(# | summarize max(N))", "@ | take toscalar(# | count) | summarize N = count() by DeviceId = '', Name = ''",
	"range N from 1 to toscalar(@ | count) step 1 | extend DeviceId = '', Name = ''", "@ | mv-expand N = range(1, 2) to typeof(long)",
	"@ | mv-apply x = pack_array(N, 1) to typeof(long) on (summarize N1 = sum(x)) | project DeviceId, Name, N = N1",
	"@ | mv-apply x = pack_array(DeviceId) to typeof(string) on (where x in ((# | project DeviceId)))| project DeviceId, Name, N",
	"@ | partition by DeviceId (summarize N = count(), Name = max(Name) by DeviceId)", "@ | top 1000 by N, DeviceId", "@ | as X | union (X | where N > 0)",
	"@ | parse Name with A ' ' B | project DeviceId, Name = A, N", "@ | extend B = pack('Q', Name) | evaluate bag_unpack(B) | project DeviceId, Name = tostring(column_ifexists('Q', '')), N",
	"@ | make-series C = count() on N from 0 to toscalar(# | count) step 1 by DeviceId | project DeviceId, Name = tostring(C), N = 1",
	"@ | extend Name = strcat(Name, toscalar(# | summarize make_set(DeviceId) | project array_length(set_DeviceId)))", "@ | summarize N = countif(DeviceId in ((# | project DeviceId))), Name = '' by DeviceId",
	"@ | sort by DeviceId asc, Name asc, N asc | extend N = row_number(), Name = prev(Name)",
	"@ | sort by DeviceId asc, Name asc, N asc | extend N = row_number(1, prev(DeviceId) != DeviceId) + row_rank_dense(Name, DeviceId in ((# | project DeviceId)))",
	"@ | sort by DeviceId asc, Name asc, N asc | scan with_match_id=M declare (K: long = 0, L: string) with (step a: Name in ((# | project Name)) or a.K < 3 => K = a.K + 1, L = a.Name; step b output=last: DeviceId == a.DeviceId => L = a.L;) | project DeviceId, Name = strcat(L, Name), N = M + K",
	"@ | partition by DeviceId (sort by Name asc, N asc | scan declare (K: string) with (step a: N >= toscalar(# | count) => K = Name; step b output=none: Name != a.K;)) | project DeviceId, Name = K, N",
	"@ | make-graph DeviceId --> Name with (# | summarize M = count() by DeviceId) on DeviceId | graph-match (a)-[e]-(b) project DeviceId = a.DeviceId, Name = e.Name, N = coalesce(b.M, e.N)",
	"@ | union (# | project DeviceId = Name, Name = DeviceId, N) | make-graph DeviceId --> Name with_node_id=Id | graph-match cycles=none (a)-[e*1..2]->(b) where any(e, N >= 0) project DeviceId = a.Id, Name = tostring(e.Name), N = 1",
	"@ | where Name matches regex Name or 'mark' matches regex tostring(DeviceId)", "@ | invoke FileProfile(Name, 1000) | project DeviceId, Name, N",
	"union isfuzzy=true (@), (NoSuchTable | project DeviceId = 'x', Name = 'y', N = 1)", "@ | project-away N | extend N = 1", "@ | project-rename M = Name | project DeviceId, Name = M, N",
	"@ | summarize take_any(*) by DeviceId | project DeviceId, Name = '', N = 1", "@ | count | project DeviceId = '', Name = '', N = Count",
}

// generate writes a query with reads of stored rows in places of places.
func generate(r *rand.Rand, depth int) string {
	if depth == 0 {
		return scans[r.IntN(len(scans))]
	}
	query := places[r.IntN(len(places))]
	var lets []string
	fill := func(hole string) {
		if strings.Contains(query, hole) {
			inner := generate(r, depth-1)
			// Declarations come first, under names of their own.
			for strings.HasPrefix(inner, "let ") {
				let, rest, _ := strings.Cut(inner, "; ")
				lets, inner = append(lets, let), rest
			}
			query = strings.ReplaceAll(query, hole, inner)
		}
	}
	fill("@")
	fill("#")
	return strings.Join(append(lets, query), "; ")
}

func generatedRows() []made {
	var rows []made
	devices := []string{"d-s1", "d-s2", "d-f1", "d-u1", "d-x", ""}
	alerts := []string{"al-s", "al-m", "al-f", "al-sf", "al-none", "al-sm", "al-o", "al-unknown"}
	add := func(table, device, alert string, values row) {
		mark := "mark canary7f3e" + strconv.Itoa(len(rows)) + "x"
		for name, v := range values {
			if v == "?" {
				values[name] = mark
			}
		}
		rows = append(rows, made{schema.Lookup(table), device, alert, values})
	}
	for i, d := range devices {
		for _, t := range []string{"DeviceProcessEvents", "DeviceFileEvents"} {
			add(t, d, "", row{"DeviceId": d, "FileName": "?", "ReportId": i})
		}
		add("DeviceInfo", d, "", row{"DeviceId": d, "DeviceName": "?", "ReportId": i})
		add("DeviceTvmSoftwareInventory", d, "", row{"DeviceId": d, "SoftwareName": "?"})
	}
	for _, a := range alerts {
		add("AlertInfo", "", a, row{"AlertId": a, "Title": "?"})
		for _, d := range []string{"d-s1", "d-f1"} {
			add("AlertEvidence", d, a, row{"AlertId": a, "DeviceId": d, "FileName": "?", "EntityType": "File"})
		}
	}
	add("EmailEvents", "", "", row{"NetworkMessageId": "m", "Subject": "?"})
	return rows
}

// Wherever in a query a read of stored rows stands, its reader gets what a store of their rows would give.
func TestAReadOfStoredRowsIsCutWhereverItStands(t *testing.T) {
	rows := generatedRows()
	whole := newWorld(t)
	whole.fill(rows)
	for _, reader := range []string{sales, exposure} {
		var mine []made
		for _, m := range rows {
			if sees(reader, m) {
				mine = append(mine, m)
			}
		}
		part := newWorld(t)
		part.crowd()
		part.fill(mine)
		r := rand.New(rand.NewPCG(1, uint64(len(reader))))
		ran, found, refused := 0, 0, map[string]int{}
		for i := range 84 {
			query := generate(r, i%4)
			if i < len(places) {
				query = strings.NewReplacer("@", scans[i%3], "#", scans[(i+1)%len(scans)]).Replace(places[i%len(places)])
			}
			got, err := whole.ask(reader, query)
			want, wrong := part.ask(reader, query)
			if fmt.Sprint(err) != fmt.Sprint(wrong) && plainError(err) != plainError(wrong) {
				t.Errorf("%s\n%v on the whole store, %v on the part", query, err, wrong)
			}
			for _, c := range canary.FindAllStringSubmatch(fmt.Sprint(got, err), -1) {
				if n, _ := strconv.Atoi(c[1]); !sees(reader, rows[n]) {
					t.Fatalf("%s, as %s: row %d of %s came into sight", query, reader, n, rows[n].table.Name)
				}
			}
			if err != nil {
				refused[fault.KindOf(err).String()]++
				if fault.KindOf(err) == fault.KindUnavailable || fault.KindOf(err) == 0 {
					t.Errorf("%s: %v", query, err)
				}
				continue
			}
			if ran++; len(got) > 0 {
				found++
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s, as %s:\n%d rows of the whole store, %d of the part\n%.300q\n%.300q", query, reader, len(got), len(want), got, want)
			}
		}
		t.Logf("%s: %d of 84 ran, %d had rows, %v refused", reader, ran, found, refused)
		if ran < 40 || found < 30 {
			t.Errorf("%s: only %d ran, and only %d had rows", reader, ran, found)
		}
	}
}
