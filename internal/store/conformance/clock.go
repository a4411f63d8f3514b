package conformance

import (
	"context"
	"testing"
	"time"
)

func tellsTheTime(t *testing.T, backend Backend) {
	s := backend(t)()
	first, err := s.Now(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	second, err := s.Now(context.Background())
	if err != nil || second.Before(first) || first.Location() != time.UTC || first.Year() < 2020 {
		t.Errorf("%s, then %s (%v)", first, second, err)
	}
}
