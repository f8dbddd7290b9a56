package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/keyguard/keyguard/internal/cli"
)

// collectAt is the GC percentage. The heap has a few megabytes; doubling them saves a
// tenth of the time.
const collectAt = 200

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // nohup
		ends = append(ends, syscall.SIGHUP) // git has its own process group
	}
	ctx, stop := signal.NotifyContext(context.Background(), ends...)
	context.AfterFunc(ctx, stop) // a second interrupt stops at once
	// A closed pipe is an error like others. If the signal were ignored, git would
	// inherit that.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	a := &cli.App{In: os.Stdin, Out: cli.Stdout(), Err: os.Stderr, Env: os.Getenv}
	code := run(ctx, a, os.Args[1:])
	stop()
	os.Exit(int(code))
}
