package allow_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
	"github.com/keyguard/keyguard/source"
)

// knowing returns a baseline that has these findings.
func knowing(findings ...scanner.Finding) *allow.Baseline {
	b := allow.NewBaseline("base")
	for i := range findings {
		b.Add(&findings[i])
	}
	return b
}

func TestPolicyAsksInOrder(t *testing.T) {
	entries := []allow.Entry{{Place: "c:1", Reason: "made up", Rules: []string{"aws-key-pair"}}}
	list := func() *allow.List { return allow.NewList(entries, time.Now()) }
	here := finding()
	here.Origin.History = nil
	for _, c := range []struct {
		name   string
		policy allow.Policy
		f      scanner.Finding
		want   string
	}{
		{"nothing allows it", allow.Policy{}, finding(), ""},
		{"the excluded path comes first", allow.Policy{Excluded: below("tests/"), List: list(), Baseline: knowing(finding())}, finding(), "in an excluded path"},
		{"it is asked before a scan of files", allow.Policy{Excluded: below("tests/")}, here, ""},
		{"then the list", allow.Policy{List: list(), Baseline: knowing(finding())}, finding(), "allowed by the configuration"},
		{"then the baseline", allow.Policy{List: allow.NewList(nil, time.Now()), Baseline: knowing(finding())}, finding(), "in the baseline"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := scanner.Result{Findings: []scanner.Finding{c.f}}
			c.policy.Apply(&r)
			all := append(r.Findings, r.Dropped...)
			if len(all) != 1 || all[0].Drop.Text != c.want || (c.want == "") != (len(r.Findings) == 1) {
				t.Errorf("%d findings, %d dropped as %q, want %q", len(r.Findings), len(r.Dropped), all[0].Drop.Text, c.want)
			}
		})
	}
}

func TestUnreadBlobIsSkippedIfAllItsPathsAreExcluded(t *testing.T) {
	for _, c := range []struct {
		name    string
		at      scanner.Origin
		skipped bool
	}{
		{"its only path", scanner.Origin{Path: "tests/a.zip", History: &scanner.History{}}, true},
		{"all paths", scanner.Origin{Path: "tests/a.zip", History: &scanner.History{Paths: []string{"tests/b.zip"}}}, true},
		{"one of its paths", scanner.Origin{Path: "tests/a.zip", History: &scanner.History{Paths: []string{"src/b.zip"}}}, false},
		{"more paths than are known", scanner.Origin{Path: "tests/a.zip", History: &scanner.History{MorePaths: true}}, false},
		{"a path that is not", scanner.Origin{Path: "src/a.zip", History: &scanner.History{Paths: []string{"tests/b.zip"}}}, false},
		{"no path", scanner.Origin{History: &scanner.History{}}, false},
		{"no history: its source decides", scanner.Origin{Path: "tests/a.zip"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			policy := allow.Policy{Excluded: below("tests/")}
			r := scanner.Result{Origin: c.at, Unpacked: errors.New("encrypted")}
			policy.Apply(&r)
			if skipped := errors.As(r.Err, new(*scanner.Skipped)); skipped != c.skipped || skipped == (r.Unpacked != nil) {
				t.Errorf("got %v, not unpacked: %v", r.Err, r.Unpacked)
			}
		})
	}
}

func TestPolicyTellsWhatIsStale(t *testing.T) {
	entries := []allow.Entry{
		{Place: "c:1", Rules: []string{"aws-key-pair"}},
		{Place: "c:2", Rules: []string{"other"}},
		{Place: "c:3", Commits: []string{"c0ffee"}, Rules: []string{"other"}},
		{Place: "c:4", Expires: time.Date(2020, 2, 1, 0, 0, 0, 0, time.UTC)},
	}
	gone := finding()
	gone.Secret = scanner.Secret("another")
	for _, c := range []struct {
		name      string
		covered   allow.Coverage
		ofHistory bool // the baseline
		want      string
	}{
		{"a part", allow.Partial, false, "c:4 expired on 2020-01-31"},
		{"the work tree", allow.WorkingTree, false, "c:4 expired on 2020-01-31, c:2 unused, base:2 no longer occurs"},
		{"the work tree, and a baseline of history", allow.WorkingTree, true, "c:4 expired on 2020-01-31, c:2 unused"},
		{"history", allow.AllHistory, true, "c:4 expired on 2020-01-31, c:2 unused, c:3 unused, base:2 no longer occurs"},
	} {
		t.Run(c.name, func(t *testing.T) {
			known, err := allow.ParseBaseline("base", knowing(gone).Bytes())
			if err != nil {
				t.Fatal(err)
			}
			known.History = c.ofHistory
			p := allow.Policy{List: allow.NewList(entries, time.Now()), Baseline: known}
			p.Apply(&scanner.Result{Findings: []scanner.Finding{finding()}})
			var got []string
			for _, s := range p.Stale(c.covered) {
				got = append(got, s.Place+" "+s.Problem)
			}
			if got := strings.Join(got, ", "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// A scan, what a team says of its findings, and what it need not say any more.
func ExamplePolicy() {
	text, err := synth.New(1).Expand("# keyguard:allow reason=\"made up\"\naws_access_key_id = {{akia}}\nregion = x # keyguard:allow\n")
	if err != nil {
		panic(err)
	}
	set, err := patterns.Builtin()
	if err != nil {
		panic(err)
	}
	s := scanner.New(set, scanner.Options{Watch: []string{allow.Mark}})
	var p allow.Policy
	for r := range s.Scan(context.Background(), source.Stream{Name: "settings", R: strings.NewReader(text)}) {
		p.Apply(&r)
		for _, f := range r.Dropped {
			fmt.Printf("%s:%d: %s: %s\n", f.Origin.Path, f.Span.Line, f.Drop.Text, f.Drop.Place)
		}
	}
	for _, stale := range p.Stale(allow.Partial) {
		fmt.Printf("%s: %s\n", stale.Place, stale.Problem)
	}
	// Output:
	// settings:2: allowed by keyguard:allow: made up
	// settings:3: unused keyguard:allow
}
