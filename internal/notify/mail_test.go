package notify

import (
	"context"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/bailiwick/bailiwick/internal/hostile"
	"github.com/bailiwick/bailiwick/internal/mailtest"
	"github.com/bailiwick/bailiwick/internal/outbox"
)

// linkers are texts that mail programs make links of.
var linkers = []string{
	"www.evil.example now", "evil.example/login", "see EVIL.EXAMPLE.", "call.me@evil.example", "mailto:thief@evil", `\\evil\share\x`, "evil。example", "evil.рф/x", "x.xn--p1ai", "ms-msdt:/id x", "TEL:+15550100",
}

func TestNothingInAnAlertWritesTheMail(t *testing.T) {
	w := newWorld(t)
	w.rule("r", nil, sol)
	texts := hostile.Texts()
	for _, text := range linkers {
		texts = append(texts, hostile.Text{Text: text})
	}
	texts = append(texts, hostile.Text{Text: "x\r\n.\r\nMAIL FROM:<thief@evil.example>"}, hostile.Text{Text: strings.Repeat("long ", 500)})
	for i, given := range texts {
		text := given.Text
		a := w.alert(fmt.Sprintf("a%d", i), "high", "s1")
		for _, member := range []string{"title", "category", "description", "recommendedActions", "threatDisplayName", "detectionSource"} {
			a[member] = text
		}
		a["serviceSource"] = "microsoftDefenderForEndpoint"
		delete(a, "detectionSource") // an enumeration
		a["evidence"] = []any{map[string]any{"@odata.type": "#microsoft.graph.security.deviceEvidence", "mdeDeviceId": "s1", "deviceDnsName": "s1 " + text, "createdDateTime": w.clock()}}
		w.load(a)
	}
	w.empty()
	mails := w.mail.Mails()
	if len(mails) != len(texts) {
		t.Fatalf("%d mails of %d: %q", len(mails), len(texts), w.log())
	}
	for _, m := range mails {
		header, body, err := m.Header()
		must(t, err)
		allowed := map[string]bool{
			"From": true, "To": true, "Subject": true, "Date": true, "Message-Id": true, "Mime-Version": true, "Content-Type": true, "Content-Transfer-Encoding": true,
			"Auto-Submitted": true, "X-Auto-Response-Suppress": true,
		}
		for name, values := range header {
			if !allowed[name] || len(values) != 1 {
				t.Errorf("header %s: %q", name, values)
			}
		}
		if m.From != "soc@x.example" || m.To != sol || !strings.HasPrefix(header.Get("Content-Type"), "text/plain;") {
			t.Errorf("from %s to %s as %s", m.From, m.To, header.Get("Content-Type"))
		}
		decoded, err := new(mime.WordDecoder).DecodeHeader(header.Get("Subject"))
		must(t, err)
		text := string(body)
		if header.Get("Content-Transfer-Encoding") == "quoted-printable" {
			text = unquoted(t, text)
		}
		for _, r := range decoded + strings.NewReplacer("\r\n", "", "\n", "").Replace(text) {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar {
				t.Errorf("character %U in:\n%s\n%s", r, decoded, text)
			}
		}
		own := "https://centre.x.example/alerts/"
		strangers := decoded + "\n" + strings.Replace(text[:strings.Index(text, "\n-- ")], own, "", 1)
		if !strings.Contains(text, own) || linked.MatchString(strangers) {
			t.Errorf("links: %q in\n%s", linked.FindAllString(strangers, -1), strangers)
		}
		if len([]rune(decoded)) > 250 || len(text) > 2500 {
			t.Errorf("%d and %d long", len(decoded), len(text))
		}
		for i, line := range strings.Split(text, "\n") {
			if strings.HasPrefix(line, "Bcc:") || strings.HasPrefix(line, "Subject:") || strings.HasPrefix(line, "MAIL FROM") {
				t.Errorf("line %d is a stranger's: %q", i, line)
			}
		}
	}
}

// linked is what mail programs make links of, without being asked.
var linked = regexp.MustCompile(`(?i)://|\bwww\.|[\pL\pN][.。．｡](xn--|[a-z]{2}|[^\x00-\x7f])|\\\\|\b(mailto|tel|sip|file|ms-[a-z]+):`)

func TestAnAddressIsWrittenSoThatItIsNoLink(t *testing.T) {
	for text, want := range map[string]string{
		"https://evil.example/x?y=1": "https[:]//evil[.]example/x?y=1", "www.evil.example": "www[.]evil[.]example", "a.b@evil.example": "a.b@evil[.]example", "x.EVIL.Co": "x[.]EVIL[.]Co", "aa.bb.cc.dd": "aa[.]bb[.]cc[.]dd",
		`\\evil\share`: `[\]\evil\share`, "evil。example": "evil[。]example", "MAILTO:x@y": "MAILTO[:]x@y", "cmd.exe": "cmd[.]exe", "1.2.3.4": "1.2.3.4", "Sales. They know": "Sales. They know",
		"T1566.001": "T1566.001", "e.g. 3.5": "e.g. 3.5", "Trojan:Win32/X": "Trojan:Win32/X", "12:30": "12:30", "": "",
	} {
		if got := disarm(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func unquoted(t *testing.T, text string) string {
	t.Helper()
	var b strings.Builder
	buffer := make([]byte, 4096)
	r := quotedprintable.NewReader(strings.NewReader(text))
	for {
		n, err := r.Read(buffer)
		b.Write(buffer[:n])
		if err != nil {
			return b.String()
		}
	}
}

func TestAMailReadsLikeThis(t *testing.T) {
	w := newWorld(t)
	w.rule("r", nil, sol)
	w.load(w.alert("a 1", "high", "s1", "s2"))
	w.empty()
	header, body, err := w.mail.Mails()[0].Header()
	must(t, err)
	want := `Suspicious a 1

High severity
Category: Malware
Product: microsoftDefenderForEndpoint
Status: new
Created: 2026-03-01T12:00:00Z
Devices: s1, s2
Device groups: Sales
Alert: a 1

Open it: https://centre.x.example/alerts/a%201

-- 
You are told because a rule of this centre names you, and only of what you may see. Who keeps its settings can take you off.
`
	got := unquoted(t, string(body))
	if got = strings.TrimRight(strings.ReplaceAll(got, "\r\n", "\n"), "\n") + "\n"; got != want {
		t.Errorf("%q\nwant\n%q", got, want)
	}
	if header.Get("From") != `"Bailiwick" <soc@x.example>` || header.Get("To") != "<"+sol+">" || header.Get("Auto-Submitted") != "auto-generated" || !strings.HasSuffix(header.Get("Message-Id"), "@x.example>") {
		t.Errorf("%v", header)
	}
}

func TestMailGoesOnlyOverTLSToAServerThatIsKnown(t *testing.T) {
	w := newWorld(t)
	message := Message{ID: "ntf_1", At: w.now, Test: true}
	for _, c := range []struct {
		name   string
		change func(*MailConfig)
		says   string // empty: it is sent
	}{
		{"as it should be", func(*MailConfig) {}, ""},
		{"with another's certificate", func(c *MailConfig) { c.Roots = nil }, "certificate"},
		{"with another password", func(c *MailConfig) { c.Password = "wrong" }, "who are you"},
		{"in the clear, which would show the password", func(c *MailConfig) { c.TLS = Plain }, "auth"},
		{"without an account", func(c *MailConfig) { c.User = "" }, "authenticate"},
		{"to nobody", func(c *MailConfig) { c.Port = 1 }, "refused"},
	} {
		err := w.mailer(c.change).send(ctx, sol, message)
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(strings.ToLower(err.Error()), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if n := len(w.mail.Mails()); n != 1 {
		t.Errorf("%d mails", n)
	}
	only := w.mailer(func(c *MailConfig) { c.Domains = []string{"Y.example"} })
	if err := only.send(ctx, sol, message); outbox.Final(err) == nil {
		t.Errorf("to a domain that is not allowed: %v", err)
	}
	must(t, only.send(ctx, "sol@y.EXAMPLE", message))
	for _, to := range []string{"", "sol", "a@b, c@d", "Sol <sol@x.example>", "a@b\r\nRCPT TO:<c@d>", "<a@b>", `"a b"@c`, "a@b c", "sol@x.example\x00"} {
		if err := w.mailer().send(ctx, to, message); outbox.Final(err) == nil {
			t.Errorf("to %q: %v", to, err)
		}
	}
}

func TestAMailerSaysWhatIsWrongWithIt(t *testing.T) {
	for _, from := range []string{"", "Bailiwick", "a@b\r\nBcc: c@d", "\"A\nB\" <a@b.example>"} {
		if _, err := NewMailer(MailConfig{Host: "localhost", Port: 25, TLS: Plain, From: from}); err == nil {
			t.Errorf("from %q", from)
		}
	}
	if _, err := NewMailer(MailConfig{Host: "localhost", Port: 25, TLS: "maybe", From: "a@b.example"}); err == nil || !strings.Contains(err.Error(), "starttls") {
		t.Errorf("%v", err)
	}
}

func FuzzCleanMakesOnePlainLine(f *testing.F) {
	for _, text := range hostile.Texts() {
		f.Add(text.Text)
	}
	for _, text := range linkers {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := clean(text, 100)
		if clean(got, 100) != got || len([]rune(got)) > 100 || linked.MatchString(disarm(got)) || strings.Contains(disarm(got), "=?") {
			t.Errorf("%q became %q", text, got)
		}
		for _, r := range got {
			if r != ' ' && !unicode.IsPrint(r) || r == unicode.ReplacementChar {
				t.Errorf("%q holds %U", got, r)
			}
		}
	})
}

func TestAServerThatHangsIsGivenUp(t *testing.T) {
	w := newWorld(t)
	hang := make(chan struct{})
	defer close(hang)
	w.mail.Refuse(func(string) error { <-hang; return mailtest.Later })
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	if err := w.mailer().send(ctx, sol, Message{ID: "ntf_1", At: w.now, Test: true}); err == nil || outbox.Final(err) != nil {
		t.Errorf("%v", err)
	}
}
