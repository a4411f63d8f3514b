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
	if err := catchUp(tx, n); err != nil {
		return err
	}
	return growLeaf(tx, n, leaf)
}

// catchUp gives a log of this size that is older than its tree the tree of its entries. Otherwise it costs one look-up.
func catchUp(tx store.Writer, size int64) error {
	count, err := tx.AuditHashCount()
	if err != nil || count > 0 || size == 0 {
		return err
	}
	var leaves [][]byte
	err = tx.AuditWalk(0, func(e Entry) error {
		leaf, err := Canonical(e)
		leaves = append(leaves, leaf)
		return err
	})
	if err != nil {
		return fmt.Errorf("make the audit log's tree: %w", err)
	}
	for n, leaf := range leaves[:min(size, int64(len(leaves)))] {
		if err := growLeaf(tx, int64(n), leaf); err != nil {
			return err
		}
	}
	return nil
}

func growLeaf(tx store.Writer, n int64, leaf []byte) error {
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
