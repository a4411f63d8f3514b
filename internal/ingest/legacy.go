package ingest

import (
	"encoding/json"
	"strings"

	"github.com/bailiwick/bailiwick/internal/store"
)

// The older REST format tells the same story in other words. Each object is renamed into its Graph shape and then
// read like one; members without a counterpart keep their name.

var (
	legacyIncident = map[string]string{
		"incidentId": "id", "incidentName": "displayName", "createdTime": "createdDateTime", "lastUpdateTime": "lastUpdateDateTime",
		"tags": "customTags", "incidentUri": "incidentWebUrl",
	}
	legacyAlert = map[string]string{
		"alertId": "id", "creationTime": "createdDateTime", "lastUpdatedTime": "lastUpdateDateTime", "resolvedTime": "resolvedDateTime",
		"firstActivity": "firstActivityDateTime", "lastActivity": "lastActivityDateTime", "actorName": "actorDisplayName",
	}
	legacyDevice = map[string]string{
		"mdatpDeviceId": "mdeDeviceId", "aadDeviceId": "azureAdDeviceId", "firstSeen": "firstSeenDateTime",
	}
	legacyAccount = map[string]string{"aadUserId": "azureAdUserId"}
)

// legacyEntities say which evidence an entity is, and how its members are called there.
var legacyEntities = map[string]struct {
	evidence string
	members  map[string]string
	inner    string // the member that the listed ones go into
	into     []string
}{
	"user":             {"userEvidence", legacyAccount, "userAccount", []string{"accountName", "domainName", "userSid", "azureAdUserId", "userPrincipalName"}},
	"ip":               {"ipEvidence", nil, "", nil},
	"url":              {"urlEvidence", nil, "", nil},
	"file":             {"fileEvidence", map[string]string{"deviceId": "mdeDeviceId"}, "fileDetails", []string{"fileName", "filePath", "sha1", "sha256"}},
	"process":          {"processEvidence", map[string]string{"deviceId": "mdeDeviceId", "processCreationTime": "processCreationDateTime", "parentProcessCreationTime": "parentProcessCreationDateTime"}, "imageFile", []string{"fileName", "filePath", "sha1", "sha256"}},
	"mailbox":          {"mailboxEvidence", map[string]string{"mailboxAddress": "primaryAddress", "mailboxDisplayName": "displayName"}, "", nil},
	"mailmessage":      {"analyzedMessageEvidence", map[string]string{"recipient": "recipientEmailAddress"}, "p2Sender", []string{"emailAddress"}},
	"mailcluster":      {"mailClusterEvidence", nil, "", nil},
	"registry":         {"registryValueEvidence", map[string]string{"deviceId": "mdeDeviceId", "registryValueType": "registryValueType"}, "", nil},
	"cloudapplication": {"cloudApplicationEvidence", nil, "", nil},
}

func isLegacyIncident(o store.Object) bool {
	return o.Get("incidentId") != nil && o.Get("id") == nil && (o.Get("incidentName") != nil || o.Get("createdTime") != nil || o.Get("alerts") != nil)
}

func isLegacyAlert(o store.Object) bool { return o.Get("alertId") != nil && o.Get("id") == nil }

func modernIncident(o store.Object) store.Object {
	rename(&o, legacyIncident)
	return o
}

// modernAlert renames an alert; its devices and entities become evidence.
func modernAlert(o store.Object) store.Object {
	rename(&o, legacyAlert)
	devices, err := store.ParseArray(o.Get("devices"))
	if err != nil {
		return o // stays as it is: a member nobody understands
	}
	entities, err := store.ParseArray(o.Get("entities"))
	if err != nil {
		return o
	}
	var evidence []json.RawMessage
	for _, text := range devices {
		d, err := store.ParseObject(text)
		if err != nil {
			return o
		}
		rename(&d, legacyDevice)
		evidence = append(evidence, typed(d, "deviceEvidence"))
	}
	for _, text := range entities {
		e, err := store.ParseObject(text)
		if err != nil {
			return o
		}
		evidence = append(evidence, modernEntity(e))
	}
	o.Drop("devices")
	o.Drop("entities")
	if o.Get("evidence") == nil {
		o.Set("evidence", store.AppendArray(nil, evidence))
	}
	return o
}

func modernEntity(o store.Object) json.RawMessage {
	kind := o.Text("entityType")
	shape, ok := legacyEntities[strings.ToLower(kind)]
	if !ok {
		if kind == "" {
			kind = "unknown"
		}
		return typed(o, strings.ToLower(kind[:1])+kind[1:]+"Evidence")
	}
	o.Drop("entityType")
	rename(&o, shape.members)
	if shape.inner == "p2Sender" {
		rename(&o, map[string]string{"sender": "emailAddress"})
	}
	if shape.evidence == "registryValueEvidence" && isNull(o.Get("registryValueName")) && isNull(o.Get("registryValue")) {
		shape.evidence = "registryKeyEvidence"
	}
	var inner store.Object
	for _, name := range shape.into {
		if v := o.Get(name); v != nil {
			inner.Set(name, v)
			o.Drop(name)
		}
	}
	if inner != nil && o.Get(shape.inner) == nil {
		o.Set(shape.inner, inner.JSON())
	}
	return typed(o, shape.evidence)
}

func typed(o store.Object, evidence string) json.RawMessage {
	return append(store.Object{{Name: "@odata.type", Value: store.Quote("#microsoft.graph.security." + evidence)}}, o...).JSON()
}
