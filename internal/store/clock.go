package store

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// Clock tells the time by the database's clock without asking it at each question: from one reading it counts on by the
// machine's monotonic clock, which nobody can set. So what begins and ends does so by one clock, whatever this machine's says.
type Clock struct {
	s    Store
	last atomic.Pointer[reading]
}

type reading struct {
	local time.Time // with the monotonic clock's reading
	at    time.Time // by the database
}

// NewClock reads the clock once.
func NewClock(ctx context.Context, s Store) (*Clock, error) {
	c := &Clock{s: s}
	return c, c.Read(ctx)
}

// Read asks the database again: the two clocks drift.
func (c *Clock) Read(ctx context.Context) error {
	var best *reading
	least := time.Duration(1<<63 - 1)
	for range 3 { // whoever had to wait for a connection tries again
		before := time.Now()
		at, err := c.s.Now(ctx)
		if err != nil {
			return fmt.Errorf("read the database's clock: %w", err)
		}
		// It was read somewhere between: at its latest, so that nothing lasts longer than it should.
		if took := time.Since(before); took < least {
			best, least = &reading{before, at.Round(0)}, took
		}
		if least < 5*time.Millisecond {
			break
		}
	}
	c.last.Store(best)
	return nil
}

// Now is the time in UTC.
func (c *Clock) Now() time.Time {
	r := c.last.Load()
	return r.at.Add(time.Since(r.local)).UTC()
}
