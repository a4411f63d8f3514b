package investigation

import "testing"

// BenchmarkIncidents is the first page of the 50 newest incidents, each reader's own view of them.
func BenchmarkIncidents(b *testing.B) {
	s, snapshot := benchStore(b)
	service := New(s, nil, held{snapshot}, byTag, nil)
	for _, reader := range []string{"everything", "workload", "endpoint", "devicegroup"} {
		b.Run(reader, func(b *testing.B) {
			for b.Loop() {
				p, err := service.Incidents(ctx, reader+"@x", Query{Top: 50})
				if err != nil || len(p.Items) == 0 {
					b.Fatal(len(p.Items), err)
				}
			}
		})
	}
}

// BenchmarkFacets counts all that a reader sees.
func BenchmarkFacets(b *testing.B) {
	s, snapshot := benchStore(b)
	service := New(s, nil, held{snapshot}, byTag, nil)
	for _, reader := range []string{"everything", "devicegroup"} {
		b.Run(reader, func(b *testing.B) {
			for b.Loop() {
				if _, err := service.Facets(ctx, reader+"@x", Query{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
