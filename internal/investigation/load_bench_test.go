package investigation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/ingest"
	"github.com/bailiwick/bailiwick/internal/store"
)

// BenchmarkLoad loads a file of BAILIWICK_BENCH_ALERTS real-sized alerts in one go and tells how much memory the
// program took from the system.
func BenchmarkLoad(b *testing.B) {
	var line bytes.Buffer
	if err := json.Compact(&line, []byte(sample(b, "alert-endpoint.json"))); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		w := newWorld(b, storyPolicy())
		lines := &repeated{line: line.Bytes(), left: benchAlerts}
		done, err := w.service.Load(ctx, local, "many.jsonl", func(take func(store.Record) error) error {
			_, err := ingest.Read("many.jsonl", lines, take)
			return err
		})
		if err != nil || done.Alerts.Created != benchAlerts {
			b.Fatal(done, err)
		}
	}
	b.ReportMetric(peakMegabytes(), "MB")
	b.ReportMetric(float64(benchAlerts)*float64(b.N)/b.Elapsed().Seconds(), "alerts/s")
}

// BenchmarkLoads loads files of a thousand real-sized alerts, one after the other, into the store that is measured, and tells how many
// alerts that is a second: alerts that name their incident, three each, and alerts that join others by what they share.
func BenchmarkLoads(b *testing.B) {
	var line bytes.Buffer
	if err := json.Compact(&line, []byte(sample(b, "alert-endpoint.json"))); err != nil {
		b.Fatal(err)
	}
	s, snapshot := benchStore(b)
	service := New(s, &audit.Door{Store: s}, held{snapshot}, byTag, nil)
	begun := time.Now().UnixNano()
	const many = 1000
	for _, how := range []string{"named", "joined"} {
		b.Run(how, func(b *testing.B) {
			n := 0
			for b.Loop() {
				var file bytes.Buffer
				now := time.Now().UTC().Format(time.RFC3339Nano)
				for range many {
					n++
					incident, user := fmt.Sprintf(`"incidentId":"%d%06d"`, begun/1e9, n/3), fmt.Sprintf("someone%d", n/3)
					if how == "joined" {
						incident = `"incidentId":""`
					}
					file.WriteString(strings.NewReplacer("da637490118204417723_-1180349021", fmt.Sprintf("%s-%d-%d", how, begun, n), `"incidentId":"1042"`, incident,
						"2021-02-19T09:17:02.4417723Z", now, "2021-02-19T09:31:48.2633333Z", now, "mira.okafor", user,
						"S-1-5-21-1004336348-1177238915-682003330-1142", fmt.Sprintf("S-1-5-21-1-2-3-%d", n/3), "8d2f7a30-1b64-4c55-9e0a-77c1d2f0a911", fmt.Sprintf("8d2f7a30-1b64-4c55-9e0a-%012d", n/3),
						"5c1d9e7f20b84a36e1f07ab2c9d4438810ef6b57", fmt.Sprintf("device%d", n%5000)).Replace(line.String()))
					file.WriteByte('\n')
				}
				done, err := service.Load(ctx, local, "many.jsonl", func(take func(store.Record) error) error {
					_, err := ingest.Read("many.jsonl", &file, take)
					return err
				})
				if err != nil || done.Alerts.Created != many {
					b.Fatal(done, err)
				}
			}
			b.ReportMetric(many*float64(b.N)/b.Elapsed().Seconds(), "alerts/s")
		})
	}
}

// repeated is a long file of one alert under many ids, on many devices, in many incidents.
type repeated struct {
	line []byte
	left int
	rest []byte
}

func (r *repeated) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		if r.left == 0 {
			return 0, io.EOF
		}
		r.left--
		text := bytes.Replace(r.line, []byte("da637490118204417723_-1180349021"), fmt.Appendf(nil, "da%d", r.left), 1)
		text = bytes.Replace(text, []byte(`"incidentId":"1042"`), fmt.Appendf(nil, `"incidentId":"%d"`, r.left/3), 1)
		text = bytes.ReplaceAll(text, []byte("5c1d9e7f20b84a36e1f07ab2c9d4438810ef6b57"), fmt.Appendf(nil, "device%d", r.left%5000))
		r.rest = append(text, '\n')
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// peakMegabytes is the most memory that the process ever had, SQLite's included.
func peakMegabytes() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kilobytes float64
	if _, err := fmt.Sscan(rest, &kilobytes); err != nil {
		return 0
	}
	return kilobytes / 1024
}
