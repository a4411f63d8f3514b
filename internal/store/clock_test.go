package store

import (
	"context"
	"errors"
	"testing"
	"time"
)

// clocked is a store that is only a clock.
type clocked struct {
	Store
	at  time.Time
	err error
}

func (c *clocked) Now(context.Context) (time.Time, error) { return c.at, c.err }

func TestTheDatabasesClockDecides(t *testing.T) {
	s := &clocked{at: time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)}
	c, err := NewClock(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	near := func(want time.Time) {
		t.Helper()
		if off := c.Now().Sub(want); off < 0 || off > time.Minute {
			t.Errorf("it is %s, want %s", c.Now(), want)
		}
	}
	near(s.at)
	first := c.Now()
	time.Sleep(2 * time.Millisecond)
	if later := c.Now(); !later.After(first) {
		t.Errorf("it stands still: %s, %s", first, later)
	}
	s.at = s.at.Add(-24 * time.Hour) // set back there
	if err := c.Read(t.Context()); err != nil {
		t.Fatal(err)
	}
	near(s.at)
	s.err = errors.New("gone")
	if err := c.Read(t.Context()); err == nil {
		t.Error("an unreadable clock is no error")
	}
	near(s.at) // it counts on
}
