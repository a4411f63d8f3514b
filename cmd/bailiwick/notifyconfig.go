package main

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/bailiwick/bailiwick/internal/notify"
)

// notificationConfig is how people are told of alerts, as the configuration says it.
type notificationConfig struct {
	Mail     *mailConfig     `yaml:"mail"`
	Webhooks []webhookConfig `yaml:"webhooks"`
}

type mailConfig struct {
	Server       string   `yaml:"server"` // HOST:PORT
	TLS          string   `yaml:"tls"`
	CAFile       string   `yaml:"caFile"`
	User         string   `yaml:"user"`
	PasswordFile string   `yaml:"passwordFile"`
	From         string   `yaml:"from"`
	Domains      []string `yaml:"domains"`
}

type webhookConfig struct {
	Name           string `yaml:"name"`
	URL            string `yaml:"url"`
	SecretFile     string `yaml:"secretFile"`
	PrivateNetwork bool   `yaml:"privateNetwork"` // its address is within the centre's own network
}

var (
	notificationKeys = []string{"mail", "webhooks"}
	mailKeys         = []string{"server", "tls", "caFile", "user", "passwordFile", "from", "domains"}
	webhookKeys      = []string{"name", "url", "secretFile", "privateNetwork"}
)

// knownNotificationKeys refuses a key that is not known.
func knownNotificationKeys(name string, value ast.Node) error {
	return knownKeys(name, "notifications", value, notificationKeys, func(key string, value ast.Node) error {
		if key == "mail" {
			return knownKeys(name, "notifications.mail", value, mailKeys, nil)
		}
		return eachOf(name, "notifications.webhooks", value, func(item ast.Node) error { return knownKeys(name, "notifications.webhooks", item, webhookKeys, nil) })
	})
}

// knownKeys refuses a mapping with other keys, and has each value of it looked at.
func knownKeys(name, what string, value ast.Node, keys []string, each func(key string, value ast.Node) error) error {
	mapping, ok := value.(ast.MapNode)
	if !ok {
		return refuse("%s:%d: %s: want keys with values", name, value.GetToken().Position.Line, what)
	}
	for pairs := mapping.MapRange(); pairs.Next(); {
		key := pairs.Key().GetToken()
		if !slices.Contains(keys, key.Value) {
			return refuse("%s:%d: unknown key %q%s", name, key.Position.Line, key.Value, suggest(key.Value, keys))
		}
		if each != nil {
			if err := each(key.Value, pairs.Value()); err != nil {
				return err
			}
		}
	}
	return nil
}

// eachOf has each item of a list looked at.
func eachOf(name, what string, value ast.Node, each func(ast.Node) error) error {
	list, ok := value.(*ast.SequenceNode)
	if !ok {
		return refuse("%s:%d: %s: want a list", name, value.GetToken().Position.Line, what)
	}
	for _, item := range list.Values {
		if err := each(item); err != nil {
			return err
		}
	}
	return nil
}

// notifiers makes the mail server and the webhooks of the configuration.
func (p *program) notifiers(c notificationConfig) (mailer *notify.Mailer, hooks []*notify.Webhook, err error) {
	if c.Mail != nil {
		if mailer, err = c.Mail.mailer(); err != nil {
			return nil, nil, refuse("notifications.mail: %w", err)
		}
	}
	seen := map[string]bool{}
	for i, w := range c.Webhooks {
		where := fmt.Sprintf("notifications.webhooks[%d]", i)
		if w.Name == "" || len(w.Name) > 100 || seen[w.Name] || oneLine(w.Name) != w.Name {
			return nil, nil, refuse("%s: name %q: want one of its own, printable, of at most 100 bytes", where, w.Name)
		}
		seen[w.Name] = true
		hook, err := w.hook(p.now)
		if err != nil {
			return nil, nil, refuse("%s (%s): %w", where, w.Name, err)
		}
		hooks = append(hooks, hook)
	}
	return mailer, hooks, nil
}

func (c *mailConfig) mailer() (*notify.Mailer, error) {
	m := notify.MailConfig{TLS: c.TLS, User: c.User, From: c.From, Domains: c.Domains}
	if m.TLS == "" {
		m.TLS = notify.StartTLS
	}
	host, port, err := net.SplitHostPort(c.Server)
	if m.Host = host; err == nil {
		m.Port, err = strconv.Atoi(port)
	}
	if err != nil || host == "" || m.Port < 1 || m.Port > 65535 {
		return nil, fmt.Errorf("server %q: want HOST:PORT, such as smtp.contoso.example:587", c.Server)
	}
	if m.TLS == notify.Plain && !isLoopback(host) {
		return nil, fmt.Errorf("tls none: mail to %s would go over the network in the clear: want %s or %s", host, notify.StartTLS, notify.ImplicitTLS)
	}
	if (c.User == "") != (c.PasswordFile == "") {
		return nil, fmt.Errorf("user and passwordFile go together: only one of them is given")
	}
	if c.User != "" {
		if m.TLS == notify.Plain {
			return nil, fmt.Errorf("user %q: a password is not sent in the clear: want tls %s or %s", c.User, notify.StartTLS, notify.ImplicitTLS)
		}
		password, err := secretOf("passwordFile", c.PasswordFile)
		if err != nil {
			return nil, err
		}
		if m.Password = string(password); m.Password == "" {
			return nil, fmt.Errorf("passwordFile %s is empty", c.PasswordFile)
		}
	}
	if c.CAFile != "" {
		text, err := os.ReadFile(c.CAFile)
		if err != nil {
			return nil, err
		}
		if m.Roots = x509.NewCertPool(); !m.Roots.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("caFile %s: no certificate in it (PEM)", c.CAFile)
		}
	}
	for i, d := range c.Domains {
		if d == "" || strings.ContainsAny(d, "@ ") {
			return nil, fmt.Errorf("domains[%d]: %q: want a domain, such as contoso.example", i, d)
		}
	}
	return notify.NewMailer(m)
}

func (w webhookConfig) hook(now func() time.Time) (*notify.Webhook, error) {
	if err := wantHTTPS("url", w.URL); err != nil {
		return nil, err
	}
	secret, err := secretOf("secretFile", w.SecretFile)
	if err != nil {
		return nil, err
	}
	if len(secret) < 16 {
		return nil, fmt.Errorf("secretFile %s: want a secret of at least 16 bytes", w.SecretFile)
	}
	return notify.NewWebhook(w.Name, w.URL, secret, w.PrivateNetwork, now), nil
}

// tell tells people of alerts until ctx ends.
func (p *program) tell(ctx context.Context, c *centre) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.notify.Run(ctx, func(err error) { fmt.Fprintln(terminal{p.err}, "bailiwick: notify:", err) })
	}()
	return func() {
		cancel()
		<-done
	}
}
