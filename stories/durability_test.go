package stories

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A change that was acknowledged is on the disk with its audit entry, whenever the power goes.
func TestNoAcknowledgedChangeIsLostToKill9(t *testing.T) {
	const rounds, clients = 6, 3
	data := filepath.Join(t.TempDir(), "data")
	cli(t, "apply", "--data", data, "-f", filepath.Join("..", "internal", "demo", "contoso.yaml"))
	token := strings.TrimSpace(cli(t, "token", "create", "--data", data, "--user", "ada@contoso.example"))

	var mu sync.Mutex
	acknowledged := map[string]bool{}
	for round := range rounds {
		s, url := run(t, data)
		var done sync.WaitGroup
		for c := range clients {
			done.Go(func() {
				for i := 0; ; i++ {
					name := fmt.Sprintf("round %d client %d role %d", round, c, i)
					if !makeRole(url, token, name) {
						return
					}
					mu.Lock()
					acknowledged[name] = true
					mu.Unlock()
				}
			})
		}
		// Not a wait for something to be ready: another moment in each round is the point.
		time.Sleep(time.Duration(150+90*round) * time.Millisecond)
		_ = s.end(syscall.SIGKILL)
		done.Wait()
	}
	if len(acknowledged) < rounds {
		t.Fatalf("only %d changes were acknowledged in %d rounds: nothing was tested", len(acknowledged), rounds)
	}
	t.Logf("%d acknowledged changes, %d kills", len(acknowledged), rounds)

	_, url := run(t, data)
	stored := rolesOf(t, url, token)
	for name := range acknowledged {
		if !stored[name] {
			t.Errorf("%q was acknowledged and is lost", name)
		}
	}
	cli(t, "audit", "verify", "--data", data)
	recorded := entriesOf(t, url, token)
	for name := range stored {
		if strings.HasPrefix(name, "round ") && !recorded[name] {
			t.Errorf("%q is stored and not in the audit log", name)
		}
	}
}

func makeRole(url, token, name string) bool {
	body, _ := json.Marshal(map[string]any{"name": name, "workload": "office365", "permissions": []string{"Security Reader"}})
	request, err := http.NewRequest(http.MethodPost, url+"/api/v1/roles", bytes.NewReader(body))
	if err != nil {
		return false
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	answer.Body.Close()
	return answer.StatusCode == http.StatusCreated
}

func rolesOf(t *testing.T, url, token string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	pages(t, url, "/api/v1/roles", token, func(item map[string]any) { found[fmt.Sprint(item["name"])] = true })
	return found
}

// entriesOf gives the names of the roles whose making was recorded: the object of an entry ends in the name.
func entriesOf(t *testing.T, url, token string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	pages(t, url, "/api/v1/audit?operation=roles.create&outcome=done", token, func(item map[string]any) {
		object := fmt.Sprint(item["object"])
		found[object[strings.LastIndex(object, "/")+1:]] = true
	})
	return found
}

// pages walks a list of our own to its end.
func pages(t *testing.T, url, path, token string, each func(map[string]any)) {
	t.Helper()
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	cursor := ""
	for {
		request, err := http.NewRequest(http.MethodGet, url+path+separator+"limit=500"+cursor, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		var page struct {
			Items []map[string]any `json:"items"`
			Next  string           `json:"next"`
		}
		err = json.NewDecoder(answer.Body).Decode(&page)
		answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatalf("GET %s: %s, %v", path, answer.Status, err)
		}
		for _, item := range page.Items {
			each(item)
		}
		if page.Next == "" {
			return
		}
		cursor = "&cursor=" + page.Next
	}
}

// cli runs the binary and gives its standard output.
func cli(t testing.TB, args ...string) string {
	t.Helper()
	var out, errs strings.Builder
	command := exec.Command(program, args...)
	command.Stdout, command.Stderr = &out, &errs
	if err := command.Run(); err != nil {
		t.Fatalf("bailiwick %s: %v\n%s%s", strings.Join(args, " "), err, out.String(), errs.String())
	}
	return out.String()
}
