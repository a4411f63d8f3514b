package main

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/notify"
	"github.com/bailiwick/bailiwick/internal/response"
	"github.com/bailiwick/bailiwick/rbac"
)

// executorConfig is one executor of approved actions, as the configuration names it. The first that takes an action gets it.
type executorConfig struct {
	Name      string        `yaml:"name"`
	Kind      string        `yaml:"kind"` // webhook or graph
	Workloads []string      `yaml:"workloads"`
	Actions   []string      `yaml:"actions"`
	Timeout   time.Duration `yaml:"timeout"`

	URL        string `yaml:"url"` // of a webhook
	SecretFile string `yaml:"secretFile"`

	BaseURL          string `yaml:"baseUrl"` // of the product's API
	TokenURL         string `yaml:"tokenUrl"`
	ClientID         string `yaml:"clientId"`
	ClientSecretFile string `yaml:"clientSecretFile"`
	Scope            string `yaml:"scope"`
}

var executorKeys = []string{"name", "kind", "workloads", "actions", "timeout", "url", "secretFile", "baseUrl", "tokenUrl", "clientId", "clientSecretFile", "scope"}

// executors makes those of the configuration; in the demo there is a small one on this machine, which takes notifications too. stop
// ends it.
func (p *program) executors(c config, demo bool) (list []response.Routed, chat *notify.Webhook, stop func(), err error) {
	stop = func() {}
	seen := map[string]bool{response.ByHand: true}
	for i, e := range c.Executors {
		where := fmt.Sprintf("executors[%d]", i)
		if e.Name == "" || len(e.Name) > 100 || seen[e.Name] {
			return nil, nil, stop, refuse("%s: name %q: want one of its own, of at most 100 bytes, and not %q", where, e.Name, response.ByHand)
		}
		seen[e.Name] = true
		r, err := e.routed(p.now)
		if err != nil {
			return nil, nil, stop, refuse("%s (%s): %w", where, e.Name, err)
		}
		list = append(list, r)
	}
	if demo {
		r, chat, end, err := p.demoResponder()
		if err != nil {
			return nil, nil, stop, err
		}
		return append(list, r), chat, end, nil
	}
	return list, nil, stop, nil
}

func (e executorConfig) routed(now func() time.Time) (response.Routed, error) {
	r := response.Routed{Name: e.Name, Types: e.Actions, Patience: e.Timeout}
	for _, name := range e.Workloads {
		w, ok := rbac.ParseWorkload(name)
		if !ok || !slices.Contains(rbac.Workloads, w) {
			return r, fmt.Errorf("workload %q: want endpoint, office365, cloudapps or identity", name)
		}
		r.Workloads = append(r.Workloads, w)
	}
	for _, name := range e.Actions {
		if _, ok := response.KindOf(name); !ok {
			var names []string
			for _, k := range response.Kinds {
				names = append(names, k.Name)
			}
			return r, fmt.Errorf("action %q%s", name, suggest(name, names))
		}
	}
	if e.Timeout < 0 || e.Timeout > 30*24*time.Hour {
		return r, fmt.Errorf("timeout %s: want at most 720h", e.Timeout)
	}
	switch e.Kind {
	case "webhook":
		if err := wantHTTPS("url", e.URL); err != nil {
			return r, err
		}
		secret, err := secretOf("secretFile", e.SecretFile)
		if err != nil {
			return r, err
		}
		if len(secret) < 16 {
			return r, fmt.Errorf("secretFile %s: want a secret of at least 16 bytes", e.SecretFile)
		}
		r.Executor = response.NewWebhook(e.URL, secret, now)
	case "graph":
		for name, value := range map[string]string{"baseUrl": e.BaseURL, "tokenUrl": e.TokenURL} {
			if err := wantHTTPS(name, value); err != nil {
				return r, err
			}
		}
		secret, err := secretOf("clientSecretFile", e.ClientSecretFile)
		if err != nil {
			return r, err
		}
		if e.ClientID == "" {
			return r, fmt.Errorf("clientId is missing")
		}
		if e.Scope == "" {
			e.Scope = strings.TrimSuffix(e.BaseURL, "/") + "/.default"
		}
		g, err := response.NewGraph(response.GraphConfig{BaseURL: e.BaseURL, TokenURL: e.TokenURL, ClientID: e.ClientID, ClientSecret: string(secret), Scope: e.Scope})
		if err != nil {
			return r, err
		}
		r.Executor = g
	default:
		return r, fmt.Errorf("kind %q: want webhook or graph; what no executor takes is done by hand", e.Kind)
	}
	return r, nil
}

// wantHTTPS refuses an address that orders would go to in the clear, unless it is on this machine.
func wantHTTPS(name, text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
		return fmt.Errorf("%s %q: want https://HOST/..., without a user in it", name, text)
	}
	return nil
}

func secretOf(name, file string) ([]byte, error) {
	if file == "" {
		return nil, fmt.Errorf("%s is missing: secrets stand in files of their own", name)
	}
	text, err := os.ReadFile(file)
	return bytes.TrimSpace(text), err
}

// deliver hands approved actions to their executors until ctx ends.
func (p *program) deliver(ctx context.Context, c *centre) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.response.Run(ctx, func(err error) { fmt.Fprintln(terminal{p.err}, "bailiwick: deliver actions:", err) })
	}()
	return func() {
		cancel()
		<-done
	}
}
