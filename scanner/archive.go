package scanner

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
)

// Limits on unpacking, for each blob.
const (
	maxArchive  = 64 << 20  // bytes of an archive that is held in memory
	maxUnpacked = 256 << 20 // bytes that come out of it, members together
	maxNesting  = 3         // archives within one another
	maxMembers  = 10_000
	sniffed     = 512 // bytes that identify an archive
)

var (
	errTooMuch  = errors.New("an archive too large, or too deep in others, to be unpacked")
	errAppended = errors.New("a zip behind other data, to be unpacked from a file only")
)

// unpacker scans the members of an archive in memory. The bytes of each blob and member
// are also scanned as a text, whatever format they announce. Members that cannot be
// unpacked are recorded.
type unpacker struct {
	s       *Scanner
	ctx     context.Context
	ws      *workspace
	left    int64 // of maxUnpacked
	members int
	unread  unread
	result  Result
}

// unpack scans the members of data if it is an archive, or if a zip is at its end.
func (s *Scanner) unpack(ctx context.Context, data []byte, zipEnds bool, ws *workspace) Result {
	head := data[:min(len(data), sniffed)]
	kind := kindOf(head)
	if kind == noArchive && !zipEnds {
		return Result{}
	}
	u := s.newUnpacker(ctx, ws)
	if kind != noArchive {
		u.fail("", u.archive(data, kind, "", 1))
	}
	if zipEnds && kind != zipArchive {
		before := u.result
		u.result = Result{}
		u.appended(bytes.NewReader(data), int64(len(data)), data)
		u.result = before.with(u.result)
	}
	return u.finish(int64(len(data)))
}

// unpackEnd unpacks the zip at the end of what r yields, which was found by text.
func (s *Scanner) unpackEnd(ctx context.Context, r io.Reader, text *Result, ws *workspace) Result {
	at, ok := r.(io.ReaderAt)
	size := text.Bytes
	switch {
	case !ok && text.zipExact:
		return Result{Unpacked: errAppended}
	case !ok:
		return Result{Skipped: []string{"what may be a zip before other data is unpacked from a file only"}}
	}
	u := s.newUnpacker(ctx, ws)
	var data []byte
	if size <= maxArchive {
		data = make([]byte, size)
		if _, err := at.ReadAt(data, 0); err != nil && err != io.EOF {
			u.damaged("zip", err)
		}
	}
	u.appended(at, size, data)
	return u.finish(size)
}

func (s *Scanner) newUnpacker(ctx context.Context, ws *workspace) *unpacker {
	if ws.members == nil {
		ws.members = new(workspace)
	}
	return &unpacker{s: s, ctx: ctx, ws: ws.members, left: maxUnpacked}
}

// finish returns the findings, at the position of the whole archive.
func (u *unpacker) finish(size int64) Result {
	for _, list := range [][]Finding{u.result.Findings, u.result.Dropped} {
		for i := range list {
			list[i].relocate(Span{Start: 0, End: size, Line: 1, Column: 1, EndLine: 1, EndColumn: 1})
		}
	}
	if len(u.unread.list) > 0 {
		u.result.Unpacked = errors.Join(u.result.Unpacked, &u.unread)
	}
	return u.result
}

// relocate puts all of a finding's places at that of the archive it came from.
func (f *Finding) relocate(at Span) {
	f.Span = at
	f.archived = true
	for i := range f.Related {
		f.Related[i].Span = at
	}
}

// fail notes why an archive or a member was not unpacked, if it was not.
func (u *unpacker) fail(name string, err error) {
	if err != nil {
		u.unread.add(name, err)
	}
}

// archive unpacks data. name is what an archive that holds it is called, and a
// comma.
func (u *unpacker) archive(data []byte, kind archiveKind, name string, depth int) error {
	switch kind {
	case zipArchive:
		return u.zip(data, name, depth)
	case bzip2Archive:
		return u.member(bzip2.NewReader(bytes.NewReader(data)), name+"bzip2", depth)
	case tarArchive:
		return u.tar(bytes.NewReader(data), name, depth)
	}
	return u.gzip(data, name, depth)
}

// gzip unpacks the streams that data is made of (RFC 1952, 2.2), and what else
// may follow them.
func (u *unpacker) gzip(data []byte, name string, depth int) error {
	in := bytes.NewReader(data)
	var z gzip.Reader
	for {
		rest := bytes.TrimLeft(data[len(data)-in.Len():], "\x00") // gzip(1) ignores zeros
		in.Reset(rest)
		switch kind := kindOf(rest); {
		case kind == noArchive:
			return nil // the end, padding, or text that was scanned as such
		case kind != gzipArchive:
			return u.member(bytes.NewReader(rest), name+"gzip, behind its end", depth)
		}
		if err := z.Reset(in); err != nil {
			return fmt.Errorf("%sgzip: damaged: %w", name, err)
		}
		z.Multistream(false)
		if err := u.member(&z, name+"gzip", depth); err != nil || u.left < 0 {
			return err
		}
		if _, err := io.Copy(io.Discard, &z); err != nil {
			return nil // told by member
		}
	}
}

// member scans one member, and unpacks it if it is an archive itself. The error
// is that there is too much of all.
func (u *unpacker) member(r io.Reader, name string, depth int) error {
	if u.members++; u.members > maxMembers || u.told() > maxCandidates {
		return fmt.Errorf("%s: %w", name, errTooMuch)
	}
	limited := &io.LimitedReader{R: &stoppable{u.ctx, r}, N: u.left + 1}
	in := bufio.NewReaderSize(limited, 4<<10)
	head, _ := in.Peek(sniffed)
	u.content(in, head, name, depth)
	if u.left = min(u.left, limited.N-1); u.left < 0 {
		return fmt.Errorf("%s: %w", name, errTooMuch)
	}
	return nil
}

// content scans what a member holds, and unpacks it. An archive that is too deep
// or too large for that is noted.
func (u *unpacker) content(in io.Reader, head []byte, name string, depth int) {
	kind := kindOf(head)
	switch {
	case kind == noArchive:
		u.add(name, u.text(in))
		return
	case depth >= maxNesting:
		u.fail(name, errTooMuch)
		u.add(name, u.text(in))
		return
	case kind == tarArchive:
		u.nestedTar(in, name, depth)
		return
	}
	data, err := io.ReadAll(io.LimitReader(in, maxArchive+1))
	u.damaged(name, err)
	if len(data) > maxArchive {
		u.fail(name, errTooMuch)
		u.add(name, u.text(io.MultiReader(bytes.NewReader(data), in)))
		return
	}
	u.both(name, u.text(bytes.NewReader(data)), func() error { return u.archive(data, kind, name+", ", depth+1) })
}

// both adds what is found in an archive's members, and what else was found in its
// bytes.
func (u *unpacker) both(name string, bytes Result, members func() error) {
	before := u.result
	u.result = Result{}
	u.fail("", members())
	before.add(u.result.with(u.named(name, bytes)))
	u.result = before
}

// text scans what r yields as one text.
func (u *unpacker) text(r io.Reader) Result { return u.s.scanText(u.ctx, r, u.ws) }

func (u *unpacker) add(name string, found Result) { u.result.add(u.named(name, found)) }

// named says of findings in which member they are. If that could not be read to
// its end, it is noted.
func (u *unpacker) named(name string, found Result) Result {
	if found.Err != nil && u.ctx.Err() == nil {
		u.damaged(name, found.Err)
		found.Err = nil
	}
	for _, list := range [][]Finding{found.Findings, found.Dropped} {
		for i := range list {
			from := fmt.Sprintf("%s, line %d", name, list[i].Span.Line)
			if list[i].DecodedFrom != "" {
				from += ", " + list[i].DecodedFrom
			}
			list[i].DecodedFrom = from
		}
	}
	for i := range found.Skipped {
		found.Skipped[i] = name + ": " + found.Skipped[i]
	}
	return found
}

func (u *unpacker) damaged(name string, err error) {
	if err != nil {
		u.unread.add(name, fmt.Errorf("damaged: %w", err))
	}
}

// unread lists the members of an archive that were not read.
type unread struct {
	list []string
	more int
}

// maxUnread is how many members are named that were not read.
const maxUnread = 3

func (e *unread) add(name string, err error) {
	if len(e.list) == maxUnread {
		e.more++
		return
	}
	if name != "" {
		err = fmt.Errorf("%s: %w", name, err)
	}
	e.list = append(e.list, err.Error())
}

// Error implements error.
func (e *unread) Error() string {
	out := "not unpacked: "
	for i, s := range e.list {
		if i > 0 {
			out += "; "
		}
		out += s
	}
	if e.more > 0 {
		out += fmt.Sprintf("; and %d more", e.more)
	}
	return out
}

// cleanMembers are the hashes of packed members in which nothing was found, so
// that what many versions of an archive share is unpacked once.
type cleanMembers map[[sha256.Size]byte]bool

// maxClean bounds how many are remembered: about 2 MiB.
const maxClean = 1 << 15

// once unpacks a packed member, unless one of the same bytes was unpacked at the
// same depth before and had nothing to tell.
func (u *unpacker) once(packed []byte, method uint16, depth int, unpack func() error) error {
	h := sha256.New()
	_, _ = h.Write([]byte{byte(method), byte(depth)})
	_, _ = h.Write(packed)
	key := [sha256.Size]byte(h.Sum(nil))
	if u.ws.clean[key] {
		return nil
	}
	told := u.told()
	err := unpack()
	if err != nil || u.told() != told || u.ctx.Err() != nil {
		return err
	}
	if u.ws.clean == nil || len(u.ws.clean) == maxClean {
		u.ws.clean = make(cleanMembers)
	}
	u.ws.clean[key] = true
	return nil
}

// told returns the number of findings, drops and errors so far.
func (u *unpacker) told() int {
	r := &u.result
	n := len(r.Findings) + len(r.Dropped) + len(r.Skipped) + len(u.unread.list) + u.unread.more
	if r.Unpacked != nil || r.Err != nil {
		n++
	}
	return n
}
