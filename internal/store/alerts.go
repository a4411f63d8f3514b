package store

import "time"

// AlertReader reads alerts, incidents and devices.
type AlertReader interface {
	// AlertClasses gives the classes with a higher id than after, by id.
	AlertClasses(after int64) ([]AlertClass, error)
	// AlertClassSizes gives how many alerts each class has.
	AlertClassSizes() (map[int64]int64, error)

	// Alerts gives one page; CountAlerts how many there are on all pages; AlertFacets the same, by each thing that a queue is filtered by.
	Alerts(q AlertQuery) ([]AlertRow, error)
	CountAlerts(q AlertQuery) (int64, error)
	AlertFacets(q AlertQuery) (AlertFacets, error)
	// Alert finds one. What is out of sight is not found.
	Alert(id string, v Visible) (row AlertRow, found bool, err error)
	// AlertsOfIncident gives those in sight, oldest first, at most so many; 0: all.
	AlertsOfIncident(id string, v Visible, most int) ([]AlertRow, error)

	// AlertClassesChanged gives the classes of which something has changed since, by id, and what to ask with next time. 0 begins.
	AlertClassesChanged(after int64) (classes []int64, last int64, err error)

	// Incidents and the others, likewise. An incident is in sight if one of its alerts is (S9).
	Incidents(q AlertQuery) ([]IncidentRow, error)
	CountIncidents(q AlertQuery) (int64, error)
	// IncidentFacets counts what a query finds by each thing that a queue is filtered by. things are what a class of alerts stands for,
	// numbered from 0: an incident counts once in each that one of its alerts in sight stands for.
	IncidentFacets(q AlertQuery, things map[int64][]int) (IncidentFacets, error)
	Incident(id string, v Visible) (row IncidentRow, found bool, err error)
	// IncidentAlerts counts all alerts of an incident, out of sight or not.
	IncidentAlerts(id string) (int64, error)
	// WorstAlerts gives, of each of these incidents, the alert in sight that is of the highest severity, the oldest of those.
	WorstAlerts(incidents []string, v Visible) (map[string]AlertName, error)
	// IncidentClasses gives the classes of all alerts of an incident, out of sight or not: what a change of it needs.
	IncidentClasses(id string) ([]int64, error)
	// ClassesOfIncidents gives those of several.
	ClassesOfIncidents(incidents []string) (map[string][]int64, error)

	// Joins tells how the alerts of an incident that are in sight came into it, and which entities, told in evidence within reach, they
	// shared with which others in sight.
	Joins(incident string, v Visible, reach EvidenceReach) ([]Join, error)
	// MergedInto gives the incidents that lead to this one.
	MergedInto(incident string) ([]string, error)
	// CorrelationWindow is how far apart alerts may be to be joined; 0: none are.
	CorrelationWindow() (time.Duration, error)

	// Device finds a device by id.
	Device(id string) (device Device, found bool, err error)
	// Devices gives one page of the devices of some device groups, by id; CountDevices how many there are on all pages.
	Devices(q DeviceQuery) ([]Device, error)
	CountDevices(q DeviceQuery) (int, error)
	// DeviceRows gives one page of them with what the evidence in sight tells of each, in the query's order.
	DeviceRows(q DeviceQuery, sight Sight, order TallyOrder, after []any) ([]DeviceRow, error)
	// DeviceIDs gives the ids of all devices of some device groups, and AlertIDs those of all alerts of some classes: what rows that are
	// hunted in are cut by.
	DeviceIDs(groups []string) ([]string, error)
	AlertIDs(classes []int64) ([]string, error)
	// DeviceCounts gives how many devices of a query each device group has; a group without any is not in it.
	DeviceCounts(q DeviceQuery) (map[string]int, error)

	// Entities gives one page of the things of a kind that evidence in sight names; CountEntities how many there are on all pages.
	Entities(q EntityQuery) ([]EntityRow, error)
	CountEntities(q EntityQuery) (int, error)
	// Entity gives one. One that no evidence in sight names is not found.
	Entity(kind EntityKind, key string, sight Sight) (row EntityRow, found bool, err error)
	// EntitySeen tells whether there is one.
	EntitySeen(kind EntityKind, key string, sight Sight) (bool, error)
	// AlertsNaming gives the alerts whose evidence in sight names it, the latest first.
	AlertsNaming(kind EntityKind, key string, sight Sight, most int) ([]AlertRow, error)

	// AlertCursorKey is the store's own secret for cursors.
	AlertCursorKey() ([]byte, error)
}

// AlertWriter changes alerts, incidents and devices.
type AlertWriter interface {
	// TakeRecords begins to load records. group tells which device group a device is in.
	TakeRecords(group func(Device) string) RecordTaker
	// Regroup asks again for the group of every device and moves the alerts of those that changed (S7).
	Regroup(group func(Device) string) (moved int, err error)
	// TagDevice sets the tags given here and moves the device, and with it its alerts, to the group that it is in by them; it
	// gives that.
	TagDevice(id string, own []string, group func(Device) string) (moved string, err error)

	// SaveAlert and SaveIncident write a person's change.
	SaveAlert(AlertEdit) error
	SaveIncident(IncidentEdit) error
	AddAlertComment(id string, c Comment) error
	AddIncidentComment(id string, c Comment) error
	SetCorrelationWindow(time.Duration) error

	// MergeIncident moves all alerts of an incident into another, which it leads to from then on, and gives that a copy of the comments
	// written here. Records that name it mean the other.
	MergeIncident(into, from string, at time.Time) error
	// SplitIncident takes alerts out of an incident into one that is opened for them, and gives its id. Their records no longer say where
	// they belong.
	SplitIncident(from string, alerts []string, at time.Time) (id string, err error)
	// PlaceAlert notes that a person put an alert into the incident that it is in, and how. Its record no longer says where it belongs.
	PlaceAlert(alert string, how JoinKind, at time.Time) error
}

// RecordTaker loads records. A record that is not newer than what is there changes nothing.
type RecordTaker interface {
	// Ahead tells of the alerts that come next, so that what is known of them is read at once. It changes nothing, and may be left out.
	Ahead([]Alert) error
	Alert(Alert) (Taken, error)
	Incident(Incident) (Taken, error)
	// Report takes a report, and finds the alerts that bear the names of its detections.
	Report(Report) (Taken, error)
	// Row takes a row of the streaming export; what it tells of a device is taken as evidence is.
	Row(Row) (Taken, error)
	// Correlate gives each alert that is in no incident the one that its entities tie it to within the window, or else one of its own.
	// What comes of it depends on what was taken, and not on the order. at is now.
	Correlate(window time.Duration, at time.Time) error
	// Done lets classes and incidents follow what was taken. Nothing is right before.
	Done() error
}
