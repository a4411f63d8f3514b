package investigation

import (
	"context"

	"github.com/bailiwick/bailiwick/internal/store"
)

// How far reading goes ahead of taking: so many records, in so many pieces. A record of many pieces' bytes takes as many pieces' room, so that
// what is held stays within some pieces and some of the largest records.
const (
	pieceRecords = 32
	pieceBytes   = 1 << 20
	mostPieces   = 8
)

// ahead reads records while others are taken: to understand them needs a processor, and not the one writer. A file that fits is read
// whole before anybody is asked to wait for its writing.
type ahead struct {
	pieces chan []store.Record
	err    error // of reading; to be looked at when pieces are at their end
	panic  any   // likewise: what a reader of hostile text comes to must not end the program
	stop   context.CancelFunc
	full   chan struct{} // closed when as much is read as may be, or all
}

func readAhead(ctx context.Context, read func(take func(store.Record) error) error) *ahead {
	ctx, stop := context.WithCancel(ctx)
	a := &ahead{pieces: make(chan []store.Record, mostPieces), stop: stop, full: make(chan struct{})}
	go func() {
		defer close(a.pieces)
		defer func() { a.panic = recover() }()
		filled := false
		fill := func() {
			if !filled {
				filled = true
				close(a.full)
			}
		}
		defer fill()
		var piece []store.Record
		bytes := 0
		hand := func() error {
			room := max(1, min(bytes/pieceBytes, mostPieces))
			if len(a.pieces)+room >= mostPieces {
				fill()
			}
			select {
			case a.pieces <- piece:
			case <-ctx.Done():
				return ctx.Err()
			}
			for range room - 1 {
				select {
				case a.pieces <- nil:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			piece, bytes = nil, 0
			return nil
		}
		a.err = read(func(r store.Record) error {
			piece, bytes = append(piece, r), bytes+sizeOf(r)
			if len(piece) < pieceRecords && bytes < pieceBytes {
				return nil
			}
			return hand()
		})
		if len(piece) > 0 && a.err == nil {
			a.err = hand()
		}
	}()
	<-a.full
	return a
}

// each hands over records, each piece beforehand, until there are as many as that or more; most 0 is all. When there are no more, it gives
// what reading ended with.
func (a *ahead) each(most int, next func([]store.Record) error, take func(store.Record) error) (more bool, err error) {
	taken := 0
	for piece := range a.pieces {
		if err := next(piece); err != nil {
			return false, err
		}
		for _, r := range piece {
			if err := take(r); err != nil {
				return false, err
			}
		}
		if taken += len(piece); most > 0 && taken >= most {
			return true, nil
		}
	}
	if a.panic != nil {
		panic(a.panic)
	}
	return false, a.err
}

// close ends the reading, and waits until it has.
func (a *ahead) close() {
	a.stop()
	for range a.pieces {
	}
}

func sizeOf(r store.Record) int {
	switch {
	case r.Alert != nil:
		return len(r.Alert.Body) + len(r.Alert.Evidence)
	case r.Incident != nil:
		return len(r.Incident.Body)
	}
	return 1000
}
