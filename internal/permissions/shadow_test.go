package permissions_test

import (
	"context"
	"slices"
	"testing"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

const shadowed = `apiVersion: bailiwick/v1
workloads: {office365: {unified: shadow}, endpoint: {unified: shadow}, identity: {unified: on}}
unifiedRoles:
  - name: Responder
    permissions: [Alerts]
    assignments: [{users: [nora], dataSources: [office365]}]
`

func (c *centre) differences(as string) []store.ShadowDifference {
	c.t.Helper()
	if err := c.FlushShadow(context.Background()); err != nil {
		c.t.Fatal(err)
	}
	report, err := c.Shadowed(context.Background(), audit.Actor{Name: as, Via: audit.ViaSession}, rbac.SetOf(rbac.Workloads...))
	if err != nil {
		c.t.Fatal(err)
	}
	return report.Items
}

// TestS18TheShadowNotesWhereTheTwoDiffer: by person, capability, workload and device group, with how often and which of
// the two would have allowed it; where they agree it notes nothing.
func TestS18TheShadowNotesWhereTheTwoDiffer(t *testing.T) {
	c := newCentre(t)
	c.apply(owner, shadowed)
	s := c.snapshot()
	c.Asked(s, "nora", rbac.ManageAlerts)
	c.Asked(s, "nora", rbac.ManageAlerts)
	c.Asked(s, "nora", rbac.ViewInvestigation) // neither allows it
	c.Asked(s, "rita", rbac.ViewInvestigation)
	c.Asked(s, "tom", rbac.ViewInvestigation)
	c.Asked(s, "gus", rbac.ManageAlerts) // a global role: both allow it
	c.AskedAbout(s, "tom", rbac.ViewInvestigation, rbac.Office365, "")
	c.AskedAbout(s, "ed", rbac.ManageAlerts, rbac.Endpoint, "US servers")
	want := []store.ShadowDifference{
		{User: "ed", Workload: rbac.Endpoint, Capability: rbac.ManageAlerts, Count: 1, Last: noon},
		{User: "nora", Workload: rbac.Office365, Capability: rbac.ManageAlerts, Unified: true, Count: 2, Last: noon},
		{User: "rita", Workload: rbac.Office365, Capability: rbac.ViewInvestigation, Count: 1, Last: noon},
		{User: "tom", Workload: rbac.Endpoint, Capability: rbac.ViewInvestigation, DeviceGroup: "EU servers", Count: 1, Last: noon},
	}
	if got := c.differences("gus"); !slices.Equal(got, want) {
		t.Errorf("the differences are\n%+v, want\n%+v", got, want)
	}
	// Each sees those of the workloads whose roles they may see; who may see none is refused.
	if got := c.differences("rita"); len(got) != 2 || got[0].Workload != rbac.Office365 {
		t.Errorf("who sees mail's roles reads %+v", got)
	}
	if got := c.differences("ed"); len(got) != 2 || got[0].Workload != rbac.Endpoint {
		t.Errorf("who sees endpoint's roles reads %+v", got)
	}
	if _, err := c.Shadowed(context.Background(), as("nora"), rbac.SetOf(rbac.Workloads...)); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("who sees no roles: %v", err)
	}
	// The shadow decides nothing.
	if c.snapshot().Reach("nora", rbac.ManageAlerts, noon).Workload(rbac.Office365) {
		t.Error("a unified role in shadow opens something")
	}
}

// TestS18AShadowNeverHoldsARequestUp: when more is asked than can be compared, requests go on and the rest is counted.
func TestS18AShadowNeverHoldsARequestUp(t *testing.T) {
	c := newCentre(t)
	c.apply(owner, shadowed)
	s := c.snapshot()
	const asked = 200_000
	for range asked {
		c.Asked(s, "nora", rbac.ManageAlerts)
	}
	counted := c.differences("gus")[0].Count
	report, err := c.Shadowed(context.Background(), as("gus"), rbac.SetOf(rbac.Workloads...))
	if err != nil || counted+report.Missed != asked {
		t.Errorf("%d were compared and %d left out, of %d (%v)", counted, report.Missed, asked, err)
	}
}
