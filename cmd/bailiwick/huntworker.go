package main

import (
	"github.com/spf13/cobra"

	"github.com/bailiwick/bailiwick/internal/hunting/duck"
)

// huntWorkerCommand is what the server starts for each hunting query. Nobody types it.
func (p *program) huntWorkerCommand() *cobra.Command {
	return &cobra.Command{
		Use: "hunt-worker", Hidden: true, Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return duck.Work(p.in, p.out) },
	}
}
