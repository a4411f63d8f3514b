package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
)

// keptQuery is a query of the library, as the API has it.
type keptQuery struct {
	ID          string    `json:"id"`
	Owner       string    `json:"owner"`
	Own         bool      `json:"own"`
	Folder      string    `json:"folder"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	Query       string    `json:"query"`
	Sharing     string    `json:"sharing"`
	Updated     time.Time `json:"lastUpdateDateTime"`
	UpdatedBy   string    `json:"updatedBy"`
	Etag        string    `json:"etag"`
}

var errLibrary = errors.New("queries are kept by people: over a server, as the owner of the token (--server)")

func (p *program) huntQueriesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "queries", Short: "List the queries that you keep, and those that others share", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if p.server == "" {
				return errLibrary
			}
			var list struct {
				Items []keptQuery `json:"items"`
				Total int         `json:"total"`
			}
			if err := p.call(cmd.Context(), http.MethodGet, "/api/v1/hunting/queries?limit=1000", nil, &list); err != nil {
				return err
			}
			return p.answer(list, func(w io.Writer) {
				t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
				fmt.Fprintln(t, "ID\tFOLDER\tNAME\tOWNER\tSHARED")
				for _, q := range list.Items {
					fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", q.ID, oneLine(q.Folder), oneLine(q.Name), oneLine(q.Owner), q.Sharing)
				}
				_ = t.Flush()
			})
		},
	}
	show := &cobra.Command{
		Use: "show ID", Short: "Print the text of a query", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if p.server == "" {
				return errLibrary
			}
			var q keptQuery
			if err := p.call(cmd.Context(), http.MethodGet, "/api/v1/hunting/queries/"+url.PathEscape(args[0]), nil, &q); err != nil {
				return err
			}
			return p.answer(q, func(w io.Writer) { fmt.Fprintln(w, strings.TrimRight(q.Query, "\n")) })
		},
	}
	var folder, file, sharing, description, id string
	save := &cobra.Command{
		Use: "save NAME [QUERY]", Short: "Keep a query, or with --id change one", Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if p.server == "" {
				return errLibrary
			}
			query, err := p.queryOf(args[1:], file)
			if err != nil {
				return err
			}
			body := map[string]string{"name": args[0], "folder": folder, "description": description, "query": query, "sharing": sharing}
			var q keptQuery
			if id == "" {
				err = p.call(cmd.Context(), http.MethodPost, "/api/v1/hunting/queries", body, &q)
			} else {
				err = p.call(cmd.Context(), http.MethodPut, "/api/v1/hunting/queries/"+url.PathEscape(id), body, &q)
			}
			if err != nil {
				return err
			}
			return p.answer(q, func(w io.Writer) { fmt.Fprintln(w, q.ID) })
		},
	}
	f := save.Flags()
	f.StringVar(&folder, "folder", "", "in this `FOLDER`")
	f.StringVar(&file, "file", "", "read the query from `FILE`")
	f.StringVar(&description, "description", "", "what it is for")
	f.StringVar(&sharing, "share", "none", "with whoever may hunt: none, read or edit")
	f.StringVar(&id, "id", "", "change the query of this `ID`")
	remove := &cobra.Command{
		Use: "remove ID", Short: "Forget a query", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if p.server == "" {
				return errLibrary
			}
			answer, err := p.do(cmd.Context(), http.MethodDelete, "/api/v1/hunting/queries/"+url.PathEscape(args[0]), "", nil)
			if err != nil {
				return err
			}
			return answer.Body.Close()
		},
	}
	cmd.AddCommand(show, save, remove)
	return cmd
}

func (p *program) huntHistoryCommand() *cobra.Command {
	return &cobra.Command{
		Use: "history", Short: "List what you ran in the last 30 days", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if p.server == "" {
				return errLibrary
			}
			var list struct {
				Items []struct {
					ID     string    `json:"id"`
					At     time.Time `json:"at"`
					Query  string    `json:"query"`
					State  string    `json:"state"`
					Rows   int64     `json:"rows"`
					TookMs int64     `json:"tookMs"`
					Usage  string    `json:"usage"`
				} `json:"items"`
				Total int64 `json:"total"`
			}
			if err := p.call(cmd.Context(), http.MethodGet, "/api/v1/hunting/history?limit=1000", nil, &list); err != nil {
				return err
			}
			return p.answer(list, func(w io.Writer) {
				t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
				fmt.Fprintln(t, "AT\tSTATE\tROWS\tTOOK\tUSE\tQUERY")
				for _, n := range list.Items {
					text := []rune(oneLine(strings.TrimSpace(n.Query)))
					fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%s\t%s\n", when(n.At), n.State, n.Rows, time.Duration(n.TookMs)*time.Millisecond, n.Usage, string(text[:min(len(text), 80)]))
				}
				_ = t.Flush()
			})
		},
	}
}

func mustJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return "null" // what the server refuses in words
	}
	return string(text)
}
