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
		{"line before", "// keyguard:allow reason=test\nk={{akia}}", allow.Inline{}, "allowed by keyguard:allow: test"},
		{"reason up to the comment's end", "k={{akia}} /* keyguard:allow reason=of the old tests */ x", allow.Inline{}, "allowed by keyguard:allow: of the old tests"},
		{"reason in quotes", "k={{akia}} <!-- keyguard:allow reason=\"a test\" rule=aws-access-key-id -->", allow.Inline{}, "allowed by keyguard:allow: a test"},
		{"reason that holds a secret", "# keyguard:allow reason=look {{akia}}", allow.Inline{}, "allowed by keyguard:allow: look ********"},
		{"rule", "k={{akia}} # keyguard:allow rule=other,aws-access-key-id", allow.Inline{}, "allowed by keyguard:allow"},
		{"another rule", "k={{akia}} # keyguard:allow rule=other", allow.Inline{}, "its keyguard:allow does not apply: it is for other"},
		{"another fingerprint", "k={{akia}} # keyguard:allow fingerprint=00", allow.Inline{}, "its keyguard:allow does not apply: it is for another credential"},
		{"reason required", "k={{akia}} # keyguard:allow reason=yes", allow.Inline{RequireReason: true}, "allowed by keyguard:allow: yes"},
		{"reason required and missing", "k={{akia}} # keyguard:allow", allow.Inline{RequireReason: true}, "its keyguard:allow does not apply: reason=… is missing"},
		{"forbidden", "k={{akia}} # keyguard:allow", allow.Inline{Forbid: true}, "its keyguard:allow does not apply: marks are disabled"},
		{"line before, behind other text", "x = 1 # keyguard:allow\nk={{akia}}", allow.Inline{}, ""},
		{"two lines before", "# keyguard:allow\n\nk={{akia}}", allow.Inline{}, ""},
		{"line after", "k={{akia}}\n# keyguard:allow", allow.Inline{}, ""},
		{"by the id of a pair", "k={{akia}} # keyguard:allow\n\n\nsecret={{secret}}", allow.Inline{}, "allowed by keyguard:allow"},
		{"another scanner's", "k={{akia}} # gitleaks:allow", allow.Inline{}, "allowed by gitleaks:allow"},
		{"another scanner's, of a name alone", "k={{akia}} # ggignore", allow.Inline{}, "allowed by ggignore"},
		{"kingfisher's", "k={{akia}} # kingfisher:ignore", allow.Inline{}, "allowed by kingfisher:ignore"},
		{"detect-secrets'", "k={{akia}} # pragma: allowlist secret", allow.Inline{}, "allowed by pragma: allowlist secret"},
		{"detect-secrets', in another form", "k={{akia}} # pragma:whitelist-secret", allow.Inline{}, "allowed by pragma:whitelist-secret"},
		{"detect-secrets', for the next line", "# pragma: allowlist nextline secret\nk={{akia}}", allow.Inline{}, "allowed by pragma: allowlist nextline secret"},
		{"detect-secrets', for the next line, in another form", "# pragma: whitelist-nextline-secret\nk={{akia}}", allow.Inline{}, "allowed by pragma: whitelist-nextline-secret"},
		{"detect-secrets', for the next line, on its own", "k={{akia}} # pragma: allowlist nextline secret", allow.Inline{}, ""},
		{"secretlint's", "k={{akia}} // secretlint-disable-line", allow.Inline{}, "allowed by secretlint-disable-line"},
		{"secretlint's, for the next line", "/* secretlint-disable-next-line */\nk={{akia}}", allow.Inline{}, "allowed by secretlint-disable-next-line"},
		{"secretlint's, for the next line, on its own", "k={{akia}} // secretlint-disable-next-line", allow.Inline{}, ""},
		{"secretlint's, of a block", "// secretlint-disable\nk={{akia}}", allow.Inline{}, ""},
		{"ours, that does not count, before another's", "k={{akia}} # keyguard:allow rule=other gitleaks:allow", allow.Inline{}, "allowed by gitleaks:allow"},
		{"another scanner's, switched off", "k={{akia}} # gitleaks:allow", allow.Inline{KeyguardOnly: true}, "its gitleaks:allow does not apply: marks of other scanners are disabled"},
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
			j := c.in.Decide(&found[0])
			got := j.Drop.Text
			switch {
			case j.Drop.Place != "":
				got += ": " + j.Drop.Place
			case j.Note != "":
				got = j.Note
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestStands(t *testing.T) {
	for line, want := range map[string]string{
		`key = x # keyguard:allow`:                      "stands",
		`key = x // keyguard:allow reason=not live`:     "stands: not live",
		`<!-- keyguard:allow -->`:                       "stands",
		`/* keyguard:allow*/ key`:                       "stands",
		`REM keyguard:allow`:                            "stands",
		"Put `keyguard:allow` in a comment":             "",
		`text = "# keyguard:allow"`:                     "",
		`the mark keyguard:allow is what others call …`: "",
		`// keyguard:allowlist`:                         "",
		`{"x # keyguard:allow reason=y", 1}`:            "",
		`nothing`:                                       "",
	} {
		got := ""
		if reason, ok := allow.MarkIn(line); ok {
			if got = "stands"; reason != "" {
				got += ": " + reason
			}
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", line, got, want)
		}
	}
}
