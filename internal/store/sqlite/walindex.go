//go:build unix

package sqlite

import (
	"os"
	"sync"
	"syscall"
)

// walIndex reads the head of the file that SQLite's connections share beside a database in WAL mode (its format is
// documented as the WAL-index header): every commit of any process writes it anew before the commit returns, so as
// long as its bytes stay the same nothing has been committed. To look costs a few nanoseconds, since the file is mapped
// into memory by SQLite's connections and by this; a question to SQLite costs locks. Different bytes prove nothing, not
// even when they are half written; then SQLite is asked.
type walIndex struct {
	head []byte // nil: always ask
	last [walHeader]byte
	read bool
}

const walHeader = 48

// walFiles are open for as long as the process runs, and so are their mappings. Closing one would take away the locks
// that SQLite holds on it in this process: that is how file locks work on Unix.
var walFiles struct {
	sync.Mutex
	open []walFile
}

type walFile struct {
	file *os.File
	head []byte
}

// openWALIndex maps the file of a database that has a connection open, so that it stays the same file.
func openWALIndex(database string) *walIndex {
	path := database + "-shm"
	walFiles.Lock()
	defer walFiles.Unlock()
	for _, known := range walFiles.open {
		if sameFile(known.file, path) {
			return &walIndex{head: known.head}
		}
	}
	f, err := os.Open(path)
	if err != nil {
		return &walIndex{}
	}
	var head []byte
	if info, err := f.Stat(); err == nil && info.Size() >= walHeader {
		head, err = syscall.Mmap(int(f.Fd()), 0, walHeader, syscall.PROT_READ, syscall.MAP_SHARED)
		if err != nil {
			head = nil
		}
	}
	walFiles.open = append(walFiles.open, walFile{f, head})
	return &walIndex{head: head}
}

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
	if w.head == nil {
		return false
	}
	head := [walHeader]byte(w.head)
	if w.read && head == w.last {
		return true
	}
	w.last, w.read = head, true
	return false
}
