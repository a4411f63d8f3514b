package sqlite

import (
	"fmt"
	"testing"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// BenchmarkPolicyOfABigCompany writes and reads a policy of 100,000 users, each in three of 5,000 groups.
func BenchmarkPolicyOfABigCompany(b *testing.B) {
	const users, groups, each = 100_000, 5_000, 3
	var edits []rbac.Edit
	members := make([][]string, groups)
	for i := range users {
		name := fmt.Sprintf("user%06d@contoso.example", i)
		edits = append(edits, rbac.PutUser{User: rbac.User{Name: name, DisplayName: "User"}})
		for k := range each {
			g := (i*7 + k*1013) % groups
			members[g] = append(members[g], name)
		}
	}
	for g, m := range members {
		edits = append(edits, rbac.PutGroup{Group: rbac.Group{Name: fmt.Sprintf("group%04d", g), Members: m}})
	}
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			s := openTest(b)
			if err := s.Change(b.Context(), func(w store.Writer) error { return w.ApplyEdits(edits...) }); err != nil {
				b.Fatal(err)
			}
		}
	})
	s := openTest(b)
	if err := s.Change(b.Context(), func(w store.Writer) error { return w.ApplyEdits(edits...) }); err != nil {
		b.Fatal(err)
	}
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			err := s.View(b.Context(), func(r store.Reader) error {
				p, err := r.Policy()
				if len(p.Users) != users {
					b.Fatal(len(p.Users))
				}
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("one user changed", func(b *testing.B) {
		for b.Loop() {
			if err := s.Change(b.Context(), func(w store.Writer) error { return w.ApplyEdits(edits[5]) }); err != nil {
				b.Fatal(err)
			}
		}
	})
}
