package scanner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
)

// Maximum number of bytes that decoders may return for one blob: a part of it per byte
// scanned, so that the time is proportional to the size of the blob. Ordinary content
// needs a fraction, because a run is decoded two or three times at most.
const (
	decodedFree    = 1 << 20
	decodedPerByte = 32
)

// maxCandidates is the maximum number of findings of one blob, with their parts and the
// candidates that may become some. It limits the memory for a file full of IDs. Dropped
// candidates do not count.
const maxCandidates = 50_000

// ErrTooMany reports a blob that was scanned only in part.
var ErrTooMany = fmt.Errorf("more than %d credentials: what comes after them was not scanned", maxCandidates)

var errTooEncoded = errors.New("too much encoded text within encoded text to be decoded")

// budget is the remaining work for a blob, with counters of the work done.
type budget struct {
	ctx      context.Context
	left     int      // bytes that decoders may still return
	refused  bool     // something was not decoded for want of those
	found    int      // candidates that may be findings, and findings with their parts
	parts    int      // pieces of text that were decoded
	decoded  int      // bytes that came out of them
	skipped  []string // reasons why something was not decoded by intent
	tried    int      // bytes that expressions were run on
	searched int      // bytes that were searched for escapes
}

func newBudget(ctx context.Context) budget {
	return budget{ctx: ctx, left: decodedFree}
}

// grow adds the work for n more bytes of the blob.
func (b *budget) grow(n int) { b.left += n * decodedPerByte }

// afford reports whether decoding may continue.
func (b *budget) afford() bool {
	b.refused = b.refused || b.left <= 0
	return b.left > 0
}

func (b *budget) spend(n int) {
	b.parts++
	b.decoded += n
	b.left -= n
}

// skip records once the reason why text was not decoded. An empty reason is ignored.
func (b *budget) skip(reason string) {
	if reason != "" && !slices.Contains(b.skipped, reason) {
		b.skipped = append(b.skipped, reason)
	}
}

// stopped reports whether the scan must end.
func (b *budget) stopped() bool { return b.full() || b.ctx.Err() != nil }

// full reports whether the maximum number of candidates is exceeded.
func (b *budget) full() bool { return b.found > maxCandidates }

// finish records in r the content that was not decoded or not scanned.
func (b *budget) finish(r *Result) {
	r.Skipped = append(r.Skipped, b.skipped...)
	if b.refused {
		r.Unpacked = errors.Join(r.Unpacked, errTooEncoded)
	}
	switch {
	case b.ctx.Err() != nil:
		r.Err = cmp.Or(r.Err, context.Cause(b.ctx))
	case b.full():
		r.Err = cmp.Or(r.Err, ErrTooMany)
	}
}
