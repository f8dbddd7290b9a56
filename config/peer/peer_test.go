package peer_test

import (
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/config/peer"
	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// show tells a result in lines.
func show(r *peer.Result) string {
	var b strings.Builder
	for _, a := range r.Allow {
		fmt.Fprintf(&b, "allow %q", a.Reason)
		for _, l := range []struct {
			name   string
			values []string
		}{{"rules", a.Rules}, {string(a.Target) + " regexes", a.Regexes}, {"stopwords", a.Stopwords}, {"commits", a.Commits}} {
			if len(l.values) > 0 {
				fmt.Fprintf(&b, " %s%q", strings.TrimSpace(l.name), l.values)
			}
		}
		b.WriteString("\n")
	}
	for _, rule := range r.Rules {
		fmt.Fprintf(&b, "rule %s %q %s\n", rule.ID, rule.Keywords, rule.Regex)
	}
	for _, s := range r.Left {
		fmt.Fprintf(&b, "left %s\n", s)
	}
	for _, s := range r.Changed {
		fmt.Fprintf(&b, "changed %s\n", s)
	}
	return b.String()
}

// check compares a result, and proves that keyguard takes its text.
func check(t *testing.T, r *peer.Result, err error, want string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if got := show(r); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	f, err := config.Parse("imported", []byte(r.TOML()))
	if err != nil {
		t.Fatalf("%v\n%s", err, r.TOML())
	}
	if len(f.Allow) != len(r.Allow) || len(f.Rule) != len(r.Rules) {
		t.Errorf("%d entries and %d rules in the text", len(f.Allow), len(f.Rule))
	}
}

// The configurations are in the manner of what public repositories have: the
// old form with one allowlist of paths that extends the default rules is by far
// the most common one.
func TestGitleaks(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"old form", `title = "x"
[extend]
useDefault = true
[allowlist]
description = "fakes of the tests"
paths = ['''(^|/)testdata/''', '''.*test\.go''']
regexes = ['''0?x?ac0974''']
commits = ["1234567890abcdef1234567890abcdef12345678", "short"]
stopwords = ["example"]
`, `allow "fakes of the tests" commits["1234567890abcdef1234567890abcdef12345678"]
allow "fakes of the tests" path regexes["(^|/)testdata/" ".*test\\.go"]
allow "fakes of the tests" stopwords["example"]
allow "fakes of the tests" regexes["0?x?ac0974"]
left the allowlist "fakes of the tests": "short" is not a commit ID
`},
		{"new form", `minVersion = "v8.25.0"
[[allowlists]]
description = "of one rule"
targetRules = ["aws-access-token"]
regexTarget = "line"
regexes = ["notsecret"]
[[allowlists]]
description = "both"
condition = "AND"
paths = ["x"]
stopwords = ["y"]
[[allowlists]]
description = "cannot be"
condition = "AND"
paths = ["x"]
regexes = ["y"]
[[allowlists]]
targetRules = ["unknown-rule"]
paths = ["x"]
`, `allow "of one rule" rules["aws-access-key-id" "aws-key-pair"] line regexes["notsecret"]
allow "both" path regexes["x"] stopwords["y"]
left the allowlist "cannot be": it joins paths and regexes; write its paths in gitignore syntax
left the allowlist for unknown-rule: keyguard has no such rule
`},
		{"rules", `[[rules]]
id = "Our_Token"
description = "Our token"
regex = '''our_[a-z]+'''
keywords = ["our_"]
entropy = 2.5
[[rules.allowlists]]
stopwords = ["our_dummy"]
[[rules]]
id = "group"
regex = '(a)(bcde)'
secretGroup = 2
keywords = ["abcd"]
[[rules]]
id = "no-keyword"
regex = 'x+'
[[rules]]
id = "names"
path = '\.pem$'
[[rules]]
id = "aws-access-token"
regex = 'AKIA[A-Z0-9]{16}'
[rules.allowlist]
regexes = ['EXAMPLE$']
[[rules]]
id = "allow-all"
regex = '''^.*$'''
path = '''^vcr/.*'''
colour = "red"
`, `allow "imported from .gitleaks.toml" rules["our-token"] stopwords["our_dummy"]
allow "imported from .gitleaks.toml" rules["aws-access-key-id" "aws-key-pair"] regexes["EXAMPLE$"]
rule our-token ["our_"] our_[a-z]{1,100}
left unknown key rules.colour
left rule group: its secret is group 2; keyguard supports only the first
left rule no-keyword: keyguard needs keywords of at least four characters at or near the start of the regex; it has ""
left rule names: it has no regex; keyguard scans content, not names
left rule aws-access-token: keyguard's own aws-access-key-id replaces it
left rule allow-all: keyguard needs keywords of at least four characters at or near the start of the regex; it has ""
changed rule Our_Token: unlimited repeats in its regex are limited to 100
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := peer.Gitleaks(".gitleaks.toml", []byte(c.text))
			check(t, r, err, c.want)
		})
	}
}

// files is where a Lookup looks.
func lookIn(t *testing.T, files map[string]string) peer.Lookup {
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s := scanner.New(set, scanner.Options{})
	return func(commit, path string) ([]scanner.Finding, error) {
		text, ok := files[commit+":"+path]
		if !ok {
			return nil, errors.New(path + " is not there any more")
		}
		return s.ScanBytes([]byte(text)), nil
	}
}

func key(t *testing.T, template string) string {
	text, err := synth.New(3).Expand(template)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestGitleaksIgnore(t *testing.T) {
	const commit = "418edf165dbb63d6f46993ae8f8818ffd87ea582"
	text := key(t, "\nAWS_ACCESS_KEY_ID={{akia}}\nAWS_SECRET_ACCESS_KEY={{secret}}\n")
	look := lookIn(t, map[string]string{commit + ":a:b.env": text, ":now.env": text})
	r, err := peer.GitleaksIgnore(".gitleaksignore", []byte("# known\n"+commit+":a:b.env:aws-access-token:2\nnow.env:aws-access-token:2\nnow.env:jwt:1\ngone.go:jwt:17\nnonsense\n"), look)
	check(t, r, err, `allow "ignored in .gitleaksignore: a:b.env"
left .gitleaksignore:4: keyguard has no finding there
left .gitleaksignore:5: gone.go is not there any more
left .gitleaksignore:6: not a fingerprint of gitleaks
`)
	if len(r.Allow[0].Fingerprints) != 1 {
		t.Error("the entry has no fingerprint")
	}
}

func TestGitAllowed(t *testing.T) {
	r, err := peer.GitAllowed(".gitallowed", []byte("# public sites\n.*example\\.com\n\n.*\nqueries/client_secrets.json\n^tests/keys\\.txt:[0-9]+:.*\n^token\n(\nwJalrXUtnFEMI/K7MDENG\n"))
	check(t, r, err, `allow "imported from .gitallowed" line regexes[".*example\\.com"]
allow "imported from .gitallowed" path regexes["queries/client_secrets.json"]
allow "imported from .gitallowed" path regexes["^tests/keys\\.txt$"]
allow "imported from .gitallowed" line regexes["^token"]
allow "imported from .gitallowed" line regexes["wJalrXUtnFEMI/K7MDENG"]
left the pattern ".*": it allows everything
left the pattern "(": it does not compile
changed the pattern "^token": git-secrets matches path:number:text, keyguard only the text
`)
}

func TestGitSecrets(t *testing.T) {
	r, err := peer.GitSecrets("git config", []byte(strings.Join([]string{
		"secrets.providers\ngit secrets --aws-provider",
		"secrets.patterns\n(A3T[A-Z0-9]|AKIA|ASIA)[A-Z0-9]{16}",
		"secrets.patterns\nintern_[0-9a-f]{32}",
		"secrets.patterns\npassword\\s*=\\s*.+",
		"secrets.patterns\n[0-9]{16}",
		"secrets.allowed\nAKIAIOSFODNN7EXAMPLE", "",
	}, "\x00")))
	check(t, r, err, `allow "imported from git config" line regexes["AKIAIOSFODNN7EXAMPLE"]
rule imported-intern ["intern_"] intern_[0-9a-f]{32}
rule imported-password ["password"] (?-s:password[\t\n\f\r ]{0,100}=[\t\n\f\r ]{0,100}.{1,100})
left the provider "git secrets --aws-provider": keyguard does not run commands for patterns
left the pattern "(A3T[A-Z0-9]|AKIA|ASIA)[A-Z0-9]{16}": keyguard's own rules replace this AWS pattern
left the pattern "[0-9]{16}": keyguard needs keywords of at least four characters at or near the start of the regex; it has ""
changed the pattern "password\\s*=\\s*.+": unlimited repeats in its regex are limited to 100
`)
}

func TestDetectSecrets(t *testing.T) {
	id := key(t, "{{akia}}")
	sum := sha1.Sum([]byte(id))
	text := `{"version": "1.5.0", "plugins_used": [{"name": "AWSKeyDetector"}],
"filters_used": [
  {"path": "detect_secrets.filters.allowlist.is_line_allowlisted"},
  {"path": "detect_secrets.filters.heuristic.is_lock_file"},
  {"path": "detect_secrets.filters.gibberish.should_exclude_secret", "limit": 3.7},
  {"path": "detect_secrets.filters.regex.should_exclude_file", "pattern": ["(^|\\/)mock\\/|^spec\\/", "^public\\/"]}],
"results": {"a.env": [{"type": "AWS Access Key", "hashed_secret": "` + hex.EncodeToString(sum[:]) + `", "line_number": 1, "is_secret": true},
  {"type": "Secret Keyword", "hashed_secret": "bfdbf1e306afd9578c3f9e41d542a373ec631aa2", "line_number": 2}],
 "gone": [{"type": "AWS Access Key", "hashed_secret": "00", "line_number": 1}]},
"generated_at": "2026-01-01T00:00:00Z"}`
	r, err := peer.DetectSecrets(".secrets.baseline", []byte(text), lookIn(t, map[string]string{":a.env": "k = " + id + "\n"}))
	check(t, r, err, `allow "imported from .secrets.baseline" path regexes["(^|\\/)mock\\/|^spec\\/" "^public\\/"]
left filters of secrets, which the checks of keyguard's rules replace: is_lock_file, should_exclude_secret
left a.env:2: Secret Keyword: keyguard has no finding with that hash there
left gone: gone is not there any more
`)
	if !slices.ContainsFunc(r.Known, func(k peer.Known) bool { return k.Label == "leak" && k.Finding.KeyID == id }) {
		t.Errorf("known: %+v", r.Known)
	}
}
