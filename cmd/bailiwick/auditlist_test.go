package main

import (
	"encoding/csv"
	"strings"
	"testing"
)

func TestNoCellOfTheAuditListIsAFormula(t *testing.T) {
	for _, name := range []string{"=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1"} {
		var b strings.Builder
		if err := writeAuditCSV(&b, auditPage{Items: []auditLine{{Seq: 1, Actor: name}}}); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
		if err != nil || len(rows) != 2 || rows[1][2] != "'"+name {
			t.Errorf("%q is written as %q: %v", name, b.String(), err)
		}
	}
}
