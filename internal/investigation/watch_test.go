package investigation

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// told waits for news; the watch looks twice a second.
func (w *world) told(reader string) <-chan bool {
	w.t.Helper()
	out := make(chan bool, 1)
	go func() {
		changed, err := w.service.Changed(ctx, reader, "window", 3*time.Second)
		if err != nil {
			w.t.Errorf("%s watches: %v", reader, err)
		}
		out <- changed
	}()
	return out
}

func TestWhoWatchesIsToldOfWhatTheySeeAndNothingElse(t *testing.T) {
	w := storyWorld(t)
	for _, reader := range []string{"reader@x", "cloud@x"} { // both are up to date
		if changed, err := w.service.Changed(ctx, reader, "window", 0); changed || err != nil {
			t.Fatalf("%s: %v %v", reader, changed, err)
		}
	}
	endpoint, cloud := w.told("reader@x"), w.told("cloud@x")
	if _, err := w.service.UpdateAlert(ctx, lead, endpointAlert, []byte(`{"status":"inProgress"}`), "", full); err != nil {
		t.Fatal(err)
	}
	if !<-endpoint {
		t.Error("who sees the alert was not told")
	}
	if <-cloud {
		t.Error("who does not see the alert was told")
	}
	// What happens between two questions is not missed, and a comment on an incident, which only readers of all of it see, is
	// news for none of the others.
	if _, err := w.service.CommentIncident(ctx, lead, "1042", []byte(`{"comment":"for those who see all"}`), ""); err != nil {
		t.Fatal(err)
	}
	if _, err := w.service.UpdateAlert(ctx, lead, cloudAlert, []byte(`{"status":"inProgress"}`), "", full); err != nil {
		t.Fatal(err)
	}
	if !<-w.told("cloud@x") {
		t.Error("a change between two questions was missed")
	}
	if <-w.told("reader@x") {
		t.Error("a comment out of sight was told")
	}
	// A change of the incident that all who see it see is told to all of them.
	if _, err := w.service.UpdateIncident(ctx, lead, "1042", []byte(`{"assignedTo":"lead@x"}`), "", full); err != nil {
		t.Fatal(err)
	}
	if !<-w.told("reader@x") {
		t.Error("the incident's new assignee was not told")
	}
}

func TestWhoSeesOtherAlertsThanBeforeIsTold(t *testing.T) {
	w := storyWorld(t)
	for _, reader := range []string{"reader@x", "cloud@x"} {
		if _, err := w.service.Changed(ctx, reader, "window", 0); err != nil {
			t.Fatal(err)
		}
	}
	given, other := w.told("reader@x"), w.told("cloud@x")
	w.edit(rbac.PutRole{Role: rbac.Role{Workload: rbac.Office365, Name: "more", Permissions: []string{"Security Reader"}}},
		rbac.PutAssignment{Assignment: rbac.Assignment{ID: "more", Role: rbac.RoleRef{Workload: rbac.Office365, Name: "more"}, User: "reader@x", Scope: rbac.Scope{All: true}}})
	if !<-given {
		t.Error("who sees more now was not told")
	}
	if <-other {
		t.Error("another's rights were told")
	}
	if _, err := w.service.Changed(ctx, "nobody@x", "window", 0); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("who may see nothing watches: %v", err)
	}
}

func TestWhoAsksBeforeTheLookIsToldOfTheNewPolicy(t *testing.T) {
	w := storyWorld(t)
	for _, reader := range []string{"reader@x", "cloud@x"} {
		if changed, err := w.service.Changed(ctx, reader, "window", 0); changed || err != nil {
			t.Fatal(reader, changed, err)
		}
	}
	w.edit(rbac.PutRole{Role: rbac.Role{Workload: rbac.Office365, Name: "more", Permissions: []string{"Security Reader"}}},
		rbac.PutAssignment{Assignment: rbac.Assignment{ID: "more", Role: rbac.RoleRef{Workload: rbac.Office365, Name: "more"}, User: "reader@x", Scope: rbac.Scope{All: true}}})
	for reader, want := range map[string]bool{"reader@x": true, "cloud@x": false} {
		if changed, err := w.service.Changed(ctx, reader, "window", 0); changed != want || err != nil {
			t.Errorf("%s: %v %v", reader, changed, err)
		}
		if changed, err := w.service.Changed(ctx, reader, "window", time.Second); changed || err != nil {
			t.Errorf("%s a second time: %v %v", reader, changed, err)
		}
	}
}

// counting counts how often data is read.
type counting struct {
	store.Store
	views atomic.Int64
}

func (c *counting) View(ctx context.Context, f func(store.Reader) error) error {
	c.views.Add(1)
	return c.Store.View(ctx, f)
}

type fixed struct{ of *rbac.Snapshot }

func (f fixed) Snapshot(context.Context) (*rbac.Snapshot, error) { return f.of, nil }

func TestTwoHundredWatchersCostOneQueryAChange(t *testing.T) {
	p := storyPolicy()
	for i := range 200 {
		p.Users = append(p.Users, rbac.User{Name: fmt.Sprintf("watcher%d@x", i), GlobalRoles: []string{"Security Reader"}})
	}
	p.EndpointRoles = false
	w := newWorld(t, p)
	w.load("incident.json", sample(t, "incident-three-workloads.json"))
	snapshot, err := w.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	counted := &counting{Store: w.store}
	s := New(counted, nil, fixed{snapshot}, byTag, func() time.Time { return w.now })
	var told sync.WaitGroup
	var ready sync.WaitGroup
	for i := range 200 {
		ready.Add(1)
		told.Go(func() {
			reader := fmt.Sprintf("watcher%d@x", i)
			_, err := s.Changed(ctx, reader, "window", 0)
			ready.Done()
			changed := false
			if err == nil {
				changed, err = s.Changed(ctx, reader, "window", time.Minute)
			}
			if err != nil || !changed {
				t.Error(changed, err)
			}
		})
	}
	ready.Wait()
	before := counted.views.Load()
	if _, err := w.service.UpdateAlert(ctx, audit.Actor{Name: "admin@x"}, mailAlert, []byte(`{"assignedTo":"somebody@x"}`), "", full); err != nil {
		t.Fatal(err)
	}
	told.Wait()
	if n := counted.views.Load() - before; n != 1 {
		t.Errorf("%d reads for one change", n)
	}
}

// Each value of a facet finds as many incidents as it counts, and what only a hidden alert was detected by has none.
func TestIncidentsAreCountedByWhatDetectedTheirAlertsInSight(t *testing.T) {
	w := storyWorld(t)
	for _, who := range []string{"admin@x", "cloud@x"} {
		f, err := w.service.IncidentFacets(ctx, who, Query{})
		if err != nil || len(f.DetectionSource) == 0 {
			t.Fatalf("%s: %+v %v", who, f, err)
		}
		for _, v := range f.DetectionSource {
			page, err := w.service.Incidents(ctx, who, Query{Filter: "detectionSources/any(d:d eq '" + v.Value + "')", Count: true})
			if err != nil || page.Total != v.Count || v.Count == 0 {
				t.Errorf("%s: %d incidents by %s, the facet has %d (%v)", who, page.Total, v.Value, v.Count, err)
			}
			if who == "cloud@x" && v.Value != "cloudAppSecurity" && v.Value != "microsoftDefenderForIdentity" {
				t.Errorf("who sees cloud apps is told of %s", v.Value)
			}
		}
	}
}

func TestAlertsAreFoundByDeviceGroupWithinReach(t *testing.T) {
	w := storyWorld(t)
	f, err := w.service.Facets(ctx, "reader@x", Query{})
	if err != nil || len(f.DeviceGroup) == 0 {
		t.Fatalf("%+v %v", f, err)
	}
	group := f.DeviceGroup[0].Value
	in := Query{Filter: "deviceGroups/any(g:g eq '" + group + "')", Count: true}
	page, err := w.service.Alerts(ctx, "reader@x", in)
	if err != nil || page.Total != f.DeviceGroup[0].Count || page.Total == 0 {
		t.Errorf("%d alerts in %s, the facet has %d (%v)", page.Total, group, f.DeviceGroup[0].Count, err)
	}
	out, err := w.service.Alerts(ctx, "reader@x", Query{Filter: "not deviceGroups/any(g:g eq '" + group + "')", Count: true})
	if err != nil || out.Total+page.Total != f.Total {
		t.Errorf("%d in, %d not, of %d (%v)", page.Total, out.Total, f.Total, err)
	}
	if page, err := w.service.Alerts(ctx, "cloud@x", in); err != nil || len(page.Items) != 0 {
		t.Errorf("who does not reach the group finds %q by it (%v)", ids(t, page), err)
	}
}
