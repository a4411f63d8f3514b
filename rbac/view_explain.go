package rbac

import (
	"slices"
	"time"
)

// BeyondView refuses what a view does not reach: the viewer's own access ends there, or they may not view the roles of
// that workload. What the one who is viewed may do there is not told.
const BeyondView Reason = "beyond-view"

// explain answers about the viewer: why the one who is viewed may or may not, as far as the view reaches.
func (v *view) explain(s *Snapshot, r Request) Explanation {
	d := s.Decide(r)
	theirs := r
	theirs.Principal = v.viewed
	e := v.with.Explain(theirs)
	e.Request, e.Allowed = r, d.Allowed
	for i := range e.Proofs {
		p := &e.Proofs[i]
		if d.Verdicts[i].Allowed && p.Allowed {
			continue
		}
		e.Allowed = false
		// A refusal is theirs to have, unless the viewer may not know their access there.
		if p.Allowed || p.Reason == Allowed || workloadMask(p.Workload)&v.within == 0 && p.Reason != NotApplicable {
			p.Allowed, p.Reason, p.Paths, p.Where, p.Inert, p.Remedies = false, BeyondView, nil, nil, nil, nil
		}
	}
	return e
}

// effective is all that the viewer has in the view: what the one who is viewed has, as far as the view reaches.
func (v *view) effective(s *Snapshot, moment time.Time) Effective {
	theirs := v.with.Effective(v.viewed, moment)
	e := Effective{Principal: v.viewer, Reason: theirs.Reason}
	var opens word
	at := instant(moment)
	who := s.subject(v.viewer, at)
	for n, cell := range theirs.Cells {
		mine := s.cell(who, cell.Workload, cell.Capability, at)
		switch {
		case mine.Allowed || mine.Somewhere:
			opens |= bit(cell.Workload, cell.Capability)
		case workloadMask(cell.Workload)&v.within == 0 && mine.Reason != NotApplicable, cell.Allowed, cell.Somewhere:
			mine.Reason = BeyondView
		default:
			mine.Reason = cell.Reason
		}
		theirs.Cells[n] = mine
	}
	e.Cells = theirs.Cells
	for _, h := range theirs.Holdings {
		if h.Workload != NoWorkload && workloadMask(h.Workload)&v.within == 0 {
			continue
		}
		h.Opens = slices.DeleteFunc(slices.Clone(h.Opens), func(o Opened) bool { return bit(o.Workload, o.Capability)&opens == 0 })
		e.Holdings = append(e.Holdings, h)
	}
	return e
}
