package scanner

import (
	"archive/tar"
	"bufio"
	"fmt"
	"io"
)

// nestedTar scans a tar within another archive as a text, for what is not in any
// member, and unpacks it.
func (u *unpacker) nestedTar(in io.Reader, name string, depth int) {
	outer := u.ws
	if outer.members == nil {
		outer.members = new(workspace)
	}
	w := u.s.newWindow(u.ctx, outer)
	before := u.result
	u.result, u.ws = Result{}, outer.members
	u.fail("", u.tar(io.TeeReader(in, w), name+", ", depth+1))
	u.ws = outer
	w.process(true)
	w.effort.finish(&w.result)
	before.add(u.result.with(u.named(name, w.result)))
	u.result = before
}

// tar unpacks a tar, and what follows its end if that is an archive: tars are
// joined by writing one behind the other.
func (u *unpacker) tar(r io.Reader, name string, depth int) error {
	in := bufio.NewReader(r)
	for kind := tarArchive; kind != noArchive; {
		if kind != tarArchive {
			return u.member(in, name+"tar, behind its end", depth)
		}
		if err := u.tarMembers(in, name, depth); err != nil {
			return err
		}
		if err := skipZeros(in); err != nil {
			return nil
		}
		head, _ := in.Peek(sniffed)
		kind = kindOf(head)
	}
	_, err := io.Copy(io.Discard, in) // it is text, which the caller scans
	u.damaged(name+"tar", err)
	return nil
}

// tarMembers unpacks the members of one tar.
func (u *unpacker) tarMembers(in io.Reader, name string, depth int) error {
	for t := tar.NewReader(in); ; {
		h, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			u.damaged(name+"tar", err)
			return nil
		}
		if err := u.member(t, fmt.Sprintf("%star member %s", name, h.Name), depth); err != nil {
			return err
		}
	}
}

// skipZeros reads the padding behind a tar.
func skipZeros(in *bufio.Reader) error {
	for {
		b, err := in.ReadByte()
		if err != nil {
			return err
		}
		if b != 0 {
			return in.UnreadByte()
		}
	}
}
