package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/demo"
	"github.com/bailiwick/bailiwick/internal/hunting/feeds"
	"github.com/bailiwick/bailiwick/internal/intake"
	"github.com/bailiwick/bailiwick/internal/notify"
	"github.com/bailiwick/bailiwick/internal/server"
	"github.com/bailiwick/bailiwick/internal/store"
)

// demoMark is the file that tells a demo's data directory from a real one.
const demoMark = "this-is-a-demo"

// claimDemo makes the directory the demo's. One that holds anything else is refused: in the demo anyone can be anyone,
// so the demo on real data would be a door without a lock. filled tells that an earlier demo has filled it.
func claimDemo(dir string) (filled bool, err error) {
	mark := filepath.Join(dir, demoMark)
	if _, err := os.Stat(mark); err == nil {
		return true, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return false, fmt.Errorf("look into the demo's data directory: %w", err)
	}
	if len(entries) > 0 {
		return false, refuse("serve the demo on %s: it holds something else, and in the demo anyone can be anyone: want an empty directory", dir)
	}
	return false, prepareDirectory(dir, true)
}

// markDemo is done last: a directory that was only half filled is not taken for a demo, nor for anything else.
func markDemo(dir string) error {
	return os.WriteFile(filepath.Join(dir, demoMark), []byte("In this data anyone could be anyone. Do not use it for anything but looking around.\n"), 0o600)
}

// fillDemo applies Contoso's policy file and loads its data: through the doors that everybody's come in by.
func (p *program) fillDemo(ctx context.Context, c *centre) error {
	actor := audit.Actor{Name: "demo", Local: true, Via: audit.ViaSystem}
	if _, err := c.applyPolicy(ctx, actor, policyFile{Name: demo.PolicyName, Text: string(demo.Policy())}); err != nil {
		return err
	}
	for _, set := range demoRules {
		if _, err := c.notify.Create(ctx, actor, set); err != nil {
			return err
		}
	}
	load := func(f demo.File) error {
		_, err := c.loadFile(ctx, actor, f.Name, bytes.NewReader(f.Content), intake.Options{})
		return err
	}
	for _, l := range demo.Lookups(demo.Seed, p.now()) {
		set := feeds.Setting{Name: l.Name, Kind: l.Kind, Readers: l.Readers}
		if l.Address != "" {
			set.Addresses = []string{l.Address}
		}
		f, err := c.feeds.Create(ctx, actor, set)
		if err != nil {
			return err
		}
		if _, err := c.feeds.Load(ctx, actor, f.ID, bytes.NewReader(l.Content)); err != nil {
			return err
		}
	}
	now, done := p.now(), make(chan error, 1)
	go func() { done <- load(demo.Events(demo.Seed, now)) }() // most of it is another store's work
	var failed error
	for _, f := range demo.Files(demo.Seed, now) {
		if failed = load(f); failed != nil {
			break
		}
	}
	if failed = errors.Join(failed, <-done); failed != nil {
		return failed
	}
	return p.fillDetections(ctx, c, actor)
}

// demoRules tell people of the demo's alerts. Uma reaches no device of the first: what it would tell her is withheld.
var demoRules = []notify.Setting{
	{Name: "High on sales devices", On: true, Severities: []string{"high"}, DeviceGroups: []string{"Sales devices"}, Recipients: []store.Recipient{
		{User: "samir@contoso.example", Webhook: demoChat}, {User: "uma@contoso.example", Webhook: demoChat}}},
	{Name: "By mail, when there is a mail server", Severities: []string{"high", "medium"}, Everywhere: true, Recipients: []store.Recipient{{User: "elena@contoso.example"}}},
}

func personas() []server.Persona {
	var all []server.Persona
	for _, d := range demo.Personas() {
		all = append(all, server.Persona{User: d.User, DisplayName: d.DisplayName, Role: d.Role, Description: d.Description})
	}
	return all
}

// demoHelp is what somebody who has just typed `make run` needs to know, on one screen.
func (p *program) demoHelp(address string) {
	fmt.Fprintf(p.out, `Contoso, a made-up company. Open %s and pick a person:

  Elena Rossi    first line, Europe: sees endpoint alerts of European devices
  Uma Patel      first line, United States: the same page, another queue
  Marta Silva    reads mail: a third
  Samir Haddad   sales IT: look at incident 1042 with him, then with
  Ines Costa     who may close it, because she is trusted in every product of it
  Ada Lindqvist  everything: Permissions & roles, Access

There is no password: this is for looking around, on this machine only.

`, address)
}
