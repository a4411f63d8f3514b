package server

import (
	"context"
	"io"
	"net/http"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions/reports"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/rbac"
)

// TakeReport gives roles, assignments or the matrix as a file.
func (h *handlers) TakeReport(ctx context.Context, r api.TakeReportRequestObject) (api.TakeReportResponseObject, error) {
	p := r.Params
	q := reports.Query{Of: p.Of, Format: p.Format, DeviceGroup: p.DeviceGroup, Group: p.Group, Role: p.Role, Principal: p.Principal, Search: p.Q, OnlyHas: p.OnlyHas}
	q.Capability, _ = rbac.ParseCapability(p.Capability) // The contract lets no other through.
	if p.Workload != "" {
		if err := q.Workload.UnmarshalText([]byte(p.Workload)); err != nil {
			return nil, fault.Invalid("take a report", "%s", err.Error())
		}
	}
	if q.Format == "" {
		q.Format = reports.CSV
	}
	report, err := reports.Take(ctx, h.Permissions, web.CallerOf(ctx).Actor(), q)
	if err != nil {
		return nil, err
	}
	return reportFile{report}, nil
}

// reportFile is written as it is read: the generated answers hold all of it.
type reportFile struct{ *reports.Report }

// VisitTakeReportResponse writes the file.
func (f reportFile) VisitTakeReportResponse(w http.ResponseWriter) error {
	kind := "text/csv; charset=utf-8; header=present"
	if f.Query.Format == reports.JSON {
		kind = "application/json"
	}
	return download(w, kind, f.FileName(), f.Write)
}

// download writes a file. What fails on the way cuts it short, for all to see: half a file must not pass for a whole one.
func download(w http.ResponseWriter, kind, name string, write func(io.Writer) error) error {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.WriteHeader(http.StatusOK)
	if err := write(w); err != nil {
		panic(http.ErrAbortHandler)
	}
	return nil
}
