package demo

import (
	"embed"
	"encoding/json"
	"regexp"
	"slices"
	"time"
)

//go:embed samples/*.json
var sampleFiles embed.FS

// samples puts the documented samples among the data: incident 1042 of three products and the identity alert of
// incident 1057. They are moved in time by whole days, so that they are not years old; nothing else is changed.
func (g *generator) samples() {
	var incident, alert object
	g.read("samples/incident-three-workloads.json", &incident)
	g.read("samples/alert-identity.json", &alert)
	for _, a := range incident["alerts"].([]any) {
		g.alertList = append(g.alertList, a.(object))
	}
	delete(incident, "alerts")
	delete(incident, "@odata.context")
	g.alertList = append(g.alertList, alert)
	g.incidentList = append(g.incidentList, incident, object{
		"id": alert["incidentId"], "tenantId": tenant, "displayName": "Suspected replication of directory services on one endpoint",
		"createdDateTime": alert["createdDateTime"], "lastUpdateDateTime": alert["lastUpdateDateTime"], "status": "active", "severity": "high",
		"assignedTo": nil, "classification": nil, "determination": nil, "customTags": []string{}, "systemTags": []string{}, "comments": []object{},
	})
}

// sampleKinds tells which rows of the mixture a sample already counts in.
func sampleKinds(kind []workload) bool {
	return slices.Equal(kind, []workload{endpoint, office365, cloudapps}) || slices.Equal(kind, []workload{identity})
}

var sampleEnd = time.Date(2021, 2, 20, 12, 0, 0, 0, time.UTC)

var sampleTime = regexp.MustCompile(`"2021-\d\d-\d\dT[0-9:.]+Z"`)

func (g *generator) read(name string, into *object) {
	text, err := sampleFiles.ReadFile(name)
	if err != nil {
		panic(err) // embedded
	}
	shift := g.now.Sub(sampleEnd).Truncate(24 * time.Hour)
	moved := sampleTime.ReplaceAllFunc(text, func(quoted []byte) []byte {
		t, err := time.Parse(`"`+time.RFC3339Nano+`"`, string(quoted))
		if err != nil {
			return quoted
		}
		return []byte(`"` + stamp(t.Add(shift)) + `"`)
	})
	if err := json.Unmarshal(moved, into); err != nil {
		panic(err)
	}
}
