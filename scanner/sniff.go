package scanner

import (
	"bytes"
	"encoding/binary"
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
	case len(head) > 262 && string(head[257:262]) == "ustar": // pax(1)
		return tarArchive
	}
	return noArchive
}

// isGzip reads the header of RFC 1952, 2.3: the method is deflate, reserved flags
// are 0, and the two bytes on how and where it was made are ones in use.
func isGzip(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\x1f\x8b\x08")) && head[3]&0xe0 == 0 && (head[8] == 0 || head[8] == 2 || head[8] == 4) && (head[9] <= 13 || head[9] == 0xff)
}

// isBzip2 looks for a mark, the size of blocks, and the first block or the end.
func isBzip2(head []byte) bool {
	if !bytes.HasPrefix(head, []byte("BZh")) || head[3] < '1' || head[3] > '9' {
		return false
	}
	next := string(head[4:10])
	return next == "\x31\x41\x59\x26\x53\x59" || next == "\x17\x72\x45\x38\x50\x90"
}

// sealed returns the name of the format that head begins with, if that is one
// which is not unpacked.
func sealed(head []byte) []string {
	if len(head) == 0 {
		return nil
	}
	marks := func(list ...string) []string {
		for i := 0; i < len(list); i += 2 {
			if bytes.HasPrefix(head, []byte(list[i])) {
				return []string{list[i+1]}
			}
		}
		return nil
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
	case 'M':
		return marks("MSCF\x00\x00\x00\x00", "cabinet")
	}
	return nil
}

// What the parts of a zip begin with (APPNOTE.TXT, 4.3).
const (
	localMark = "PK\x03\x04"
	localSize = 30
	endMark   = "PK\x05\x06"
	endSize   = 22
)

// zipEnd returns where a zip ends of which the end of the directory, but for the
// comment, is at text[at]; 0 if that is cut off.
func zipEnd(text []byte, at int) int {
	if at+endSize > len(text) {
		return 0
	}
	return at + endSize + int(binary.LittleEndian.Uint16(text[at+endSize-2:]))
}
