package proof

import (
	"bytes"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/synth"
)

// sample is a template with a proof that holds for it.
type sample struct {
	name     string
	proof    Proof
	template string
	facts    string // as NAME=VALUE, those that are the same for every seed
	free     string // the bytes that the proof does not cover, as a note; any mutation of others is noticed
}

const pemNote = "white space and the text outside of the block"

// samples returns the proofs that rules of the providers would have.
func samples() []sample {
	return []sample{
		{"GitHub", Proof{Kind: "crc32", Encoding: "base62", Prefixes: []string{"ghp_", "gho_"}, Lengths: []int{36}}, "ghp_{{crc62 30}}", "", ""},
		{"npm", Proof{Kind: "crc32", Encoding: "base62", Prefixes: []string{"npm_"}, Lengths: []int{36}}, "npm_{{crc62 30}}", "", ""},
		{"Cloudflare", Proof{Kind: "crc32", Encoding: "hex", Prefixes: []string{"cfk_", "cfut_", "cfat_"}, Lengths: []int{48}}, "cfut_{{crchex 40}}", "", ""},
		{"GitLab routable", Proof{Kind: "crc32", Encoding: "base36", Over: "value"}, "{{(}}glpat-{{alnum 36}}.0110{{)|crc36}}", "", ""},
		{"Atlassian", Proof{Kind: "crc32", Encoding: "HEX", Over: "value", Prefixes: []string{"ATATT3"}}, "{{(}}ATATT3xFfGF0{{alnum 170}}={{)|crcupper}}", "", ""},
		{"Grafana", Proof{Kind: "crc32", Encoding: "hex-le", Over: "value", Prefixes: []string{"glsa_"}, Separator: "_"}, "{{(}}glsa_{{alnum 32}}{{)|crcle:_}}", "", ""},
		{"long tail", Proof{Kind: "crc32", Encoding: "hex", Tail: 10}, "{{(}}{{alnum 9}}{{)|crchex:00}}", "", ""},

		{"Azure storage", Proof{Kind: "marvin32", Seeds: []string{"Default0"}, Mark: "+ASt"}, "{{marvin +ASt Default0}}", "", ""},
		{"Azure Redis", Proof{Kind: "marvin32", Seeds: []string{"Default0", "Access00"}, Mark: "AzCa"}, "{{marvin AzCa Access00 32}}", "", ""},
		{"Azure cask", Proof{Kind: "marvin32", Encoding: "cask", Seeds: []string{"Default0"}, Mark: "AZDO"}, "{{cask AZDO}}", "issued=2025-03-01T00:00:00Z", ""},
		{"Azure cask, long", Proof{Kind: "marvin32", Encoding: "cask", Seeds: []string{"Default0"}}, "{{cask ACOG long}}", "issued=2025-03-01T00:00:00Z", ""},
		{"Entra ID", Proof{Kind: "marvin32", Encoding: "entra", Seeds: []string{"AadPwd00"}}, "{{entra}}", "", ""},

		{"age", Proof{Kind: "bech32", HRP: []string{"AGE-SECRET-KEY-"}}, "{{bech32 AGE-SECRET-KEY-}}", "", ""},
		{"Nostr", Proof{Kind: "bech32", HRP: []string{"nsec"}}, "{{bech32 nsec}}", "", ""},
		{"bech32m", Proof{Kind: "bech32", Encoding: "bech32m"}, "{{bech32m abc 20}}", "", ""},
		{"Bitcoin WIF", Proof{Kind: "base58check"}, "{{base58check 80 32}}", "kind=Bitcoin mode=live", ""},
		{"Bitcoin testnet", Proof{Kind: "base58check"}, "{{base58check ef 33}}", "kind=Bitcoin mode=test", ""},
		{"Bitcoin xprv", Proof{Kind: "base58check"}, "{{base58check 0488ade4 74}}", "kind=Bitcoin_extended mode=live", ""},

		{"PyPI", Proof{Kind: "macaroon", Prefixes: []string{"pypi-"}}, `pypi-{{macaroon pypi.org [0,4102444800,0] [1,["acme"]]}}`, "issuer=pypi.org project=acme expires=2100-01-01T00:00:00Z", "the content"},
		{"JWT", Proof{Kind: "jwt", Keys: []string{"role=service_role"}, Facts: map[string]string{"project": "ref"}}, "{{jwt iss=supabase role=service_role ref=acme}}", "algorithm=HS256 issuer=supabase project=acme expires=2100-01-01T00:00:00Z", "the content"},
		{"JWT of RSA", Proof{Kind: "jwt"}, "{{jwt alg=RS256}}", "algorithm=RS256 expires=2100-01-01T00:00:00Z", "the content"},

		{"RSA", Proof{Kind: "pem"}, "{{pem rsa}}", "kind=RSA bits=2048", pemNote},
		{"RSA in PKCS #8", Proof{Kind: "pem"}, "{{pem rsa pkcs8}}", "kind=RSA bits=2048", pemNote},
		{"EC", Proof{Kind: "pem"}, "{{pem ec}}", "kind=EC_P-256 bits=256", pemNote},
		{"EC in PKCS #8", Proof{Kind: "pem"}, "{{pem ec pkcs8}}", "kind=EC_P-256 bits=256", pemNote},
		{"Ed25519", Proof{Kind: "pem"}, "{{pem ed25519}}", "kind=Ed25519 bits=256", "the content"},
		{"encrypted", Proof{Kind: "pem"}, "{{pem ec encrypted}}", "kind=EC encrypted=yes", "the content"},
		{"encrypted PKCS #8", Proof{Kind: "pem"}, "{{pem rsa pkcs8 encrypted}}", "encrypted=yes", "the content"},
		{"PEM in JSON", Proof{Kind: "pem"}, "{{pem rsa|quote}}", "kind=RSA bits=2048", pemNote},
		{"PEM in YAML", Proof{Kind: "pem"}, "key: |\n    {{pem ec|indent:4}}", "kind=EC_P-256 bits=256", pemNote},
		{"PEM with CRLF", Proof{Kind: "pem"}, "{{pem ec|crlf}}", "kind=EC_P-256 bits=256", pemNote},
		{"OpenSSH in PEM", Proof{Kind: "pem"}, "{{openssh rsa}}", "kind=RSA bits=2048", "the comment"},
		{"DER", Proof{Kind: "der"}, "{{(}}{{pem ec}}{{)|chomp|slice:31:195}}", "kind=EC_P-256 bits=256", pemNote},
		{"OpenSSH Ed25519", Proof{Kind: "openssh"}, "{{openssh ed25519}}", "kind=Ed25519 bits=256", "the comment"},
		{"OpenSSH ECDSA", Proof{Kind: "openssh"}, "{{openssh ecdsa}}", "kind=EC_P-256 bits=256", "the comment"},
		{"OpenSSH, encrypted", Proof{Kind: "openssh"}, "{{openssh rsa encrypted}}", "kind=RSA bits=2048 encrypted=yes", "the content"},
		{"PuTTY", Proof{Kind: "ppk"}, "{{ppk}}", "kind=Ed25519 bits=256", "white space"},
		{"PuTTY, encrypted", Proof{Kind: "ppk"}, "{{ppk encrypted}}", "kind=Ed25519 bits=256 encrypted=yes", "the content"},
		{"OpenPGP", Proof{Kind: "pgp"}, "{{pgp}}", "kind=EdDSA", "white space"},
		{"OpenPGP, encrypted", Proof{Kind: "pgp"}, "{{pgp encrypted}}", "kind=EdDSA encrypted=yes", "white space"},

		{"OpenAI", Proof{Kind: "equal-halves", Mark: "T3BlbkFJ", Prefixes: []string{"sk-proj-", "sk-"}}, "sk-proj-{{alnum 58}}T3BlbkFJ{{alnum 58}}", "", "the halves"},
		{"Postman", Proof{Kind: "objectid", Prefixes: []string{"PMAK-"}, Since: "2014-01-01"}, "PMAK-{{objectid}}-{{hex 34}}", "", "the content"},
		{"Discord webhook", Proof{Kind: "snowflake"}, "{{snowflake}}", "", "the content"},
		{"Discord bot", Proof{Kind: "snowflake", Encoding: "base64"}, "{{snowflake|base64url}}.{{alnum 6}}.{{alnum 27}}", "", "the content"},
		{"basic auth", Proof{Kind: "basic-auth"}, "{{(}}deploy:{{alnum 12}}{{)|base64}}", "account=deploy", "the content"},
		{"JSON", Proof{Kind: "json", Keys: []string{"type=service_account", "private_key"}, PEM: "private_key", Facts: map[string]string{"account": "client_email", "project": "project_id"}},
			`{"type": "service_account", "project_id": "acme", "client_email": "ci@acme.example", "private_key": "{{pem rsa pkcs8|quote}}"}`, "kind=RSA bits=2048 account=ci@acme.example project=acme", "other members"},
		{"JSON in base64", Proof{Kind: "json", Encoding: "base64", Separator: "_", Prefixes: []string{"sntrys_"}, Keys: []string{"iat", "url"}, Facts: map[string]string{"host": "url", "issued": "iat"}},
			`sntrys_{{(}}{"iat": 1700000000.5, "url": "acme.example"}{{)|base64}}_{{alnum 43}}`, "host=acme.example issued=2023-11-14T22:13:20Z", "the content"},
		{"URL", Proof{Kind: "url", Schemes: []string{"postgres"}}, "postgres://app:{{alnum 12}}@db.example:5432,db2.example/x", "account=app host=db.example:5432,db2.example", "the content"},
		{"JDBC", Proof{Kind: "url"}, "jdbc:mysql://db.example:3306/x?user=app&password={{alnum 12}}", "account=app host=db.example:3306", "the content"},
		{"JDBC of SQL Server", Proof{Kind: "url"}, "jdbc:sqlserver://db.example:1433;user=app;password={{alnum 12}}", "account=app host=db.example:1433", "the content"},
		{"URL without a user", Proof{Kind: "url"}, "redis://:p@ss{{alnum 12}}@cache.example", "host=cache.example", "the content"},
	}
}

// expand returns a sample's text for a seed.
func (s *sample) expand(t testing.TB, seed uint64) []byte {
	t.Helper()
	text, err := synth.New(seed).Expand(s.template)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(text)
}

func TestProvesSamples(t *testing.T) {
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			if err := s.proof.Validate(); err != nil {
				t.Fatal(err)
			}
			for seed := range uint64(20) {
				text := s.expand(t, seed)
				r := s.proof.Check(text)
				if r.Verdict != Proven {
					t.Fatalf("seed %d: %s, %s\n%.200s", seed, r.Verdict, r.Reason, text)
				}
				known := make(map[string]string)
				for _, fact := range r.Facts.List() {
					known[fact.Name] = fact.Value
				}
				for fact := range strings.FieldsSeq(s.facts) {
					name, value, _ := strings.Cut(fact, "=")
					if want := strings.ReplaceAll(value, "_", " "); known[name] != want && known[name] != value {
						t.Errorf("seed %d: %s is %q, want %q", seed, name, known[name], want)
					}
				}
			}
		})
	}
}

// TestNoticesEachMutatedByte: a value with one other byte is not proven, wherever the byte
// is, if the structure covers all bytes. In other values, at least one byte is noticed.
func TestNoticesEachMutatedByte(t *testing.T) {
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			text := s.expand(t, 1)
			step := max(1, len(text)/150)
			first, last := inside(text)
			proven := 0
			for i := 0; i < len(text); i += step {
				if s.free == pemNote && (i < first || i >= last || text[i] <= ' ' || text[i] == '\\' || text[max(0, i-1)] == '\\') {
					continue
				}
				mutated := append([]byte(nil), text...)
				mutated[i] = other(mutated[i])
				if s.proof.Check(mutated).Verdict != Proven {
					continue
				}
				proven++
				if s.free == "" || s.free == pemNote {
					t.Errorf("byte %d as %q is proven: %.100s", i, mutated[i], mutated)
				}
			}
			if s.free != "" && proven*step >= len(text) {
				t.Errorf("every mutation is proven")
			}
		})
	}
}

// inside returns the range of a PEM block, or of all text if there is none.
func inside(text []byte) (first, last int) {
	first, last = bytes.Index(text, []byte("-----BEGIN")), bytes.LastIndex(text, []byte("-----"))
	if first < 0 {
		return 0, len(text)
	}
	return first, last
}

// other returns another byte of the same class, so that a mutation is of the same shape.
func other(c byte) byte {
	switch c {
	case '9', 'z', 'Z', 'f', 'F', 'l', '\n':
		return c - 1
	}
	return c + 1
}

func TestPrefixesAndLengthsDecide(t *testing.T) {
	p := Proof{Kind: "crc32", Encoding: "base62", Prefixes: []string{"ghp_"}, Lengths: []int{36}}
	for name, template := range map[string]string{
		"another prefix": "ghs_{{crc62 30}}", "no prefix": "{{crc62 30}}", "longer": "ghp_{{crc62 31}}", "empty": "", "only the prefix": "ghp_",
		"another alphabet": "ghp_{{alnum 32}}-_-_", "megabyte": "ghp_{{alnum 1000000}}",
	} {
		text, err := synth.New(1).Expand(template)
		if err != nil {
			t.Fatal(err)
		}
		if r := p.Check([]byte(text)); r.Verdict != Unknown || r.Reason == "" {
			t.Errorf("%s: %s, %q", name, r.Verdict, r.Reason)
		}
	}
	if r := p.Check([]byte("ghp_" + strings.Repeat("x", 36))); r.Verdict != Refuted {
		t.Errorf("a fake token: %s", r.Verdict)
	}
}

func TestValidate(t *testing.T) {
	for name, c := range map[string]struct {
		proof Proof
		want  string
	}{
		"kind":         {Proof{Kind: "crc"}, `unknown proof "crc": use one of base58check, `},
		"effect":       {Proof{Kind: "pem", Effect: "keep"}, `effect is "keep": use drop or raise`},
		"parameter":    {Proof{Kind: "pem", Mark: "x"}, "proof pem does not use mark: remove it"},
		"prefix":       {Proof{Kind: "pem", Prefixes: []string{"sk-", "sk-proj-"}}, `prefix "sk-proj-" never applies: move it before "sk-"`},
		"empty prefix": {Proof{Kind: "pem", Prefixes: []string{""}}, "a prefix is empty: remove it"},
		"length":       {Proof{Kind: "pem", Lengths: []int{0}}, "length 0 is impossible: use 1 to 65536"},
		"encoding":     {Proof{Kind: "crc32"}, `encoding is "": use base62, base36, hex, HEX or hex-le`},
		"tail":         {Proof{Kind: "crc32", Encoding: "base62", Tail: 5}, "tail is 5: use 6 to 16 characters for base62"},
		"over":         {Proof{Kind: "crc32", Encoding: "hex", Over: "all"}, `over is "all": use body, value`},
		"no seed":      {Proof{Kind: "marvin32"}, `proof marvin32 needs a seed: set seeds, as in ["Default0"]`},
		"seed":         {Proof{Kind: "marvin32", Seeds: []string{"x"}}, `seed "x" has 1 characters: use 8`},
		"short mark":   {Proof{Kind: "marvin32", Seeds: []string{"Default0"}, Mark: "x"}, `mark "x" has 1 characters: use 4`},
		"hrp":          {Proof{Kind: "bech32", HRP: []string{"Age"}}, `hrp "Age" is impossible: use characters of one case`},
		"mark":         {Proof{Kind: "equal-halves"}, "proof equal-halves needs a mark: set it to the literal in the middle"},
		"since":        {Proof{Kind: "objectid", Since: "2014"}, `since is "2014": use a date such as 2014-06-01`},
		"epoch":        {Proof{Kind: "snowflake", Epoch: -1}, "epoch is -1: use milliseconds since 1970"},
		"keys":         {Proof{Kind: "json"}, "proof json needs keys: set keys to the members that the object has"},
		"fact":         {Proof{Kind: "jwt", Facts: map[string]string{"secret": "x"}}, `fact "secret" does not exist: use issuer, account, project, host, mode, issued or expires`},
	} {
		if err := c.proof.Validate(); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// TestKindsAreComplete: each kind has a description, a sample, and a strength.
func TestKindsAreComplete(t *testing.T) {
	sampled := make(map[string]bool)
	for _, s := range samples() {
		sampled[s.proof.Kind] = true
	}
	last := ""
	for _, name := range Kinds() {
		if p := (&Proof{Kind: name}); Doc(name) == "" || !sampled[name] || p.Bits() <= 0 || name <= last {
			t.Errorf("kind %s is incomplete or out of order", name)
		}
		last = name
	}
	if r := (&Proof{Kind: "crc"}).Check(nil); r.Verdict != Unknown || Doc("crc") != "" {
		t.Errorf("an unknown kind: %s", r.Verdict)
	}
}
