package permissions_test

import (
	"testing"

	"github.com/bailiwick/bailiwick/rbac"
)

// BenchmarkAsked is what a shadow costs a request: with none, and with one that is asked faster than it compares.
func BenchmarkAsked(b *testing.B) {
	for name, state := range map[string]rbac.Activation{"none": rbac.Off, "in shadow": rbac.Shadow} {
		b.Run(name, func(b *testing.B) {
			c := newCentre(b)
			s, err := c.snapshot().With(rbac.SetActivation{Workload: rbac.Office365, Activation: state})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				c.Asked(s, "rita", rbac.ViewInvestigation)
			}
		})
	}
}
