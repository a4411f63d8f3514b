package detection

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// May tells whether somebody may do something with a detection, and what is missing if not.
type May struct {
	Allowed bool
	Reason  string
}

// Item is a detection as one person meets it.
type Item struct {
	store.Detection
	Knows bool           // may know what it has found: Last is without numbers otherwise
	May   map[string]May // edit, enable, delete, run, handOver
}

// Page is some of the detections that somebody may know of.
type Page struct {
	Items  []Item
	Create May
}

// List gives all that somebody may know of, by name.
func (s *Service) List(ctx context.Context, who audit.Actor) (page Page, err error) {
	page.Items = []Item{}
	err = s.view(ctx, func(tx store.Reader, snapshot *rbac.Snapshot) error {
		page.Items = page.Items[:0]
		a := s.asks(snapshot, who)
		all, err := tx.Detections()
		if err != nil {
			return err
		}
		for _, d := range all {
			if a.sees(who, d) {
				page.Items = append(page.Items, a.item(who, d))
			}
		}
		area := a.area("list custom detections")
		page.Create = May{Allowed: area == nil && !who.Local, Reason: fault.Message(area)}
		switch {
		case who.Local:
			page.Create.Reason = ""
		case area == nil:
			page.Create.Reason = ""
		case len(page.Items) == 0:
			return area
		}
		return nil
	})
	return page, err
}

// Get gives one.
func (s *Service) Get(ctx context.Context, who audit.Actor, id string) (item Item, err error) {
	err = s.view(ctx, func(tx store.Reader, snapshot *rbac.Snapshot) error {
		a := s.asks(snapshot, who)
		d, err := a.find(tx, who, id)
		if err != nil {
			return err
		}
		item = a.item(who, d)
		return nil
	})
	return item, err
}

// Told gives one as somebody may know of it at a moment of somebody else's reading; without what it has found.
func (s *Service) Told(tx store.Reader, snapshot *rbac.Snapshot, user, id string) (d store.Detection, found bool, err error) {
	a := s.asks(snapshot, audit.Actor{Name: user})
	d, err = a.find(tx, audit.Actor{Name: user}, id)
	if fault.KindOf(err) == fault.KindNotFound {
		return store.Detection{}, false, nil
	}
	d.Last = store.DetectionRun{}
	return d, err == nil, err
}

// Runs gives what came of a detection, the last begun first: for who may know what it finds.
func (s *Service) Runs(ctx context.Context, who audit.Actor, id string, after store.DetectionPlace, limit int) (runs []store.DetectionRun, total int64, err error) {
	err = s.view(ctx, func(tx store.Reader, snapshot *rbac.Snapshot) error {
		a := s.asks(snapshot, who)
		d, err := a.find(tx, who, id)
		if err != nil {
			return err
		}
		if !a.knows(who, d) {
			return denied("read the runs of a custom detection", append(a.toSet(d), a.toRead(d)...))
		}
		if runs, err = tx.DetectionRuns(id, after, limit); err != nil {
			return err
		}
		if total, err = tx.CountDetectionRuns(id); err != nil {
			return err
		}
		return a.inSight(s, tx, who, runs)
	})
	return runs, total, err
}

// inSight takes the alerts out of runs that somebody does not see.
func (a asking) inSight(s *Service, tx store.Reader, who audit.Actor, runs []store.DetectionRun) error {
	if who.Local {
		return nil
	}
	alert, _, err := s.InSight(tx, a.snapshot, a.user, a.at)
	if err != nil {
		return err
	}
	for i := range runs {
		var seen []string
		for _, id := range runs[i].AlertIDs {
			ok, err := alert(id)
			if err != nil {
				return err
			}
			if ok {
				seen = append(seen, id)
			}
		}
		runs[i].AlertIDs = seen
	}
	return nil
}

func (s *Service) asks(snapshot *rbac.Snapshot, who audit.Actor) asking {
	return asking{snapshot: snapshot, user: who.Name, at: s.now()}
}

// item is a detection as one person meets it: without numbers for who may not hunt in what it reads.
func (a asking) item(who audit.Actor, d store.Detection) Item {
	i := Item{Detection: d, Knows: a.knows(who, d), May: map[string]May{}}
	i.Last.AlertIDs = nil // which of them somebody sees, the runs tell
	if !i.Knows {
		i.Last = store.DetectionRun{Started: d.Last.Started, Status: d.Last.Status}
		if i.Last.Status == PartiallyFailed { // which tells that it found much
			i.Last.Status = Completed
		}
	}
	may := func(lacks []string) May {
		return May{Allowed: who.Local || len(lacks) == 0, Reason: strings.Join(lacks, "; ")}
	}
	own, set := a.toOwn(d), a.toSet(d)
	i.May["edit"], i.May["enable"], i.May["handOver"] = may(own), may(own), may(own)
	i.May["delete"] = may(set)
	i.May["run"] = may(append(set, a.toRead(d)...))
	if d.Owner == a.user { // one's own one may always put an end to
		i.May["delete"] = May{Allowed: true}
	}
	switch {
	case who.Local: // owns the files
		for name := range i.May {
			i.May[name] = May{Allowed: true}
		}
	case !d.On && i.May["run"].Allowed:
		i.May["run"] = May{Reason: "it is off: turn it on first"}
	case d.Paused != "" && i.May["run"].Allowed:
		i.May["run"] = May{Reason: "it is paused: " + d.Paused}
	}
	return i
}

// Create makes a detection of the caller's own. Who owns the files names another owner.
func (s *Service) Create(ctx context.Context, who audit.Actor, owner string, set Setting) (item Item, err error) {
	const op = "detections.create"
	err = s.change(ctx, who, op, "custom detection:"+cut(set.Name, mostName), func(tx store.Writer, snapshot *rbac.Snapshot, rec *audit.Record) error {
		a := s.asks(snapshot, who)
		switch {
		case who.Local:
			user, err := s.user(tx, owner)
			if err != nil {
				return err
			}
			a.user = user
		default:
			if err := a.area(op); err != nil {
				return err
			}
		}
		now := s.now()
		d := store.Detection{
			ID: newID("det"), DetectorID: newID("custom"), Owner: a.user, Created: now, Updated: now, QueryUpdated: now, CreatedBy: who.Name, UpdatedBy: who.Name,
		}
		if err := s.fill(tx, a, &d, set, "save the custom detection"); err != nil {
			return err
		}
		rec.Workload = rbac.Other
		if err := denied(op, a.toOwn(d)); err != nil {
			return err
		}
		if err := s.room(tx, d.Owner, op); err != nil {
			return err
		}
		if err := tx.PutDetection(d); err != nil {
			return err
		}
		if err := tx.TakeTurn(d.ID, firstTurn(d, now)); err != nil {
			return err
		}
		rec.Object, rec.After = object(d), told(d)
		item = s.asks(snapshot, who).item(who, d)
		return nil
	})
	return item, err
}

// user finds who is to own a detection.
func (s *Service) user(tx store.Reader, name string) (string, error) {
	if name == "" {
		return "", fault.Invalid("save the custom detection", "it runs with somebody's rights: say whose").WithDetails(
			fault.Detail{Where: "owner", Problem: "is missing", Want: "the name of a user"})
	}
	user, found, err := tx.User(strings.ToLower(strings.TrimSpace(name)))
	if err != nil {
		return "", err
	}
	if !found {
		return "", fault.Invalid("save the custom detection", "there is no user %q", cut(name, 80)).WithDetails(
			fault.Detail{Where: "owner", Problem: fmt.Sprintf("there is no user %q", cut(name, 80)), Want: "the name of a user"})
	}
	return user.Name, nil
}

// room refuses one more detection of somebody who has very many.
func (s *Service) room(tx store.Reader, owner, op string) error {
	all, err := tx.Detections()
	if err != nil {
		return err
	}
	n := 0
	for _, d := range all {
		if d.Owner == owner {
			n++
		}
	}
	if n >= mostOwned {
		return fault.Conflict(op, "%s owns %d custom detections already, and no more than that: remove one", owner, n)
	}
	return nil
}

func object(d store.Detection) string { return "custom detection:" + d.ID }

// told is what the log keeps of a detection, for the centre's administrators alone: entries are of no product. What it looks for is for
// who may know of it.
func told(d store.Detection) any {
	p, _ := PeriodOf(d.Period)
	var actions []string
	for _, a := range d.Actions {
		actions = append(actions, a.Name)
	}
	return map[string]any{
		"name": d.Name, "on": d.On, "owner": d.Owner, "period": p.Name, "allDevices": d.AllDevices, "deviceGroups": d.Groups, "tables": d.Tables, "actions": actions, "paused": d.Paused,
	}
}

// changeOne finds a detection, refuses who has not seen its last state, and lets f make something else of it.
func (s *Service) changeOne(ctx context.Context, who audit.Actor, op, id, tag string, f func(tx store.Writer, a asking, d *store.Detection) error) (item Item, err error) {
	err = s.change(ctx, who, op, "custom detection:"+cut(id, 80), func(tx store.Writer, snapshot *rbac.Snapshot, rec *audit.Record) error {
		a := s.asks(snapshot, who)
		was, err := a.find(tx, who, id)
		if err != nil {
			return err
		}
		rec.Workload = rbac.Other
		d := was
		if err := f(tx, a, &d); err != nil {
			return err
		}
		if tag != "" && tag != "*" && tag != Tag(was) {
			return fault.Changed(op, "%s changed it since you read it", was.UpdatedBy)
		}
		if d.Updated, d.UpdatedBy = s.now(), who.Name; !d.Updated.After(was.Updated) {
			d.Updated = was.Updated.Add(time.Microsecond) // a tag tells two states apart, whatever the clock does
		}
		rec.Before, rec.After = told(was), told(d)
		if err := tx.PutDetection(d); err != nil {
			return err
		}
		item = a.item(who, d)
		return nil
	})
	return item, err
}

// Update makes a detection what the setting says. It takes all that it takes to own one: else one could have done in another's name
// what one may not do oneself (S14). The owner stays, and must have it too. One that was paused runs again.
func (s *Service) Update(ctx context.Context, who audit.Actor, id, tag string, set Setting) (Item, error) {
	const op = "detections.update"
	return s.changeOne(ctx, who, op, id, tag, func(tx store.Writer, a asking, d *store.Detection) error {
		if !who.Local {
			if err := denied(op, a.toOwn(*d)); err != nil { // as it is
				return err
			}
		}
		was, owner := *d, asking{a.snapshot, d.Owner, a.at}
		as := a
		if who.Local {
			as = owner
		}
		if err := s.fill(tx, as, d, set, "save the custom detection"); err != nil {
			return err
		}
		d.Workloads |= belongs(d.Tables, a.snapshot.Reach(d.Owner, rbac.ViewHunting, a.at).Workloads())
		if !who.Local {
			if err := denied(op, a.toOwn(*d)); err != nil { // as it is to be
				return err
			}
		}
		if err := owns(op, owner, *d); err != nil && d.On {
			return err
		}
		now := s.now()
		if d.Query != was.Query {
			d.QueryUpdated = now
		}
		d.Paused, d.PausedAt = "", time.Time{}
		if d.On && (!was.On || was.Paused != "" || d.Query != was.Query || d.Period != was.Period) {
			return tx.TakeTurn(d.ID, firstTurn(*d, now))
		}
		return nil
	})
}

// owns refuses what would pause at once.
func owns(op string, owner asking, d store.Detection) error {
	if lacks := owner.toOwn(d); len(lacks) > 0 {
		if d.Owner == "" {
			return fault.Conflict(op, "%s", reason(d.Owner, lacks))
		}
		return fault.Conflict(op, "%s, who owns it, has not got what it takes now: hand it over, or take it over yourself", d.Owner)
	}
	return nil
}

// Enable turns a detection on or off. Off takes only the right to set it; on, all that it takes to own it.
func (s *Service) Enable(ctx context.Context, who audit.Actor, id, tag string, on bool) (Item, error) {
	const op = "detections.enable"
	return s.changeOne(ctx, who, op, id, tag, func(tx store.Writer, a asking, d *store.Detection) error {
		if !on {
			if !who.Local && d.Owner != who.Name {
				if err := denied(op, a.toSet(*d)); err != nil {
					return err
				}
			}
			d.On = false
			return nil
		}
		if !who.Local {
			if err := denied(op, a.toOwn(*d)); err != nil {
				return err
			}
		}
		if err := owns(op, asking{a.snapshot, d.Owner, a.at}, *d); err != nil {
			return err
		}
		again := !d.On || d.Paused != ""
		d.On, d.Paused, d.PausedAt = true, "", time.Time{}
		if again {
			return tx.TakeTurn(d.ID, firstTurn(*d, s.now()))
		}
		return nil
	})
}

// HandOver gives a detection to another owner, or takes it over. Who gives it must have all that it takes (S14): its next owner might
// do what they may not. So must who gets it, or it would pause at once.
func (s *Service) HandOver(ctx context.Context, who audit.Actor, id, tag, to string) (Item, error) {
	const op = "detections.hand-over"
	return s.changeOne(ctx, who, op, id, tag, func(tx store.Writer, a asking, d *store.Detection) error {
		if !who.Local {
			if err := denied(op, a.toOwn(*d)); err != nil {
				return err
			}
		}
		account, there, err := tx.User(strings.ToLower(strings.TrimSpace(to)))
		if err != nil {
			return err
		}
		unfit := fault.Conflict(op, "%q is nobody who has what it takes: it would pause at once", cut(to, 80)) // whether they are there is not told
		if !there {
			return unfit
		}
		user := account.Name
		if user == d.Owner {
			return fault.Conflict(op, "%s owns it already", user)
		}
		next := *d
		next.Workloads |= belongs(d.Tables, a.snapshot.Reach(user, rbac.ViewHunting, a.at).Workloads())
		if !who.Local {
			if err := denied(op, a.toOwn(next)); err != nil {
				return err
			}
		}
		if lacks := (asking{a.snapshot, user, a.at}).toOwn(next); len(lacks) > 0 {
			return unfit
		}
		if err := s.room(tx, user, op); err != nil {
			return err
		}
		again := d.Paused != ""
		d.Owner, d.Workloads, d.Paused, d.PausedAt = user, next.Workloads, "", time.Time{}
		if again && d.On {
			return tx.TakeTurn(d.ID, firstTurn(*d, s.now()))
		}
		return nil
	})
}

// Remove removes a detection and what is known of its runs. Its alerts stay.
func (s *Service) Remove(ctx context.Context, who audit.Actor, id, tag string) error {
	const op = "detections.remove"
	return s.change(ctx, who, op, "custom detection:"+cut(id, 80), func(tx store.Writer, snapshot *rbac.Snapshot, rec *audit.Record) error {
		a := s.asks(snapshot, who)
		d, err := a.find(tx, who, id)
		if err != nil {
			return err
		}
		rec.Workload = rbac.Other
		if !who.Local && d.Owner != who.Name {
			if err := denied(op, a.toSet(d)); err != nil {
				return err
			}
		}
		if tag != "" && tag != "*" && tag != Tag(d) {
			return fault.Changed(op, "%s changed it since you read it", d.UpdatedBy)
		}
		rec.Before = told(d)
		_, err = tx.RemoveDetection(id)
		return err
	})
}
