package notify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	netmail "net/mail"
	"slices"
	"strings"

	"github.com/wneessen/go-mail"

	"github.com/bailiwick/bailiwick/internal/outbox"
)

// The ways of speaking to a mail server.
const (
	StartTLS    = "starttls" // and not without
	ImplicitTLS = "implicit"
	Plain       = "none" // in the clear: on this machine only
)

// MailConfig is a mail server and what is said to it.
type MailConfig struct {
	Host     string
	Port     int
	TLS      string
	Roots    *x509.CertPool // nil: those of the system
	User     string         // empty: it asks for none
	Password string
	From     string   // "Bailiwick <soc@contoso.example>"
	Domains  []string // the only ones that mail goes to; none: to all
}

// Mailer sends mail through one server.
type Mailer struct {
	MailConfig
	from    *netmail.Address
	domains []string
}

// NewMailer makes one. It speaks to nobody yet.
func NewMailer(c MailConfig) (*Mailer, error) {
	from, err := netmail.ParseAddress(c.From)
	if err != nil || !isAddress(from.Address) || from.Name != clean(from.Name, mostName) {
		return nil, fmt.Errorf("from %q: want an address, such as Bailiwick <soc@contoso.example>", c.From)
	}
	m := &Mailer{MailConfig: c, from: from}
	for _, d := range c.Domains {
		m.domains = append(m.domains, strings.ToLower(d))
	}
	_, err = m.client()
	return m, err
}

// goesTo tells whether mail may go to an address.
func (m *Mailer) goesTo(address string) bool {
	at := strings.LastIndexByte(address, '@')
	return len(m.domains) == 0 || slices.Contains(m.domains, strings.ToLower(address[at+1:]))
}

// client makes one for one message: each has a connection of its own.
func (m *Mailer) client() (*mail.Client, error) {
	options := []mail.Option{mail.WithPort(m.Port), mail.WithTimeout(outbox.SendTime), mail.WithTLSConfig(&tls.Config{ServerName: m.Host, RootCAs: m.Roots, MinVersion: tls.VersionTLS12})}
	switch m.TLS {
	case StartTLS:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	case ImplicitTLS:
		options = append(options, mail.WithSSL())
	case Plain:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		return nil, fmt.Errorf("tls %q: want %s, %s or %s", m.TLS, StartTLS, ImplicitTLS, Plain)
	}
	if m.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(m.User), mail.WithPassword(m.Password))
	}
	return mail.NewClient(m.Host, options...)
}

// send gives one message to the server. A refusal is final only if the server says so (5xx): all else may be tried again. Its
// Message-ID is the same each time, so that a mailbox that got it twice can know.
func (m *Mailer) send(ctx context.Context, to string, message Message) error {
	if !isAddress(to) || !m.goesTo(to) {
		return outbox.Refusal(errors.New("the configuration lets no mail go to this address"))
	}
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	msg.FromMailAddress(m.from)
	if err := msg.To(to); err != nil {
		return outbox.Refusal(err)
	}
	msg.SetMessageIDWithValue(message.ID + "@" + m.from.Address[strings.LastIndexByte(m.from.Address, '@')+1:])
	msg.SetDateWithValue(message.At)
	msg.Subject(message.Subject())
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.SetBodyString(mail.TypeTextPlain, message.Text())
	client, err := m.client()
	if err != nil {
		return err
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if err == nil || msg.IsDelivered() { // what goes wrong after the server took it is not told again
		return nil
	}
	var failed *mail.SendError
	if errors.As(err, &failed) && !failed.IsTemp() && failed.ErrorCode() >= 500 {
		return outbox.Refusal(err)
	}
	return err
}
