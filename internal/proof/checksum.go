package proof

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"math/bits"
	"slices"
	"strings"
)

const (
	base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	base36 = "0123456789abcdefghijklmnopqrstuvwxyz"
)

// crcEncoding is a way to write a CRC-32: its digits, and the number of them.
type crcEncoding struct {
	digits string
	width  int
}

// crcEncodingNamed returns an encoding of a CRC-32. "HEX" has upper-case digits, and "hex-le"
// writes the lowest byte first.
func crcEncodingNamed(name string) (e crcEncoding, ok bool) {
	switch name {
	case "base62":
		return crcEncoding{base62, 6}, true
	case "base36":
		return crcEncoding{base36, 7}, true
	case "hex", "hex-le":
		return crcEncoding{base36[:16], 8}, true
	case "HEX":
		return crcEncoding{base62[:16], 8}, true
	}
	return crcEncoding{}, false
}

func validateCRC32(p *Proof) error {
	e, ok := crcEncodingNamed(p.Encoding)
	if !ok {
		return fmt.Errorf("encoding is %q: use base62, base36, hex, HEX or hex-le", p.Encoding)
	}
	if p.Tail != 0 && (p.Tail < e.width || p.Tail > 16) {
		return fmt.Errorf("tail is %d: use %d to 16 characters for %s", p.Tail, e.width, p.Encoding)
	}
	return oneOf("over", p.Over, "body", "value")
}

// checkCRC32 compares the end of a token with the CRC-32 (IEEE 802.3) of the bytes before it.
//
//   - GitHub and npm: base62 of the 30 characters after the prefix, padded with zeros on the
//     left (github.blog, "Behind GitHub's new authentication token formats", 2021-04-05;
//     "Announcing npm's new access token format", 2021-09-23).
//   - GitLab, routable tokens: base36 of everything before it, with the prefix
//     (handbook.gitlab.com, design document "Cells: Routable Tokens").
//   - Cloudflare and Zuplo: hexadecimal, without the prefix. Samples verify it; their
//     documents only mention a checksum.
//   - Atlassian: upper-case hexadecimal of everything before it, with the prefix and the
//     equals sign. Samples verify it.
//   - Grafana: hexadecimal of the bytes in little-endian order, over the prefix and the 32
//     characters, without the separator (grafana, pkg/components/satokengen).
func checkCRC32(p *Proof, value, body []byte) Result {
	e, ok := crcEncodingNamed(p.Encoding)
	width := max(p.Tail, e.width)
	if !ok || len(body) <= width+len(p.Separator) {
		return unknown("too short for a CRC-32")
	}
	covered, tail := body[:len(body)-width], body[len(body)-width:]
	for _, c := range tail {
		if strings.IndexByte(e.digits, c) < 0 {
			return unknown("without a CRC-32 at its end")
		}
	}
	covered, ok = bytes.CutSuffix(covered, []byte(p.Separator))
	if !ok {
		return unknown("without the separator of its CRC-32")
	}
	if p.Over == "value" {
		covered = value[:len(value)-len(body)+len(covered)]
	}
	sum := crc32.ChecksumIEEE(covered)
	if p.Encoding == "hex-le" {
		sum = bits.ReverseBytes32(sum)
	}
	if !bytes.Equal(encodeDigits(uint64(sum), e.digits, width), tail) {
		return refuted("the CRC-32 is wrong")
	}
	return proven("the CRC-32 is right", Facts{})
}

// encodeDigits returns n in the number system of digits, padded to width on the left.
func encodeDigits(n uint64, digits string, width int) []byte {
	out := make([]byte, 0, max(width, 16))
	base := uint64(len(digits))
	for ; n > 0 || len(out) < width; n /= base {
		out = append(out, digits[n%base])
	}
	slices.Reverse(out)
	return out
}
