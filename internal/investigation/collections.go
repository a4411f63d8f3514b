package investigation

import "github.com/bailiwick/bailiwick/internal/store"

// collection is what a list can be filtered and ordered by, in the format's names.
type collection struct {
	name     string // in the format
	things   string // in words
	fields   map[string]store.Field
	enums    map[string]*store.Enum
	lists    map[string]store.Field // for any
	order    []string
	maxTop   int
	topUnset int

	mostManaged int      // are changed in one go: what a person can have chosen
	exported    []string // are the columns of a table of them, in the format's names
}

var (
	alerts = &collection{
		name: "alerts_v2", things: "alerts", mostManaged: 500,
		exported: []string{
			"id", "title", "severity", "status", "category", "serviceSource", "detectionSource", "assignedTo", "classification", "determination",
			"incidentId", "createdDateTime", "lastUpdateDateTime",
		},
		fields: map[string]store.Field{
			"id": store.FieldID, "incidentId": store.FieldIncident, "assignedTo": store.FieldAssignedTo,
			"classification": store.FieldClassification, "determination": store.FieldDetermination,
			"createdDateTime": store.FieldCreated, "lastUpdateDateTime": store.FieldUpdated, "severity": store.FieldSeverity,
			"serviceSource": store.FieldServiceSource, "detectionSource": store.FieldDetectionSource, "status": store.FieldStatus,
			"category": store.FieldCategory, "title": store.FieldTitle,
		},
		enums: store.AlertEnums,
		lists: map[string]store.Field{
			"mitreTechniques": store.FieldTechniques, "systemTags": store.FieldSystemTags, "deviceGroups": store.FieldDeviceGroup, "entities": store.FieldEntity,
		},
		order:  []string{"createdDateTime", "lastUpdateDateTime", "severity", "status", "title", "category", "serviceSource", "assignedTo", "id"},
		maxTop: 1000, topUnset: 50,
	}
	// No displayName: a reader of a part has another one than is stored.
	incidents = &collection{
		name: "incidents", things: "incidents", mostManaged: 100,
		exported: []string{
			"id", "displayName", "severity", "status", "assignedTo", "classification", "determination", "createdDateTime", "lastUpdateDateTime",
		},
		fields: map[string]store.Field{
			"id": store.FieldID, "assignedTo": store.FieldAssignedTo, "classification": store.FieldClassification,
			"determination": store.FieldDetermination, "createdDateTime": store.FieldCreated, "lastUpdateDateTime": store.FieldUpdated,
			"severity": store.FieldSeverity, "status": store.FieldStatus,
		},
		enums: store.IncidentEnums,
		lists: map[string]store.Field{
			"systemTags": store.FieldSystemTags, "customTags": store.FieldCustomTags,
			// Of its alerts in sight:
			"serviceSources": store.FieldServiceSource, "detectionSources": store.FieldDetectionSource, "categories": store.FieldCategory,
			"workloads": store.FieldWorkload, "deviceGroups": store.FieldDeviceGroup, "entities": store.FieldEntity,
		},
		order:  []string{"createdDateTime", "lastUpdateDateTime", "severity", "status", "assignedTo", "id"},
		maxTop: 50, topUnset: 50,
	}
)
