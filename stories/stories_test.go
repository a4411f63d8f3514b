// Package stories tells what the product does, one script a story, against the real binary: one for each sentence of
// the document and one for each attack. Most of them happen at Contoso, the demo's company, whose policy file lies in
// every story's folder as contoso.yaml. The scripts are in testdata; besides testscript's own commands they have
//
//	http     a client: http [-t TOKEN] [-j JAR] [-H 'Name: value'] [-d BODY] [-f FILE] [-o FILE] METHOD PATH
//	serve    start the server on the story's data and wait until it answers; sets URL
//	stop     ask it to end, and see that it does; crash ends it as a power cut would
//	token    token NAME UPN: make an API token and keep it in the variable NAME
//	allowed  ask `bailiwick can`; fails unless it says allowed, and exits with 0; denied likewise with 1
//	refused  run bailiwick; fails unless it exits with 2, and so did nothing
//	exits    run bailiwick; fails unless it exits with the given code
//	roleid   roleid NAME WORKLOAD ROLE: keep a role's id in a variable
//	incidentid  incidentid NAME TOKEN ALERT: keep the id of the incident that an alert is in, in a variable
//	etag     etag NAME TOKEN PATH: keep the mark of an object's present state
//	samples  copy the documented samples into the story's folder
//	mailserver  mailserver CONFIG: start a mail server and fill its address into a configuration
//	mails    mails N: wait for that many mails and print them; mails refuse, mails accept: what the mail server answers
//	now      now FILE: write the time where the file says NOW
//	eventually  eventually TEXT ARGS...: run bailiwick until it prints the text
package stories

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/bailiwick/bailiwick/internal/mailtest"
)

// program is the built binary.
var program string

var update = flag.Bool("update", false, "write the golden parts of the scripts again")

func TestMain(m *testing.M) {
	testscript.Main(builder{m}, map[string]func(){"http": httpMain})
}

// builder builds the binary once, before the first story.
type builder struct{ m *testing.M }

func (b builder) Run() int {
	dir, err := os.MkdirTemp("", "bailiwick-stories-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "bailiwick")
	build := exec.Command("go", "build", "-o", program, "../cmd/bailiwick")
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build the program:", err)
		return 1
	}
	return b.m.Run()
}

func TestStories(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		UpdateScripts:       *update,
		RequireUniqueNames:  true,
		RequireExplicitExec: false,
		Setup:               setup,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve": serve, "stop": stop, "crash": crash, "token": token, "samples": samples, "hugefile": hugefile,
			"allowed": asks("allowed", 0), "denied": asks("denied", 1), "refused": refused, "exits": exits, "roleid": roleid, "incidentid": incidentid, "etag": etag,
			"mailserver": mailserver, "mails": mails, "now": now, "eventually": eventually,
		},
	})
}

func setup(env *testscript.Env) error {
	env.Setenv("PATH", filepath.Dir(program)+string(os.PathListSeparator)+env.Getenv("PATH"))
	env.Setenv("DATA", filepath.Join(env.WorkDir, "data"))
	env.Setenv("BAILIWICK_DATA", filepath.Join(env.WorkDir, "data"))
	env.Setenv("USER", "storyteller")
	examples, err := filepath.Abs(filepath.Join("..", "docs", "examples", "imports"))
	if err != nil {
		return err
	}
	env.Setenv("EXAMPLES", examples)
	env.Setenv("THREATS", filepath.Join(filepath.Dir(examples), "threats"))
	env.Values[serverKey{}] = &server{}
	env.Values[mailKey{}] = new(*mailtest.Server)
	contoso, err := os.ReadFile(filepath.Join("..", "internal", "demo", "contoso.yaml"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(env.WorkDir, "contoso.yaml"), contoso, 0o644)
}

// token makes a token by the command line and keeps it in a variable.
func token(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: token NAME UPN [flags]")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	command := exec.CommandContext(ctx, program, append([]string{"token", "create", "--data", ts.Getenv("DATA"), "--user", args[1]}, args[2:]...)...)
	command.Stderr = ts.Stderr()
	out, err := command.Output()
	ts.Check(err)
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(lines) != 1 || !strings.HasPrefix(lines[0], "blwk_") {
		ts.Fatalf("token create printed %q, want one token and nothing else", out)
	}
	ts.Setenv(args[0], lines[0])
}

// asks makes a command that asks `bailiwick can` and insists on the answer: a crash is not a no.
func asks(word string, code int) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg {
			ts.Fatalf("say allowed or denied, not their opposites")
		}
		out, got := execute(ts, append([]string{"can"}, args...))
		if first, _, _ := strings.Cut(out, "\n"); got != code || !strings.HasPrefix(first, word) {
			ts.Fatalf("bailiwick can %s: exit %d and %q, want exit %d and %q", strings.Join(args, " "), got, out, code, word)
		}
	}
}

func refused(ts *testscript.TestScript, neg bool, args []string) {
	if out, got := execute(ts, args); neg || got != 2 {
		ts.Fatalf("bailiwick %s: exit %d, want 2\n%s", strings.Join(args, " "), got, out)
	}
}

// exits runs bailiwick and insists on an exit code: exits CODE ARGS...
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if out, got := execute(ts, args[1:]); neg || strconv.Itoa(got) != args[0] {
		ts.Fatalf("bailiwick %s: exit %d, want %s\n%s", strings.Join(args[1:], " "), got, args[0], out)
	}
}

// roleid finds a role's id and keeps it in a variable: roleid NAME WORKLOAD ROLE. It asks as Ada, who may see all.
func roleid(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: roleid NAME WORKLOAD ROLE")
	}
	token(ts, false, []string{"ROLEID_TOKEN", "ada@contoso.example"})
	request, err := http.NewRequest(http.MethodGet, ts.Getenv("URL")+"/api/v1/roles?limit=1000", nil)
	ts.Check(err)
	request.Header.Set("Authorization", "Bearer "+ts.Getenv("ROLEID_TOKEN"))
	answer, err := http.DefaultClient.Do(request)
	ts.Check(err)
	defer answer.Body.Close()
	var list struct {
		Items []struct{ ID, Workload, Name string } `json:"items"`
	}
	ts.Check(json.NewDecoder(answer.Body).Decode(&list))
	for _, r := range list.Items {
		if r.Workload == args[1] && r.Name == args[2] {
			ts.Setenv(args[0], r.ID)
			return
		}
	}
	ts.Fatalf("no role %s in %s among %d", args[2], args[1], len(list.Items))
}

// incidentid asks which incident an alert is in.
func incidentid(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: incidentid NAME TOKEN ALERT")
	}
	answer := got(ts, args[1], "/v1.0/security/alerts_v2/"+args[2])
	defer answer.Body.Close()
	var alert struct{ IncidentID string }
	ts.Check(json.NewDecoder(answer.Body).Decode(&alert))
	if alert.IncidentID == "" {
		ts.Fatalf("alert %s: %s, and no incident", args[2], answer.Status)
	}
	ts.Setenv(args[0], alert.IncidentID)
}

// etag asks for the mark of an object.
func etag(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: etag NAME TOKEN PATH")
	}
	answer := got(ts, args[1], args[2])
	answer.Body.Close()
	ts.Setenv(args[0], answer.Header.Get("ETag"))
}

func got(ts *testscript.TestScript, token, path string) *http.Response {
	request, err := http.NewRequest(http.MethodGet, ts.Getenv("URL")+path, nil)
	ts.Check(err)
	request.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(request)
	ts.Check(err)
	return answer
}

// execute runs the binary in the story's folder and environment.
func execute(ts *testscript.TestScript, args []string) (string, int) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, program, args...)
	command.Dir = ts.MkAbs(".")
	command.Env = append(os.Environ(), "BAILIWICK_DATA="+ts.Getenv("DATA"), "BAILIWICK_TOKEN="+ts.Getenv("BAILIWICK_TOKEN"))
	var out strings.Builder
	command.Stdout = io.MultiWriter(&out, ts.Stdout())
	command.Stderr = ts.Stderr()
	if err := command.Run(); err != nil && command.ProcessState == nil {
		ts.Fatalf("run bailiwick: %v", err)
	}
	return out.String(), command.ProcessState.ExitCode()
}

// samples copies the documented samples.
func samples(ts *testscript.TestScript, _ bool, _ []string) {
	from := filepath.Join("..", "internal", "demo", "samples")
	files, err := os.ReadDir(from)
	ts.Check(err)
	ts.Check(os.MkdirAll(ts.MkAbs("samples"), 0o755))
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(from, f.Name()))
		ts.Check(err)
		ts.Check(os.WriteFile(ts.MkAbs(filepath.Join("samples", f.Name())), text, 0o644))
	}
}

// hugefile makes a file of so many megabytes that begins like a policy file.
func hugefile(ts *testscript.TestScript, _ bool, args []string) {
	var name string
	var megabytes int64
	if _, err := fmt.Sscan(strings.Join(args, " "), &name, &megabytes); err != nil {
		ts.Fatalf("usage: hugefile NAME MEGABYTES: %v", err)
	}
	f, err := os.Create(ts.MkAbs(name))
	ts.Check(err)
	defer f.Close()
	_, err = f.WriteString("apiVersion: bailiwick/v1\nusers:\n")
	ts.Check(err)
	line := strings.Repeat("  - {name: someone@contoso.example, displayName: Someone}\n", 1000)
	for written := int64(0); written < megabytes<<20; written += int64(len(line)) {
		_, err = f.WriteString(line)
		ts.Check(err)
	}
}
