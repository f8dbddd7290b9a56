package pack

import (
	"slices"
	"sync"
)

// exchange is how a worker that has no roots left gets work from others: a base with
// the deltas on it that are still to come.
type workQueue[S any] struct {
	frames chan frame[S]
	busy   sync.WaitGroup // workers that may give, and frames that were taken
}

// newExchange returns an exchange for so many workers.
func newWorkQueue[S any](workers int) *workQueue[S] {
	x := &workQueue[S]{frames: make(chan frame[S])}
	x.busy.Add(workers)
	go func() {
		x.busy.Wait()
		close(x.frames)
	}()
	return x
}

// take goes on with what others give, until none has anything left.
func (w *worker[S]) takeOver() {
	w.busy.Done()
	for f := range w.frames {
		w.builder.free.use(cap(f.buf))
		w.hold(f)
		w.visitDeltas()
		w.busy.Done()
	}
}

// give hands the lowest base on the stack, on which most is built, to a worker that
// waits, if there is one, and if something is left for this one.
func (w *worker[S]) offer() {
	if len(w.stack) < 2 {
		return
	}
	low := w.stack[0]
	w.busy.Add(1)
	select {
	case w.frames <- low:
		w.builder.free.use(-cap(low.buf))
		w.held -= int64(len(low.data))
		w.spilled = max(0, w.spilled-1)
		w.stack = slices.Delete(w.stack, 0, 1)
	default:
		w.busy.Done()
	}
}
