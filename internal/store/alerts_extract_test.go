package store

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shown writes entities as kind:key, with * if they tie, @ and the device, or ! if nobody knows which.
func shown(list []Entity) string {
	var lines []string
	for _, e := range list {
		line := string(e.Kind) + ":" + e.Key
		if e.Ties {
			line += "*"
		}
		if e.Device != "" {
			line += "@" + e.Device
		}
		if e.Closed {
			line += "!"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, " ")
}

func TestWhatEvidenceNames(t *testing.T) {
	for _, c := range []struct{ name, evidence, want string }{
		{"a person, by all their names", `{"@odata.type":"#microsoft.graph.security.userEvidence","userAccount":{"userPrincipalName":" Ana@X.example ","accountName":"ana","domainName":"X","userSid":"S-1-5-21-1-2-3-1001","azureAdUserId":"AB"}}`,
			"user:ana@x.example* account:aad:ab* account:sid:s-1-5-21-1-2-3-1001*"},
		{"a person of a domain", `{"@odata.type":"#microsoft.graph.security.userEvidence","userAccount":{"accountName":"Ana","domainName":"CORP"}}`, `user:corp\ana*`},
		{"a name that many have", `{"@odata.type":"#microsoft.graph.security.userEvidence","userAccount":{"accountName":"administrator"}}`, "user:administrator"},
		{"the system itself", `{"@odata.type":"#microsoft.graph.security.userEvidence","userAccount":{"accountName":"system","domainName":"NT AUTHORITY","userSid":"S-1-5-18"}}`, ""},
		{"a machine's account", `{"@odata.type":"#microsoft.graph.security.userEvidence","userAccount":{"accountName":"PC1$","domainName":"CORP"}}`, ""},
		{"a bystander", `{"@odata.type":"#microsoft.graph.security.userEvidence","roles":["contextual"],"userAccount":{"userPrincipalName":"a@x"}}`, "user:a@x"},
		{"a bystander that is attacked, too", `{"@odata.type":"#microsoft.graph.security.userEvidence","roles":["contextual","attacked"],"userAccount":{"userPrincipalName":"a@x"}}`, "user:a@x*"},
		{"a message", `{"@odata.type":"#microsoft.graph.security.analyzedMessageEvidence","networkMessageId":"AB-1","recipientEmailAddress":"Ana@x","senderIp":"203.0.113.9","urls":["http://EVIL.example/A#f"]}`,
			"message:ab-1* mailbox:ana@x* ip:203.0.113.9 url:http://evil.example/a"},
		{"a campaign", `{"@odata.type":"#microsoft.graph.security.mailClusterEvidence","networkMessageIds":["1","2"]}`, "message:1* message:2*"},
		{"a file that was found to be bad", `{"@odata.type":"#microsoft.graph.security.fileHashEvidence","verdict":"malicious","algorithm":"md5","value":"D41D8CD98F00B204E9800998ECF8427E"}`, "file:d41d8cd98f00b204e9800998ecf8427e*"},
		{"a file", `{"@odata.type":"#microsoft.graph.security.fileHashEvidence","verdict":"unknown","value":"d41d8cd98f00b204e9800998ecf8427e"}`, "file:d41d8cd98f00b204e9800998ecf8427e"},
		{"a file on a device", `{"@odata.type":"#microsoft.graph.security.fileEvidence","mdeDeviceId":"D1","verdict":"suspicious","fileDetails":{"sha1":"da39a3ee5e6b4b0d3255bfef95601890afd80709"}}`,
			"device:d1*@d1 file:da39a3ee5e6b4b0d3255bfef95601890afd80709*@d1"},
		{"no hash", `{"@odata.type":"#microsoft.graph.security.fileHashEvidence","verdict":"malicious","value":"=cmd()"}`, ""},
		{"an image that everybody has", `{"@odata.type":"#microsoft.graph.security.processEvidence","verdict":"malicious","mdeDeviceId":"D1","imageFile":{"sha1":"da39a3ee5e6b4b0d3255bfef95601890afd80709"},"userAccount":{"accountName":"ana","domainName":"c"}}`,
			`device:d1*@d1 user:c\ana*@d1 file:da39a3ee5e6b4b0d3255bfef95601890afd80709@d1`},
		{"what hides on several devices", `{"@odata.type":"#microsoft.graph.security.malwareEvidence","verdict":"malicious","files":[{"mdeDeviceId":"D1","fileDetails":{"md5":"d41d8cd98f00b204e9800998ecf8427e"}},{"mdeDeviceId":"d2"}]}`,
			"device:d1*! device:d2*! file:d41d8cd98f00b204e9800998ecf8427e*!"},
		{"of a device that it does not name", `{"@odata.type":"#microsoft.graph.security.processEvidence","userAccount":{"userPrincipalName":"a@x"}}`, "user:a@x*!"},
		{"an attacker's address", `{"@odata.type":"#microsoft.graph.security.ipEvidence","verdict":"malicious","ipAddress":"::ffff:203.0.113.9"}`, "ip:203.0.113.9*"},
		{"an address of every network", `{"@odata.type":"#microsoft.graph.security.ipEvidence","verdict":"malicious","ipAddress":"10.0.0.1"}`, "ip:10.0.0.1"},
		{"an app that everybody works in", `{"@odata.type":"#microsoft.graph.security.cloudApplicationEvidence","appId":20892}`, "app:20892"},
		{"an app that somebody made", `{"@odata.type":"#microsoft.graph.security.oauthApplicationEvidence","appId":"G-1"}`, "app:g-1*"},
		{"text that deceives the eye", `{"@odata.type":"#microsoft.graph.security.mailboxEvidence","primaryAddress":"a\u202e@x"}`, ""},
		{"half a character", `{"@odata.type":"#microsoft.graph.security.mailboxEvidence","primaryAddress":"a\ud800@x"}`, ""},
		{"a key without end", `{"@odata.type":"#microsoft.graph.security.mailboxEvidence","primaryAddress":"` + strings.Repeat("a", 5000) + `"}`, ""},
		{"of a type that nobody knows", `{"@odata.type":"#microsoft.graph.security.newEvidence","ipAddress":"203.0.113.9"}`, ""},
	} {
		if got := shown(ReadEntities(json.RawMessage("[" + c.evidence + "]"))); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestWhatASampleNames(t *testing.T) {
	for name, want := range map[string]string{
		"alert-endpoint.json": "device:5c1d9e7f20b84a36e1f07ab2c9d4438810ef6b57*@5c1d9e7f20b84a36e1f07ab2c9d4438810ef6b57 user:mira.okafor@example.com* " +
			"account:aad:8d2f7a30-1b64-4c55-9e0a-77c1d2f0a911* account:sid:s-1-5-21-1004336348-1177238915-682003330-1142*",
	} {
		text, err := os.ReadFile(filepath.Join("../ingest/testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		o, err := ParseObject(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := shown(ReadEntities(o.Get("evidence"))); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s\nwant %s", name, got, want)
		}
	}
}

// However much evidence an attacker can make a product find, and in whatever order, what it names is bounded.
func TestWhatAnAlertNamesIsBounded(t *testing.T) {
	var list []string
	for i := range 5000 {
		list = append(list, fmt.Sprintf(`{"@odata.type":"#microsoft.graph.security.mailboxEvidence","primaryAddress":"%d@x"}`, i))
	}
	if n := len(ReadEntities(json.RawMessage("[" + strings.Join(list, ",") + "]"))); n != maxEntities {
		t.Errorf("%d entities, want %d", n, maxEntities)
	}
	if n := len(ReadEntities(json.RawMessage("[" + strings.Repeat(list[0]+",", 99) + list[0] + "]"))); n != 1 {
		t.Errorf("the same a hundred times gives %d entities", n)
	}
}
