package feeds

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/lookup"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/store/sqlite"
	"github.com/bailiwick/bailiwick/internal/store/sqlite/sqlitetest"
	"github.com/bailiwick/bailiwick/rbac"
)

const ada, nora = "ada@x.example", "nora@x.example"

var ctx = context.Background()

// paper is an engine that writes rows down as text.
type paper struct{}

func (paper) WriteFile(_ context.Context, file string, _ []lookup.Stored, rows func(put func(values ...any) error) error) error {
	var b strings.Builder
	if err := rows(func(values ...any) error { fmt.Fprintln(&b, values...); return nil }); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(b.String()), 0o600)
}

// world is a store with two people, and a service that fetches from a server of the test.
type world struct {
	t       testing.TB
	store   store.Store
	now     time.Time
	service *Service
	server  *httptest.Server

	mu     sync.Mutex
	answer func(w http.ResponseWriter, r *http.Request)
	asked  []string
}

func newWorld(t testing.TB) *world {
	t.Helper()
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o700))
	w := &world{t: t, store: sqlitetest.Open(t, filepath.Join(dir, sqlite.FileName)), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	w.server = httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.asked = append(w.asked, r.Header.Get("If-None-Match"))
		w.answer(out, r)
	}))
	t.Cleanup(w.server.Close)
	clock := func() time.Time { return w.now }
	w.service = New(Config{Store: w.store, Door: &audit.Door{Store: w.store, Now: clock}, Snapshots: w, Files: paper{}, Dir: filepath.Join(dir, "feeds"), Now: clock})
	must(t, w.store.Change(ctx, func(tx store.Writer) error {
		if err := tx.ApplyEdits(rbac.PutUser{User: rbac.User{Name: ada, GlobalRoles: []string{"Security Administrator"}}}, rbac.PutUser{User: rbac.User{Name: nora}}); err != nil {
			return err
		}
		_, err := tx.NextPolicyRevision()
		return err
	}))
	return w
}

// Snapshot compiles what the store has.
func (w *world) Snapshot(ctx context.Context) (snapshot *rbac.Snapshot, err error) {
	err = w.store.View(ctx, func(tx store.Reader) error {
		p, err := tx.Policy()
		if err == nil {
			snapshot, err = rbac.Compile(catalog.Default(), p)
		}
		return err
	})
	return snapshot, err
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func as(name string) audit.Actor { return audit.Actor{Name: name} }

func (w *world) create(set Setting) store.Feed {
	w.t.Helper()
	f, err := w.service.Create(ctx, as(ada), set)
	must(w.t, err)
	return f
}

func (w *world) content(f store.Feed) string {
	w.t.Helper()
	text, err := os.ReadFile(w.service.path(f.File))
	must(w.t, err)
	return string(text)
}

// due fetches what is due, and gives the feed as it is then.
func (w *world) due(id string) store.Feed {
	w.t.Helper()
	_, err := w.service.Due(ctx)
	must(w.t, err)
	f, err := w.service.Feed(ctx, as(ada), id)
	must(w.t, err)
	return f
}

func TestAFeedIsFetchedOnItsScheduleAndTheLastGoodOneIsKept(t *testing.T) {
	w := newWorld(t)
	body, code := "ip,why\n192.0.2.1,\"a, b\"\n", http.StatusOK
	w.answer = func(out http.ResponseWriter, r *http.Request) {
		out.Header().Set("ETag", `"one"`)
		if code == http.StatusFound {
			out.Header().Set("Location", "/elsewhere")
		}
		if code == http.StatusOK && r.Header.Get("If-None-Match") == `"one"` {
			code = http.StatusNotModified
		}
		out.WriteHeader(code)
		if code == http.StatusOK {
			fmt.Fprint(out, body)
		}
	}
	f := w.create(Setting{Name: "Block list", Addresses: []string{w.server.URL + "/list.csv?key=SECRET"}, Every: time.Hour, Within: true, Readers: []string{"endpoint"}})
	if f = w.due(f.ID); f.Rows != 2 || f.Version != 1 || f.Problem != "" || strings.Join(f.Columns, " ") != "ip why" || !f.Next.Equal(w.now.Add(time.Hour)) || w.content(f) != "0 ip,why [ip why]\n1 192.0.2.1,\"a, b\" [192.0.2.1 a, b]\n" {
		t.Fatalf("after the first: %+v\n%s", f, w.content(f))
	}
	if again := w.due(f.ID); len(w.asked) != 1 || again.Version != 1 {
		t.Errorf("before its time: asked %d times", len(w.asked))
	}
	w.now = w.now.Add(time.Hour)
	if same := w.due(f.ID); same.Version != 1 || w.asked[1] != `"one"` || same.Checked != w.now {
		t.Errorf("when nothing is new: %+v, asked by %q", same, w.asked)
	}
	code = http.StatusServiceUnavailable
	w.now = w.now.Add(time.Hour)
	failed := w.due(f.ID)
	if failed.File != f.File || failed.Rows != 2 || !strings.Contains(failed.Problem, "503") || failed.Failures != 1 || failed.Next.Sub(w.now) > time.Minute || strings.Contains(failed.Problem, "SECRET") {
		t.Errorf("after a failure: %+v", failed)
	}
	code = http.StatusFound
	w.now = failed.Next
	if moved := w.due(f.ID); !strings.Contains(moved.Problem, "elsewhere") || moved.Rows != 2 || len(w.asked) != 4 {
		t.Errorf("after a redirection: %+v", moved)
	}
	shelf, err := w.service.Shelf(ctx)
	must(t, err)
	if got, ok := shelf.Find("feed:block list"); !ok || got.File != w.service.path(f.File) || got.Readers != rbac.SetOf(rbac.Endpoint) {
		t.Errorf("on the shelf: %+v", shelf)
	}
}

// The server of this test is on this machine: what may not be reached from the internet's side is not reached.
func TestNoFeedLeadsWithin(t *testing.T) {
	w := newWorld(t)
	w.answer = func(out http.ResponseWriter, _ *http.Request) { fmt.Fprint(out, "x") }
	f := w.create(Setting{Name: "Within", Addresses: []string{strings.Replace(w.server.URL, "http:", "https:", 1)}, Every: time.Hour})
	if f = w.due(f.ID); len(w.asked) != 0 || !strings.Contains(f.Problem, "prohibited") || f.File != "" {
		t.Errorf("asked %d times: %+v", len(w.asked), f)
	}
}

// An address may hold a key: the log, which more people read than the settings, has its host, and what went wrong is told without it.
func TestNoKeyOfAnAddressIsTold(t *testing.T) {
	w := newWorld(t)
	w.answer = func(out http.ResponseWriter, _ *http.Request) { out.WriteHeader(http.StatusForbidden) }
	f := w.create(Setting{Name: "Keyed", Addresses: []string{w.server.URL + "/SECRET-1?key=SECRET-2"}, Every: time.Hour, Within: true})
	problems := []string{w.due(f.ID).Problem}
	w.server.Close()
	w.now = w.now.Add(time.Hour)
	problems = append(problems, w.due(f.ID).Problem)
	f, err := w.service.Change(ctx, as(ada), f.ID, "", Setting{Name: "Keyed", Addresses: []string{"https://ada:SECRET-3@intel.example/list"}, Every: time.Hour})
	if err == nil {
		problems = append(problems, w.due(f.ID).Problem)
	} else {
		problems = append(problems, err.Error())
	}
	for _, p := range problems {
		if p == "" || strings.Contains(p, "SECRET") {
			t.Errorf("told: %q", p)
		}
	}
	entries := 0
	must(t, w.store.View(ctx, func(tx store.Reader) error {
		return tx.AuditWalk(0, func(e store.AuditEntry) error {
			entries++
			text, err := json.Marshal(e)
			if bytes.Contains(text, []byte("SECRET")) {
				t.Errorf("in the log: %s", text)
			}
			return err
		})
	}))
	if entries == 0 {
		t.Errorf("%d entries in the log", entries)
	}
}

func TestAFileIsLoadedByHandOrChangesNothing(t *testing.T) {
	w := newWorld(t)
	f := w.create(Setting{Name: "By hand", Format: "json"})
	load := func(who, text string) (store.Feed, error) {
		return w.service.Load(ctx, as(who), f.ID, strings.NewReader(text))
	}
	got, err := load(ada, `[{"a":1},{"a":2}]`)
	must(t, err)
	if got.Rows != 2 || got.LoadedBy != ada || got.Columns[0] != "a" {
		t.Errorf("%+v", got)
	}
	for text, want := range map[string]string{"": "empty", `[{"a":`: "not JSON", "PK\x03\x04": "ZIP", "\x1f\x8b": "gzip"} {
		if _, err := load(ada, text); fault.KindOf(err) != fault.KindInvalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := load(nora, `[{}]`); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("without the right: %v", err)
	}
	if _, err := w.service.Load(ctx, as(ada), "nothing", strings.NewReader("x")); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("of nothing: %v", err)
	}
	now, err := w.service.Feed(ctx, as(ada), f.ID)
	must(t, err)
	if now.File != got.File || now.Version != 1 {
		t.Errorf("after all that: %+v", now)
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	fmt.Fprint(z, `{"b":1}`)
	must(t, z.Close())
	if got, err = load(ada, zipped.String()); err != nil || got.Version != 2 || got.Columns[0] != "b" {
		t.Errorf("packed: %+v, %v", got, err)
	}
	entries, _ := os.ReadDir(w.service.Dir)
	if len(entries) != 2 { // the one before stays for queries that have begun
		t.Errorf("files: %v", entries)
	}
}

// A file without an end is refused where it has become too large, packed or not, and whatever its server says of its length.
func TestAFileThatHasNoEndIsRefused(t *testing.T) {
	line := append(bytes.Repeat([]byte("x"), 1<<10-1), '\n')
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	for range mostBytes>>10 + 1 {
		_, err := z.Write(line)
		must(t, err)
	}
	must(t, z.Close())
	for what, from := range map[string]io.Reader{
		"bytes": &endless{text: line}, "packed bytes": &zipped, "records": &endless{text: []byte("x\n")}, "one record": &endless{text: []byte("x")},
	} {
		n := int64(0)
		if err := records("txt", from, func(record) error { n++; return nil }); err == nil || n > mostRows {
			t.Errorf("%s: %d records, %v", what, n, err)
		}
	}
	if err := records("csv", strings.NewReader(strings.Repeat("a,", mostCells)+"a\n"), func(record) error { return nil }); err == nil {
		t.Error("more cells than there may be")
	}
	w := newWorld(t)
	w.answer = func(out http.ResponseWriter, _ *http.Request) {
		out.Header().Set("Content-Length", fmt.Sprint(mostBytes+1))
		_, _ = out.Write([]byte("x\n"))
	}
	f := w.create(Setting{Name: "Long", Format: "txt", Addresses: []string{w.server.URL}, Every: time.Hour, Within: true})
	if f = w.due(f.ID); !strings.Contains(f.Problem, errTooMuch.Error()) {
		t.Errorf("one that says how long it is: %q", f.Problem)
	}
}

// endless is a text again and again, and gives up where anybody would have.
type endless struct {
	text []byte
	read int
}

func (e *endless) Read(b []byte) (int, error) {
	if e.read > mostBytes+(1<<20) {
		return 0, io.EOF
	}
	n := 0
	for n+len(e.text) <= len(b) {
		n += copy(b[n:], e.text)
	}
	e.read += n
	return n, nil
}

func TestWhatIsKnownAboutFilesAndPlacesIsCheckedRecordByRecord(t *testing.T) {
	w := newWorld(t)
	files, places := w.create(Setting{Name: "Files", Kind: Files}), w.create(Setting{Name: "Places", Kind: Places})
	sha1 := strings.Repeat("Ab", 20)
	for _, c := range []struct{ id, text, want string }{
		{files.ID, "SHA1,Global Prevalence,signer\n" + sha1 + ",12,Example Ltd\n", ""},
		{files.ID, "name\nx\n", "record 2 has no hash"},
		{files.ID, "sha1\nxyz\n", "want 40 hexadecimal digits"},
		{files.ID, "sha1,global_prevalence\n" + sha1 + ",many\n", "GlobalPrevalence: want a number"},
		{files.ID, "sha1\n", "holds no file"},
		{places.ID, "network,country_name,city,lat,lon\n198.51.100.0/24,Netherlands,Amsterdam,52.37,4.89\n", ""},
		{places.ID, "start_ip,end_ip,country\n198.51.100.0,198.51.100.255,NL\n3221225984,3221226239,US\n", ""},
		{places.ID, "start,end\n198.51.100.9,198.51.100.1\n", "record 2: 198.51.100.9 is not before"},
		{places.ID, "network\n198.51.100.0/33\n", "want a network"},
		{places.ID, "network,latitude\n198.51.100.0/24,north\n", "want degrees"},
		{places.ID, "", "holds no range"},
	} {
		_, err := w.service.Load(ctx, as(ada), c.id, strings.NewReader(c.text))
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.text, err, c.want)
		}
	}
	shelf, err := w.service.Shelf(ctx)
	must(t, err)
	p, err := lookup.OpenPlaces(shelf.Places)
	must(t, err)
	defer p.Close()
	var place struct{ Country string }
	if err := json.Unmarshal([]byte(p.Find("198.51.100.7")), &place); err != nil || place.Country != "NL" {
		t.Errorf("%q, %v", p.Find("198.51.100.7"), err)
	}
	if text, err := os.ReadFile(shelf.Reputation); err != nil || !strings.HasPrefix(string(text), strings.ToLower(sha1)+" "+strings.ToLower(sha1)) {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := w.service.Create(ctx, as(ada), Setting{Name: "More places", Kind: Places}); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("a second one: %v", err)
	}
}

// Which of two counts would be chance.
func TestARecordHasEachNameOnce(t *testing.T) {
	for text, want := range map[string]string{
		`[{"SHA1": "a", "Global Prevalence": 12, "Signer": null}]`: "",
		`[{"Signer": "A", "signer": "B"}]`:                         `record 1: "signer" is there twice`,
		`[{}, {"signer": "A", "signer": "B"}]`:                     "record 2: signer is there twice",
		`[{"Global Prevalence": 1, "global_prevalence": 2}]`:       `record 1: "global_prevalence" is there twice`,
		`["x"]`: "record 1: is of another type: want an object",
	} {
		err := table("multijson", strings.NewReader(text), func(_ int64, values map[string]string) error {
			if len(values) == 2 && (values["sha1"] != "a" || values["globalprevalence"] != "12") {
				t.Errorf("read %v", values)
			}
			return nil
		})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestASettingIsCheckedWhole(t *testing.T) {
	w := newWorld(t)
	w.create(Setting{Name: "One", Addresses: []string{"https://a.example/1"}})
	for _, c := range []struct {
		set  Setting
		want string
	}{
		{Setting{}, "name"}, {Setting{Name: "a\nb"}, "name"}, {Setting{Name: "x", Kind: "y"}, "kind"}, {Setting{Name: "x", Format: "pdf"}, "format"}, {Setting{Name: "x", Kind: Places, Format: "json"}, "format"},
		{Setting{Name: "x", Every: time.Minute, Addresses: []string{"https://b.example"}}, "everyMinutes"}, {Setting{Name: "x", Every: time.Hour}, "addresses"},
		{Setting{Name: "x", Addresses: []string{"http://b.example/"}, Every: time.Hour}, "addresses[0]"}, {Setting{Name: "x", Addresses: []string{"file:///etc/passwd"}}, "addresses[0]"},
		{Setting{Name: "x", Addresses: []string{"https://me:secret@b.example/"}}, "addresses[0]"}, {Setting{Name: "x", Addresses: []string{"https://b.example/", "https://a.example/1"}}, "addresses[1]"},
		{Setting{Name: "x", Readers: []string{"other"}}, "readers[0]"}, {Setting{Name: "x", Kind: Files, Readers: []string{"endpoint"}}, "readers"},
	} {
		_, err := w.service.Create(ctx, as(ada), c.set)
		if fault.KindOf(err) != fault.KindInvalid || !strings.Contains(err.Error(), c.want+": ") {
			t.Errorf("%+v: %v, want %s", c.set, err, c.want)
		}
	}
	if _, err := w.service.Create(ctx, as(ada), Setting{Name: "ONE"}); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("the same name: %v", err)
	}
}

func TestWhoMayNotManageSettingsDoesNothingWithFeeds(t *testing.T) {
	w := newWorld(t)
	f := w.create(Setting{Name: "One"})
	n := as(nora)
	_, list := w.service.List(ctx, n)
	_, one := w.service.Feed(ctx, n, f.ID)
	_, none := w.service.Feed(ctx, n, "nothing")
	_, created := w.service.Create(ctx, n, Setting{Name: "Two"})
	_, changed := w.service.Change(ctx, n, f.ID, "", Setting{Name: "Three"})
	_, fetched := w.service.Fetch(ctx, n, f.ID)
	for i, err := range []error{list, one, none, created, changed, fetched, w.service.Remove(ctx, n, f.ID, "")} {
		if fault.KindOf(err) != fault.KindDenied {
			t.Errorf("%d: %v", i, err)
		}
	}
	if _, err := w.service.Change(ctx, as(ada), f.ID, `"old"`, Setting{Name: "Two"}); err == nil || !strings.Contains(err.Error(), "since you read it") {
		t.Errorf("from an old state: %v", err)
	}
	if _, err := w.service.Fetch(ctx, as(ada), f.ID); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("fetched from nowhere: %v", err)
	}
	changedTo, err := w.service.Change(ctx, as(ada), f.ID, Tag(f), Setting{Name: "Two", Readers: []string{"identity", "endpoint"}})
	if err != nil || changedTo.Name != "Two" || strings.Join(changedTo.Readers, " ") != "endpoint identity" {
		t.Errorf("%+v, %v", changedTo, err)
	}
	must(t, w.service.Remove(ctx, as(ada), f.ID, Tag(changedTo)))
	if left, err := w.service.List(ctx, as(ada)); err != nil || len(left) != 0 {
		t.Errorf("left: %+v, %v", left, err)
	}
}

// FuzzRecords gives the reader anything. It may refuse; what it takes has a number and no NUL.
func FuzzRecords(f *testing.F) {
	for _, text := range []string{"a,b\n\"c\nd\",e\n", `[{"a":1}]`, "a|b", "\xef\xbb\xbfx", "\x1f\x8b\x08"} {
		for _, format := range []string{"csv", "json", "txt", "psv"} {
			f.Add(format, text)
		}
	}
	f.Fuzz(func(t *testing.T, format, text string) {
		if _, ok := lookup.Formats[format]; !ok {
			return
		}
		n := int64(0)
		_ = records(format, strings.NewReader(text), func(r record) error {
			if r.n != n || strings.ContainsRune(r.text+strings.Join(r.cells, ""), 0) {
				t.Fatalf("record %d: %+v", n, r)
			}
			n++
			return nil
		})
	})
}
