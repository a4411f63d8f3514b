package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

func TestNobodyElseCanReadTheFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "with a ? and a % in it.db")
	s := openAt(t, path)
	if err := s.Change(t.Context(), func(w store.Writer) error { _, err := w.NextPolicyRevision(); return err }); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %04o, want 0600", info.Name(), info.Mode().Perm())
		}
	}

	copied := filepath.Join(t.TempDir(), FileName)
	if err := os.WriteFile(copied, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	openAt(t, copied)
	if info, err := os.Stat(copied); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("a file that was put there stays readable: %v %v", info.Mode(), err)
	}
}

func TestADirectoryThatOthersCanWriteToIsRefused(t *testing.T) {
	for mode, want := range map[os.FileMode]bool{0o700: true, 0o755: true, 0o770: false, 0o702: false, 0o777: false} {
		dir := t.TempDir()
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		s, err := Open(t.Context(), filepath.Join(dir, FileName))
		if (err == nil) != want {
			t.Errorf("mode %04o: %v", mode, err)
		}
		if err == nil {
			_ = s.Close()
		} else if !strings.Contains(err.Error(), "administrators") {
			t.Errorf("mode %04o: the error does not say why: %v", mode, err)
		}
	}
	if _, err := Open(t.Context(), filepath.Join(t.TempDir(), "none", FileName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a directory that is not there gives %v", err)
	}
}

func TestWhatIsNotOurDatabaseIsSaidPlainly(t *testing.T) {
	path := filepath.Join(t.TempDir(), FileName)
	if err := os.WriteFile(path, []byte(strings.Repeat("this is no database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), "damaged, or is not a database") {
		t.Errorf("opening rubbish gives %v", err)
	}

	newer := filepath.Join(t.TempDir(), FileName)
	s, err := Open(t.Context(), newer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.write.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), newer); !errors.Is(err, ErrNewer) {
		t.Errorf("opening data of a newer version gives %v, want ErrNewer", err)
	}

	damagedPath := filepath.Join(t.TempDir(), FileName)
	s, err = Open(t.Context(), damagedPath)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(damagedPath)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(data); i++ {
		data[i] ^= 0x5a
	}
	if err := os.WriteFile(damagedPath, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := Open(t.Context(), damagedPath); err == nil {
		err = s.View(t.Context(), func(r store.Reader) error { _, err := r.Policy(); return err })
		_ = s.Close()
		if err == nil {
			t.Error("damaged pages are read as if they were not")
		}
	}
}

func TestManyOpenNewDataAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), FileName)
	var wait sync.WaitGroup
	for range 6 {
		wait.Go(func() {
			s, err := Open(context.Background(), path)
			if err != nil {
				t.Errorf("opening beside others: %v", err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
}

func TestAWriterElsewhereIsWaitedFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), FileName)
	mine, theirs := openAt(t, path), openAt(t, path)
	writing, finish := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- theirs.Change(context.Background(), func(w store.Writer) error {
			close(writing)
			<-finish
			_, err := w.NextPolicyRevision()
			return err
		})
	}()
	<-writing

	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := mine.Change(ctx, func(store.Writer) error { return nil })
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("whoever will not wait gets %v, want the end of their patience", err)
	}
	if err := mine.View(t.Context(), func(r store.Reader) error { _, err := r.PolicyRevision(); return err }); err != nil {
		t.Errorf("a reader beside a writer: %v", err)
	}

	waited := make(chan error, 1)
	go func() {
		waited <- mine.Change(context.Background(), func(w store.Writer) error {
			if n, err := w.PolicyRevision(); err != nil || n != 1 {
				t.Errorf("the one who waited sees revision %d (%v), want the other's", n, err)
			}
			return nil
		})
	}()
	close(finish)
	if err := errors.Join(<-done, <-waited); err != nil {
		t.Error(err)
	}
}

func TestWhatADiskReportsIsUnavailable(t *testing.T) {
	s := openTest(t)
	// A file that may not grow behaves like a full disk.
	if _, err := s.write.Exec(`PRAGMA max_page_count = 1`); err != nil {
		t.Fatal(err)
	}
	err := s.Change(t.Context(), func(w store.Writer) error {
		return w.PutSetupLink(store.SetupLink{Hash: make([]byte, 32)})
	})
	if err == nil {
		err = s.Change(t.Context(), func(w store.Writer) error {
			_, err := w.(*writer).exec(`CREATE TABLE big AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 100000) SELECT i, hex(randomblob(100)) FROM n`)
			return err
		})
	}
	if fault.KindOf(err) != fault.KindUnavailable || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("a full disk gives %v", err)
	}
	if err := s.View(t.Context(), func(r store.Reader) error { _, err := r.Policy(); return err }); err != nil {
		t.Errorf("after a full disk the store can't be read: %v", err)
	}
}

func TestTheAuditTablesRefuseToForget(t *testing.T) {
	s := openTest(t)
	e := store.AuditEntry{Seq: 1, At: time.Unix(1, 0), Outcome: "done", Hash: [32]byte{1}}
	if err := s.Change(t.Context(), func(w store.Writer) error { return w.AppendAudit(e) }); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`UPDATE audit_entries SET actor = 'other'`, `DELETE FROM audit_entries`,
		`INSERT OR REPLACE INTO audit_entries SELECT * FROM audit_entries`,
	} {
		if _, err := s.write.Exec(statement); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s gives %v, want it refused", statement, err)
		}
	}
}

func TestAReaderCannotWrite(t *testing.T) {
	s := openTest(t)
	err := s.View(t.Context(), func(r store.Reader) error {
		_, err := r.(*reader).tx.Exec(`UPDATE policy SET revision = 5`)
		return err
	})
	if err == nil {
		t.Error("a read transaction wrote")
	}
	if _, err := s.read.Exec(`DELETE FROM users`); err == nil {
		t.Error("a reader's connection wrote")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Version(t.Context()); !errors.Is(err, sql.ErrConnDone) {
		t.Errorf("the version of a closed store gives %v", err)
	}
}

func TestAMigrationThatCameLateIsApplied(t *testing.T) {
	path := filepath.Join(t.TempDir(), FileName)
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	// As data is that was made when 80 existed and 20 did not.
	for _, q := range []string{`DROP TABLE audit_hashes`, `DROP TABLE audit_checkpoints`, `DELETE FROM goose_db_version WHERE version_id = 20`} {
		if _, err := s.write.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err = Open(t.Context(), path)
	if err != nil {
		t.Fatalf("data that lacks a lower number than its highest can't be opened: %v", err)
	}
	if _, err := s.write.Exec(`SELECT 1 FROM audit_hashes, audit_checkpoints`); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
