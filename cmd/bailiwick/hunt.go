package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
)

func (p *program) huntCommand() *cobra.Command {
	var file, timespan, as, key string
	var assets []string
	var link huntLink
	cmd := &cobra.Command{
		Use:   "hunt [QUERY]",
		Short: "Run a query in KQL over the events that somebody may see",
		Long: "Runs a query and prints what it finds: rows that are out of its reader's reach are never part of it.\n" +
			"Over a server the reader is the owner of the token; on the data itself --as names them. The query is the argument, a file (--file), or\n" +
			"standard input (-). A query that cannot be run is shown with its mistakes marked, and the exit code is 2.\n" +
			"Rows are printed as a table, and by -o json or -o csv in full.",
		Example: "  bailiwick hunt 'DeviceProcessEvents | take 5'\n  bailiwick hunt --file logons.kql --timespan P7D -o csv > logons.csv",
		Args:    cobra.MaximumNArgs(1),
		// Beside text and json, which every command has: rows have names of their own for it.
		Annotations: map[string]string{moreOutputs: "table csv"},
		RunE: func(cmd *cobra.Command, args []string) error {
			query, err := p.queryOf(args, file)
			if err != nil {
				return err
			}
			if strings.TrimSpace(query) == "" {
				return refuse("hunt: there is no query in what was given: want one in KQL, such as 'DeviceProcessEvents | take 5'")
			}
			r := hunt.Request{Query: query, Timespan: timespan}
			if !link.wanted() {
				for _, name := range []string{"alert-title", "alert-description", "recommended-actions", "mitre-technique", "severity", "category", "impacted-asset", "idempotency-key"} {
					if cmd.Flags().Changed(name) {
						return refuse("hunt: --%s is of an alert that the rows become: want --link-incident ID or --new-incident TITLE with it", name)
					}
				}
				return p.hunt(cmd.Context(), r, as)
			}
			if link.Alert.Assets, err = assetsOf(assets); err != nil {
				return err
			}
			return p.link(cmd.Context(), r, link, key)
		},
	}
	f := cmd.Flags()
	f.StringVar(&file, "file", "", "read the query from `FILE`")
	f.StringVar(&timespan, "timespan", "", "only rows of this `TIME`, ISO 8601: P7D, or 2026-02-01T00:00:00Z/2026-02-03T00:00:00Z")
	f.StringVar(&as, "as", "", "with --data: hunt with the rights of this `USER`")
	f.StringVar(&link.IncidentID, "link-incident", "", "make an alert of the rows, in the incident of this `ID`")
	f.StringVar(&link.IncidentTitle, "new-incident", "", "make an alert of the rows, in a new incident of this `TITLE`")
	f.StringVar(&link.Alert.Title, "alert-title", "", "the `TITLE` of that alert; without it the new incident's")
	f.StringVar(&link.Alert.Description, "alert-description", "", "what that alert `SAYS`")
	f.StringVar(&link.Alert.RecommendedActions, "recommended-actions", "", "what `TO DO` about it")
	f.StringArrayVar(&link.Alert.Techniques, "mitre-technique", nil, "a `TECHNIQUE` of ATT&CK that it is of: T1059.001. May be given again")
	f.StringVar(&link.Alert.Severity, "severity", "medium", "how `BAD` that alert is: high, medium, low or informational")
	f.StringVar(&link.Alert.Category, "category", "SuspiciousActivity", "the `CATEGORY` of that alert")
	f.StringArrayVar(&assets, "impacted-asset", nil, "what that alert is about, as `KIND=COLUMN`: device=deviceId, user=accountUpn, mailbox=recipientEmailAddress; each kind once. Without it the first column that names one")
	f.StringVar(&key, "idempotency-key", "", "the `KEY` of a request that got no answer: the same one makes no second alert")
	cmd.AddCommand(p.huntQueriesCommand(), p.huntHistoryCommand())
	return cmd
}

// queryOf is the query, wherever it is.
func (p *program) queryOf(args []string, file string) (string, error) {
	switch {
	case len(args) == 1 && file != "":
		return "", refuse("hunt: there is a query, and --file: want one of them")
	case file != "":
		return p.readQuery(file)
	case len(args) == 0 || args[0] == "-":
		return p.readQuery("-")
	}
	return args[0], nil
}

func (p *program) hunt(ctx context.Context, r hunt.Request, as string) error {
	to := newHuntWriter(p)
	var stats hunt.Stats
	var err error
	if p.server != "" {
		if as != "" {
			return refuse("hunt: --as is for --data: over a server it is the owner of the token who hunts")
		}
		stats, err = p.huntOver(ctx, r, to)
	} else {
		if as == "" {
			return refuse("hunt: want --as USER, whose rights it is that count: owning the files is no right to read what is in them for somebody")
		}
		err = p.within(ctx, func(c *centre) error {
			snapshot, err := c.permissions.Snapshot(ctx)
			if err != nil {
				return err
			}
			user, known := snapshot.User(as)
			if !known {
				return fault.Invalid("hunt", "there is no user %q", as).WithDetails(fault.Detail{Where: "--as", Problem: "there is no such user", Want: "the name of one"})
			}
			stats, err = c.library.Hunt(ctx, local(), user.Name, c.hunter, r, to)
			return err
		})
	}
	if err != nil {
		return p.marked(r.Query, err)
	}
	return to.end(stats)
}

// huntOver runs a query on a server.
func (p *program) huntOver(ctx context.Context, r hunt.Request, to *huntWriter) (hunt.Stats, error) {
	answer, err := p.doBy(ctx, patient, http.MethodPost, "/api/v1/hunting/run", "application/json", jsonBody(map[string]string{"query": r.Query, "timespan": r.Timespan}))
	if err != nil {
		return hunt.Stats{}, err
	}
	defer answer.Body.Close()
	return to.take(answer.Body)
}

// marked shows where in its text a query is wrong, and gives the refusal.
func (p *program) marked(query string, err error) error {
	if p.output == "json" || fault.KindOf(err) != fault.KindInvalid && fault.KindOf(err) != fault.KindDenied {
		return err
	}
	var f *fault.Error
	if !errors.As(err, &f) {
		return err
	}
	lines := strings.Split(query, "\n")
	out := terminal{p.err}
	shown := 0
	for _, d := range f.Details {
		var line, column int
		if n, _ := fmt.Sscanf(d.Where, "%d:%d", &line, &column); n != 2 || line < 1 || line > len(lines) || column < 1 {
			continue
		}
		fmt.Fprintf(out, "line %d, column %d: %s\n", line, column, d.Problem)
		text := []rune(strings.ReplaceAll(strings.TrimSuffix(lines[line-1], "\r"), "\t", " "))
		// Of a long line the part around the mistake.
		from := max(0, min(column-1, len(text))-60)
		fmt.Fprintf(out, "    %s\n    %s^\n", oneLine(string(text[from:min(len(text), from+120)])), strings.Repeat(" ", max(0, column-1-from)))
		shown++
	}
	if shown == 0 {
		return err
	}
	what := "the query cannot be run"
	if f.Kind == fault.KindDenied {
		what = "you may not run this query"
	}
	return &coded{exitRefused, errors.New("hunt: " + what)}
}

// jsonBody is a request's body.
func jsonBody(v any) io.Reader { return strings.NewReader(mustJSON(v)) }
