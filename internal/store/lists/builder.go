package lists

import (
	"maps"
	"slices"
	"strings"
	"sync/atomic"
)

// Alert is an alert as lists need it, by its number in the store. A list of texts is given as JSON, "[]" if there are none.
type Alert struct {
	Number           int64
	ID               string // "": there is no alert of that number any more
	Incident         int64  // its number; 0: none
	Class            int64
	Created, Updated int64 // nanoseconds

	Status, Severity, Classification, Determination, AssignedTo, SystemTags string
	ServiceSource, DetectionSource, Category, Title, Techniques             string
	Names                                                                   []Name // by the device and the kind of evidence that names them
}

// Incident likewise.
type Incident struct {
	Number           int64
	ID               string
	Derived          bool  // no record of its own has come
	Alerts           int64 // all of them
	Created, Updated int64

	Status, Classification, Determination, AssignedTo, CustomTags, SystemTags, Title string // Status "": follows from the alerts
	Parts                                                                            []Part
	Formerly                                                                         []int64 // the classes of alerts that have left it, if that matters
}

// Part is what the alerts of one class bring to an incident.
type Part struct {
	Class, Alerts, InProgress, Resolved, SeverityRank int64
	Created, Updated                                  int64
}

// Builder makes each state from the one before it. It is used by one at a time; the states that it made are anybody's.
type Builder struct {
	words [allColumns]words
	ranks [allColumns]atomic.Pointer[[]int64]

	things             things
	thingNumber        map[int64]uint32
	groups, thingNames words

	alerts        []*alertChunk
	incidents     []*incidentChunk
	openAlerts    map[int]*openAlerts
	openIncidents map[int]*openIncidents
}

// openAlerts is a chunk that is being written: a copy, until it is settled.
type openAlerts struct {
	*alertChunk
	ids     *[size]string // nil: they are as they were
	namings [size][]naming
}

type openIncidents struct {
	*incidentChunk
	ids   *[size]string
	parts [size][]part
}

// words numbers the texts of a column. Numbers that were given stay.
type words struct {
	list   []string
	number map[string]uint32
}

func (w *words) of(text string) uint32 {
	n, known := w.number[text]
	if !known {
		text = strings.Clone(text)
		n = uint32(len(w.list))
		w.list, w.number[text] = append(w.list, text), n
	}
	return n
}

// NewBuilder begins with nothing.
func NewBuilder() *Builder {
	b := &Builder{openAlerts: map[int]*openAlerts{}, openIncidents: map[int]*openIncidents{}}
	for i := range b.words {
		b.words[i].number = map[string]uint32{}
	}
	b.thingNumber, b.groups.number, b.thingNames.number = map[int64]uint32{}, map[string]uint32{}, map[string]uint32{}
	b.thingNames.of("")
	for c, list := range map[column][]string{status: derivedStatus, severity: derivedSeverity, systemTags: {"[]"}, customTags: {"[]"}, title: {""}} {
		for _, text := range list {
			b.words[c].of(text)
		}
	}
	return b
}

// mostOpen is how many chunks are written at a time: a whole store is taken in run by run.
const mostOpen = 256

// Alert takes an alert in, in place of what was known of it.
func (b *Builder) Alert(a Alert) {
	at, row := int(a.Number/size), int(a.Number%size)
	o := b.openAlertsAt(at)
	if a.ID == "" {
		o.present.drop(row)
		o.namings[row] = nil
		return
	}
	o.namings[row] = b.namings(a.Names)
	if !o.present.has(row) || o.id(row) != a.ID {
		if o.ids == nil {
			o.ids = o.names.list(&o.present)
		}
		o.ids[row] = strings.Clone(a.ID)
	}
	o.present.put(row)
	o.class[row], o.incident[row], o.created[row], o.updated[row] = uint32(a.Class), uint32(a.Incident), a.Created, a.Updated
	for _, t := range [...]struct {
		column column
		text   string
	}{
		{status, a.Status}, {severity, a.Severity}, {classification, a.Classification}, {determination, a.Determination},
		{assignedTo, a.AssignedTo}, {systemTags, a.SystemTags}, {serviceSource, a.ServiceSource}, {detectionSource, a.DetectionSource},
		{category, a.Category}, {title, a.Title}, {techniques, a.Techniques},
	} {
		o.code[t.column][row] = b.words[t.column].of(t.text)
	}
}

func (o *openAlerts) id(row int) string {
	if o.ids != nil {
		return o.ids[row]
	}
	return o.names.at(row)
}

func (b *Builder) openAlertsAt(at int) *openAlerts {
	o := b.openAlerts[at]
	if o != nil {
		return o
	}
	if len(b.openAlerts) == mostOpen {
		b.settle()
	}
	for len(b.alerts) <= at {
		b.alerts = append(b.alerts, &alertChunk{names: noNames})
	}
	c := *b.alerts[at]
	o = &openAlerts{alertChunk: &c}
	c.present.each(func(row int) { o.namings[row] = c.namings[c.named[row]:c.named[row+1]] })
	b.openAlerts[at], b.alerts[at] = o, &c
	return o
}

// Incident takes an incident in, in place of what was known of it.
func (b *Builder) Incident(i Incident) {
	at, row := int(i.Number/size), int(i.Number%size)
	o := b.openIncidentsAt(at)
	delete(o.formerly, row)
	if i.ID == "" {
		o.present.drop(row)
		o.parts[row] = nil
		return
	}
	known := o.names.at(row)
	if o.ids != nil {
		known = o.ids[row]
	}
	if !o.present.has(row) || known != i.ID {
		if o.ids == nil {
			o.ids = o.names.list(&o.present)
		}
		o.ids[row] = strings.Clone(i.ID)
	}
	o.present.put(row)
	o.alerts[row], o.created[row], o.updated[row] = i.Alerts, i.Created, i.Updated
	o.derived.set(row, i.Derived)
	o.follows.set(row, i.Status == "")
	for _, t := range [...]struct {
		column column
		text   string
	}{
		{status, i.Status}, {classification, i.Classification}, {determination, i.Determination}, {assignedTo, i.AssignedTo},
		{customTags, i.CustomTags}, {systemTags, i.SystemTags}, {title, i.Title},
	} {
		o.own[t.column][row] = b.words[t.column].of(t.text)
	}
	for _, class := range i.Formerly {
		o.formerly[row] = append(o.formerly[row], uint32(class))
	}
	o.parts[row] = make([]part, len(i.Parts))
	for n, p := range i.Parts {
		o.parts[row][n] = part{class: uint32(p.Class), alerts: uint32(p.Alerts), inProgress: uint32(p.InProgress), resolved: uint32(p.Resolved),
			rank: p.SeverityRank, created: p.Created, updated: p.Updated}
	}
}

func (b *Builder) openIncidentsAt(at int) *openIncidents {
	o := b.openIncidents[at]
	if o != nil {
		return o
	}
	for len(b.incidents) <= at {
		b.incidents = append(b.incidents, &incidentChunk{names: noNames})
	}
	c := *b.incidents[at]
	o = &openIncidents{incidentChunk: &c}
	if c.formerly = maps.Clone(c.formerly); c.formerly == nil {
		c.formerly = map[int][]uint32{}
	}
	c.present.each(func(row int) { o.parts[row] = c.parts[c.first[row]:c.first[row+1]] })
	b.openIncidents[at], b.incidents[at] = o, &c
	return o
}

// Finish gives what was taken in so far as a state.
func (b *Builder) Finish(seq int64) *State {
	b.settle()
	s := &State{Seq: seq, alerts: slices.Clone(b.alerts), incidents: slices.Clone(b.incidents), ranks: &b.ranks}
	for c := range b.words {
		s.words[c] = b.words[c].list
	}
	s.things, s.groups, s.thingNames = b.things, b.groups.list, b.thingNames.list
	return s
}

// settle ends the writing of chunks.
func (b *Builder) settle() {
	for _, o := range b.openAlerts {
		if o.ids != nil {
			o.names = newNames(o.ids, &o.present)
		}
		o.spans[0], o.spans[1], o.classes = spanOf(&o.created, &o.present), spanOf(&o.updated, &o.present), 0
		o.present.each(func(row int) { o.classes = max(o.classes, o.class[row]+1) })
		o.name()
	}
	for _, o := range b.openIncidents {
		if o.ids != nil {
			o.names = newNames(o.ids, &o.present)
		}
		n := 0
		for row := range o.parts {
			n += len(o.parts[row])
		}
		all := make([]part, 0, n)
		for row := range o.parts {
			o.first[row] = uint32(len(all))
			all = append(all, o.parts[row]...)
		}
		o.first[size], o.incidentChunk.parts = uint32(len(all)), all
		// What a reader may see as its times: those of some of its alerts, and its own, where a record of it has come or it was changed.
		o.spans = [2]span{nothing, nothing}
		for _, p := range all {
			o.spans[0].take(p.created)
			o.spans[1].take(p.updated)
		}
		o.present.each(func(row int) {
			if !o.derived.has(row) {
				o.spans[0].take(o.created[row])
			}
			o.spans[1].high = max(o.spans[1].high, o.updated[row])
		})
	}
	clear(b.openAlerts)
	clear(b.openIncidents)
}

// name settles what the alerts name.
func (o *openAlerts) name() {
	n := 0
	for row := range o.namings {
		n += len(o.namings[row])
	}
	all := make([]naming, 0, n)
	for row := range o.namings {
		o.named[row] = uint32(len(all))
		all = append(all, o.namings[row]...)
	}
	o.named[size], o.alertChunk.namings = uint32(len(all)), all
}

var noNames = &names{}

// list gives the ids one by one.
func (n *names) list(present *set) *[size]string {
	list := &[size]string{}
	present.each(func(row int) { list[row] = n.at(row) })
	return list
}

func newNames(ids *[size]string, present *set) *names {
	n := &names{}
	var text strings.Builder
	for row := range ids {
		if present.has(row) {
			text.WriteString(ids[row])
		}
		n.ends[row] = uint32(text.Len())
	}
	n.text = text.String()
	n.lower = lowered(n.text)
	return n
}
