package audit_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/store"
)

// signed is a house whose log of five entries has a checkpoint, and the key that signed it.
func signed(t *testing.T) (*house, *audit.Key, store.AuditCheckpoint) {
	t.Helper()
	h := fiveEntries(t)
	key, err := audit.OpenKey(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c, err := key.Checkpoint(t.Context(), h.Store, h.at)
	if err != nil || c.Size != 5 {
		t.Fatalf("%+v %v", c, err)
	}
	return h, key, c
}

func (h *house) export(t *testing.T, key *audit.Key, c store.AuditCheckpoint) string {
	t.Helper()
	var b bytes.Buffer
	if err := h.Store.View(t.Context(), func(r store.Reader) error { return audit.Export(r, c, key.Verifier, &b) }); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAnExportVerifiesByItself(t *testing.T) {
	h, key, c := signed(t)
	text := h.export(t, key, c)
	found, err := audit.VerifyExport(strings.NewReader(text), audit.Trusted{Keys: []string{key.Verifier}, Checkpoints: []string{c.Note}})
	if err != nil || found.Broken != nil || found.Entries != 5 || !found.Known {
		t.Errorf("%+v %+v %v", found, found.Broken, err)
	}
	// Without a key it says whose word it takes.
	if found, err := audit.VerifyExport(strings.NewReader(text), audit.Trusted{}); err != nil || found.Broken != nil || found.Known || found.Key != key.Verifier {
		t.Errorf("%+v %v", found, err)
	}
	// It goes on fitting what was kept while the log grows.
	h.do(t, mira, adds("later"))
	next, err := key.Checkpoint(t.Context(), h.Store, h.at)
	if err != nil || next.Size != 6 {
		t.Fatal(next, err)
	}
	found, err = audit.VerifyExport(strings.NewReader(h.export(t, key, next)), audit.Trusted{Keys: []string{key.Verifier}, Checkpoints: []string{c.Note}})
	if err != nil || found.Broken != nil || found.Entries != 6 {
		t.Errorf("%+v %+v %v", found, found.Broken, err)
	}
	if report := h.verify(t); report.Broken != nil || report.Checkpoints != 2 {
		t.Errorf("live: %+v %+v", report, report.Broken)
	}
}

// TestWhatVerifyFindsInAnExport is one case for each way to lie about what happened.
func TestWhatVerifyFindsInAnExport(t *testing.T) {
	h, key, c := signed(t)
	lines := strings.SplitAfter(strings.TrimSuffix(h.export(t, key, c), "\n"), "\n")
	other, err := audit.OpenKey(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	anew := fiveEntries(t) // the same centre, if one believes it
	anew.do(t, mira, adds("slipped in"))
	forged, err := other.Checkpoint(t.Context(), anew.Store, anew.at)
	if err != nil {
		t.Fatal(err)
	}
	h.do(t, mira, adds("later"))
	later, err := key.Checkpoint(t.Context(), h.Store, h.at)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		text func(l []string) []string
		at   int64
		why  string
	}{
		{"a flipped bit", func(l []string) []string { l[3] = strings.Replace(l[3], "user2", "user3", 1); return l }, 3, "was changed"},
		{"a flipped bit in the last", func(l []string) []string { l[5] = strings.Replace(l[5], "refused", "refuseD", 1); return l }, 5, "not what the checkpoint signs"},
		{"an entry dropped", func(l []string) []string { return slices.Delete(l, 2, 3) }, 2, "missing or out of its place"},
		{"two reordered", func(l []string) []string { l[2], l[3] = l[3], l[2]; return l }, 2, "missing or out of its place"},
		{"one inserted", func(l []string) []string { return slices.Insert(l, 3, strings.Replace(l[2], `"seq":2`, `"seq":3`, 1)) }, 2, "does not follow"},
		{"truncated", func(l []string) []string { return l[:4] }, 4, "the checkpoint signs 5"},
		{"more than was signed", func(l []string) []string {
			return append(l, "\n"+strings.Replace(l[5], `"seq":5`, `"seq":6`, 1))
		}, 5, "does not follow"},
		{"rolled back", func([]string) []string { return strings.SplitAfter(h.export(t, key, c0(t, h, 5)), "\n") }, 6, "the log went back"},
		{"a swapped key", func([]string) []string { return strings.SplitAfter(anew.export(t, other, forged), "\n") }, 6, "signed by another key"},
		{"written with other space", func(l []string) []string { l[3] = strings.Replace(l[3], `,"actor"`, `, "actor"`, 1); return l }, 3, "canonical"},
	} {
		t.Run(c.name, func(t *testing.T) {
			trusted := audit.Trusted{Keys: []string{key.Verifier}}
			if c.name == "rolled back" {
				trusted.Checkpoints = []string{later.Note}
			}
			text := strings.Join(c.text(slices.Clone(lines)), "")
			found, err := audit.VerifyExport(strings.NewReader(text), trusted)
			if err != nil || found.Broken == nil {
				t.Fatalf("goes unseen: %+v %v", found, err)
			}
			if why := strings.ToLower(found.Broken.Why); found.Broken.Seq != c.at || !strings.Contains(why, strings.ToLower(c.why)) {
				t.Errorf("found entry %d: %s; want entry %d: %s", found.Broken.Seq, found.Broken.Why, c.at, c.why)
			}
		})
	}
	for name, text := range map[string]string{"empty": "", "no export": "hello\n", "another format": `{"format":"x","size":1,"checkpoint":"","key":""}`} {
		if _, err := audit.VerifyExport(strings.NewReader(text), audit.Trusted{}); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// c0 is the checkpoint of a size.
func c0(t *testing.T, h *house, size int64) (found store.AuditCheckpoint) {
	t.Helper()
	err := h.Store.View(t.Context(), func(r store.Reader) error {
		list, err := r.AuditCheckpoints()
		for _, c := range list {
			if c.Size == size {
				found = c
			}
		}
		return err
	})
	if err != nil || found.Size == 0 {
		t.Fatal(size, err)
	}
	return found
}

// A log that is written anew with its chain and its tree does not fit the checkpoints that it signed.
func TestALiveLogIsHeldAgainstItsCheckpointsAndTree(t *testing.T) {
	for name, c := range map[string]struct {
		how []string
		why string
	}{
		"a hash of the tree": {[]string{`UPDATE audit_hashes SET hash = randomblob(32) WHERE number = 3`}, "the kept tree"},
		"a hash dropped":     {[]string{`DELETE FROM audit_hashes WHERE number = 3`}, "the kept tree"},
		"a checkpoint":       {[]string{`UPDATE audit_checkpoints SET note = replace(note, '5', '4')`}, "checkpoint"},
		"the tail, with its tree": {[]string{`DELETE FROM audit_entries WHERE seq > 3`, `UPDATE audit_head SET seq = 3, hash = (SELECT hash FROM audit_entries WHERE seq = 3)`,
			`DELETE FROM audit_hashes WHERE number >= 4`}, "a checkpoint was signed of 5"},
	} {
		h, _, _ := signed(t)
		h.tamper(t, c.how...)
		if report := h.verify(t); report.Broken == nil || !strings.Contains(report.Broken.Why, c.why) {
			t.Errorf("%s: %+v", name, report.Broken)
		}
	}
}

func TestAnEntryIsProvedWithoutTheOthers(t *testing.T) {
	h, key, c := signed(t)
	other, err := audit.OpenKey(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for seq := int64(1); seq <= 5; seq++ {
		var p audit.Proof
		if err := h.Store.View(t.Context(), func(r store.Reader) (err error) { p, err = audit.Prove(r, seq, c); return err }); err != nil {
			t.Fatal(err)
		}
		if err := p.Check(key.Verifier); err != nil {
			t.Errorf("entry %d: %v", seq, err)
		}
		if err := p.Check(other.Verifier); err == nil {
			t.Error("another key is good enough")
		}
		forged := p
		forged.Entry = bytes.Replace(p.Entry, []byte("mira"), []byte("noor"), 1)
		moved := p
		moved.Seq = seq%5 + 1
		if forged.Check(key.Verifier) == nil || moved.Check(key.Verifier) == nil {
			t.Errorf("entry %d: another passes for it", seq)
		}
	}
	if err := h.Store.View(t.Context(), func(r store.Reader) error { _, err := audit.Prove(r, 6, c); return err }); err == nil {
		t.Error("an entry beyond the checkpoint is proved")
	}
}

func TestAKeyIsKeptAndCanBeReplaced(t *testing.T) {
	dir := t.TempDir()
	first, err := audit.OpenKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	again, err := audit.OpenKey(dir)
	if err != nil || again.Verifier != first.Verifier {
		t.Errorf("%v, %v", again, err)
	}
	next, err := audit.NewKey(dir)
	if err != nil || next.Verifier == first.Verifier {
		t.Errorf("%v, %v", next, err)
	}
	if kept, err := audit.OpenKey(dir); err != nil || kept.Verifier != next.Verifier {
		t.Errorf("%v, %v", kept, err)
	}
}

func FuzzVerifyExport(f *testing.F) {
	f.Add([]byte("{}"))
	f.Add([]byte(`{"format":"bailiwick-audit-export/v1","size":1,"checkpoint":"x\n\ny","key":"k"}` + "\n{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		found, err := audit.VerifyExport(bytes.NewReader(data), audit.Trusted{})
		if err == nil && found.Broken == nil && found.Entries == 0 {
			t.Error(fmt.Sprint("an export of nothing is whole: ", found))
		}
	})
}
