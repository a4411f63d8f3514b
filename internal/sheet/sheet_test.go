package sheet_test

import (
	"encoding/csv"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/sheet"
)

func TestNoCellIsAFormula(t *testing.T) {
	for _, cell := range []string{"=1+1", "+1", "-1+1", "-A1", "-", "-1e", "--1", "-1\n", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0", " =1", "\u00a0=1", "\u200b=1", "\x00=1", "＝1", "＠SUM(A1)"} {
		if got := sheet.Text(cell); got != "'"+cell {
			t.Errorf("%q is written as %q", cell, got)
		}
	}
	for _, cell := range []string{"", "mira@contoso.example", "Tier 1 = readers", "2026-03-01", "-1", "-0.25", "-1.5e-07", "'quoted'", "a\tb"} {
		if got := sheet.Text(cell); got != cell {
			t.Errorf("the harmless %q became %q", cell, got)
		}
	}
}

// RFC 4180: lines end with CRLF; quotes, commas and line breaks are kept inside of quotes.
func TestACellIsReadBackAsItWas(t *testing.T) {
	want := [][]string{{"name", "description"}, {`Tier "1", EU`, "first\nsecond"}, {"Prüfung", ""}}
	var b strings.Builder
	w := sheet.New(&b)
	for _, row := range want {
		w.Row(row...)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(b.String(), "name,description\r\n\"Tier \"\"1\"\", EU\"") {
		t.Errorf("got %q", b.String())
	}
	got, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil || !slices.EqualFunc(got, want, slices.Equal[[]string]) {
		t.Errorf("%q, %v", got, err)
	}
}

func negative(cell string) bool {
	n, err := strconv.ParseFloat(cell, 64)
	return (err == nil || errors.Is(err, strconv.ErrRange)) && n <= 0
}

func FuzzNoCellIsAFormula(f *testing.F) {
	for _, seed := range []string{"=1", "-1", " +1", "a,b", "\"", "\r\n=1", "\xff=1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		var b strings.Builder
		w := sheet.New(&b)
		w.Row("x", cell)
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
		if err != nil || len(rows) != 1 || len(rows[0]) != 2 {
			t.Fatalf("%q is written as %q: %v", cell, b.String(), err)
		}
		if got := strings.TrimLeft(rows[0][1], " \t\r\n"); got != "" && strings.ContainsRune("=+-@", rune(got[0])) && !negative(got) {
			t.Errorf("%q is written as %q", cell, got)
		}
	})
}
