package notify

import (
	"context"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

// Page is a page of what became of notifications, the last made first.
type Page struct {
	Items []store.Notification
	Total int64
	Next  store.NotificationPlace // zero: there is no next one
}

// Log tells what became of notifications.
func (s *Service) Log(ctx context.Context, who audit.Actor, q store.NotificationQuery) (Page, error) {
	page := Page{Items: []store.Notification{}}
	if q.Status != "" && !slices.Contains(Statuses, q.Status) {
		return page, fault.Invalid("list notifications", "status %q: want %s", cut(q.Status, 40), strings.Join(Statuses, ", "))
	}
	err := s.look(ctx, who, "list notifications", func(tx store.Reader) (err error) {
		if page.Total, err = tx.CountNotifications(q); err != nil {
			return err
		}
		limit := q.Limit
		q.Limit++
		list, err := tx.Notifications(q)
		if len(list) > limit {
			list = list[:limit]
			last := list[limit-1]
			page.Next = store.NotificationPlace{Created: last.Created.UnixNano(), ID: last.ID}
		}
		page.Items = append(page.Items, list...)
		return err
	})
	return page, err
}
