package audit

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/bailiwick/bailiwick/internal/store"
)

// Origin is the first line of every checkpoint: what it is a note of.
const Origin = "bailiwick audit log v1"

// keyName stands in keys and signatures.
const keyName = "bailiwick-audit"

// KeyFile is what the signing key is called within a data directory.
const KeyFile = "audit.key"

// Key signs checkpoints. Its verifier is public: whoever has it can check what the log says without trusting who keeps it.
type Key struct {
	signer   note.Signer
	Verifier string // NAME+HASH+KEY
}

// OpenKey reads the data directory's key, and makes one if there is none.
func OpenKey(dir string) (*Key, error) {
	name := filepath.Join(dir, KeyFile)
	if info, err := os.Stat(name); err == nil && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("read the audit log's key %s: others can read it (mode %o): want 0600, and a new key if somebody has", name, info.Mode().Perm())
	}
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		// Of several processes that find none at once, one makes it, and all use that.
		if err := writeKey(dir, os.Link); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		text, err = os.ReadFile(name)
	}
	if err != nil {
		return nil, fmt.Errorf("read the audit log's key: %w", err)
	}
	secret, verifier, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	signer, err := note.NewSigner(secret)
	if err != nil {
		return nil, fmt.Errorf("read the audit log's key %s: it is none: %w", name, err)
	}
	if _, err := note.NewVerifier(verifier); err != nil {
		return nil, fmt.Errorf("read the audit log's key %s: its public part is none: %w", name, err)
	}
	return &Key{signer, verifier}, nil
}

// NewKey makes a new key for the data directory, in place of the one that is there, if any. What that has signed stays good
// for whoever has its verifier.
func NewKey(dir string) (*Key, error) {
	if err := writeKey(dir, os.Rename); err != nil {
		return nil, err
	}
	return OpenKey(dir)
}

// writeKey writes a whole file first and then gives it its name, so that nobody reads half a key.
func writeKey(dir string, name func(from, to string) error) error {
	secret, verifier, err := note.GenerateKey(rand.Reader, keyName)
	if err != nil {
		return fmt.Errorf("make the audit log's key: %w", err)
	}
	temporary, err := os.CreateTemp(dir, KeyFile+".*") // 0600
	if err != nil {
		return fmt.Errorf("keep the audit log's key: %w", err)
	}
	_, err = temporary.WriteString(secret + "\n" + verifier + "\n")
	err = errors.Join(err, temporary.Sync(), temporary.Close())
	if err == nil {
		err = name(temporary.Name(), filepath.Join(dir, KeyFile))
	}
	_ = os.Remove(temporary.Name()) // gone already if it was renamed
	if err != nil {
		return fmt.Errorf("keep the audit log's key: %w", err)
	}
	return nil
}

// Checkpoint signs how far the log has grown, unless the newest checkpoint says so already. An empty log has none.
func (k *Key) Checkpoint(ctx context.Context, s store.Store, now time.Time) (store.AuditCheckpoint, error) {
	newest := func(r store.AuditReader) (last store.AuditCheckpoint, grown int64, err error) {
		head, err := r.AuditHead()
		if err == nil {
			last, err = r.LastAuditCheckpoint()
		}
		if last.Size < head.Seq {
			grown = head.Seq
		}
		return last, grown, err
	}
	var made store.AuditCheckpoint
	var grown int64
	err := s.View(ctx, func(r store.Reader) (err error) { // what has not grown keeps nobody from writing
		made, grown, err = newest(r)
		return err
	})
	if err == nil && grown > 0 {
		err = s.Change(ctx, func(tx store.Writer) error {
			if made, grown, err = newest(tx); err != nil || grown == 0 {
				return err
			}
			made, err = k.sign(tx, grown, now)
			return err
		})
	}
	if err != nil {
		return store.AuditCheckpoint{}, fmt.Errorf("sign the audit log: %w", err)
	}
	return made, nil
}

func (k *Key) sign(tx store.Writer, size int64, now time.Time) (store.AuditCheckpoint, error) {
	root, err := tlog.TreeHash(size, hashes(tx))
	if err != nil {
		return store.AuditCheckpoint{}, err
	}
	text, err := note.Sign(&note.Note{Text: formatCheckpoint(tlog.Tree{N: size, Hash: root})}, k.signer)
	if err != nil {
		return store.AuditCheckpoint{}, err
	}
	made := store.AuditCheckpoint{Size: size, At: now.UTC(), Note: string(text)}
	return made, tx.PutAuditCheckpoint(made)
}

func formatCheckpoint(t tlog.Tree) string {
	return fmt.Sprintf("%s\n%d\n%s\n", Origin, t.N, base64.StdEncoding.EncodeToString(t.Hash[:]))
}

// parseCheckpoint reads what formatCheckpoint wrote, and nothing else.
func parseCheckpoint(text string) (tlog.Tree, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[0] != Origin || lines[3] != "" {
		return tlog.Tree{}, errors.New("it is no checkpoint of an audit log")
	}
	n, err := strconv.ParseInt(lines[1], 10, 64)
	hash, failed := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || failed != nil || n < 1 || len(hash) != tlog.HashSize {
		return tlog.Tree{}, errors.New("it is no checkpoint of an audit log")
	}
	return tlog.Tree{N: n, Hash: tlog.Hash(hash)}, nil
}

// ReadCheckpoint gives the size and root that a checkpoint signs, if one of the keys signed it.
func ReadCheckpoint(text string, verifiers ...string) (tlog.Tree, error) {
	var known []note.Verifier
	for _, key := range verifiers {
		v, err := note.NewVerifier(key)
		if err != nil {
			return tlog.Tree{}, fmt.Errorf("read the key %q: %w", key, err)
		}
		known = append(known, v)
	}
	n, err := note.Open([]byte(text), note.VerifierList(known...))
	if err != nil {
		var unsigned *note.UnverifiedNoteError
		if errors.As(err, &unsigned) {
			return tlog.Tree{}, errors.New("the checkpoint is signed by another key")
		}
		return tlog.Tree{}, fmt.Errorf("the checkpoint can't be read: %w", err)
	}
	return parseCheckpoint(n.Text)
}
