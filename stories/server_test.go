package stories

import (
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

type serverKey struct{}

// server is the one that a story runs.
type server struct {
	command *exec.Cmd
	done    chan error
	log     log
}

// log keeps what the server says and lets a story wait for a line of it.
type log struct {
	mu    sync.Mutex
	text  []byte
	grown chan struct{}
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	if l.grown != nil {
		close(l.grown)
	}
	l.grown = make(chan struct{})
	return len(p), nil
}

func (l *log) find(pattern *regexp.Regexp) ([]string, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.grown == nil {
		l.grown = make(chan struct{})
	}
	return pattern.FindStringSubmatch(string(l.text)), l.grown
}

// address is how serve tells where it listens.
var address = regexp.MustCompile(`(?m)^listening on (https?://\S+)$`)

// start starts the program's server and waits until it says where it listens and answers there.
func start(s *server, data, dir string, args ...string) (url string, err error) {
	s.log = log{}
	s.command = exec.Command(program, append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0"}, args...)...)
	s.command.Dir = dir
	s.command.Stdout, s.command.Stderr = &s.log, &s.log
	if err := s.command.Start(); err != nil {
		return "", err
	}
	s.done = make(chan error, 1)
	go func(c *exec.Cmd, done chan<- error) { done <- c.Wait() }(s.command, s.done)

	timeout := time.After(60 * time.Second)
	for url == "" {
		found, grown := s.log.find(address)
		if found != nil {
			url = found[1]
			break
		}
		select {
		case <-grown:
		case err := <-s.done:
			s.done <- err
			return "", &failed{"the server ended before it listened", string(s.log.text)}
		case <-timeout:
			return "", &failed{"the server did not say where it listens", string(s.log.text)}
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/readyz", nil)
	if err != nil {
		return "", err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return "", &failed{"/readyz answered " + answer.Status, string(s.log.text)}
	}
	return url, nil
}

type failed struct{ what, log string }

func (f *failed) Error() string { return f.what + ":\n" + f.log }

// end sends a signal and waits for the server to be gone.
func (s *server) end(signal os.Signal) error {
	if s.command == nil {
		return nil
	}
	if err := s.command.Process.Signal(signal); err != nil {
		return err
	}
	select {
	case err := <-s.done:
		s.command = nil
		return err
	case <-time.After(30 * time.Second):
		_ = s.command.Process.Kill()
		return &failed{"the server did not end when asked", string(s.log.text)}
	}
}

func serve(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(serverKey{}).(*server)
	if s.command != nil {
		ts.Fatalf("a server is running already")
	}
	ts.Defer(func() { _ = s.end(syscall.SIGKILL) })
	url, err := start(s, ts.Getenv("DATA"), ts.MkAbs("."), args...)
	if neg {
		if err == nil {
			ts.Fatalf("the server started; it should have refused")
		}
		s.command = nil
		_, _ = ts.Stderr().Write([]byte(err.Error()))
		return
	}
	ts.Check(err)
	ts.Setenv("URL", url)
	if found, _ := s.log.find(regexp.MustCompile(`/setup#([A-Za-z0-9_-]{20,})`)); found != nil {
		ts.Setenv("SETUP", found[1])
	}
	_, _ = ts.Stdout().Write(s.log.text)
}

func stop(ts *testscript.TestScript, neg bool, _ []string) {
	s := ts.Value(serverKey{}).(*server)
	if s.command == nil {
		ts.Fatalf("no server is running")
	}
	err := s.end(syscall.SIGTERM)
	_, _ = ts.Stderr().Write(s.log.text)
	if (err != nil) != neg {
		ts.Fatalf("the server ended with %v", err)
	}
}

func crash(ts *testscript.TestScript, _ bool, _ []string) {
	_ = ts.Value(serverKey{}).(*server).end(syscall.SIGKILL)
}

// run starts a server for a test that is not a script.
func run(t testing.TB, data string, args ...string) (*server, string) {
	t.Helper()
	s := &server{}
	url, err := start(s, data, t.TempDir(), args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.end(syscall.SIGKILL) })
	return s, url
}
