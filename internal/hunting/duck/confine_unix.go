//go:build unix

package duck

import (
	"syscall"

	"github.com/bailiwick/bailiwick/internal/hunting/worker"
)

// confine limits what the process may take, whatever the engine thinks that it takes: a single function that cannot be interrupted and
// counts no memory would have the machine's. What it asks for beyond that it does not get.
func confine(most worker.Limits) {
	limit := func(resource int, n uint64) {
		_ = syscall.Setrlimit(resource, &syscall.Rlimit{Cur: n, Max: n})
	}
	limit(syscall.RLIMIT_AS, uint64(max(most.MemoryMB, 64)+room)<<20)
	limit(syscall.RLIMIT_CORE, 0) // what is in memory is no file's
	limit(syscall.RLIMIT_FSIZE, uint64(max(most.ScratchMB, 1)+16)<<20)
}

// room is the address space that the program itself takes: its code, stacks and the tables of two memory managers.
const room = 2560
