package allow_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

func TestReveals(t *testing.T) {
	excluded := allow.Policy{Excluded: below("tests/")}
	text := allow.Policy{Inline: allow.Inline{Except: below("docs/")}}
	listed := func(e ...allow.Entry) allow.Policy {
		return allow.Policy{List: allow.NewList(e, time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC))}
	}
	expired := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name     string
		policy   allow.Policy
		from, to string
		want     bool
	}{
		{"no policy", allow.Policy{}, "tests/a", "src/a", false},
		{"out of an excluded directory", excluded, "tests/a", "src/a", true},
		{"into an excluded directory", excluded, "src/a", "tests/a", false},
		{"within an excluded directory", excluded, "tests/a", "tests/b", false},
		{"outside of an excluded directory", excluded, "src/a", "src/b", false},
		{"to a path where marks are text", text, "src/a", "docs/a", true},
		{"from a path where marks are text", text, "docs/a", "src/a", false},
		{"between paths where marks are text", text, "docs/a", "docs/b", false},
		{"out of the paths of an entry", listed(allow.Entry{Paths: below("tests/")}), "tests/a", "src/a", true},
		{"out of the paths of the second entry", listed(allow.Entry{Paths: below("x/")}, allow.Entry{Paths: below("tests/")}), "tests/a", "src/a", true},
		{"out of the paths of an expired entry", listed(allow.Entry{Paths: below("tests/"), Expires: expired}), "tests/a", "src/a", false},
		{"an entry without paths", listed(allow.Entry{Rules: []string{"r"}}), "tests/a", "src/a", false},
		{"into the paths of an entry", listed(allow.Entry{Paths: below("tests/")}), "src/a", "tests/a", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.policy.Reveals(c.from, c.to); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// found returns the only finding in an expanded template.
func found(t *testing.T, template string) *scanner.Finding {
	t.Helper()
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	text, err := synth.New(1).Expand(template)
	if err != nil {
		t.Fatal(err)
	}
	findings := scanner.New(set, scanner.Options{}).ScanBytes([]byte(text))
	if len(findings) != 1 {
		t.Fatalf("%d findings", len(findings))
	}
	return &findings[0]
}

func TestMarksAreTextAtAnyPath(t *testing.T) {
	for _, c := range []struct {
		name  string
		path  string
		paths []string // of history; nil: not of history
		text  bool
	}{
		{"the path", "docs/a", nil, true},
		{"another path", "src/a", nil, false},
		{"the only path in history", "src/a", []string{"docs/a"}, true},
		{"the first of several", "src/a", []string{"docs/a", "src/b"}, true},
		{"the last of several", "src/a", []string{"src/b", "docs/a"}, true},
		{"no path of several", "src/a", []string{"src/b", "src/c"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := found(t, "k={{akia}} # keyguard:allow")
			f.Origin.Path = c.path
			if c.paths != nil {
				f.Origin.History = &scanner.History{Paths: c.paths}
			}
			d := allow.Inline{Except: below("docs/")}.Decide(f)
			if (d.Drop.IsZero()) != c.text || strings.Contains(d.Note, "only text, by docs/") != c.text {
				t.Errorf("got %+v", d)
			}
		})
	}
}

// A finding is allowed if marks allow all its uses; it moves to the first use that is
// not allowed.
func TestUsesNeedMarks(t *testing.T) {
	const mark = " # keyguard:allow"
	key := func(marks ...string) string {
		var b strings.Builder
		for _, m := range marks {
			b.WriteString("aws_access_key_id = {{akia#k}}" + m + "\n" + strings.Repeat("\n", 300))
		}
		return b.String()
	}
	for _, c := range []struct {
		name  string
		text  string
		drop  bool
		line  int
		lines []int
	}{
		{"one use without a mark", key(""), false, 1, nil},
		{"one use with a mark", key(mark), true, 1, []int{1}},
		{"both uses", key(mark, mark), true, 1, []int{1, 302}},
		{"the first use only", key(mark, ""), false, 302, []int{1}},
		{"the second use only", key("", mark), false, 1, []int{302}},
		{"the second of three has none", key(mark, "", mark), false, 302, []int{1, 603}},
		{"a mark that does not apply", key(" # keyguard:allow rule=other"), false, 1, []int{1}},
		{"a mark on both lines", "# keyguard:allow rule=other\nk={{akia}} # keyguard:allow", true, 2, []int{2}},
		{"a mark on the line before that does not apply, then none", "# keyguard:allow rule=other\nk={{akia}}", false, 2, []int{1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := found(t, c.text)
			d := allow.Inline{}.Decide(f)
			if !d.Drop.IsZero() != c.drop || f.Span.Line != c.line || !slices.Equal(d.Lines, c.lines) {
				t.Errorf("got %+v on line %d", d, f.Span.Line)
			}
		})
	}
}

func TestMarkArguments(t *testing.T) {
	f := found(t, "k={{akia}}")
	for _, c := range []struct{ args, want string }{
		{"fingerprint=" + strings.ToUpper(f.Fingerprint()), "allowed"},
		{"fingerprint=00," + f.Fingerprint(), "allowed"},
		{"fingerprint=00", "it is for another credential"},
		{"rule=other rule=aws-access-key-id", "allowed"},
		{"rule='aws-access-key-id', reason='a b'", "allowed: a b"},
		{"; reason=\"a b\" rule=other", "it is for other"},
		{"reason=a b rule=other", "allowed: a b rule=other"},
		{"reason=a -->", "allowed: a"},
		{"reason=a #} x", "allowed: a"},
		{"unknown=x rule=other", "allowed"},
	} {
		t.Run(c.args, func(t *testing.T) {
			f := found(t, "k={{akia}} # keyguard:allow "+c.args)
			d := allow.Inline{}.Decide(f)
			got := strings.TrimPrefix(d.Note, "its keyguard:allow does not apply: ")
			if !d.Drop.IsZero() {
				if got = "allowed"; d.Drop.Place != "" {
					got += ": " + d.Drop.Place
				}
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestMarkOfARelatedRule(t *testing.T) {
	const text = "aws_access_key_id = {{akia}} # keyguard:allow rule="
	for rule, want := range map[string]bool{"aws-key-pair": true, "aws-access-key-id": true, "other": false} {
		f := found(t, text+rule+"\naws_secret_access_key = {{secret}}\n")
		if got := (allow.Inline{}).Decide(f).Drop.By != patterns.NotDropped; got != want {
			t.Errorf("%s: got %v", rule, got)
		}
	}
}

func TestIsFingerprint(t *testing.T) {
	for s, want := range map[string]bool{
		strings.Repeat("0a", 16): true, strings.Repeat("0", 31): false, strings.Repeat("0", 33): false,
		strings.Repeat("0", 31) + "g": false, strings.Repeat("0A", 16): false, "": false,
	} {
		if allow.IsFingerprint(s) != want {
			t.Errorf("%q: got %v", s, !want)
		}
	}
}

// A merge of two baselines may repeat a finding. A leak takes precedence, then any audit.
func TestBaselineLabelsOfRepeats(t *testing.T) {
	fp := strings.Repeat("ab", 16)
	for _, c := range []struct{ first, second, want allow.Label }{
		{allow.Unaudited, allow.Unaudited, allow.Unaudited},
		{allow.Unaudited, allow.FalsePositive, allow.FalsePositive},
		{allow.Unaudited, allow.Leak, allow.Leak},
		{allow.FalsePositive, allow.Unaudited, allow.FalsePositive},
		{allow.FalsePositive, allow.Leak, allow.Leak},
		{allow.Leak, allow.FalsePositive, allow.Leak},
		{allow.Leak, allow.Unaudited, allow.Leak},
	} {
		text := fp + " " + string(c.first) + " r\n" + fp + " " + string(c.second) + " r\n"
		b, err := allow.ParseBaseline("b", []byte(text))
		if err != nil || b.Sorted()[0].Label != c.want {
			t.Errorf("%s, then %s: got %v, error %v", c.first, c.second, b.Sorted()[0].Label, err)
		}
	}
}

func TestBaselineEntries(t *testing.T) {
	f, other := finding(), clone(finding(), "another")
	b, old := knowing(f, other), knowing(f)
	old.Match(&f).Label, old.Match(&f).Path = allow.Leak, "old"
	b.CopyLabels(old)
	if k := b.Match(&f); k.Label != allow.Leak || k.Path != "old" {
		t.Errorf("the label was not copied: %+v", k)
	}
	if k := b.Match(&other); k.Label != allow.Unaudited {
		t.Errorf("another label: %+v", k)
	}
	b.Remove([]*allow.Known{b.Match(&f)})
	if b.Len() != 1 || b.Match(&f) != nil {
		t.Errorf("%d entries left", b.Len())
	}
	if _, err := allow.ParseBaseline("b", make([]byte, allow.MaxBaseline+1)); err == nil {
		t.Error("a baseline above the limit was read")
	}
	const conflict = "b:1: a merge conflict; keep the lines of both sides, in any order"
	for _, line := range []string{"<<<<<<< HEAD", "=======", ">>>>>>> other"} {
		if _, err := allow.ParseBaseline("b", []byte(line+"\n")); err == nil || err.Error() != conflict {
			t.Errorf("%s: got %v", line, err)
		}
	}
}

// An entry with several conditions is found by one of them and needs the others.
func TestListIndexes(t *testing.T) {
	f := finding()
	entries := []allow.Entry{
		{Place: "rest", Stopwords: []string{"nothing"}},
		{Place: "fingerprint", Fingerprints: []string{f.Fingerprint()}, Accounts: []string{"000000000000"}},
		{Place: "account", Accounts: []string{"123456789012"}, Rules: []string{"other"}},
		{Place: "rule", Rules: []string{"aws-key-pair"}, Stopwords: []string{"nothing"}},
		{Place: "second rule", Rules: []string{"aws-key-pair"}},
		{Place: "third rule", Rules: []string{"aws-key-pair"}},
		{Place: "all", Fingerprints: []string{f.Fingerprint()}},
	}
	l := allow.NewList(entries, time.Now())
	if e := l.Match(&f); e == nil || e.Place != "second rule" {
		t.Errorf("got %+v", e)
	}
	var unused []string
	for _, e := range l.Unused() {
		unused = append(unused, e.Place)
	}
	if want := []string{"rest", "fingerprint", "account", "rule", "third rule", "all"}; !slices.Equal(unused, want) {
		t.Errorf("unused: %q, want %q", unused, want)
	}
	none := clone(finding(), "other")
	none.RuleID = "other"
	if e := allow.NewList([]allow.Entry{{Accounts: []string{""}}}, time.Now()).Match(&none); e != nil {
		t.Error("an empty account allowed a finding without account")
	}
	noHistory := finding()
	noHistory.Origin.History = nil
	noCommit := finding()
	noCommit.Origin.History = &scanner.History{}
	byCommit := allow.NewList([]allow.Entry{{Commits: []string{""}}}, time.Now())
	if byCommit.Match(&noHistory) != nil || byCommit.Match(&noCommit) != nil {
		t.Error("a commit allowed a finding without commit")
	}
}

func TestEntriesAfterAnExpiredOneApply(t *testing.T) {
	now := time.Now()
	f := finding()
	l := allow.NewList([]allow.Entry{{Place: "expired", Expires: now}, {Place: "live", Rules: []string{f.RuleID}}, {Place: "last"}}, now)
	if e := l.Match(&f); e == nil || e.Place != "live" {
		t.Errorf("got %+v", e)
	}
}
