package audit

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/strictjson"
)

// exportFormat names the file: a header line, then each entry's canonical form on a line of its own.
const exportFormat = "bailiwick-audit-export/v1"

// header is the first line of an export.
type header struct {
	Format     string `json:"format"`
	Size       int64  `json:"size"`       // entries
	Checkpoint string `json:"checkpoint"` // of exactly this size
	Key        string `json:"key"`        // that signed it, by its own word
}

// maxLine bounds one entry of an export, in bytes.
const maxLine = 16 << 20

// Export writes the entries that a checkpoint signs, so that whoever has the verifier's key can check them without us.
func Export(r store.AuditReader, c store.AuditCheckpoint, key string, w io.Writer) error {
	out := bufio.NewWriter(w)
	line, err := encode(header{exportFormat, c.Size, c.Note, key})
	if err != nil {
		return err
	}
	_, _ = out.Write(append(line, '\n')) // the writer keeps its first error for Flush
	done := errors.New("done")
	err = r.AuditWalk(0, func(e Entry) error {
		if e.Seq > c.Size {
			return done
		}
		leaf, err := Canonical(e)
		if err == nil {
			_, err = out.Write(append(leaf, '\n'))
		}
		return err
	})
	if err != nil && !errors.Is(err, done) {
		return fmt.Errorf("export the audit log: %w", err)
	}
	return out.Flush()
}

// Trusted is what whoever verifies an export has from elsewhere.
type Trusted struct {
	Keys        []string // verifiers; without any, the export's own word is taken for whose it is
	Checkpoints []string // signed notes that were kept: the log must still begin with what they sign
}

// Exported is what verifying an export found.
type Exported struct {
	Entries int64
	Key     string // that signed it
	Known   bool   // the key is one that was trusted beforehand
	Broken  *Break // nil: all fit
}

// VerifyExport checks an export by itself: each entry follows the one before, all of them are what the checkpoint signs, and
// what was kept earlier is still so. An error is of reading; what does not fit is in the finding.
func VerifyExport(from io.Reader, t Trusted) (Exported, error) {
	const op = "verify the export"
	lines := bufio.NewReaderSize(from, 1<<16)
	first, err := readLine(lines)
	if err != nil {
		return Exported{}, fault.Invalid(op, "it is empty, or its first line can't be read")
	}
	var h header
	if err := strictjson.Read(first, &h); err != nil || h.Format != exportFormat {
		return Exported{}, fault.Invalid(op, "its first line is not that of a %s", exportFormat)
	}
	keys := t.Keys
	if len(keys) == 0 {
		keys = []string{h.Key}
	}
	found := Exported{Key: h.Key, Known: len(t.Keys) > 0}
	broken := func(seq int64, why string, args ...any) (Exported, error) {
		found.Broken = &Break{seq, fmt.Sprintf(why, args...)}
		return found, nil
	}
	signed, err := ReadCheckpoint(h.Checkpoint, keys...)
	if err != nil {
		return broken(h.Size, "%s", err.Error())
	}
	if signed.N != h.Size {
		return broken(h.Size, "the checkpoint is of %d entries, the file of %d", signed.N, h.Size)
	}
	tree, broke, err := readEntries(lines)
	found.Entries = tree.size
	if err != nil || broke != nil {
		found.Broken = broke
		return found, err
	}
	switch {
	case tree.size < signed.N:
		return broken(tree.size+1, "is missing: the checkpoint signs %d entries", signed.N)
	case tree.size > signed.N:
		return broken(signed.N+1, "is beyond the %d entries that the checkpoint signs", signed.N)
	}
	if root, err := tree.root(signed.N); err != nil || root != signed.Hash {
		return broken(signed.N, "is not what the checkpoint signs, or an entry before it is not")
	}
	for _, text := range t.Checkpoints {
		kept, err := ReadCheckpoint(text, keys...)
		if err != nil {
			return broken(signed.N, "a checkpoint that was kept: %s", err.Error())
		}
		if kept.N > tree.size {
			return broken(tree.size+1, "is missing: a checkpoint was kept of %d entries: the log went back", kept.N)
		}
		if root, err := tree.root(kept.N); err != nil || root != kept.Hash {
			return broken(kept.N, "or one before it is not what it was when the checkpoint was kept: the log was written anew")
		}
	}
	return found, nil
}

// readEntries makes the tree of the lines, and finds the first that does not follow.
func readEntries(lines *bufio.Reader) (*growing, *Break, error) {
	tree := &growing{}
	prev := hex.EncodeToString(make([]byte, sha256.Size))
	for {
		line, err := readLine(lines)
		if errors.Is(err, io.EOF) {
			return tree, nil, nil
		}
		next := tree.size + 1
		if err != nil {
			return tree, nil, fault.Invalid("verify the export", "entry %d: %s", next, err.Error())
		}
		var e canonical
		if err := strictjson.Read(line, &e); err != nil {
			return tree, &Break{next, "was changed: it can't be read as an entry"}, nil
		}
		switch {
		case e.Seq != next:
			return tree, &Break{next, fmt.Sprintf("is missing or out of its place: entry %d stands there", e.Seq)}, nil
		case e.Prev != prev:
			return tree, &Break{max(next-1, 1), fmt.Sprintf("was changed: entry %d does not follow it", next)}, nil
		}
		if again, err := encode(e); err != nil || !bytes.Equal(again, line) {
			return tree, &Break{next, "was changed: it is not in its canonical form"}, nil
		}
		if err := tree.add(line); err != nil {
			return tree, nil, err
		}
		sum := sha256.Sum256(line)
		prev = hex.EncodeToString(sum[:])
	}
}

func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, more, err := r.ReadLine()
		if err != nil {
			return nil, err
		}
		if line = append(line, part...); len(line) > maxLine {
			return nil, fmt.Errorf("is longer than %d MB", maxLine>>20)
		}
		if !more {
			return line, nil
		}
	}
}

// Proof shows that one entry is in the log that a checkpoint signs, without any other entry.
type Proof struct {
	Entry      json.RawMessage `json:"entry"` // its canonical form
	Seq        int64           `json:"seq"`
	Checkpoint string          `json:"checkpoint"`
	Hashes     []string        `json:"hashes"` // from the leaf to the root
}

// Prove proves an entry within a checkpoint that has it.
func Prove(r store.AuditReader, seq int64, c store.AuditCheckpoint) (Proof, error) {
	if seq < 1 || seq > c.Size {
		return Proof{}, fault.NotFound("prove entry", "there is no entry %d", seq)
	}
	var leaf []byte
	done := errors.New("done")
	err := r.AuditWalk(seq-1, func(e Entry) (err error) {
		if leaf, err = Canonical(e); err == nil {
			err = done
		}
		return err
	})
	if !errors.Is(err, done) {
		return Proof{}, fmt.Errorf("prove entry %d: %w", seq, err)
	}
	path, err := tlog.ProveRecord(c.Size, seq-1, hashes(r))
	if err != nil {
		return Proof{}, fmt.Errorf("prove entry %d: %w", seq, err)
	}
	p := Proof{Entry: leaf, Seq: seq, Checkpoint: c.Note, Hashes: []string{}}
	for _, h := range path {
		p.Hashes = append(p.Hashes, h.String())
	}
	return p, nil
}

// Check tells whether a proof holds by a key; the error says why not.
func (p Proof) Check(keys ...string) error {
	signed, err := ReadCheckpoint(p.Checkpoint, keys...)
	if err != nil {
		return err
	}
	var path tlog.RecordProof
	for _, text := range p.Hashes {
		h, err := tlog.ParseHash(text)
		if err != nil {
			return errors.New("a hash can't be read")
		}
		path = append(path, h)
	}
	var e canonical
	if strictjson.Read(p.Entry, &e) != nil || e.Seq != p.Seq {
		return fmt.Errorf("it is not of entry %d", p.Seq)
	}
	leaf, err := encode(e) // however the entry was written on its way here
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(path, signed.N, signed.Hash, p.Seq-1, tlog.RecordHash(leaf)); err != nil {
		return fmt.Errorf("entry %d is not in the log that the checkpoint signs", p.Seq)
	}
	return nil
}
