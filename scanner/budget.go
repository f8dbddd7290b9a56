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
	ctx     context.Context
	left    int      // bytes that decoders may still yield
	refused bool     // something was not decoded for want of those
	found   int      // candidates
	parts   int      // pieces of text that were decoded
	decoded int      // bytes that came out of them
	skipped []string // reasons why something was not decoded by intent
	tried   int      // bytes that expressions were run on
	searched  int      // bytes that were searched for escapes
}

func newBudget(ctx context.Context) budget {
	return budget{ctx: ctx, left: decodedFree}
}

// grow allows for n more bytes of the blob.
func (e *budget) grow(n int) { e.left += n * decodedPerByte }

// afford reports whether anything may still be decoded.
func (e *budget) afford() bool {
	e.refused = e.refused || e.left <= 0
	return e.left > 0
}

func (e *budget) spend(n int) {
	e.parts++
	e.decoded += n
	e.left -= n
}

// leave notes why something was not decoded, once; "" is no reason.
func (e *budget) skip(reason string) {
	if reason != "" && !slices.Contains(e.skipped, reason) {
		e.skipped = append(e.skipped, reason)
	}
}

// stopped reports whether the scan is to end.
func (e *budget) stopped() bool { return e.full() || e.ctx.Err() != nil }

// full reports whether there are too many candidates to go on.
func (e *budget) full() bool { return e.found > maxCandidates }

// finish records in r the content that was not decoded or not scanned.
func (e *budget) finish(r *Result) {
	r.Skipped = append(r.Skipped, e.skipped...)
	if e.refused {
		r.Unpacked = errors.Join(r.Unpacked, errTooEncoded)
	}
	switch {
	case e.ctx.Err() != nil:
		r.Err = cmp.Or(r.Err, context.Cause(e.ctx))
	case e.full():
		r.Err = cmp.Or(r.Err, ErrTooMany)
	}
}
