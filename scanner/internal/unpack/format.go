package unpack

import "bytes"

// Format is the format of an archive that is unpacked.
type Format string

const (
	None  Format = "" // not an archive
	Zip   Format = "zip"
	Gzip  Format = "gzip"
	Bzip2 Format = "bzip2"
	Tar   Format = "tar"
)

// FormatOf returns the format of an archive by its first bytes. It checks more than the
// signature, because other files rarely start with all of them: an archive that cannot be
// unpacked is an error.
func FormatOf(head []byte) Format {
	switch {
	case len(head) < 10:
		return None
	case isGzip(head):
		return Gzip
	case bytes.HasPrefix(head, []byte(localMark)) && len(head) >= localSize:
		return Zip
	case isBzip2(head):
		return Bzip2
	case isTar(head):
		return Tar
	}
	return None
}

// isGzip checks the header of RFC 1952, 2.3: the method is deflate, and reserved flags
// are 0. Readers ignore the other bytes.
func isGzip(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\x1f\x8b\x08")) && head[3]&0xe0 == 0
}

// isTar checks the signature of pax(1). Older tars have only a checksum: the sum of the
// header's bytes in octal, in which the checksum itself counts as blanks.
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

// isBzip2 checks the signature, the block size, and the start of the first block or of
// the end.
func isBzip2(head []byte) bool {
	if !bytes.HasPrefix(head, []byte("BZh")) || head[3] < '1' || head[3] > '9' {
		return false
	}
	next := string(head[4:10])
	return next == "\x31\x41\x59\x26\x53\x59" || next == "\x17\x72\x45\x38\x50\x90"
}
