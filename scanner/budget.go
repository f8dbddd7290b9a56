package scanner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
)

// What decoders may yield for one blob: a part of it for each byte that is
// scanned, so that the time that a blob takes stays in proportion to its size.
// What is not meant to waste time needs a fraction: a run is decoded two or
// three times at most.
const (
	decodedFree    = 1 << 20
	decodedPerByte = 32
)

// maxCandidates bounds the candidates of one blob, and so the memory that a file
// full of ids takes.
const maxCandidates = 50_000

// ErrTooMany reports a blob of which only a part was scanned.
var ErrTooMany = fmt.Errorf("more than %d credentials: what comes after them was not scanned", maxCandidates)

var errTooEncoded = errors.New("too much encoded text within encoded text to be decoded")

// effort is the remaining work budget of a blob, and its counters.
type budget struct {
	ctx      context.Context
	left     int      // bytes that decoders may still yield
	refused  bool     // something was not decoded for want of those
	found    int      // candidates
	parts    int      // pieces of text that were decoded
	decoded  int      // bytes that came out of them
	skipped  []string // reasons why something was not decoded by intent
	tried    int      // bytes that expressions were run on
	searched int      // bytes that were searched for escapes
}

func newBudget(ctx context.Context) budget {
	return budget{ctx: ctx, left: decodedFree}
}

// grow allows for n more bytes of the blob.
func (b *budget) grow(n int) { b.left += n * decodedPerByte }

// afford reports whether anything may still be decoded.
func (b *budget) afford() bool {
	b.refused = b.refused || b.left <= 0
	return b.left > 0
}

func (b *budget) spend(n int) {
	b.parts++
	b.decoded += n
	b.left -= n
}

// leave notes why something was not decoded, once; "" is no reason.
func (b *budget) skip(reason string) {
	if reason != "" && !slices.Contains(b.skipped, reason) {
		b.skipped = append(b.skipped, reason)
	}
}

// stopped reports whether the scan is to end.
func (b *budget) stopped() bool { return b.full() || b.ctx.Err() != nil }

// full reports whether there are too many candidates to go on.
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
