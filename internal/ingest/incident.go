package ingest

import (
	"fmt"

	"github.com/bailiwick/bailiwick/internal/store"
)

// incident reads a Graph incident, and the alerts in it if it was exported with them.
func incident(o store.Object) ([]store.Record, error) {
	f := &fields{o: o}
	i := &store.Incident{ID: f.id("id")}
	if i.ID == "" && f.err == nil {
		f.fail("id", "the incident's id", "is missing")
	}
	f.id("redirectIncidentId")
	f.o.Respell(store.IncidentEnums)
	i.Status, i.Severity, i.AssignedTo = f.word("status"), f.word("severity"), f.word("assignedTo")
	i.Classification, i.Determination = f.word("classification"), f.word("determination")
	i.CustomTags, i.SystemTags = f.words("customTags"), f.words("systemTags")
	i.Created, i.Updated = f.time("createdDateTime"), f.time("lastUpdateDateTime")
	f.word("displayName")
	for _, name := range []string{"description", "summary", "resolvingComment", "lastModifiedBy"} {
		f.text(name)
	}
	if i.Created.IsZero() && f.err == nil {
		f.fail("createdDateTime", "a time like 2021-02-19T09:05:42.01Z", "is missing")
	}
	if i.Updated.IsZero() {
		i.Updated = i.Created
		f.o.Set("lastUpdateDateTime", f.o.Get("createdDateTime"))
	}
	f.comments()
	if f.err != nil {
		return nil, f.err
	}
	dropAnnotations(&f.o)
	given := f.o.Drop("alerts")
	list, err := store.ParseArray(given)
	if err != nil {
		return nil, wrong("alerts", "a list of alerts", "is %s", kindOf(given))
	}
	i.Body = f.o.JSON()
	if len(i.Body) > maxIncident {
		return nil, wrong("", fmt.Sprintf("at most %d bytes", maxIncident), "is an incident of %d bytes", len(i.Body))
	}
	records := []store.Record{{Incident: i}}
	for n, text := range list {
		path := fmt.Sprintf("alerts[%d]", n)
		if len(text) > maxAlert {
			return nil, wrong(path, fmt.Sprintf("at most %d bytes", maxAlert), "is an alert of %d bytes", len(text))
		}
		ao, err := store.ParseObject(text)
		if err != nil {
			return nil, wrong(path, "an alert", "is %s", kindOf(text))
		}
		if isLegacyAlert(ao) {
			ao = modernAlert(ao)
		}
		dropAnnotations(&ao)
		a, err := alert(ao, path)
		if err != nil {
			return nil, err
		}
		if a.IncidentID == "" {
			a.IncidentID = i.ID
			body, err := store.ParseObject(a.Body)
			if err != nil {
				return nil, err
			}
			body.Set("incidentId", store.Quote(i.ID))
			a.Body = body.JSON()
		}
		records = append(records, store.Record{Alert: a})
	}
	return records, nil
}
