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

// Export is a list of alerts as a file, read while it is written: however long, a page of it at a time.
type Export struct {
	JSON  bool // or CSV
	At    time.Time
	query Query
	first Page
	next  func(Query) (Page, error)
}

// exportPage is how much of an export is held at a time.
const exportPage = 500

// exported are the columns of a table of alerts, in the format's names.
var exported = []string{
	"id", "title", "severity", "status", "category", "serviceSource", "detectionSource", "assignedTo", "classification", "determination",
	"incidentId", "createdDateTime", "lastUpdateDateTime",
}

// ExportAlerts readies the alerts that a question finds, and records that they are carried out. What may be wrong with the
// question is told now, not halfway.
func (s *Service) ExportAlerts(ctx context.Context, actor audit.Actor, q Query, asJSON bool) (*Export, error) {
	const op = "alerts.export"
	q = Query{Filter: q.Filter, Search: q.Search, OrderBy: q.OrderBy, Top: exportPage, Form: Form{UnknownMembers: true}}
	if !asJSON {
		q.Form.Select = exported
	}
	form := "csv"
	if asJSON {
		form = "json"
	}
	// Asked anew for each page: who loses the right on the way gets no more.
	next := func(q Query) (Page, error) { return s.Alerts(ctx, actor.Name, q) }
	e := &Export{JSON: asJSON, At: s.now(), query: q, next: next}
	record := audit.Record{Object: "alerts", After: map[string]string{"format": form, "filter": q.Filter, "search": q.Search}}
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
	return "alerts-" + e.At.UTC().Format("2006-01-02T150405") + "." + kind
}

// Write writes the file: a table, or one object with the alerts as a list gives them, a line for each.
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
	out.Row(exported...)
	if err := e.each(func(alert json.RawMessage) error {
		o, err := store.ParseObject(alert)
		if err != nil {
			return err
		}
		cells := make([]string, len(exported))
		for i, name := range exported {
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
