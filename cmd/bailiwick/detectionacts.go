package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/detection"
	"github.com/bailiwick/bailiwick/internal/store"
)

// changeDetection does something to one, and tells what it is then.
func (p *program) changeDetection(ctx context.Context, name, what string, body any, here func(c *centre, d toldDetection) (detection.Item, error)) error {
	d, err := p.detection(ctx, name)
	if err != nil {
		return err
	}
	if p.server != "" {
		err = p.call(ctx, http.MethodPut, detectionsPath+"/"+url.PathEscape(d.ID)+"/"+what, body, &d, "If-Match", d.Etag)
	} else {
		err = p.within(ctx, func(c *centre) error {
			i, err := here(c, d)
			d = tellDetection(i)
			return err
		})
	}
	if err != nil {
		return err
	}
	return p.answer(d, func(w io.Writer) { fmt.Fprintf(w, "%s  %s, of %s\n", oneLine(d.Name), d.State, oneLine(d.Owner)) })
}

func (p *program) enableDetectionCommand(on bool) *cobra.Command {
	cmd := &cobra.Command{
		Use: "disable DETECTION", Short: "Turn one off", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			return p.changeDetection(ctx, args[0], "state", map[string]bool{"on": on}, func(c *centre, d toldDetection) (detection.Item, error) {
				return c.detection.Enable(ctx, local(), d.ID, d.Etag, on)
			})
		},
	}
	if on {
		cmd.Use, cmd.Short = "enable DETECTION", "Turn one on, which ends a pause too, if its owner has what it takes"
	}
	return cmd
}

func (p *program) handOverDetectionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "hand-over DETECTION USER", Short: "Give one to another owner, with whose rights it runs from then on", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			return p.changeDetection(ctx, args[0], "owner", map[string]string{"owner": args[1]}, func(c *centre, d toldDetection) (detection.Item, error) {
				return c.detection.HandOver(ctx, local(), d.ID, d.Etag, args[1])
			})
		},
	}
}

func (p *program) runDetectionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "run DETECTION", Short: "Run one now, over the time that a run of its looks back", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			d, err := p.detection(ctx, args[0])
			if err != nil {
				return err
			}
			var run toldDetectedRun
			if p.server != "" {
				err = p.call(ctx, http.MethodPost, detectionsPath+"/"+url.PathEscape(d.ID)+"/run", nil, &run)
			} else {
				err = p.within(ctx, func(c *centre) error {
					r, err := c.detection.RunNow(ctx, local(), d.ID)
					run = tellDetectedRun(r)
					return err
				})
			}
			if err != nil {
				return err
			}
			return p.answer(run, func(w io.Writer) { fmt.Fprintln(w, run.line()) })
		},
	}
}

func (p *program) detectionRunsCommand() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use: "runs DETECTION", Short: "What came of one, the last run first", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if limit < 1 || limit > 1000 {
				return refuse("--limit %d: want 1 to 1000", limit)
			}
			ctx := cmd.Context()
			d, err := p.detection(ctx, args[0])
			if err != nil {
				return err
			}
			list := toldDetectedRuns{Items: []toldDetectedRun{}}
			if p.server != "" {
				err = p.call(ctx, http.MethodGet, detectionsPath+"/"+url.PathEscape(d.ID)+"/runs?limit="+strconv.Itoa(limit), nil, &list)
			} else {
				err = p.within(ctx, func(c *centre) error {
					runs, total, err := c.detection.Runs(ctx, local(), d.ID, store.DetectionPlace{}, limit)
					for _, r := range runs {
						list.Items = append(list.Items, tellDetectedRun(r))
					}
					list.Total = total
					return err
				})
			}
			if err != nil {
				return err
			}
			return p.answer(list, func(w io.Writer) {
				t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
				for _, r := range list.Items {
					fmt.Fprintf(t, "%s\t%s\n", r.Kind, r.line())
				}
				_ = t.Flush()
			})
		},
	}
	cmd.Flags().IntVar(&limit, "limit", 50, "at most `N`")
	return cmd
}

func (p *program) removeDetectionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "delete DETECTION", Aliases: []string{"remove"}, Short: "Delete one; its alerts stay", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			d, err := p.detection(ctx, args[0])
			if err != nil {
				return err
			}
			if p.server != "" {
				answer, err := p.do(ctx, http.MethodDelete, rulesOfGraph+"/"+url.PathEscape(d.ID), "", nil, "If-Match", d.Etag)
				if err != nil {
					return err
				}
				answer.Body.Close()
			} else if err := p.within(ctx, func(c *centre) error { return c.detection.Remove(ctx, local(), d.ID, d.Etag) }); err != nil {
				return err
			}
			return p.answer(map[string]string{"deleted": d.ID}, func(w io.Writer) { fmt.Fprintf(w, "deleted %s\n", oneLine(d.Name)) })
		},
	}
}
