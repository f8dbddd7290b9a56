package scanner

import (
	"bytes"
	"encoding/binary"
	"math"
)

// archiveKind is a kind of archive that is unpacked.
type archiveKind int

const (
	noArchive archiveKind = iota
	zipArchive
	gzipArchive
	bzip2Archive
	tarArchive
)

// kindOf tells by its beginning what an archive is. It asks for more than the
// first mark of a format, so that few other files begin like that: an archive that
// cannot be unpacked is an error.
func kindOf(head []byte) archiveKind {
	switch {
	case len(head) < 10:
		return noArchive
	case isGzip(head):
		return gzipArchive
	case bytes.HasPrefix(head, []byte(localMark)) && len(head) >= localSize:
		return zipArchive
	case isBzip2(head):
		return bzip2Archive
	case isTar(head):
		return tarArchive
	}
	return noArchive
}

// isGzip reads the header of RFC 1952, 2.3: the method is deflate, and reserved flags
// are 0. Readers do not look at the bytes on how and where it was made.
func isGzip(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\x1f\x8b\x08")) && head[3]&0xe0 == 0
}

// isTar looks for the mark of pax(1). Older tars have a checksum only: the sum of the
// header's bytes in octal, that field taken for blanks.
func isTar(head []byte) bool {
	const sumAt, sumEnd, markAt, block = 148, 156, 257, 512
	switch {
	case len(head) < block || head[0] == 0:
		return len(head) > markAt+5 && string(head[markAt:markAt+5]) == "ustar"
	case string(head[markAt:markAt+5]) == "ustar":
		return true
	}
	want := uint64(0)
	for _, c := range bytes.Trim(head[sumAt:sumEnd], " \x00") {
		if c < '0' || c > '7' {
			return false
		}
		want = want<<3 | uint64(c-'0')
	}
	sum := uint64(' ') * (sumEnd - sumAt)
	for _, c := range head[:sumAt] {
		sum += uint64(c)
	}
	for _, c := range head[sumEnd:block] {
		sum += uint64(c)
	}
	return sum == want
}

// isBzip2 looks for a mark, the size of blocks, and the first block or the end.
func isBzip2(head []byte) bool {
	if !bytes.HasPrefix(head, []byte("BZh")) || head[3] < '1' || head[3] > '9' {
		return false
	}
	next := string(head[4:10])
	return next == "\x31\x41\x59\x26\x53\x59" || next == "\x17\x72\x45\x38\x50\x90"
}

// sealed returns why the content of a text that begins as head does is left out: it is
// in a format that is not unpacked, or elsewhere. Its bytes are scanned as they are.
func sealed(head []byte) []string {
	if isLFS(head) {
		return []string{"content is in LFS; only its pointer was scanned"}
	}
	if format := sealedFormat(head); format != "" {
		return []string{format + " is not unpacked; its bytes were scanned as they are"}
	}
	return nil
}

// sealedFormat returns the name of the format that head begins with, if that is one
// which is not unpacked; else "".
func sealedFormat(head []byte) string {
	if len(head) == 0 {
		return ""
	}
	marks := func(list ...string) string {
		for i := 0; i < len(list); i += 2 {
			if bytes.HasPrefix(head, []byte(list[i])) {
				return list[i+1]
			}
		}
		return ""
	}
	switch head[0] {
	case 0xfd:
		return marks("\xfd7zXZ\x00", "xz")
	case '7':
		return marks("7z\xbc\xaf\x27\x1c", "7z")
	case 0x28:
		return marks("\x28\xb5\x2f\xfd", "zstd")
	case 'R':
		return marks("Rar!\x1a\x07", "rar")
	case 0x04:
		return marks("\x04\x22\x4d\x18", "lz4")
	case 'L':
		return marks("LZIP\x01", "lzip")
	case ']':
		return marks("]\x00\x00\x80\x00\xff\xff\xff\xff", "lzma", "]\x00\x00\x80\x00\x00\x00", "lzma")
	case 0x1f:
		return marks("\x1f\x9d\x90", "compress")
	case 0xff:
		return marks("\xff\x06\x00\x00sNaPpY", "snappy")
	case 'M':
		return marks("MSCF\x00\x00\x00\x00", "cabinet", "MSWIM\x00\x00\x00", "wim")
	case 0xed:
		return marks("\xed\xab\xee\xdb", "rpm")
	case '!':
		return marks("!<arch>\ndebian-binary", "deb")
	case 'h':
		return marks("hsqs", "squashfs")
	case 'x':
		return marks("xar!\x00\x1c", "xar")
	case 'P':
		return marks("PACK\x00\x00\x00\x02", "git pack")
	case '#':
		return marks("# v2 git bundle\n", "git bundle", "# v3 git bundle\n", "git bundle")
	}
	return ""
}

// maxLFS is the size below which a file can be a pointer of Git LFS.
const maxLFS = 1024

// isLFS reports whether text is a pointer of Git LFS, which stands in the repository for
// content that is on another server (git-lfs, docs/spec.md; the older name is hawser).
func isLFS(text []byte) bool {
	if len(text) >= maxLFS || !bytes.HasPrefix(text, []byte("version https://")) {
		return false
	}
	version := text[len("version https://"):]
	return (bytes.HasPrefix(version, []byte("git-lfs.github.com/spec/")) || bytes.HasPrefix(version, []byte("hawser.github.com/spec/"))) &&
		bytes.Contains(version, []byte("\noid sha256:"))
}

// What the parts of a zip begin with (APPNOTE.TXT, 4.3).
const (
	localMark = "PK\x03\x04"
	localSize = 30
	endMark   = "PK\x05\x06"
	endSize   = 22
)

// zipLength returns where a zip ends of which the end of the directory, but for the
// comment, is at text[at]; 0 if that is cut off.
func zipLength(text []byte, at int) int {
	if at+endSize > len(text) {
		return 0
	}
	return at + endSize + int(binary.LittleEndian.Uint16(text[at+endSize-2:]))
}

// zipEnds reports whether a zip may end a text of that size, of whose directory the end
// is marked at an offset, or at -1 if it is not. Readers look for the mark as far back
// as the longest comment reaches, whatever follows it.
func zipEnds(at, size int64) bool { return at >= 0 && size-at <= endSize+math.MaxUint16 }
