package history

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/scanner"
)

// story tells a finding's history in a line. Commits go by their messages.
func (f *fixture) story(x *scanner.Finding) string {
	f.T.Helper()
	h := x.Origin.History
	var b strings.Builder
	switch {
	case h.Commit != "" && h.Message:
		fmt.Fprintf(&b, "message of %s", f.subject(h.Commit))
	case h.Commit != "":
		fmt.Fprintf(&b, "%s in %s:%d:%d", f.subject(h.Commit), x.Origin.Path, x.Span.Line, x.Span.Column)
	case h.Message:
		fmt.Fprintf(&b, "message of tag %s", h.Tag)
	default:
		fmt.Fprintf(&b, "no commit, %s:%d", x.Origin.Path, x.Span.Line)
	}
	if h.AtOrBefore {
		b.WriteString(" or before")
	}
	if h.Commit != "" && h.AtOrBefore != (h.Author == "") {
		fmt.Fprintf(&b, ", author %q", h.Author)
	}
	fmt.Fprintf(&b, "; %d commits", h.Commits)
	if h.InHead {
		b.WriteString("; HEAD")
	}
	for _, list := range []struct {
		name  string
		names []string
	}{{"branches", h.Branches}, {"tags", h.Tags}, {"also", h.Paths}} {
		if len(list.names) > 0 {
			fmt.Fprintf(&b, "; %s %s", list.name, strings.Join(list.names, " "))
		}
	}
	if !h.Reachable {
		b.WriteString("; unreachable")
	}
	if h.Removed != "" {
		fmt.Fprintf(&b, "; removed by %s", f.subject(h.Removed))
	}
	return b.String()
}

// subject returns the first line of a commit's message, whether its parents are here or not.
func (f *fixture) subject(id string) string {
	f.T.Helper()
	_, message, _ := strings.Cut(f.Git("cat-file", "commit", id), "\n\n")
	subject, _, _ := strings.Cut(message, "\n")
	return subject
}

// TestAttribution: where a credential came from and where it is.
func TestAttribution(t *testing.T) {
	const id = "x = {{akia#key}}\n"
	for _, c := range []struct {
		name string
		make func(f *fixture)
		want string
	}{
		{"a hundred versions of a file", func(f *fixture) {
			f.Write("log", "{{lines 3}}"+id)
			f.Commit("first")
			for range 20 {
				f.Write("log", "{{lines 5}}"+id+"{{lines 2}}")
				f.Commit("next")
			}
		}, "first in log:4:5; 21 commits; HEAD; branches main"},
		{"removed", func(f *fixture) {
			f.Write("f", id)
			f.Commit("add")
			f.Write("f", "x = $KEY\n")
			f.Commit("remove")
			f.Commit("later")
		}, "add in f:1:5; 1 commits; removed by remove"},
		{"removed and introduced again", func(f *fixture) {
			f.Write("f", "\n"+id)
			f.Commit("add")
			f.Write("f", "x = $KEY\n")
			f.Commit("remove")
			f.Write("g", id)
			f.Commit("again")
		}, "add in f:2:5; 2 commits; HEAD; branches main; also g"},
		{"a file renamed, and edited later", func(f *fixture) {
			f.Write("old", id+"{{lines 30}}")
			f.Commit("add")
			f.Git("mv", "old", "new")
			f.Commit("rename")
			f.Write("new", "{{lines 2}}"+id)
			f.Commit("edit")
		}, "add in old:1:5; 3 commits; HEAD; branches main; also new"},
		{"in several files at once", func(f *fixture) {
			f.Write("b/c", id)
			f.Write("b-a", id)
			f.Write("b.d/e", "y\n"+id)
			f.Commit("add")
		}, "add in b-a:1:5; 1 commits; HEAD; branches main; also b.d/e b/c"},
		{"on one side of a merge", func(f *fixture) {
			f.Commit("root")
			f.Git("checkout", "-qb", "side")
			f.Write("f", id)
			f.Commit("add")
			f.Git("checkout", "-q", "main")
			f.Write("other", "1\n")
			f.Commit("main")
			f.Git("merge", "-q", "--no-ff", "-m", "merge", "side")
		}, "add in f:1:5; 2 commits; HEAD; branches main side"},
		{"on both sides of a merge", func(f *fixture) {
			f.Commit("root")
			f.Git("checkout", "-qb", "side")
			f.Write("f", id)
			f.Commit("left")
			f.Git("checkout", "-q", "main")
			f.Write("g", id)
			f.Commit("right")
			f.Git("merge", "-q", "--no-ff", "-m", "merge", "side")
		}, "left in f:1:5; 3 commits; HEAD; branches main side; also g"},
		{"removed on one side of a merge, then by one that takes that side", func(f *fixture) {
			f.Write("f", id)
			f.Commit("add")
			f.Git("checkout", "-qb", "side")
			f.Git("rm", "-q", "f")
			f.Commit("remove")
			f.Git("checkout", "-q", "main")
			f.Commit("main")
			f.Git("merge", "-q", "--no-ff", "-m", "merge", "side")
		}, "add in f:1:5; 2 commits; removed by remove"},
		{"in an octopus", func(f *fixture) {
			f.Commit("root")
			for _, side := range []string{"s1", "s2", "s3"} {
				f.Git("checkout", "-qb", side, "main")
				f.Write(side, "1\n")
				f.Commit(side)
			}
			f.Git("checkout", "-q", "main")
			f.Git("merge", "-q", "--no-commit", "s1", "s2", "s3")
			f.Write("f", id)
			f.Commit("octopus")
		}, "octopus in f:1:5; 1 commits; HEAD; branches main"},
		{"on two histories that have no root in common", func(f *fixture) {
			f.Write("f", id)
			f.Commit("one")
			f.Git("checkout", "-q", "--orphan", "other")
			f.Write("g", "2\n")
			f.Commit("two")
		}, "one in f:1:5; 2 commits; HEAD; branches main other"},
		{"in a message and a file of one commit", func(f *fixture) {
			f.Write("f", id)
			f.Commit("both\n\n" + id)
		}, "message of both; 1 commits; HEAD; branches main; also f"},
		{"on a branch and under a tag, not in HEAD", func(f *fixture) {
			f.Commit("root")
			f.Git("checkout", "-qb", "topic/x")
			f.Write("f", id)
			f.Commit("add")
			f.Git("tag", "-a", "-m", "message", "v1")
			f.Git("tag", "light")
			f.Git("update-ref", "refs/pull/7/head", "HEAD")
			f.Git("checkout", "-q", "main")
		}, "add in f:1:5; 1 commits; branches topic/x pull/7/head; tags light v1"},
		{"in a detached HEAD alone", func(f *fixture) {
			f.Commit("root")
			f.Git("checkout", "-q", "--detach")
			f.Write("f", id)
			f.Commit("add")
		}, "add in f:1:5; 1 commits; HEAD"},
		{"first on a branch that is gone, then on one that is not", func(f *fixture) {
			f.Commit("root")
			f.Git("checkout", "-qb", "side")
			f.Write("f", id)
			f.Commit("gone")
			f.Git("checkout", "-q", "main")
			f.Git("branch", "-D", "side")
			f.Write("f", "\n"+id)
			f.Commit("kept")
		}, "kept in f:2:5; 1 commits; HEAD; branches main"},
		{"in a blob that a tag names", func(f *fixture) {
			f.Commit("root")
			f.Git("tag", "blob", f.Feed(f.Text("\n"+id), "hash-object", "-w", "--stdin"))
		}, "no commit, :2; 0 commits; tags blob"},
		{"in a blob that an annotated tag names", func(f *fixture) {
			f.Commit("root")
			f.Git("tag", "-a", "-m", "message", "blob", f.Feed(f.Text("\n"+id), "hash-object", "-w", "--stdin"))
		}, "no commit, :2; 0 commits; tags blob"},
		{"in a tree that a tag of a tag names", func(f *fixture) {
			f.Commit("root")
			f.Write("d/f", id)
			f.Git("add", "d")
			f.Git("tag", "-a", "-m", "message", "tree", f.Git("write-tree"))
			f.Git("tag", "-a", "-m", "message", "tag", "tree")
			f.Git("tag", "-d", "tree")
		}, "no commit, d/f:1; 0 commits; tags tag"},
		{"in the message of a tag within a tag", func(f *fixture) {
			f.Commit("root")
			f.Git("tag", "-a", "-m", f.Text(id), "inner")
			f.Git("tag", "-a", "-m", "message", "outer", "inner")
			f.Git("tag", "-d", "inner")
		}, "message of tag inner; 0 commits"},
		{"in a tag's message and a blob of no ref", func(f *fixture) {
			f.Commit("root")
			f.Git("tag", "-a", "-m", f.Text("subject\n\n"+id), "v1")
			f.Feed(f.Text(id), "hash-object", "-w", "--stdin")
		}, "message of tag v1; 0 commits"},
		{"under refs of odd names", func(f *fixture) {
			f.Write("f", id)
			f.Commit("add")
			f.Git("branch", "-m", "é-☃#%$&'(;|")
			f.Git("update-ref", "refs/heads/refs/heads/x", "HEAD")
			f.Git("tag", "heads/x")
		}, "add in f:1:5; 1 commits; HEAD; branches refs/heads/x é-☃#%$&'(;|; tags heads/x"},
		{"in a path of bytes that are no UTF-8", func(f *fixture) {
			f.Write("d\xff/\"\n", id)
			f.Commit("add")
		}, "add in d\xff/\"\n:1:5; 1 commits; HEAD; branches main"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			c.make(f)
			if got := f.story(f.scan().only(t)); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			f.Git("pack-refs", "--all")
			f.Git("repack", "-adfq", "--depth=50", "--unpack-unreachable=never")
			if got := f.story(f.scan().only(t)); got != c.want {
				t.Errorf("packed: got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// TestAttributionInLinkedWorktree: HEAD is the work tree's own.
func TestAttributionInLinkedWorktree(t *testing.T) {
	f := newFixture(t)
	f.Commit("root")
	linked := f.in(filepath.Join(t.TempDir(), "linked"))
	f.Git("worktree", "add", "-q", linked.Dir, "-b", "topic")
	linked.Write("f", "{{akia#key}}\n")
	linked.Clock += 600
	linked.Commit("add")
	const want = "add in f:1:1; 1 commits"
	if got := f.story(f.scan().only(t)); got != want+"; branches topic" {
		t.Errorf("from the main work tree: %s", got)
	}
	if got := f.story(linked.scan().only(t)); got != want+"; HEAD; branches topic" {
		t.Errorf("from the linked one: %s", got)
	}
}
