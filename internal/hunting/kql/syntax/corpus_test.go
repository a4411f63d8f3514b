package syntax_test

import (
	"bufio"
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bailiwick/bailiwick/internal/hunting/kql/syntax"
)

type example struct{ ID, Source, Query string }

func corpus(t testing.TB) []example {
	t.Helper()
	f, err := os.Open("../testdata/corpus.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []example
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e example
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	return list
}

func TestEveryQueryOfTheCorpusParses(t *testing.T) {
	for _, e := range corpus(t) {
		_, problems := syntax.Parse(e.Query)
		for _, p := range problems.Sorted() {
			line, column := syntax.NewLines(e.Query).At(p.Start)
			t.Errorf("%s:%d:%d: %s", e.ID, line, column, p.Message)
		}
	}
}

func TestAPrintedQueryReadsAsTheSameTree(t *testing.T) {
	for _, e := range corpus(t) {
		readsTheSame(t, e.ID, e.Query)
	}
}

// readsTheSame prints what a text says and reads that. A text that does not parse says nothing.
func readsTheSame(t *testing.T, name, text string) {
	t.Helper()
	q, problems := syntax.Parse(text)
	if problems.Len() > 0 {
		return
	}
	printed := syntax.Print(q)
	again, problems := syntax.Parse(printed)
	if problems.Len() > 0 {
		t.Fatalf("%s: printed as\n%s\nwhich does not parse: %v", name, printed, problems.Sorted())
	}
	forgetPlaces(reflect.ValueOf(q))
	forgetPlaces(reflect.ValueOf(again))
	if !reflect.DeepEqual(q, again) {
		t.Fatalf("%s: printed as\n%s\nis another tree:\n%s", name, printed, cmp.Diff(q, again, cmpopts.EquateEmpty()))
	}
	if twice := syntax.Print(again); twice != printed {
		t.Fatalf("%s: printed as\n%s\nand then as\n%s", name, printed, twice)
	}
}

// forgetPlaces takes all spans out of a tree, and tells no empty list from none.
func forgetPlaces(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			forgetPlaces(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			forgetPlaces(v.Index(i))
		}
		if v.Len() == 0 && v.CanSet() {
			v.SetZero()
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[syntax.Span]() {
			v.SetZero()
			return
		}
		for i := range v.NumField() {
			forgetPlaces(v.Field(i))
		}
	}
}
