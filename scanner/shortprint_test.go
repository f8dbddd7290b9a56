package scanner

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/patterns"
)

func weakFinding(rule, line, secret string) *Finding {
	start := strings.Index(line, secret)
	text := []byte(line)
	f := &Finding{RuleID: rule, Kind: patterns.Sensitive, Secret: Secret(secret)}
	f.setName(&candidate{span: Span{Start: int64(start), End: int64(start + len(secret))}, excerpt: newExcerpt(text, start, start+len(secret), 0)})
	return f
}

func TestShortFingerprintDependsOnRuleNameAndSecret(t *testing.T) {
	base := weakFinding("env-file", "DB_PASSWORD=hunter2hunter", "hunter2hunter").Fingerprint()
	for name, c := range map[string]struct {
		f    *Finding
		same bool
	}{
		"the same":         {weakFinding("env-file", "DB_PASSWORD=hunter2hunter", "hunter2hunter"), true},
		"quoted":           {weakFinding("env-file", `export DB_PASSWORD = "hunter2hunter" # x`, "hunter2hunter"), true},
		"another secret":   {weakFinding("env-file", "DB_PASSWORD=hunter3hunter", "hunter3hunter"), false},
		"another name":     {weakFinding("env-file", "PASSWORD=hunter2hunter", "hunter2hunter"), false},
		"another rule":     {weakFinding("other-file", "DB_PASSWORD=hunter2hunter", "hunter2hunter"), false},
		"a name far ahead": {weakFinding("env-file", "DB_PASSWORD=<<<<<<<<<hunter2hunter", "hunter2hunter"), false},
	} {
		if got := c.f.Fingerprint(); len(got) != FingerprintLen || (got == base) != c.same {
			t.Errorf("%s: %s, base %s", name, got, base)
		}
		if c.f.SHA256() != "" {
			t.Errorf("%s: has a SHA-256", name)
		}
	}
}

// A guess is confirmed only if its long fingerprint begins with the same 16 bits: of those
// possible, each short fingerprint must stand for many secrets.
func TestShortFingerprintConfirmsNoGuess(t *testing.T) {
	seen := make(map[string]bool)
	for i := range 1 << 18 {
		seen[ShortFingerprint("env-file", "DB_PASSWORD", fmt.Sprintf("%08x", i<<14))] = true
	}
	if len(seen) != 1<<16 {
		t.Errorf("%d fingerprints of %d long ones", len(seen), 1<<18)
	}
}

func TestStrongFingerprintIsLong(t *testing.T) {
	f := weakFinding("some-token", "token=abc", "abc")
	f.Bits = StrongBits
	strong := f.Fingerprint()
	if list := f.Fingerprints(); len(list) != 1 || list[0] != strong || f.SHA256() == "" {
		t.Errorf("strong: %v, %q", list, f.SHA256())
	}
	f.Bits--
	if list := f.Fingerprints(); len(list) != 2 || list[0] == strong || list[1] != strong {
		t.Errorf("weak: %v, strong %s", list, strong)
	}
}

func TestNameBefore(t *testing.T) {
	for text, want := range map[string]string{
		"":                   "",
		"password=":          "password",
		`  "api-key" : "`:    "api-key",
		"mysql --password=":  "password",
		"a.b.secret => '":    "a.b.secret",
		"password         =": "",
		"password ========":  "",
		"password ======":    "password",
		"=":                  "",
	} {
		if got := NameBefore([]byte(text)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// The fingerprint of a weak secret does not depend on its place in the text, on the
// encoding of the text, or on the use that is reported.
func TestShortFingerprintStays(t *testing.T) {
	set, err := patterns.NewSet(&patterns.File{
		Rules: []*patterns.Rule{{ID: "acme-password", Kind: patterns.APIKey, Keywords: []string{"acme_"}, Regex: `acme_(?:password|old) = ([a-z]{12})`}},
		Pairs: []*patterns.Pair{{ID: "pair", Lines: 60, Bytes: 8192}}, // uses nearby are one finding
	})
	if err != nil {
		t.Fatal(err)
	}
	s := New(set, Options{})
	const line = "acme_password = correcthorse\n"
	utf16 := func(text string) string {
		var b strings.Builder
		b.WriteString("\xff\xfe")
		for _, c := range text {
			b.WriteString(string(c) + "\x00")
		}
		return b.String()
	}
	padding := strings.Repeat("some other line\n", 300)
	want := ""
	for name, text := range map[string]string{
		"plain": line, "moved": padding + line, "used twice": line + "acme_old = correcthorse\n",
		"UTF-16": utf16(line), "UTF-16, moved": utf16(padding + line),
	} {
		found := s.ScanBytes([]byte(text))
		if len(found) != 1 {
			t.Fatalf("%s: %d findings", name, len(found))
		}
		f := &found[0]
		if uses := f.Uses(); len(uses) > 1 {
			f.MoveTo(uses[1])
		}
		if want == "" {
			want = f.Fingerprint()
		}
		if got := f.Fingerprint(); got != want || f.Name() != "acme_password" {
			t.Errorf("%s: fingerprint %s of name %q, want %s", name, got, f.Name(), want)
		}
	}
}
