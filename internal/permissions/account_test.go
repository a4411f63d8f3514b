package permissions_test

import (
	"context"
	"testing"

	"github.com/bailiwick/bailiwick/internal/permissions"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// TestS6UngroupedDevicesStayClosedWhenAListLeavesThemOut: they are open at first, and closed until somebody opens them again.
func TestS6UngroupedDevicesStayClosedWhenAListLeavesThemOut(t *testing.T) {
	c := newCentre(t)
	closed := c.snapshot().DeviceGroups()
	last := closed[len(closed)-1]
	if last.Name != rbac.UngroupedDevices || last.Open {
		t.Fatalf("the centre of the tests begins with %+v", last)
	}
	if err := c.do("gus", permissions.SetDeviceGroups(closed[:1], 0)); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*rbac.Snapshot{c.snapshot(), open(t, c.path).snapshot()} {
		list := s.DeviceGroups()
		if len(list) != 2 || list[1].Name != rbac.UngroupedDevices || list[1].Open {
			t.Errorf("left out, they are now %+v", list)
		}
	}
}

// TestNoTokenOutlivesItsAccountsEnd: an account that ended, or was disabled, comes back with nothing that it had.
func TestNoTokenOutlivesItsAccountsEnd(t *testing.T) {
	yesterday, tomorrow := noon.AddDate(0, 0, -1), noon.AddDate(0, 0, 1)
	for name, c := range map[string]struct {
		was, is rbac.User
		revoked bool
	}{
		"renewed after its end":      {rbac.User{NotAfter: yesterday}, rbac.User{}, true},
		"renewed for a time":         {rbac.User{NotAfter: yesterday}, rbac.User{NotAfter: tomorrow}, true},
		"enabled again":              {rbac.User{Disabled: true}, rbac.User{}, true},
		"longer, before its end":     {rbac.User{NotAfter: tomorrow}, rbac.User{}, false},
		"another name to be read by": {rbac.User{}, rbac.User{DisplayName: "Nora"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := newCentre(t)
			ctx := context.Background()
			c.was.Name, c.is.Name = "nora", "nora"
			if c.was.Disabled || !c.was.NotAfter.IsZero() {
				if err := h.do("gus", permissions.PutUser(c.was)); err != nil {
					t.Fatal(err)
				}
			}
			token := store.Token{ID: "t1", Owner: "nora", Hash: make([]byte, 32), CreatedAt: noon, ExpiresAt: noon.AddDate(0, 6, 0)}
			if err := h.store.Change(ctx, func(w store.Writer) error { return w.PutToken(token) }); err != nil {
				t.Fatal(err)
			}
			if err := h.do("gus", permissions.PutUser(c.is)); err != nil {
				t.Fatal(err)
			}
			err := h.store.View(ctx, func(r store.Reader) error {
				kept, found, err := r.TokenByID("t1")
				if revoked := found && !kept.RevokedAt.IsZero(); revoked != c.revoked {
					t.Errorf("revoked is %v, want %v", revoked, c.revoked)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}
