package unpack

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

var errEncrypted = errors.New("encrypted")

// zip visits the members in a zip's directory, and those that it omits: a reader of the
// stream would read them.
func (u *Unpacker) zip(data []byte, name string, depth int) error {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		u.damaged(name+"zip", err)
		return u.unlisted(data, extent{0, len(data)}, nil, name, depth)
	}
	return u.directory(r, data, name, depth)
}

// extent is a range of the bytes of a zip.
type extent struct{ from, to int }

// listedMember is a member in a zip's directory, and the range of its content.
type listedMember struct {
	file *zip.File
	extent
}

// directory visits the members in a zip's directory, and those between them.
func (u *Unpacker) directory(r *zip.Reader, data []byte, name string, depth int) error {
	known, err := u.listed(r, data, name, depth)
	if err != nil {
		return err
	}
	at := 0
	slices.SortStableFunc(known, func(a, b listedMember) int { return cmp.Compare(a.from, b.from) })
	for _, k := range append(known, listedMember{nil, extent{len(data), len(data)}}) {
		if at < k.from {
			if err := u.unlisted(data, extent{at, k.from}, k.file, name, depth); err != nil {
				return err
			}
		}
		at = max(at, k.to)
	}
	return nil
}

// AppendedZip visits the members of a zip at the end of data, unless data starts as one:
// after a program that unpacks itself, for example. Bytes that only resemble the end of a
// zip are not an error.
func (u *Unpacker) AppendedZip(data []byte) {
	if FormatOf(data[:min(len(data), HeadSize)]) != Zip {
		u.appended(bytes.NewReader(data), int64(len(data)), data)
	}
}

// AppendedZipAt is AppendedZip for a text of a size that may be too large for memory.
func (u *Unpacker) AppendedZipAt(r io.ReaderAt, size int64) {
	var data []byte
	if size <= MaxSize {
		data = make([]byte, size)
		if _, err := r.ReadAt(data, 0); err != nil && err != io.EOF {
			u.damaged("zip", err)
		}
	}
	u.appended(r, size, data)
}

// appended visits the members of a zip. data is nil if the zip is not in memory.
func (u *Unpacker) appended(r io.ReaderAt, size int64, data []byte) {
	z, err := zip.NewReader(r, size)
	switch {
	case err != nil:
	case data != nil:
		u.fail("", u.directory(z, data, "", 1))
	default:
		_, err = u.listed(z, nil, "", 1)
		u.fail("", err)
	}
}

// listed visits the members in a zip's directory, and returns the ranges of their content
// in data. data is nil if the zip is not in memory.
func (u *Unpacker) listed(r *zip.Reader, data []byte, name string, depth int) (known []listedMember, err error) {
	for _, f := range r.File {
		name := fmt.Sprintf("%szip member %s", name, f.Name)
		from, err := f.DataOffset()
		if err != nil {
			u.damaged(name, err)
			continue
		}
		to := from + int64(min(f.CompressedSize64, uint64(MaxSize)))
		if data == nil || to > int64(len(data)) {
			err = u.listedMember(f, nil, name, depth)
		} else {
			known = append(known, listedMember{f, extent{int(from), int(to)}})
			packed := data[from:to]
			err = u.once(packed, f.Method, depth, func() error { return u.listedMember(f, packed, name, depth) })
		}
		if err != nil {
			return known, err
		}
	}
	return known, nil
}

// listedMember visits a member, and members after the end of its content in the same
// range. packed is nil if it is not in memory.
func (u *Unpacker) listedMember(f *zip.File, packed []byte, name string, depth int) error {
	if f.Flags&1 != 0 {
		u.fail(name, errEncrypted)
		return nil
	}
	body, err := u.state.open(f, packed)
	if err != nil {
		u.fail(name, err)
		return nil
	}
	if err := u.member(body, name, depth); err != nil {
		return err
	}
	if rest := body.rest(); len(rest) > 0 {
		return u.unlisted(rest, extent{0, len(rest)}, nil, name+", ", depth)
	}
	return nil
}

// unlisted visits the members whose headers are in a range of data. listed is the member
// whose content begins at the end of the range, or nil. It is visited again if its header
// and the directory differ: a reader of the stream uses the header.
func (u *Unpacker) unlisted(data []byte, in extent, listed *zip.File, name string, depth int) error {
	for at := in.from; ; {
		i := bytes.Index(data[at:in.to], []byte(localMark))
		if i < 0 {
			return nil
		}
		at += i
		m, ok := parseLocal(data[at:in.to])
		body := data[min(at+m.start, in.to):in.to]
		if ok && listed != nil && at+m.start == in.to {
			body, ok = data[in.to:], !m.agrees(listed)
		}
		if !ok {
			at += len(localMark)
			continue
		}
		used, err := u.local(m, body, fmt.Sprintf("%szip member %s", name, m.name), depth)
		if err != nil {
			return err
		}
		at = min(at+m.start+used, in.to)
	}
}

// local visits a member by the header before it, and returns the length of its content
// for a reader of the stream, or 0 if that is not certain.
func (u *Unpacker) local(m localMember, data []byte, name string, depth int) (used int, err error) {
	if m.flags&8 == 0 {
		data = data[:min(len(data), m.size)]
	}
	packed := bytes.NewReader(data)
	if m.flags&1 != 0 {
		u.fail(name, errEncrypted)
		return 0, nil
	}
	body, err := decompress(packed, m.method)
	if err != nil {
		u.fail(name, err)
		return 0, nil
	}
	err = u.member(body, name, depth)
	if m.method == zip.Store && (m.flags&8 != 0 || m.size == math.MaxUint32) {
		return 0, err
	}
	return len(data) - packed.Len(), err
}
