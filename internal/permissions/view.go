package permissions

import (
	"context"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// ViewLasts is how long the portal may be viewed as somebody before that ends by itself.
const ViewLasts = 15 * time.Minute

type viewKey struct{}

type viewing struct {
	viewer string
	viewed rbac.Viewed
}

// Viewing gives a context in which Snapshot answers as the viewer meets it who views the portal as somebody (S19).
// Changes are not decided by it: the door refuses them.
func Viewing(ctx context.Context, viewer string, v rbac.Viewed) context.Context {
	return context.WithValue(ctx, viewKey{}, viewing{viewer, v})
}

// Snapshot gives the live policy: what any process has committed acts at the next call. An error means that nobody
// knows who may do what, and nobody may do anything. In a context of Viewing it is the policy as it is met there; if it
// can't be any more - the person has gone, the role has another name - everything is refused until the view is ended.
func (s *Service) Snapshot(ctx context.Context) (*rbac.Snapshot, error) {
	snapshot, err := s.liveSnapshot(ctx)
	if v, ok := ctx.Value(viewKey{}).(viewing); ok && err == nil {
		snapshot, err = snapshot.ViewAs(v.viewer, v.viewed, s.now())
		if err != nil {
			return nil, fault.Denied("read", "you can't view the portal as that any more (%s): end the view", err.Error())
		}
	}
	return snapshot, err
}

// BeginView lets a session view the portal as somebody: for who may view the roles of some workload; the view reaches
// those workloads only (S19). An unknown person or role is not told from one that may not be seen.
func (s *Service) BeginView(ctx context.Context, actor audit.Actor, sessionID string, v rbac.Viewed) (store.View, error) {
	const op = "views.start"
	if sessionID == "" {
		return store.View{}, fault.Invalid(op, "only who is signed in to the portal can view it as somebody; a token can't")
	}
	made := store.View{Viewed: v}
	err := s.door.Change(ctx, actor, op, func(tx store.Writer, rec *audit.Record) error {
		snapshot, err := s.current(tx)
		if err != nil {
			return err
		}
		at := s.now()
		sees := snapshot.ViewsRoles(actor.Name, at)
		rec.Object = made.Object()
		if sees == 0 {
			var needs []string
			for _, w := range rbac.Workloads {
				needs = append(needs, catalog.Needs(rbac.ViewRoles, w, snapshot.Activations()))
			}
			return fault.Denied(op, "%s", strings.Join(needs, "; ")).WithLacks(needs...)
		}
		if made.Name, err = viewedName(snapshot, actor, v, at); err != nil {
			return err
		}
		if _, err := snapshot.ViewAs(actor.Name, v, at); err != nil {
			return fault.Invalid(op, "%s", err.Error())
		}
		made.StartedAt, made.Until = at, at.Add(ViewLasts)
		rec.Object = made.Object()
		rec.After = map[string]any{"viewer": actor.Name, "viewed": made.Name, "as": v, "until": made.Until}
		return tx.SetSessionView(sessionID, &made)
	})
	return made, err
}

// viewedName finds what is to be viewed, and what people call it.
func viewedName(s *rbac.Snapshot, actor audit.Actor, v rbac.Viewed, at time.Time) (string, error) {
	const op = "views.start"
	may := func(w rbac.Workload) bool {
		return need{capability: rbac.ViewRoles, workload: w}.met(s, actor.Name, at)
	}
	switch {
	case v.User != "":
		u, ok := s.User(v.User)
		if !ok {
			return "", notFound(op, "user", v.User)
		}
		if u.Name == actor.Name {
			return "", fault.Invalid(op, "that is yourself")
		}
		if u.DisplayName != "" {
			return u.DisplayName, nil
		}
		return u.Name, nil
	case v.Draft != nil:
		if !may(v.Draft.Workload) {
			need := catalog.Needs(rbac.ViewRoles, v.Draft.Workload, s.Activations())
			return "", fault.Denied(op, "%s", need).WithLacks(need)
		}
		if v.Draft.Name == "" {
			return "a draft role", nil
		}
		return v.Draft.Name, nil
	case v.Role.Name != "":
		if r, ok := s.Role(v.Role); ok && may(r.Workload) {
			return r.Name, nil
		}
		return "", notFound(op, "role", v.Role.Name)
	}
	return "", fault.Invalid(op, "it takes a user, a role or a draft role")
}

// EndView ends a session's viewing as somebody. One that has ended already is fine.
func (s *Service) EndView(ctx context.Context, actor audit.Actor, sessionID string, v *store.View) error {
	return s.door.Change(ctx, actor, audit.EndView, func(tx store.Writer, rec *audit.Record) error {
		if v == nil {
			rec.Skip()
			return tx.SetSessionView(sessionID, nil)
		}
		rec.Object = v.Object()
		rec.Before = map[string]any{"viewer": actor.Name, "viewed": v.Name, "startedAt": v.StartedAt}
		return tx.SetSessionView(sessionID, nil)
	})
}
