package hunt_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/hunting/duck"
	"github.com/bailiwick/bailiwick/internal/hunting/events"
	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
)

// records is a file of records of the streaming export, of 2.3 kB each with 48 columns filled, made as it is read.
type records struct {
	line    []byte
	at      []int // where the time stands in it
	numbers []int // and the number
	device  int

	when time.Time
	n, i int // how many there are, and the number of the next
	rest []byte
}

// Of a fixed length, so that they can be written into the line in their places.
const (
	timeShape   = "2006-01-02T15:04:05.0000000Z"
	numberShape = "0000000000"
	deviceShape = "0000000000000000000000000000000000000000"
)

func newRecords(t testing.TB) *records {
	text, err := os.ReadFile("../duck/testdata/process.json")
	if err != nil {
		t.Fatal(err)
	}
	r := &records{}
	r.line = append(bytes.TrimSpace([]byte(strings.NewReplacer("@AT@", timeShape, "@N@", numberShape, "@D@", deviceShape).Replace(string(text)))), '\n')
	places := func(of string) (list []int) {
		for at := 0; ; {
			i := bytes.Index(r.line[at:], []byte(of))
			if i < 0 {
				return list
			}
			list, at = append(list, at+i), at+i+len(of)
		}
	}
	r.device = bytes.Index(r.line, []byte(deviceShape))
	r.at = places(timeShape)
	r.numbers = slices.DeleteFunc(places(numberShape), func(i int) bool { return i >= r.device && i < r.device+len(deviceShape) })
	return r
}

// file begins a file of n more records, each so long after the one before.
func (r *records) file(n int) io.Reader {
	r.n = r.i + n
	return r
}

func (r *records) Read(p []byte) (int, error) {
	done := 0
	for done < len(p) {
		if len(r.rest) == 0 {
			if r.i == r.n {
				break
			}
			r.next()
		}
		k := copy(p[done:], r.rest)
		r.rest, done = r.rest[k:], done+k
	}
	if done == 0 {
		return 0, io.EOF
	}
	return done, nil
}

func (r *records) next() {
	const fleet = 5000
	at := r.when.Add(time.Duration(r.i)*20*time.Microsecond).AppendFormat(make([]byte, 0, 32), timeShape)
	for _, i := range r.at {
		copy(r.line[i:], at)
	}
	digits := func(to []byte, n int) {
		for i := len(to) - 1; i >= 0; i-- {
			to[i], n = byte('0'+n%10), n/10
		}
	}
	for _, i := range r.numbers {
		digits(r.line[i:i+len(numberShape)], r.i)
	}
	digits(r.line[r.device:r.device+len(deviceShape)], r.i%fleet)
	r.i++
	r.rest = r.line
}

func number(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// BenchmarkLoadsWhileHunting loads files one after the other for BAILIWICK_HUNT_SECONDS, while BAILIWICK_HUNTERS people each ask again and
// again for what happened within the last day, a second after the answer before, each hunt in a process of its own. What loads leave behind is
// merged as the server does it.
func BenchmarkLoadsWhileHunting(b *testing.B) {
	seconds, hunters, rows := number("BAILIWICK_HUNT_SECONDS", 3), number("BAILIWICK_HUNTERS", 4), number("BAILIWICK_HUNT_FILE", 100_000)
	w := newWorld(b)
	w.workers()
	w.events = events.Open(b.TempDir(), duck.Engine{MemoryMB: 1024, Threads: 2}, w.clock) // as the program does
	w.hunter.Events = w.events
	r := newRecords(b)
	r.when = now.Add(-time.Hour)
	w.read(r.file(rows)) // something to hunt in
	for b.Loop() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Duration(seconds)*time.Second)
		var mu sync.Mutex
		var took []time.Duration
		var wg sync.WaitGroup
		for i := range hunters {
			wg.Go(func() {
				for ctx.Err() == nil {
					start := time.Now()
					if _, err := w.hunter.Run(context.Background(), []string{admin, both, sales, exposure}[i%4], hunt.Request{Query: hunts[1].query}, &sheet{}); err != nil {
						b.Error(err)
						return
					}
					mu.Lock()
					took = append(took, time.Since(start))
					mu.Unlock()
					select {
					case <-ctx.Done():
					case <-time.After(time.Second):
					}
				}
			})
		}
		wg.Go(func() { // what the server does every half minute
			for ctx.Err() == nil {
				select {
				case <-ctx.Done():
				case <-time.After(30 * time.Second):
					if err := w.events.Maintain(context.Background(), events.Retention{Days: 30}); err != nil {
						b.Error(err)
					}
				}
			}
		})
		start, first, began, besides := time.Now(), r.i, cpu(syscall.RUSAGE_SELF), cpu(syscall.RUSAGE_CHILDREN)
		for ctx.Err() == nil {
			w.read(r.file(rows))
		}
		loaded := float64(r.i-first) / time.Since(start).Seconds()
		cancel()
		wg.Wait()
		b.ReportMetric(loaded, "rows/s")
		b.ReportMetric(float64((cpu(syscall.RUSAGE_SELF)-began).Nanoseconds())/1000/float64(r.i-first), "cpu-µs/row")
		b.ReportMetric(float64((cpu(syscall.RUSAGE_CHILDREN)-besides).Nanoseconds())/1000/float64(r.i-first), "hunts-cpu-µs/row")
		if slices.Sort(took); len(took) == 0 {
			took = []time.Duration{0}
		}
		b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "hunt-median-ms")
		b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "hunt-p95-ms")
		b.ReportMetric(float64(len(took))/time.Since(start).Seconds(), "hunts/s")
		status, err := w.events.Status()
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(status[0].Segments), "files")
		if status[0].Rows != int64(r.i) {
			b.Fatalf("%d rows are there, and %d were loaded", status[0].Rows, r.i)
		}
	}
	b.ReportMetric(0, "ns/op")
}

// cpu is what this process, or those that it started and that have ended, have taken of all processors.
func cpu(whose int) time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(whose, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// What is made as a file is what a loader takes, and each record is another.
func TestMadeRecordsAreWhole(t *testing.T) {
	w, r := newWorld(t), newRecords(t)
	r.when = now.Add(-time.Hour)
	w.read(r.file(3))
	w.read(r.file(2))
	w.want(admin, "DeviceProcessEvents | summarize n = count(), ids = dcount(ReportId), devices = dcount(DeviceId), times = dcount(Timestamp)", fmt.Sprintf("%d|%[1]d|%[1]d|%[1]d", 5))
}
