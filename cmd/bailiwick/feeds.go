package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/feeds"
	"github.com/bailiwick/bailiwick/internal/store"
)

// huntingFeed is a feed in the form that the API gives it.
type huntingFeed struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Kind      string    `json:"kind"`
	Addresses []string  `json:"addresses"`
	Format    string    `json:"format"`
	Every     int       `json:"everyMinutes"`
	Within    bool      `json:"privateNetwork"`
	Readers   []string  `json:"readers"`
	State     string    `json:"state"`
	Problem   string    `json:"problem,omitempty"`
	Version   int64     `json:"version"`
	Rows      int64     `json:"rows"`
	Bytes     int64     `json:"bytes"`
	Columns   []string  `json:"columns"`
	Loaded    time.Time `json:"loadedDateTime,omitzero"`
	LoadedBy  string    `json:"loadedBy,omitempty"`
	Next      time.Time `json:"nextDateTime,omitzero"`
	Updated   time.Time `json:"lastUpdateDateTime"`
	UpdatedBy string    `json:"updatedBy"`
	Etag      string    `json:"etag"`
}

type huntingFeeds struct {
	Items []huntingFeed `json:"items"`
	Total int           `json:"total"`
}

const feedsPath = "/api/v1/hunting/feeds"

// fetchFeeds fetches feeds until ctx ends.
func (p *program) fetchFeeds(ctx context.Context, c *centre) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.feeds.Run(ctx, func(err error) { fmt.Fprintln(terminal{p.err}, "bailiwick: feeds:", err) })
	}()
	return func() {
		cancel()
		<-done
	}
}

func (p *program) feedsCommand() *cobra.Command {
	parent := &cobra.Command{
		Use: "feeds", Aliases: []string{"feed"}, Short: "What hunting queries look up beside the tables: feeds, what is known about files, where addresses are",
		Long: "A feed of the kind rows is what externaldata reads, by one of its addresses or as feed:NAME; of files, what FileProfile() tells; of places, what\n" +
			"geo_info_from_ip_address() tells. The server fetches a feed on its schedule, or it is loaded by hand. No query fetches anything.",
	}
	parent.AddCommand(p.listFeedsCommand(), p.showFeedCommand(), p.addFeedCommand(), p.setFeedCommand(), p.loadFeedCommand(), p.fetchFeedCommand(), p.removeFeedCommand())
	return parent
}

func toldFeed(f store.Feed) huntingFeed {
	told := huntingFeed{
		ID: f.ID, Name: f.Name, Kind: f.Kind, Addresses: append([]string{}, f.Addresses...), Format: f.Format, Every: int(f.Every.Minutes()), Within: f.Within, Readers: append([]string{}, f.Readers...), State: "loaded",
		Problem: f.Problem, Version: f.Version, Rows: f.Rows, Bytes: f.Bytes, Columns: append([]string{}, f.Columns...), Loaded: f.Loaded, LoadedBy: f.LoadedBy, Next: f.Next, Updated: f.Updated, UpdatedBy: f.UpdatedBy, Etag: feeds.Tag(f),
	}
	switch {
	case f.Problem != "":
		told.State = "failing"
	case f.File == "":
		told.State = "empty"
	}
	return told
}

func (f huntingFeed) setting() feeds.Setting {
	return feeds.Setting{Name: f.Name, Kind: f.Kind, Addresses: f.Addresses, Format: f.Format, Every: time.Duration(f.Every) * time.Minute, Within: f.Within, Readers: f.Readers}
}

func (f huntingFeed) body() map[string]any {
	return map[string]any{"name": f.Name, "kind": f.Kind, "addresses": append([]string{}, f.Addresses...), "format": f.Format, "everyMinutes": f.Every, "privateNetwork": f.Within, "readers": append([]string{}, f.Readers...)}
}

func (f huntingFeed) print(w io.Writer) {
	readers := "whoever hunts"
	if f.Kind == feeds.Rows {
		if readers = strings.Join(f.Readers, ", "); readers == "" {
			readers = "nobody"
		}
	}
	schedule := "by hand"
	if f.Every > 0 {
		schedule = fmt.Sprintf("every %d minutes, next %s", f.Every, when(f.Next))
	}
	fmt.Fprintf(w, "%s  %s\n", oneLine(f.Name), f.State)
	for _, line := range [][2]string{
		{"id", f.ID}, {"kind", f.Kind}, {"format", f.Format}, {"read by", readers}, {"loaded", schedule}, {"has", fmt.Sprintf("%d rows of %s, version %d", f.Rows, when(f.Loaded), f.Version)},
		{"columns", strings.Join(f.Columns, ", ")}, {"problem", f.Problem},
	} {
		if line[1] != "" {
			fmt.Fprintf(w, "  %-9s %s\n", line[0], oneLine(line[1]))
		}
	}
	for _, a := range f.Addresses {
		fmt.Fprintf(w, "  %-9s %s\n", "address", oneLine(a))
	}
}

func (p *program) feeds(ctx context.Context) (huntingFeeds, error) {
	list := huntingFeeds{Items: []huntingFeed{}}
	if p.server != "" {
		return list, p.call(ctx, http.MethodGet, feedsPath+"?limit=1000", nil, &list)
	}
	err := p.within(ctx, func(c *centre) error {
		all, err := c.feeds.List(ctx, local())
		for _, f := range all {
			list.Items = append(list.Items, toldFeed(f))
		}
		list.Total = len(all)
		return err
	})
	return list, err
}

// feed finds a feed by its id or its name.
func (p *program) feed(ctx context.Context, name string) (huntingFeed, error) {
	list, err := p.feeds(ctx)
	if err != nil {
		return huntingFeed{}, err
	}
	var names []string
	for _, f := range list.Items {
		if f.ID == name || strings.EqualFold(f.Name, name) {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return huntingFeed{}, fault.NotFound("feed", "there is no feed %q%s", name, suggest(name, names))
}

func (p *program) listFeedsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the feeds, and how loading goes", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := p.feeds(cmd.Context())
			if err != nil {
				return err
			}
			return p.answer(list, func(w io.Writer) {
				t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
				for _, f := range list.Items {
					fmt.Fprintf(t, "%s\t%s\t%s\t%d rows\t%s\t%s\n", oneLine(f.Name), f.Kind, f.State, f.Rows, when(f.Loaded), oneLine(f.Problem))
				}
				_ = t.Flush()
			})
		},
	}
}

func (p *program) showFeedCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show FEED", Short: "Show one feed, by name or id", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := p.feed(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return p.answer(f, f.print)
		},
	}
}

// flags are what a feed is made of, as the command line says it.
func (f *huntingFeed) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.Kind, "kind", "rows", "`KIND`: rows, files or places")
	flags.StringArrayVar(&f.Addresses, "address", nil, "`URL` that queries name it by; the first is where it is fetched; may be given more than once")
	flags.StringVar(&f.Format, "format", "csv", "as what it is written: `FORMAT` csv, tsv, psv, scsv, txt, raw, json or multijson")
	flags.IntVar(&f.Every, "every", 0, "fetch it every so many `MINUTES`; 0: it is loaded by hand")
	flags.BoolVar(&f.Within, "private-network", false, "its address may be within your own network")
	flags.StringSliceVar(&f.Readers, "readers", nil, "`PRODUCTS` whose hunters may read it, with commas: endpoint, office365, cloudapps, identity; none: nobody")
}

func (p *program) addFeedCommand() *cobra.Command {
	var f huntingFeed
	cmd := &cobra.Command{
		Use: "add NAME", Short: "Register a feed", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.Name = args[0]
			made, err := p.saved(cmd.Context(), http.MethodPost, feedsPath, "", f, func(ctx context.Context, c *centre) (store.Feed, error) {
				return c.feeds.Create(ctx, local(), f.setting())
			})
			if err != nil {
				return err
			}
			return p.answer(made, made.print)
		},
	}
	f.flags(cmd)
	return cmd
}

// saved lets the server, or the data directory, save a feed.
func (p *program) saved(ctx context.Context, method, path, tag string, f huntingFeed, here func(context.Context, *centre) (store.Feed, error)) (made huntingFeed, err error) {
	switch {
	case p.server != "" && tag != "":
		return made, p.call(ctx, method, path, f.body(), &made, "If-Match", tag)
	case p.server != "":
		return made, p.call(ctx, method, path, f.body(), &made)
	}
	err = p.within(ctx, func(c *centre) error {
		saved, err := here(ctx, c)
		made = toldFeed(saved)
		return err
	})
	return made, err
}

func (p *program) setFeedCommand() *cobra.Command {
	var name string
	var given huntingFeed
	cmd := &cobra.Command{
		Use: "set FEED", Short: "Change a feed; what is not given stays", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := p.feed(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			for flag, set := range map[string]func(){
				"name": func() { f.Name = name }, "kind": func() { f.Kind = given.Kind }, "address": func() { f.Addresses = given.Addresses }, "format": func() { f.Format = given.Format },
				"every": func() { f.Every = given.Every }, "private-network": func() { f.Within = given.Within }, "readers": func() { f.Readers = given.Readers },
			} {
				if cmd.Flags().Changed(flag) {
					set()
				}
			}
			made, err := p.saved(cmd.Context(), http.MethodPut, feedsPath+"/"+url.PathEscape(f.ID), f.Etag, f, func(ctx context.Context, c *centre) (store.Feed, error) {
				return c.feeds.Change(ctx, local(), f.ID, f.Etag, f.setting())
			})
			if err != nil {
				return err
			}
			return p.answer(made, made.print)
		},
	}
	given.flags(cmd)
	cmd.Flags().StringVar(&name, "name", "", "its new `NAME`")
	return cmd
}

func (p *program) loadFeedCommand() *cobra.Command {
	return &cobra.Command{
		Use: "load FEED FILE", Short: "Make a file what a feed has from now on", Args: cobra.ExactArgs(2),
		Long: "Makes a file what a feed has from now on; - is the standard input. Of the kind rows any file of its format will do; of files, records with the\n" +
			"columns of FileProfile() - SHA1, SHA256, MD5, GlobalPrevalence, Signer, ThreatName and the others -; of places, lines with start and end, or network,\n" +
			"and country, state, city, latitude, longitude. A file that is not as it should be changes nothing.",
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := p.feed(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			from, _, err := p.source(args[1])
			if err != nil {
				return refuse("load %s: %w", args[1], err)
			}
			defer from.Close()
			var made huntingFeed
			if p.server != "" {
				err = p.send(cmd.Context(), http.MethodPut, feedsPath+"/"+url.PathEscape(f.ID)+"/data", "application/octet-stream", from, &made)
			} else {
				err = p.within(cmd.Context(), func(c *centre) error {
					saved, err := c.feeds.Load(cmd.Context(), local(), f.ID, from)
					made = toldFeed(saved)
					return err
				})
			}
			if err != nil {
				return err
			}
			return p.answer(made, func(w io.Writer) {
				fmt.Fprintf(w, "%s: %d rows, version %d\n", oneLine(made.Name), made.Rows, made.Version)
			})
		},
	}
}

func (p *program) fetchFeedCommand() *cobra.Command {
	return &cobra.Command{
		Use: "fetch FEED", Short: "Let the server fetch a feed now", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := p.feed(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if p.server != "" {
				err = p.call(cmd.Context(), http.MethodPost, feedsPath+"/"+url.PathEscape(f.ID)+"/fetch", nil, &f)
			} else {
				err = p.within(cmd.Context(), func(c *centre) error { _, err := c.feeds.Fetch(cmd.Context(), local(), f.ID); return err })
			}
			if err != nil {
				return err
			}
			return p.answer(f, func(w io.Writer) {
				fmt.Fprintf(w, "%s is fetched as soon as a server runs on the data; `feeds show` tells how it went\n", oneLine(f.Name))
			})
		},
	}
}

func (p *program) removeFeedCommand() *cobra.Command {
	return &cobra.Command{
		Use: "remove FEED", Short: "Remove a feed, and what has been loaded", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := p.feed(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if p.server != "" {
				var answer *http.Response
				if answer, err = p.do(cmd.Context(), http.MethodDelete, feedsPath+"/"+url.PathEscape(f.ID), "", nil, "If-Match", f.Etag); err == nil {
					err = answer.Body.Close()
				}
			} else {
				err = p.within(cmd.Context(), func(c *centre) error { return c.feeds.Remove(cmd.Context(), local(), f.ID, f.Etag) })
			}
			if err != nil {
				return err
			}
			return p.answer(map[string]string{"removed": f.ID}, func(w io.Writer) { fmt.Fprintf(w, "removed %s\n", oneLine(f.Name)) })
		},
	}
}
