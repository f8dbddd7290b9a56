package proof

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
)

// The greatest sizes of numbers that are computed with, in bits.
const (
	maxModulus  = 16384
	maxDSA      = 4096 // DSA needs an exponentiation
	maxExponent = 512
)

// checkDER requires a private key in DER, or base64 of it: PKCS #8 (RFC 5958), encrypted or
// not, PKCS #1 (RFC 8017, appendix A.1.2), SEC 1 (RFC 5915), or the DSA key of OpenSSL. It
// verifies the equations between the numbers of a key.
func checkDER(_ *Proof, _, body []byte) Result {
	der := body
	if bytes.HasPrefix(body, []byte("M")) { // in base64, a sequence begins so
		decoded, err := base64.RawStdEncoding.Strict().AppendDecode(nil, standardBase64(body))
		if err != nil {
			return unknown("no DER")
		}
		der = decoded
	}
	var outer asn1.RawValue
	if !parse(der, &outer) || outer.Tag != asn1.TagSequence {
		return unknown("no DER")
	}
	return parseAny(der)
}

// parseAny reads a private key of any format. Unless one fits, a format that is not covered
// makes the verdict unknown.
func parseAny(der []byte) Result {
	result := refuted("it is not a private key")
	for _, read := range []func([]byte) Result{parsePKCS8, parsePKCS1, parseSEC1Alone, parseEncryptedPKCS8, parseDSA} {
		r := read(der)
		if r.Verdict == Proven {
			return r
		}
		if r.Verdict == Unknown {
			result = r
		}
	}
	return result
}

// parse reads DER into a structure, and reports whether nothing follows.
func parse(der []byte, into any) bool {
	rest, err := asn1.Unmarshal(der, into)
	return err == nil && len(rest) == 0
}

// elements returns the elements of a sequence. The package asn1 ignores unknown elements at
// the end of a structure, which would hide damage.
func elements(der []byte) (out []asn1.RawValue) {
	if !parse(der, &out) {
		return nil
	}
	return out
}

// tagged returns the content of the element with a context-specific tag. All elements must
// have such tags, in ascending order, up to greatest.
func tagged(list []asn1.RawValue, tag, greatest int) (content []byte, ok bool) {
	last := -1
	for _, e := range list {
		if e.Class != asn1.ClassContextSpecific || e.Tag <= last || e.Tag > greatest {
			return nil, false
		}
		if last = e.Tag; e.Tag == tag {
			content = e.Bytes
		}
	}
	return content, true
}

// publicKey is a SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7).
type publicKey struct {
	Algorithm algorithm
	Key       asn1.BitString
}

type algorithm struct {
	ID         asn1.ObjectIdentifier
	Parameters asn1.RawValue `asn1:"optional"`
}

var (
	oidRSA     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidRSAPSS  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
	oidDSA     = asn1.ObjectIdentifier{1, 2, 840, 10040, 4, 1}
	oidEC      = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
	oidX25519  = asn1.ObjectIdentifier{1, 3, 101, 110}
	oidEd25519 = asn1.ObjectIdentifier{1, 3, 101, 112}
	oidEd448   = asn1.ObjectIdentifier{1, 3, 101, 113}
)

// public returns the SHA-256 of a SubjectPublicKeyInfo, in hexadecimal, or "".
func public(id asn1.ObjectIdentifier, parameters asn1.RawValue, key []byte) string {
	der, err := asn1.Marshal(publicKey{algorithm{id, parameters}, asn1.BitString{Bytes: key, BitLength: 8 * len(key)}})
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:])
}

// parsePKCS8 reads a PrivateKeyInfo and the key in it. The attributes and the public key,
// which are optional, follow the key.
func parsePKCS8(der []byte) Result {
	const damaged = "the key is not PKCS #8"
	list := elements(der)
	if len(list) < 3 || len(list) > 5 {
		return refuted(damaged)
	}
	var version int
	var id algorithm
	var key []byte
	if !parse(list[0].FullBytes, &version) || !parse(list[1].FullBytes, &id) || !parse(list[2].FullBytes, &key) || len(elements(list[1].FullBytes)) > 2 {
		return refuted(damaged)
	}
	point, ok := tagged(list[3:], 1, 1)
	if !ok || version < 0 || version > 1 {
		return refuted(damaged)
	}
	if version == 1 && len(point) == 0 {
		return unknown("a key of an unusual version")
	}
	return parseKeyOf(id, key)
}

// parseKeyOf reads the key that a PrivateKeyInfo contains.
func parseKeyOf(a algorithm, key []byte) Result {
	switch {
	case a.ID.Equal(oidRSA) && !a.empty():
		return refuted("the key is not PKCS #8")
	case a.ID.Equal(oidRSA), a.ID.Equal(oidRSAPSS):
		return parsePKCS1(key)
	case a.ID.Equal(oidEC):
		return parseSEC1(key, a.Parameters.FullBytes)
	case a.ID.Equal(oidEd25519), a.ID.Equal(oidX25519):
		var seed []byte
		if !parse(key, &seed) || len(seed) != ed25519.SeedSize {
			return refuted("the key has a wrong length")
		}
		return curve25519Key(a.ID, seed)
	case a.ID.Equal(oidEd448):
		return proven("the key is PKCS #8", Facts{Kind: "Ed448", Bits: 456})
	case a.ID.Equal(oidDSA):
		return proven("the key is PKCS #8", Facts{Kind: "DSA"})
	}
	return unknown("a private key of another algorithm")
}

// empty reports whether an algorithm has no parameters, or NULL.
func (a *algorithm) empty() bool {
	return len(a.Parameters.FullBytes) == 0 || bytes.Equal(a.Parameters.FullBytes, asn1.NullBytes)
}

// curve25519Key returns the proof of an Ed25519 or X25519 key. Any 32 bytes are one.
func curve25519Key(id asn1.ObjectIdentifier, seed []byte) Result {
	f := Facts{Kind: "X25519", Bits: 256}
	if id.Equal(oidEd25519) {
		f.Kind = "Ed25519"
		f.Public = public(id, asn1.RawValue{}, ed25519.NewKeyFromSeed(seed)[ed25519.SeedSize:])
	} else if key, err := ecdh.X25519().NewPrivateKey(seed); err == nil {
		f.Public = public(id, asn1.RawValue{}, key.PublicKey().Bytes())
	}
	return proven("the key is PKCS #8", f)
}

// parseEncryptedPKCS8 reads an EncryptedPrivateKeyInfo, whose content is random.
func parseEncryptedPKCS8(der []byte) Result {
	var info struct {
		Algorithm algorithm
		Data      []byte
	}
	if !parse(der, &info) || len(info.Data) < 16 {
		return refuted("the key is not encrypted PKCS #8")
	}
	return proven("it is an encrypted key", Facts{Encrypted: true})
}

// rsaKey is an RSAPrivateKey with two primes.
type rsaKey struct {
	Version                   int
	N, E, D, P, Q, Dp, Dq, Qi *big.Int
}

// parsePKCS1 reads an RSAPrivateKey. A key with more than two primes is not covered.
func parsePKCS1(der []byte) Result {
	var key rsaKey
	if !parse(der, &key) || key.Version < 0 || key.Version > 1 {
		return refuted("the key is not PKCS #1")
	}
	if key.Version == 1 || key.N.BitLen() > maxModulus {
		return unknown("an RSA key of an unusual size")
	}
	if !key.holds() {
		return refuted("the numbers of the RSA key do not belong together")
	}
	return proven("the numbers of the RSA key belong together", rsaFacts(key.N, key.E))
}

// holds reports whether the equations of RFC 8017, section 3.2, hold.
func (k *rsaKey) holds() bool {
	one := big.NewInt(1)
	for _, n := range []*big.Int{k.N, k.E, k.D, k.P, k.Q, k.Dp, k.Dq, k.Qi} {
		if n.Sign() <= 0 || n.BitLen() > k.N.BitLen() {
			return false
		}
	}
	if k.P.Cmp(one) <= 0 || k.Q.Cmp(one) <= 0 || new(big.Int).Mul(k.P, k.Q).Cmp(k.N) != 0 {
		return false
	}
	less := func(n *big.Int) *big.Int { return new(big.Int).Sub(n, one) }
	congruent := func(a, b, n *big.Int) bool { return new(big.Int).Mod(new(big.Int).Sub(a, b), n).Sign() == 0 }
	inverse := new(big.Int).Mul(k.E, k.D)
	return congruent(inverse, one, less(k.P)) && congruent(inverse, one, less(k.Q)) &&
		congruent(k.D, k.Dp, less(k.P)) && k.Dp.Cmp(k.P) < 0 && congruent(k.D, k.Dq, less(k.Q)) && k.Dq.Cmp(k.Q) < 0 &&
		congruent(new(big.Int).Mul(k.Q, k.Qi), one, k.P) && k.Qi.Cmp(k.P) < 0
}

func rsaFacts(n, e *big.Int) Facts {
	f := Facts{Kind: "RSA", Bits: n.BitLen()}
	if der, err := asn1.Marshal(struct{ N, E *big.Int }{n, e}); err == nil {
		f.Public = public(oidRSA, asn1.NullRawValue, der)
	}
	return f
}

// parseDSA reads the traditional format of OpenSSL, and verifies y = g^x mod p.
func parseDSA(der []byte) Result {
	var key struct {
		Version       int
		P, Q, G, Y, X *big.Int
	}
	if !parse(der, &key) || key.Version != 0 {
		return refuted("the key is not a DSA key")
	}
	for _, n := range []*big.Int{key.P, key.Q, key.G, key.Y, key.X} {
		if n.Sign() <= 0 || n.BitLen() > key.P.BitLen() {
			return refuted("the numbers of the DSA key do not belong together")
		}
	}
	if key.P.BitLen() > maxDSA || key.X.BitLen() > maxExponent {
		return unknown("a DSA key of an unusual size")
	}
	if key.P.Bit(0) == 0 || new(big.Int).Exp(key.G, key.X, key.P).Cmp(key.Y) != 0 {
		return refuted("the numbers of the DSA key do not belong together")
	}
	f := Facts{Kind: "DSA", Bits: key.P.BitLen()}
	parameters, err := asn1.Marshal(struct{ P, Q, G *big.Int }{key.P, key.Q, key.G})
	y, err2 := asn1.Marshal(key.Y)
	if err == nil && err2 == nil {
		f.Public = public(oidDSA, asn1.RawValue{FullBytes: parameters}, y)
	}
	return proven("the numbers of the DSA key belong together", f)
}

// curve is an elliptic curve. Without an implementation in the standard library, ecdh is
// nil, and only the lengths of a key are verified.
type curve struct {
	name string
	oid  asn1.ObjectIdentifier
	bits int
	ssh  string // as OpenSSH names it
	ecdh ecdh.Curve
}

func curves() []curve {
	return []curve{
		{"P-256", asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7}, 256, "nistp256", ecdh.P256()},
		{"P-384", asn1.ObjectIdentifier{1, 3, 132, 0, 34}, 384, "nistp384", ecdh.P384()},
		{"P-521", asn1.ObjectIdentifier{1, 3, 132, 0, 35}, 521, "nistp521", ecdh.P521()},
		{"P-224", asn1.ObjectIdentifier{1, 3, 132, 0, 33}, 224, "", nil},
		{"secp256k1", asn1.ObjectIdentifier{1, 3, 132, 0, 10}, 256, "", nil},
		{"brainpoolP256r1", asn1.ObjectIdentifier{1, 3, 36, 3, 3, 2, 8, 1, 1, 7}, 256, "", nil},
		{"brainpoolP384r1", asn1.ObjectIdentifier{1, 3, 36, 3, 3, 2, 8, 1, 1, 11}, 384, "", nil},
		{"brainpoolP512r1", asn1.ObjectIdentifier{1, 3, 36, 3, 3, 2, 8, 1, 1, 13}, 512, "", nil},
	}
}

// parseSEC1Alone reads an ECPrivateKey that names its curve.
func parseSEC1Alone(der []byte) Result { return parseSEC1(der, nil) }

// parseSEC1 reads an ECPrivateKey. parameters is the DER of its curve, or nil if the key itself
// names one. The public key, which is optional, must belong to the private one.
func parseSEC1(der, parameters []byte) Result {
	const damaged = "the key is not SEC 1"
	list := elements(der)
	if len(list) < 2 || len(list) > 4 {
		return refuted(damaged)
	}
	var version int
	var private []byte
	var point asn1.BitString
	own, ok := tagged(list[2:], 0, 1)
	public, _ := tagged(list[2:], 1, 1)
	if !ok || !parse(list[0].FullBytes, &version) || version != 1 || !parse(list[1].FullBytes, &private) || len(public) > 0 && !parse(public, &point) {
		return refuted(damaged)
	}
	if parameters == nil {
		parameters = own
	} else if len(own) > 0 && !bytes.Equal(own, parameters) {
		return refuted("the EC key names two curves")
	}
	var oid asn1.ObjectIdentifier
	if !parse(parameters, &oid) {
		return unknown("an EC key without a named curve")
	}
	at := slices.IndexFunc(curves(), func(c curve) bool { return c.oid.Equal(oid) })
	if at < 0 {
		return unknown("an EC key of another curve")
	}
	return ecKey(curves()[at], private, point.Bytes)
}

// ecKey verifies that the public key, if there is one, belongs to the private key.
func ecKey(c curve, private, point []byte) Result {
	f := Facts{Kind: "EC " + c.name, Bits: c.bits}
	size := (c.bits + 7) / 8
	if private = bytes.TrimLeft(private, "\x00"); len(private) == 0 || len(private) > size {
		return refuted("the EC key has a wrong length")
	}
	if c.ecdh != nil {
		key, err := c.ecdh.NewPrivateKey(append(make([]byte, size-len(private)), private...))
		if err != nil {
			return refuted("the EC key is not in the range of its curve")
		}
		derived := key.PublicKey().Bytes()
		if len(point) > 0 && !samePoint(point, derived) {
			return refuted("the public half of the EC key is another")
		}
		point = derived
	} else if len(point) > 0 && len(point) != 2*size+1 && len(point) != size+1 {
		return refuted("the public half of the EC key has a wrong length")
	}
	if len(point) > 0 {
		if parameters, err := asn1.Marshal(c.oid); err == nil {
			f.Public = public(oidEC, asn1.RawValue{FullBytes: parameters}, point)
		}
	}
	return proven(fmt.Sprintf("it is a private key of %s", c.name), f)
}

// samePoint compares a point, which can be compressed, with one that is not (SEC 1, section
// 2.3.3).
func samePoint(point, full []byte) bool {
	size := (len(full) - 1) / 2
	if len(point) == size+1 {
		return point[0] == 2+full[len(full)-1]&1 && bytes.Equal(point[1:], full[1:1+size])
	}
	return bytes.Equal(point, full)
}
