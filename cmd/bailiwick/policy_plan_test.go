package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whoever alters a plan can count its hash anew. What it then does is not what it says, and it is not done.
func TestAForgedPlanIsRefusedHoweverWellItIsHashed(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("BAILIWICK_SERVER", "")
	file := func(name string) string { return filepath.Join(dir, name) }
	write := func(name, text string) {
		if err := os.WriteFile(file(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command := func(args ...string) (int, string) {
		var out bytes.Buffer
		code := run(context.Background(), append([]string{"--data", file("data")}, args...), strings.NewReader(""), &out, &out)
		return code, out.String()
	}
	forge := func(change func(*planFile)) {
		text, err := os.ReadFile(file("good.plan"))
		if err != nil {
			t.Fatal(err)
		}
		var plan planFile
		if err := json.Unmarshal(text, &plan); err != nil {
			t.Fatal(err)
		}
		change(&plan)
		plan.Hash = plan.sum()
		if text, err = plan.text(); err != nil {
			t.Fatal(err)
		}
		write("forged.plan", string(text))
	}
	write("base.yaml", "apiVersion: bailiwick/v1\nusers:\n  - {name: ada@x, globalRoles: [Global Administrator]}\n  - {name: noah@x}\n")
	write("more.yaml", "apiVersion: bailiwick/v1\nusers:\n  - {name: noah@x, globalRoles: [Security Reader]}\n")
	if code, out := command("apply", "-f", file("base.yaml")); code != exitDone {
		t.Fatal(code, out)
	}
	if code, out := command("plan", "-f", file("more.yaml"), "--out", file("good.plan")); code != exitDone {
		t.Fatal(code, out)
	}
	for name, change := range map[string]func(*planFile){
		"another policy than it says": func(p *planFile) {
			p.File.Text = strings.Replace(p.File.Text, "Security Reader", "Global Administrator", 1)
		},
		"says that nobody gains":         func(p *planFile) { p.Plan.Users, p.Plan.Total, p.Plan.Gaining = []userChange{}, 0, 0 },
		"says less than it does":         func(p *planFile) { p.Plan.Summary = []string{"~ user noah@x: displayName \"Noah\""} },
		"prunes what it says nothing of": func(p *planFile) { p.File.Prune = true },
	} {
		forge(change)
		if code, out := command("apply", file("forged.plan")); code != exitRefused || !strings.Contains(out, "refus") && !strings.Contains(out, "does not come to what it says") && !strings.Contains(out, "last Global Administrator") {
			t.Errorf("%s: exit %d, %s", name, code, out)
		}
	}
	// A key that stands twice shows one thing and would be read as another.
	text, err := os.ReadFile(file("good.plan"))
	if err != nil {
		t.Fatal(err)
	}
	write("twice.plan", strings.Replace(string(text), "{\n", "{\n  \"plan\": {\"summary\": [\"nothing\"]},\n", 1))
	if code, out := command("apply", file("twice.plan")); code != exitRefused || !strings.Contains(out, "plan is there twice") {
		t.Errorf("twice: exit %d, %s", code, out)
	}
	if code, out := command("can", "noah@x", "investigation.view", "office365"); code != exitNo {
		t.Errorf("a forged plan acted: exit %d, %s", code, out)
	}
	if code, out := command("apply", file("good.plan")); code != exitDone {
		t.Errorf("the plan itself: exit %d, %s", code, out)
	}
}
