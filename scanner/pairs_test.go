package scanner

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/patterns"
)

// acmeRules is two pairs. Parts of Acme are public or harmless alone, apart from its secret.
const acmeRules = `
[[pair]]
id = "acme-credentials"
title = "Acme credentials"
severity = "critical"
lines = 3
bytes = 200
[[rule]]
id = "acme-id"
kind = "id"
pair = "acme-credentials"
alone = false
keywords = ["acme-id-"]
regex = 'acme-id-[0-9]{4}'
[[rule]]
id = "acme-secret"
kind = "secret"
pair = "acme-credentials"
severity = "high"
bits = 128
keywords = ["acme-secret-"]
regex = 'acme-secret-[0-9]{4}'
[[rule]]
id = "acme-user"
kind = "user"
pair = "acme-credentials"
alone = false
keywords = ["acme-user-"]
regex = 'acme-user-[0-9]{4}'
[[rule]]
id = "acme-token"
kind = "token"
pair = "acme-credentials"
alone = false
keywords = ["acme-token-"]
regex = 'acme-token-[0-9]{4}'

[[pair]]
id = "zeta-login"
title = "Zeta login"
lines = 9
bytes = 400
[[rule]]
id = "zeta-host"
kind = "host"
pair = "zeta-login"
alone = false
keywords = ["zeta-host-"]
regex = 'zeta-host-[0-9]{4}'
[[rule]]
id = "zeta-user"
kind = "id"
pair = "zeta-login"
alone = false
keywords = ["zeta-user-"]
regex = 'zeta-user-[0-9]{4}'
[[rule]]
id = "zeta-password"
kind = "secret"
pair = "zeta-login"
alone = false
keywords = ["zeta-password-"]
regex = 'zeta-password-[0-9]{4}'
`

// TestSeveralPairs: parts join those of their own pair only.
func TestSeveralPairs(t *testing.T) {
	file, err := patterns.ParseFile("acme.toml", []byte(acmeRules))
	if err != nil {
		t.Fatal(err)
	}
	set, err := patterns.NewSet(file)
	if err != nil {
		t.Fatal(err)
	}
	s := New(set, Options{})
	for _, c := range []struct{ name, text, want string }{
		{"an ID alone", "acme-id-1111", ""},
		{"a user alone", "acme-user-1111", ""},
		{"a token alone", "acme-token-1111", ""},
		{"a secret alone", "acme-secret-1111", "acme-secret high"},
		{"a password alone", "zeta-password-1111", ""},
		{"a pair", "acme-id-1111 acme-secret-2222", "acme-credentials critical acme-id-1111"},
		{"the secret first", "acme-secret-2222 acme-id-1111", "acme-credentials critical acme-id-1111"},
		{"a pair with all parts", "acme-user-4444 acme-id-1111\nacme-secret-2222\nacme-token-3333", "acme-credentials critical acme-id-1111 token user"},
		{"a user without a secret", "acme-user-4444 acme-id-1111", ""},
		{"a user beside a lone secret", "acme-user-4444 acme-secret-1111", "acme-secret high"},
		{"as many lines apart as allowed", "acme-id-1111\n\n\nacme-secret-2222", "acme-credentials critical acme-id-1111"},
		{"one line more", "acme-id-1111\n\n\n\nacme-secret-2222", "acme-secret high"},
		{"parts of two pairs", "acme-id-1111 zeta-password-2222", ""},
		{"two pairs in a cluster", "zeta-host-1111 acme-id-1111 zeta-user-2222 acme-secret-2222 zeta-password-3333", "acme-credentials critical acme-id-1111; zeta-login medium zeta-user-2222 host"},
		{"an ID of another pair between them", "acme-id-1111 zeta-user-2222 acme-secret-2222", "acme-credentials critical acme-id-1111"},
		{"two pairs of one kind", "acme-id-1111 acme-secret-2222 acme-id-3333 acme-secret-4444", "acme-credentials critical acme-id-1111; acme-credentials critical acme-id-3333"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, f := range s.ScanBytes([]byte(c.text)) {
				if !f.Drop.IsZero() {
					continue
				}
				text := fmt.Sprint(f.RuleID, " ", f.Severity)
				if f.Kind == patterns.KeyPair {
					text += " " + f.KeyID
				}
				for _, p := range f.Related {
					if p.Kind != patterns.PairID {
						text += " " + string(p.Kind)
					}
				}
				got = append(got, text)
			}
			if g := strings.Join(got, "; "); g != c.want {
				t.Errorf("got %q, want %q", g, c.want)
			}
		})
	}
}

// TestFingerprintOfAPart: it does not depend on whether the secret is in a pair.
func TestFingerprintOfAPart(t *testing.T) {
	file, err := patterns.ParseFile("acme.toml", []byte(acmeRules))
	if err != nil {
		t.Fatal(err)
	}
	set, err := patterns.NewSet(file)
	if err != nil {
		t.Fatal(err)
	}
	s := New(set, Options{})
	alone, pair := s.ScanBytes([]byte("acme-secret-2222")), s.ScanBytes([]byte("acme-id-1111 acme-secret-2222"))
	if len(alone) != 1 || len(pair) != 1 || alone[0].Fingerprint() != pair[0].Fingerprint() {
		t.Errorf("alone %d, pair %d", len(alone), len(pair))
	}
}
