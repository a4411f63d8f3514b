package sqlite

import (
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/bailiwick/bailiwick/internal/store"
)

// AuditHashes reads hashes of the log's tree.
func (r *reader) AuditHashes(numbers []int64) ([][32]byte, error) {
	wanted, err := json.Marshal(numbers)
	if err != nil {
		return nil, err
	}
	known := map[int64][32]byte{}
	err = r.each(`SELECT number, hash FROM audit_hashes WHERE number IN (SELECT value FROM json_each(?))`, func(rows *sql.Rows) error {
		var n int64
		var hash []byte
		if err := rows.Scan(&n, &hash); err != nil {
			return err
		}
		known[n] = [32]byte(hash)
		return nil
	}, string(wanted))
	if err != nil {
		return nil, err
	}
	list := make([][32]byte, len(numbers))
	for i, n := range numbers {
		hash, ok := known[n]
		if !ok {
			return nil, fmt.Errorf("read the audit log's tree: hash %d is missing", n)
		}
		list[i] = hash
	}
	return list, nil
}

// AppendAuditHashes writes hashes of the log's tree.
func (w *writer) AppendAuditHashes(first int64, hashes [][32]byte) error {
	for i, hash := range hashes {
		if _, err := w.exec(`INSERT INTO audit_hashes (number, hash) VALUES (?, ?)`, first+int64(i), hash[:]); err != nil {
			return fmt.Errorf("write the audit log's tree: %w", err)
		}
	}
	return nil
}

// AuditCheckpoints lists the checkpoints.
func (r *reader) AuditCheckpoints() ([]store.AuditCheckpoint, error) {
	var list []store.AuditCheckpoint
	err := r.each(`SELECT size, at, note FROM audit_checkpoints ORDER BY size`, func(rows *sql.Rows) error {
		var c store.AuditCheckpoint
		var at sql.NullInt64
		err := rows.Scan(&c.Size, &at, &c.Note)
		c.At = moment(at)
		list = append(list, c)
		return err
	})
	return list, err
}

// LastAuditCheckpoint gives the largest.
func (r *reader) LastAuditCheckpoint() (store.AuditCheckpoint, error) {
	var c store.AuditCheckpoint
	var at sql.NullInt64
	_, err := r.one(`SELECT size, at, note FROM audit_checkpoints ORDER BY size DESC LIMIT 1`, nil, &c.Size, &at, &c.Note)
	c.At = moment(at)
	return c, err
}

// PutAuditCheckpoint keeps a checkpoint.
func (w *writer) PutAuditCheckpoint(c store.AuditCheckpoint) error {
	_, err := w.exec(`INSERT INTO audit_checkpoints (size, at, note) VALUES (?, ?, ?)`, c.Size, c.At.UnixNano(), c.Note)
	if err != nil {
		return fmt.Errorf("keep the audit log's checkpoint: %w", err)
	}
	return nil
}
