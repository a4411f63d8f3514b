package functions_test

import (
	"testing"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/functions"
)

func TestTheTablesAreRead(t *testing.T) {
	for name, want := range map[string]struct {
		table map[string]*functions.Function
		least int
	}{"scalar functions": {functions.Scalars, 250}, "aggregates": {functions.Aggregates, 45}, "operators": {functions.Operators, 30}, "plugins": {functions.Plugins, 5}} {
		if got := len(want.table); got < want.least {
			t.Errorf("%d %s, want at least %d", got, name, want.least)
		}
	}
}

func TestNoFunctionIsBothOfferedAndRefused(t *testing.T) {
	for _, table := range []map[string]*functions.Function{functions.Scalars, functions.Aggregates, functions.Plugins} {
		for name := range table {
			if reason, ok := functions.Unoffered(name); ok {
				t.Errorf("%s is in a table, and refused: %s", name, reason)
			}
		}
	}
}

func TestEveryFunctionTellsHowItIsCalled(t *testing.T) {
	known := map[string]bool{}
	for _, s := range functions.Synopses() {
		known[s.Name] = true
		if len(s.Calls) == 0 || functions.Scalars[s.Name] == nil && functions.Aggregates[s.Name] == nil || s.Aggregate != (functions.Aggregates[s.Name] != nil) {
			t.Errorf("%+v", s)
		}
	}
	for _, table := range []map[string]*functions.Function{functions.Scalars, functions.Aggregates} {
		for name, f := range table {
			if f.Instead == "" && !known[name] {
				t.Errorf("%s tells nothing", name)
			}
		}
	}
}
