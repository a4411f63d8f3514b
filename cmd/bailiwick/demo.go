package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

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

// filling is a demo that is being filled.
type filling struct {
	done chan struct{}
	err  error // once done
}

// fillDemo applies Contoso's policy file and loads its data: through the doors that everybody's come in by. What is hunted in, which is
// most of it, is still coming in when it returns, unless it fails; nothing is to be closed before that is done.
func (p *program) fillDemo(ctx context.Context, c *centre) (*filling, error) {
	actor := audit.Actor{Name: "demo", Local: true, Via: audit.ViaSystem}
	f := &filling{done: make(chan struct{})}
	now := p.now()
	if err := p.fillFirst(ctx, c, actor, now); err != nil {
		return nil, err
	}
	go func() {
		defer close(f.done)
		r, w := io.Pipe()
		go func() { w.CloseWithError(demo.Events(w, demo.Seed, now)) }() // read while they are written
		_, f.err = c.intake.LoadRows(ctx, actor, demo.EventsName, r, intake.Options{})
		r.CloseWithError(f.err)
	}()
	return f, nil
}

// fillFirst fills in all but what is hunted in.
func (p *program) fillFirst(ctx context.Context, c *centre, actor audit.Actor, now time.Time) error {
	if _, err := c.applyPolicy(ctx, actor, policyFile{Name: demo.PolicyName, Text: string(demo.Policy())}); err != nil {
		return err
	}
	for _, set := range demoRules {
		if _, err := c.notify.Create(ctx, actor, set); err != nil {
			return err
		}
	}
	for _, l := range demo.Lookups(demo.Seed, now) {
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
	for _, f := range demo.Files(demo.Seed, now) {
		if _, err := c.intake.Load(ctx, actor, f.Name, bytes.NewReader(f.Content), intake.Options{}); err != nil {
			return err
		}
	}
	return p.fillDetections(ctx, c, actor)
}

// finish waits until all is in the demo's directory, and marks it as filled.
func (f *filling) finish(dir string) error {
	if <-f.done; f.err != nil {
		return fmt.Errorf("fill the demo: %w", f.err)
	}
	if err := markDemo(dir); err != nil {
		return fmt.Errorf("mark the demo's data directory: %w", err)
	}
	return nil
}

// aboutEvents begin the paths of what is about the rows that are hunted in, and of who asks whether all is ready.
var aboutEvents = []string{"/readyz", "/api/v1/hunting/", "/api/v1/events", "/api/v1/detections/", "/v1.0/security/runHuntingQuery", "/beta/security/"}

// before has requests about the rows that are hunted in wait until these are there: some seconds after the server listens.
func (f *filling) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if slices.ContainsFunc(aboutEvents, func(path string) bool { return strings.HasPrefix(r.URL.Path, path) }) {
			select {
			case <-f.done:
			case <-r.Context().Done():
			}
		}
		next.ServeHTTP(w, r)
	})
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
