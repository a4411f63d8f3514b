// Package notify tells people of alerts, by mail and by webhook. A rule says of which alerts whom is told. What is to be told is
// written down first, without a word of it (the outbox); the words are made when it is sent, of what its recipient may see at that
// moment, so that who loses a right hears nothing more, not even of what was waiting (X19).
//
// Rules are kept by who may change the centre's settings (S16).
package notify

import (
	"context"
	"encoding/json"
	"net"
	"strconv"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/outbox"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Snapshots gives the policy in force.
type Snapshots interface {
	Snapshot(ctx context.Context) (*rbac.Snapshot, error)
}

// Told gives an alert as a reader sees it now, and those of its device groups that they reach. One out of sight is not found.
type Told func(tx store.Reader, snapshot *rbac.Snapshot, reader, id string) (alert json.RawMessage, groups []string, found bool, err error)

// Service answers for notifications.
type Service struct {
	Config
	loop   outbox.Loop
	lanes  outbox.Lanes // of each webhook, and of mail
	tidied time.Time
}

// Config is what the service is made of.
type Config struct {
	Store     store.Store
	Door      *audit.Door
	Snapshots Snapshots
	Told      Told
	Detection func(tx store.Reader, snapshot *rbac.Snapshot, reader, id string) (Detection, error)
	Mail      *Mailer // nil: there is no mail server
	Webhooks  []*Webhook
	Portal    string           // the address that people open the portal under; empty: no links
	Delivers  bool             // knows mail server and webhooks; otherwise what is to be sent waits for who does
	Now       func() time.Time // nil: the clock
}

// New makes the service.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Service{Config: c, loop: outbox.NewLoop()}
}

// attempts is how often policy and data are read until they belong together.
const attempts = 8

// view runs f on one state of the data and the policy that fits it.
func (s *Service) view(ctx context.Context, f func(tx store.Reader, snapshot *rbac.Snapshot) error) error {
	for range attempts {
		snapshot, err := s.Snapshots.Snapshot(ctx)
		if err != nil {
			return err
		}
		fits := false
		err = s.Store.View(ctx, func(tx store.Reader) error {
			revision, err := tx.PolicyRevision()
			if fits = snapshot.Revision() == revision; err != nil || !fits {
				return err
			}
			return f(tx, snapshot)
		})
		if fits || err != nil {
			return err
		}
	}
	return fault.Unavailable("read", "the policy is changing at this moment; try again")
}

// look runs f for who may see the rules and what came of them: who may change them. The log names alerts, whoever sees those; none
// but the two administrators are asked, who see all of them.
func (s *Service) look(ctx context.Context, who audit.Actor, op string, f func(tx store.Reader) error) error {
	return s.view(ctx, func(tx store.Reader, snapshot *rbac.Snapshot) error {
		if err := s.may(snapshot, who, op); err != nil {
			return err
		}
		return f(tx)
	})
}

// change runs f for who may change the rules, nobody else writing meanwhile.
func (s *Service) change(ctx context.Context, who audit.Actor, op, object string, f func(tx store.Writer, snapshot *rbac.Snapshot, rec *audit.Record) error) error {
	err := s.Door.Change(ctx, who, op, func(tx store.Writer, rec *audit.Record) error {
		revision, err := tx.PolicyRevision()
		if err != nil {
			return err
		}
		snapshot, err := s.Snapshots.Snapshot(ctx)
		if err != nil {
			return err
		}
		if snapshot.Revision() != revision {
			return fault.Unavailable(op, "the policy is changing at this moment; try again")
		}
		rec.Object, rec.PolicyRevision = object, revision
		if err := s.may(snapshot, who, op); err != nil {
			return err
		}
		return f(tx, snapshot, rec)
	})
	s.loop.Stir(err)
	return err
}

// may refuses who may not change the centre's settings (S16). Who owns the files owns the centre.
func (s *Service) may(snapshot *rbac.Snapshot, who audit.Actor, op string) error {
	if who.Local || snapshot.Decide(rbac.Request{
		Principal: who.Name, Capability: rbac.ManageSettings, Resource: rbac.Resource{Workloads: []rbac.Workload{rbac.Other}}, At: s.Now().UTC(),
	}).Allowed {
		return nil
	}
	needs := catalog.Needs(rbac.ManageSettings, rbac.Other, snapshot.Activations())
	return fault.Denied(op, "%s", needs).WithLacks(needs)
}

// now is the time as it is stored.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Channels are the ways there are to tell somebody.
type Channels struct {
	Mail     *MailChannel // nil: there is no mail server
	Webhooks []WebhookChannel
}

// MailChannel is the mail server, without what it is signed in with.
type MailChannel struct {
	Server  string // HOST:PORT
	TLS     string
	SignsIn bool
	From    string
	Domains []string // the only ones that mail goes to; none: to all
}

// WebhookChannel is a webhook, without its secret and the rest of its address, which may hold one.
type WebhookChannel struct {
	Name, Host string
	Within     bool
}

// Channels tells them to who may keep rules.
func (s *Service) Channels(ctx context.Context, who audit.Actor) (Channels, error) {
	c := Channels{Webhooks: []WebhookChannel{}}
	if err := s.look(ctx, who, "read the ways of notifying", func(store.Reader) error { return nil }); err != nil {
		return Channels{}, err
	}
	if m := s.Mail; m != nil {
		c.Mail = &MailChannel{Server: net.JoinHostPort(m.Host, strconv.Itoa(m.Port)), TLS: m.TLS, SignsIn: m.User != "", From: m.from.String(), Domains: m.domains}
	}
	for _, w := range s.Webhooks {
		c.Webhooks = append(c.Webhooks, WebhookChannel{w.name, outbox.HostOf(w.url), w.within})
	}
	return c, nil
}

func (s *Service) webhook(name string) *Webhook {
	for _, w := range s.Webhooks {
		if w.name == name {
			return w
		}
	}
	return nil
}
