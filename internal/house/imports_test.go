// Package house holds no code: its tests keep the house in order.
package house

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/bailiwick/bailiwick/"

// allowed is which package may import which of ours: arrows go down. A folder speaks for the folders in it that
// have no row of their own. Change it on purpose, and say why beside the row.
var allowed = map[string][]string{
	// The ground floor. It answers and describes; it reaches for nothing.
	"rbac":                {},
	"catalog":             {"rbac"}, // the document as data is written in rbac's words
	"internal/fault":      {},
	"internal/strictjson": {}, // how JSON of others is read, whoever reads it

	// State.
	"internal/store":             {"rbac", "catalog", "internal/fault"},
	"internal/store/lists":       {"internal/store"}, // numbers and conditions: neither rights nor disks
	"internal/store/sqlite":      {"rbac", "catalog", "internal/fault", "internal/store", "internal/store/lists"},
	"internal/store/conformance": {"rbac", "catalog", "internal/fault", "internal/store"},

	// What every room records and is measured by.
	"internal/audit":       {"rbac", "catalog", "internal/fault", "internal/store", "internal/strictjson"},
	"internal/permissions": {"rbac", "catalog", "internal/fault", "internal/store", "internal/audit", "internal/sheet"}, // sheet: reports are CSV too

	// How a table is written, whoever writes one.
	"internal/sheet": {},

	"internal/mailtest": {}, // a mail server that only tests start

	"internal/hostile": {}, // text that every surface is tried with, and the demo shows some of

	// How things are sent out of the centre, whoever sends them.
	"internal/outbox": {},

	// The rooms. None of them knows another.
	"internal/directory":     {"rbac", "catalog", "internal/fault", "internal/store", "internal/audit", "internal/permissions"},
	"internal/investigation": {"rbac", "catalog", "internal/fault", "internal/store", "internal/audit", "internal/permissions", "internal/sheet"}, // sheet: alerts are exported as CSV

	"internal/response": {"rbac", "catalog", "internal/fault", "internal/store", "internal/audit", "internal/sheet", "internal/outbox", "internal/strictjson"}, // sheet: actions are exported as CSV
	"internal/notify":   {"rbac", "catalog", "internal/fault", "internal/store", "internal/audit", "internal/outbox"},

	"internal/analytics": {"rbac", "catalog", "internal/fault", "internal/store", "internal/audit"},

	// A detection is a query: what it reads decides who may set it. Who runs it, and who takes its alerts and actions, it is told.
	"internal/detection": {"rbac", "catalog", "internal/fault", "internal/store", "internal/audit", "internal/hunting/kql", "internal/hunting/schema", "internal/strictjson"},

	// What comes in is parsed before any room sees it: bytes to the store's own types.
	"internal/jsonscan": {}, // how JSON is stepped over
	"internal/ingest":   {"rbac", "internal/fault", "internal/store", "internal/jsonscan"},

	// Hunting. The schema is data, written in rbac's words as the catalogue is.
	"internal/hunting/schema": {"rbac"},
	"internal/hunting/events": {"internal/fault", "internal/hunting/schema", "internal/jsonscan"},
	// DuckDB is C++ of 60 megabytes: it is linked into the program, and into no room's tests.
	"internal/hunting/duck": {"internal/hunting/events", "internal/hunting/worker", "internal/hunting/schema", "internal/hunting/emit/udf", "internal/hunting/lookup"},
	// Functions are values to values: the engine that calls them and the writer of SQL that names them know them, and they know neither.
	"internal/hunting/emit/udf":    {"internal/hunting/kql", "internal/hunting/lookup"},
	"internal/hunting/emit/scalar": {"internal/hunting/kql", "internal/hunting/emit/udf"},
	// Who starts a process for a query knows what to say to it, and not how it is answered.
	"internal/hunting/worker": {},

	// A file may have what goes to several rooms: what takes files in knows them, and they do not know each other.
	"internal/intake":      {"internal/fault", "internal/store", "internal/audit", "internal/investigation", "internal/ingest", "internal/hunting/events"},
	"internal/hunting/kql": {}, // a language knows no table
	// What a query found, written down.
	"internal/hunting/answer": {"internal/hunting/hunt"},
	// Texts of queries that people keep, and what they ran. answer: rows are chosen by how they were shown.
	"internal/hunting/library": {"rbac", "catalog", "internal/fault", "internal/store", "internal/audit", "internal/hunting/answer", "internal/hunting/hunt", "internal/hunting/worker"},
	// Where the language and the tables meet.
	"internal/hunting": {"internal/hunting/kql", "internal/hunting/schema"},
	// Queries to begin with are checked against the tables that they name.
	"internal/hunting/samples": {"rbac", "internal/hunting", "internal/hunting/kql", "internal/hunting/schema"},

	// What of stored rows a query may read, and nothing else: it decides by rights, and reads none itself.
	"internal/hunting/authorise": {"rbac", "catalog", "internal/hunting", "internal/hunting/kql", "internal/hunting/lookup", "internal/hunting/schema"},
	// An authorised plan as text for an engine. It knows no reader, no policy and no disk.
	"internal/hunting/emit": {"internal/hunting/authorise", "internal/hunting/emit/scalar", "internal/hunting/kql", "internal/hunting/lookup", "internal/hunting/schema"},
	// Where a reader, a plan, the store and a worker meet.
	"internal/hunting/hunt": {
		"rbac", "internal/fault", "internal/store", "internal/audit", "internal/hunting", "internal/hunting/authorise", "internal/hunting/emit", "internal/hunting/events", "internal/hunting/kql",
		"internal/hunting/schema", "internal/hunting/worker", "internal/hunting/lookup",
	},
	// What is looked up beside the tables: how its files are made, and who may read which.
	"internal/hunting/lookup": {"rbac"},
	// What of it is registered, fetched and loaded: a room like the others. events: moments are counted as in rows.
	"internal/hunting/feeds": {"rbac", "catalog", "internal/fault", "internal/strictjson", "internal/store", "internal/audit", "internal/outbox", "internal/hunting/lookup", "internal/hunting/events"},

	// A made-up company is data; nobody asks it anything but the program.
	"internal/demo": {"internal/hostile"},

	// The surfaces.
	"internal/server": {
		"rbac", "catalog", "internal/fault", "internal/strictjson", "internal/store", "internal/audit", "internal/permissions", "internal/directory",
		"internal/investigation", "internal/response", "internal/notify", "internal/analytics", "internal/detection", "internal/ingest", "internal/outbox", "internal/intake", "internal/hunting/events", "internal/hunting/samples", "internal/hunting/feeds", "internal/hunting", "internal/hunting/kql", "internal/hunting/schema", "internal/hunting/authorise", "internal/hunting/hunt", "internal/hunting/worker", "internal/hunting/library", "internal/hunting/answer", "api", // outbox: an executor's answer is signed in a header of its name
	},
	"internal/server/portal": {}, // the built portal as files
	"api":                    {}, // the contract as a file

	// The top: wiring.
	"cmd": {
		"rbac", "catalog", "internal/fault", "internal/strictjson", "internal/store", "internal/store/sqlite", "internal/audit", "internal/permissions",
		"internal/directory", "internal/investigation", "internal/response", "internal/notify", "internal/analytics", "internal/detection", "internal/outbox", "internal/ingest", "internal/demo", "internal/server", "internal/server/portal", "internal/sheet", "internal/intake", "internal/hunting/schema", "internal/hunting/events", "internal/hunting/duck", "internal/hunting", "internal/hunting/authorise", "internal/hunting/feeds", "internal/hunting/hunt", "internal/hunting/kql", "internal/hunting/worker", "internal/hunting/library", "internal/hunting/answer", "api",
	},

	"internal/house": {},
	"stories":        {}, // but a mail server, in tests
}

// inTests is what test files may import beside that: a test may build the floor below it.
var inTests = []string{"rbac", "catalog", "internal/fault", "internal/store", "internal/store/sqlite", "internal/store/conformance", "internal/audit", "internal/permissions", "internal/mailtest", "internal/hostile"}

// upwards names the test files that may look at what stands above or beside them, and why.
var upwards = map[string][]string{
	// The demo is proved through the doors that it goes in by.
	"internal/demo": {"internal/ingest", "internal/investigation", "internal/permissions", "internal/hunting/schema"},
	// A surface is tested over real data, and the portal over the demo's.
	"internal/server": {"internal/demo", "internal/hunting/lookup", "internal/server/portal", "internal/hunting/authorise", "internal/hunting/kql"},
	// Lists are tested over what a loader made of the samples.
	"internal/investigation": {"internal/ingest"},
	// That nobody is told what they do not see is tested over the room that knows what they see.
	"internal/notify": {"internal/investigation", "internal/ingest"},
	// What SQL means is told by the engine that runs it, and it is linked into one package's tests.
	"internal/hunting/duck": {"internal/hunting", "internal/hunting/kql", "internal/hunting/emit/scalar"},
	// A language is tested over the tables that it will be used with.
	"internal/hunting/kql": {"internal/hunting", "internal/hunting/schema"},
	// What keeps readers apart is proved on the engine itself.
	"internal/hunting/hunt": {"internal/hunting/duck", "internal/hunting/samples", "internal/hunting/feeds", "internal/demo"}, // the samples are tried on the demo
	// What reports mean is counted over what a loader took in.
	"internal/analytics": {"internal/ingest"},
	// That alerts come into the queue, and actions into the Action centre, is tested over those rooms.
	"internal/detection": {"internal/hunting", "internal/investigation", "internal/response", "internal/ingest"},
}

func TestArrowsGoDown(t *testing.T) {
	for _, f := range goFiles(t, "../..") {
		from := room(f.dir)
		row, ok := allowed[from]
		if !ok {
			t.Errorf("%s: package %s has no row in the table of allowed imports", f.path, f.dir)
			continue
		}
		if f.test {
			row = append(append(slices.Clone(row), inTests...), upwards[from]...)
		}
		for _, to := range f.imports {
			if room(to) != from && !slices.Contains(row, room(to)) {
				t.Errorf("%s imports %s, which the table does not allow", f.path, to)
			}
		}
	}
}

// The core takes values and gives a value. A clock, a file, a context or a log in it would be a second input.
func TestTheCoreIsPure(t *testing.T) {
	forbidden := []string{"context", "io", "log", "net", "os", "path/filepath", "reflect", "runtime", "syscall", "unsafe"}
	for _, f := range goFiles(t, "../../rbac") {
		if f.test {
			continue
		}
		for _, i := range f.outside {
			head, _, _ := strings.Cut(i, "/")
			if strings.Contains(head, ".") {
				t.Errorf("rbac/%s imports %s: the core uses the standard library only", f.path, i)
			}
			if slices.Contains(forbidden, i) || slices.Contains(forbidden, head) {
				t.Errorf("rbac/%s imports %s: the core asks nobody but its arguments", f.path, i)
			}
		}
	}
}

// Only rbac decides. A permission's name in a handler, a room or a component is a second brain in the making.
func TestNoRoomNamesAPermission(t *testing.T) {
	names := []string{"View data - Security operations", "Alerts investigation", "Search And Purge", "Manage security settings"}
	for _, dir := range []string{"../server", "../investigation", "../response", "../notify", "../analytics", "../detection", "../directory", "../audit", "../store", "../../cmd", "../../ui/src"} {
		err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				if os.IsNotExist(err) || (entry != nil && (entry.Name() == "node_modules" || entry.Name() == "dist" || entry.Name() == "testdata")) {
					return fs.SkipDir
				}
				return err
			}
			name := entry.Name()
			if strings.Contains(name, "_test.") || strings.Contains(name, ".test.") || strings.HasSuffix(name, ".d.ts") || strings.Contains(path, "conformance") || !(strings.HasSuffix(name, ".go") || strings.HasSuffix(name, ".ts") || strings.HasSuffix(name, ".tsx") || strings.HasSuffix(name, ".sql")) {
				return nil
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, line := range strings.Split(string(text), "\n") {
				if comment := strings.TrimSpace(line); strings.HasPrefix(comment, "//") || strings.HasPrefix(comment, "*") || strings.HasPrefix(comment, "--") {
					continue
				}
				for _, permission := range names {
					if strings.Contains(line, permission) {
						t.Errorf("%s names the permission %q", path, permission)
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

type goFile struct {
	path, dir string
	test      bool
	imports   []string // of ours, without the module's path
	outside   []string
}

func goFiles(t *testing.T, root string) []goFile {
	t.Helper()
	var files []goFile
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			switch entry.Name() {
			case "node_modules", ".git", "testdata", "tools", "dist", "bin":
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		f := goFile{path: relative, dir: filepath.ToSlash(filepath.Dir(relative)), test: strings.HasSuffix(path, "_test.go")}
		for _, spec := range parsed.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if ours, ok := strings.CutPrefix(name, module); ok {
				f.imports = append(f.imports, ours)
			} else {
				f.outside = append(f.outside, name)
			}
		}
		files = append(files, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// room is the row that speaks for a folder: its own, or the nearest above it.
func room(dir string) string {
	for dir != "." && dir != "" {
		if _, ok := allowed[dir]; ok {
			return dir
		}
		dir = filepath.ToSlash(filepath.Dir(dir))
	}
	return dir
}
