package proof

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"
)

// The formats are documented by Microsoft.Security.Utilities, IdentifiableSecrets.cs and
// IdentifiableMetadata.cs (github.com/microsoft/security-utilities, MIT license).

func validateMarvin(p *Proof) error {
	if len(p.Seeds) == 0 {
		return fmt.Errorf("proof marvin32 needs a seed: set seeds, as in [\"Default0\"]")
	}
	for _, seed := range p.Seeds {
		if len(seed) != 8 {
			return fmt.Errorf("seed %q has %d characters: use 8", seed, len(seed))
		}
	}
	if p.Mark != "" && len(p.Mark) != 4 {
		return fmt.Errorf("mark %q has %d characters: use 4", p.Mark, len(p.Mark))
	}
	return oneOf("encoding", p.Encoding, "base64", "cask", "entra")
}

// checkMarvin compares a key of Azure with its Marvin32 checksum.
//
// In the encoding base64, the default, the key is base64 or base64url. The last four bytes
// are the checksum of the others, the lowest first, and the mark precedes its six
// characters. Keys older than the marks are not covered.
//
// A cask ("common annotated security key") has 84 or 88 characters. The checksum, in one of
// two encodings, covers the first 80, which end with the mark. The month of issue is a fact.
// An entra secret has 40 characters, of which the last three are half a checksum.
func checkMarvin(p *Proof, _, body []byte) Result {
	switch p.Encoding {
	case "cask":
		return checkCASK(p, body)
	case "entra":
		return checkEntra(p, body)
	}
	key, err := base64.RawStdEncoding.Strict().AppendDecode(nil, standardBase64(body))
	if err != nil || len(key) < 24 {
		return unknown("no base64 of a key")
	}
	at := len(bytes.TrimRight(body, "=")) - 6 - len(p.Mark)
	if p.Mark != "" && (at < 0 || string(body[at:at+len(p.Mark)]) != p.Mark) {
		return unknown("without the mark of its service")
	}
	covered, sum := key[:len(key)-4], binary.LittleEndian.Uint32(key[len(key)-4:])
	if slices.ContainsFunc(p.Seeds, func(seed string) bool { return marvin32(covered, seed) == sum }) {
		return proven("the Marvin32 checksum is right", Facts{})
	}
	return refuted("the Marvin32 checksum is wrong")
}

// caskCovered is the number of characters that the checksum of a cask covers.
const caskCovered = 80

func checkCASK(p *Proof, body []byte) Result {
	if len(body) != caskCovered+4 && len(body) != caskCovered+8 || string(body[52:56]) != "JQQJ" {
		return unknown("no common annotated security key")
	}
	if mark := string(body[76:80]); p.Mark != "" && !strings.EqualFold(mark, p.Mark) {
		return unknown("without the mark of its service")
	}
	covered, err := base64.StdEncoding.AppendDecode(nil, body[:caskCovered])
	if err != nil {
		return unknown("no base64 of a key")
	}
	tail, padded := bytes.CutSuffix(body[caskCovered:], []byte("=="))
	if padded != (len(body) == caskCovered+8) {
		return unknown("no common annotated security key")
	}
	facts := Facts{Issued: caskMonth(body[58], body[59])}
	for _, seed := range p.Seeds {
		sum := binary.LittleEndian.AppendUint32(nil, marvin32(covered, seed))
		plain := base64.RawStdEncoding.EncodeToString(sum[:len(tail)*3/4])
		if string(tail) == plain || strings.HasPrefix(caskChecksum(sum), string(tail)) {
			return proven("the Marvin32 checksum is right", facts)
		}
	}
	return refuted("the Marvin32 checksum is wrong")
}

// caskChecksum returns the six base62 digits of a checksum, as newer casks have them. There is
// a zero for each leading zero byte, and zeros fill the right. The last digit has its low
// four bits cleared, because base64 does so.
func caskChecksum(sum []byte) string {
	zeros := min(len(sum)-len(bytes.TrimLeft(sum, "\x00")), len(sum)-1)
	text := strings.Repeat("0", zeros) + string(encodeDigits(uint64(binary.BigEndian.Uint32(sum)), base62, 1))
	text = (text + "000000")[:6]
	decoded, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return text
	}
	return base64.RawStdEncoding.EncodeToString(decoded)
}

// caskMonth returns the month of issue: A is 2024, in the order of base64, and A is January.
func caskMonth(year, month byte) time.Time {
	const order = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	y := strings.IndexByte(order, year)
	if y < 0 || month < 'A' || month > 'L' {
		return time.Time{}
	}
	return time.Date(2024+y, time.Month(month-'A'+1), 1, 0, 0, 0, 0, time.UTC)
}

// entraDigits is the alphabet of a checksum in a secret of Entra ID.
const entraDigits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~"

// checkEntra covers secrets with the mark 8Q~. Those with 7Q~ have no checksum.
func checkEntra(p *Proof, body []byte) Result {
	if len(body) != 40 || string(body[3:6]) != "8Q~" {
		return unknown("no secret of Entra ID with a checksum")
	}
	for _, seed := range p.Seeds {
		sum := encodeDigits(uint64(marvin32(body[:37], seed)), entraDigits, 6)
		if bytes.Equal(sum[:3], body[37:]) {
			return proven("the Marvin32 checksum is right", Facts{})
		}
	}
	return refuted("the Marvin32 checksum is wrong")
}

// standardBase64 returns b in the standard alphabet of base64, without padding.
func standardBase64(b []byte) []byte {
	out := bytes.Clone(bytes.TrimRight(b, "="))
	for i, c := range out {
		switch c {
		case '-':
			out[i] = '+'
		case '_':
			out[i] = '/'
		}
	}
	return out
}

// marvin32 returns the Marvin checksum of data, its halves combined by exclusive or. The
// seed is eight characters that form a big-endian number (U.S. patent 20130262421;
// System.Marvin of .NET).
func marvin32(data []byte, seed string) uint32 {
	number := binary.BigEndian.Uint64([]byte(seed))
	low, high := uint32(number), uint32(number>>32)
	for ; len(data) >= 4; data = data[4:] {
		low, high = marvinBlock(low+binary.LittleEndian.Uint32(data), high)
	}
	last := [4]byte{}
	copy(last[:], data)
	last[len(data)] = 0x80
	low, high = marvinBlock(low+binary.LittleEndian.Uint32(last[:]), high)
	low, high = marvinBlock(low, high)
	return low ^ high
}

func marvinBlock(low, high uint32) (uint32, uint32) {
	high ^= low
	low = bits.RotateLeft32(low, 20) + high
	high = bits.RotateLeft32(high, 9) ^ low
	low = bits.RotateLeft32(low, 27) + high
	return low, bits.RotateLeft32(high, 19)
}
