package feeds

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/lookup"
	"github.com/bailiwick/bailiwick/internal/outbox"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// How much there may be of feeds.
const (
	mostFeeds     = 100
	mostAddresses = 10
	mostAddress   = 1000
	mostName      = 100
	leastEvery    = 5 * time.Minute
	mostEvery     = 30 * 24 * time.Hour
)

// Setting is what people say of a feed.
type Setting struct {
	Name      string
	Kind      string // empty: rows
	Addresses []string
	Format    string        // empty: csv
	Every     time.Duration // 0: it is loaded by hand
	Within    bool
	Readers   []string
}

// Tag names the state of a feed's setting, for who changes it only if nobody else has.
func Tag(f store.Feed) string { return `"` + strconv.FormatInt(f.Updated.UnixMicro(), 36) + `"` }

func unchanged(f store.Feed, tag string) error {
	if tag != "" && tag != "*" && tag != Tag(f) {
		return fault.Changed("change the feed", "%s changed it since you read it", f.UpdatedBy)
	}
	return nil
}

// told is what the audit log keeps of a feed. An address may hold a key: its host is enough.
func told(f store.Feed) map[string]any {
	var hosts []string
	for _, a := range f.Addresses {
		hosts = append(hosts, outbox.HostOf(a))
	}
	return map[string]any{"name": f.Name, "kind": f.Kind, "hosts": hosts, "format": f.Format, "everyMinutes": int(f.Every.Minutes()), "privateNetwork": f.Within, "readers": f.Readers}
}

// Create registers a feed. One with a schedule is fetched at once.
func (s *Service) Create(ctx context.Context, who audit.Actor, set Setting) (f store.Feed, err error) {
	err = s.change(ctx, who, "feeds.create", "feed:"+cut(set.Name, mostName), func(tx store.Writer, rec *audit.Record) error {
		f = store.Feed{ID: "fd_" + strings.ToLower(rand.Text()[:16])}
		if err := s.fill(tx, &f, set, who); err != nil {
			return err
		}
		rec.After = told(f)
		return tx.PutFeed(f)
	})
	return f, err
}

// Change makes a feed what the setting says. What has been loaded stays, unless it is of another kind or format now.
func (s *Service) Change(ctx context.Context, who audit.Actor, id, tag string, set Setting) (f store.Feed, err error) {
	err = s.change(ctx, who, "feeds.update", "feed:"+cut(id, 80), func(tx store.Writer, rec *audit.Record) error {
		was, err := find(tx, id)
		if err != nil {
			return err
		}
		if err := unchanged(was, tag); err != nil {
			return err
		}
		f = was
		if err := s.fill(tx, &f, set, who); err != nil {
			return err
		}
		if f.Kind != was.Kind || f.Format != was.Format {
			f.File, f.Rows, f.Bytes, f.Columns, f.Loaded, f.LoadedBy = "", 0, 0, nil, time.Time{}, ""
		}
		if f.File == "" || len(f.Addresses) == 0 || len(was.Addresses) == 0 || f.Addresses[0] != was.Addresses[0] {
			f.Etag, f.Modified = "", ""
		}
		rec.Object, rec.Before, rec.After = "feed:"+f.Name, told(was), told(f)
		if fmt.Sprint(rec.Before) == fmt.Sprint(rec.After) && slices.Equal(was.Addresses, f.Addresses) {
			f = was
			rec.Skip()
			return nil
		}
		if !f.Updated.After(was.Updated) {
			f.Updated = was.Updated.Add(1000) // a tag tells two states apart, whatever the clock does
		}
		return tx.PutFeed(f)
	})
	return f, err
}

// Remove removes a feed, and what has been loaded. Queries that name it are refused from now on.
func (s *Service) Remove(ctx context.Context, who audit.Actor, id, tag string) error {
	return s.change(ctx, who, "feeds.remove", "feed:"+cut(id, 80), func(tx store.Writer, rec *audit.Record) error {
		f, err := find(tx, id)
		if err != nil {
			return err
		}
		if err := unchanged(f, tag); err != nil {
			return err
		}
		rec.Object, rec.Before = "feed:"+f.Name, told(f)
		_, err = tx.RemoveFeed(id)
		return err
	})
}

// Fetch lets a feed be fetched now.
func (s *Service) Fetch(ctx context.Context, who audit.Actor, id string) (f store.Feed, err error) {
	err = s.change(ctx, who, "feeds.fetch", "feed:"+cut(id, 80), func(tx store.Writer, rec *audit.Record) error {
		if f, err = find(tx, id); err != nil {
			return err
		}
		rec.Object = "feed:" + f.Name
		if len(f.Addresses) == 0 || !strings.HasPrefix(f.Addresses[0], "http") {
			return fault.Invalid("fetch the feed", "it has no address that something could be fetched from; load a file into it").
				WithDetails(fault.Detail{Where: "addresses", Problem: "none that begins with https://", Want: "an address, or a file by hand"})
		}
		f.Next = s.now()
		return tx.PutFeed(f)
	})
	return f, err
}

// fill checks a setting and writes it into a feed. All that is wrong with it is said at once.
func (s *Service) fill(tx store.Writer, f *store.Feed, set Setting, who audit.Actor) error {
	var wrong []fault.Detail
	say := func(where, want, problem string, args ...any) {
		wrong = append(wrong, fault.Detail{Where: where, Problem: fmt.Sprintf(problem, args...), Want: want})
	}
	all, err := tx.Feeds()
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(all, func(o store.Feed) bool { return o.ID == f.ID })
	if len(others) >= mostFeeds {
		return fault.Invalid("register a feed", "there are %d already, and no more than that: remove one", len(others))
	}
	f.Name, f.Every, f.Within = strings.TrimSpace(set.Name), set.Every, set.Within
	if f.Name == "" || utf8.RuneCountInString(f.Name) > mostName || !printable(f.Name) {
		say("name", "1 to 100 printable characters on one line", "%q", cut(set.Name, mostName))
	}
	f.Kind, f.Format = orElse(set.Kind, Rows), orElse(strings.ToLower(set.Format), "csv")
	formats := map[string][]string{Files: {"csv", "json"}, Places: {"csv"}}[f.Kind]
	switch {
	case f.Kind == Rows:
		for name := range lookup.Formats {
			formats = append(formats, name)
		}
		slices.Sort(formats)
	case formats == nil:
		say("kind", "rows, files or places", "there is no kind %q", cut(set.Kind, 40))
	default:
		for _, o := range others {
			if o.Kind == f.Kind {
				return fault.Conflict("register the feed", "%q tells of %s already, and there is one at most: load into that, or remove it", o.Name, f.Kind)
			}
		}
		if len(set.Readers) > 0 {
			say("readers", "none: whoever may hunt may ask it", "only the rows of a feed of the kind rows are opened to some")
		}
	}
	if formats != nil && !slices.Contains(formats, f.Format) {
		say("format", strings.Join(formats, ", "), "there is no format %q of this kind", cut(set.Format, 40))
	}
	if set.Every != 0 && (set.Every < leastEvery || set.Every > mostEvery) {
		say("everyMinutes", "0 (it is loaded by hand), or 5 to 43200", "%d", int(set.Every.Minutes()))
	}
	fillAddresses(f, set, others, say)
	f.Readers = nil
	for i, name := range set.Readers {
		w := workloads([]string{name})
		if w == 0 {
			say(fmt.Sprintf("readers[%d]", i), "endpoint, office365, cloudapps or identity", "there is no product %q", cut(name, 40))
		}
	}
	for _, w := range rbac.Workloads {
		if slices.Contains(set.Readers, w.String()) {
			f.Readers = append(f.Readers, w.String())
		}
	}
	if len(wrong) > 0 {
		return fault.Invalid("save the feed", "%s: %s: want %s", wrong[0].Where, wrong[0].Problem, wrong[0].Want).WithDetails(wrong...)
	}
	f.Next = time.Time{}
	if f.Every > 0 {
		f.Next = s.now()
	}
	f.Problem, f.Failures = "", 0
	f.Updated, f.UpdatedBy = s.now(), who.Name
	return nil
}

func fillAddresses(f *store.Feed, set Setting, others []store.Feed, say func(where, want, problem string, args ...any)) {
	f.Addresses = nil
	if len(set.Addresses) > mostAddresses {
		say("addresses", fmt.Sprintf("up to %d", mostAddresses), "there are %d", len(set.Addresses))
		return
	}
	for i, a := range set.Addresses {
		where := fmt.Sprintf("addresses[%d]", i)
		u, err := url.Parse(a)
		switch {
		case err == nil && u.User != nil: // told without it: it is a secret
			say(where, "an address without a name and password", "has them before its host")
		case err != nil || len(a) > mostAddress || !printable(a) || u.Host == "" || u.Fragment != "" || u.Scheme != "https" && u.Scheme != "http":
			say(where, "an address as https://intel.example.com/list.csv", "%q", cut(a, 120))
			continue
		case i == 0 && u.Scheme == "http" && !set.Within && set.Every > 0:
			say(where, "https://, or an address within your own network (privateNetwork)", "over plain HTTP anybody on the way could write into the list")
			continue
		case slices.Contains(f.Addresses, a):
			continue
		}
		for _, o := range others {
			if slices.Contains(o.Addresses, a) {
				say(where, "an address of no other feed", "the feed %q has it", o.Name)
			}
		}
		f.Addresses = append(f.Addresses, a)
	}
	if set.Every > 0 && len(set.Addresses) == 0 {
		say("addresses", "the address that it is fetched from", "none, and it is to be fetched")
	}
}

func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
