package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"time"

	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
	"github.com/bailiwick/bailiwick/internal/hunting/worker"
)

// hunter runs hunting queries, each in a process of its own: this program, started anew.
func (p *program) hunter(c *centre, now func() time.Time) (*hunt.Hunter, *worker.Pool) {
	pool := worker.NewPool(func() *exec.Cmd {
		self, err := os.Executable()
		if err != nil {
			self = os.Args[0]
		}
		command := exec.Command(self, "hunt-worker")
		command.Env = []string{} // it needs nothing of what the server was told
		return command
	}, max(runtime.NumCPU(), 2))
	pool.Log = func(id string, code worker.Code, kind string) {
		fmt.Fprintf(terminal{p.err}, "bailiwick: hunting query %s: %s (%s)\n", id, code, kind)
	}
	return hunt.New(hunt.Config{
		Store: c.store, Snapshots: c.permissions, Events: c.intake.Events, Workers: pool, Shelf: c.feeds.Shelf, KeptDays: keptDays, Now: now,
	}), pool
}
