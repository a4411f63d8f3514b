package response

import (
	"context"
	"io"
	"strconv"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/sheet"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Export is a list of actions as a table, read while it is written: however long, a page of it at a time.
type Export struct {
	At    time.Time
	query Query
	first Page
	next  func(Query) (Page, error)
}

const exportPage = 500

// Export readies the actions that a question finds, and records that they are carried out.
func (s *Service) Export(ctx context.Context, who audit.Actor, q Query) (*Export, error) {
	const op = "actions.export"
	q.Limit, q.After = exportPage, store.ActionPlace{}
	// Asked anew for each page: who loses the right on the way gets no more.
	e := &Export{At: s.now(), query: q, next: func(q Query) (Page, error) { return s.List(ctx, who, q) }}
	record := audit.Record{Object: "actions", Workload: rbac.Other, After: map[string]string{"tab": q.Tab, "search": q.Search}}
	var err error
	if e.first, err = e.next(q); err != nil {
		if fault.KindOf(err) == fault.KindDenied {
			if failed := s.door.Refused(ctx, who, op, record, err); failed != nil {
				return nil, failed
			}
		}
		return nil, err
	}
	return e, s.door.Change(ctx, who, op, func(_ store.Writer, rec *audit.Record) error {
		*rec = record
		return nil
	})
}

// FileName is what the file is called.
func (e *Export) FileName() string {
	return "actions-" + e.At.UTC().Format("2006-01-02T150405") + ".csv"
}

// Write writes the table.
func (e *Export) Write(w io.Writer) error {
	table := sheet.New(w)
	table.Row("id", "actionType", "workload", "actionSource", "status", "decision", "decidedBy", "decidedDateTime", "createdBy", "createdDateTime", "lastUpdateDateTime",
		"expirationDateTime", "deviceId", "deviceName", "deviceGroup", "subject", "details", "incidentId", "emailCount", "executor", "request", "comment", "outcome", "undoOf", "undoneBy")
	for page := e.first; ; {
		for _, i := range page.Items {
			table.Row(i.ID, i.Type, i.Workload.String(), i.Source, i.Status, i.Decision, i.DecidedBy, stamp(i.Decided), i.Requester, stamp(i.Created), stamp(i.Updated),
				stamp(i.Expires), i.Device, i.DeviceName, i.DeviceGroup, i.Subject, i.Details, i.Incident, strconv.FormatInt(i.Body.EmailCount, 10), i.Delivery.Executor,
				i.Body.Request, i.Body.Comment, i.Body.Outcome, i.UndoOf, i.UndoneBy)
		}
		if page.Next == (store.ActionPlace{}) {
			return table.Flush()
		}
		if err := table.Flush(); err != nil {
			return err
		}
		e.query.After = page.Next
		var err error
		if page, err = e.next(e.query); err != nil {
			return err
		}
	}
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
