package cli

import (
	"context"
	"testing"

	"github.com/keyguard/keyguard/gitrepo"
)

// TestEnded: the error of a run whose time is up names the step and the git process.
func TestEnded(t *testing.T) {
	c, ctx := NewClock(context.Background())
	c.Enter("opening the repository")
	c.Limit(1)
	<-ctx.Done()
	for _, tt := range []struct {
		err  error
		want string
	}{
		{nil, "the time given by --timeout ran out while opening the repository"},
		{&gitrepo.KilledError{Command: "rev-parse", Cause: context.Cause(ctx)}, "the time given by --timeout ran out while opening the repository: git rev-parse was still running"},
	} {
		if got := c.Ended(ctx, tt.err).Error(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

// TestLimitThatCounts: the last limit holds, and none leaves the one before.
func TestLimitThatCounts(t *testing.T) {
	c, ctx := NewClock(context.Background())
	defer c.Stop()
	c.Limit(1 << 40)
	c.Limit(0)
	if c.timer == nil {
		t.Error("no limit removed the one before")
	}
	c.Limit(1)
	<-ctx.Done()
	if !IsTimeUp(ctx) {
		t.Errorf("ended by %v", context.Cause(ctx))
	}
}
