// Package reports tells who has what as files for other programs: roles, assignments and the matrix, cut to what the asker
// may know, as CSV or JSON. Each report that is taken is recorded.
package reports

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/sheet"
	"github.com/bailiwick/bailiwick/rbac"
)

// What a report is of.
const (
	Roles       = "roles"
	Assignments = "assignments"
	Matrix      = "matrix"      // people by what they may do
	RoleMatrix  = "role-matrix" // roles by what they open
)

// Kinds are all there are.
var Kinds = []string{Roles, Assignments, Matrix, RoleMatrix}

// The forms of a report.
const (
	CSV  = "csv"
	JSON = "json"
)

// Query asks for a report. The filters other than Workload are of the matrix.
type Query struct {
	Of          string          `json:"of"`
	Format      string          `json:"format"`
	Workload    rbac.Workload   `json:"workload,omitzero"`
	Capability  rbac.Capability `json:"capability,omitzero"`
	DeviceGroup string          `json:"deviceGroup,omitempty"`
	Group       string          `json:"group,omitempty"`     // only its members
	Role        string          `json:"role,omitempty"`      // id: only who has it, of roles only this one
	Principal   string          `json:"principal,omitempty"` // only this user
	Search      string          `json:"q,omitempty"`         // part of a name or display name
	OnlyHas     bool            `json:"onlyHas,omitempty"`
}

// Report is a table that is read while it is written: however long, a part of it at a time.
type Report struct {
	Query    Query
	At       time.Time
	Revision int64 // of the policy that it tells of
	columns  []string
	rows     iter.Seq2[row, error]
	still    func() error // whether who takes it may go on
}

type row interface{ cells() []string }

// Take readies a report and records that it was taken (invariant 5). What may be wrong with it is told now, not halfway.
func Take(ctx context.Context, s *permissions.Service, actor audit.Actor, q Query) (*Report, error) {
	const op = "take a report"
	if !slices.Contains(Kinds, q.Of) {
		return nil, fault.Invalid(op, "there is no report of %q: want %s", q.Of, strings.Join(Kinds, ", "))
	}
	if q.Format != CSV && q.Format != JSON {
		return nil, fault.Invalid(op, "there is no form %q: want csv or json", q.Format)
	}
	if (q.Of == Roles || q.Of == Assignments) && q != (Query{Of: q.Of, Format: q.Format, Workload: q.Workload}) {
		return nil, fault.Invalid(op, "a report of %s is chosen by workload only", q.Of)
	}
	if q.Of == RoleMatrix && (q.Group != "" || q.Principal != "") {
		return nil, fault.Invalid(op, "of roles there is no person or group to choose by")
	}
	var r *Report
	err := s.Take(ctx, actor, "reports."+q.Of, audit.Record{Object: "report:" + q.Of, After: q}, func(a *permissions.Asker) (err error) {
		r = &Report{Query: q, At: a.Now(), Revision: a.Snapshot.Revision(), still: func() error { return still(ctx, s, actor, a) }}
		switch q.Of {
		case Roles:
			err = r.ofRoles(a)
		case Assignments:
			err = r.ofAssignments(a)
		default:
			err = r.ofMatrix(a)
		}
		return err
	})
	return r, err
}

// still refuses to go on for who has lost, meanwhile, the right to view the roles of a workload that the report tells of.
func still(ctx context.Context, s *permissions.Service, actor audit.Actor, began *permissions.Asker) error {
	now, err := s.Asker(ctx, actor)
	if err != nil {
		return err
	}
	for _, w := range began.Where(rbac.ViewRoles) {
		if !now.Can(rbac.ViewRoles, w) {
			return fault.Denied("take a report", "the right to it has ended meanwhile")
		}
	}
	return nil
}

// Write writes the report in the form that was asked for.
func (r *Report) Write(w io.Writer) error {
	if r.Query.Format == JSON {
		return r.writeJSON(w)
	}
	out := sheet.New(w)
	out.Row(r.columns...)
	for row, err := range r.rows {
		if err != nil {
			return err
		}
		out.Row(row.cells()...)
	}
	return out.Flush()
}

// writeJSON writes one object, a line for each row of it.
func (r *Report) writeJSON(w io.Writer) error {
	if _, err := fmt.Fprintf(w, `{"of":%q,"date":%q,"revision":%d,"items":[`, r.Query.Of, r.At.Format(time.RFC3339Nano), r.Revision); err != nil {
		return err
	}
	begin := "\n"
	for row, err := range r.rows {
		if err != nil {
			return err
		}
		text, err := json.Marshal(row)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s%s", begin, text); err != nil {
			return err
		}
		begin = ",\n"
	}
	_, err := io.WriteString(w, "\n]}\n")
	return err
}

// FileName is what a report is called as a file.
func (r *Report) FileName() string { return r.Query.Of + "." + r.Query.Format }

// joined puts a list into one cell.
func joined(list []string) string { return strings.Join(list, "; ") }
