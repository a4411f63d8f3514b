package sqlite

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/bailiwick/bailiwick/internal/store"
)

func openTest(t testing.TB) *Store {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), FileName))
}

func openAt(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func BenchmarkVersion(b *testing.B) {
	s := openTest(b)
	for b.Loop() {
		if _, err := s.Version(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkChange(b *testing.B) {
	s := openTest(b)
	for b.Loop() {
		err := s.Change(b.Context(), func(w store.Writer) error {
			_, err := w.NextPolicyRevision()
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkViewOneUser(b *testing.B) {
	s := openTest(b)
	for b.Loop() {
		err := s.View(context.Background(), func(r store.Reader) error {
			_, _, err := r.User("nobody")
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
