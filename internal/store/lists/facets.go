package lists

import (
	"math/bits"

	"github.com/bailiwick/bailiwick/internal/store"
)

// AlertFacets counts what a question finds by each thing that a queue is filtered by.
func (s *State) AlertFacets(q store.AlertQuery) (store.AlertFacets, error) {
	seen, err := s.sight(q)
	if err != nil {
		return store.AlertFacets{}, err
	}
	counted := []column{status, severity, serviceSource, detectionSource, category, assignedTo, classification, systemTags}
	var counts [allColumns][]int64
	for _, c := range counted {
		counts[c] = make([]int64, len(s.words[c]))
	}
	var classes []int64
	out := store.AlertFacets{Classes: map[int64]int64{}}
	var f frame
	for n := range s.alerts {
		seen.alerts(n, &f)
		out.Total += f.rows.count()
		for _, c := range counted {
			count(&f.rows, f.code[c], counts[c])
		}
		for int(s.alerts[n].classes) > len(classes) {
			classes = append(classes, make([]int64, len(classes)+64)...)
		}
		count(&f.rows, f.class, classes)
	}
	for class, n := range classes {
		if n > 0 {
			out.Classes[int64(class)] = n
		}
	}
	out.Status, out.Severity = s.tally(status, counts[status]), s.tally(severity, counts[severity])
	out.ServiceSource, out.DetectionSource = s.tally(serviceSource, counts[serviceSource]), s.tally(detectionSource, counts[detectionSource])
	out.Category, out.AssignedTo = s.tally(category, counts[category]), s.tally(assignedTo, counts[assignedTo])
	out.Classification, out.Tags = s.tally(classification, counts[classification]), s.tallyElements(systemTags, counts[systemTags])
	return out, nil
}

// IncidentFacets counts what a question finds as its reader sees it. things are what classes of alerts stand for, by number: an
// incident counts once in each that one of its alerts in sight stands for.
func (s *State) IncidentFacets(q store.AlertQuery, things map[int64][]int) (store.IncidentFacets, error) {
	if len(s.words[category])+len(s.words[detectionSource]) > mostKinds {
		return store.IncidentFacets{}, ErrNotHeld
	}
	v, err := s.view(q)
	if err != nil {
		return store.IncidentFacets{}, err
	}
	var counts [allColumns][]int64
	counted := []column{status, severity, classification, assignedTo, customTags}
	for _, c := range counted {
		counts[c] = make([]int64, len(s.words[c]))
	}
	stands := newStanding(things)
	found := make([]set, len(s.incidents))
	var out store.IncidentFacets
	var f frame
	for n, chunk := range s.incidents {
		v.incidents(n, &f)
		found[n] = f.rows
		out.Total += f.rows.count()
		for _, c := range counted {
			count(&f.rows, f.code[c], counts[c])
		}
		f.rows.each(func(row int) {
			stands.next()
			for _, p := range chunk.parts[chunk.first[row]:chunk.first[row+1]] {
				if v.in(p.class) {
					stands.take(p.class)
				}
			}
		})
	}
	out.Status, out.Severity, out.Classification = s.tally(status, counts[status]), s.tally(severity, counts[severity]), s.tally(classification, counts[classification])
	out.AssignedTo, out.Tags = s.tally(assignedTo, counts[assignedTo]), s.tallyElements(customTags, counts[customTags])
	out.Things = stands.counts
	out.Categories, out.DetectionSources = s.kinds(found, v)
	return out, nil
}

// mostKinds is how many categories and detection sources are counted here. There are some sixty.
const mostKinds = 1024

// kinds counts incidents by the categories and detection sources of their alerts in sight.
func (s *State) kinds(found []set, v *view) (categories, sources map[string]int64) {
	split := len(s.words[category]) // the numbers of sources follow those of categories
	counts := make([]int64, split+len(s.words[detectionSource]))
	met := make([]uint64, len(found)*size) // by incident: in which of 64 it was counted
	for from := 0; from < len(counts); from += 64 {
		clear(met)
		take := func(n uint32, number int) {
			at := number - from
			if at < 0 || at >= 64 {
				return
			}
			if bit := uint64(1) << at; met[n]&bit == 0 {
				met[n] |= bit
				counts[number]++
			}
		}
		for _, c := range s.alerts {
			c.present.each(func(row int) {
				n := c.incident[row]
				if n == 0 || !v.in(c.class[row]) || int(n/size) >= len(found) || !found[n/size].has(int(n%size)) {
					return
				}
				take(n, int(c.code[category][row]))
				take(n, split+int(c.code[detectionSource][row]))
			})
		}
	}
	return s.tally(category, counts[:split]), s.tally(detectionSource, counts[split:])
}

// standing counts the things that the classes of incidents stand for, each once an incident.
type standing struct {
	of     [][]int // by class
	counts []int64
	last   []int64 // by thing: the incident that was counted last
	now    int64
}

func newStanding(things map[int64][]int) *standing {
	t := &standing{}
	for class, list := range things {
		if class < 0 || class > mostClasses {
			continue
		}
		for int64(len(t.of)) <= class {
			t.of = append(t.of, nil)
		}
		t.of[class] = list
		for _, thing := range list {
			for len(t.counts) <= thing {
				t.counts, t.last = append(t.counts, 0), append(t.last, 0)
			}
		}
	}
	return t
}

func (t *standing) next() { t.now++ }

func (t *standing) take(class uint32) {
	if int(class) >= len(t.of) {
		return
	}
	for _, thing := range t.of[class] {
		if t.last[thing] != t.now {
			t.last[thing] = t.now
			t.counts[thing]++
		}
	}
}

// count adds rows to the counts of their numbers.
func count(rows *set, numbers *[size]uint32, counts []int64) {
	for w, word := range rows {
		block := (*[64]uint32)(numbers[w<<6:])
		if word == ^uint64(0) {
			for _, n := range block {
				counts[n]++
			}
			continue
		}
		for ; word != 0; word &= word - 1 {
			counts[block[bits.TrailingZeros64(word)]]++
		}
	}
}

func (s *State) tally(c column, counts []int64) map[string]int64 {
	out := map[string]int64{}
	for code, n := range counts {
		if n > 0 {
			out[s.words[c][code]] = n
		}
	}
	return out
}

// tallyElements counts by the elements of lists, each once a list.
func (s *State) tallyElements(c column, counts []int64) map[string]int64 {
	out := map[string]int64{}
	for list, n := range s.tally(c, counts) {
		for _, e := range elements(list) {
			out[e] += n
		}
	}
	return out
}
