// Package outbox is what rooms share that send things out of the centre: the loop that empties an outbox, how long to wait between
// two attempts, the HTTP clients and the signature of what they post. What is in an outbox, and what becomes of it, is each room's.
package outbox

import (
	"context"
	"math/rand/v2"
	"time"
)

// How an outbox is emptied.
const (
	Look      = time.Second      // between two looks for what has become due by time alone
	Batch     = 50               // of one look
	atOnce    = 8                // that are handed over at the same time, in a lane
	LeaseTime = 45 * time.Second // for one attempt; who has not written down its end by then has crashed
	SendTime  = 30 * time.Second // shorter, so that nothing is sent after its lease
)

// Loop empties an outbox until it is told to stop. The zero value can't be used: NewLoop.
type Loop struct{ wake chan struct{} }

// NewLoop makes one.
func NewLoop() Loop { return Loop{make(chan struct{}, 1)} }

// Stir lets Run look at once for what a change has put into the outbox; after one that failed, there is nothing to see.
func (l Loop) Stir(err error) {
	if err != nil {
		return
	}
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// Run calls empty, which does once what is due and tells how much that was, until ctx ends. What goes wrong it gives to report.
func (l Loop) Run(ctx context.Context, empty func(context.Context) (int, error), report func(error)) {
	tick := time.NewTicker(Look)
	defer tick.Stop()
	for {
		n, err := empty(ctx)
		if err != nil && ctx.Err() == nil {
			report(err)
		}
		if n >= Batch && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-l.wake:
		}
	}
}

// Wait is how long to wait after so many attempts: twice as long each time up to most, and never for two at the same moment.
func Wait(attempts int, first, most time.Duration) time.Duration {
	d := min(first<<min(max(attempts-1, 0), 10), most)
	return d/2 + rand.N(d/2+1)
}
