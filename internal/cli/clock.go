package cli

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/keyguard/keyguard/gitrepo"
)

// Grace is the time in which an interrupted run must end. A run may wait to open a pipe,
// which no context interrupts.
const Grace = 3 * time.Second

// ErrTimeUp is the cause of a context that --timeout canceled.
var ErrTimeUp = errors.New("the time given by --timeout ran out")

// Clock limits the time of a run, counted from the start of the program. It is safe for
// concurrent use.
type Clock struct {
	start   time.Time
	cancel  context.CancelCauseFunc
	Overdue chan struct{} // closed after Grace

	mu    sync.Mutex
	timer *time.Timer
	step  string
	git   string // the command of the git process that was killed
}

// NewClock returns a clock and the context that it cancels. The caller must call Stop.
func NewClock(parent context.Context) (*Clock, context.Context) {
	c := &Clock{start: time.Now(), Overdue: make(chan struct{})}
	ctx, cancel := context.WithCancelCause(parent)
	c.cancel = cancel
	context.AfterFunc(ctx, func() { time.AfterFunc(Grace, func() { close(c.Overdue) }) })
	return c, ctx
}

// Limit sets the time of the run. It replaces an earlier limit, unless d is 0.
func (c *Clock) Limit(d time.Duration) {
	if d <= 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timer != nil {
		c.timer.Stop()
	}
	left := d - time.Since(c.start)
	if left <= 0 {
		c.cancel(ErrTimeUp) // now, before a step begins
		return
	}
	c.timer = time.AfterFunc(left, func() { c.cancel(ErrTimeUp) })
}

// Stop cancels the clock's context.
func (c *Clock) Stop() { c.cancel(context.Canceled) }

// Enter records the name of the current step, for error messages.
func (c *Clock) Enter(step string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.step = step
}

// Note records the git process that was killed, if err is a gitrepo.KilledError.
func (c *Clock) Note(err error) {
	if killed := (*gitrepo.KilledError)(nil); errors.As(err, &killed) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.git = killed.Command
	}
}

// Ended returns the error of a run that ctx stopped. err is the run's own error; it may
// be nil.
func (c *Clock) Ended(ctx context.Context, err error) error {
	if !IsTimeUp(ctx) {
		return ExitInterrupted
	}
	c.Note(err)
	return WithHint(errors.New(ErrTimeUp.Error()+c.Where()), "increase --timeout, or scan less")
}

// Where returns the current step, as the end of an error message.
func (c *Clock) Where() string {
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

// IsTimeUp reports whether --timeout canceled ctx.
func IsTimeUp(ctx context.Context) bool { return errors.Is(context.Cause(ctx), ErrTimeUp) }
