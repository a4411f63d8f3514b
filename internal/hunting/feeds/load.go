package feeds

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/lookup"
	"github.com/bailiwick/bailiwick/internal/outbox"
	"github.com/bailiwick/bailiwick/internal/store"
)

// Load makes a file what the feed has from now on. A file that is not as it should be changes nothing.
func (s *Service) Load(ctx context.Context, who audit.Actor, id string, from io.Reader) (f store.Feed, err error) {
	if f, err = s.Feed(ctx, who, id); err != nil { // refused before a byte is read; and written down who was
		refused := err
		return f, s.change(ctx, who, "feeds.load", "feed:"+cut(id, 80), func(store.Writer, *audit.Record) error { return refused })
	}
	version, err := s.write(ctx, f, from)
	if err != nil {
		refused := bad(f, err)
		return f, s.change(ctx, who, "feeds.load", "feed:"+f.Name, func(store.Writer, *audit.Record) error { return refused })
	}
	err = s.change(ctx, who, "feeds.load", "feed:"+f.Name, func(tx store.Writer, rec *audit.Record) error {
		if f, err = s.keep(tx, f, version, rec); err != nil {
			return err
		}
		f.LoadedBy, f.Etag, f.Modified = who.Name, "", ""
		return tx.PutFeed(f)
	})
	if err != nil {
		_ = os.Remove(s.path(version.file))
	}
	return f, err
}

func bad(f store.Feed, err error) error {
	var known *fault.Error
	if errors.As(err, &known) || errors.Is(err, context.Canceled) {
		return err
	}
	return fault.Invalid("load into the feed", "the file %v", err).WithDetails(fault.Detail{Where: f.Name, Problem: err.Error(), Want: "a file of the format " + f.Format})
}

// version is a file that was written, and is nobody's yet.
type version struct {
	file  string
	bytes int64
	loaded
}

// write writes what is read into a file of its own.
func (s *Service) write(ctx context.Context, f store.Feed, from io.Reader) (v version, err error) {
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return v, err
	}
	v.file = f.ID + "-" + strings.ToLower(rand.Text()[:12])
	name := s.path(v.file)
	switch f.Kind {
	case Rows:
		err = s.Files.WriteFile(ctx, name, lookup.FeedColumns, func(put func(...any) error) (err error) {
			v.loaded, err = rowsOf(f.Format, from, put)
			return err
		})
	case Files:
		err = s.Files.WriteFile(ctx, name, lookup.ReputationColumns(), func(put func(...any) error) (err error) {
			v.loaded, err = filesOf(f.Format, from, put)
			return err
		})
	default:
		err = writePlaces(name, from, &v)
	}
	if err == nil && v.rows == 0 {
		err = errors.New("is empty")
	}
	if err != nil {
		_ = os.Remove(name)
		return v, err
	}
	info, err := os.Stat(name)
	if err == nil {
		v.bytes = info.Size()
	}
	return v, err
}

func writePlaces(name string, from io.Reader, v *version) error {
	out, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	v.loaded, err = placesOf(from, out)
	return errors.Join(err, out.Sync(), out.Close())
}

// keep makes a version the feed's, if the feed is still what it was written for.
func (s *Service) keep(tx store.Writer, was store.Feed, v version, rec *audit.Record) (store.Feed, error) {
	f, err := find(tx, was.ID)
	if err != nil {
		return f, err
	}
	if f.Kind != was.Kind || f.Format != was.Format {
		return f, fault.Conflict("load into the feed", "it was changed meanwhile: it is of the kind %s and the format %s now", f.Kind, f.Format)
	}
	rec.Before = map[string]any{"version": f.Version, "rows": f.Rows}
	f.File, f.Rows, f.Bytes, f.Columns, f.Loaded = v.file, v.rows, v.bytes, v.columns, s.now()
	f.Version++
	f.Problem, f.Failures = "", 0
	rec.After = map[string]any{"version": f.Version, "rows": f.Rows}
	return f, nil
}

// How fetching goes.
const (
	fetchTime  = 5 * time.Minute
	leaseTime  = 10 * time.Minute // for one attempt; who has not written down its end by then has crashed
	firstRetry = time.Minute
)

func clientFor(within bool) *http.Client {
	c := outbox.PublicClient()
	if within {
		c = outbox.WithinClient()
	}
	c.Timeout = fetchTime
	return c
}

// fetcher is who fetches.
var fetcher = audit.Actor{Name: "feeds", Local: true, Via: audit.ViaSystem}

// Run fetches what is due, until ctx ends.
func (s *Service) Run(ctx context.Context, report func(error)) {
	s.loop.Run(ctx, func(ctx context.Context) (int, error) {
		if now := s.Now(); now.Sub(s.tidied) > mercy {
			s.tidied = now
			if err := s.tidy(ctx); err != nil {
				report(err)
			}
		}
		return s.Due(ctx)
	}, report)
}

// Due fetches once what is due now, and tells how many feeds that was.
func (s *Service) Due(ctx context.Context) (int, error) {
	now := s.now()
	var due []store.Feed
	err := s.Store.View(ctx, func(tx store.Reader) (err error) {
		due, err = tx.FeedsDue(now)
		return err
	})
	if err != nil || len(due) == 0 {
		return 0, err
	}
	due = due[:1] // one at a time: they are large, and nobody waits
	leased := false
	err = s.Store.Change(ctx, func(tx store.Writer) error {
		f, found, err := tx.Feed(due[0].ID)
		if err != nil || !found || !f.Next.Equal(due[0].Next) {
			return err
		}
		f.Next, leased = now.Add(leaseTime), true
		return tx.PutFeed(f)
	})
	if err != nil || !leased {
		return 0, err
	}
	return 1, s.fetch(ctx, due[0])
}

// fetch asks a feed's server whether it has another version, and keeps that. Whatever goes wrong, the last good one stays.
func (s *Service) fetch(ctx context.Context, f store.Feed) error {
	etag, modified, v, err := s.get(ctx, f)
	end := func(tx store.Writer, now store.Feed) error {
		now.Checked, now.Next = s.now(), time.Time{}
		wait := now.Every
		switch {
		case err != nil:
			now.Failures++
			now.Problem = cut(err.Error(), 500)
			if wait > 0 {
				wait = min(outbox.Wait(now.Failures, firstRetry, mostEvery), wait)
			}
		default:
			now.Problem, now.Failures = "", 0
		}
		if wait > 0 {
			now.Next = now.Checked.Add(wait.Truncate(time.Microsecond))
		}
		return tx.PutFeed(now)
	}
	if err != nil || v.file == "" {
		return s.Store.Change(context.WithoutCancel(ctx), func(tx store.Writer) error {
			now, found, err := tx.Feed(f.ID)
			if err != nil || !found {
				return err
			}
			return end(tx, now)
		})
	}
	return s.Door.Change(context.WithoutCancel(ctx), fetcher, "feeds.load", func(tx store.Writer, rec *audit.Record) error {
		rec.Object = "feed:" + f.Name
		now, err := s.keep(tx, f, v, rec)
		if err != nil {
			_ = os.Remove(s.path(v.file))
			return err
		}
		now.LoadedBy, now.Etag, now.Modified = "", etag, modified
		return end(tx, now)
	})
}

func (s *Service) get(ctx context.Context, f store.Feed) (etag, modified string, v version, err error) {
	if len(f.Addresses) == 0 {
		return "", "", v, errors.New("it has no address")
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, f.Addresses[0], nil)
	if err != nil {
		return "", "", v, errors.New("its address cannot be asked")
	}
	r.Header.Set("User-Agent", "Bailiwick")
	r.Header.Set("Accept", "*/*")
	if f.File != "" && f.Etag != "" {
		r.Header.Set("If-None-Match", f.Etag)
	}
	if f.File != "" && f.Modified != "" {
		r.Header.Set("If-Modified-Since", f.Modified)
	}
	answer, err := s.Client(f.Within).Do(r)
	if err != nil {
		return "", "", v, outbox.Cause(err)
	}
	defer answer.Body.Close()
	switch code := answer.StatusCode; {
	case code == http.StatusNotModified && f.File != "":
		return "", "", v, nil
	case code >= 300 && code < 400:
		return "", "", v, fmt.Errorf("the server answered %d, elsewhere: register the address that it leads to", code)
	case code != http.StatusOK:
		return "", "", v, fmt.Errorf("the server answered %d", code)
	case answer.ContentLength > mostBytes:
		return "", "", v, fmt.Errorf("%w: %d bytes", errTooMuch, answer.ContentLength)
	}
	if v, err = s.write(ctx, f, answer.Body); err != nil {
		return "", "", v, fmt.Errorf("what was fetched %s", strings.TrimPrefix(err.Error(), "the file "))
	}
	return cut(answer.Header.Get("ETag"), 200), cut(answer.Header.Get("Last-Modified"), 100), v, nil
}
