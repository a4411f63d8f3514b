package main

import (
	"context"
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
	"github.com/bailiwick/bailiwick/internal/ingest"
	"github.com/bailiwick/bailiwick/internal/store"
)

// loaded is what a file brought, in the form that the API gives it.
type loaded struct {
	File      string      `json:"file"`
	Alerts    loadedCount `json:"alerts"`
	Incidents loadedCount `json:"incidents"`
	Actions   loadedCount `json:"actions"`
	Reports   loadedCount `json:"reports"`
	Rows      loadedCount `json:"rows"`
}

type loadedCount struct {
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
}

func (p *program) loadCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "load FILE...",
		Short: "Take in alerts, incidents, actions and reports: each file whole or not at all",
		Long: "Takes Microsoft Graph alerts and incidents - one, an array, a list page, or one a line - and the older REST form;\n" +
			"items of an Action centre, and machine actions of the endpoint product; reports of Threat analytics, as Markdown with front\n" +
			"matter or as JSON; of the streaming export, rows of DeviceTvmSoftwareVulnerabilities, DeviceTvmSecureConfigurationAssessment, their\n" +
			"KB tables and EmailEvents.\n" +
			"What is in a file is found out from what is in it; - is the standard input. Loading a file twice changes nothing.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			var all []loaded
			for _, file := range files {
				l, err := p.load(cmd.Context(), file)
				if err != nil {
					return err
				}
				all = append(all, l)
			}
			return p.answer(map[string]any{"files": all}, func(w io.Writer) {
				for _, l := range all {
					fmt.Fprintf(w, "%s: %s\n", l.File, l)
				}
			})
		},
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
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, "; ")
}

func (c loadedCount) String() string {
	return fmt.Sprintf("%d new, %d updated, %d unchanged", c.Created, c.Updated, c.Unchanged)
}

func (p *program) load(ctx context.Context, file string) (loaded, error) {
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
		}
		return l, p.send(ctx, http.MethodPost, "/api/v1/ingest?name="+url.QueryEscape(filepath.Base(file)), kind, from, &l)
	}
	c, err := p.open(ctx, opening{create: true})
	if err != nil {
		return loaded{}, err
	}
	defer c.close()
	return c.loadFile(ctx, local(), file, from)
}

// source opens a file, or the standard input. A size below zero is not known.
func (p *program) source(file string) (io.ReadCloser, int64, error) {
	if file == "-" {
		return io.NopCloser(p.in), -1, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, 0, err
	}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		return f, info.Size(), nil
	}
	return f, -1, nil
}

// loadFile parses a file and hands its records to the room that takes them, in one transaction.
func (c *centre) loadFile(ctx context.Context, actor audit.Actor, name string, from io.Reader) (loaded, error) {
	l, err := c.investigation.Load(ctx, actor, name, func(take func(store.Record) error) error {
		_, err := ingest.Read(name, from, take)
		return err
	})
	return loaded{
		File:      name,
		Alerts:    loadedCount{l.Alerts.Created, l.Alerts.Updated, l.Alerts.Unchanged},
		Incidents: loadedCount{l.Incidents.Created, l.Incidents.Updated, l.Incidents.Unchanged},
		Actions:   loadedCount{l.Actions.Created, l.Actions.Updated, l.Actions.Unchanged},
		Reports:   loadedCount{l.Reports.Created, l.Reports.Updated, l.Reports.Unchanged},
		Rows:      loadedCount{l.Rows.Created, l.Rows.Updated, l.Rows.Unchanged},
	}, err
}

// watched shows how far a file has been read, if somebody is looking and it takes longer than a moment.
type watched struct {
	from    io.Reader
	show    bool
	out     io.Writer
	name    string
	size    int64
	read    int64
	started time.Time
	bar     *progressbar.ProgressBar
}

const moment = time.Second

func (p *program) watch(from io.Reader, name string, size int64) *watched {
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

func (w *watched) done() {
	if w.bar != nil {
		_ = w.bar.Clear()
	}
}
