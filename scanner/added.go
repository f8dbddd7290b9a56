package scanner

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"hash/maphash"
	"io"
	"math"

	"github.com/keyguard/keyguard/internal/decode"
)

// manyTouched is the number of touched lines above which those that only moved count
// as added too.
const manyTouched = 1 << 16

// AddedLines returns which of the touched lines of a text are added: those that the old
// version does not have, or has less often. A line that only moved is not added. In
// UTF-16 and UTF-32 texts, lines are counted in the narrowed text and in the bytes,
// because findings are numbered by either. Each version is opened several times and read
// as a stream.
func AddedLines(ctx context.Context, old, text func() (io.ReadCloser, error), touched Lines) (Lines, error) {
	v := versions{ctx: ctx, old: old, text: text, seed: maphash.MakeSeed()}
	lines, err := v.added(touched)
	if err != nil || !v.isWide {
		return lines, err
	}
	v.narrow = true
	narrow, err := v.added(touched)
	return ordered(append(lines, narrow...)), err
}

// TouchedLines returns the lines that findings are on. A finding in an archive is on all
// of its lines.
func TouchedLines(findings ...Finding) Lines {
	var out Lines
	for i := range findings {
		f := &findings[i]
		if f.DecodedFrom.Member != "" {
			return Lines{{1, math.MaxInt}}
		}
		out = append(out, LineRange{f.Span.Line, f.Span.EndLine})
		for _, p := range f.Related {
			out = append(out, LineRange{p.Span.Line, p.Span.EndLine})
		}
	}
	return ordered(out)
}

// versions are two versions of a text. Their lines are compared by hash, and only the
// hashes of touched lines are kept.
type versions struct {
	ctx       context.Context
	old, text func() (io.ReadCloser, error)
	seed      maphash.Seed
	wide      decode.Units
	isWide    bool // the text is in wide units
	narrow    bool // lines of the narrowed text are counted
}

// added reads both versions twice: first from the beginning, to count the equal lines at
// their start, then aligned at the end, to count the equal lines at their end. Those lines
// are not added. If all changes are in one place, an old line is therefore never taken for
// an equal new one.
func (v *versions) added(touched Lines) (Lines, error) {
	t, before, olds, news := newTouchedHashes(touched), 0, 0, 0
	err := v.walk(0, func(old, text line) {
		if old.exists {
			olds++
		}
		if text.exists {
			news++
			t.add(news, text.hash)
		}
		if old == text && before == news-1 {
			before++
		}
	})
	if err != nil {
		return nil, err
	}
	after := 0
	err = v.walk(news-olds, func(old, text line) {
		if after++; old != text {
			after = 0
			t.count(old, -1)
			t.count(text, 1)
		}
	})
	after = min(after, min(olds, news)-before)
	return t.rising(LineRange{before + 1, news - after}), err
}

// walk calls f for the lines of both versions in parallel. The first lead lines of the
// text have no counterpart, or the first -lead lines of the old version.
func (v *versions) walk(lead int, f func(old, text line)) error {
	old, err := v.read(v.old)
	if err != nil {
		return fmt.Errorf("read the old version: %w", err)
	}
	defer old.Close()
	text, err := v.read(v.text)
	if err != nil {
		return err
	}
	defer text.Close()
	if !v.narrow {
		head, _ := text.in.Peek(decode.UnitsHead)
		v.wide, v.isWide = decode.UnitsOf(head)
	}
	old.skipMark()
	text.skipMark()
	for {
		var a, b line
		if lead <= 0 {
			a = old.next()
		}
		if lead >= 0 {
			b = text.next()
		}
		lead -= cmp.Compare(lead, 0)
		switch {
		case old.err != nil:
			return fmt.Errorf("read the old version: %w", old.err)
		case text.err != nil:
			return text.err
		case !a.exists && !b.exists:
			return nil
		}
		f(a, b)
	}
}

func (v *versions) read(open func() (io.ReadCloser, error)) (*lineReader, error) {
	body, err := open()
	if err != nil {
		return nil, err
	}
	var in io.Reader = &stoppable{v.ctx, body}
	if v.narrow {
		in = &narrowReader{v.wide, bufio.NewReader(in)}
	}
	return &lineReader{Closer: body, in: bufio.NewReaderSize(in, maxLine), seed: v.seed}, nil
}

// touchedHashes are the hashes of the touched lines of a text, in order, and the
// difference of each count between the text and the old version.
type touchedHashes struct {
	touched, rest Lines // rest: after the last added line
	numbers       []int
	hashes        []uint64
	more          map[uint64]int
	many          bool // too many to keep any
}

func newTouchedHashes(touched Lines) *touchedHashes {
	return &touchedHashes{touched: touched, rest: touched, more: make(map[uint64]int)}
}

// add keeps the hash of the line with a number if it is touched. Numbers must ascend.
func (t *touchedHashes) add(number int, hash uint64) {
	for len(t.rest) > 0 && t.rest[0].Last < number {
		t.rest = t.rest[1:]
	}
	if len(t.rest) == 0 || t.rest[0].First > number || t.many {
		return
	}
	if t.many = len(t.hashes) == manyTouched; t.many {
		t.numbers, t.hashes, t.more = nil, nil, nil
		return
	}
	t.numbers, t.hashes = append(t.numbers, number), append(t.hashes, hash)
	t.more[hash] = 0
}

// count adds n to the count of a line, if it is equal to a touched one.
func (t *touchedHashes) count(l line, n int) {
	if had, ok := t.more[l.hash]; ok && l.exists {
		t.more[l.hash] = had + n
	}
}

// rising returns the touched lines in a range that the text has more often.
func (t *touchedHashes) rising(within LineRange) (out Lines) {
	if t.many {
		return t.touched.And(Lines{within})
	}
	for i, n := range t.numbers {
		if t.more[t.hashes[i]] > 0 && within.First <= n && n <= within.Last {
			out = append(out, LineRange{n, n})
		}
	}
	return ordered(out)
}
