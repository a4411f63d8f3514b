package conformance

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/bailiwick/bailiwick/internal/store"
)

func changes(t *testing.T, backend Backend) {
	s := backend(t)()
	write := func(name string) func(store.Writer) error {
		return func(w store.Writer) error { return w.ApplyEdits(putUser(name)) }
	}

	change(t, s, write("kept"))

	err := s.Change(context.Background(), func(w store.Writer) error {
		if err := write("failed")(w); err != nil {
			return err
		}
		if _, found, err := w.User("failed"); err != nil || !found {
			t.Errorf("a writer does not read what it wrote: %v", err)
		}
		return fmt.Errorf("after writing: %w", errMine)
	})
	if !errors.Is(err, errMine) {
		t.Errorf("the error of the change is %v, want the one that it returned", err)
	}

	func() {
		defer func() {
			if recover() != "mine" {
				t.Error("the panic of a change does not go on")
			}
		}()
		_ = s.Change(context.Background(), func(w store.Writer) error {
			if err := write("panicked")(w); err != nil {
				return err
			}
			panic("mine")
		})
	}()

	ctx, cancel := context.WithCancel(context.Background())
	err = s.Change(ctx, func(w store.Writer) error {
		defer cancel()
		return write("cancelled")(w)
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a change whose context ended gives %v, want context canceled", err)
	}
	again, cancel := context.WithCancel(context.Background())
	err = s.Change(again, func(w store.Writer) error {
		cancel()
		for { // until the backend notices, however it does
			if err := write("cancelled")(w); err != nil {
				return err
			}
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("writing on after the context ended gives %v, want context canceled", err)
	}
	if err := s.View(ctx, func(store.Reader) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("a read with an ended context gives %v, want context canceled", err)
	}

	change(t, s, write("after")) // the store still works
	for name, want := range map[string]bool{"kept": true, "failed": false, "panicked": false, "cancelled": false, "after": true} {
		if got := hasUser(t, s, name); got != want {
			t.Errorf("user %q is there: %v, want %v", name, got, want)
		}
	}
}

func consistentReads(t *testing.T, backend Backend) {
	s := backend(t)()
	err := s.View(context.Background(), func(r store.Reader) error {
		before, err := r.PolicyRevision()
		if err != nil {
			return err
		}
		change(t, s, func(w store.Writer) error {
			_, err := w.NextPolicyRevision()
			return errors.Join(err, w.ApplyEdits(putUser("mira")))
		})
		after, err := r.PolicyRevision()
		if err != nil {
			return err
		}
		_, found, err := r.User("mira")
		if after != before || found {
			t.Errorf("within one read the revision went from %d to %d, and a new user was seen: %v", before, after, found)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if !hasUser(t, s, "mira") {
		t.Error("the next read does not see the change")
	}

	// Many readers beside a writer: each sees the users and the revision of one commit.
	const commits = 40
	var wait sync.WaitGroup
	start := read(t, s, store.Reader.PolicyRevision)
	for range 4 {
		wait.Go(func() {
			for range commits {
				p := policyOf(t, s)
				if got := int64(len(p.Users)) - 1; got != p.Revision-start {
					t.Errorf("revision %d with %d new users", p.Revision, got)
					return
				}
			}
		})
	}
	for i := range commits {
		change(t, s, func(w store.Writer) error {
			_, err := w.NextPolicyRevision()
			return errors.Join(err, w.ApplyEdits(putUser(fmt.Sprintf("user%03d", i))))
		})
	}
	wait.Wait()
}

func versions(t *testing.T, backend Backend) {
	open := backend(t)
	mine, theirs := open(), open()
	version := func(s store.Store) uint64 {
		t.Helper()
		v, err := s.Version(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	last := version(mine)
	for i := range 4 {
		if again := version(mine); again != last {
			t.Fatalf("the version went from %d to %d, and nobody had written", last, again)
		}
		writer := []store.Store{mine, theirs}[i%2]
		edit(t, writer, putUser(fmt.Sprint("user", i)))
		next := version(mine)
		if next == last {
			t.Fatalf("the version is still %d after a commit of handle %d", last, i%2)
		}
		last = next
	}
	_ = mine.Change(context.Background(), func(w store.Writer) error {
		return errors.Join(w.ApplyEdits(putUser("taken-back")), errMine)
	})
	_ = policyOf(t, mine)
	if again := version(mine); again != last {
		t.Errorf("the version went from %d to %d by a change that was taken back, or by a read", last, again)
	}
}

func twoHandles(t *testing.T, backend Backend) {
	open := backend(t)
	handles := []store.Store{open(), open()}
	var wait sync.WaitGroup
	const each = 20
	for h, s := range handles {
		wait.Go(func() {
			for i := range each {
				err := s.Change(context.Background(), func(w store.Writer) error {
					_, err := w.NextPolicyRevision()
					return errors.Join(err, w.ApplyEdits(putUser(fmt.Sprintf("h%d-%02d", h, i))))
				})
				if err != nil {
					t.Errorf("handle %d: %v", h, err)
				}
			}
		})
	}
	wait.Wait()
	for h, s := range handles {
		p := policyOf(t, s)
		if len(p.Users) != 2*each || p.Revision != 2*each {
			t.Errorf("handle %d sees %d users and revision %d, want %d", h, len(p.Users), p.Revision, 2*each)
		}
	}
}
