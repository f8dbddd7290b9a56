package ci_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/ci"
)

// graph is a clone: each commit, a letter, with its parents, and refs. An id is
// the letter forty times.
type graph struct {
	parents map[string]string
	refs    map[string]string
	head    string // of the origin
	shallow bool
	partial bool
}

func id(commit string) string { return strings.Repeat(commit, 40) }

func (g *graph) Resolve(_ context.Context, revision string) string {
	name := strings.TrimSuffix(revision, "^{commit}")
	name, first := strings.CutSuffix(name, "^1")
	if to, ok := g.refs[name]; ok {
		return id(to)
	}
	parents, ok := g.parents[name[:min(1, len(name))]]
	switch {
	case !ok || len(name) != 40:
		return ""
	case first && parents != "":
		return id(parents[:1])
	}
	return name
}

func (g *graph) ancestors(commit string) string {
	all := commit
	for _, p := range g.parents[commit] {
		all += g.ancestors(string(p))
	}
	return all
}

func (g *graph) Reaches(_ context.Context, from, to string) (bool, error) {
	return strings.Contains(g.ancestors(from[:1]), to[:1]), nil
}

func (g *graph) Count(_ context.Context, revisions []string) (int, error) {
	out := ""
	for _, r := range revisions {
		if left, ok := strings.CutPrefix(r, "^"); ok {
			out += g.ancestors(left[:1])
		}
	}
	seen := make(map[rune]bool)
	for _, r := range revisions {
		if !strings.HasPrefix(r, "^") {
			for _, c := range g.ancestors(r[:1]) {
				if !strings.ContainsRune(out, c) {
					seen[c] = true
				}
			}
		}
	}
	return len(seen), nil
}

func (g *graph) DefaultBranch(context.Context) string { return g.head }
func (g *graph) IsShallow() bool                      { return g.shallow }
func (g *graph) IsWhole(context.Context, []string, bool) (bool, error) {
	return !g.partial, nil
}

// history is
//
//	a─b─c     main
//	   ╲ ╲
//	    d─m─e  x: forked at b, merged main
//	z         not related
//
// and q is a merge of c and d, as GitHub makes it to test a change.
func history() *graph {
	return &graph{
		parents: map[string]string{"a": "", "b": "a", "c": "b", "d": "b", "m": "dc", "e": "m", "q": "cd", "z": ""},
		refs:    map[string]string{"HEAD": "e", "refs/remotes/origin/main": "c", "refs/remotes/origin/x": "e"},
	}
}

func TestPlan(t *testing.T) {
	tests := []struct {
		name      string
		job       ci.Job
		change    func(*graph)
		revisions string // letters, and ^ before those left out
		config    string // a letter
		says      string
	}{
		{"a push", ci.Job{Tip: id("e"), Starts: []string{id("d")}, Branch: "x", Default: "main"}, nil,
			"e ^d", "c", "scanning ddddddd..eeeeeee, 3 commits, configuration from ccccccc"},
		{"a push to the default branch", ci.Job{Tip: id("c"), Starts: []string{id("b")}, Branch: "main", Default: "main"}, nil,
			"c ^b", "b", "scanning bbbbbbb..ccccccc, 1 commit, configuration from bbbbbbb"},
		{"a new branch", ci.Job{Tip: id("d"), Branch: "y", Default: "main"}, nil,
			"d ^c", "c", "1 commit,"},
		{"a new branch without commits of its own", ci.Job{Tip: id("b"), Branch: "y", Default: "main"}, nil,
			"b ^c", "c", "0 commits"},
		{"a new branch, the default branch is guessed", ci.Job{Tip: id("d"), Branch: "y"}, nil,
			"d ^c", "c", ""},
		{"a new branch, the clone knows the default branch", ci.Job{Tip: id("d"), Branch: "y"},
			func(g *graph) { g.head, g.refs["refs/remotes/origin/trunk"] = "trunk", "b" }, "d ^b", "b", ""},
		{"a new branch, no default branch", ci.Job{Tip: id("d"), Branch: "y"},
			func(g *graph) { g.refs = nil }, "d", "", "scanning ddddddd and its history, 3 commits, no configuration, because no trusted branch is known"},
		{"a push by force, what was before is gone", ci.Job{Tip: id("d"), Starts: []string{id("9")}, Branch: "x", Default: "main"}, nil,
			"d ^c", "c", ""},
		{"a push by force, what was before is here", ci.Job{Tip: id("d"), Starts: []string{id("z")}, Branch: "x", Default: "main"}, nil,
			"d ^c", "c", ""},
		{"a push by force to the default branch", ci.Job{Tip: id("c"), Starts: []string{id("z")}, Branch: "main", Default: "main"}, nil,
			"c ^z", "z", ""},
		{"a push by force to the default branch, what was before is gone", ci.Job{Tip: id("c"), Starts: []string{id("9")}, Branch: "main", Default: "main"}, nil,
			"c", "c", "scanning ccccccc and its history, 3 commits, configuration from ccccccc"},
		{"a push that takes commits back", ci.Job{Tip: id("d"), Starts: []string{id("e")}, Branch: "x", Default: "main"}, nil,
			"d ^c", "c", ""},
		{"a second run where the first may have failed", ci.Job{Tip: id("c"), Starts: []string{id("c")}, Branch: "main", Default: "main"}, nil,
			"c", "c", ""},
		{"the first push", ci.Job{Tip: id("c"), Branch: "main", Default: "main"},
			func(g *graph) { g.refs = nil }, "c", "c", ""},
		{"a push of nobody knows what, with all of the default branch", ci.Job{Tip: id("c")}, nil,
			"c", "c", ""},
		{"a tag", ci.Job{Tip: id("d"), Tag: "v1", Default: "main"},
			func(g *graph) { g.refs["refs/tags/v1"] = "d" }, "d d ^c", "c", ""},
		{"a tag on the default branch", ci.Job{Tip: id("b"), Tag: "v1", Default: "main"}, nil,
			"b ^c", "c", "0 commits"},
		{"a pull request", ci.Job{Kind: ci.Change, Tip: id("d"), Merge: id("q"), Starts: []string{id("q") + "^1", id("a")}}, nil,
			"q d ^c", "c", "1 commit"},
		{"a pull request, its head checked out", ci.Job{Kind: ci.Change, Tip: id("d"), Merge: id("9"), Starts: []string{id("9") + "^1", id("b")}}, nil,
			"d ^b", "b", ""},
		{"a pull request that was merged meanwhile", ci.Job{Kind: ci.Change, Tip: id("d"), Starts: []string{id("e"), id("b")}}, nil,
			"d ^b", "b", ""},
		{"a pull request without commits", ci.Job{Kind: ci.Change, Tip: id("b"), Starts: []string{id("c")}}, nil,
			"b ^c", "c", "0 commits"},
		{"a pull request without a known target branch", ci.Job{Kind: ci.Change, Tip: id("d")}, nil,
			"d ^c", "c", ""},
		{"the default branch, proposed for an unknown one", ci.Job{Kind: ci.Change, Tip: id("c")}, nil,
			"c", "c", "ccccccc and its history, 3 commits"},
		{"a commit that the system does not tell", ci.Job{Starts: []string{id("d")}, Branch: "x"}, nil,
			"e ^d", "c", ""},
		{"a schedule", ci.Job{Kind: ci.Full, Tip: id("c")}, nil,
			"", "c", "scanning all history, configuration from ccccccc"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := history()
			if test.change != nil {
				test.change(g)
			}
			p, err := test.job.Plan(t.Context(), g)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, r := range strings.Fields(test.revisions) {
				letter, out := strings.CutPrefix(r, "^")
				if want = append(want, id(letter)); out {
					want[len(want)-1] = "^" + id(letter)
				}
			}
			if !slices.Equal(p.Revisions, want) {
				t.Errorf("revisions %q, want %q", p.Revisions, want)
			}
			if p.Config != id(test.config) {
				t.Errorf("configuration from %q, want %q", p.Config, test.config)
			}
			if p.Marks != (test.job.Kind != ci.Change) {
				t.Errorf("marks: %v", p.Marks)
			}
			if !strings.Contains(p.String(), test.says) {
				t.Errorf("%q, want %q in it", p, test.says)
			}
		})
	}
}

func TestPlanFaults(t *testing.T) {
	tests := []struct {
		name    string
		job     ci.Job
		change  func(*graph)
		message string
		fix     string
	}{
		{"a shallow clone", ci.Job{Tip: id("c")}, func(g *graph) { g.shallow = true }, "the clone is shallow", "in GitHub, give actions/checkout the input fetch-depth: 0"},
		{"a partial clone", ci.Job{Tip: id("c")}, func(g *graph) { g.partial = true }, "the clone is partial", "in GitHub, give actions/checkout the input fetch-depth: 0, and no filter"},
		{"the commit is not here", ci.Job{Label: "push", Tip: id("9")}, nil, "the commit of this push, " + id("9") + ", is not in this clone", "fetch-depth: 0"},
		{"the start of a change is not here", ci.Job{Kind: ci.Change, Label: "pull request", Tip: id("d"), Starts: []string{id("9")}, FetchHint: "fetch it"}, nil,
			"the base commit of this pull request is not in this clone", "fetch it"},
		{"a change without a known start", ci.Job{Kind: ci.Change, Label: "pull request", Tip: id("d")}, func(g *graph) { g.refs = nil }, "base commit", "fetch-depth: 0"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := history()
			if test.change != nil {
				test.change(g)
			}
			test.job.System = ci.Systems()[0]
			_, err := test.job.Plan(t.Context(), g)
			var known *ci.Error
			if !errors.As(err, &known) || !strings.Contains(known.Message, test.message) || !strings.Contains(known.Hint, test.fix) {
				t.Errorf("got %#v", err)
			}
		})
	}
}
