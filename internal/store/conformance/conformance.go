// Package conformance is what every backend of the store must pass.
package conformance

import (
	"context"
	"errors"
	"testing"

	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Backend makes new, empty data, and gives what opens a handle on it. Each call opens another, as another process
// would; the backend sees to the closing.
type Backend func(t *testing.T) (open func() store.Store)

// Run holds a backend to the contract.
func Run(t *testing.T, backend Backend) {
	for _, part := range []struct {
		name string
		test func(*testing.T, Backend)
	}{
		{"a change is kept whole or not at all", changes},
		{"a reader sees one state", consistentReads},
		{"the version follows every commit of anyone", versions},
		{"two handles share the data", twoHandles},
		{"the policy comes back as it was written", policyRoundTrip},
		{"edits do to the store what they do to a snapshot", editsAgree},
		{"a shadow counts its differences", shadowDifferences},
		{"versions of roles are kept by id", roleVersions},
		{"imports keep their notes", importedNotes},
		{"a group is known by the names that it had", formerGroupNames},
		{"the Action centre", actions},
		{"notifications", notifications},
		{"custom detections", detections},
		{"alerts of a scope follow its device groups", scopesFollow},
		{"what people keep of their hunting", hunting},
		{"rows of a hunt are linked once", links},
		{"feeds", feeds},
		{"Threat analytics", analytics},
		{"it tells the time", tellsTheTime},
		{"what hangs on a thing goes with it", references},
		{"names do not differ in case alone", foldedNames},
		{"revisions count up", revisions},
		{"the directory", directory},
		{"the audit log", auditLog},
		{"the audit log is listed by what one asks for", auditQueries},
	} {
		t.Run(part.name, func(t *testing.T) { part.test(t, backend) })
	}
}

// tester is a test, or one sample of a property.
type tester interface {
	Helper()
	Fatal(args ...any)
}

func change(t tester, s store.Store, f func(store.Writer) error) {
	t.Helper()
	if err := s.Change(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

func edit(t tester, s store.Store, edits ...rbac.Edit) {
	t.Helper()
	change(t, s, func(w store.Writer) error { return w.ApplyEdits(edits...) })
}

// read gives what one read transaction gives.
func read[T any](t tester, s store.Store, f func(store.Reader) (T, error)) T {
	t.Helper()
	var v T
	err := s.View(context.Background(), func(r store.Reader) (err error) {
		v, err = f(r)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func policyOf(t tester, s store.Store) rbac.Policy {
	t.Helper()
	return read(t, s, store.Reader.Policy)
}

func hasUser(t tester, s store.Store, name string) bool {
	t.Helper()
	return read(t, s, func(r store.Reader) (bool, error) {
		_, found, err := r.User(name)
		return found, err
	})
}

var errMine = errors.New("mine")

func putUser(name string) rbac.Edit { return rbac.PutUser{User: rbac.User{Name: name}} }
