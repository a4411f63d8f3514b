package worker

import (
	"context"
	"slices"
	"testing"
	"time"
)

// Ten queries of one person keep another's waiting for one of them.
func TestWhoWaitsIsServedPersonByPerson(t *testing.T) {
	turns := turns{free: 1, most: 1}
	release, err := turns.wait(t.Context(), "heavy")
	if err != nil {
		t.Fatal(err)
	}
	order := make(chan string)
	queue := func(person string) {
		before := waiting(&turns)
		go func() {
			release, err := turns.wait(context.Background(), person)
			if err != nil {
				t.Error(err)
				return
			}
			order <- person
			release()
		}()
		for waiting(&turns) == before {
		}
	}
	for _, person := range []string{"heavy", "heavy", "heavy", "ada", "emil", "ada"} {
		queue(person)
	}
	release()
	var got []string
	for range 6 {
		got = append(got, <-order)
	}
	if want := []string{"heavy", "ada", "emil", "heavy", "ada", "heavy"}; !slices.Equal(got, want) {
		t.Errorf("served %v, want %v", got, want)
	}
}

func waiting(t *turns) (n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, list := range t.waiting {
		n += len(list)
	}
	return n
}

func TestOnePlaceIsAlwaysLeftForSomebodyElse(t *testing.T) {
	turns := turns{free: 2, most: 1}
	if _, err := turns.wait(t.Context(), "heavy"); err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	second := make(chan error, 1)
	go func() { _, err := turns.wait(gone, "heavy"); second <- err }()
	for waiting(&turns) == 0 {
		select {
		case err := <-second:
			t.Fatalf("a second one at once, while nobody else has the place: %v", err)
		case <-time.After(time.Millisecond):
		}
	}
	cancel()
	if err := <-second; CodeOf(err) != Cancelled {
		t.Errorf("who went away: %v", err)
	}
	if waiting(&turns) != 0 || len(turns.order) != 0 {
		t.Errorf("who went away still waits: %+v", turns.waiting)
	}
	if _, err := turns.wait(t.Context(), "ada"); err != nil {
		t.Errorf("somebody else: %v", err)
	}
}

func TestTooManyThatWaitAreRefused(t *testing.T) {
	turns := turns{free: 0, most: 1}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	for range maxWaiting {
		go func() { _, err := turns.wait(ctx, "heavy"); ended <- err }()
	}
	for waiting(&turns) < maxWaiting {
	}
	if _, err := turns.wait(t.Context(), "heavy"); CodeOf(err) != Busy {
		t.Errorf("one more: %v", err)
	}
	cancel()
	for range maxWaiting {
		if err := <-ended; CodeOf(err) != Cancelled {
			t.Error(err)
		}
	}
}
