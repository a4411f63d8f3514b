// Package mailtest is a mail server for tests: it takes mail over TLS from one account, and keeps it.
package mailtest

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"net/mail"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// The account that it takes mail from.
const User, Password = "bailiwick", "correct horse"

// Mail is one message as it came.
type Mail struct {
	From, To string // of the envelope
	Raw      []byte
}

// Header parses the message.
func (m Mail) Header() (mail.Header, []byte, error) {
	parsed, err := mail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil {
		return nil, nil, err
	}
	body, err := io.ReadAll(parsed.Body)
	return parsed.Header, body, err
}

// Server is the mail server.
type Server struct {
	Host   string
	Port   int
	Roots  *x509.CertPool
	CAFile string // the same, as a file

	mu     sync.Mutex
	mails  []Mail
	refuse func(to string) error
}

// New starts one, for as long as the test runs.
func New(t testing.TB) *Server {
	t.Helper()
	s, stop, err := Start(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return s
}

// Start starts one, and writes its certificate into a folder.
func Start(dir string) (s *Server, stop func(), err error) {
	certified := httptest.NewTLSServer(nil) // for its certificate
	defer certified.Close()
	s = &Server{Roots: x509.NewCertPool(), CAFile: filepath.Join(dir, "mail-ca.pem")}
	s.Roots.AddCert(certified.Certificate())
	if err := os.WriteFile(s.CAFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certified.Certificate().Raw}), 0o600); err != nil {
		return nil, nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	host, port, err := net.SplitHostPort(listener.Addr().String())
	if s.Host = host; err == nil {
		s.Port, err = strconv.Atoi(port)
	}
	if err != nil {
		return nil, nil, err
	}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{server: s}, nil }))
	server.Domain, server.TLSConfig = "mail.test", certified.TLS.Clone()
	server.TLSConfig.NextProtos = nil
	go func() { _ = server.Serve(listener) }()
	return s, func() { _ = server.Close() }, nil
}

// Refuse sets what it answers to a recipient; nil: it takes everything.
func (s *Server) Refuse(f func(to string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = f
}

// Mails gives what came so far, in order.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Later is an answer that asks to try again; Never is one that is final.
var (
	Later = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "try again"}
	Never = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
)

type session struct {
	server   *Server
	known    bool
	from, to string
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != User || password != Password {
			return errors.New("who are you")
		}
		s.known = true
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if !s.known {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.to = to
	if s.server.refuse != nil {
		return s.server.refuse(to)
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.mails = append(s.server.mails, Mail{From: s.from, To: s.to, Raw: raw})
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }
