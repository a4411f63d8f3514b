package sqlite

import (
	"database/sql"
	"encoding/json"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

func (r *reader) feeds(which string, args ...any) ([]store.Feed, error) {
	var list []store.Feed
	err := r.each(`SELECT id, name, body, next FROM hunting_feeds `+which, func(rows *sql.Rows) error {
		var f store.Feed
		var id, name, body string
		var next int64
		if err := rows.Scan(&id, &name, &body, &next); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(body), &f); err != nil {
			return err
		}
		f.ID, f.Name = id, name
		if next > 0 {
			f.Next = time.Unix(0, next).UTC()
		}
		list = append(list, f)
		return nil
	}, args...)
	return list, err
}

// Feeds implements store.FeedReader.
func (r *reader) Feeds() ([]store.Feed, error) { return r.feeds(`ORDER BY key`) }

// Feed implements store.FeedReader.
func (r *reader) Feed(id string) (store.Feed, bool, error) {
	list, err := r.feeds(`WHERE id = ?`, id)
	if err != nil || len(list) == 0 {
		return store.Feed{}, false, err
	}
	return list[0], true, nil
}

// FeedsDue implements store.FeedReader.
func (r *reader) FeedsDue(by time.Time) ([]store.Feed, error) {
	return r.feeds(`WHERE next > 0 AND next <= ? ORDER BY next, id`, by.UnixNano())
}

// PutFeed implements store.FeedWriter.
func (w *writer) PutFeed(f store.Feed) error {
	var other string
	if taken, err := w.one(`SELECT name FROM hunting_feeds WHERE key = ? AND id <> ?`, []any{fold(f.Name), f.ID}, &other); err != nil || taken {
		if err == nil {
			err = fault.Conflict("save the feed", "there is one of the name %q", other)
		}
		return err
	}
	body, err := json.Marshal(f)
	if err != nil {
		return err
	}
	var next int64
	if !f.Next.IsZero() {
		next = f.Next.UnixNano()
	}
	_, err = w.exec(`INSERT INTO hunting_feeds (id, name, key, body, next) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, key = excluded.key, body = excluded.body, next = excluded.next`, f.ID, f.Name, fold(f.Name), string(body), next)
	return err
}

// RemoveFeed implements store.FeedWriter.
func (w *writer) RemoveFeed(id string) (bool, error) {
	n, err := w.exec(`DELETE FROM hunting_feeds WHERE id = ?`, id)
	return n > 0, err
}
