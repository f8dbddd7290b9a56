package unpack

import (
	"archive/tar"
	"bufio"
	"fmt"
	"io"
)

// tar visits the members of a tar, and an archive after its end: tars are concatenated.
func (u *Unpacker) tar(r io.Reader, name string, depth int) error {
	in := bufio.NewReader(r)
	for format := Tar; format != None; {
		if format != Tar {
			return u.member(in, name+"tar, behind its end", depth)
		}
		if err := u.tarMembers(in, name, depth); err != nil {
			return err
		}
		if err := skipZeros(in); err != nil {
			return nil
		}
		head, _ := in.Peek(HeadSize)
		format = FormatOf(head)
	}
	_, err := io.Copy(io.Discard, in) // the visitor scans it with the archive
	u.damaged(name+"tar", err)
	return nil
}

// tarMembers visits the members of one tar.
func (u *Unpacker) tarMembers(in io.Reader, name string, depth int) error {
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

// skipZeros reads the padding after a tar.
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
