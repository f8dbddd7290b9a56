package allow_test

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// below is a Paths for tests: what lies below a folder.
type below string

func (b below) Match(path string) (string, bool) {
	return string(b), strings.HasPrefix(path, string(b))
}

func regex(expr string) []func() *regexp.Regexp {
	return []func() *regexp.Regexp{sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })}
}

func finding() scanner.Finding {
	return scanner.Finding{
		RuleID: "aws-key-pair", Kind: patterns.KeyPair, Secret: scanner.Secret("abcdEXAMPLEkey"), KeyID: "AKIA" + "TEST", Account: "123456789012",
		Origin: scanner.Origin{Path: "tests/a", History: &scanner.History{Commit: "c0ffee1234", Paths: []string{"tests/b"}}},
	}
}

func TestEntryNeedsAllItsConditions(t *testing.T) {
	f := finding()
	moved := finding()
	moved.Origin.History.Paths = []string{"src/b"}
	for _, c := range []struct {
		name  string
		entry allow.Entry
		f     scanner.Finding
		want  bool
	}{
		{"rule", allow.Entry{Rules: []string{"aws-key-pair"}}, f, true},
		{"another rule", allow.Entry{Rules: []string{"other"}}, f, false},
		{"account", allow.Entry{Accounts: []string{"123456789012"}}, f, true},
		{"commit", allow.Entry{Commits: []string{"c0ffee1"}}, f, true},
		{"another commit", allow.Entry{Commits: []string{"c0ffee2"}}, f, false},
		{"stopword in another case", allow.Entry{Stopwords: []string{"example"}}, f, true},
		{"regex on the secret", allow.Entry{Regexes: regex("^abcd")}, f, true},
		{"regex on the id, but it is for secrets", allow.Entry{Regexes: regex("^AKIA")}, f, false},
		{"regex on any part", allow.Entry{Regexes: regex("^AKIA"), Target: allow.OnMatch}, f, true},
		{"path", allow.Entry{Paths: below("tests/")}, f, true},
		{"path of which history knows another", allow.Entry{Paths: below("tests/")}, moved, false},
		{"fingerprint", allow.Entry{Fingerprints: []string{f.Fingerprint()}}, f, true},
		{"all", allow.Entry{Rules: []string{"x", "aws-key-pair"}, Paths: below("tests/"), Accounts: []string{"123456789012"}}, f, true},
		{"all but one", allow.Entry{Rules: []string{"aws-key-pair"}, Paths: below("src/"), Accounts: []string{"123456789012"}}, f, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := allow.NewList([]allow.Entry{c.entry}, time.Now())
			if got := l.Match(&c.f) != nil; got != c.want {
				t.Errorf("got %v", got)
			}
			if unused := len(l.Unused()) == 1; unused == c.want {
				t.Errorf("unused: %v", unused)
			}
		})
	}
}

func TestExpiredEntryAllowsNothing(t *testing.T) {
	now := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	l := allow.NewList([]allow.Entry{{Rules: []string{"aws-key-pair"}, Expires: now}}, now)
	if f := finding(); l.Match(&f) != nil {
		t.Error("it allowed a finding")
	}
	if len(l.Expired()) != 1 || len(l.Unused()) != 0 {
		t.Errorf("%d expired, %d unused", len(l.Expired()), len(l.Unused()))
	}
}

func TestFirstEntryCounts(t *testing.T) {
	l := allow.NewList([]allow.Entry{
		{Place: "1", Commits: []string{"c0ffee"}}, {Place: "2", Accounts: []string{"123456789012"}}, {Place: "3", Rules: []string{"aws-key-pair"}},
	}, time.Now())
	if f := finding(); l.Match(&f).Place != "1" {
		t.Errorf("got %s", l.Match(&f).Place)
	}
}

// thousand is an allowlist such as a large team has.
func thousand() *allow.List {
	var entries []allow.Entry
	for i := range 1000 {
		e := allow.Entry{}
		switch i % 4 {
		case 0:
			e.Fingerprints = []string{fmt.Sprintf("%032x", i)}
		case 1:
			e.Accounts = []string{fmt.Sprintf("%012d", i)}
		case 2:
			e.Rules, e.Regexes = []string{"aws-key-pair"}, regex(fmt.Sprintf("nothing%d", i))
		case 3:
			e.Paths = below(fmt.Sprintf("folder%d/", i))
		}
		entries = append(entries, e)
	}
	return allow.NewList(entries, time.Now())
}

// BenchmarkCleanScan is the check of the promise that an allowlist costs a
// clean scan nothing: compare its two times.
func BenchmarkCleanScan(b *testing.B) {
	set, err := patterns.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	text, err := synth.New(1).Expand(strings.Repeat("{{lines 100}}", 2000))
	if err != nil {
		b.Fatal(err)
	}
	s := scanner.New(set, scanner.Options{})
	for name, l := range map[string]*allow.List{"entries=0": allow.NewList(nil, time.Now()), "entries=1000": thousand()} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				for _, f := range s.ScanBytes([]byte(text)) {
					l.Match(&f)
				}
			}
		})
	}
}

func BenchmarkMatch(b *testing.B) {
	l := thousand()
	for b.Loop() {
		f := finding()
		l.Match(&f)
	}
}

// clone returns f with another secret.
func clone(f scanner.Finding, secret string) scanner.Finding {
	return scanner.Finding{RuleID: f.RuleID, Kind: f.Kind, Secret: scanner.Secret(secret), Origin: f.Origin}
}
