package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/bailiwick/bailiwick/internal/hostile"
)

// What strangers write draws nothing on a terminal and makes no line of its own, in tables, in JSON and in errors.
func TestHostileTextDoesNothingToATerminal(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("BAILIWICK_SERVER", "")
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	command := func(args ...string) string {
		t.Helper()
		var out bytes.Buffer
		run(context.Background(), append([]string{"--data", filepath.Join(dir, "data")}, args...), strings.NewReader(""), &out, &out)
		if bad := strings.IndexFunc(out.String(), func(r rune) bool {
			return r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp) || unicode.Is(unicode.Cf, r) && r != '\u200d' && r != '\u200c')
		}); bad >= 0 {
			t.Errorf("%.3q prints %q", args, out.String()[max(0, bad-40):min(out.Len(), bad+20)])
		}
		return out.String()
	}
	template, err := os.ReadFile("../../internal/hostile/records.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var records, policy strings.Builder
	policy.WriteString("apiVersion: bailiwick/v1\nusers: [{name: ada@x, globalRoles: [Global Administrator]}]\ngroups:\n")
	texts := hostile.Texts()
	for n, text := range texts {
		records.Write(hostile.Spoil(template, fmt.Sprint(n), text))
		if !strings.ContainsFunc(text.Text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) && text.Kind != "surrogate" && text.Kind != "nul" {
			quoted, _ := json.Marshal(text.Text) // which is YAML, too
			fmt.Fprintf(&policy, "  - {name: group %d, description: %s}\n", n, quoted)
		}
	}
	hostileType := `{"id":"odd\u001b[2J\nid","workload":"endpoint","actionType":"type\u001b[2J\n\u202e","status":"succeeded","createdDateTime":"2026-02-01T00:00:00Z"}`
	first := command("plan", "-f", file("policy.yaml", policy.String()))
	if got := strings.Count(first, "+ group"); got < 50 {
		t.Fatalf("%d groups are planned: %.2000s", got, first)
	}
	command("apply", "-f", file("policy.yaml", policy.String()))
	command("load", file("records.jsonl", records.String()+hostileType+"\n"))
	lines := strings.Split(strings.TrimSuffix(command("actions", "list", "--limit", "1000"), "\n"), "\n")
	if len(lines) != 2*len(texts)+1 {
		t.Errorf("%d lines for %d actions", len(lines), 2*len(texts)+1)
	}
	for _, format := range []string{"text", "json"} {
		for _, args := range [][]string{{"actions", "list"}, {"actions", "list", "--search", "\x1b[2J\u202e"}, {"actions", "show", "odd\x1b[2J\nid"}, {"actions", "show", "\x1b[2J\u202e"}, {"audit", "list"}, {"groups", "rename", "group 0", "\x1b[2J"}, {"can", "\x1b[2J", "\x1b[2J", "\x1b[2J"}, {"explain", "ada@x", "roles.view", "\u009b31m"}, {"load", file("bad\x1b[2J.json", "{\"id\":\"\\u001b[2J\",\"serviceSource\":\"\\u001b[2J\",\"createdDateTime\":\"\\u001b[2J\u202e\"}")}, {"apply", "-f", file("bad\x1b[2J.yaml", "apiVersion: bailiwick/v1\nusers: [{name: \"\\e[2J\\u202e\"}]\n\"\u202e\": 1\n")}, {"import", "--from", "\x1b[2J", "nothing"}, {"\x1b[2J"}, {"--\x1b[2J"}, {"can", "--\u202e"}} {
			command(append([]string{"-o", format}, args...)...)
		}
		for n := range texts {
			if n%5 == 0 {
				command("-o", format, "actions", "show", fmt.Sprint("hostile-a", n))
			}
		}
	}
	// JSON is the same text.
	var shown struct{ Subject, Details string }
	var out bytes.Buffer
	run(context.Background(), []string{"--data", filepath.Join(dir, "data"), "-o", "json", "actions", "show", "hostile-a9"}, strings.NewReader(""), &out, &out)
	if err := json.Unmarshal(out.Bytes(), &shown); err != nil || shown.Details != texts[9].Text {
		t.Errorf("%v: %q is %q", err, texts[9].Text, shown.Details)
	}
	// A policy file goes round: what is exported is what is in force.
	file("out.yaml", command("export"))
	if again := command("plan", "-f", filepath.Join(dir, "out.yaml"), "--prune"); !strings.Contains(again, "no change") {
		t.Errorf("the exported file is another policy: %.2000s", again)
	}
}
