package ingest

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/bailiwick/bailiwick/internal/store"
)

// alert reads a Graph alert. What the centre uses becomes columns; the object itself is kept with enum members in
// the metadata's spelling and comments under their proper names, everything else untouched.
func alert(o store.Object, path string) (*store.Alert, error) {
	f := &fields{o: o, path: path}
	a := &store.Alert{ID: f.id("id"), IncidentID: f.id("incidentId")}
	if a.ID == "" && f.err == nil {
		f.fail("id", "the alert's id", "is missing")
	}
	neverNull(&f.o, "status", "severity", "serviceSource")
	f.o.Respell(store.AlertEnums)
	a.Status, a.Severity = f.word("status"), f.word("severity")
	a.Classification, a.Determination = f.word("classification"), f.word("determination")
	a.ServiceSource, a.DetectionSource = f.word("serviceSource"), f.word("detectionSource")
	a.Category, a.AssignedTo, a.Title = f.word("category"), f.word("assignedTo"), f.word("title")
	a.Techniques, a.SystemTags = f.words("mitreTechniques"), f.words("systemTags")
	a.Created, a.Updated = f.time("createdDateTime"), f.time("lastUpdateDateTime")
	for _, name := range []string{"resolvedDateTime", "firstActivityDateTime", "lastActivityDateTime"} {
		f.time(name)
	}
	if a.Created.IsZero() && f.err == nil {
		f.fail("createdDateTime", "a time like 2021-02-19T09:17:02.4417723Z", "is missing")
	}
	if a.Updated.IsZero() {
		a.Updated = a.Created
		f.o.Set("lastUpdateDateTime", f.o.Get("createdDateTime"))
	}
	f.comments()
	if f.err != nil {
		return nil, f.err
	}
	given := f.o.Drop("evidence")
	if err := evidence(a, given, path); err != nil {
		return nil, err
	}
	a.Body = f.o.JSON()
	return a, nil
}

// neverNull writes unknown where the format allows no null.
func neverNull(o *store.Object, names ...string) {
	for _, name := range names {
		if isNull(o.Get(name)) {
			o.Set(name, json.RawMessage(`"unknown"`))
		}
	}
}

// comments renames createdBy and createdTime, which documentation samples show and the format does not have.
func (f *fields) comments() {
	given := f.o.Get("comments")
	if isNull(given) {
		return
	}
	list, err := store.ParseArray(given)
	if err != nil {
		f.fail("comments", "a list of comments", "is %s", kindOf(given))
		return
	}
	renamed := false
	for i, c := range list {
		o, err := store.ParseObject(c)
		if err != nil {
			f.fail(fmt.Sprintf("comments[%d]", i), "an object", "is %s", kindOf(c))
			return
		}
		if rename(&o, commentNames) {
			list[i], renamed = o.JSON(), true
		}
		inner := &fields{o: o, path: join(f.path, fmt.Sprintf("comments[%d]", i))}
		inner.text("comment")
		inner.text("createdByDisplayName")
		inner.time("createdDateTime")
		if inner.err != nil && f.err == nil {
			f.err = inner.err
			return
		}
	}
	if renamed {
		f.o.Set("comments", store.AppendArray(nil, list))
	}
}

var commentNames = map[string]string{"createdBy": "createdByDisplayName", "createdTime": "createdDateTime"}

// rename gives members their other name, unless the object has that too, and tells whether there were any.
func rename(o *store.Object, to map[string]string) (renamed bool) {
	for i, m := range *o {
		if name, ok := to[m.Name]; ok && o.Get(name) == nil {
			(*o)[i].Name, renamed = name, true
		}
	}
	return renamed
}

// evidence reads the evidence: devices, and which workloads it proves. Unknown types are kept as they are.
func evidence(a *store.Alert, given json.RawMessage, path string) error {
	list, err := store.ParseArray(given)
	if err != nil {
		return wrong(join(path, "evidence"), "a list of evidence", "is %s", kindOf(given))
	}
	all := make([]store.Evidence, len(list))
	seen := map[string]int{}
	respelled := false
	at := func(i int) string { return join(path, fmt.Sprintf("evidence[%d]", i)) }
	for i, text := range list {
		e, err := store.ReadEvidence(text)
		if err != nil {
			return wrong(at(i), "an object", "is %s", kindOf(text))
		}
		if e.Object.Respell(store.EvidenceEnums) {
			list[i], respelled = e.Object.JSON(), true
		}
		for _, id := range e.Devices {
			if len(id) > maxID {
				return wrong(at(i), fmt.Sprintf("at most %d bytes", maxID), "names a device by an id of %d bytes", len(id))
			}
			if _, ok := seen[id]; !ok {
				seen[id] = len(a.Devices)
				a.Devices = append(a.Devices, store.Device{ID: id})
			}
		}
		for _, host := range e.Hosts {
			d, err := device(host, at(i))
			if err != nil {
				return err
			}
			d.Seen = a.Updated
			if known := &a.Devices[seen[d.ID]]; !known.Known {
				*known = d
			}
		}
		a.Nameless = a.Nameless || e.Nameless
		all[i] = e
	}
	a.Workloads = workloads(a, all)
	a.Entities = store.EntitiesOf(all)
	if a.Evidence = given; respelled || len(list) == 0 {
		a.Evidence = store.AppendArray(nil, list)
	}
	return nil
}

// device reads what a device group's rule looks at.
func device(o store.Object, path string) (store.Device, error) {
	f := &fields{o: o, path: path}
	d := store.Device{ID: store.DeviceID(o), Known: true, OS: f.text("osPlatform"), Tags: f.texts("tags")}
	if d.Tags == nil && !isNull(o.Get("tags")) {
		d.Tags = []string{} // it has none, which is not the same as nothing said
	}
	// The full name: a rule may name either, and the full one has the short one in it.
	if d.Name = f.text("deviceDnsName"); d.Name == "" {
		d.Name = f.text("hostName")
	}
	_, rest, _ := strings.Cut(d.Name, ".")
	if d.Domain = f.text("dnsDomain"); d.Domain == "" {
		d.Domain = rest
	}
	if d.Domain == "" {
		d.Domain = f.text("ntDomain")
	}
	return d, f.err
}
