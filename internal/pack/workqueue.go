package pack

import (
	"slices"
	"sync"
)

// workQueue lets a worker that has run out of roots take over work from another: a base
// and its unvisited deltas.
type workQueue[S any] struct {
	frames chan frame[S]
	busy   sync.WaitGroup // workers that may offer work, and frames that were taken over
}

// newWorkQueue returns a queue for the given number of workers.
func newWorkQueue[S any](workers int) *workQueue[S] {
	x := &workQueue[S]{frames: make(chan frame[S])}
	x.busy.Add(workers)
	go func() {
		x.busy.Wait()
		close(x.frames)
	}()
	return x
}

// takeOver visits the deltas that other workers offer, until all are done.
func (w *worker[S]) takeOver() {
	w.busy.Done()
	for f := range w.frames {
		w.builder.free.use(cap(f.buf))
		w.hold(f)
		w.visitDeltas()
		w.busy.Done()
	}
}

// offer passes the lowest base of the stack, which has the most descendants, to an idle
// worker, if there is one and if some work remains for this one.
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
