package cli

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/keyguard/keyguard/gitrepo"
)

// grace is how long a run may take to end after it was interrupted or its time ran
// out. One that opens a pipe would otherwise wait until somebody else opens it too.
const Grace = 3 * time.Second

// errTimeUp is the cause of a context that --timeout ended.
var ErrTimeUp = errors.New("the time given by --timeout ran out")

// clock bounds the time of a run, from the start of the program.
type Clock struct {
	start   time.Time
	cancel  context.CancelCauseFunc
	Overdue chan struct{} // closed when a run that should have ended has had its grace

	mu    sync.Mutex
	timer *time.Timer
	step  string
	git   string // the verb of the git process that was killed
}

// newClock returns a clock and the context that it ends. Stop frees it.
func NewClock(parent context.Context) (*Clock, context.Context) {
	c := &Clock{start: time.Now(), Overdue: make(chan struct{})}
	ctx, cancel := context.WithCancelCause(parent)
	c.cancel = cancel
	context.AfterFunc(ctx, func() { time.AfterFunc(Grace, func() { close(c.Overdue) }) })
	return c, ctx
}

// limit gives the run its time; 0 leaves it as it is. The last limit counts.
func (c *Clock) Limit(d time.Duration) {
	if d <= 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timer != nil {
		c.timer.Stop()
	}
	c.timer = time.AfterFunc(d-time.Since(c.start), func() { c.cancel(ErrTimeUp) })
}

// stop ends the clock's context.
func (c *Clock) Stop() { c.cancel(context.Canceled) }

// enter records the step that begins, as errors call it.
func (c *Clock) Enter(step string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.step = step
}

// note records which git process err says was killed, if any.
func (c *Clock) Note(err error) {
	if killed := (*gitrepo.KilledError)(nil); errors.As(err, &killed) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.git = killed.Verb
	}
}

// ended returns the error of a run that stopped before its end. err, which may be nil,
// is the error that stopped it.
func (c *Clock) Ended(ctx context.Context, err error) error {
	if !IsTimeUp(ctx) {
		return ExitInterrupted
	}
	c.Note(err)
	return WithHint(errors.New(ErrTimeUp.Error()+c.Where()), "give it more time, or less to scan")
}

// where returns the end of a sentence on time that ran out: while doing which step.
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

// isTimeUp reports whether --timeout ended a context.
func IsTimeUp(ctx context.Context) bool { return errors.Is(context.Cause(ctx), ErrTimeUp) }
