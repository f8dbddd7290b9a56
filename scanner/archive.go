package scanner

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"context"
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
	sniffed     = 512 // bytes that tell an archive
)

// unpacker scans what is in an archive. Nothing is written to disk; what is
// damaged is left at the scan of its bytes.
type unpacker struct {
	s       *Scanner
	ctx     context.Context
	ws      workspace
	left    int64 // of maxUnpacked
	members int
	result  Result
}

var errTooMuch = errors.New("an archive too large, or too deep in others, to be unpacked")

// unpack scans the members of data if it is an archive: gzip, bzip2, zip (and
// so jar and whl) or tar.
func (s *Scanner) unpack(ctx context.Context, data []byte) Result {
	if !isArchive(data) {
		return Result{}
	}
	u := &unpacker{s: s, ctx: ctx, left: maxUnpacked}
	if err := u.archive(data, "", 1); errors.Is(err, errTooMuch) {
		u.result.Unpacked = errors.Join(u.result.Unpacked, err)
	}
	for _, list := range [][]Finding{u.result.Findings, u.result.Dropped} {
		for i := range list {
			list[i].relocate(Span{Start: 0, End: int64(len(data)), Line: 1, Column: 1, EndLine: 1, EndColumn: 1})
		}
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

func isArchive(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\x1f\x8b\x08")) || bytes.HasPrefix(head, []byte("PK\x03\x04")) ||
		bytes.HasPrefix(head, []byte("BZh")) || isTar(head)
}

func isTar(head []byte) bool { return len(head) > 262 && string(head[257:262]) == "ustar" }

// archive scans what data holds. name is that of the archive within others.
func (u *unpacker) archive(data []byte, name string, depth int) error {
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return u.zip(data, name, depth)
	case bytes.HasPrefix(data, []byte("BZh")):
		return u.member(bzip2.NewReader(bytes.NewReader(data)), name+"bzip2", depth)
	case isTar(data):
		return u.tar(bytes.NewReader(data), name, depth)
	}
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return err
	}
	return u.member(r, name+"gzip", depth)
}

func (u *unpacker) zip(data []byte, name string, depth int) error {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	for _, f := range r.File {
		body, err := f.Open()
		if err != nil {
			continue
		}
		err = u.member(body, fmt.Sprintf("%szip member %s", name, f.Name), depth)
		_ = body.Close()
		if errors.Is(err, errTooMuch) {
			return err
		}
	}
	return nil
}

func (u *unpacker) tar(r io.Reader, name string, depth int) error {
	for t := tar.NewReader(r); ; {
		h, err := t.Next()
		if err != nil {
			return nil
		}
		if err := u.member(t, fmt.Sprintf("%star member %s", name, h.Name), depth); errors.Is(err, errTooMuch) {
			return err
		}
	}
}

// member scans one member, and unpacks it if it is an archive itself.
func (u *unpacker) member(r io.Reader, name string, depth int) error {
	if u.members++; u.members > maxMembers {
		return fmt.Errorf("%s: %w", name, errTooMuch)
	}
	limited := &io.LimitedReader{R: r, N: u.left + 1}
	in := bufio.NewReaderSize(limited, 4<<10)
	head, _ := in.Peek(sniffed)
	err := u.content(in, head, name, depth)
	u.left = min(u.left, limited.N-1)
	if u.left < 0 {
		return fmt.Errorf("%s: %w", name, errTooMuch)
	}
	return err
}

// content unpacks or scans what a member holds. An archive that is too deep or
// too large for that is scanned as it is, and noted.
func (u *unpacker) content(in io.Reader, head []byte, name string, depth int) error {
	switch {
	case !isArchive(head):
		u.scan(in, name)
		return nil
	case depth >= maxNesting:
		u.note(name)
		u.scan(in, name)
		return nil
	case isTar(head):
		return u.tar(in, name+", ", depth+1)
	}
	data, err := io.ReadAll(io.LimitReader(in, maxArchive+1))
	if err != nil {
		return err
	}
	if len(data) > maxArchive {
		u.note(name)
		u.scan(io.MultiReader(bytes.NewReader(data), in), name)
		return nil
	}
	return u.archive(data, name+", ", depth+1)
}

// note says that a member was not unpacked.
func (u *unpacker) note(name string) {
	u.result.Unpacked = errors.Join(u.result.Unpacked, fmt.Errorf("%s: %w", name, errTooMuch))
}

func (u *unpacker) scan(r io.Reader, name string) {
	found := u.s.scanText(u.ctx, &stoppable{u.ctx, r}, &u.ws)
	for _, list := range [][]Finding{found.Findings, found.Dropped} {
		for i := range list {
			from := fmt.Sprintf("%s, line %d", name, list[i].Span.Line)
			if list[i].DecodedFrom != "" {
				from += ", " + list[i].DecodedFrom
			}
			list[i].DecodedFrom = from
		}
	}
	u.result.add(found)
}
