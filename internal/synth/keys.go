package synth

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/asn1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// primeOffsets are the distances from public numbers to the next primes: finding primes
// takes long, and the keys grant access to nothing.
var primeOffsets = []int64{468, 969, 1463, 814}

// prime returns the n-th prime of 1,024 bits.
func prime(n int) *big.Int {
	var b []byte
	for i := range 2 {
		sum := sha512.Sum512(fmt.Appendf(nil, "keyguard prime %d.%d", n, i))
		b = append(b, sum[:]...)
	}
	b[0] |= 0xc0
	return new(big.Int).Add(new(big.Int).SetBytes(b), big.NewInt(primeOffsets[n]))
}

// rsaNumbers is an RSA key, in the order of PKCS #1.
type rsaNumbers struct {
	Version                   int
	N, E, D, P, Q, Dp, Dq, Qi *big.Int
}

// rsa returns one of twelve keys of 2,048 bits.
func (e *Expander) rsa() rsaNumbers {
	order := e.rng.Perm(len(primeOffsets))
	p, q, one := prime(order[0]), prime(order[1]), big.NewInt(1)
	p1, q1 := new(big.Int).Sub(p, one), new(big.Int).Sub(q, one)
	k := rsaNumbers{N: new(big.Int).Mul(p, q), E: big.NewInt(65537), P: p, Q: q, Qi: new(big.Int).ModInverse(q, p)}
	k.D = new(big.Int).ModInverse(k.E, new(big.Int).Mul(p1, q1))
	k.Dp, k.Dq = new(big.Int).Mod(k.D, p1), new(big.Int).Mod(k.D, q1)
	return k
}

// p256 returns a private key of P-256 and its public point.
func (e *Expander) p256() (private, point []byte) {
	for {
		private = e.bytes(32)
		if key, err := ecdh.P256().NewPrivateKey(private); err == nil {
			return private, key.PublicKey().Bytes()
		}
	}
}

type algorithm struct {
	ID         asn1.ObjectIdentifier
	Parameters asn1.RawValue `asn1:"optional"`
}

// pkcs8 is an RFC 5958 PrivateKeyInfo.
type pkcs8 struct {
	Version   int
	Algorithm algorithm
	Key       []byte
}

// sec1 is an RFC 5915 ECPrivateKey.
type sec1 struct {
	Version int
	Private []byte
	Curve   asn1.ObjectIdentifier `asn1:"optional,explicit,tag:0"`
	Public  asn1.BitString        `asn1:"optional,explicit,tag:1"`
}

var oidP256 = asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7}

// pem returns a private key in PEM, with a line feed at its end.
func (e *Expander) pem(words []string) (string, error) {
	usage := fmt.Errorf("tag pem takes rsa, ec or ed25519, then pkcs8 and encrypted")
	if len(words) == 0 {
		return "", usage
	}
	kind, isPKCS8, encrypted := words[0], words[0] == "ed25519", false // which has no other format
	for _, word := range words[1:] {
		isPKCS8, encrypted = isPKCS8 || word == "pkcs8", encrypted || word == "encrypted"
		if word != "pkcs8" && word != "encrypted" {
			return "", usage
		}
	}
	label, key, info := map[string]string{"rsa": "RSA ", "ec": "EC "}[kind]+"PRIVATE KEY", any(nil), pkcs8{}
	switch kind {
	case "rsa":
		key = e.rsa()
		info.Algorithm = algorithm{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}, asn1.NullRawValue}
	case "ec":
		private, point := e.p256()
		key = sec1{1, private, oidP256, asn1.BitString{Bytes: point, BitLength: 8 * len(point)}}
		info.Algorithm = algorithm{asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}, asn1.RawValue{FullBytes: mustMarshal(oidP256)}}
	case "ed25519":
		key = e.bytes(ed25519.SeedSize)
		info.Algorithm = algorithm{ID: asn1.ObjectIdentifier{1, 3, 101, 112}}
	default:
		return "", usage
	}
	block := pem.Block{Type: label, Bytes: mustMarshal(key)}
	switch {
	case isPKCS8 && encrypted:
		block.Type, block.Bytes = "ENCRYPTED PRIVATE KEY", e.encryptedPKCS8(len(block.Bytes)+40)
	case isPKCS8:
		info.Key = block.Bytes
		block.Type, block.Bytes = "PRIVATE KEY", mustMarshal(info)
	case encrypted:
		block.Headers = map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-256-CBC," + strings.ToUpper(hex.EncodeToString(e.bytes(16)))}
		block.Bytes = e.bytes((len(block.Bytes)/16 + 1) * 16)
	}
	return string(pem.EncodeToMemory(&block)), nil
}

// encryptedPKCS8 returns an EncryptedPrivateKeyInfo of PBES2 with random content.
func (e *Expander) encryptedPKCS8(size int) []byte {
	pbkdf2 := struct {
		ID         asn1.ObjectIdentifier
		Parameters struct {
			Salt       []byte
			Iterations int
			PRF        algorithm
		}
	}{ID: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}}
	pbkdf2.Parameters.Salt, pbkdf2.Parameters.Iterations = e.bytes(16), 600000
	pbkdf2.Parameters.PRF = algorithm{asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 9}, asn1.NullRawValue}
	aes := algorithm{asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 42}, asn1.RawValue{FullBytes: mustMarshal(e.bytes(16))}}
	parameters := mustMarshal(struct{ KDF, Cipher asn1.RawValue }{asn1.RawValue{FullBytes: mustMarshal(pbkdf2)}, asn1.RawValue{FullBytes: mustMarshal(aes)}})
	return mustMarshal(struct {
		Algorithm algorithm
		Data      []byte
	}{algorithm{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}, asn1.RawValue{FullBytes: parameters}}, e.bytes((size/16 + 1) * 16)})
}

// mustMarshal panics if a structure of this file has no DER, which is a mistake in it.
func mustMarshal(v any) []byte {
	der, err := asn1.Marshal(v)
	if err != nil {
		panic(err)
	}
	return der
}

// sshStrings returns the parts in the wire format of SSH.
func sshStrings(parts ...[]byte) (out []byte) {
	for _, part := range parts {
		out = binary.BigEndian.AppendUint32(out, uint32(len(part)))
		out = append(out, part...)
	}
	return out
}

// mpint returns the bytes of a positive number, with a zero before a high bit.
func mpint(n *big.Int) []byte {
	if n.BitLen()%8 == 0 {
		return append([]byte{0}, n.Bytes()...)
	}
	return n.Bytes()
}

// sshKey returns the algorithm and the halves of a key, the private half for OpenSSH.
func (e *Expander) sshKey(kind string) (name string, public, private []byte, err error) {
	switch kind {
	case "rsa":
		k := e.rsa()
		name = "ssh-rsa"
		public = sshStrings([]byte(name), mpint(k.E), mpint(k.N))
		private = sshStrings([]byte(name), mpint(k.N), mpint(k.E), mpint(k.D), mpint(k.Qi), mpint(k.P), mpint(k.Q))
	case "ecdsa":
		d, point := e.p256()
		name = "ecdsa-sha2-nistp256"
		public = sshStrings([]byte(name), []byte("nistp256"), point)
		private = append(slices.Clone(public), sshStrings(mpint(new(big.Int).SetBytes(d)))...)
	case "ed25519":
		key := ed25519.NewKeyFromSeed(e.bytes(ed25519.SeedSize))
		name = "ssh-ed25519"
		public = sshStrings([]byte(name), key[ed25519.SeedSize:])
		private = append(slices.Clone(public), sshStrings(key)...)
	default:
		err = fmt.Errorf("a key of SSH is rsa, ecdsa or ed25519, not %q", kind)
	}
	return name, public, private, err
}

// openssh returns a private key in the format openssh-key-v1, with a line feed at its end.
func (e *Expander) openssh(words []string) (string, error) {
	encrypted := len(words) == 2 && words[1] == "encrypted"
	if len(words) == 0 || len(words) == 2 && !encrypted || len(words) > 2 {
		return "", fmt.Errorf("tag openssh takes rsa, ecdsa or ed25519, and encrypted")
	}
	_, public, private, err := e.sshKey(words[0])
	if err != nil {
		return "", err
	}
	check := e.bytes(4)
	private = slices.Concat(check, check, private, sshStrings([]byte("user@host")))
	cipher, kdf, options, size := "none", "none", []byte(nil), 8
	if encrypted {
		cipher, kdf, options, size = "aes256-ctr", "bcrypt", append(sshStrings(e.bytes(16)), 0, 0, 0, 24), 16
	}
	for i := byte(1); len(private)%size != 0; i++ {
		private = append(private, i)
	}
	if encrypted {
		private = e.bytes(len(private))
	}
	data := slices.Concat([]byte("openssh-key-v1\x00"), sshStrings([]byte(cipher), []byte(kdf), options), []byte{0, 0, 0, 1}, sshStrings(public, private))
	return armor("OPENSSH PRIVATE KEY", "", data, 70, ""), nil
}

// armor returns a block with lines of a width, text before its content, and an end.
func armor(label, before string, data []byte, width int, end string) string {
	return "-----BEGIN " + label + "-----\n" + before + wrap(base64.StdEncoding.EncodeToString(data), width) + "\n" + end + "-----END " + label + "-----\n"
}

// ppk returns a PuTTY private key file of version 3 with an Ed25519 key.
func (e *Expander) ppk(words []string) (string, error) {
	encryption, kdf := "none", ""
	switch {
	case len(words) == 1 && words[0] == "encrypted":
		encryption = "aes256-cbc"
		kdf = "Key-Derivation: Argon2id\nArgon2-Memory: 8192\nArgon2-Passes: 13\nArgon2-Parallelism: 1\nArgon2-Salt: " + hex.EncodeToString(e.bytes(16)) + "\n"
	case len(words) > 0:
		return "", fmt.Errorf("tag ppk takes nothing, or encrypted")
	}
	key := ed25519.NewKeyFromSeed(e.bytes(ed25519.SeedSize))
	public, private := sshStrings([]byte("ssh-ed25519"), key[ed25519.SeedSize:]), sshStrings(mpintLE(key[:ed25519.SeedSize]))
	mac := hmac.New(sha256.New, nil)
	mac.Write(sshStrings([]byte("ssh-ed25519"), []byte(encryption), []byte("user@host"), public, private))
	if encryption != "none" {
		private = e.bytes(48)
	}
	lines := func(b []byte) string {
		text := wrap(base64.StdEncoding.EncodeToString(b), 64)
		return fmt.Sprintf("%d\n%s\n", strings.Count(text, "\n")+1, text)
	}
	return "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: " + encryption + "\nComment: user@host\nPublic-Lines: " + lines(public) +
		kdf + "Private-Lines: " + lines(private) + "Private-MAC: " + hex.EncodeToString(mac.Sum(nil)) + "\n", nil
}

// mpintLE returns the number that bytes are in little-endian order, as PuTTY writes the
// private half of Ed25519.
func mpintLE(b []byte) []byte {
	b = slices.Clone(b)
	slices.Reverse(b)
	return mpint(new(big.Int).SetBytes(b))
}

// pgp returns an armored secret key of version 4 with an Ed25519 key and a CRC-24.
func (e *Expander) pgp(words []string) (string, error) {
	encrypted := len(words) == 1 && words[0] == "encrypted"
	if len(words) > 0 && !encrypted {
		return "", fmt.Errorf("tag pgp takes nothing, or encrypted")
	}
	key := ed25519.NewKeyFromSeed(e.bytes(ed25519.SeedSize))
	packet := []byte{4}
	packet = binary.BigEndian.AppendUint32(packet, 1600000000+e.rng.Uint32N(100000000))
	packet = append(packet, 22, 9, 0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x0f, 0x01) // EdDSA on Ed25519
	packet = append(packet, 0x01, 0x07, 0x40)                                            // a number of 263 bits
	packet = append(packet, key[ed25519.SeedSize:]...)
	if encrypted {
		packet = append(packet, 254, 9, 3, 8) // usage, AES-256, iterated salt, SHA-256
		packet = append(packet, e.bytes(8+1+16+54)...)
	} else {
		number := bytes.TrimLeft(key[:ed25519.SeedSize], "\x00")
		secret := binary.BigEndian.AppendUint16(nil, uint16(new(big.Int).SetBytes(number).BitLen()))
		secret = append(secret, number...)
		sum := uint16(0)
		for _, b := range secret {
			sum += uint16(b)
		}
		packet = binary.BigEndian.AppendUint16(append(append(packet, 0), secret...), sum)
	}
	data := append([]byte{0x94, byte(len(packet))}, packet...) // a secret key, old format
	sum := uint32(0xb704ce)
	for _, b := range data {
		sum ^= uint32(b) << 16
		for range 8 {
			if sum <<= 1; sum > 0xffffff {
				sum ^= 0x1864cfb
			}
		}
	}
	end := "=" + base64.StdEncoding.EncodeToString([]byte{byte(sum >> 16), byte(sum >> 8), byte(sum)}) + "\n"
	return armor("PGP PRIVATE KEY BLOCK", "\n", data, 64, end), nil
}
