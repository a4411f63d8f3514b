package investigation

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/rbac"
	"pgregory.net/rapid"
)

// Whatever order alerts join, leave and change product in, an incident is managed by who manages every product of the
// alerts it has now, and seen by who sees one of them (K6, R17, S9).
func TestAnIncidentIsManagedOnTheAlertsItHasNow(t *testing.T) {
	sources := map[rbac.Workload]string{
		rbac.Office365: "microsoftDefenderForOffice365", rbac.CloudApps: "microsoftDefenderForCloudApps", rbac.Identity: "microsoftDefenderForIdentity",
	}
	workloads := []rbac.Workload{rbac.Office365, rbac.CloudApps, rbac.Identity}
	w := newWorld(t, joiningPolicy())
	at, run := time.Date(2021, 2, 1, 0, 0, 0, 0, time.UTC), 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		type alert struct {
			of rbac.Workload
			in string
		}
		now := map[string]alert{}
		incidents := []string{fmt.Sprintf("i%d", run), fmt.Sprintf("j%d", run)}
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			id := fmt.Sprintf("a%d-%d", run, rapid.IntRange(1, 3).Draw(t, "alert"))
			a := alert{rapid.SampledFrom(workloads).Draw(t, "product"), rapid.SampledFrom(append(incidents, "")).Draw(t, "incident")}
			at = at.Add(time.Second)
			text := fmt.Sprintf(`{"id":%q,"incidentId":%q,"serviceSource":%q,"createdDateTime":"2021-02-01T00:00:00Z","lastUpdateDateTime":%q}`,
				id, a.in, sources[a.of], at.Format(time.RFC3339))
			if done, err := w.tryLoad(local, "step", text); err != nil || !done.changed() {
				t.Fatalf("%s: %+v %v", text, done, err)
			}
			now[id] = a
			for _, incident := range incidents {
				var products rbac.WorkloadSet
				for _, a := range now {
					if a.in == incident {
						products |= rbac.SetOf(a.of)
					}
				}
				body := []byte(fmt.Sprintf(`{"assignedTo":"n%d@x"}`, at.Unix()))
				_, err := w.service.UpdateIncident(ctx, audit.Actor{Name: "mail@x", Via: audit.ViaToken}, incident, body, "", full)
				want := fault.KindDenied
				switch {
				case !products.Has(rbac.Office365):
					want = fault.KindNotFound
				case products == rbac.SetOf(rbac.Office365):
					want = 0
				}
				if got := fault.KindOf(err); got != want {
					t.Fatalf("incident of %v: %v, want %v (%v)", products, got, want, err)
				}
				if err != nil && strings.Contains(err.Error(), "a"+fmt.Sprint(run)+"-") {
					t.Fatalf("the refusal names an alert: %v", err)
				}
			}
		}
	})
}

// joiningPolicy lets mail@x manage the alerts of mail and no other product.
func joiningPolicy() rbac.Policy {
	p := storyPolicy()
	p.Users = append(p.Users, rbac.User{Name: "mail@x"})
	role(&p, "mail@x", rbac.Office365, nil, "Security Reader", "Manage Alerts")
	return p
}
