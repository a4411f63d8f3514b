package stories

import (
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/bailiwick/bailiwick/internal/mailtest"
)

type mailKey struct{}

// mailserver starts a mail server, and fills $MAIL_SERVER and $MAIL_CA into the file that is given, a configuration.
func mailserver(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: mailserver CONFIG")
	}
	s, stop, err := mailtest.Start(ts.MkAbs("."))
	ts.Check(err)
	ts.Defer(stop)
	*ts.Value(mailKey{}).(**mailtest.Server) = s
	text := strings.NewReplacer("$MAIL_SERVER", fmt.Sprintf("%s:%d", s.Host, s.Port), "$MAIL_CA", s.CAFile).Replace(ts.ReadFile(args[0]))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("mail-password"), []byte(mailtest.Password+"\n"), 0o600))
}

// mails waits until the mail server has had N mails, and no more, and prints them as people read them; mails refuse and mails
// accept say what it answers from now on.
func mails(ts *testscript.TestScript, neg bool, args []string) {
	s := *ts.Value(mailKey{}).(**mailtest.Server)
	if neg || len(args) != 1 || s == nil {
		ts.Fatalf("usage: mails N|refuse|accept, after mailserver")
	}
	switch args[0] {
	case "refuse":
		s.Refuse(func(string) error { return mailtest.Later })
		return
	case "accept":
		s.Refuse(nil)
		return
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	for end := time.Now().Add(30 * time.Second); len(s.Mails()) < want && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
	}
	list := s.Mails()
	for _, m := range list {
		header, body, err := m.Header()
		ts.Check(err)
		subject, err := new(mime.WordDecoder).DecodeHeader(header.Get("Subject"))
		ts.Check(err)
		text := string(body)
		if header.Get("Content-Transfer-Encoding") == "quoted-printable" {
			decoded, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(text)))
			ts.Check(err)
			text = string(decoded)
		}
		fmt.Fprintf(ts.Stdout(), "to %s: %s\n%s\n", m.To, subject, strings.ReplaceAll(text, "\r\n", "\n"))
	}
	if len(list) != want {
		ts.Fatalf("%d mails, want %d", len(list), want)
	}
}

// now writes the time into a file, where it says NOW: what is old is no news.
func now(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: now FILE")
	}
	text := strings.ReplaceAll(ts.ReadFile(args[0]), "NOW", time.Now().UTC().Format(time.RFC3339))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// eventually runs bailiwick until it prints a line with a text: eventually TEXT ARGS...
func eventually(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: eventually TEXT ARGS...")
	}
	out := ""
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if out, _ = execute(ts, args[1:]); strings.Contains(out, args[0]) {
			return
		}
	}
	ts.Fatalf("bailiwick %s never said %q:\n%s", strings.Join(args[1:], " "), args[0], out)
}
