package proof

import (
	"crypto/ecdh"
	"encoding/asn1"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/synth"
)

// TestVerdicts lists values that are not proven, with the verdict that a caller relies on.
func TestVerdicts(t *testing.T) {
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	account := Proof{Kind: "json", Keys: []string{"type=service_account", "private_key"}, PEM: "private_key"}
	for name, c := range map[string]struct {
		proof    Proof
		template string
		want     Verdict
	}{
		"PEM without an end":             {Proof{Kind: "pem"}, "{{pem ec|slice:0:180}}", Unknown},
		"PEM of a certificate":           {Proof{Kind: "pem"}, "-----BEGIN CERTIFICATE-----\n{{b64 64}}\n-----END CERTIFICATE-----", Unknown},
		"PEM with a placeholder":         {Proof{Kind: "pem"}, "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----", Unknown},
		"PEM without content":            {Proof{Kind: "pem"}, "-----BEGIN PRIVATE KEY-----\\n-----END PRIVATE KEY-----", Refuted},
		"PEM of random text":             {Proof{Kind: "pem"}, "-----BEGIN RSA PRIVATE KEY-----\nMIIE{{b64 60}}\n-----END RSA PRIVATE KEY-----", Refuted},
		"PEM after a certificate":        {Proof{Kind: "pem"}, "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n{{pem rsa}}", Proven},
		"PEM in strings that are joined": {Proof{Kind: "pem"}, "-----BEGIN PRIVATE KEY-----\\n\" +\n  \"MC4CAQAwBQYDK2VwBCIEIA{{alnum 20}}\\n\" +\n \"{{alnum 21}}A\\n\" +\n  \"-----END PRIVATE KEY-----", Proven},
		"PEM in a comment":               {Proof{Kind: "pem"}, "-----BEGIN PRIVATE KEY-----\n# MC4CAQAwBQYDK2VwBCIEIA{{alnum 20}}\n# {{alnum 21}}A\n# -----END PRIVATE KEY-----", Proven},
		"PEM with an escaped escape":     {Proof{Kind: "pem"}, "{{pem rsa|quote|quote}}", Proven},
		"OpenSSH in another block":       {Proof{Kind: "openssh"}, "{{pem rsa}}", Unknown},
		"PGP without a CRC":              {Proof{Kind: "pgp"}, "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{{b64 64}}\n-----END PGP PRIVATE KEY BLOCK-----", Refuted},
		"PuTTY without a MAC":            {Proof{Kind: "ppk"}, "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n", Unknown},
		"JWE":                            {Proof{Kind: "jwt"}, "eyJhbGciOiJkaXIifQ..{{b64 16}}.{{b64 16}}.{{b64 22}}", Unknown},
		"JWT with a short signature":     {Proof{Kind: "jwt"}, "{{jwt|slice:0:140}}", Refuted},
		"JWT without the claim":          {Proof{Kind: "jwt", Keys: []string{"role=service_role"}}, "{{jwt role=anon}}", Refuted},
		"JWT of text":                    {Proof{Kind: "jwt"}, "eyJ{{alnum 20}}.eyJ{{alnum 21}}.{{alnum 43}}", Refuted},
		"macaroon of text":               {Proof{Kind: "macaroon"}, "AgEI{{alnum 120}}", Refuted},
		"mark not in the middle":         {Proof{Kind: "equal-halves", Mark: "T3BlbkFJ"}, "{{alnum 20}}T3BlbkFJ{{alnum 22}}", Refuted},
		"mark after an odd length":       {Proof{Kind: "equal-halves", Mark: "T3BlbkFJ"}, "{{alnum 20}}T3BlbkFJ{{alnum 21}}", Refuted},
		"ObjectId of the future":         {Proof{Kind: "objectid"}, "fffffff0{{hex 16}}", Refuted},
		"ObjectId before its service":    {Proof{Kind: "objectid", Since: "2014-06-01"}, "507f1f77{{hex 16}}", Refuted},
		"snowflake with letters":         {Proof{Kind: "snowflake"}, "1759288472991170xx", Unknown},
		"snowflake of the future":        {Proof{Kind: "snowflake"}, "9199999999999999999", Refuted},
		"basic auth without a colon":     {Proof{Kind: "basic-auth"}, b64("just some words"), Refuted},
		"basic auth, no password":        {Proof{Kind: "basic-auth"}, b64("user:"), Refuted},
		"basic auth of bytes":            {Proof{Kind: "basic-auth"}, b64("a:\x01\x02\x03"), Refuted},
		"JSON without a member":          {account, `{"type": "service_account"}`, Refuted},
		"JSON of another type":           {account, `{"type": "external_account", "private_key": "x"}`, Refuted},
		"JSON with an encrypted end":     {account, `{"type": "service_account", "private_key": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}`, Refuted},
		"JSON, truncated":                {account, `{"type": "service_account", "priv`, Unknown},
		"base64 of no JSON":              {Proof{Kind: "json", Encoding: "base64", Keys: []string{"a"}}, b64("plain"), Refuted},
		"URL without a user":             {Proof{Kind: "url"}, "https://example.com/a@b", Unknown},
		"URL without a password":         {Proof{Kind: "url"}, "ssh://git@example.com/x", Refuted},
		"URL without a host":             {Proof{Kind: "url"}, "https://u:{{alnum 9}}@", Refuted},
		"URL, invalid host":              {Proof{Kind: "url"}, "https://u:{{alnum 9}}@<host>", Refuted},
		"URL, invalid scheme":            {Proof{Kind: "url"}, "1a://u:{{alnum 9}}@h", Unknown},
		"URL with signs":                 {Proof{Kind: "url"}, "a=b://u:{{alnum 9}}@h", Unknown},
		"URL with digits":                {Proof{Kind: "url"}, "s3+x-1.0://u:{{alnum 9}}@h", Proven},
		"no prefix":                      {Proof{Kind: "objectid", Prefixes: []string{"PMAK-"}}, "{{objectid}}", Unknown},
		"JWT with another character":     {Proof{Kind: "jwt"}, "eyJh*hbGci.e30.{{alnum 44}}", Unknown},
		"PuTTY of version 1":             {Proof{Kind: "ppk"}, "PuTTY-User-Key-File-1: ssh-ed25519\nEncryption: none\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 1\nAAAA\nPrivate-MAC: x", Unknown},
		"URL of another scheme":          {Proof{Kind: "url", Schemes: []string{"mysql"}}, "https://u:p@h", Unknown},
		"key of Azure, no mark":          {Proof{Kind: "marvin32", Seeds: []string{"Default0"}, Mark: "+ASt"}, "{{b64 86}}==", Unknown},
		"old secret of Entra":            {Proof{Kind: "marvin32", Encoding: "entra", Seeds: []string{"AadPwd00"}}, "{{alnum 3}}7Q~{{alnum 31}}", Unknown},
		"bech32 in both cases":           {Proof{Kind: "bech32"}, "AGE-SECRET-KEY-1q{{upper 20}}", Unknown},
		"bech32 of another part":         {Proof{Kind: "bech32", HRP: []string{"nsec"}}, "{{bech32 npub}}", Unknown},
		"bech32 as bech32m":              {Proof{Kind: "bech32"}, "{{bech32m nsec}}", Refuted},
		"Base58 with a zero":             {Proof{Kind: "base58check"}, "50{{digits 49}}", Unknown},
		"long Base58":                    {Proof{Kind: "base58check"}, strings.Repeat("2", 200), Unknown},
	} {
		text, err := synth.New(1).Expand(c.template)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if r := c.proof.Check([]byte(text)); r.Verdict != c.want || r.Reason == "" {
			t.Errorf("%s: %s, %q, want %s\n%.100s", name, r.Verdict, r.Reason, c.want, text)
		}
	}
}

// TestTruncatedIsNotProven: a value that ends early is not proven.
func TestTruncatedIsNotProven(t *testing.T) {
	for _, s := range samples() {
		text := s.expand(t, 1)
		_, last := inside(text)
		for n := range last - 4 { // padding is optional, and a cask has a short form
			r := s.proof.Check(text[:n])
			if r.Verdict == Proven && (s.free == "" || s.free == pemNote) {
				t.Errorf("%s is proven by %d of %d bytes", s.name, n, len(text))
			}
		}
	}
	data, err := base64.RawURLEncoding.DecodeString(macaroonOf(t))
	if err != nil {
		t.Fatal(err)
	}
	for n := range data {
		if r := (&Proof{Kind: "macaroon"}).Check([]byte(base64.RawURLEncoding.EncodeToString(data[:n]))); r.Verdict == Proven {
			t.Errorf("%d of %d bytes of a macaroon are proven", n, len(data))
		}
	}
}

func macaroonOf(t *testing.T) string {
	text, err := synth.New(1).Expand("{{macaroon pypi.org [0,1]}}")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// OpenSSL can write the public half as a compressed point, and can leave it out.
func TestPointsOfECKeys(t *testing.T) {
	type key struct {
		Version int
		Private []byte
		Curve   asn1.ObjectIdentifier `asn1:"optional,explicit,tag:0"`
		Public  asn1.BitString        `asn1:"optional,explicit,tag:1"`
	}
	d := make([]byte, 32)
	d[31] = 7
	full, err := ecdh.P256().NewPrivateKey(d)
	if err != nil {
		t.Fatal(err)
	}
	point := full.PublicKey().Bytes()
	compressed := append([]byte{2 + point[64]&1}, point[1:33]...)
	wrong := append([]byte{3 - point[64]&1}, point[1:33]...)
	for name, c := range map[string]struct {
		point []byte
		want  Verdict
	}{"full": {point, Proven}, "compressed": {compressed, Proven}, "of the other sign": {wrong, Refuted}, "short": {point[:40], Refuted}, "none": {nil, Proven}} {
		k := key{1, d, curves()[0].oid, asn1.BitString{Bytes: c.point, BitLength: 8 * len(c.point)}}
		der, err := asn1.Marshal(k)
		if err != nil {
			t.Fatal(err)
		}
		if r := parseSEC1(der, nil); r.Verdict != c.want {
			t.Errorf("%s: %s, %s", name, r.Verdict, r.Reason)
		}
	}
}

// Some programs write a key of one format with the label of another.
func TestWrongLabel(t *testing.T) {
	for _, template := range []string{"{{pem rsa}}", "{{pem ec}}", "{{pem rsa pkcs8}}"} {
		text, err := synth.New(1).Expand(template)
		if err != nil {
			t.Fatal(err)
		}
		for _, label := range []string{" RSA PRIVATE KEY", " EC PRIVATE KEY", " PRIVATE KEY"} {
			relabeled := strings.NewReplacer(" RSA PRIVATE KEY", label, " EC PRIVATE KEY", label, " PRIVATE KEY", label).Replace(text)
			if r := (&Proof{Kind: "pem"}).Check([]byte(relabeled)); r.Verdict != Proven {
				t.Errorf("%s as%s: %s, %s", template, label, r.Verdict, r.Reason)
			}
		}
	}
}

// TestFactsHoldNoSecret: the user of basic auth and of a URL is left out if it can be the
// secret, and no fact has control characters or more than 128 bytes.
func TestFactsHoldNoSecret(t *testing.T) {
	secret, err := synth.New(1).Expand("ghp_{{crc62 30}}")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{secret + ":x-oauth-basic", secret + ":x", secret + ":" + secret[:20], "key-" + secret[:14] + ":0123456789"} {
		for _, r := range []Result{
			(&Proof{Kind: "basic-auth"}).Check([]byte(base64.StdEncoding.EncodeToString([]byte(text)))),
			(&Proof{Kind: "url"}).Check([]byte("https://" + text + "@example.com")),
		} {
			if r.Verdict != Proven || r.Facts.Account != "" {
				t.Errorf("%s: %s, account %q", text, r.Verdict, r.Facts.Account)
			}
		}
	}
	for _, issuer := range []string{strings.Repeat("x", 200), "a\x1b[31mb", "a\u202eb"} {
		encode := base64.RawURLEncoding.EncodeToString
		token := encode([]byte(`{"alg":"none"}`)) + "." + encode([]byte(`{"iss":"`+strings.ReplaceAll(issuer, "\x1b", `\u001b`)+`"}`)) + "."
		if r := (&Proof{Kind: "jwt"}).Check([]byte(token)); r.Verdict != Proven || r.Facts.Issuer != "" || r.Facts.Algorithm != "none" {
			t.Errorf("%q: %s, %+v", issuer, r.Verdict, r.Facts)
		}
	}
}
