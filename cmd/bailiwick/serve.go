package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/server"
	"github.com/bailiwick/bailiwick/internal/server/portal"
)

const defaultListen = "127.0.0.1:8080"

// How long things may take. The first keeps a client that dawdles over its header from holding a connection.
const (
	headerTime   = 10 * time.Second
	requestTime  = 5 * time.Minute // a load of many alerts
	idleTime     = 2 * time.Minute
	shutdownTime = 10 * time.Second
)

func (p *program) serveCommand() *cobra.Command {
	var file string
	var flags config
	var demo bool
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the server",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if p.server != "" {
				return errors.New("serve works on a data directory, not on another server")
			}
			c, err := p.serveConfig(cmd, file, flags)
			if err != nil {
				return err
			}
			if demo && !cmd.Flags().Changed("data") && c.Data == p.data {
				dir, err := os.MkdirTemp("", "bailiwick-demo-")
				if err != nil {
					return fmt.Errorf("make the demo's data directory: %w", err)
				}
				defer os.RemoveAll(dir)
				c.Data = dir
			}
			return p.serve(cmd.Context(), c, demo)
		},
	}
	f := cmd.Flags()
	f.StringVar(&file, "config", "", "configuration `FILE` (YAML); flags win over it")
	f.StringVar(&flags.Listen, "listen", defaultListen, "listen on `HOST:PORT`; plain HTTP on loopback only")
	f.StringVar(&flags.TLSCert, "tls-cert", "", "certificate `FILE` (PEM)")
	f.StringVar(&flags.TLSKey, "tls-key", "", "private key `FILE` (PEM)")
	f.BoolVar(&demo, "demo", false, "serve Contoso, a made-up company; signing in is picking a person")
	return cmd
}

// serveConfig puts file and flags together.
func (p *program) serveConfig(cmd *cobra.Command, file string, flags config) (config, error) {
	c := config{}
	if file != "" {
		read, err := readConfig(file)
		if err != nil {
			return c, err
		}
		c = read
	}
	set := func(name string, into *string, value string) {
		if *into == "" || cmd.Flags().Changed(name) {
			*into = value
		}
	}
	set("listen", &c.Listen, flags.Listen)
	set("tls-cert", &c.TLSCert, flags.TLSCert)
	set("tls-key", &c.TLSKey, flags.TLSKey)
	set("data", &c.Data, p.data)
	return c, nil
}

// serve runs until ctx ends.
func (p *program) serve(ctx context.Context, c config, demo bool) (failed error) {
	proxies, err := c.check(demo)
	if err != nil {
		return err
	}
	keep, err := c.Events.retention()
	if err != nil {
		return err
	}
	// First of all: nothing is made that nobody can reach.
	listener, err := net.Listen("tcp", c.Listen)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("listen on %s: something else listens there: stop it, or choose another with --listen", c.Listen)
	case err != nil:
		return fmt.Errorf("listen: %w", err)
	}
	defer listener.Close()
	p.data = c.Data
	filled := false
	if demo {
		if filled, err = claimDemo(c.Data); err != nil {
			return err
		}
	}
	if err := prepareDirectory(c.Data, true); err != nil {
		return err
	}
	unlock, err := lockServer(c.Data)
	if err != nil {
		return err
	}
	defer unlock()
	executors, chat, stop, err := p.executors(c, demo)
	if err != nil {
		return err
	}
	defer stop()
	mailer, hooks, err := p.notifiers(c.Notifications)
	if err != nil {
		return err
	}
	if chat != nil {
		hooks = append(hooks, chat)
	}
	centre, err := p.open(ctx, opening{create: true, demo: demo, serves: true, executors: executors, mailer: mailer, hooks: hooks})
	if err != nil {
		return err
	}
	defer centre.close()
	centre.hunter.KeptDays = keep.Days
	var rest *filling
	if demo && !filled {
		if rest, err = p.fillDemo(context.WithoutCancel(ctx), centre); err != nil { // whoever keeps it finds it whole
			return fmt.Errorf("fill the demo: %w", err)
		}
		defer func() { <-rest.done }()
	}
	address := c.address(listener)
	centre.notify.Portal = cmp.Or(c.PublicURL, address)
	key, err := centre.key()
	if err != nil {
		return err
	}
	handler := p.handler(centre, key, c.PublicURL, proxies, demo)
	if rest != nil {
		handler = rest.before(handler)
		within, end := context.WithCancel(ctx)
		defer end()
		ctx = within
		finished := make(chan error, 1)
		go func() {
			err := rest.finish(c.Data)
			if finished <- err; err != nil {
				end()
			}
		}()
		defer func() { failed = errors.Join(failed, <-finished) }()
	}
	if err := p.welcome(ctx, centre, address, cmp.Or(c.PublicURL, address), demo); err != nil {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
		defer cancel()
		if err := centre.permissions.FlushShadow(ctx); err != nil {
			fmt.Fprintln(terminal{p.err}, "bailiwick: some differences of a shadow were not kept:", err)
		}
	}()
	defer p.sign(ctx, centre, key)()
	defer p.deliver(ctx, centre)()
	defer p.tell(ctx, centre)()
	defer p.fetchFeeds(ctx, centre)()
	defer p.follow(ctx, centre)()
	defer p.tidy(ctx, centre, keep)()
	return p.listen(ctx, listener, c, handler)
}

// sign signs how far the audit log has grown, every minute in which it has, and once more at the end. Each minute it also asks
// the database for the time again.
func (p *program) sign(ctx context.Context, c *centre, key *audit.Key) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	once := func(ctx context.Context) {
		if _, err := key.Checkpoint(ctx, c.store, p.now()); err != nil && ctx.Err() == nil {
			fmt.Fprintln(terminal{p.err}, "bailiwick:", err)
		}
	}
	go func() {
		defer close(done)
		tick := time.NewTicker(time.Minute)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				once(ctx)
				if err := c.clock.Read(ctx); err != nil && ctx.Err() == nil {
					fmt.Fprintln(terminal{p.err}, "bailiwick:", err)
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() {
		cancel()
		<-done
		within, cancel := context.WithTimeout(context.Background(), shutdownTime)
		defer cancel()
		once(within)
	}
}

func (p *program) handler(c *centre, key *audit.Key, publicURL string, proxies []netip.Prefix, demo bool) http.Handler {
	var people []server.Persona
	if demo {
		people = personas()
	}
	return server.New(server.Config{
		Permissions: c.permissions, Directory: c.directory, Investigation: c.investigation, Intake: c.intake, Response: c.response, Notify: c.notify, Feeds: c.feeds, Analytics: c.analytics, Detection: c.detection, Hunter: c.hunter, Library: c.library, Audit: c.door, AuditKey: key, Store: c.store,
		Catalog: c.catalog, Demo: demo, PublicURL: publicURL, TrustedProxies: proxies, Portal: portal.Handler(),
		Log: slog.New(slog.NewJSONHandler(terminal{p.err}, nil)), Now: p.now, Personas: people,
	})
}

// listen serves until ctx ends, then takes no new connections and finishes what it has begun.
func (p *program) listen(ctx context.Context, listener net.Listener, c config, handler http.Handler) error {
	s := &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTime, ReadTimeout: requestTime, WriteTimeout: requestTime, IdleTimeout: idleTime,
		TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12},
		ErrorLog:  slog.NewLogLogger(slog.NewJSONHandler(terminal{p.err}, nil), slog.LevelWarn),
	}
	ended := make(chan error, 1)
	go func() {
		if c.TLSCert != "" {
			ended <- s.ServeTLS(listener, c.TLSCert, c.TLSKey)
			return
		}
		ended <- s.Serve(listener)
	}()
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	within, cancel := context.WithTimeout(context.Background(), shutdownTime)
	defer cancel()
	if err := s.Shutdown(within); err != nil {
		_ = s.Close()
		return fmt.Errorf("finish what was begun: %w", err)
	}
	return nil
}

// address is what a browser on this machine types.
func (c config) address(listener net.Listener) string {
	scheme := "http"
	if c.TLSCert != "" {
		scheme = "https"
	}
	return scheme + "://" + listener.Addr().String()
}

// welcome prints what to do next. The last line says where the server listens, in a form that scripts wait for.
func (p *program) welcome(ctx context.Context, c *centre, address, publicURL string, demo bool) error {
	if demo {
		p.demoHelp(address)
	} else {
		needed, err := c.directory.NeedsSetup(ctx)
		if err != nil {
			return fmt.Errorf("look for an administrator: %w", err)
		}
		if needed {
			link, err := c.directory.NewSetupLink(ctx)
			if err != nil {
				return fmt.Errorf("make the set-up link: %w", err)
			}
			fmt.Fprintf(p.out, "No administrator can sign in yet. This link makes one, once:\n\n  %s/setup#%s\n\n", publicURL, link)
		}
	}
	fmt.Fprintf(p.out, "listening on %s\n", address)
	return nil
}
