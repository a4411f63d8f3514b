// Package hunt runs hunting queries for their readers.
//
// A query is bound to the tables that its reader may name, authorised, written as a statement, and run in a process of its own. What the
// reader reaches is looked up at the moment of running: a device that moved to another group changed hands at once, and a right that is
// taken away ends what runs by it. Nothing of an answer, a plan or a list is kept for the next query: there is no cache that could hand
// one reader what is another's.
package hunt

import (
	"context"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/authorise"
	"github.com/bailiwick/bailiwick/internal/hunting/emit"
	"github.com/bailiwick/bailiwick/internal/hunting/events"
	"github.com/bailiwick/bailiwick/internal/hunting/kql"
	"github.com/bailiwick/bailiwick/internal/hunting/kql/plan"
	"github.com/bailiwick/bailiwick/internal/hunting/lookup"
	"github.com/bailiwick/bailiwick/internal/hunting/schema"
	"github.com/bailiwick/bailiwick/internal/hunting/worker"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Snapshots gives the policy in force.
type Snapshots interface {
	Snapshot(ctx context.Context) (*rbac.Snapshot, error)
}

// Runner runs jobs: the pool of workers.
type Runner interface {
	Run(ctx context.Context, person string, job worker.Job, to worker.Rows) (worker.Stats, error)
}

// Segments tells which files have a table's rows.
type Segments interface {
	FilesSince(table string, from, to, arrived events.Ticks) (files []string, oldest events.Ticks, err error)
}

// Config is what a Hunter needs.
type Config struct {
	Store     store.Store
	Snapshots Snapshots
	Events    Segments
	Workers   Runner
	Shelf     func(ctx context.Context) (lookup.Shelf, error) // what there is beside the tables; nil: nothing
	KeptDays  int                                             // rows that are older, and came before that, are not shown any more; 0: all are
	Scratch   string                                          // the directory for what does not fit into memory
	Now       func() time.Time
	// Watch is how often it is asked whether a running query still may; 0: four times a second.
	Watch time.Duration
}

// Hunter runs queries.
type Hunter struct{ Config }

// New makes one.
func New(c Config) *Hunter {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Watch == 0 {
		c.Watch = 250 * time.Millisecond
	}
	return &Hunter{c}
}

// Request is a query as it is asked.
type Request struct {
	Query    string
	Timespan string // ISO 8601: a duration back from now, or an interval; empty: all that is kept
	Limits   Limits
	// Within narrows the reader's reach to some device groups; nil: it does not. A custom detection has a scope of its own (S13).
	Within []string
	// OfTheFour leaves out alerts of products outside the four, which no custom detection is of (S13).
	OfTheFour bool
	// At is the moment that the query takes for now; zero: it is now. What its reader may see is decided by the clock all the same.
	At time.Time
	// Arrived are bounds of when rows came in, whenever what they tell of happened; the end itself is outside. Zero: there is none.
	Arrived struct{ From, To time.Time }
}

// Limits are what a query may take. Zero values are the usual.
type Limits struct {
	Time  time.Duration
	Rows  int64
	Bytes int64 // of the answer
}

// The usual limits.
const (
	MaxTime  = 10 * time.Minute
	MaxRows  = 100_000
	MaxBytes = 50 << 20

	memoryMB  = 1024
	scratchMB = 4096
	threads   = 2
)

func (l Limits) of(scratch string) worker.Limits {
	w := worker.Limits{Time: MaxTime, Rows: MaxRows, Bytes: MaxBytes, MemoryMB: memoryMB, ScratchMB: scratchMB, Threads: threads, Scratch: scratch}
	if l.Time > 0 {
		w.Time = min(l.Time, w.Time)
	}
	if l.Rows > 0 {
		w.Rows = min(l.Rows, w.Rows)
	}
	if l.Bytes > 0 {
		w.Bytes = min(l.Bytes, w.Bytes)
	}
	return w
}

// Column is a column of an answer, of a type as KQL calls it.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Head is what is known of an answer before its first row.
type Head struct {
	Columns []Column
	Render  *plan.Render // how the query says that it is drawn; nil: it does not
}

// Rows takes an answer as it comes. An error of it ends the query.
type Rows interface {
	Head(Head) error
	// Row takes a row, of values as Value describes them; the slice is used again for the next.
	Row([]any) error
}

// Stats tell what a query took. They count nothing that its reader does not see.
type Stats struct {
	Rows      int64         `json:"rows"`
	Bytes     int64         `json:"bytes"`
	Truncated string        `json:"truncated,omitempty"` // rows or bytes: the limit that cut the answer
	Took      time.Duration `json:"took"`
	Waited    time.Duration `json:"waited"`
	CPU       time.Duration `json:"cpu"`
	Tables    []string      `json:"tables"`
}

// Catalog is what a reader may name in a query.
func (h *Hunter) Catalog(ctx context.Context, reader string) (*kql.Catalog, error) {
	snapshot, err := h.Snapshots.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return authorise.Of(snapshot, reader, h.Now()).Catalog(), nil
}

// Rights are what a reader may hunt in now.
func (h *Hunter) Rights(ctx context.Context, reader string) (authorise.Rights, error) {
	snapshot, err := h.Snapshots.Snapshot(ctx)
	if err != nil {
		return authorise.Rights{}, err
	}
	rights := authorise.Of(snapshot, reader, h.Now())
	if h.Shelf == nil {
		return rights, nil
	}
	shelf, err := h.Shelf(ctx)
	return rights.With(shelf), err
}

// Prepared is a query that was bound for its reader and may be run.
type Prepared struct {
	reader  string
	request Request
	rights  authorise.Rights
	plan    *authorise.Plan
	now     time.Time
	window  window
}

// Prepare binds a query for a reader, and says what is wrong with it, or what of it the reader may not read.
func (h *Hunter) Prepare(ctx context.Context, reader string, r Request) (*Prepared, error) {
	now := r.At
	if now.IsZero() {
		now = h.Now()
	}
	rights, err := h.rightsOf(ctx, reader, r)
	if err != nil {
		return nil, err
	}
	p := &Prepared{reader: reader, request: r, now: now}
	if err := p.bind(rights, nil); err != nil {
		return nil, err
	}
	p.window, err = windowOf(r, now)
	return p, err
}

// rightsOf are those that a reader has now, as far as a query makes use of them.
func (h *Hunter) rightsOf(ctx context.Context, reader string, r Request) (authorise.Rights, error) {
	rights, err := h.Rights(ctx, reader)
	if r.Within != nil {
		rights = rights.Within(r.Within)
	}
	if r.OfTheFour {
		rights = rights.OfTheFour()
	}
	return rights, err
}

// bind reads the query. found are columns that only data tells, which were looked up.
func (p *Prepared) bind(rights authorise.Rights, found map[int][]kql.Column) error {
	if err := hunts(rights); err != nil {
		return err
	}
	catalog := rights.Catalog()
	catalog.Found = found
	compiled := kql.Compile(p.request.Query, catalog)
	if compiled.Plan == nil {
		return refusal(compiled.Errors, catalog)
	}
	return p.authorise(compiled.Plan, rights)
}

// authorise decides about every read of the query, by these rights.
func (p *Prepared) authorise(q *plan.Query, rights authorise.Rights) (err error) {
	if err := hunts(rights); err != nil {
		return err
	}
	if p.plan, err = authorise.Authorise(q, rights); err != nil {
		return refusedRead(p.request.Query, err)
	}
	p.rights = rights
	return nil
}

func hunts(rights authorise.Rights) error {
	if rights.None() {
		return fault.Denied("hunt", "no role lets you hunt in any product").WithLacks(rights.Openings()...)
	}
	return nil
}

func columnsOf(list []*plan.Column) []Column {
	columns := make([]Column, len(list))
	for i, c := range list {
		columns[i] = Column{Name: c.Name, Type: c.Type.String()}
	}
	return columns
}

// Run runs a query for a reader and hands over its rows.
func (h *Hunter) Run(ctx context.Context, reader string, r Request, to Rows) (Stats, error) {
	p, err := h.Prepare(ctx, reader, r)
	if err != nil {
		return Stats{}, err
	}
	return h.RunPrepared(ctx, p, to)
}

// RunPrepared runs a query that was bound before, once. What its reader may see is decided anew, by the rights that they have now.
func (h *Hunter) RunPrepared(ctx context.Context, p *Prepared, to Rows) (Stats, error) {
	lists, err := h.ready(ctx, p)
	if err != nil {
		return Stats{}, err
	}
	ctx, done := h.whileAllowed(ctx, p)
	defer done()
	if err := h.discover(ctx, p, lists); err != nil {
		return Stats{}, err
	}
	o, job, err := h.job(p, lists)
	if err != nil {
		return Stats{}, err
	}
	statement, err := emit.Emit(p.plan, o)
	if err != nil {
		return Stats{}, notBuilt(err)
	}
	take(&job, statement)
	render := p.plan.Query().Render
	if len(statement.Columns) == 0 {
		return Stats{Tables: tableNames(p.plan.Tables())}, to.Head(Head{Columns: []Column{}, Render: render})
	}
	out := &answer{to: to, columns: statement.Columns, render: render}
	stats, err := h.Workers.Run(ctx, p.reader, job, out)
	s := Stats{
		Rows: stats.Rows, Bytes: stats.Bytes, Truncated: stats.Truncated, Took: stats.Took, Waited: stats.Waited, CPU: stats.CPU, Tables: tableNames(p.plan.Tables()),
	}
	if err != nil && out.failed == nil {
		if why := context.Cause(ctx); why != nil && ctx.Err() != nil {
			if lost, ok := why.(*fault.Error); ok {
				return s, lost
			}
		}
		return s, stopped(err)
	}
	if s.Tables == nil {
		s.Tables = []string{}
	}
	return s, err
}

func tableNames(list []*schema.Table) []string {
	names := make([]string, len(list))
	for i, t := range list {
		names[i] = t.Name
	}
	return names
}

// job is what a worker is given.
func (h *Hunter) job(p *Prepared, lists map[string][]string) (emit.Options, worker.Job, error) {
	w := p.window
	o := emit.Options{Now: int64(events.TicksOf(p.now)), From: int64(w.from), To: int64(w.to), Few: map[authorise.List][]string{}}
	o.ArrivedFrom, o.ArrivedTo = int64(w.arrivedFrom), int64(w.arrivedTo)
	for name, ids := range lists {
		if len(ids) <= emit.MostWritten {
			o.Few[authorise.List(name)] = ids
		}
	}
	floor := events.Ticks(0)
	if h.KeptDays > 0 {
		floor = events.TicksOf(h.Now().AddDate(0, 0, -h.KeptDays))
	}
	o.Places = p.plan.Places() != ""
	job := worker.Job{Tables: map[string][]string{}, Lists: lists, Shelf: p.plan.Shelf(), Places: p.plan.Places(), Limits: p.request.Limits.of(h.Scratch)}
	spans := emit.Spans(p.plan, o.Now)
	for _, t := range p.plan.Tables() {
		from, to := w.bounds()
		if t.Timestamp == "" {
			from, to = everBounds()
		} else if span, ok := spans[t]; ok {
			from, to = max(from, events.Ticks(span.From)), min(to, events.Ticks(span.To))
		}
		files, oldest, err := h.Events.FilesSince(t.Name, from, to, w.arrivedFrom)
		if err != nil {
			return o, job, err
		}
		job.Tables[t.Physical()] = files
		if oldest < floor {
			o.Floor = int64(floor)
		}
	}
	return o, job, nil
}

func take(job *worker.Job, s emit.Statement) {
	job.Statement, job.Parameters = s.SQL, nil
	for _, v := range s.Parameters {
		job.Parameters = append(job.Parameters, worker.Value{V: v})
	}
}
