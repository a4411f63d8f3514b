package audit

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/bailiwick/bailiwick/internal/store"
)

// The log is a Merkle tree (RFC 6962) as well: entry n is its leaf n-1, and the leaf is the entry's canonical form. The tree
// grows in the transaction that writes the entry, whichever process that is.

// hashes reads a tree's hashes out of the store.
func hashes(r store.AuditReader) tlog.HashReader {
	return tlog.HashReaderFunc(func(numbers []int64) ([]tlog.Hash, error) {
		list, err := r.AuditHashes(numbers)
		out := make([]tlog.Hash, len(list))
		for i, h := range list {
			out[i] = h
		}
		return out, err
	})
}

// grow adds an entry to the tree.
func grow(tx store.Writer, e Entry) error {
	leaf, err := Canonical(e)
	if err != nil {
		return err
	}
	n := e.Seq - 1
	fresh, err := tlog.StoredHashes(n, leaf, hashes(tx))
	if err != nil {
		return fmt.Errorf("grow the audit log's tree: %w", err)
	}
	list := make([][32]byte, len(fresh))
	for i, h := range fresh {
		list[i] = h
	}
	return tx.AppendAuditHashes(tlog.StoredHashIndex(0, n), list)
}

// growing is a tree in memory, made of entries one after the other: what a verifier makes for itself.
type growing struct {
	stored []tlog.Hash
	size   int64
}

func (g *growing) ReadHashes(numbers []int64) ([]tlog.Hash, error) {
	list := make([]tlog.Hash, len(numbers))
	for i, n := range numbers {
		if n < 0 || n >= int64(len(g.stored)) {
			return nil, fmt.Errorf("hash %d is missing", n)
		}
		list[i] = g.stored[n]
	}
	return list, nil
}

func (g *growing) add(leaf []byte) error {
	fresh, err := tlog.StoredHashes(g.size, leaf, g)
	if err != nil {
		return err
	}
	g.stored = append(g.stored, fresh...)
	g.size++
	return nil
}

// root is the tree's hash when it had a size; of an empty tree it is that of nothing.
func (g *growing) root(size int64) (tlog.Hash, error) { return tlog.TreeHash(size, g) }
