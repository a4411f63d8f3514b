package stories

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/sqlite"
)

// slow keeps the engine busy for some seconds before it finds the one row that there is.
const slow = `let busy = toscalar(range a from 1 to 120 step 1 | extend k = 1 | join kind=inner (range b from 1 to 100000 step 1 | extend k = 1) on k | summarize sum(a % 7 + b % 5));
DeviceProcessEvents | where busy > 0 | project Timestamp, DeviceId, ReportId, FileName`

// A power cut in the middle of a run, and another in the middle of the next try: the window is run to its end once, at once when a server is
// there again, and what it finds is one alert. A second server on the same data, which could run it as well, does not start.
func TestAWindowOfADetectionIsRunOnceWhateverKillsTheServer(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	write := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	at := time.Now().UTC().Format(time.RFC3339)
	cli(t, "apply", "--data", data, "-f", write("policy.yaml", "apiVersion: bailiwick/v1\nusers: [{name: ada@x.example, globalRoles: [Global Administrator]}]\n"))
	cli(t, "load", "--data", data, write("rows.jsonl", `{"time":"`+at+`","category":"AdvancedHunting-DeviceProcessEvents","properties":{"Timestamp":"`+at+`","DeviceId":"d1","DeviceName":"s-01","ReportId":3,"FileName":"curl.exe"}}`))
	token := strings.TrimSpace(cli(t, "token", "create", "--data", data, "--user", "ada@x.example"))

	s, url := run(t, data)
	if _, err := start(&server{}, data, dir); err == nil || !strings.Contains(err.Error(), "another server runs on") {
		t.Fatalf("a second server on the data: %v", err)
	}
	var made struct{ ID string }
	_, text := post(t, url+"/api/v1/detections", token, map[string]any{
		"name": "Slow", "on": true, "query": slow, "period": "1H", "allDevices": true, "deviceGroups": []string{}, "actions": []any{},
		"alert": map[string]any{"title": "Found once", "severity": "low", "category": "Execution", "impactedAssets": []any{map[string]any{"kind": "device", "column": "DeviceId"}}},
	})
	if err := json.Unmarshal([]byte(text), &made); err != nil || made.ID == "" {
		t.Fatal(text, err)
	}
	state, err := sqlite.Open(t.Context(), filepath.Join(data, sqlite.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer state.Close()
	const kills = 2
	held := ""
	for range kills {
		within(t, time.Minute, "the detection runs", func() bool {
			var turn store.DetectionTurn
			err := state.View(t.Context(), func(tx store.Reader) error {
				d, _, err := tx.Detection(made.ID)
				turn = d.Turn
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if turn.Holder == held || !turn.Until.After(time.Now()) {
				return false
			}
			held = turn.Holder
			return true
		})
		if status, text := post(t, url+"/api/v1/detections/"+made.ID+"/run", token, nil); status != http.StatusConflict {
			t.Fatalf("and by hand while it runs: %d, %s", status, text)
		}
		_ = s.end(syscall.SIGKILL)
		s, url = run(t, data)
	}
	type window struct{ From, To, Kind, Status, Alerts any }
	runs := func() (list []window) {
		pages(t, url, "/api/v1/detections/"+made.ID+"/runs", token, func(one map[string]any) {
			list = append(list, window{one["from"], one["to"], one["kind"], one["status"], one["alerts"]})
		})
		return list
	}
	within(t, 2*time.Minute, "the window is run to its end", func() bool { return len(runs()) > 0 })
	if list := runs(); len(list) != 1 || list[0].Kind != "first" || list[0].Status != "completed" || list[0].Alerts != float64(1) {
		t.Errorf("after %d kills: %+v", kills, list)
	}
	if status, text := post(t, url+"/api/v1/detections/"+made.ID+"/run", token, nil); status != http.StatusOK {
		t.Errorf("once more, by hand: %d, %s", status, text)
	}
	list := runs()
	if len(list) != 2 || list[0].Alerts != float64(0) || list[1].Alerts != float64(1) || list[0].To == list[1].To {
		t.Errorf("and once more, by hand: %+v", list)
	}
	if n := strings.Count(cli(t, "alerts", "list", "--data", data, "--as", "ada@x.example", "-o", "json"), `"Found once"`); n != 1 {
		t.Errorf("%d alerts tell of the row", n)
	}
}

// within waits for something for so long at most.
func within(t *testing.T, most time.Duration, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(most); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %s: %s", most, what)
		}
	}
}

func post(t *testing.T, address, token string, body any) (status int, text string) {
	t.Helper()
	var content []byte
	if body != nil {
		var err error
		if content, err = json.Marshal(body); err != nil {
			t.Fatal(err)
		}
	}
	request, err := http.NewRequest(http.MethodPost, address, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", address, err))
	}
	return answer.StatusCode, string(said)
}
