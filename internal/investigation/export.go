package investigation

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/sheet"
	"github.com/bailiwick/bailiwick/internal/store"
)

// Export is a list of alerts or incidents as a file, read while it is written: however long, a page of it at a time.
type Export struct {
	JSON  bool // or CSV
	At    time.Time
	of    *collection
	query Query
	first Page
	next  func(Query) (Page, error)
}

// exportPage is how much of an export is held at a time.
const exportPage = 500

// ExportAlerts readies the alerts that a question finds, and records that they are carried out. What may be wrong with the
// question is told now, not halfway.
func (s *Service) ExportAlerts(ctx context.Context, actor audit.Actor, q Query, asJSON bool) (*Export, error) {
	return s.export(ctx, actor, alerts, q, asJSON, s.Alerts)
}

// ExportIncidents does the same for incidents, as the reader sees them (S9).
func (s *Service) ExportIncidents(ctx context.Context, actor audit.Actor, q Query, asJSON bool) (*Export, error) {
	return s.export(ctx, actor, incidents, q, asJSON, s.Incidents)
}

func (s *Service) export(ctx context.Context, actor audit.Actor, c *collection, q Query, asJSON bool, list func(context.Context, string, Query) (Page, error)) (*Export, error) {
	op := c.things + ".export"
	q = Query{Filter: q.Filter, Search: q.Search, OrderBy: q.OrderBy, Top: exportPage, Form: Form{UnknownMembers: true}}
	if !asJSON {
		q.Form.Select = c.exported
	}
	form := "csv"
	if asJSON {
		form = "json"
	}
	// Asked anew for each page: who loses the right on the way gets no more.
	next := func(q Query) (Page, error) { return list(ctx, actor.Name, q) }
	e := &Export{JSON: asJSON, At: s.now(), of: c, query: q, next: next}
	record := audit.Record{Object: c.things, After: map[string]string{"format": form, "filter": q.Filter, "search": q.Search}}
	var err error
	if e.first, err = next(q); err != nil {
		if fault.KindOf(err) == fault.KindDenied {
			if failed := s.door.Refused(ctx, actor, op, record, err); failed != nil {
				return nil, failed
			}
		}
		return nil, err
	}
	err = s.door.Change(ctx, actor, op, func(_ store.Writer, rec *audit.Record) error {
		*rec = record
		return nil
	})
	return e, err
}

// FileName is what the file is called.
func (e *Export) FileName() string {
	kind := "csv"
	if e.JSON {
		kind = "json"
	}
	return e.of.things + "-" + e.At.UTC().Format("2006-01-02T150405") + "." + kind
}

// Write writes the file: a table, or one object with the things as a list gives them, a line for each.
func (e *Export) Write(w io.Writer) error {
	if e.JSON {
		if _, err := fmt.Fprintf(w, `{"date":%q,"value":[`, e.At.UTC().Format(time.RFC3339)); err != nil {
			return err
		}
		begin := "\n"
		if err := e.each(func(alert json.RawMessage) error {
			_, err := fmt.Fprintf(w, "%s%s", begin, alert)
			begin = ",\n"
			return err
		}); err != nil {
			return err
		}
		_, err := io.WriteString(w, "\n]}\n")
		return err
	}
	out := sheet.New(w)
	out.Row(e.of.exported...)
	if err := e.each(func(alert json.RawMessage) error {
		o, err := store.ParseObject(alert)
		if err != nil {
			return err
		}
		cells := make([]string, len(e.of.exported))
		for i, name := range e.of.exported {
			cells[i] = strings.ToValidUTF8(o.Text(name), "\uFFFD")
		}
		out.Row(cells...)
		return nil
	}); err != nil {
		return err
	}
	return out.Flush()
}

func (e *Export) each(f func(json.RawMessage) error) error {
	page := e.first
	for {
		for _, item := range page.Items {
			if err := f(item); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		q := e.query
		q.SkipToken = page.Next
		var err error
		if page, err = e.next(q); err != nil {
			return err
		}
	}
}
