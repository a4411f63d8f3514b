//go:build !unix

package duck

import "github.com/bailiwick/bailiwick/internal/hunting/worker"

func confine(worker.Limits) {}
