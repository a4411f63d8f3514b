package main

import (
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestPlainHTTPIsServedOnLoopbackOnly(t *testing.T) {
	pair := config{TLSCert: "cert.pem", TLSKey: "key.pem"}
	proxied := config{PublicURL: "https://centre.contoso.example", TrustedProxies: []string{"10.0.0.0/8"}}
	for _, c := range []struct {
		name    string
		config  config
		listen  string
		demo    bool
		refused string // a part of the sentence; empty: allowed
	}{
		{"loopback", config{}, "127.0.0.1:8443", false, ""},
		{"loopback of version 6", config{}, "[::1]:8443", false, ""},
		{"localhost", config{}, "localhost:8443", false, ""},
		{"a network", config{}, "10.1.2.3:8443", false, "loopback only"},
		{"every address", config{}, "0.0.0.0:8443", false, "loopback only"},
		{"every address, said with nothing", config{}, ":8443", false, "loopback only"},
		{"a name that may be anything", config{}, "centre.contoso.example:8443", false, "loopback only"},
		{"a network with TLS", pair, "10.1.2.3:8443", false, ""},
		{"half a pair", config{TLSCert: "cert.pem"}, "127.0.0.1:8443", false, "go together"},
		{"behind a proxy", proxied, "0.0.0.0:8443", false, ""},
		{"behind a proxy that nobody named", config{PublicURL: proxied.PublicURL}, "0.0.0.0:8443", false, "loopback only"},
		{"a public address without TLS", config{PublicURL: "http://centre.contoso.example", TrustedProxies: []string{"10.0.0.1"}}, "0.0.0.0:8443", false, "want https"},
		{"a public address with a path", config{PublicURL: "https://contoso.example/centre"}, "127.0.0.1:8443", false, "want https://HOST"},
		{"a proxy that is none", config{PublicURL: proxied.PublicURL, TrustedProxies: []string{"proxy"}}, "127.0.0.1:8443", false, "want an address"},
		{"the demo on loopback", config{}, "127.0.0.1:8443", true, ""},
		{"the demo with TLS on a network", pair, "10.1.2.3:8443", true, "not loopback"},
		{"no port", config{}, "127.0.0.1", false, "want HOST:PORT"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.config.Listen = c.listen
			_, err := c.config.check(c.demo)
			switch {
			case c.refused == "" && err != nil:
				t.Errorf("refused: %v", err)
			case c.refused != "" && (err == nil || !strings.Contains(err.Error(), c.refused)):
				t.Errorf("%v, want a refusal with %q", err, c.refused)
			case err != nil && codeOf(err) != exitRefused:
				t.Errorf("exit code %d, want %d", codeOf(err), exitRefused)
			}
		})
	}
}

func TestProxiesAreAddressesOrRanges(t *testing.T) {
	c := config{Listen: "127.0.0.1:1", TrustedProxies: []string{"10.0.0.0/8", "192.0.2.7"}}
	got, err := c.check(false)
	want := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.7/32")}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
}

func TestTheConfigurationIsStrict(t *testing.T) {
	for _, c := range []struct{ name, text, refused string }{
		{"known keys", "listen: 127.0.0.1:1\ntrustedProxies: [10.0.0.1]\n", ""},
		{"nothing", "", ""},
		{"an unknown key", "listen: 127.0.0.1:1\npublicURL: https://x.example\n", `c.yaml:2: unknown key "publicURL": did you mean "publicUrl"?`},
		{"a key like none", "kubernetes: true\n", "want one of data, listen"},
		{"a list", "- listen\n", "want keys with values"},
		{"a wrong type", "listen: [1]\n", "c.yaml"},
		{"not YAML", "listen: [\n", "c.yaml"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "c.yaml")
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := readConfig(file)
			if (c.refused == "") != (err == nil) || (err != nil && !strings.Contains(err.Error(), c.refused)) {
				t.Errorf("%v, want %q", err, c.refused)
			}
		})
	}
}
