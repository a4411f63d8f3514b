package policyfile

import (
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/rbac"
)

// What differs is written anew, what does not stays as somebody wrote it: order, comments, spelling.
func TestAdoptingKeepsOrderAndComments(t *testing.T) {
	const text = `# Our policy. Ask Mira before you change it.
apiVersion: bailiwick/v1
roles:
  # The night shift.
  - {name: Purgers, workload: office365, permissions: [Search And Purge]}   # reviewed in March
  - name: Readers # by day
    workload: office365
    permissions: [Security Reader]

users:
  - {name: zoe@x, displayName: Zoe}
  - name: abe@x # first by name, second here
groups:
- name: gone
  members: [abe@x]
# the end
`
	const want = `# Our policy. Ask Mira before you change it.
apiVersion: bailiwick/v1
roles:
  # The night shift.
  - {name: Purgers, workload: office365, permissions: [Search And Purge]}   # reviewed in March
  - name: Readers
    workload: office365
    permissions:
      - Manage Alerts
    assignments:
      - groups: [kept]

users:
  - {name: zoe@x, displayName: Zoe}
  - name: abe@x
    displayName: Abe
groups:
# the end
`
	live, err := rbac.Compile(catalog.Default(), rbac.Policy{
		Users:  []rbac.User{{Name: "abe@x", DisplayName: "Abe"}, {Name: "zoe@x", DisplayName: "Zoe"}},
		Groups: []rbac.Group{{Name: "kept"}},
		Roles: []rbac.Role{{ID: "a", Workload: rbac.Office365, Name: "Purgers", Permissions: []string{"Search And Purge"}},
			{ID: "b", Workload: rbac.Office365, Name: "Readers", Permissions: []string{"Manage Alerts"}}},
		Assignments: []rbac.Assignment{{ID: "c", Role: rbac.RoleRef{Workload: rbac.Office365, Name: "Readers"}, Group: "kept", Scope: rbac.Scope{All: true}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	f, err := Parse("policy.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	got, err := f.Adopt(live, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("got\n%s", got)
	}
	again, err := Parse("policy.yaml", got)
	if err != nil {
		t.Fatal(err)
	}
	if plan, err := again.Plan(live, Options{At: time.Now(), NewID: noID}); err != nil || len(plan.Edits) > 0 {
		t.Errorf("still drift: %v %v", plan.Summary, err)
	}
}
