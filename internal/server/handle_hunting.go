package server

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/authorise"
	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
	"github.com/bailiwick/bailiwick/internal/hunting/kql"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/functions"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/server/web"
	"github.com/bailiwick/bailiwick/rbac"
)

// hunts gives the caller's rights to hunt, or the refusal of who has none.
func (h *handlers) hunts(ctx context.Context, op string) (authorise.Rights, error) {
	snapshot, err := h.Permissions.Snapshot(ctx)
	if err != nil {
		return authorise.Rights{}, err
	}
	rights := authorise.Of(snapshot, web.CallerOf(ctx).User, h.Now().UTC())
	if rights.None() {
		return rights, fault.Denied(op, "no role lets you hunt in any product").WithLacks(rights.Openings()...)
	}
	return rights, nil
}

// HuntingSchema gives the tables, and of those that the caller may not read what would open them. That a table exists is no secret.
func (h *handlers) HuntingSchema(ctx context.Context, _ api.HuntingSchemaRequestObject) (api.HuntingSchemaResponseObject, error) {
	rights, err := h.hunts(ctx, "read the schema of hunting")
	if err != nil {
		return nil, err
	}
	return api.HuntingSchema200JSONResponse{
		Assets: assetKinds(),
		Tables: each(schema.Tables(), func(t *schema.Table) api.HuntingTable { return huntingTable(t, rights) }),
		Functions: each(functions.Synopses(), func(s functions.Synopsis) api.HuntingFunction {
			return api.HuntingFunction{Name: s.Name, Calls: s.Calls, Group: s.Group, Aggregate: s.Aggregate}
		}),
	}, nil
}

func huntingTable(t *schema.Table, rights authorise.Rights) api.HuntingTable {
	return api.HuntingTable{
		Name: t.Name, Description: t.Description, Kind: string(t.Kind), Workloads: each(t.Workloads.List(), func(w rbac.Workload) api.Workload { return w }),
		Readable: rights.Reads(t), Lacks: rights.Lacks(t), Retired: t.Retired, Timestamp: t.Timestamp, Device: t.Device,
		Columns: each(t.Columns, func(c schema.Column) api.HuntingColumn {
			return api.HuntingColumn{Name: c.Name, Type: string(c.Type), Description: c.Description, JSON: c.JSON}
		}),
	}
}

// CheckHunt says what a query means to the caller, or what is wrong with it. It runs nothing.
func (h *handlers) CheckHunt(ctx context.Context, r api.CheckHuntRequestObject) (api.CheckHuntResponseObject, error) {
	rights, err := h.hunts(ctx, "check a query")
	if err != nil {
		return nil, err
	}
	return api.CheckHunt200JSONResponse(checked(r.Body.Query, kql.Compile(r.Body.Query, rights.Catalog()))), nil
}

func checked(text string, r kql.Result) api.CheckedHunt {
	out := api.CheckedHunt{
		Bound: r.Plan != nil, Tables: orEmpty(r.Tables()), Errors: each(r.Errors, func(e kql.Error) api.HuntProblem { return problemOf(text, e) }),
		Columns: each(r.Columns(), func(c *plan.Column) api.HuntColumn { return api.HuntColumn{Name: c.Name, Type: c.Type.String()} }),
	}
	if r.Plan != nil {
		out.Open, out.Render = r.Plan.Open, renderOf(r.Plan.Render)
	}
	return out
}

func renderOf(r *plan.Render) api.HuntRender {
	if r == nil {
		return api.HuntRender{}
	}
	return api.HuntRender{Chart: r.Chart, Properties: r.Properties}
}

// problemOf says where an error is in lines and characters, as editors count them: in UTF-16.
func problemOf(text string, e kql.Error) api.HuntProblem {
	start, end := min(max(e.Start, 0), len(text)), min(max(e.End, e.Start, 0), len(text))
	p := api.HuntProblem{Message: e.Message}
	p.Line, p.Column = placeOf(text, start)
	p.EndLine, p.EndColumn = placeOf(text, end)
	return p
}

func placeOf(text string, at int) (line, column int) {
	before := text[:at]
	line = 1 + strings.Count(before, "\n")
	column = 1
	for _, r := range before[strings.LastIndexByte(before, '\n')+1:] {
		column++
		if r > 0xffff && r != utf8.RuneError {
			column++
		}
	}
	return line, column
}

// RunHunt runs a query and gives its rows as they come.
func (h *handlers) RunHunt(ctx context.Context, r api.RunHuntRequestObject) (api.RunHuntResponseObject, error) {
	request := hunt.Request{Query: r.Body.Query, Timespan: r.Body.Timespan, At: h.Now().UTC(), Limits: hunt.Limits{Rows: PortalRows}}
	if h.Hunter == nil {
		return nil, fault.Unavailable("hunt", "this server has no event store to hunt in")
	}
	return &huntStream{ctx: ctx, h: h, request: request}, nil
}

// PortalRows is how many rows are shown of a query; a program that needs more asks as Microsoft Graph does.
const PortalRows = 30_000

// How often rows are handed on, and how long a caller may take to read them.
const (
	batchRows   = 1_000
	batchBytes  = 256 << 10
	batchTime   = 250 * time.Millisecond
	readingTime = time.Minute
)
