package proof

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/binary"
	"math/big"
	"slices"
	"strings"
)

// fields reads the wire format of SSH (RFC 4251, section 5). After a failure, all its results
// are empty and failed is true.
type fields struct {
	data   []byte
	failed bool
}

func (f *fields) uint32() uint32 {
	if len(f.data) < 4 {
		f.data, f.failed = nil, true
		return 0
	}
	n := binary.BigEndian.Uint32(f.data)
	f.data = f.data[4:]
	return n
}

func (f *fields) bytes() []byte {
	n := f.uint32()
	if uint64(n) > uint64(len(f.data)) {
		f.data, f.failed = nil, true
		return nil
	}
	out := f.data[:n:n]
	f.data = f.data[n:]
	return out
}

func (f *fields) text() string { return string(f.bytes()) }

func (f *fields) number() *big.Int { return new(big.Int).SetBytes(f.bytes()) }

// sshPublic is the public half of an SSH key (RFC 4253, section 6.6; RFC 5656; RFC 8709).
type sshPublic struct {
	algorithm string
	blob      []byte
	n, e      *big.Int // of RSA
	curve     curve    // of ECDSA
	point     []byte   // of ECDSA, Ed25519
}

func parseSSHPublic(blob []byte) (k sshPublic, ok bool) {
	f := fields{data: blob}
	k = sshPublic{algorithm: f.text(), blob: blob}
	switch k.algorithm {
	case "ssh-rsa":
		k.e, k.n = f.number(), f.number()
		return k, !f.failed && len(f.data) == 0 && k.n.BitLen() <= maxModulus
	case "ssh-ed25519":
		k.point = f.bytes()
		return k, !f.failed && len(f.data) == 0 && len(k.point) == ed25519.PublicKeySize
	case "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521":
		name := f.text()
		at := slices.IndexFunc(curves(), func(c curve) bool { return c.ssh == name })
		k.point = f.bytes()
		if at < 0 || !strings.HasSuffix(k.algorithm, name) {
			return k, false
		}
		k.curve = curves()[at]
		return k, !f.failed && len(f.data) == 0
	}
	return k, !f.failed && k.algorithm != ""
}

// facts returns the kind, the bits and both hashes of the public half.
func (k *sshPublic) facts() Facts {
	f := Facts{Kind: Printable(k.algorithm)}
	switch {
	case k.n != nil:
		f = rsaFacts(k.n, k.e)
	case k.curve.ecdh != nil:
		f = Facts{Kind: "EC " + k.curve.name, Bits: k.curve.bits}
		if parameters, err := asn1.Marshal(k.curve.oid); err == nil {
			f.Public = public(oidEC, asn1.RawValue{FullBytes: parameters}, k.point)
		}
	case k.algorithm == "ssh-ed25519":
		f = Facts{Kind: "Ed25519", Bits: 256, Public: public(oidEd25519, asn1.RawValue{}, k.point)}
	}
	sum := sha256.Sum256(k.blob)
	f.Fingerprint = "SHA256:" + base64.RawStdEncoding.EncodeToString(sum[:])
	return f
}

// owns reports whether the private half, which private reads, belongs to k. The private half
// of other algorithms, such as hardware keys, is not read, and the result is true.
func (k *sshPublic) owns(private *fields) bool {
	switch {
	case k.n != nil:
		n, e, d, qi, p, q := private.number(), private.number(), private.number(), private.number(), private.number(), private.number()
		one := big.NewInt(1)
		if n.Cmp(k.n) != 0 || e.Cmp(k.e) != 0 || p.Cmp(one) <= 0 || q.Cmp(one) <= 0 || d.BitLen() > n.BitLen() {
			return false
		}
		key := rsaKey{0, n, e, d, p, q, new(big.Int).Mod(d, new(big.Int).Sub(p, one)), new(big.Int).Mod(d, new(big.Int).Sub(q, one)), qi}
		return key.holds()
	case k.curve.ecdh != nil:
		name, point, d := private.text(), private.bytes(), private.bytes()
		return name == k.curve.ssh && bytes.Equal(point, k.point) && ecKey(k.curve, d, point).Verdict == Proven
	case k.algorithm == "ssh-ed25519":
		point, pair := private.bytes(), private.bytes()
		return bytes.Equal(point, k.point) && len(pair) == ed25519.PrivateKeySize && bytes.Equal(pair[ed25519.SeedSize:], point) &&
			bytes.Equal(ed25519.NewKeyFromSeed(pair[:ed25519.SeedSize]), pair)
	}
	private.data = nil
	return true
}

// checkOpenSSH requires a block with a key in the format openssh-key-v1 (openssh-portable,
// PROTOCOL.key). The public half is legible even if a passphrase encrypts the private one.
func checkOpenSSH(_ *Proof, _, body []byte) Result {
	b, problem := findBlock(body)
	if problem != "" {
		return unknown(problem)
	}
	if b.label != "OPENSSH PRIVATE KEY" {
		return unknown("a PEM block of another kind")
	}
	return parseOpenSSH(b.content)
}

func parseOpenSSH(data []byte) Result {
	data, ok := bytes.CutPrefix(data, []byte("openssh-key-v1\x00"))
	if !ok {
		return refuted("the key is not openssh-key-v1")
	}
	f := fields{data: data}
	cipher, kdf, options, count := f.text(), f.text(), f.bytes(), f.uint32()
	public, ok := parseSSHPublic(f.bytes())
	private := f.bytes()
	encrypted := cipher != "none"
	if f.failed || !ok || count != 1 || encrypted != (kdf != "none") || encrypted != (len(options) > 0) {
		return refuted("the key is not openssh-key-v1")
	}
	facts := public.facts()
	if facts.Encrypted = encrypted; encrypted {
		if len(private) < 16 || len(private)%8 != 0 {
			return refuted("the encrypted key has an impossible length")
		}
		return proven("it is an encrypted key", facts)
	}
	if len(f.data) > 0 || !public.matches(private) {
		return refuted("the private half belongs to another public half")
	}
	return proven("the halves of the key belong together", facts)
}

// matches reports whether a private section without encryption is valid. It holds two equal
// numbers, the key, a comment, and the padding 1, 2, 3 ….
func (k *sshPublic) matches(section []byte) bool {
	f := fields{data: section}
	if first, second := f.uint32(), f.uint32(); first != second || f.text() != k.algorithm {
		return false
	}
	if f.failed || !k.owns(&f) {
		return false
	}
	if f.data == nil {
		return !f.failed // of an algorithm that is not read
	}
	f.bytes() // the comment
	for i, c := range f.data {
		if int(c) != i+1 {
			return false
		}
	}
	return !f.failed && len(section)%8 == 0
}
