package directory

import (
	"context"
	"strings"
	"unicode"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

// How much somebody keeps: more than one uses, less than would fill a disk.
const (
	mostViews    = 100
	longViewName = 100
	longView     = 4000
)

// areas are the lists that have views.
var areas = map[string]bool{"alerts": true, "incidents": true}

// SavedViews are how somebody looks at the lists: their own, and nobody else's.
func (s *Service) SavedViews(ctx context.Context, user string) ([]store.SavedView, error) {
	var list []store.SavedView
	err := s.Store.View(ctx, func(r store.Reader) (err error) {
		list, err = r.SavedViews(user)
		return err
	})
	return list, err
}

// SaveView keeps one, in the place of an earlier one of that name.
func (s *Service) SaveView(ctx context.Context, actor audit.Actor, v store.SavedView) error {
	const op = "views.save"
	v.Name = strings.TrimSpace(v.Name)
	wrong := func(where, problem string) error {
		return fault.Invalid(op, "%s", problem).WithDetails(fault.Detail{Where: where, Problem: problem})
	}
	switch {
	case !areas[v.Area]:
		return wrong("/area", "want alerts or incidents")
	case v.Name == "" || len([]rune(v.Name)) > longViewName || strings.ContainsFunc(v.Name, unicode.IsControl):
		return wrong("/name", "want a name of at most 100 characters, none of them a control character")
	case len(v.Query) > longView || strings.ContainsFunc(v.Query, unicode.IsControl):
		return wrong("/query", "want at most 4000 characters, as the page's address has them after the question mark")
	}
	return s.Door.Change(ctx, actor, op, func(tx store.Writer, rec *audit.Record) error {
		rec.Object = "view:" + v.Area + "/" + v.Name
		list, err := tx.SavedViews(actor.Name)
		if err != nil {
			return err
		}
		there := 0
		for _, old := range list {
			if old.Area == v.Area && old.Name == v.Name {
				if old.Query == v.Query {
					rec.Skip()
					return nil
				}
				continue
			}
			there++
		}
		if there >= mostViews {
			return fault.Conflict(op, "you keep %d views already: remove one first", mostViews)
		}
		return tx.PutSavedView(actor.Name, v)
	})
}

// RemoveView forgets one.
func (s *Service) RemoveView(ctx context.Context, actor audit.Actor, area, name string) error {
	const op = "views.remove"
	return s.Door.Change(ctx, actor, op, func(tx store.Writer, rec *audit.Record) error {
		rec.Object = "view:" + area + "/" + name
		found, err := tx.RemoveSavedView(actor.Name, area, name)
		if err == nil && !found {
			err = fault.NotFound(op, "you keep no view %q of %s", name, area)
		}
		return err
	})
}
