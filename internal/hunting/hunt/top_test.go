package hunt_test

import (
	"context"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
)

// What operators give where neither the cases of meaning nor published queries say it.
func TestOperatorsGiveWhatTheirDocumentationShows(t *testing.T) {
	w := newWorld(t)
	w.fill(nil)
	const table = `datatable(a:string,b:string,n:int)["x","p",5,"x","q",7,"x","r",1,"y","p",2,"z","q",1] | `
	for query, want := range map[string]string{
		table + `top-nested 2 of a by sum(n), top-nested 1 of b by sum(n)`:                                                                                  "x|13|q|7;y|2|p|2",
		table + `top-nested 1 of a with others="rest" by s=sum(n)`:                                                                                          "x|13;rest|3",
		table + `top-hitters 2 of a by n`:                                                                                                                   "x|13;y|2",
		table + `sort by n asc | extend p = prev(n, 1), c = row_cumsum(n) | project p, c`:                                                                   "null|1;1|2;1|4;2|9;5|16",
		table + `sort by n desc | summarize make_list(b)`:                                                                                                   `["q","p","p","r","q"]`,
		table + `mv-apply k = pack_array(n, 1) to typeof(long) on (summarize m = min(k)) | take 1 | project m`:                                              "1",
		`range x from 1 to 5 step 2`:                                                                                                                        "1;3;5",
		`range x from 3 to 1 step -1`:                                                                                                                       "3;2;1",
		`range t from datetime(2026-01-01) to datetime(2026-01-02) step 12h | count`:                                                                        "3",
		table + `extend n = tolong(n) | make-series c = count() default = 0 on n from 0 to 8 step 2 by a | sort by a asc | project a, c, n`:                 `x|[1,0,1,1]|[0,2,4,6];y|[0,1,0,0]|[0,2,4,6];z|[1,0,0,0]|[0,2,4,6]`,
		table + `partition by a (top 1 by n) | sort by n desc | project a, b`:                                                                               "x|q;y|p;z|q",
		table + `where a == "x" | evaluate narrow() | where Column == "b" | project Value`:                                                                  "p;q;r",
		`datatable(ip:string)["10.1.2.3","8.8.8.8"] | evaluate ipv4_lookup(datatable(net:string,who:string)["10.0.0.0/8","us"], ip, net) | project ip, who`: "10.1.2.3|us",
		`datatable(ip:string)["10.1.2.3","8.8.8.8"] | evaluate ipv4_lookup(datatable(net:string,who:string)["10.0.0.0/8","us"], ip, net, return_unmatched=true) | sort by ip asc | project ip, who`: "10.1.2.3|us;8.8.8.8|",
		`print t = "a=1, b = two;c" | parse-kv t as (a: long, b: string) with (pair_delimiter=",", kv_delimiter="=") | project a, b`:                                                                "1|two;c",
		`print t = "x12y34" | parse kind=regex t with "x" a:long "y" b:long | project a, b`:                                                                                                         "12|34",
		`print t = "x12yzz" | parse kind=relaxed t with "x" a:long "y" b:long | project a, b`:                                                                                                       "12|null",
		`print t = "x12yzz" | parse t with "x" a:long "y" b:long | project a, b`:                                                                                                                    "null|null",
		`let X = datatable(k:int)[1,2]; let Y = datatable(k:int, v:string)[2,"b"]; X | join kind=leftouter Y on k | sort by k asc | project k, v`:                                                   "1|;2|b",
		`print d = dynamic({"a":1,"b":[2]}) | mv-expand kind=array d | project k = tostring(d[0]), v = tostring(d[1])`:                                                                              "a|1;b|[2]",
		`datatable(x:int)[1,2,3] | sample 2 | count`:                                                                                                                                                "2",
		`datatable(x:int)[1,1,3] | sample-distinct 2 of x | count`:                                                                                                                                  "2",
		`datatable(x:int)[1,2,3] | take toscalar(datatable(y:long)[2])| count`:                                                                                                                      "2",
	} {
		var s sheet
		_, err := w.hunter.Run(context.Background(), admin, hunt.Request{Query: query}, &s)
		if got := strings.Join(s.rows, ";"); err != nil || got != want {
			t.Errorf("%s\n gives %q, %v\n want  %q", query, got, err, want)
		}
	}
}
