package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/gitrepo"
)

// grace is how long a run may take to end after it was interrupted or its time ran
// out. One that opens a pipe would otherwise wait until somebody else opens it too.
const grace = 3 * time.Second

// errTimeUp is the cause of a context that --timeout ended.
var errTimeUp = errors.New("the time given by --timeout ran out")

// clock bounds the time of a run, from the start of the program.
type clock struct {
	start   time.Time
	cancel  context.CancelCauseFunc
	overdue chan struct{} // closed when a run that should have ended has had its grace

	mu    sync.Mutex
	timer *time.Timer
	step  string
	git   string // the verb of the git process that was killed
}

// limitFlag gives a verb the flag --timeout.
func limitFlag(cmd *cobra.Command, d *time.Duration) {
	cmd.Flags().DurationVar(d, "timeout", 0, "stop after this time, with exit code 2; 0: never")
}

// newClock returns a clock and the context that it ends. Stop frees it.
func newClock(parent context.Context) (*clock, context.Context) {
	c := &clock{start: time.Now(), overdue: make(chan struct{})}
	ctx, cancel := context.WithCancelCause(parent)
	c.cancel = cancel
	context.AfterFunc(ctx, func() { time.AfterFunc(grace, func() { close(c.overdue) }) })
	return c, ctx
}

// limit gives the run its time; 0 leaves it as it is. The last limit counts.
func (c *clock) limit(d time.Duration) {
	if d <= 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timer != nil {
		c.timer.Stop()
	}
	c.timer = time.AfterFunc(d-time.Since(c.start), func() { c.cancel(errTimeUp) })
}

// stop ends the clock's context.
func (c *clock) stop() { c.cancel(context.Canceled) }

// enter records the step that begins, as errors call it.
func (c *clock) enter(step string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.step = step
}

// note records which git process err says was killed, if any.
func (c *clock) note(err error) {
	if killed := (*gitrepo.KilledError)(nil); errors.As(err, &killed) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.git = killed.Verb
	}
}

// ended returns the error of a run that stopped before its end. err, which may be nil,
// is the error that stopped it.
func (c *clock) ended(ctx context.Context, err error) error {
	if !isTimeUp(ctx) {
		return exit(exitInterrupted)
	}
	c.note(err)
	return &hinted{errors.New(errTimeUp.Error() + c.where()), "give it more time, or less to scan"}
}

// where returns the end of a sentence on time that ran out: while doing which step.
func (c *clock) where() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	text := ""
	if c.step != "" {
		text = " while " + c.step
	}
	if c.git != "" {
		text += ": git " + c.git + " was still running"
	}
	return text
}

// isTimeUp reports whether --timeout ended a context.
func isTimeUp(ctx context.Context) bool { return errors.Is(context.Cause(ctx), errTimeUp) }
