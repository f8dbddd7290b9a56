package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"
)

// collectAt is how many percent the heap grows between collections. It is small,
// a few megabytes, so a tenth of a scan's time costs a few more.
const collectAt = 200

// grace is how long an interrupted run may take to end. One that opens a pipe which
// nobody writes to, or reads, would wait for ever.
const grace = 3 * time.Second

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, func() {
		stop() // a second interrupt does not wait
		time.AfterFunc(grace, func() { os.Exit(exitInterrupted) })
	})
	// A reader that is gone is an error like others. Ignored, the signal would
	// stay so in git too.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	a := &app{in: os.Stdin, out: os.Stdout, err: os.Stderr, env: os.Getenv}
	code := a.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
