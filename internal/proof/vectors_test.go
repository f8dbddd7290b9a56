package proof

import (
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"testing"
	"time"

	"github.com/keyguard/keyguard/internal/synth"
)

// The vectors of github.com/microsoft/security-utilities, marvin.spec.ts.
func TestMarvin32Vectors(t *testing.T) {
	for _, c := range []struct {
		seed uint64
		data string
		want uint32
	}{
		{0xd53cd9cecd0893b7, "abc", 0x6be02a86},
		{0x0ddddeeeeffff000, "abcdefghijklmnopqrstuvwxyz", 0xd34847dc},
		{0x004fb61a001bdbcc, "", 0x302009bc},
		{0x004fb61a001bdbcc, "\xaf", 0x3592e206},
		{0x004fb61a001bdbcc, "\xe7\x0f", 0xfdab5e04},
		{0x004fb61a001bdbcc, "\x37\xf4\x95", 0x6b3c8b90},
	} {
		if got := marvin32([]byte(c.data), string(binary.BigEndian.AppendUint64(nil, c.seed))); got != c.want {
			t.Errorf("%q: %08x, want %08x", c.data, got, c.want)
		}
	}
}

// A checksum of zero bytes: zeros on the right, and the last digit as base64 leaves it.
func TestCASKChecksumOfZeros(t *testing.T) {
	if got := caskChecksum(make([]byte, 4)); got != "00000w" {
		t.Errorf("got %q", got)
	}
}

// The check values of the CRC catalogue (reveng.sourceforge.io/crc-catalogue).
func TestCRCVectors(t *testing.T) {
	const digits = "123456789"
	if got := hex.EncodeToString(crc24([]byte(digits))); got != "21cf02" {
		t.Errorf("CRC-24 is %s", got)
	}
	for encoding, want := range map[string]string{"hex": "cbf43926", "HEX": "CBF43926", "hex-le": "2639f4cb", "base36": "1kl8mjq", "base62": "3jZRME"} {
		p := Proof{Kind: "crc32", Encoding: encoding}
		if r := p.Check([]byte(digits + want)); r.Verdict != Proven {
			t.Errorf("%s: %s, %s", encoding, r.Verdict, r.Reason)
		}
	}
}

// The vectors of BIP 173 and BIP 350.
func TestBech32Vectors(t *testing.T) {
	for encoding, list := range map[string]struct{ valid, invalid []string }{
		"bech32": {
			[]string{"A12UEL5L", "a12uel5l", "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
				"abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w", "?1ezyfcl"},
			[]string{"A1G7SGD8", "x1b4n0q5v", "1qzzfhee", "10a06t8", "li1dgmt3", "pzry9x0s0muk", "split1cheo2y9e2w", "A12uEL5L"},
		},
		"bech32m": {
			[]string{"A1LQFN3A", "a1lqfn3a", "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx", "?1v759aa"},
			[]string{"A12UEL5L", "y1b0jsk6g", "lt1igcx5c0", "in1muywd", "16plkw9", "1p2gdwpf"},
		},
	} {
		p := Proof{Kind: "bech32", Encoding: encoding}
		for _, s := range list.valid {
			if r := p.Check([]byte(s)); r.Verdict != Proven {
				t.Errorf("%s %s: %s, %s", encoding, s, r.Verdict, r.Reason)
			}
		}
		for _, s := range list.invalid {
			if r := p.Check([]byte(s)); r.Verdict == Proven {
				t.Errorf("%s %s is proven", encoding, s)
			}
		}
	}
}

// Addresses of Bitcoin, which are public: that of the first block, and that of the page on
// addresses at en.bitcoin.it.
func TestBase58CheckVectors(t *testing.T) {
	p := Proof{Kind: "base58check"}
	for _, s := range []string{"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "16UwLL9Risc3QfPqBUvKofHmBQ7wMtjvM"} {
		if r := p.Check([]byte(s)); r.Verdict != Proven {
			t.Errorf("%s: %s, %s", s, r.Verdict, r.Reason)
		}
		if r := p.Check([]byte(s[:len(s)-1] + "b")); r.Verdict != Refuted {
			t.Errorf("%s, damaged: %s", s, r.Verdict)
		}
	}
}

// RFC 7515, appendix A.1.
func TestJWTVector(t *testing.T) {
	encode := base64.RawURLEncoding.EncodeToString
	token := encode([]byte("{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}")) + "." +
		encode([]byte("{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}")) +
		".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	r := (&Proof{Kind: "jwt"}).Check([]byte(token))
	if r.Verdict != Proven || r.Facts.Issuer != "joe" || !r.Facts.Expires.Equal(time.Unix(1300819380, 0)) {
		t.Errorf("%s, %s, %+v", r.Verdict, r.Reason, r.Facts)
	}
}

// RFC 8410, section 10.3: a private key, and one with attributes and its public key.
func TestEd25519Vectors(t *testing.T) {
	spki, err := base64.StdEncoding.DecodeString("MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=")
	if err != nil {
		t.Fatal(err)
	}
	want := sha256.Sum256(spki)
	const seed = "BQYDK2VwBCIEINTuctv5E1hK1bbY8fdp" + "+K06/nwoy/HU++CXqI9EdVhC"
	for name, der := range map[string]string{
		"v1": "MC4CAQAw" + seed,
		"v2": "MHICAQEw" + seed + "oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=",
	} {
		if r := (&Proof{Kind: "der"}).Check([]byte(der)); r.Verdict != Proven || r.Facts.Public != hex.EncodeToString(want[:]) {
			t.Errorf("%s: %s, %s, %s", name, r.Verdict, r.Reason, r.Facts.Public)
		}
	}
}

// The first example of github.com/rescrv/libmacaroons, in version 1, and the same content in
// version 2.
func TestMacaroonVectors(t *testing.T) {
	signature, err := hex.DecodeString("e3d9e02908526c4c0039ae15114115d97fdd68bf2ba379b342aaf0f617d0552f")
	if err != nil {
		t.Fatal(err)
	}
	packet := func(key, content string) string {
		return fmt.Sprintf("%04x%s %s\n", len(key)+len(content)+6, key, content)
	}
	v1 := packet("location", "http://mybank/") + packet("identifier", "we used our secret key") + packet("signature", string(signature))
	v2 := "\x02\x01\x0ehttp://mybank/\x02\x16we used our secret key\x00\x00\x06\x20" + string(signature)
	for name, data := range map[string]string{"version 1": v1, "version 2": v2} {
		for _, encoding := range []*base64.Encoding{base64.RawURLEncoding, base64.StdEncoding} {
			if r := (&Proof{Kind: "macaroon"}).Check([]byte(encoding.EncodeToString([]byte(data)))); r.Verdict != Proven || r.Facts.Issuer != "http://mybank/" {
				t.Errorf("%s: %s, %s, %+v", name, r.Verdict, r.Reason, r.Facts)
			}
		}
		if r := (&Proof{Kind: "macaroon"}).Check([]byte(base64.StdEncoding.EncodeToString([]byte(data[:len(data)-1])))); r.Verdict != Refuted {
			t.Errorf("%s, truncated: %s", name, r.Verdict)
		}
	}
}

// The examples of the documents of MongoDB, of Discord, and of RFC 7617.
func TestTimesAndBasicAuthVectors(t *testing.T) {
	for _, c := range []struct {
		proof Proof
		value string
		want  Facts
	}{
		{Proof{Kind: "objectid"}, "507f1f77bcf86cd799439011", Facts{Issued: time.Date(2012, 10, 17, 21, 13, 27, 0, time.UTC)}},
		{Proof{Kind: "snowflake"}, "175928847299117063", Facts{Issued: time.Date(2016, 4, 30, 11, 18, 25, 796000000, time.UTC)}},
		{Proof{Kind: "basic-auth"}, base64.StdEncoding.EncodeToString([]byte("Aladdin:open sesame")), Facts{Account: "Aladdin"}},
	} {
		if r := c.proof.Check([]byte(c.value)); r.Verdict != Proven || r.Facts != c.want {
			t.Errorf("%s: %s, %s, %+v", c.value, r.Verdict, r.Reason, r.Facts)
		}
	}
}

// Keys that Go's parsers accept have the same public half here.
func TestPublicHalvesAgreeWithGo(t *testing.T) {
	for _, template := range []string{"{{pem rsa pkcs8}}", "{{pem ec pkcs8}}", "{{pem ed25519}}"} {
		text, err := synth.New(3).Expand(template)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := pem.Decode([]byte(text))
		key, err := x509.ParsePKCS8PrivateKey(b.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		spki, err := x509.MarshalPKIXPublicKey(key.(crypto.Signer).Public())
		if err != nil {
			t.Fatal(err)
		}
		want := sha256.Sum256(spki)
		if r := (&Proof{Kind: "pem"}).Check([]byte(text)); r.Facts.Public != hex.EncodeToString(want[:]) {
			t.Errorf("%s: %s", template, r.Facts.Public)
		}
	}
}
