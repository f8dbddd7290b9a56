package scanner

import (
	"context"
	"sync"
)

// maxBacklog is the number of bytes of waiting results above which no worker starts
// another blob.
const maxBacklog = 8 << 20

// backlog counts the bytes of results that the caller has not consumed. A worker waits
// before it starts a blob, never with a result. Blobs are started in order, so the result
// that the others wait for is being computed or was consumed.
type backlog struct {
	mu    sync.Mutex
	freed sync.Cond
	held  int64
	most  int64 // maximum of held, for tests
}

func newBacklog() *backlog {
	b := new(backlog)
	b.freed.L = &b.mu
	return b
}

// wake makes the waiting workers check ctx.
func (b *backlog) wake() { b.remove(0) }

// wait blocks until another blob may be started, or ctx is done.
func (b *backlog) wait(ctx context.Context) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.held > maxBacklog && ctx.Err() == nil {
		b.freed.Wait()
	}
}

// total returns the number of bytes held.
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
