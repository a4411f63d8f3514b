package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/hunting/events"
	"github.com/bailiwick/bailiwick/internal/intake"
	"github.com/bailiwick/bailiwick/internal/investigation"
)

// loaded is what a file brought, in the form that the API gives it.
type loaded struct {
	File      string      `json:"file"`
	Alerts    loadedCount `json:"alerts"`
	Incidents loadedCount `json:"incidents"`
	Actions   loadedCount `json:"actions"`
	Reports   loadedCount `json:"reports"`
	Rows      loadedCount `json:"rows"`

	Events   *investigation.Events `json:"events,omitempty"`
	Problems []events.Problem      `json:"problems,omitempty"`
	Unknown  map[string]int64      `json:"unknown,omitempty"`
	Mistyped map[string]int64      `json:"mistyped,omitempty"`
}

type loadedCount struct {
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
}

func (p *program) loadCommand() *cobra.Command {
	var o intake.Options
	cmd := &cobra.Command{
		Use:   "load FILE...",
		Short: "Take in alerts, incidents, actions and reports, and the events that are hunted in",
		Long: "Takes Microsoft Graph alerts and incidents - one, an array, a list page, or one a line - and the older REST form;\n" +
			"items of an Action centre, and machine actions of the endpoint product; reports of Threat analytics, as Markdown with front\n" +
			"matter or as JSON: none of a file if one in it is at fault. Takes rows of all tables of advanced hunting, too: records of the streaming export,\n" +
			"results of hunting queries, CSV and Parquet. Where the file does not say of what table they are, it is named after it, as\n" +
			"DeviceProcessEvents.csv, or --table tells. Rows that are none are told, by line, and the others come in; --strict takes all back.\n" +
			"What is in a file is found out from what is in it; - is the standard input. Loading a file twice changes nothing.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			var all []loaded
			for _, file := range files {
				l, err := p.load(cmd.Context(), file, o)
				if err != nil {
					return err
				}
				all = append(all, l)
			}
			return p.answer(map[string]any{"files": all}, func(w io.Writer) {
				for _, l := range all {
					fmt.Fprintf(w, "%s: %s\n", l.File, l)
					l.complain(terminal{p.err})
				}
			})
		},
	}
	cmd.Flags().StringVar(&o.Table, "table", "", "the rows are of this `TABLE`, where the file does not say it")
	cmd.Flags().BoolVar(&o.Strict, "strict", false, "one bad row takes its whole file back")
	return cmd
}

// complain says what was wrong with rows, and with which.
func (l loaded) complain(w io.Writer) {
	for _, e := range l.Problems {
		fmt.Fprintf(w, "%s:%s\n", l.File, oneLine(strings.TrimPrefix(e.Error(), "line ")))
	}
	if e := l.Events; e != nil && e.Rejected > int64(len(l.Problems)) {
		fmt.Fprintf(w, "%s: and %d more\n", l.File, e.Rejected-int64(len(l.Problems)))
	}
	if len(l.Unknown) > 0 {
		fmt.Fprintf(w, "%s: columns that their tables do not have, kept aside: %s\n", l.File, tallied(l.Unknown))
	}
	if len(l.Mistyped) > 0 {
		fmt.Fprintf(w, "%s: columns with values of another type, kept aside: %s\n", l.File, tallied(l.Mistyped))
	}
}

// String says what a file held, and only that.
func (l loaded) String() string {
	var parts []string
	for _, kind := range []struct {
		what  string
		count loadedCount
	}{{"alerts", l.Alerts}, {"incidents", l.Incidents}, {"actions", l.Actions}, {"reports", l.Reports}, {"rows", l.Rows}} {
		if kind.count != (loadedCount{}) {
			parts = append(parts, kind.what+" "+kind.count.String())
		}
	}
	if e := l.Events; e != nil {
		parts = append(parts, fmt.Sprintf("events %d new, %d known, %d rejected", e.New, e.Known, e.Rejected))
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, "; ")
}

func (c loadedCount) String() string {
	return fmt.Sprintf("%d new, %d updated, %d unchanged", c.Created, c.Updated, c.Unchanged)
}

func (p *program) load(ctx context.Context, file string, o intake.Options) (loaded, error) {
	f, size, err := p.source(file)
	if err != nil {
		return loaded{}, refuse("load %s: %w", file, err)
	}
	defer f.Close()
	from := p.watch(f, file, size)
	defer from.done()

	if p.server != "" {
		l := loaded{File: file}
		kind := "application/json"
		switch strings.ToLower(filepath.Ext(file)) {
		case ".jsonl", ".ndjson":
			kind = "application/x-ndjson"
		case ".md", ".markdown":
			kind = "text/markdown"
		case ".csv":
			kind = "text/csv"
		case ".parquet":
			kind = "application/vnd.apache.parquet"
		}
		query := url.Values{"name": {filepath.Base(file)}}
		if o.Table != "" {
			query.Set("table", o.Table)
		}
		if o.Strict {
			query.Set("strict", "true")
		}
		return l, p.send(ctx, http.MethodPost, "/api/v1/ingest?"+query.Encode(), kind, from, &l)
	}
	c, err := p.open(ctx, opening{create: true})
	if err != nil {
		return loaded{}, err
	}
	defer c.close()
	return c.loadFile(ctx, local(), file, from, o)
}

// source opens a file, or the standard input. A size below zero is not known.
func (p *program) source(file string) (*os.File, int64, error) {
	if file == "-" {
		f, err := again(p.in)
		return f, -1, err
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, 0, err
	}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		return f, info.Size(), nil
	}
	defer f.Close()
	given, err := again(f)
	return given, -1, err
}

// again writes down what can be read only once.
func again(from io.Reader) (*os.File, error) {
	f, err := os.CreateTemp("", "bailiwick-load-*")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // nobody else needs to find it
	if _, err := io.Copy(f, from); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	_, err = f.Seek(0, io.SeekStart)
	return f, err
}

// loadFile takes a file in.
func (c *centre) loadFile(ctx context.Context, actor audit.Actor, name string, from io.ReadSeeker, o intake.Options) (loaded, error) {
	l, err := c.intake.Load(ctx, actor, name, from, o)
	return loaded{
		File:      name,
		Alerts:    loadedCount{l.Alerts.Created, l.Alerts.Updated, l.Alerts.Unchanged},
		Incidents: loadedCount{l.Incidents.Created, l.Incidents.Updated, l.Incidents.Unchanged},
		Actions:   loadedCount{l.Actions.Created, l.Actions.Updated, l.Actions.Unchanged},
		Reports:   loadedCount{l.Reports.Created, l.Reports.Updated, l.Reports.Unchanged},
		Rows:      loadedCount{l.Rows.Created, l.Rows.Updated, l.Rows.Unchanged},

		Events: l.Events, Problems: l.Problems, Unknown: l.Unknown, Mistyped: l.Mistyped,
	}, err
}

// watched shows how far a file has been read, if somebody is looking and it takes longer than a moment.
type watched struct {
	from    io.ReadSeeker
	show    bool
	out     io.Writer
	name    string
	size    int64
	read    int64
	started time.Time
	bar     *progressbar.ProgressBar
}

const moment = time.Second

func (p *program) watch(from io.ReadSeeker, name string, size int64) *watched {
	terminal, ok := p.err.(*os.File)
	return &watched{
		from: from, out: p.err, name: name, size: size, started: time.Now(),
		show: ok && term.IsTerminal(int(terminal.Fd())),
	}
}

func (w *watched) Read(b []byte) (int, error) {
	n, err := w.from.Read(b)
	w.read += int64(n)
	if w.show && w.bar == nil && time.Since(w.started) > moment {
		w.bar = progressbar.NewOptions64(w.size, progressbar.OptionSetWriter(w.out), progressbar.OptionSetDescription(w.name),
			progressbar.OptionShowBytes(true), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	}
	if w.bar != nil {
		_ = w.bar.Set64(w.read)
	}
	return n, err
}

// Seek lets the file be read again.
func (w *watched) Seek(offset int64, whence int) (int64, error) {
	n, err := w.from.Seek(offset, whence)
	w.read = n
	return n, err
}

func (w *watched) done() {
	if w.bar != nil {
		_ = w.bar.Clear()
	}
}
