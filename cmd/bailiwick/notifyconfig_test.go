package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestTheConfigurationOfNotifications(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"secret": "sixteen bytes or more\n", "short": "short", "password": "pass\n", "empty": "\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name, text string
		says       string // empty: it is taken
	}{
		{"nothing", "", ""},
		{"a mail server", "mail: {server: 'smtp.x.example:587', from: soc@x.example}", ""},
		{"all of it", "mail: {server: 'smtp.x.example:465', tls: implicit, user: u, passwordFile: DIR/password, from: Bailiwick <soc@x.example>, domains: [x.example]}\n  webhooks: [{name: chat, url: 'https://hooks.x.example/a', secretFile: DIR/secret}]", ""},
		{"in the clear on this machine", "mail: {server: 'localhost:25', tls: none, from: soc@x.example}", ""},
		{"a webhook within", "webhooks: [{name: soar, url: 'http://127.0.0.1:9/', secretFile: DIR/secret, privateNetwork: true}]", ""},
		{"a misspelt key", "male: {}", `unknown key "male": did you mean "mail"?`},
		{"a misspelt key of mail", "mail: {sever: x}", `did you mean "server"?`},
		{"a misspelt key of a webhook", "webhooks: [{nane: x}]", `did you mean "name"?`},
		{"webhooks that are no list", "webhooks: {name: x}", "want a list"},
		{"mail that is no mapping", "mail: smtp.x.example", "want keys with values"},
		{"no server", "mail: {from: soc@x.example}", "want HOST:PORT"},
		{"a server without a port", "mail: {server: smtp.x.example, from: soc@x.example}", "want HOST:PORT"},
		{"nobody as sender", "mail: {server: 'smtp.x.example:587'}", "from"},
		{"a sender with a header", `mail: {server: 'smtp.x.example:587', from: "a@x.example\r\nBcc: b@x.example"}`, "from"},
		{"in the clear over the network", "mail: {server: 'smtp.x.example:25', tls: none, from: soc@x.example}", "in the clear"},
		{"a password in the clear", "mail: {server: 'localhost:25', tls: none, from: soc@x.example, user: u, passwordFile: DIR/password}", "in the clear"},
		{"an unknown tls", "mail: {server: 'smtp.x.example:25', tls: maybe, from: soc@x.example}", "want starttls, implicit or none"},
		{"half an account", "mail: {server: 'smtp.x.example:25', from: soc@x.example, user: u}", "go together"},
		{"no password", "mail: {server: 'smtp.x.example:25', from: soc@x.example, user: u, passwordFile: DIR/none}", "no such file"},
		{"an empty password", "mail: {server: 'smtp.x.example:25', from: soc@x.example, user: u, passwordFile: DIR/empty}", "is empty"},
		{"no certificate", "mail: {server: 'smtp.x.example:25', from: soc@x.example, caFile: DIR/secret}", "no certificate"},
		{"an address as domain", "mail: {server: 'smtp.x.example:25', from: soc@x.example, domains: ['a@x.example']}", "want a domain"},
		{"a webhook without a name", "webhooks: [{url: 'https://x.example', secretFile: DIR/secret}]", "want one of its own"},
		{"two of a name", "webhooks: [{name: a, url: 'https://x.example', secretFile: DIR/secret}, {name: a, url: 'https://x.example', secretFile: DIR/secret}]", "webhooks[1]"},
		{"a webhook in the clear", "webhooks: [{name: a, url: 'http://x.example', secretFile: DIR/secret}]", "want https"},
		{"a webhook of a file", "webhooks: [{name: a, url: 'file:///etc/passwd', secretFile: DIR/secret}]", "want https"},
		{"a webhook with a user in it", "webhooks: [{name: a, url: 'https://u:p@x.example', secretFile: DIR/secret}]", "without a user"},
		{"a webhook without a secret", "webhooks: [{name: a, url: 'https://x.example'}]", "secretFile is missing"},
		{"a short secret", "webhooks: [{name: a, url: 'https://x.example', secretFile: DIR/short}]", "at least 16 bytes"},
	} {
		file := filepath.Join(dir, "config.yaml")
		if err := os.WriteFile(file, []byte("listen: 127.0.0.1:0\nnotifications:\n  "+strings.ReplaceAll(c.text, "DIR", dir)+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if c.text == "" {
			_ = os.WriteFile(file, []byte("listen: 127.0.0.1:0\n"), 0o600)
		}
		read, err := readConfig(file)
		if err == nil {
			_, _, err = (&program{now: time.Now}).notifiers(read.Notifications)
		}
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		}
	}
}
