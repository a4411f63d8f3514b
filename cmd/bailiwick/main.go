// Command bailiwick is the security centre: its server, and the command line beside it.
//
// Here are flags and wiring, nothing else. What a command does is an operation of a room.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// version is set when the program is built.
var version = "development"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
