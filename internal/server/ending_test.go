package server

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// endings gives nora a role for a short while, or takes it from her, and looks how long it takes until her open session meets a
// refusal: from the end, or from when the change was acknowledged, to the answer.
func endings(w *world, cookie string, n int, expire bool) []time.Duration {
	grant := rbac.Assignment{ID: "ending", Role: rbac.RoleRef{Workload: rbac.CloudApps, Name: "Security reader"}, User: nora, Scope: rbac.Scope{All: true}}
	change := func(edits ...rbac.Edit) {
		must(w.t, w.store.Change(context.Background(), func(tx store.Writer) error {
			if err := tx.ApplyEdits(edits...); err != nil {
				return err
			}
			_, err := tx.NextPolicyRevision()
			return err
		}))
	}
	see := func() int {
		return w.ask("", "GET", "/v1.0/security/alerts_v2?$top=1", nil, "Cookie", cookie).Status
	}
	var took []time.Duration
	for range n {
		end := time.Now()
		if expire {
			end = end.Add(50 * time.Millisecond)
			grant.NotAfter = end
		}
		change(rbac.PutAssignment{Assignment: grant})
		if !expire {
			if got := see(); got != http.StatusOK {
				w.t.Fatalf("given the role she gets %d", got)
			}
			change(rbac.RemoveAssignment{ID: grant.ID})
			end = time.Now()
		}
		for see() == http.StatusOK {
			if time.Since(end) > 10*time.Second {
				w.t.Fatal("what has ended is still allowed")
			}
		}
		if d := time.Since(end); d > 0 {
			took = append(took, d)
		} else {
			w.t.Fatal("it was refused before its end")
		}
	}
	slices.Sort(took)
	return took
}

// TestAnOpenSessionLosesWhatHasEnded: no sign-in, no cache and no cookie outlives an assignment, ended by time or by hand.
func TestAnOpenSessionLosesWhatHasEnded(t *testing.T) {
	w := newWorld(t)
	cookie := w.session(nora)
	for _, expire := range []bool{false, true} {
		endings(w, cookie, 3, expire)
	}
}

func benchEnding(b *testing.B, expire bool) {
	w := newWorld(b)
	cookie := w.session(nora)
	var took []time.Duration
	for b.Loop() {
		took = append(took, endings(w, cookie, 1, expire)...)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkRevokedActs and BenchmarkExpiredActs: from the end to the refusal that an open session gets, the request included.
func BenchmarkRevokedActs(b *testing.B) { benchEnding(b, false) }
func BenchmarkExpiredActs(b *testing.B) { benchEnding(b, true) }
