package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/hunting/events"
)

// eventsConfig is how much of what is hunted in is kept.
type eventsConfig struct {
	Days      *int `yaml:"days"`
	Gigabytes int  `yaml:"gigabytes"`
}

var eventsKeys = []string{"days", "gigabytes"}

func knownEventsKeys(name string, value ast.Node) error {
	return knownKeys(name, "events", value, eventsKeys, nil)
}

// keptDays is for how long rows are kept where nothing is said: as the product does.
const keptDays = 30

func (c eventsConfig) retention() (events.Retention, error) {
	keep := events.Retention{Days: keptDays, Bytes: int64(c.Gigabytes) << 30}
	if c.Days != nil {
		keep.Days = *c.Days
	}
	if keep.Days < 0 || keep.Days > 3660 || c.Gigabytes < 0 || c.Gigabytes > 1<<20 {
		return keep, refuse("events: days is %d and gigabytes %d: want days from 1 to 3660 and gigabytes up to a million, or 0 for no limit", keep.Days, c.Gigabytes)
	}
	return keep, nil
}

// tidy takes away what is too old or too much, and merges small files, until ctx ends.
func (p *program) tidy(ctx context.Context, c *centre, keep events.Retention) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(30 * time.Second)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				if err := c.intake.Events.Maintain(ctx, keep); err != nil && ctx.Err() == nil {
					fmt.Fprintln(terminal{p.err}, "bailiwick: keep the event store in order:", err)
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() {
		cancel()
		<-done
	}
}

func (p *program) eventsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "events", Short: "Show what the event store has, table by table", Args: cobra.NoArgs,
		Long: "Shows the tables that ever had rows: how many there are, from when to when, how much room they take, and what came of the others.\n" +
			"`bailiwick load` brings rows in; how long they are kept is told to `serve`.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			var list struct {
				Items []events.TableStatus `json:"items"`
				Total int                  `json:"total"`
			}
			var err error
			if p.server != "" {
				err = p.call(cmd.Context(), http.MethodGet, "/api/v1/events", nil, &list)
			} else {
				err = p.within(cmd.Context(), func(c *centre) error {
					list.Items, err = c.intake.Status(cmd.Context(), local())
					return err
				})
			}
			if err != nil {
				return err
			}
			if list.Total = len(list.Items); list.Items == nil {
				list.Items = []events.TableStatus{}
			}
			return p.answer(list, func(w io.Writer) { printEvents(w, list.Items) })
		},
	}
}

func printEvents(w io.Writer, tables []events.TableStatus) {
	if len(tables) == 0 {
		fmt.Fprintln(w, "no rows have been loaded: bailiwick load FILE...")
		return
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "TABLE\tROWS\tFROM\tTO\tSIZE\tREJECTED\tAGAIN")
	var rows, size int64
	for _, s := range tables {
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%d\t%d\n", s.Table, s.Rows, when(s.From), when(s.To), megabytes(s.Bytes), s.Rejected, s.Duplicate)
		rows, size = rows+s.Rows, size+s.Bytes
	}
	fmt.Fprintf(t, "all\t%d\t\t\t%s\t\t\n", rows, megabytes(size))
	_ = t.Flush()
	for _, s := range tables {
		for _, more := range []struct {
			what  string
			names map[string]int64
		}{{"columns that the table does not have", s.Unknown}, {"columns with values of another type", s.Mistyped}} {
			if len(more.names) > 0 {
				fmt.Fprintf(w, "%s: %s: %s\n", s.Table, more.what, tallied(more.names))
			}
		}
	}
}

func tallied(names map[string]int64) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		list = append(list, fmt.Sprintf("%s (%d)", oneLine(name), names[name]))
	}
	return strings.Join(list, ", ")
}

func when(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04")
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
