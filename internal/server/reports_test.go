package server

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/bailiwick/bailiwick/internal/permissions/reports"
)

// broken takes a little, as a connection does that ends.
type broken struct {
	*httptest.ResponseRecorder
	left int
}

func (b *broken) Write(text []byte) (int, error) {
	if b.left -= len(text); b.left < 0 {
		return 0, errors.New("the connection has ended")
	}
	return b.ResponseRecorder.Write(text)
}

// TestHalfAReportIsNoReport: whoever reads one that failed on the way meets a broken connection, not a shorter list.
func TestHalfAReportIsNoReport(t *testing.T) {
	w := newWorld(t)
	for _, format := range []string{reports.CSV, reports.JSON} {
		whole, err := reports.Take(t.Context(), w.permissions, local, reports.Query{Of: reports.RoleMatrix, Format: format})
		must(t, err)
		func() {
			defer func() {
				if thrown := recover(); thrown != http.ErrAbortHandler {
					t.Errorf("%s: cut short, and thrown is %v", format, thrown)
				}
			}()
			_ = reportFile{whole}.VisitTakeReportResponse(&broken{httptest.NewRecorder(), 100})
		}()
	}
}
