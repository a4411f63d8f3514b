package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestServeMakesNothingWhereItsAddressIsTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	dir := filepath.Join(t.TempDir(), "data")
	p := &program{out: io.Discard, err: io.Discard, now: time.Now}
	err = p.serve(context.Background(), config{Listen: taken.Addr().String(), Data: dir}, true)
	if err == nil || !strings.Contains(err.Error(), "something else listens there") || !strings.Contains(err.Error(), "--listen") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the data directory is there: %v", err)
	}
}

func TestOnlyWhatIsAboutEventsWaitsForTheDemosEvents(t *testing.T) {
	f := &filling{done: make(chan struct{})}
	h := f.before(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		select {
		case <-f.done:
			w.WriteHeader(http.StatusOK)
		default:
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	ask := func(path string) int {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w.Code
	}
	for _, path := range []string{"/", "/livez", "/api/v1/me", "/v1.0/security/alerts_v2"} {
		if got := ask(path); got != http.StatusTeapot {
			t.Errorf("%s waits", path)
		}
	}
	time.AfterFunc(10*time.Millisecond, func() { close(f.done) })
	for _, path := range []string{"/readyz", "/api/v1/hunting/run", "/api/v1/events", "/v1.0/security/runHuntingQuery", "/api/v1/detections/d1/run", "/beta/security/rules/detectionRules"} {
		if got := ask(path); got != http.StatusOK {
			t.Errorf("%s does not wait", path)
		}
	}
}
