package detection

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Error codes of runs, as Graph has them.
const (
	codeFailed     = "queryExecutionFailed"
	codeThrottled  = "queryExecutionThrottling"
	codeSize       = "queryExceededResultSize"
	codeLimits     = "queryLimitsExceeded"
	codeRows       = "partialRowsFailed"
	codeNoEntity   = "noImpactedEntity"
	codeAlertLimit = codeLimits
)

// runTurn runs one window of a detection whose turn has been claimed. If the server ends meanwhile, wherever it was, the turn is the next one's
// at once.
func (s *Service) runTurn(ctx context.Context, d store.Detection, kind string) (run store.DetectionRun, err error) {
	defer func() {
		if err != nil && ctx.Err() != nil {
			err = s.giveBack(d, kind)
		}
	}()
	now := s.now()
	run = store.DetectionRun{Detection: d.ID, From: d.Turn.From, To: d.Turn.To, Kind: kind, Started: now}
	switch {
	case kind == Manual:
		p, _ := PeriodOf(d.Period)
		run.To = unused(d, now)
		run.From = run.To.Add(-p.Back)
	case d.Last.Started.IsZero():
		run.Kind = First
	}
	if kind != Manual && d.Turn.Attempts > mostTries {
		return s.finish(ctx, d, run, nil, fault.Unavailable("run", "it was begun %d times and never came to an end", mostTries))
	}
	paused, err := s.ready(ctx, &d)
	switch {
	case err != nil:
		return run, s.again(ctx, d, kind, err)
	case paused != "":
		return run, s.pause(ctx, d, paused)
	}
	result, err := s.ask(ctx, d, run)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return run, err
	case fault.KindOf(err) == fault.KindDenied:
		// What it rests on was taken away meanwhile. The next look at the policy says what that is.
		if paused, again := s.ready(ctx, &d); again == nil && paused != "" {
			return run, s.pause(ctx, d, paused)
		}
		return run, s.again(ctx, d, kind, err)
	case kind != Manual && d.Turn.Attempts < mostTries:
		return run, s.again(ctx, d, kind, err)
	default:
		return s.finish(ctx, d, run, nil, err)
	}
	run, err = s.finish(ctx, d, run, &result, nil)
	switch {
	case errors.Is(err, errLost): // by a change of it, the turn is ours still
		return run, errors.Join(err, s.giveBack(d, kind))
	case err != nil:
		return run, s.again(ctx, d, kind, err)
	}
	return run, nil
}

// ask runs the query as the owner, cut to the detection's scope. The window's end is what it takes for now: a window that is run again
// finds the same.
func (s *Service) ask(ctx context.Context, d store.Detection, run store.DetectionRun) (Result, error) {
	most := runTime
	if run.Kind != Scheduled && run.Kind != First { // somebody waits for it
		most = waitTime
	}
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	q := Query{Text: d.Query, From: run.From, To: run.To, Rows: mostRows, Arrived: d.ID != "" && d.Period == Continuous} // a trial looks at past days
	if !d.AllDevices {
		q.Within = append([]string{}, d.Groups...)
	}
	return s.Runner.Run(ctx, d.Owner, q)
}

// ready binds the query anew and asks whether the owner still has what it takes. It gives why not, if not.
func (s *Service) ready(ctx context.Context, d *store.Detection) (paused string, err error) {
	err = s.view(ctx, func(tx store.Reader, snapshot *rbac.Snapshot) error {
		paused, err = s.stands(tx, snapshot, d)
		return err
	})
	return paused, err
}

func (s *Service) stands(tx store.Reader, snapshot *rbac.Snapshot, d *store.Detection) (paused string, err error) {
	owner := asking{snapshot, d.Owner, s.now()}
	if lacks := append(owner.toSet(*d), owner.toRead(*d)...); len(lacks) > 0 { // by what it was bound to last
		return reason(d.Owner, lacks), nil
	}
	var wrong []string
	say := func(_, _, problem string, args ...any) { wrong = append(wrong, fmt.Sprintf(problem, args...)) }
	p, _ := PeriodOf(d.Period)
	b, _ := bind(d.Query, s.Catalog(snapshot, d.Owner, owner.at), p, say)
	workloads, err := s.rests(tx, b, snapshot.Reach(d.Owner, rbac.ViewHunting, owner.at).Workloads(), say)
	if err != nil {
		return "", err
	}
	if len(wrong) > 0 {
		return "its query can't be run any more: " + cut(wrong[0], 300), nil
	}
	d.Tables, d.Workloads = b.tables, workloads
	if lacks := append(owner.toSet(*d), owner.toRead(*d)...); len(lacks) > 0 {
		return reason(d.Owner, lacks), nil
	}
	return "", nil
}

// finish writes down what came of a window: alerts, actions, what was told, and the next window, all or nothing.
func (s *Service) finish(ctx context.Context, d store.Detection, run store.DetectionRun, result *Result, failure error) (store.DetectionRun, error) {
	ended := run
	var lost string
	err := s.change(ctx, system, "detections.run", object(d), func(tx store.Writer, snapshot *rbac.Snapshot, rec *audit.Record) error {
		ended, lost = run, ""
		is, found, err := tx.Detection(d.ID)
		if err != nil {
			return err
		}
		if !found || is.Turn.Holder != d.Turn.Holder || Tag(is) != Tag(d) {
			return errLost // removed, changed, or taken over
		}
		if !slices.Equal(is.Groups, d.Groups) {
			return fault.Unavailable("run", "the device groups of its scope changed while it ran")
		}
		if result != nil {
			if lost, err = s.stands(tx, snapshot, &d); err != nil {
				return err
			}
			if lost != "" {
				return errLost // while it ran; what it found is nobody's any more
			}
			if err := s.tell(tx, snapshot, d, *result, &ended); err != nil {
				return err
			}
		} else {
			ended.Status, ended.ErrorCode, ended.Error = Failed, codeOf(failure), cut(fault.Message(failure), 500)
		}
		ended.Ended = s.now()
		if err := tx.AddDetectionRun(ended); err != nil {
			return err
		}
		is.Tables, is.Workloads = d.Tables, d.Workloads
		if result != nil {
			if err := tx.PutDetection(is); err != nil {
				return err
			}
		}
		next := d.Turn
		if run.Kind == Manual {
			next.Holder, next.Until = "", time.Time{}
		} else {
			next = nextTurn(d, d.Turn)
		}
		rec.Workload = rbac.Other
		rec.After = map[string]any{"owner": d.Owner, "from": run.From, "to": run.To, "alerts": ended.Alerts, "actions": ended.Actions}
		if ended.Alerts == 0 && failure == nil {
			rec.Skip() // nothing of it is anybody's business but the detection's own
		}
		return tx.TakeTurn(d.ID, next)
	})
	if errors.Is(err, errLost) && lost != "" {
		return run, s.pause(ctx, d, lost)
	}
	return ended, err
}

// tell raises alerts and asks for actions.
func (s *Service) tell(tx store.Writer, snapshot *rbac.Snapshot, d store.Detection, result Result, run *store.DetectionRun) error {
	run.Rows, run.Milliseconds, run.Bytes, run.Status = int64(len(result.Rows)), result.Took.Milliseconds(), result.Bytes, Completed
	told, err := tx.DetectionTold(d.ID, matches(d, result))
	if err != nil {
		return err
	}
	f := gather(d, result, told)
	run.Known, run.Left, run.Alerts = f.known, f.left, int64(len(f.alerts))
	h := herald{tx: tx, d: d, reach: snapshot.Reach(d.Owner, rbac.ViewHunting, s.now()), at: s.now()}
	var alerts []store.Alert
	var all []string
	for _, one := range f.alerts {
		a, err := h.alert(one, run.To)
		if err != nil {
			return err
		}
		alerts, all = append(alerts, a), append(all, one.matches...)
		run.AlertIDs = append(run.AlertIDs, a.ID)
	}
	if len(alerts) > 0 {
		if err := s.Raise(tx, snapshot, alerts); err != nil {
			return err
		}
	}
	p, _ := PeriodOf(d.Period)
	for m := range told {
		all = append(all, m) // it is met still: it stays told
	}
	if err := tx.TellDetection(d.ID, all, run.To.Add(max(p.Back, reach)+mostMissed*p.step())); err != nil {
		return err
	}
	why, err := s.act(tx, snapshot, d, f, alerts, run)
	if err != nil {
		return err
	}
	partly := func(code, text string, args ...any) {
		run.Status, run.ErrorCode, run.Error = PartiallyFailed, code, fmt.Sprintf(text, args...)
	}
	switch {
	case why != "":
		partly(codeRows, "%d actions were not asked for: %s", run.Refused, why)
	case f.left > 0:
		partly(codeAlertLimit, "%d more alerts than one run raises: the next run raises them, as far as it looks back", f.left)
	case result.More:
		partly(codeSize, "there are more than %d rows; the others were not looked at", mostRows)
	case f.noEntity > 0:
		partly(codeNoEntity, "%d rows name nothing that an alert could be about", f.noEntity)
	case f.useless > 0:
		partly(codeRows, "%d rows have no Timestamp", f.useless)
	}
	return nil
}

// act asks for the actions of each alert in the owner's name, each target once. It gives why one was not, if so.
func (s *Service) act(tx store.Writer, snapshot *rbac.Snapshot, d store.Detection, f found, alerts []store.Alert, run *store.DetectionRun) (why string, err error) {
	type once struct {
		action string
		target Target
	}
	done := map[once]bool{}
	owner := audit.Actor{Name: d.Owner, Via: audit.ViaSystem}
	for i, one := range f.alerts {
		for _, a := range d.Actions {
			k, ok := actionKind(a.Name)
			if !ok {
				continue
			}
			for _, r := range one.rows {
				target, ok := k.target(a.Columns, r.text)
				if !ok || done[once{a.Name, target}] {
					continue
				}
				done[once{a.Name, target}] = true
				// Who edits the query has rights on the scope, and the owner may have more: a device that the query makes up is not acted on (S14).
				within, err := inScope(tx, d, target.Device)
				if err != nil {
					return why, err
				}
				if !within {
					run.Refused++
					why = "a device that a row names is not in the scope"
					continue
				}
				comment := fmt.Sprintf("Custom detection %q", d.Name)
				if a.Isolation == "selective" {
					comment += ": selective isolation"
				}
				switch err := s.Act(tx, snapshot, owner, Ask{Type: k.Type, Target: target, Alert: alerts[i].ID, Comment: comment}); fault.KindOf(err) {
				case fault.KindDenied, fault.KindNotFound, fault.KindInvalid:
					run.Refused++
					why = cut(fault.Message(err), 200)
				default:
					if err != nil {
						return why, err
					}
					run.Actions++
				}
			}
		}
	}
	return why, nil
}

// inScope tells whether what an action acts on is within a detection's scope: no device is, whatever the scope.
func inScope(tx store.Reader, d store.Detection, device string) (bool, error) {
	if device == "" || d.AllDevices {
		return true, nil
	}
	known, found, err := tx.Device(strings.ToLower(device))
	return found && slices.Contains(d.Groups, known.Group), err
}

func codeOf(err error) string {
	if fault.KindOf(err) == fault.KindUnavailable {
		return codeThrottled
	}
	return codeFailed
}

// pause stops a detection until somebody looks after it.
func (s *Service) pause(ctx context.Context, d store.Detection, why string) error {
	return s.change(ctx, system, "detections.pause", object(d), func(tx store.Writer, _ *rbac.Snapshot, rec *audit.Record) error {
		is, found, err := tx.Detection(d.ID)
		if err != nil {
			return err
		}
		if !found || is.Turn.Holder != d.Turn.Holder {
			rec.Skip()
			return nil
		}
		before := told(is)
		is.Paused, is.PausedAt = why, s.now()
		if is.Updated = s.now(); !is.Updated.After(d.Updated) {
			is.Updated = d.Updated.Add(time.Microsecond)
		}
		is.UpdatedBy = system.Name
		rec.Workload, rec.Before, rec.After = rbac.Other, before, told(is)
		if err := tx.PutDetection(is); err != nil {
			return err
		}
		turn := d.Turn
		turn.Holder, turn.Until, turn.Attempts = "", time.Time{}, 0
		if err := tx.TakeTurn(d.ID, turn); err != nil || s.Paused == nil {
			return err
		}
		return s.Paused(tx, is)
	})
}

// again lets a window be tried once more, a little later each time.
func (s *Service) again(ctx context.Context, d store.Detection, kind string, why error) error {
	turn := d.Turn
	turn.Holder, turn.Until = "", time.Time{}
	if kind != Manual {
		turn.Due = s.now().Add(min(time.Minute<<min(turn.Attempts, 6), longestWait))
	}
	if err := s.release(ctx, d, turn); err != nil {
		return errors.Join(why, err)
	}
	return why
}

// giveBack lets whoever comes next have a turn at once, if nobody has taken it over: this server is ending, or what it found is of no use.
func (s *Service) giveBack(d store.Detection, kind string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	turn := d.Turn
	turn.Holder, turn.Until = "", time.Time{}
	if kind != Manual {
		turn.Attempts--
	}
	return s.release(ctx, d, turn)
}

// Resume gives back every turn that a server has. It is for the only one, when it starts: who had them ended without a word. A turn that was
// begun stays counted, so that one which ends the server each time comes to an end.
func (s *Service) Resume(ctx context.Context) error {
	return s.Store.Change(ctx, func(tx store.Writer) error {
		all, err := tx.Detections()
		if err != nil {
			return err
		}
		for _, d := range all {
			if d.Turn.Holder == "" {
				continue
			}
			d.Turn.Holder, d.Turn.Until = "", time.Time{}
			if err := tx.TakeTurn(d.ID, d.Turn); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) release(ctx context.Context, d store.Detection, turn store.DetectionTurn) error {
	return s.Store.Change(ctx, func(tx store.Writer) error {
		is, found, err := tx.Detection(d.ID)
		if err != nil || !found || is.Turn.Holder != d.Turn.Holder {
			return err
		}
		return tx.TakeTurn(d.ID, turn)
	})
}

// Tidy forgets runs that are long past, and matches that can't be met again. A turn that is further ahead than any can be was written by a
// clock that has been put right since: the detection would not run until then, so it is its turn now. A run of such a clock counts as of now,
// or it would be the last one until then.
func (s *Service) Tidy(ctx context.Context) error {
	now := s.now()
	return s.Store.Change(ctx, func(tx store.Writer) error {
		all, err := tx.Detections()
		if err != nil {
			return err
		}
		for _, d := range all {
			p, _ := PeriodOf(d.Period)
			if !d.Turn.Due.After(now.Add(p.step()+longestWait)) && !d.Turn.Until.After(now.Add(leaseTime)) {
				continue
			}
			to := unused(d, now)
			if err := tx.TakeTurn(d.ID, store.DetectionTurn{From: to.Add(-p.Back), To: to, Due: now}); err != nil {
				return err
			}
		}
		if err := tx.SettleDetectionRuns(now); err != nil {
			return err
		}
		return tx.ForgetDetections(now.Add(-keepRuns), now)
	})
}
