package allow_test

import (
	"testing"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

func TestInline(t *testing.T) {
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s := scanner.New(set, scanner.Options{})
	for _, c := range []struct {
		name, text string
		in         allow.Inline
		want       string
	}{
		{"no mark", "k={{akia}}", allow.Inline{}, ""},
		{"same line", "k={{akia}} # keyguard:allow", allow.Inline{}, "allowed by keyguard:allow"},
		{"line before", "// keyguard:allow reason=test\nk={{akia}}", allow.Inline{}, "allowed by keyguard:allow"},
		{"line before, behind other text", "x = 1 # keyguard:allow\nk={{akia}}", allow.Inline{}, ""},
		{"two lines before", "# keyguard:allow\n\nk={{akia}}", allow.Inline{}, ""},
		{"line after", "k={{akia}}\n# keyguard:allow", allow.Inline{}, ""},
		{"by the id of a pair", "k={{akia}} # keyguard:allow\n\n\nsecret={{secret}}", allow.Inline{}, "allowed by keyguard:allow"},
		{"another scanner's", "k={{akia}} # gitleaks:allow", allow.Inline{}, "allowed by gitleaks:allow"},
		{"another scanner's, switched off", "k={{akia}} # gitleaks:allow", allow.Inline{KeyguardOnly: true}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, err := synth.New(1).Expand(c.text)
			if err != nil {
				t.Fatal(err)
			}
			found := s.ScanBytes([]byte(text))
			if len(found) != 1 {
				t.Fatalf("%d findings", len(found))
			}
			if got := c.in.Reason(&found[0]); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
