package detection

import (
	"fmt"
	"time"
)

// Period is how often a detection runs, and how far back each run looks. Windows overlap: rows come late.
type Period struct {
	Name  string // as Graph names it
	Title string
	Every time.Duration
	Back  time.Duration
}

// Continuous is the period of detections that follow the events of one table.
const Continuous = time.Duration(0)

// Periods are all there are.
var Periods = []Period{
	{"0", "Continuous", Continuous, time.Hour},
	{"1H", "Every hour", time.Hour, 4 * time.Hour},
	{"3H", "Every 3 hours", 3 * time.Hour, 12 * time.Hour},
	{"12H", "Every 12 hours", 12 * time.Hour, 48 * time.Hour},
	{"24H", "Every 24 hours", 24 * time.Hour, 30 * 24 * time.Hour},
}

// What bounds runs.
const (
	everyContinuous = time.Minute         // between two looks of a continuous detection
	reach           = 30 * 24 * time.Hour // how far back the first run of a detection looks, and any
	mostMissed      = 24                  // windows that are made up for after an outage; what is older is left out, and said
	mostFollowed    = 24 * time.Hour      // that a continuous detection makes up for
	mostRows        = 10_000              // of a run
	mostAlerts      = 150                 // of a run; the rest is for the next, as far as it looks back
	mostTries       = 3                   // of a window
	longestWait     = time.Hour           // before another try
	keepRuns        = 90 * 24 * time.Hour
	runTime         = 10 * time.Minute // of a query
	waitTime        = 3 * time.Minute  // of one that somebody waits for
	leaseTime       = 15 * time.Minute // longer, so that nobody else begins while one may yet end
)

// PeriodOf finds a period by the time between two runs.
func PeriodOf(every time.Duration) (Period, bool) {
	for _, p := range Periods {
		if p.Every == every {
			return p, true
		}
	}
	return Period{}, false
}

// PeriodNamed finds a period by its name.
func PeriodNamed(name string) (Period, bool) {
	for _, p := range Periods {
		if p.Name == name {
			return p, true
		}
	}
	return Period{}, false
}

// step is how far the ends of two windows are apart.
func (p Period) step() time.Duration {
	if p.Every == Continuous {
		return everyContinuous
	}
	return p.Every
}

// LookBack says how far back each run looks.
func (p Period) LookBack() string {
	if hours := int(p.Back.Hours()); hours < 72 {
		if hours == 1 {
			return "1 hour"
		}
		return fmt.Sprintf("%d hours", hours)
	}
	return fmt.Sprintf("%d days", int(p.Back.Hours())/24)
}
