package redact

import (
	"bytes"
	"io"

	"github.com/keyguard/keyguard/scanner"
)

// bulk is the number of bytes that are scanned at once, in addition to their context.
const bulk = 512 << 10

// Filter is a writer that masks credentials. It is not safe for concurrent use. The
// caller must call Close at the end, which passes on the rest.
type Filter struct {
	searcher
	w      io.Writer
	buf    []byte // context, followed by waiting text
	done   int    // offset in buf of the waiting text
	seen   int    // length of buf at the last tick
	quiet  int    // ticks since the last byte
	out    bytes.Buffer
	masked int
	err    error
}

// New returns a filter that writes to w. Parts for which keep returns true are not
// masked; keep may be nil.
func New(w io.Writer, s *scanner.Scanner, keep func(*scanner.Finding) bool) *Filter {
	f := &Filter{w: w, searcher: searcher{scanner: s, keep: keep}}
	f.before, f.after = s.PartReach()
	f.buf = make([]byte, 0, f.before+bulk+f.after)
	return f
}

// Masked returns the number of masked parts of credentials.
func (f *Filter) Masked() int { return f.masked }

// Write adds to the stream. It returns the first error of the underlying writer, now and
// from then on.
func (f *Filter) Write(p []byte) (int, error) {
	taken := 0
	for len(p) > 0 && f.err == nil {
		n := min(len(p), cap(f.buf)-len(f.buf))
		f.buf = append(f.buf, p[:n]...)
		p, taken = p[n:], taken+n
		f.quiet = 0
		if len(f.buf) == cap(f.buf) {
			f.pass(len(f.buf)-f.after, false)
		}
	}
	return taken, f.err
}

// Tick reports the passage of time. It passes on the text that arrived before the last
// tick, except for a last word that may be the start of a credential.
func (f *Filter) Tick() error {
	to := f.seen
	f.seen = len(f.buf)
	f.quiet++
	if to = min(to, settled(f.buf, f.memory.list, f.quiet)); to > f.done {
		f.pass(to, true)
	}
	return f.err
}

// Close passes on all waiting text. It does not close the underlying writer.
func (f *Filter) Close() error {
	f.pass(len(f.buf), false)
	return f.err
}

// pass masks and passes on the waiting text before to, except for the start of a
// credential that extends beyond to. With slow, more text may follow at any time, so it
// also keeps the start of a value that is masked earlier in the text.
func (f *Filter) pass(to int, slow bool) {
	masks, seen := f.masks(f.buf)
	if slow {
		tail := f.buf[max(0, len(f.buf)-maxHeld):]
		to = max(f.done, min(to, len(f.buf)-len(tail)+begun(seen.before(to), tail)))
	}
	for _, m := range masks {
		if m.start < to && to < m.end {
			to = max(m.start, f.done)
		}
	}
	if to == f.done && len(f.buf) == cap(f.buf) {
		to = len(f.buf) - f.after // longer than any credential, and the buffer is full
	}
	f.out.Reset()
	at := f.done
	for _, m := range masks {
		if m.end <= at || m.start >= to {
			continue
		}
		f.out.Write(f.buf[at:max(at, m.start)])
		f.out.WriteString(m.text)
		at = min(m.end, to)
		f.masked++
	}
	f.out.Write(f.buf[at:to])
	f.done = to
	f.memory.add(seen.before(to))
	if f.err == nil && f.out.Len() > 0 {
		_, f.err = f.w.Write(f.out.Bytes())
	}
	f.slide()
}

// slide discards text that is no longer context.
func (f *Filter) slide() {
	drop := max(0, f.done-f.before)
	f.buf = f.buf[:copy(f.buf, f.buf[drop:])]
	f.done -= drop
	f.seen = max(0, f.seen-drop)
}
