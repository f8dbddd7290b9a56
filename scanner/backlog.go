package scanner

import (
	"context"
	"sync"
)

// maxBacklog is how many bytes the results that wait for an earlier one may hold
// before no worker begins another blob.
const maxBacklog = 8 << 20

// backlog counts the bytes that results hold until the caller is done with them. A
// worker waits before it begins a blob, never with a result: as blobs are begun in
// order, the result that the others wait for is on its way or taken already.
type backlog struct {
	mu    sync.Mutex
	freed sync.Cond
	held  int64
	most  int64 // that it ever held, for tests
}

func newBacklog() *backlog {
	b := new(backlog)
	b.freed.L = &b.mu
	return b
}

// wake makes those that wait see that ctx is done.
func (b *backlog) wake() { b.remove(0) }

// wait returns when another blob may be begun, or ctx is done.
func (b *backlog) wait(ctx context.Context) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.held > maxBacklog && ctx.Err() == nil {
		b.freed.Wait()
	}
}

// total returns how many bytes are held.
func (b *backlog) total() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.held
}

func (b *backlog) add(size int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.held += size
	b.most = max(b.most, b.held)
}

func (b *backlog) remove(size int64) {
	b.mu.Lock()
	b.held -= size
	b.mu.Unlock()
	b.freed.Broadcast()
}
