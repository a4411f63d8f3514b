package notify

import (
	"slices"

	"github.com/bailiwick/bailiwick/internal/store"
)

// Detection is a custom detection as a reader may know of it. Out of their sight it is not found.
type Detection struct {
	store.Detection
	Found bool
}

// TellPaused puts into the outbox that a custom detection has paused: whom a rule would tell of its alerts is told that none will come.
// It is part of the change that pauses it.
func (s *Service) TellPaused(tx store.Writer, d store.Detection) error {
	rules, err := tx.NotificationRules()
	if err != nil {
		return err
	}
	told := map[store.Recipient]bool{}
	for _, r := range rules {
		if !aboutDetection(r, d) {
			continue
		}
		for _, to := range r.Recipients {
			if told[to] {
				continue
			}
			told[to] = true
			n := notification(r, "", to, s.now())
			n.Detection = d.ID
			if _, err := tx.AddNotification(n); err != nil {
				return err
			}
		}
	}
	return nil
}

// aboutDetection tells whether a rule is about alerts that a detection raises, wherever in its scope.
func aboutDetection(r store.NotificationRule, d store.Detection) bool {
	return r.On && slices.Contains(r.Severities, d.Alert.Severity) &&
		(r.Everywhere || len(r.DeviceGroups) > 0 && d.AllDevices || slices.ContainsFunc(d.Groups, func(g string) bool { return slices.Contains(r.DeviceGroups, g) }))
}

// paused fills the message from a detection as its recipient may know of it, or says why there is nothing to tell.
func (m *Message) paused(d Detection, r store.NotificationRule, portal string) (withheld string) {
	switch {
	case !d.Found:
		return "they may not know of the custom detection"
	case d.Paused == "":
		return "the custom detection runs again"
	case !aboutDetection(r, d.Detection):
		return "the rule is off, or not about what the custom detection finds"
	}
	m.DetectionID, m.severity = d.ID, d.Alert.Severity
	m.Title = cut(disarm(clean(d.Name, mostTitle)), mostTitle)
	m.fact("Why", d.Paused)
	m.fact("Owner", d.Owner)
	m.fact("Detection", d.ID)
	m.linkTo(portal, "detections", d.ID)
	return ""
}
