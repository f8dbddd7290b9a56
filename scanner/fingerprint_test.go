package scanner_test

import (
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// fingerprints returns the fingerprints of secrets and pairs in text.
func fingerprints(t *testing.T, template string) []string {
	t.Helper()
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	text, err := synth.New(7).Expand(template)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range scanner.New(set, scanner.Options{}).ScanBytes([]byte(text)) {
		if f.Kind != patterns.AccessKeyID {
			out = append(out, f.Fingerprint())
		}
	}
	return out
}

func TestFingerprintIsOfTheContent(t *testing.T) {
	// The base64 text fixes the values, and resembles a file, so it is not a finding.
	head := "{{akia#id}}{{secret#s}}" + strings.Repeat("{{secret#other}}", 5) + "\n\n\n"
	one := func(text string) string {
		t.Helper()
		got := fingerprints(t, head+strings.Repeat("\n", 200)+text)
		if len(got) != 1 {
			t.Fatalf("%d findings in %q", len(got), text)
		}
		return got[0]
	}
	pair := one("aws_access_key_id={{akia#id}}\naws_secret_access_key={{secret#s}}\n")
	if len(pair) != scanner.FingerprintLen {
		t.Errorf("%q has %d characters", pair, len(pair))
	}
	for name, text := range map[string]string{
		"reformatted": "{\"aws_access_key_id\": \"{{akia#id}}\", \"aws_secret_access_key\": \"{{secret#s}}\"}",
		"moved":       "# some more\n\n\naws_access_key_id={{akia#id}}\naws_secret_access_key={{secret#s}}\n",
		"without id":  "aws_secret_access_key={{secret#s}}\n",
	} {
		if got := one(text); got != pair {
			t.Errorf("%s: another fingerprint", name)
		}
	}
	if one("aws_access_key_id={{akia#id}}\naws_secret_access_key={{secret#other}}\n") == pair {
		t.Error("another secret has the same fingerprint")
	}
}

func BenchmarkFingerprint(b *testing.B) {
	for b.Loop() {
		f := scanner.Finding{RuleID: "aws-key-pair", Kind: patterns.KeyPair, Secret: scanner.Secret(strings.Repeat("x", 40))}
		f.Fingerprint()
	}
}
