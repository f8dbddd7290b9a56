package verify

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestPaceKeepsTheInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pace{interval: time.Second}
		start := time.Now()
		for i := range 4 {
			if err := p.wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := time.Since(start); got != time.Duration(i)*time.Second {
				t.Errorf("call %d after %s", i, got)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := p.wait(ctx); err == nil {
			t.Error("an interrupt is not heard")
		}
	})
}
