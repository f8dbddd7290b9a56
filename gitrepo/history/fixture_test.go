package history

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/gitrepo/internal/gittest"
	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// fixture is a repository that a test creates.
type fixture struct{ *gittest.Repo }

func newFixture(t testing.TB, initArgs ...string) *fixture {
	t.Helper()
	return &fixture{gittest.New(t, initArgs...)}
}

// in returns f in another directory.
func (f *fixture) in(dir string) *fixture { return &fixture{f.In(dir)} }

func (f *fixture) open() *gitrepo.Repo {
	f.T.Helper()
	r, err := gitrepo.Open(context.Background(), f.Dir)
	if err != nil {
		f.T.Fatal(err)
	}
	f.T.Cleanup(func() { _ = r.Close() })
	return r
}

// outcome is the result of a scan.
type outcome struct {
	findings []scanner.Finding
	errors   []error
	coverage Coverage
}

// scan scans the history that set selects, and wants no errors.
func (f *fixture) scan(set ...func(*Scan)) outcome {
	f.T.Helper()
	out := f.scanFaulty(set...)
	for _, err := range out.errors {
		f.T.Errorf("scan: %v", err)
	}
	return out
}

// scanFaulty is scan where errors are expected.
func (f *fixture) scanFaulty(set ...func(*Scan)) outcome {
	f.T.Helper()
	return scanHistory(context.Background(), f.T, f.open(), set...)
}

func scanHistory(ctx context.Context, t testing.TB, r *gitrepo.Repo, set ...func(*Scan)) outcome {
	t.Helper()
	h := &Scan{Repo: r, Jobs: 2}
	for _, set := range set {
		set(h)
	}
	return scanBy(ctx, newScanner(t), h)
}

func scanBy(ctx context.Context, s *scanner.Scanner, h *Scan) (out outcome) {
	for r := range h.Run(ctx, s) {
		out.findings = append(out.findings, r.Findings...)
		if r.Unpacked != nil {
			out.errors = append(out.errors, r.Unpacked)
		}
		if r.Err != nil {
			out.errors = append(out.errors, r.Err)
		}
	}
	out.coverage = h.Coverage()
	return out
}

// revisions narrow a scan.
func revisions(revs ...string) func(*Scan) { return func(h *Scan) { h.Revisions = revs } }

func reachableOnly(h *Scan) { h.ReachableOnly = true }

func newScanner(t testing.TB) *scanner.Scanner {
	t.Helper()
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return scanner.New(set, scanner.Options{})
}

// of returns the finding whose key id or secret is the value of that name.
func (o outcome) of(f *fixture, name string) *scanner.Finding {
	f.T.Helper()
	value, ok := f.Synth.Named(name)
	if !ok {
		f.T.Fatalf("no template has #%s", name)
	}
	i := slices.IndexFunc(o.findings, func(x scanner.Finding) bool { return x.KeyID == value || x.Secret.Reveal() == value })
	if i < 0 {
		f.T.Fatalf("%s was not found; %d findings, errors %v", name, len(o.findings), o.errors)
	}
	return &o.findings[i]
}

// only returns the one finding.
func (o outcome) only(t testing.TB) *scanner.Finding {
	t.Helper()
	if len(o.findings) != 1 {
		t.Fatalf("%d findings, want one: %v", len(o.findings), o.places())
	}
	return &o.findings[0]
}

// places returns the rule, key ID, location and provenance of each finding.
func (o outcome) places() (out []string) {
	for _, f := range o.findings {
		out = append(out, fmt.Sprintf("%s %s %s:%d:%d %+v", f.RuleID, f.KeyID, f.Origin.Path, f.Span.Line, f.Span.Column, f.Origin.History))
	}
	return out
}

func expandSeeded(seed uint64, template string) string {
	s, err := synth.New(seed).Expand(template)
	if err != nil {
		panic(err)
	}
	return s
}
