package proof

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
)

const (
	bech32Digits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	base58Digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
)

// maxBase58 is the greatest length of a value that is decoded, in characters, because
// decoding takes quadratic time. An extended key of Bitcoin has 111.
const maxBase58 = 128

func validateBech32(p *Proof) error {
	for _, hrp := range p.HRP {
		if hrp == "" || hrp != strings.ToLower(hrp) && hrp != strings.ToUpper(hrp) {
			return fmt.Errorf("hrp %q is impossible: use characters of one case", hrp)
		}
	}
	return oneOf("encoding", p.Encoding, "bech32", "bech32m")
}

// checkBech32 compares the last six characters with the checksum of BIP 173, or of BIP 350
// if the encoding is bech32m. A value can have any length, as the keys of age do
// (github.com/C2SP/C2SP, age.md; NIP-19 of Nostr).
func checkBech32(p *Proof, value, _ []byte) Result {
	lower := bytes.ToLower(value)
	one := bytes.LastIndexByte(lower, '1')
	if one < 1 || len(lower) != len(value) || len(value)-one-1 < 6 {
		return unknown("no bech32")
	}
	if !bytes.Equal(lower, value) && !bytes.Equal(bytes.ToUpper(value), value) {
		return unknown("in both cases, which bech32 forbids")
	}
	hrp := lower[:one]
	if len(p.HRP) > 0 && !slices.ContainsFunc(p.HRP, func(h string) bool { return strings.EqualFold(h, string(hrp)) }) {
		return unknown("with another human-readable part")
	}
	sum := uint32(1)
	for _, c := range hrp {
		if c < '!' || c > '~' {
			return unknown("no bech32")
		}
		sum = bech32Step(sum) ^ uint32(c>>5)
	}
	sum = bech32Step(sum)
	for _, c := range hrp {
		sum = bech32Step(sum) ^ uint32(c&31)
	}
	for _, c := range lower[one+1:] {
		digit := strings.IndexByte(bech32Digits, c)
		if digit < 0 {
			return refuted("it has a character that bech32 lacks")
		}
		sum = bech32Step(sum) ^ uint32(digit)
	}
	want := uint32(1)
	if p.Encoding == "bech32m" {
		want = 0x2bc830a3
	}
	if sum != want {
		return refuted("the bech32 checksum is wrong")
	}
	return proven("the bech32 checksum is right", Facts{})
}

// bech32Step multiplies the checksum by x, modulo the generator of BIP 173.
func bech32Step(sum uint32) uint32 {
	top := sum >> 25
	sum = sum & 0x1ffffff << 5
	for i, g := range [5]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
		if top>>i&1 == 1 {
			sum ^= g
		}
	}
	return sum
}

// checkBase58 compares the last four bytes with the first four of the double SHA-256 of the
// others (en.bitcoin.it/wiki/Base58Check_encoding; BIP 32 for extended keys). The version
// of a Bitcoin key determines the mode.
func checkBase58(_ *Proof, _, body []byte) Result {
	if len(body) < 12 || len(body) > maxBase58 {
		return unknown("of a length that Base58Check does not have")
	}
	data, ok := decodeBase58(body)
	if !ok {
		return unknown("no Base58")
	}
	if len(data) < 5 {
		return refuted("the Base58Check checksum is wrong")
	}
	payload, sum := data[:len(data)-4], data[len(data)-4:]
	once := sha256.Sum256(payload)
	twice := sha256.Sum256(once[:])
	if !bytes.Equal(twice[:4], sum) {
		return refuted("the Base58Check checksum is wrong")
	}
	return proven("the Base58Check checksum is right", bitcoinFacts(payload))
}

// bitcoinFacts returns the kind and the mode of a private key: WIF, or BIP 32's xprv.
func bitcoinFacts(payload []byte) Facts {
	wif := len(payload) == 33 || len(payload) == 34
	switch {
	case wif && payload[0] == 0x80:
		return Facts{Kind: "Bitcoin", Mode: "live"}
	case wif && payload[0] == 0xef:
		return Facts{Kind: "Bitcoin", Mode: "test"}
	case len(payload) == 78 && bytes.HasPrefix(payload, []byte{0x04, 0x88, 0xad, 0xe4}):
		return Facts{Kind: "Bitcoin extended", Mode: "live"}
	case len(payload) == 78 && bytes.HasPrefix(payload, []byte{0x04, 0x35, 0x83, 0x94}):
		return Facts{Kind: "Bitcoin extended", Mode: "test"}
	}
	return Facts{}
}

// decodeBase58 returns the bytes of a big-endian number, with a zero for each leading 1.
func decodeBase58(s []byte) (out []byte, ok bool) {
	for _, c := range s {
		carry := strings.IndexByte(base58Digits, c)
		if carry < 0 {
			return nil, false
		}
		for i := range out { // the lowest byte first
			carry += int(out[i]) * 58
			out[i] = byte(carry)
			carry >>= 8
		}
		for ; carry > 0; carry >>= 8 {
			out = append(out, byte(carry))
		}
	}
	for _, c := range s {
		if c != '1' {
			break
		}
		out = append(out, 0)
	}
	slices.Reverse(out)
	return out, true
}
