package ingest

import (
	"bytes"
	"strings"

	"github.com/bailiwick/bailiwick/internal/store"
)

// understand turns one record of a file into what the store takes. The kind is found out record by record, so a
// file may mix them. A Wazuh alert that wraps nothing of ours is passed over: archives are full of those.
func understand(o store.Object) ([]store.Record, error) {
	if inner, ok, err := unwrap(o); err != nil || !ok {
		return nil, err
	} else if inner != nil {
		o = inner
	}
	switch {
	case isStream(o):
		return stream(o)
	case isReport(o):
		return reportRecord(o)
	case o.Get("actionType") != nil:
		return action(o)
	case isMachineAction(o):
		return machineAction(o)
	case isLegacyIncident(o):
		return incident(modernIncident(o))
	case isLegacyAlert(o):
		return alertRecord(modernAlert(o))
	case o.Text("@odata.type") != "" && !isType(o, "alert") && !isType(o, "incident"):
		return nil, wrong("@odata.type", "an alert or an incident", "is %s, which is not loaded this way", o.Text("@odata.type"))
	case isType(o, "alert") || o.Get("serviceSource") != nil || o.Get("evidence") != nil || o.Get("detectorId") != nil:
		return alertRecord(o)
	case isType(o, "incident") || has(o, "customTags", "incidentWebUrl", "redirectIncidentId", "alerts", "resolvingComment") ||
		(o.Get("id") != nil && o.Get("status") != nil && has(o, "displayName", "classification")):
		return incident(o)
	case o.Get("queryCondition") != nil:
		return nil, wrong("", "an alert or an incident", "is a custom detection rule, which is not loaded this way")
	}
	return nil, wrong("", "an alert (with serviceSource or evidence), an incident (with customTags, alerts or displayName), an action (with actionType), a report (with title and detections, mitigations or content) or a row of the streaming export (with category)", "is of no known kind")
}

func alertRecord(o store.Object) ([]store.Record, error) {
	dropAnnotations(&o)
	a, err := alert(o, "")
	if err != nil {
		return nil, err
	}
	return []store.Record{{Alert: a}}, nil
}

// dropAnnotations takes away what only a server says of an object that it serves, such as its mark and what its reader may
// do: who writes a file must not speak with our voice.
func dropAnnotations(o *store.Object) {
	for i := len(*o) - 1; i >= 0; i-- {
		if name := (*o)[i].Name; strings.HasPrefix(name, "@") && name != "@odata.type" {
			o.Drop(name)
		}
	}
}

func has(o store.Object, names ...string) bool {
	for _, name := range names {
		if o.Get(name) != nil {
			return true
		}
	}
	return false
}

func isType(o store.Object, name string) bool {
	return strings.EqualFold(o.Text("@odata.type"), "#microsoft.graph.security."+name)
}

// unwrap takes a Graph object out of a Wazuh alert: under data."ms-graph" in an archive, or at the top level in the
// raw line. Not ok means a Wazuh alert of something else.
func unwrap(o store.Object) (inner store.Object, ok bool, err error) {
	text, path := o.Get("ms-graph"), "ms-graph"
	if text == nil && has(o, "rule", "agent") {
		data := o.Get("data")
		if len(data) == 0 || data[0] != '{' || !bytes.Contains(data, []byte("ms-graph")) {
			return nil, o.Get("serviceSource") != nil, nil
		}
		d, err := store.ParseObject(data)
		if err != nil {
			return nil, false, err
		}
		if text = d.Get("ms-graph"); text == nil {
			return nil, false, nil
		}
		path = "data.ms-graph"
	}
	if text == nil {
		return nil, true, nil
	}
	inner, err = store.ParseObject(text)
	if err != nil {
		return nil, false, wrong(path, "an object", "is %s", kindOf(text))
	}
	inner.Drop("resource")
	inner.Drop("relationship")
	return inner, true, nil
}
