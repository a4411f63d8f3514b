package main

import (
	"strings"
	"testing"
)

func TestNoCellOfTheAuditListIsAFormula(t *testing.T) {
	for _, name := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"} {
		var b strings.Builder
		if err := writeAuditCSV(&b, auditPage{Items: []auditLine{{Seq: 1, Actor: name}}}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), "'"+strings.TrimRight(name, "\r")) {
			t.Errorf("%q is written as %q", name, b.String())
		}
	}
	if got := textCell("mira@contoso.example"); got != "mira@contoso.example" {
		t.Errorf("a harmless cell became %q", got)
	}
}
