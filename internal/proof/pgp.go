package proof

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"time"
)

// checkPGP requires an armored block with a secret key (RFC 9580, sections 5.5 and 6). It
// verifies the CRC-24. Newer programs omit it; then nothing is proven. The facts describe the
// first key.
func checkPGP(_ *Proof, _, body []byte) Result {
	b, problem := findBlock(body)
	if problem != "" {
		return unknown(problem)
	}
	if b.label != "PGP PRIVATE KEY BLOCK" {
		return unknown("a block of another kind")
	}
	sum, err := base64.StdEncoding.DecodeString(b.sum)
	if b.sum != "" && (err != nil || !bytes.Equal(sum, crc24(b.content))) {
		return refuted("the CRC-24 is wrong")
	}
	facts, ok := pgpKey(b.content)
	if !ok {
		return refuted("the block has no secret key")
	}
	if b.sum == "" {
		return Result{Unknown, "without a CRC-24", facts}
	}
	return proven("the CRC-24 is right", facts)
}

// crc24 returns the three bytes of RFC 9580, section 6.1.
func crc24(data []byte) []byte {
	sum := uint32(0xb704ce)
	for _, c := range data {
		sum ^= uint32(c) << 16
		for range 8 {
			if sum <<= 1; sum&0x1000000 != 0 {
				sum ^= 0x1864cfb
			}
		}
	}
	return []byte{byte(sum >> 16), byte(sum >> 8), byte(sum)}
}

// The types of packets with a secret key.
const (
	pgpSecretKey    = 5
	pgpSecretSubkey = 7
)

// pgpKey returns the facts of a secret key packet of version 4 or 6.
func pgpKey(data []byte) (f Facts, ok bool) {
	tag, packet, ok := pgpPacket(data)
	if !ok || tag != pgpSecretKey && tag != pgpSecretSubkey || len(packet) < 7 {
		return f, false
	}
	version, created, algorithm := packet[0], binary.BigEndian.Uint32(packet[1:]), packet[5]
	rest := packet[6:]
	var size int // of the public part
	switch version {
	case 4:
		if f.Kind, f.Bits, size = pgpPublic(algorithm, rest); size < 0 {
			return f, false
		}
		fingerprint := sha1.New()
		fingerprint.Write(append([]byte{0x99}, binary.BigEndian.AppendUint16(nil, uint16(6+size))...))
		fingerprint.Write(packet[:6+size])
		f.Fingerprint = strings.ToUpper(hex.EncodeToString(fingerprint.Sum(nil)))
	case 6:
		if len(rest) < 4 {
			return f, false
		}
		f.Kind, f.Bits, _ = pgpPublic(algorithm, rest[4:])
		n := binary.BigEndian.Uint32(rest)
		if size = 4 + int(n&0xffffff); n > MaxValue || size > len(rest) {
			return f, false
		}
	default:
		return f, false
	}
	if size >= len(rest) {
		return f, false
	}
	f.Issued, f.Encrypted = time.Unix(int64(created), 0).UTC(), rest[size] != 0
	return f, true
}

// pgpPacket returns the type and the content of the first packet, in either format of its
// header (RFC 9580, section 4.2). It does not read partial lengths, which keys do not have.
func pgpPacket(data []byte) (tag byte, packet []byte, ok bool) {
	if len(data) < 6 || data[0]&0x80 == 0 {
		return 0, nil, false
	}
	first, size, at := data[1], 0, 2
	if data[0]&0x40 != 0 {
		tag = data[0] & 0x3f
		switch {
		case first < 192:
			size = int(first)
		case first < 224:
			size, at = int(first-192)<<8+int(data[2])+192, 3
		case first == 255:
			size, at = int(binary.BigEndian.Uint32(data[2:])&0x7fffffff), 6
		default:
			return 0, nil, false
		}
	} else {
		tag = data[0] >> 2 & 0xf
		switch data[0] & 3 {
		case 0:
			size = int(first)
		case 1:
			size, at = int(binary.BigEndian.Uint16(data[1:])), 3
		case 2:
			size, at = int(binary.BigEndian.Uint32(data[1:])&0x7fffffff), 5
		default:
			return 0, nil, false
		}
	}
	if size > len(data)-at {
		return 0, nil, false
	}
	return tag, data[at : at+size], true
}

// pgpAlgorithm is the layout of a public key: numbers, or an object ID before them, or bytes.
type pgpAlgorithm struct {
	name    string
	numbers int
	oid     bool // an object ID precedes the numbers
	kdf     bool // parameters follow them
	size    int  // of a key without numbers, in bytes
}

// pgpPublic returns the kind of a public key, the bits of its first number, and the length
// of the key in bytes. The length is -1 if data does not contain the key.
func pgpPublic(algorithm byte, data []byte) (kind string, bits, size int) {
	a, ok := map[byte]pgpAlgorithm{
		1: {name: "RSA", numbers: 2}, 2: {name: "RSA", numbers: 2}, 3: {name: "RSA", numbers: 2},
		16: {name: "ElGamal", numbers: 3}, 17: {name: "DSA", numbers: 4},
		18: {name: "ECDH", numbers: 1, oid: true, kdf: true}, 19: {name: "ECDSA", numbers: 1, oid: true}, 22: {name: "EdDSA", numbers: 1, oid: true},
		25: {name: "X25519", size: 32}, 26: {name: "X448", size: 56}, 27: {name: "Ed25519", size: 32}, 28: {name: "Ed448", size: 57},
	}[algorithm]
	if !ok {
		return "", 0, -1
	}
	at := a.size
	if a.oid {
		if len(data) == 0 {
			return a.name, 0, -1
		}
		at = 1 + int(data[0])
	}
	for range a.numbers {
		if at+2 > len(data) {
			return a.name, bits, -1
		}
		n := int(binary.BigEndian.Uint16(data[at:]))
		if bits == 0 && !a.oid {
			bits = n
		}
		at += 2 + (n+7)/8
	}
	if a.kdf && at < len(data) {
		at += 1 + int(data[at])
	}
	if at > len(data) {
		return a.name, bits, -1
	}
	return a.name, bits, at
}
