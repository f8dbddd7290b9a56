package scanner

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/bzip2"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"

	"github.com/keyguard/keyguard/internal/inflate"
)

var errEncrypted = errors.New("encrypted")

// zip unpacks the members that a zip's directory names, and those that it does
// not: a reader of the stream would see them.
func (u *unpacker) zip(data []byte, name string, depth int) error {
	var known []stretch
	r, err := newZip(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		u.damaged(name+"zip", err)
	} else if known, err = u.listed(r, data, name, depth); err != nil {
		return err
	}
	at := 0
	slices.SortFunc(known, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	for _, k := range append(known, stretch{len(data), len(data)}) {
		if at < k.from {
			if err := u.unlisted(data[:k.from], at, name, depth); err != nil {
				return err
			}
		}
		at = max(at, k.to)
	}
	return nil
}

// appended unpacks a zip that stands behind other data, such as a program that
// unpacks itself. What only looks like the end of one is none.
func (u *unpacker) appended(r io.ReaderAt, size int64) {
	if z, err := newZip(r, size); err == nil {
		_, err := u.listed(z, nil, "", 1)
		u.fail("", err)
	}
}

func newZip(r io.ReaderAt, size int64) (*zip.Reader, error) {
	z, err := zip.NewReader(r, size)
	if err == nil {
		z.RegisterDecompressor(12, func(r io.Reader) io.ReadCloser { return io.NopCloser(bzip2.NewReader(r)) })
	}
	return z, err
}

// listed unpacks the members in a zip's directory, and returns where in data
// what they hold is. data is nil if the zip is not in memory.
func (u *unpacker) listed(r *zip.Reader, data []byte, name string, depth int) (known []stretch, err error) {
	for _, f := range r.File {
		name := fmt.Sprintf("%szip member %s", name, f.Name)
		from, err := f.DataOffset()
		if err != nil {
			u.damaged(name, err)
			continue
		}
		to := from + int64(min(f.CompressedSize64, uint64(maxArchive)))
		if data == nil || to > int64(len(data)) {
			err = u.listedMember(f, nil, name, depth)
		} else {
			known = append(known, stretch{int(from), int(to)})
			packed := data[from:to]
			err = u.once(packed, f.Method, depth, func() error { return u.listedMember(f, packed, name, depth) })
		}
		if err != nil {
			return known, err
		}
	}
	return known, nil
}

// listedMember unpacks a member. packed is nil if it is not in memory.
func (u *unpacker) listedMember(f *zip.File, packed []byte, name string, depth int) error {
	if f.Flags&1 != 0 {
		u.fail(name, errEncrypted)
		return nil
	}
	body, err := u.open(f, packed)
	if err != nil {
		if errors.Is(err, zip.ErrAlgorithm) {
			err = fmt.Errorf("compression method %d is not supported", f.Method)
		}
		u.fail(name, err)
		return nil
	}
	err = u.member(body, name, depth)
	_ = body.Close()
	return err
}

// maxWhole is how large a member may be to be inflated whole, in bytes.
const maxWhole = 1 << 20

// open returns what a member holds. That of a small one is inflated whole, which is
// faster; if it is not as the directory says, the slow way tells why.
func (u *unpacker) open(f *zip.File, packed []byte) (io.ReadCloser, error) {
	if size := f.UncompressedSize64; packed != nil && f.Method == zip.Deflate && size <= min(maxWhole, inflate.MaxRatio*uint64(len(packed))) {
		whole := make([]byte, size)
		if u.ws.inflate.Deflate(whole, packed) && crc32.ChecksumIEEE(whole) == f.CRC32 {
			return io.NopCloser(bytes.NewReader(whole)), nil
		}
	}
	return f.Open()
}

// unlisted unpacks the members whose headers are in data from an offset on, but
// for the one whose content begins where data ends: it is in the directory.
func (u *unpacker) unlisted(data []byte, at int, name string, depth int) error {
	for {
		i := bytes.Index(data[at:], []byte(localMark))
		if i < 0 {
			return nil
		}
		at += i
		m, ok := parseLocal(data[at:])
		if !ok || at+m.start == len(data) {
			at += len(localMark)
			continue
		}
		if err := u.local(m, data[at+m.start:], fmt.Sprintf("%szip member %s", name, m.name), depth); err != nil {
			return err
		}
		at += m.start
		if m.flags&8 == 0 {
			at = min(len(data), at+m.size)
		}
	}
}

// localMember is what a member's own header tells.
type localMember struct {
	name          string
	flags, method uint16
	size          int // packed; 0 if flag 8 is set: it is told behind
	start         int // where the content begins, counted from the header
}

// parseLocal reads a local file header (APPNOTE.TXT, 4.3.7).
func parseLocal(data []byte) (m localMember, ok bool) {
	if len(data) < localSize {
		return m, false
	}
	le := binary.LittleEndian
	nameLen, extraLen := int(le.Uint16(data[26:])), int(le.Uint16(data[28:]))
	m = localMember{flags: le.Uint16(data[6:]), method: le.Uint16(data[8:]), size: int(le.Uint32(data[18:])), start: localSize + nameLen + extraLen}
	if m.start > len(data) {
		return m, false
	}
	m.name = string(data[localSize : localSize+nameLen])
	return m, true
}

// local unpacks a member of which only the header before it tells.
func (u *unpacker) local(m localMember, data []byte, name string, depth int) error {
	if m.flags&8 == 0 {
		data = data[:min(len(data), m.size)]
	}
	var body io.Reader = bytes.NewReader(data)
	switch {
	case m.flags&1 != 0:
		u.fail(name, errEncrypted)
		return nil
	case m.method == zip.Deflate:
		body = flate.NewReader(body)
	case m.method != zip.Store:
		u.fail(name, fmt.Errorf("compression method %d is not supported", m.method))
		return nil
	}
	return u.member(body, name, depth)
}
