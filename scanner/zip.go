package scanner

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
)

var errEncrypted = errors.New("encrypted")

// zip unpacks the members that a zip's directory lists, and those that it does
// not: a reader of the stream would see them.
func (u *unpacker) zip(data []byte, name string, depth int) error {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		u.damaged(name+"zip", err)
		return u.unlisted(data, stretch{0, len(data)}, nil, name, depth)
	}
	return u.directory(r, data, name, depth)
}

// listedMember is a member in a zip's directory, and where its content is.
type listedMember struct {
	file *zip.File
	stretch
}

// directory unpacks the members that a zip's directory lists, and what is between
// them.
func (u *unpacker) directory(r *zip.Reader, data []byte, name string, depth int) error {
	known, err := u.listed(r, data, name, depth)
	if err != nil {
		return err
	}
	at := 0
	slices.SortStableFunc(known, func(a, b listedMember) int { return cmp.Compare(a.from, b.from) })
	for _, k := range append(known, listedMember{nil, stretch{len(data), len(data)}}) {
		if at < k.from {
			if err := u.unlisted(data, stretch{at, k.from}, k.file, name, depth); err != nil {
				return err
			}
		}
		at = max(at, k.to)
	}
	return nil
}

// appended unpacks a zip that stands behind other data, such as a program that
// unpacks itself, or in front of some. Bytes that only look like the end of a zip
// are not an error. data is nil if the zip is not in memory.
func (u *unpacker) appended(r io.ReaderAt, size int64, data []byte) {
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

// listed unpacks the members in a zip's directory, and returns where in data
// their content is. data is nil if the zip is not in memory.
func (u *unpacker) listed(r *zip.Reader, data []byte, name string, depth int) (known []listedMember, err error) {
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
			known = append(known, listedMember{f, stretch{int(from), int(to)}})
			packed := data[from:to]
			err = u.once(packed, f.Method, depth, func() error { return u.listedMember(f, packed, name, depth) })
		}
		if err != nil {
			return known, err
		}
	}
	return known, nil
}

// listedMember unpacks a member, and members that the stretch of its content holds
// behind it. packed is nil if it is not in memory.
func (u *unpacker) listedMember(f *zip.File, packed []byte, name string, depth int) error {
	if f.Flags&1 != 0 {
		u.fail(name, errEncrypted)
		return nil
	}
	body, err := u.open(f, packed)
	if err != nil {
		u.fail(name, err)
		return nil
	}
	if err := u.member(body, name, depth); err != nil {
		return err
	}
	if rest := body.rest(); len(rest) > 0 {
		return u.unlisted(rest, stretch{0, len(rest)}, nil, name+", ", depth)
	}
	return nil
}

// unlisted unpacks the members whose headers are in a stretch of data. listed is the
// member whose content begins where the stretch ends; nil if there is none. It is
// unpacked again if its header and the directory do not say the same: a reader of
// the stream goes by the header.
func (u *unpacker) unlisted(data []byte, in stretch, listed *zip.File, name string, depth int) error {
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
