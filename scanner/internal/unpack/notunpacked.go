package unpack

import "bytes"

// Skipped returns why the content of a text with these first bytes is not scanned: it has
// a format that is not unpacked, or is on another server. Its bytes are scanned as a
// text.
func Skipped(head []byte) []string {
	if isLFS(head) {
		return []string{"content is in LFS; only its pointer was scanned"}
	}
	if format := OtherFormat(head); format != "" {
		return []string{format + " is not unpacked; its bytes were scanned as they are"}
	}
	return nil
}

// OtherFormat returns the name of a format that is not unpacked by its first bytes, or an
// empty string.
func OtherFormat(head []byte) string {
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

// maxLFS is larger than the size of a pointer of Git LFS, in bytes.
const maxLFS = 1024

// isLFS reports whether text is a pointer of Git LFS, for content on another server
// (git-lfs, docs/spec.md; the older name is hawser).
func isLFS(text []byte) bool {
	if len(text) >= maxLFS || !bytes.HasPrefix(text, []byte("version https://")) {
		return false
	}
	version := text[len("version https://"):]
	return (bytes.HasPrefix(version, []byte("git-lfs.github.com/spec/")) || bytes.HasPrefix(version, []byte("hawser.github.com/spec/"))) &&
		bytes.Contains(version, []byte("\noid sha256:"))
}
