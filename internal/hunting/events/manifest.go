package events

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Segment is a file of rows of one table, in the order of time. It never changes: it is there, or not.
type Segment struct {
	File    string    `json:"file"`
	Table   string    `json:"table"`
	Rows    int64     `json:"rows"`
	Bytes   int64     `json:"bytes"`
	From    Ticks     `json:"from"` // of the rows' own times
	To      Ticks     `json:"to"`
	Arrived time.Time `json:"arrived"` // of the newest
}

// manifest is what the store has. It is replaced whole, so a reader meets one state or the next and nothing between.
type manifest struct {
	Version  int                `json:"version"`
	Next     int64              `json:"next"`
	Secret   []byte             `json:"secret"` // by which rows are known again
	Segments []Segment          `json:"segments"`
	Tables   map[string]*Counts `json:"tables"`
	Gone     []gone             `json:"gone"` // files that running queries may still be about to open
}

// Counts are what came of a table's rows beside those that are there.
type Counts struct {
	Unknown   map[string]int64 `json:"unknown,omitempty"`   // columns that the table does not have
	Mistyped  map[string]int64 `json:"mistyped,omitempty"`  // columns with values of another type
	Rejected  int64            `json:"rejected,omitempty"`  // rows that were no rows
	Duplicate int64            `json:"duplicate,omitempty"` // came again
	Expired   int64            `json:"expired,omitempty"`   // rows that retention has taken
}

type gone struct {
	File  string    `json:"file"`
	Since time.Time `json:"since"`
}

const (
	manifestName    = "manifest.json"
	manifestVersion = 1
)

func readManifest(dir string) (*manifest, error) {
	text, err := os.ReadFile(filepath.Join(dir, manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		m := &manifest{Version: manifestVersion, Next: 1, Secret: make([]byte, 32)}
		_, err := rand.Read(m.Secret)
		return m, err
	}
	if err != nil {
		return nil, err
	}
	m := &manifest{}
	if err := json.Unmarshal(text, m); err != nil {
		return nil, fmt.Errorf("read %s: %w", manifestName, err)
	}
	if m.Version != manifestVersion {
		return nil, fmt.Errorf("read %s: it is of version %d, and this program knows version %d", manifestName, m.Version, manifestVersion)
	}
	return m, nil
}

// write puts the manifest in the place of the one before. Once it returns, no loss of power takes it back.
func (m *manifest) write(dir string) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".manifest-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err = f.Write(text); err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), filepath.Join(dir, manifestName)); err != nil {
		return err
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (m *manifest) counts(table string) *Counts {
	if m.Tables == nil {
		m.Tables = map[string]*Counts{}
	}
	c := m.Tables[table]
	if c == nil {
		c = &Counts{}
		m.Tables[table] = c
	}
	return c
}

// maxNames is how many names of unknown columns are remembered: who sends rows chooses them.
const maxNames = 200

func count(into *map[string]int64, name string) {
	if *into == nil {
		*into = map[string]int64{}
	}
	if len(name) > 128 {
		name = name[:128]
	}
	if _, ok := (*into)[name]; !ok && len(*into) >= maxNames {
		name = "(others)"
	}
	(*into)[name]++
}

func (c *Counts) merge(more *Counts) {
	for _, m := range []struct {
		into *map[string]int64
		from map[string]int64
	}{{&c.Unknown, more.Unknown}, {&c.Mistyped, more.Mistyped}} {
		for name, n := range m.from {
			count(m.into, name)
			if _, ok := (*m.into)[name]; ok {
				(*m.into)[name] += n - 1
			} else {
				(*m.into)["(others)"] += n - 1
			}
		}
	}
	c.Rejected += more.Rejected
	c.Duplicate += more.Duplicate
	c.Expired += more.Expired
}
