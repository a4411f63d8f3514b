package conformance

import (
	"testing"

	"github.com/bailiwick/bailiwick/internal/store"
)

func importedNotes(t *testing.T, backend Backend) {
	s := backend(t)()
	one := store.Imported{Product: "endpoint", ID: "role:endpoint/a", State: "{}", At: noon, File: "roles.json"}
	two := store.Imported{Product: "endpoint", ID: "role:endpoint/b", State: `{"name":"b"}`, Kept: "{}", At: noon, File: "roles.json"}
	other := store.Imported{Product: "directory", ID: "user:a", State: "{}", At: noon, File: "users.json"}
	set := func(product string, list ...store.Imported) {
		t.Helper()
		change(t, s, func(w store.Writer) error { return w.SetImported(product, list) })
	}
	of := func(product string) []store.Imported {
		return read(t, s, func(r store.Reader) ([]store.Imported, error) { return r.Imported(product) })
	}
	set("endpoint", two, one)
	set("directory", other)
	same(t, "by id", []store.Imported{one, two}, of("endpoint"))
	same(t, "of all products", []store.Imported{other, one, two}, of(""))
	set("endpoint", two)
	same(t, "in place of those before", []store.Imported{other, two}, of(""))
	set("endpoint")
	same(t, "none any more", []store.Imported{other}, of(""))
}
