//go:build unix

package events

import (
	"errors"
	"os"
	"syscall"
)

// tryLock locks a file for whoever opened it. The system lets go of it when the process ends, however it ends.
func tryLock(f *os.File) (bool, error) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
