package scanner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/keyguard/keyguard/scanner/internal/unpack"
)

var errAppended = errors.New("a zip behind other data, to be unpacked from a file only")

// archiveScan scans the members of the archives in a blob. The bytes of the blob and of
// each member are also scanned as a text, for any signature.
type archiveScan struct {
	s      *Scanner
	ctx    context.Context
	ws     *workspace
	result Result // of the members so far
}

// unpack scans the members of data if it is an archive, or if a zip is at its end.
func (s *Scanner) unpack(ctx context.Context, data []byte, endsInZip bool, ws *workspace) Result {
	if unpack.FormatOf(data[:min(len(data), unpack.HeadSize)]) == unpack.None && !endsInZip {
		return Result{}
	}
	a := &archiveScan{s: s, ctx: ctx, ws: ws.inner()}
	u := unpack.New(ctx, a, &ws.unpack)
	u.Unpack(data)
	if endsInZip {
		found := a.within(func() { u.AppendedZip(data) })
		a.result = a.result.withNew(found)
	}
	return a.finish(u, int64(len(data)))
}

// unpackEnd unpacks the zip at the end of a text that was read from r.
func (s *Scanner) unpackEnd(ctx context.Context, r io.Reader, text *Result, ws *workspace) Result {
	at, ok := r.(io.ReaderAt)
	switch {
	case !ok && text.zipExact:
		return Result{Unpacked: errAppended}
	case !ok:
		return Result{Skipped: []string{"what may be a zip before other data is unpacked from a file only"}}
	}
	a := &archiveScan{s: s, ctx: ctx, ws: ws.inner()}
	u := unpack.New(ctx, a, &ws.unpack)
	u.AppendedZipAt(at, text.Bytes)
	return a.finish(u, text.Bytes)
}

// finish returns the findings, at the position of the whole archive.
func (a *archiveScan) finish(u *unpack.Unpacker, size int64) Result {
	for _, list := range [][]Finding{a.result.Findings, a.result.Dropped} {
		for i := range list {
			list[i].relocate(Span{Start: 0, End: size, Line: 1, Column: 1, EndLine: 1, EndColumn: 1})
		}
	}
	a.result.Unpacked = errors.Join(a.result.Unpacked, u.Err())
	return a.result
}

// relocate moves a finding and its parts to the position of the archive.
func (f *Finding) relocate(to Span) {
	f.Span = to
	for i := range f.Related {
		f.Related[i].Span = to
	}
}

// Text implements unpack.Visitor.
func (a *archiveScan) Text(name string, in io.Reader) error {
	found, err := a.member(name, a.s.scanText(a.ctx, in, a.ws))
	a.result.add(found)
	return err
}

// Archive implements unpack.Visitor. It returns after its members were visited: members
// can be archives.
func (a *archiveScan) Archive(name string, data []byte, members func()) error {
	text := a.s.scanText(a.ctx, bytes.NewReader(data), a.ws)
	found := a.within(members)
	own, err := a.member(name, text)
	a.result.add(found.withNew(own))
	return err
}

// Stream implements unpack.Visitor. The window of the text keeps its buffer while the
// members are visited, so these use another workspace.
func (a *archiveScan) Stream(name string, members func(text io.Writer)) error {
	outer := a.ws
	w := a.s.newWindow(a.ctx, outer)
	a.ws = outer.inner()
	found := a.within(func() { members(w) })
	a.ws = outer
	w.process(true)
	w.budget.finish(&w.result)
	own, err := a.member(name, w.result)
	a.result.add(found.withNew(own))
	return err
}

// Reported implements unpack.Visitor.
func (a *archiveScan) Reported() int {
	r := &a.result
	n := len(r.Findings) + len(r.Dropped) + len(r.Skipped)
	if r.Unpacked != nil || r.Err != nil {
		n++
	}
	return n
}

// within returns the result of the members that visit visits, without earlier ones.
func (a *archiveScan) within(visit func()) Result {
	before := a.result
	a.result = Result{}
	visit()
	found := a.result
	a.result = before
	return found
}

// member adds the name of a member to its result. The error is the reason why the member
// was not read to its end.
func (a *archiveScan) member(name string, r Result) (Result, error) {
	var err error
	if r.Err != nil && a.ctx.Err() == nil {
		err, r.Err = r.Err, nil
	}
	for _, list := range [][]Finding{r.Findings, r.Dropped} {
		for i := range list {
			list[i].DecodedFrom.Member = fmt.Sprintf("%s, line %d", name, list[i].Span.Line)
		}
	}
	for i := range r.Skipped {
		r.Skipped[i] = name + ": " + r.Skipped[i]
	}
	return r, err
}
