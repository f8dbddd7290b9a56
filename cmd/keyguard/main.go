package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/keyguard/keyguard/internal/cli"
)

// collectAt is how many percent the heap grows between collections. It is small,
// a few megabytes, so a tenth of a scan's time costs a few more.
const collectAt = 200

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // nohup
		ends = append(ends, syscall.SIGHUP) // git, in a process group of its own, gets none
	}
	ctx, stop := signal.NotifyContext(context.Background(), ends...)
	context.AfterFunc(ctx, stop) // a second interrupt does not wait
	// A reader that is gone is an error like others. Ignored, the signal would
	// stay so in git too.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	a := &cli.App{In: os.Stdin, Out: cli.Stdout(), Err: os.Stderr, Env: os.Getenv}
	code := run(ctx, a, os.Args[1:])
	stop()
	os.Exit(int(code))
}
