package lists

import (
	"github.com/bailiwick/bailiwick/internal/store"
)

// What follows from the alerts of an incident is one of these, and has always the same number.
var (
	derivedStatus   = []string{"active", "inProgress", "resolved"}
	derivedSeverity = []string{"unknown", "informational", "low", "medium", "high", store.Sentinel}
)

const (
	active uint32 = iota
	inProgress
	resolved
)

// view is a reader's own incidents, chunk by chunk: what they see of each is summed up from the classes that they see, and filters and
// orders work on that alone (S9).
type view struct {
	state            *State
	sees             []uint8 // nil: all
	where            condition
	severityOf       map[int64]uint32
	created, updated [size]int64
	made             [incidentColumns][size]uint32
}

func (s *State) view(q store.AlertQuery) (*view, error) {
	where, err := s.condition(&ofIncidents, q.Where)
	if err != nil {
		return nil, err
	}
	v := &view{state: s, sees: visible(q.Visible), where: where, severityOf: map[int64]uint32{}}
	for code, name := range derivedSeverity {
		v.severityOf[store.SeverityRank(name)] = uint32(code)
	}
	return v, nil
}

// Incidents gives one page.
func (s *State) Incidents(q store.AlertQuery) (Page, error) {
	t, err := s.newTop(&ofIncidents, q)
	if err != nil {
		return Page{}, err
	}
	v, err := s.view(q)
	if err != nil {
		return Page{}, err
	}
	return t.walk(q.Skip, len(s.incidents), func(c int) *[2]span { return &s.incidents[c].spans }, v.incidents), nil
}

// CountIncidents counts all pages.
func (s *State) CountIncidents(q store.AlertQuery) (int64, error) {
	v, err := s.view(q)
	if err != nil {
		return 0, err
	}
	var n int64
	var f frame
	for c := range s.incidents {
		v.incidents(c, &f)
		n += f.rows.count()
	}
	return n, nil
}

// incidents readies a chunk: its rows are the incidents that are in sight, as they are seen, and wanted.
func (v *view) incidents(number int, f *frame) {
	c := v.state.incidents[number]
	f.names, f.times, f.base = c.names, [2]*[size]int64{&v.created, &v.updated}, int64(number)*size
	f.code = [allColumns]*[size]uint32{
		status: &v.made[status], severity: &v.made[severity], systemTags: &v.made[systemTags], customTags: &v.made[customTags], title: &v.made[title],
		classification: &c.own[classification], determination: &c.own[determination], assignedTo: &c.own[assignedTo],
	}
	if f.rows = (set{}); impossible(v.where, &c.spans) {
		return
	}
	c.present.each(func(row int) {
		sum, some := v.sum(c.parts[c.first[row]:c.first[row+1]])
		if some {
			f.rows.put(row)
			v.see(c, row, &sum)
		}
	})
	if every, ok := v.where.(always); ok && bool(every) || f.rows.empty() {
		return
	}
	var one set
	v.where.rows(f, &one)
	f.rows.and(&one)
}

// seesAll tells whether all of these classes are in sight.
func (v *view) seesAll(classes []uint32) bool {
	for _, class := range classes {
		if !v.in(class) {
			return false
		}
	}
	return true
}

// in tells whether a class is in sight.
func (v *view) in(class uint32) bool {
	return v.sees == nil || int(class) < len(v.sees) && v.sees[class] == 1
}

// sum adds up what is in sight.
func (v *view) sum(parts []part) (sum part, some bool) {
	for i := range parts {
		p := &parts[i]
		if !v.in(p.class) {
			continue
		}
		if !some {
			sum, some = *p, true
			continue
		}
		sum.alerts, sum.inProgress, sum.resolved = sum.alerts+p.alerts, sum.inProgress+p.inProgress, sum.resolved+p.resolved
		sum.rank, sum.created, sum.updated = max(sum.rank, p.rank), min(sum.created, p.created), max(sum.updated, p.updated)
	}
	return sum, some
}

// see writes what an incident is for its reader.
func (v *view) see(c *incidentChunk, row int, sum *part) {
	whole := int64(sum.alerts) == c.alerts[row] && v.seesAll(c.formerly[row])
	v.created[row], v.updated[row] = sum.created, sum.updated
	v.made[systemTags][row], v.made[customTags][row], v.made[title][row] = 0, 0, 0 // none
	if whole {
		if !c.derived.has(row) {
			v.created[row] = c.created[row]
		}
		v.updated[row] = max(c.updated[row], sum.updated)
		v.made[systemTags][row], v.made[customTags][row], v.made[title][row] = c.own[systemTags][row], c.own[customTags][row], c.own[title][row]
	}
	switch own := c.own[status][row]; {
	case !c.follows.has(row):
		v.made[status][row] = own
	case sum.resolved == sum.alerts:
		v.made[status][row] = resolved
	case sum.inProgress+sum.resolved > 0:
		v.made[status][row] = inProgress
	default:
		v.made[status][row] = active
	}
	v.made[severity][row] = v.severityOf[sum.rank] // what nobody knows is unknown, the first
}
