package directory

import "sync/atomic"

// Counts are how tries to sign in went since the program began. Who fails to sign in is nobody yet, so there is no
// entry of it in the audit log; these numbers show an attack.
type Counts struct {
	SignedIn  int64
	Wrong     int64 // name or password
	Throttled int64 // asked to wait
}

type counters struct{ signedIn, wrong, throttled atomic.Int64 }

// Counts tells how tries went so far.
func (s *Service) Counts() Counts {
	return Counts{s.counters.signedIn.Load(), s.counters.wrong.Load(), s.counters.throttled.Load()}
}
