package unpack

import (
	"archive/zip"
	"bytes"
	"compress/bzip2"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"math"

	"github.com/keyguard/keyguard/internal/inflate"
)

// Constants of zip (APPNOTE.TXT, 4.3.7 and 4.4.5).
const (
	localMark   = "PK\x03\x04" // starts the header before a member
	localSize   = 30           // of that header, without name and extra fields
	bzip2Method = 12
)

// memberReader reads the content of a zip's member, and compares it at its end with the
// directory. It reads to the end of the content for any size in the directory, and also
// reads members whose names end in a slash: archive/zip does neither.
type memberReader struct {
	body   io.Reader
	packed *bytes.Reader // body reads from it; nil if it is not in memory
	file   *zip.File     // nil: nothing to compare with
	size   uint64
	sum    hash.Hash32
}

// maxWhole is the maximum size of a member that is inflated as a whole, in bytes.
const maxWhole = 1 << 20

// open returns the content of a member. A small one is inflated as a whole, which is
// faster. If the directory is wrong about it, the slow way finds the error.
func (s *State) open(f *zip.File, packed []byte) (*memberReader, error) {
	if size := f.UncompressedSize64; packed != nil && f.Method == zip.Deflate && size <= min(maxWhole, inflate.MaxRatio*uint64(len(packed))) {
		whole := make([]byte, size)
		if n, ok := s.inflate.Deflate(whole, packed); ok && crc32.ChecksumIEEE(whole) == f.CRC32 {
			return &memberReader{body: bytes.NewReader(whole), packed: bytes.NewReader(packed[n:])}, nil
		}
	}
	if packed != nil {
		m := &memberReader{packed: bytes.NewReader(packed), file: f, sum: crc32.NewIEEE()}
		var err error
		m.body, err = decompress(m.packed, f.Method)
		return m, err
	}
	raw, err := f.OpenRaw()
	if err != nil {
		return nil, err
	}
	body, err := decompress(raw, f.Method)
	return &memberReader{body: body, file: f, sum: crc32.NewIEEE()}, err
}

// decompress returns the content of a member for a method of compression.
func decompress(r io.Reader, method uint16) (io.Reader, error) {
	switch method {
	case zip.Store:
		return r, nil
	case zip.Deflate:
		return flate.NewReader(r), nil
	case bzip2Method:
		return bzip2.NewReader(r), nil
	}
	return nil, fmt.Errorf("compression method %d is not supported", method)
}

// Read implements io.Reader.
func (m *memberReader) Read(p []byte) (int, error) {
	n, err := m.body.Read(p)
	if m.file == nil {
		return n, err
	}
	m.size += uint64(n)
	_, _ = m.sum.Write(p[:n])
	if err == io.EOF {
		err = m.compare()
	}
	return n, err
}

// compare returns io.EOF if size and checksum match the directory. Without a data
// descriptor, a checksum of 0 means that the member has no checksum.
func (m *memberReader) compare() error {
	const descriptor = 8
	switch {
	case m.size != m.file.UncompressedSize64:
		return zip.ErrFormat
	case m.sum.Sum32() != m.file.CRC32 && (m.file.CRC32 != 0 || m.file.Flags&descriptor != 0):
		return zip.ErrChecksum
	}
	return io.EOF
}

// rest returns the bytes after the content that the directory counts as part of it.
func (m *memberReader) rest() []byte {
	if m.packed == nil {
		return nil
	}
	rest, _ := io.ReadAll(m.packed)
	return rest
}

// localMember is a member by its own header.
type localMember struct {
	name          string
	flags, method uint16
	size          int // packed; 0 if flag 8 is set: a descriptor after the content has it
	start         int // offset of the content from the header
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

// agrees reports whether the header and the directory agree on how to read the content. A
// size in zip64 fields or in a descriptor is not compared.
func (m *localMember) agrees(f *zip.File) bool {
	sized := m.flags&8 == 0 && m.size != math.MaxUint32
	return m.method == f.Method && m.flags&1 == f.Flags&1 && (!sized || uint64(m.size) == f.CompressedSize64)
}
