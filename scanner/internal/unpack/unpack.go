package unpack

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

	"github.com/keyguard/keyguard/internal/inflate"
)

// Limits for each blob.
const (
	MaxSize     = 64 << 20  // bytes of an archive in memory
	HeadSize    = 512       // bytes that identify an archive
	maxUnpacked = 256 << 20 // bytes of all members
	maxNesting  = 3         // archives within one another
	maxMembers  = 10_000
	maxReported = 50_000
)

// ErrTooMuch reports an archive beyond the limits.
var ErrTooMuch = errors.New("an archive too large, or too deep in others, to be unpacked")

// Visitor scans the members of an archive. Names are paths of members, outermost first.
// An error is the reason why the text was not scanned to its end.
type Visitor interface {
	// Text scans a member that is not an archive, or is too deep in others.
	Text(name string, in io.Reader) error
	// Archive scans the bytes of an archive as a text, and calls members, which visits
	// its members.
	Archive(name string, data []byte, members func()) error
	// Stream is Archive for an archive that is not in memory: members writes its bytes.
	Stream(name string, members func(text io.Writer)) error
	// Reported returns the number of reports so far, which must not decrease within a
	// call of Text, Archive or Stream.
	Reported() int
}

// State is the memory of an Unpacker that the next one can use. The zero value is ready
// to use.
type State struct {
	clean   map[[sha256.Size]byte]bool // hashes of packed members without reports
	inflate inflate.Decoder
}

// maxClean is the maximum number of hashes in State.clean: about 2 MiB.
const maxClean = 1 << 15

// Unpacker visits the members of the archives of one blob.
type Unpacker struct {
	ctx     context.Context
	visitor Visitor
	state   *State
	left    int64 // of maxUnpacked
	members int
	unread  unread
}

// New returns an unpacker that stops when ctx is done.
func New(ctx context.Context, visitor Visitor, state *State) *Unpacker {
	return &Unpacker{ctx: ctx, visitor: visitor, state: state, left: maxUnpacked}
}

// Unpack visits the members of data, if it is an archive.
func (u *Unpacker) Unpack(data []byte) {
	if format := FormatOf(data[:min(len(data), HeadSize)]); format != None {
		u.fail("", u.archive(data, format, "", 1))
	}
}

// Err returns the parts that were not unpacked, or nil.
func (u *Unpacker) Err() error {
	if len(u.unread.list) == 0 {
		return nil
	}
	return &u.unread
}

// archive visits the members of data. name is the path of the archive with a comma, or
// empty. Archives contain archives: archive calls the method of a format, which calls
// member, which calls archive, at most maxNesting deep.
func (u *Unpacker) archive(data []byte, format Format, name string, depth int) error {
	switch format {
	case Zip:
		return u.zip(data, name, depth)
	case Bzip2:
		return u.member(bzip2.NewReader(bytes.NewReader(data)), name+"bzip2", depth)
	case Tar:
		return u.tar(bytes.NewReader(data), name, depth)
	}
	return u.gzip(data, name, depth)
}

// gzip visits the streams of a gzip (RFC 1952, 2.2), and an archive after them.
func (u *Unpacker) gzip(data []byte, name string, depth int) error {
	in := bytes.NewReader(data)
	var z gzip.Reader
	for {
		rest := bytes.TrimLeft(data[len(data)-in.Len():], "\x00") // gzip(1) ignores zeros
		in.Reset(rest)
		switch format := FormatOf(rest); {
		case format == None:
			return nil // the end, padding, or text that was scanned with the archive
		case format != Gzip:
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
			return nil // recorded by member
		}
	}
}

// member visits one member, and its members if it is an archive. It returns an error if
// a limit is reached.
func (u *Unpacker) member(r io.Reader, name string, depth int) error {
	if u.members++; u.members > maxMembers || u.reported() > maxReported {
		return fmt.Errorf("%s: %w", name, ErrTooMuch)
	}
	limited := &io.LimitedReader{R: &stoppable{u.ctx, r}, N: u.left + 1}
	in := bufio.NewReaderSize(limited, 4<<10)
	head, _ := in.Peek(HeadSize)
	u.content(in, head, name, depth)
	if u.left = min(u.left, limited.N-1); u.left < 0 {
		return fmt.Errorf("%s: %w", name, ErrTooMuch)
	}
	return nil
}

// content visits the content of a member. An archive that is too deep or too large is
// recorded, and visited as a text.
func (u *Unpacker) content(in io.Reader, head []byte, name string, depth int) {
	format := FormatOf(head)
	switch {
	case format == None:
		u.text(name, in)
		return
	case depth >= maxNesting:
		u.fail(name, ErrTooMuch)
		u.text(name, in)
		return
	case format == Tar:
		u.damaged(name, u.visitor.Stream(name, func(text io.Writer) {
			u.fail("", u.tar(io.TeeReader(in, text), name+", ", depth+1))
		}))
		return
	}
	data, err := io.ReadAll(io.LimitReader(in, MaxSize+1))
	u.damaged(name, err)
	if len(data) > MaxSize {
		u.fail(name, ErrTooMuch)
		u.text(name, io.MultiReader(bytes.NewReader(data), in))
		return
	}
	u.damaged(name, u.visitor.Archive(name, data, func() {
		u.fail("", u.archive(data, format, name+", ", depth+1))
	}))
}

func (u *Unpacker) text(name string, in io.Reader) { u.damaged(name, u.visitor.Text(name, in)) }

// once calls unpack for a packed member, unless one with the same bytes had no reports at
// the same depth: versions of an archive share most of their members.
func (u *Unpacker) once(packed []byte, method uint16, depth int, unpack func() error) error {
	h := sha256.New()
	_, _ = h.Write([]byte{byte(method), byte(depth)})
	_, _ = h.Write(packed)
	key := [sha256.Size]byte(h.Sum(nil))
	if u.state.clean[key] {
		return nil
	}
	reported := u.reported()
	err := unpack()
	if err != nil || u.reported() != reported || u.ctx.Err() != nil {
		return err
	}
	if u.state.clean == nil || len(u.state.clean) == maxClean {
		u.state.clean = make(map[[sha256.Size]byte]bool)
	}
	u.state.clean[key] = true
	return nil
}

// reported returns the number of reports and of unread members so far.
func (u *Unpacker) reported() int { return u.visitor.Reported() + u.unread.count() }

// stoppable is a reader that ends with the error of ctx when ctx is done.
type stoppable struct {
	ctx context.Context
	r   io.Reader
}

func (s *stoppable) Read(p []byte) (int, error) {
	if s.ctx.Err() != nil {
		return 0, context.Cause(s.ctx)
	}
	return s.r.Read(p)
}
