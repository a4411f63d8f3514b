package server

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/investigation"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// readCounter counts how often data is read.
type readCounter struct {
	store.Store
	reads atomic.Int64
}

func (c *readCounter) View(ctx context.Context, f func(store.Reader) error) error {
	c.reads.Add(1)
	return c.Store.View(ctx, f)
}

// Two hundred connections that wait for news cost one read of the data for a change, not two hundred.
func TestTwoHundredLiveConnectionsReadAChangeOnce(t *testing.T) {
	const people, windows = 10, 20
	counted := &readCounter{}
	w := newWorld(t, func(c *Config) {
		counted.Store = c.Store
		c.Investigation = investigation.New(counted, &audit.Door{Store: c.Store}, c.Permissions, byName, nil)
	})
	var edits []rbac.Edit
	for i := range people {
		edits = append(edits, rbac.PutUser{User: rbac.User{Name: fmt.Sprintf("watcher%d@contoso.example", i), GlobalRoles: []string{"Global Reader"}}})
	}
	must(t, w.store.Change(t.Context(), func(tx store.Writer) error {
		if err := tx.ApplyEdits(edits...); err != nil {
			return err
		}
		_, err := tx.NextPolicyRevision()
		return err
	}))
	for i := range people {
		w.token(fmt.Sprintf("watcher%d@contoso.example", i)) // before they ask all at once
	}
	all := func(wait int, told string) {
		var done sync.WaitGroup
		for i := range people {
			user := fmt.Sprintf("watcher%d@contoso.example", i)
			for n := range windows {
				done.Go(func() {
					r := w.want(http.StatusOK, user, "GET", fmt.Sprintf("/api/v1/live?window=%d&wait=%d", n, wait), nil)
					if !strings.Contains(r.Body, told) {
						t.Errorf("%s, window %d: %s, want %s", user, n, r.Body, told)
					}
				})
			}
		}
		done.Wait()
	}
	all(0, `"changed":false`) // they begin to watch
	before := counted.reads.Load()
	w.load("news", `{"id":"news","serviceSource":"microsoftDefenderForOffice365","createdDateTime":"2021-03-01T09:17:02Z"}`)
	all(25, `"changed":true`)
	// Exactly one is what the room's own test demands; here the last use of each token may be written meanwhile, which makes the watch look again.
	if n := counted.reads.Load() - before; n < 1 || n > people {
		t.Errorf("%d reads for one change", n)
	}
}
