package stories

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func fromEnv(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// BenchmarkReadersWhileAlertsComeIn serves a store while alerts of six kilobytes are sent to it, so many a second in two files, and
// people page: each asks for something once a second, by turns what the portal asks for. It tells what came in and what the slowest
// answers took. BAILIWICK_BENCH_DIR has the store, as the queue's benchmark made it; it grows. Without it a small one is made.
func BenchmarkReadersWhileAlertsComeIn(b *testing.B) {
	groups, readers := fromEnv("BAILIWICK_BENCH_GROUPS", 100), fromEnv("BAILIWICK_BENCH_READERS", 50)
	rate, seconds := fromEnv("BAILIWICK_BENCH_RATE", 2000), fromEnv("BAILIWICK_BENCH_SECONDS", 5)
	data := os.Getenv("BAILIWICK_BENCH_DIR")
	if data == "" {
		data = filepath.Join(b.TempDir(), "data")
		file := filepath.Join(b.TempDir(), "policy.yaml")
		if err := os.WriteFile(file, benchPolicy(groups), 0o600); err != nil {
			b.Fatal(err)
		}
		cli(b, "apply", "--data", data, "-f", file)
	}
	tokens := map[string]string{}
	for _, who := range []string{"everything", "workload", "endpoint", "devicegroup"} {
		tokens[who] = strings.TrimSpace(cli(b, "token", "create", "--data", data, "--user", who+"@x"))
	}
	sample, err := os.ReadFile("../internal/ingest/testdata/alert-endpoint.json")
	if err != nil {
		b.Fatal(err)
	}
	var alert bytes.Buffer
	if err := json.Compact(&alert, sample); err != nil {
		b.Fatal(err)
	}
	s, address := run(b, data)
	// What differs from one alert to the next stands at every other place.
	parts := strings.Split(strings.NewReplacer(
		"da637490118204417723_-1180349021", "|id|", `"incidentId":"1042"`, `"incidentId":"|incident|"`,
		"2021-02-19T09:17:02.4417723Z", "|now|", "2021-02-19T09:31:48.2633333Z", "|now|",
		"5c1d9e7f20b84a36e1f07ab2c9d4438810ef6b57", "|device|", `["sales"]`, `["|group|"]`,
	).Replace(alert.String()), "|")
	c := &mixed{b: b, address: address, tokens: tokens, alert: parts, groups: groups, begun: time.Now().UnixNano(), took: map[string][]time.Duration{}}
	c.load(c.file(2000))
	time.Sleep(time.Duration(fromEnv("BAILIWICK_BENCH_WARM", 1)) * time.Second) // what lists are answered from is read after a start
	for b.Loop() {
		c.run(rate, readers, time.Duration(seconds)*time.Second)
	}
	c.report()
	_ = s.end(syscall.SIGTERM)
}

func benchPolicy(groups int) []byte {
	var p bytes.Buffer
	p.WriteString("apiVersion: bailiwick/v1\nworkloads:\n  endpoint: {roles: on}\nusers:\n  - {name: everything@x, globalRoles: [Global Administrator]}\n")
	p.WriteString("  - {name: workload@x}\n  - {name: endpoint@x}\n  - {name: devicegroup@x}\ngroups:\n")
	p.WriteString("  - {name: mail, members: [workload@x]}\n  - {name: all, members: [endpoint@x]}\n  - {name: one, members: [devicegroup@x]}\ndeviceGroups:\n")
	for i := range groups {
		access := "all"
		if i == groups/2 {
			access = "all, one"
		}
		fmt.Fprintf(&p, "  - {name: Group %03d, match: {tag: [Group %03d]}, access: [%s]}\n", i, i, access)
	}
	p.WriteString("roles:\n  - {name: mail, workload: office365, permissions: [Security Reader], assignments: [{groups: [mail]}]}\n")
	p.WriteString("  - {name: endpoint, workload: endpoint, permissions: [View data - Security operations], assignments: [{groups: [all, one]}]}\n")
	return p.Bytes()
}

// mixed is readers and a loader on one server.
type mixed struct {
	b       *testing.B
	address string
	tokens  map[string]string
	alert   []string
	groups  int
	begun   int64

	sent     int // made
	taken    int // while readers read
	loading  time.Duration
	measured time.Duration
	mu       sync.Mutex
	took     map[string][]time.Duration
}

// file makes alerts that are new, three to an incident.
func (c *mixed) file(n int) string {
	var file strings.Builder
	now := time.Now().UTC().Format(time.RFC3339Nano)
	for range n {
		id := fmt.Sprintf("bench-%d-%d", c.begun, c.sent)
		with := map[string]string{
			"id": id, "incident": fmt.Sprintf("%d%07d", c.begun/1e9, c.sent/3), "now": now,
			"device": fmt.Sprintf("mixed-%d", c.sent%5000), "group": fmt.Sprintf("Group %03d", c.sent%5000%c.groups),
		}
		for i, part := range c.alert {
			if i%2 == 1 {
				part = with[part]
			}
			file.WriteString(part)
		}
		file.WriteByte('\n')
		c.sent++
	}
	return file.String()
}

func (c *mixed) load(file string) {
	if _, err := c.ask(http.MethodPost, "/api/v1/ingest?name=mixed.jsonl", "everything", strings.NewReader(file)); err != nil {
		c.b.Error(err)
	}
}

func (c *mixed) ask(method, path, who string, body io.Reader) ([]byte, error) {
	r, err := http.NewRequest(method, c.address+path, body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+c.tokens[who])
	r.Header.Set("Bailiwick-Actions", "include")
	if body != nil {
		r.Header.Set("Content-Type", "application/x-ndjson")
	}
	answer, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode >= 400 {
		err = fmt.Errorf("%s %s as %s: %s: %.300s", method, path, who, answer.Status, text)
	}
	return text, err
}

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 200}, Timeout: time.Minute}

func (c *mixed) run(rate, readers int, long time.Duration) {
	begun := time.Now()
	end := begun.Add(long)
	var all sync.WaitGroup
	for i := range readers {
		all.Go(func() {
			who := []string{"everything", "workload", "endpoint", "devicegroup"}[i%4]
			time.Sleep(time.Duration(i) * time.Second / time.Duration(readers)) // nobody asks at the same moment as all others
			for turn := i; time.Now().Before(end); turn++ {
				next := time.Now().Add(time.Second)
				c.read(who, turn)
				time.Sleep(time.Until(next))
			}
		})
	}
	all.Go(func() {
		files := make(chan string, 1)
		ended := make(chan struct{})
		defer close(ended)
		go func() { // the next is made while one is taken
			for {
				select {
				case files <- c.file(rate / 2):
				case <-ended:
					return
				}
			}
		}()
		for n := 0; rate > 0 && time.Now().Before(end); n++ {
			next := begun.Add(time.Duration(n+1) * time.Second / 2)
			file := <-files
			at := time.Now()
			c.load(file)
			c.loading += time.Since(at)
			c.taken += rate / 2
			time.Sleep(time.Until(next))
		}
	})
	all.Wait()
	c.measured += time.Since(begun)
}

// read asks for what the portal does, by turns.
func (c *mixed) read(who string, turn int) {
	week := url.QueryEscape("status in ('new','inProgress') and createdDateTime ge " + time.Now().Add(-7*24*time.Hour).UTC().Format(time.RFC3339))
	open := strings.Replace(week, "new", "active", 1)
	what, path := "", ""
	switch turn % 6 {
	case 0:
		what, path = "queue", "/v1.0/security/alerts_v2?$top=50&$count=true&$filter="+week
	case 1:
		what, path = "facets", "/api/v1/alerts/facets?filter="+week
	case 2:
		what, path = "page", "/v1.0/security/alerts_v2?$top=50&$skip="+strconv.Itoa(50*(turn%10))
	case 3:
		what, path = "severity", "/v1.0/security/alerts_v2?$top=50&$count=true&$orderby="+url.QueryEscape("severity desc,createdDateTime desc")
	case 4:
		what, path = "incidents", "/v1.0/security/incidents?$top=50&$count=true&$filter="+open
	case 5:
		what, path = "incident", "/v1.0/security/incidents?$top=1&$expand=alerts"
	}
	at := time.Now()
	if _, err := c.ask(http.MethodGet, path, who, nil); err != nil {
		c.b.Error(err)
		return
	}
	took := time.Since(at)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, of := range []string{"all", what, who} {
		c.took[of] = append(c.took[of], took)
	}
}

func (c *mixed) report() {
	c.b.ReportMetric(0, "ns/op")
	c.b.ReportMetric(float64(c.taken)/c.measured.Seconds(), "alerts/s")
	c.b.ReportMetric(100*c.loading.Seconds()/c.measured.Seconds(), "%loading")
	for of, took := range c.took {
		slices.Sort(took)
		for _, p := range []int{50, 95, 99} {
			if of == "all" || p == 95 {
				c.b.ReportMetric(float64(took[(len(took)-1)*p/100])/1e6, fmt.Sprintf("%s-p%d-ms", of, p))
			}
		}
	}
}
