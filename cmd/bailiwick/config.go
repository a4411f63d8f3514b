package main

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/bailiwick/bailiwick/catalog"
)

// config is what serve needs to know. The flags of the same names win over the file.
type config struct {
	Data           string   `yaml:"data"`
	Listen         string   `yaml:"listen"`
	TLSCert        string   `yaml:"tlsCert"`
	TLSKey         string   `yaml:"tlsKey"`
	PublicURL      string   `yaml:"publicUrl"`
	TrustedProxies []string `yaml:"trustedProxies"`

	Executors     []executorConfig   `yaml:"executors"`
	Notifications notificationConfig `yaml:"notifications"`
	Events        eventsConfig       `yaml:"events"`
}

var configKeys = []string{"data", "listen", "tlsCert", "tlsKey", "publicUrl", "trustedProxies", "executors", "notifications", "events"}

// readConfig reads the configuration file strictly: a key that is not known is an error, because a misspelt
// publicUrl that is silently passed over is a server that trusts the wrong origin.
func readConfig(name string) (config, error) {
	var c config
	text, err := os.ReadFile(name)
	if err != nil {
		return c, refuse("read the configuration: %w", err)
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return c, refuse("read the configuration %s: %w", name, err)
	}
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		mapping, ok := doc.Body.(*ast.MappingNode)
		if !ok {
			return c, refuse("%s:%d: want keys with values", name, doc.Body.GetToken().Position.Line)
		}
		for _, pair := range mapping.Values {
			key := pair.Key.GetToken()
			if !slices.Contains(configKeys, key.Value) {
				return c, refuse("%s:%d: unknown key %q%s", name, key.Position.Line, key.Value, suggest(key.Value, configKeys))
			}
			if known := map[string]func(string, ast.Node) error{"executors": knownExecutorKeys, "notifications": knownNotificationKeys, "events": knownEventsKeys}[key.Value]; known != nil {
				if err := known(name, pair.Value); err != nil {
					return c, err
				}
			}
		}
	}
	if err := yaml.Unmarshal(text, &c); err != nil {
		return c, refuse("read the configuration %s: %w", name, err)
	}
	return c, nil
}

// knownExecutorKeys refuses a key of an executor that is not known.
func knownExecutorKeys(name string, value ast.Node) error {
	return eachOf(name, "executors", value, func(item ast.Node) error { return knownKeys(name, "executors", item, executorKeys, nil) })
}

// check refuses a server that would speak plain HTTP to a network: passwords and cookies would go over it.
func (c config) check(demo bool) ([]netip.Prefix, error) {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return nil, refuse("listen on %q: want HOST:PORT", c.Listen)
	}
	loopback := isLoopback(host)
	if demo && !loopback {
		return nil, refuse("the demo lets everyone be anyone, so it listens on loopback only: %q is not loopback", c.Listen)
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return nil, refuse("tls-cert and tls-key go together: only one of them is given")
	}
	if !loopback && c.TLSCert == "" && (c.PublicURL == "" || len(c.TrustedProxies) == 0) {
		return nil, refuse("listen on %s: plain HTTP is served on loopback only: give --tls-cert and --tls-key, or publicUrl and trustedProxies for a proxy that does TLS", c.Listen)
	}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || (u.Path != "" && u.Path != "/") {
			return nil, refuse("publicUrl %q: want https://HOST", c.PublicURL)
		}
		if u.Scheme == "http" && !isLoopback(u.Hostname()) {
			return nil, refuse("publicUrl %q: want https", c.PublicURL)
		}
	}
	var proxies []netip.Prefix
	for _, text := range c.TrustedProxies {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			address, second := netip.ParseAddr(text)
			if second != nil {
				return nil, refuse("trustedProxies: %q: want an address or a range such as 10.0.0.0/8", text)
			}
			prefix = netip.PrefixFrom(address, address.BitLen())
		}
		proxies = append(proxies, prefix)
	}
	return proxies, nil
}

// isLoopback is about the text that was given, not about what a name may resolve to at another moment.
func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}

// suggest ends a sentence about an unknown word with the one that was probably meant, or with all there are.
func suggest(word string, known []string) string {
	if near := catalog.Nearest(word, known); near != "" {
		return fmt.Sprintf(": did you mean %q?", near)
	}
	return ": want one of " + strings.Join(known, ", ")
}
