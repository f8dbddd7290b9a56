package synth

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"math/big"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// crcTags returns the checksums that a tag or a filter can append, by name.
func crcTags() map[string]func(string) string {
	return map[string]func(string) string{
		"crc62":    func(s string) string { return inDigits(sum32(s), digits+upper+lower, 6) },
		"crc36":    func(s string) string { return inDigits(sum32(s), digits+lower, 7) },
		"crchex":   func(s string) string { return fmt.Sprintf("%08x", sum32(s)) },
		"crcupper": func(s string) string { return fmt.Sprintf("%08X", sum32(s)) },
		"crcle":    func(s string) string { return fmt.Sprintf("%08x", bits.ReverseBytes32(sum32(s))) },
	}
}

func sum32(s string) uint32 { return crc32.ChecksumIEEE([]byte(s)) }

// inDigits returns n in the number system of digits, with zeros to fill on the left.
func inDigits(n uint32, digits string, width int) string {
	b := make([]byte, width)
	for i := range b {
		b[width-1-i] = digits[n%uint32(len(digits))]
		n /= uint32(len(digits))
	}
	return string(b)
}

// marvinKey returns an identifiable key of Azure: base64 of bytes, of which the last four
// are the checksum, after the mark.
func (e *Expander) marvinKey(words []string) (string, error) {
	size := 64
	if len(words) == 3 {
		size, _ = strconv.Atoi(words[2])
		words = words[:2]
	}
	if len(words) != 2 || len(words[0]) != 4 || len(words[1]) != 8 || size < 24 || size > 4096 {
		return "", fmt.Errorf("tag marvin takes a mark of 4 characters, a seed of 8, and a number of bytes")
	}
	encoded := base64.StdEncoding.EncodeToString(e.bytes(size))
	at := len(strings.TrimRight(encoded, "=")) - 6
	encoded = encoded[:at-4] + words[0] + "A" + encoded[at+1:] // its upper bits are not of the checksum
	key, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return "", err
	}
	binary.LittleEndian.PutUint32(key[size-4:], marvin(key[:size-4], words[1]))
	return base64.StdEncoding.EncodeToString(key), nil
}

// cask returns a common annotated security key of 84 characters, or of 88 in its long form.
func (e *Expander) cask(words []string) (string, error) {
	if len(words) == 0 || len(words) > 2 || len(words[0]) != 4 {
		return "", fmt.Errorf("tag cask takes a mark of 4 characters, and long")
	}
	covered := e.chars(alphabet("alnum"), 52) + "JQQJ99" + "BC" + e.chars(alphabet("alnum"), 16) + words[0]
	data, err := base64.StdEncoding.DecodeString(covered)
	if err != nil {
		return "", err
	}
	sum := base64.StdEncoding.EncodeToString(binary.LittleEndian.AppendUint32(nil, marvin(data, "Default0")))
	if len(words) == 2 {
		return covered + sum, nil
	}
	return covered + sum[:4], nil
}

// entra returns a secret of Entra ID, whose last three characters are half a checksum.
func (e *Expander) entra() string {
	const ab = lower + upper + "1234567890.-_~"
	s := e.chars(alphabet("alnum"), 3) + "8Q~" + e.chars(ab, 31)
	return s + inDigits(marvin([]byte(s), "AadPwd00"), ab, 6)[:3]
}

// marvin returns Marvin32 of data: the 32 bits of both halves.
func marvin(data []byte, seed string) uint32 {
	p0, p1 := binary.BigEndian.Uint32([]byte(seed[4:])), binary.BigEndian.Uint32([]byte(seed))
	block := func(n uint32) {
		p0 += n
		p1 ^= p0
		p0 = bits.RotateLeft32(p0, 20)
		p0 += p1
		p1 = bits.RotateLeft32(p1, 9)
		p1 ^= p0
		p0 = bits.RotateLeft32(p0, 27)
		p0 += p1
		p1 = bits.RotateLeft32(p1, 19)
	}
	padded := append(slices.Clone(data), 0x80)
	for len(padded)%4 != 0 {
		padded = append(padded, 0)
	}
	for n := range slices.Chunk(padded, 4) {
		block(binary.LittleEndian.Uint32(n))
	}
	block(0)
	return p0 ^ p1
}

// bech32 returns random bytes in bech32, or in bech32m.
func (e *Expander) bech32(words []string, final uint32) (string, error) {
	size := 32
	if len(words) == 2 {
		size, _ = strconv.Atoi(words[1])
	}
	if len(words) == 0 || len(words) > 2 || size < 1 {
		return "", fmt.Errorf("tag bech32 takes a human-readable part, and a number of bytes")
	}
	const ab = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	hrp := strings.ToLower(words[0])
	var values []byte
	for i := range hrp {
		values = append(values, hrp[i]>>5)
	}
	values = append(values, 0)
	for i := range hrp {
		values = append(values, hrp[i]&31)
	}
	start := len(values)
	stream, width := 0, 0
	for _, b := range e.bytes(size) {
		stream, width = stream<<8|int(b), width+8
		for ; width >= 5; width -= 5 {
			values = append(values, byte(stream>>(width-5))&31)
		}
		stream &= 1<<width - 1
	}
	if width > 0 {
		values = append(values, byte(stream<<(5-width))&31)
	}
	sum := uint32(1)
	for _, v := range append(slices.Clone(values), 0, 0, 0, 0, 0, 0) {
		top := sum >> 25
		sum = sum&0x1ffffff<<5 ^ uint32(v)
		for i, g := range []uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			sum ^= top >> i & 1 * g
		}
	}
	for i := range 6 {
		values = append(values, byte((sum^final)>>(5*(5-i)))&31)
	}
	out := []byte(hrp + "1")
	for _, v := range values[start:] {
		out = append(out, ab[v])
	}
	if hrp != words[0] {
		return strings.ToUpper(string(out)), nil
	}
	return string(out), nil
}

// base58check returns random bytes after a version, which is in hexadecimal.
func (e *Expander) base58check(words []string) (string, error) {
	if len(words) != 2 {
		return "", fmt.Errorf("tag base58check takes a version and a number of bytes, such as 80 32")
	}
	version, err := hex.DecodeString(words[0])
	size, err2 := strconv.Atoi(words[1])
	if err != nil || err2 != nil || size < 1 || size > 100 {
		return "", fmt.Errorf("tag base58check takes a version and a number of bytes, such as 80 32")
	}
	payload := append(version, e.bytes(size)...)
	once := sha256.Sum256(payload)
	twice := sha256.Sum256(once[:])
	payload = append(payload, twice[:4]...)
	const ab = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	var out []byte
	for n, digit := new(big.Int).SetBytes(payload), new(big.Int); n.Sign() > 0; {
		n.DivMod(n, big.NewInt(58), digit)
		out = append(out, ab[digit.Int64()])
	}
	for i := 0; i < len(payload) && payload[i] == 0; i++ {
		out = append(out, '1')
	}
	slices.Reverse(out)
	return string(out), nil
}

// bytes returns n random bytes.
func (e *Expander) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(e.rng.Uint32())
	}
	return b
}
