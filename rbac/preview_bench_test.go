package rbac_test

import (
	"sync"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

// stagedSnapshot is the policy of the other benchmarks, with ends that fall on different days: each is a moment that a preview
// has to look at.
var stagedSnapshot = sync.OnceValue(func() *rbac.Snapshot {
	p := benchPolicy()
	for i := range p.Assignments {
		if a := &p.Assignments[i]; !a.NotAfter.IsZero() {
			a.NotAfter = benchNow.Add(time.Duration(1+i/20) * 24 * time.Hour)
		}
	}
	s, err := rbac.Compile(catalog.Default(), p)
	if err != nil {
		panic(err)
	}
	return s
})

// benchPreview is all that a preview takes of the policy beside reading it: the change itself, who gains and loses now, and who
// does at moments to come.
func benchPreview(b *testing.B, edit rbac.Edit) {
	s := stagedSnapshot()
	b.Run("compare", func(b *testing.B) {
		next, err := s.With(edit)
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			rbac.Compare(s, next, benchNow)
		}
	})
	b.Run("preview", func(b *testing.B) {
		for b.Loop() {
			next, err := s.With(edit)
			if err != nil {
				b.Fatal(err)
			}
			rbac.Compare(s, next, benchNow)
			rbac.CompareLater(s, next, benchNow)
		}
	})
}

// BenchmarkPreviewRole takes the permissions from a role that many hold.
func BenchmarkPreviewRole(b *testing.B) {
	r := stagedSnapshot().Roles()[4]
	r.Permissions = nil
	benchPreview(b, rbac.PutRole{Role: r})
}

// BenchmarkPreviewSwitchOff is the largest change there is.
func BenchmarkPreviewSwitchOff(b *testing.B) { benchPreview(b, rbac.SetEndpointRoles{On: false}) }
