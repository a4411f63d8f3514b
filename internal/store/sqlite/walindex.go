package sqlite

import (
	"os"
	"sync"
)

// walIndex reads the head of the file that SQLite's connections share beside a database in WAL mode (its format is
// documented as the WAL-index header): every commit of any process writes it anew before the commit returns, so as
// long as its bytes stay the same nothing has been committed. To look costs one read of a few bytes, where a question
// to SQLite costs locks. Different bytes prove nothing, not even when they are half written; then SQLite is asked.
type walIndex struct {
	file *os.File // nil: always ask
	last [walHeader]byte
	read bool
}

const walHeader = 48

// walFiles are open for as long as the process runs. Closing one would take away the locks that SQLite holds on it in
// this process: that is how file locks work on Unix.
var walFiles struct {
	sync.Mutex
	byPath map[string]*os.File
}

// openWALIndex opens the file of a database that has a connection open, so that it stays the same file.
func openWALIndex(database string) *walIndex {
	path := database + "-shm"
	walFiles.Lock()
	defer walFiles.Unlock()
	if f := walFiles.byPath[path]; f != nil && sameFile(f, path) {
		return &walIndex{file: f}
	}
	f, err := os.Open(path)
	if err != nil {
		return &walIndex{}
	}
	if walFiles.byPath == nil {
		walFiles.byPath = map[string]*os.File{}
	}
	if old := walFiles.byPath[path]; old != nil {
		walKept = append(walKept, old)
	}
	walFiles.byPath[path] = f
	return &walIndex{file: f}
}

// walKept holds files that another took the place of, so that nothing closes them.
var walKept []*os.File

func sameFile(f *os.File, path string) bool {
	mine, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(mine, there)
}

// unchanged tells whether the head is as it was the last time. If not, it notes the new one, and SQLite is to be asked
// after: a commit in between is seen twice rather than never.
func (w *walIndex) unchanged() bool {
	if w.file == nil {
		return false
	}
	var head [walHeader]byte
	if n, err := w.file.ReadAt(head[:], 0); err != nil || n != walHeader {
		w.read = false
		return false
	}
	if w.read && head == w.last {
		return true
	}
	w.last, w.read = head, true
	return false
}
