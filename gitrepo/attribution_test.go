package gitrepo

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/scanner"
)

// story tells a finding's history in a line. Commits go by their messages.
func (f *fixture) story(x *scanner.Finding) string {
	f.t.Helper()
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
	f.t.Helper()
	_, message, _ := strings.Cut(f.git("cat-file", "commit", id), "\n\n")
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
			f.write("log", "{{lines 3}}"+id)
			f.commit("first")
			for range 20 {
				f.write("log", "{{lines 5}}"+id+"{{lines 2}}")
				f.commit("next")
			}
		}, "first in log:4:5; 21 commits; HEAD; branches main"},
		{"removed", func(f *fixture) {
			f.write("f", id)
			f.commit("add")
			f.write("f", "x = $KEY\n")
			f.commit("remove")
			f.commit("later")
		}, "add in f:1:5; 1 commits; removed by remove"},
		{"removed and introduced again", func(f *fixture) {
			f.write("f", "\n"+id)
			f.commit("add")
			f.write("f", "x = $KEY\n")
			f.commit("remove")
			f.write("g", id)
			f.commit("again")
		}, "add in f:2:5; 2 commits; HEAD; branches main; also g"},
		{"a file renamed, and edited later", func(f *fixture) {
			f.write("old", id+"{{lines 30}}")
			f.commit("add")
			f.git("mv", "old", "new")
			f.commit("rename")
			f.write("new", "{{lines 2}}"+id)
			f.commit("edit")
		}, "add in old:1:5; 3 commits; HEAD; branches main; also new"},
		{"in several files at once", func(f *fixture) {
			f.write("b/c", id)
			f.write("b-a", id)
			f.write("b.d/e", "y\n"+id)
			f.commit("add")
		}, "add in b-a:1:5; 1 commits; HEAD; branches main; also b.d/e b/c"},
		{"on one side of a merge", func(f *fixture) {
			f.commit("root")
			f.git("checkout", "-qb", "side")
			f.write("f", id)
			f.commit("add")
			f.git("checkout", "-q", "main")
			f.write("other", "1\n")
			f.commit("main")
			f.git("merge", "-q", "--no-ff", "-m", "merge", "side")
		}, "add in f:1:5; 2 commits; HEAD; branches main side"},
		{"on both sides of a merge", func(f *fixture) {
			f.commit("root")
			f.git("checkout", "-qb", "side")
			f.write("f", id)
			f.commit("left")
			f.git("checkout", "-q", "main")
			f.write("g", id)
			f.commit("right")
			f.git("merge", "-q", "--no-ff", "-m", "merge", "side")
		}, "left in f:1:5; 3 commits; HEAD; branches main side; also g"},
		{"removed on one side of a merge, then by one that takes that side", func(f *fixture) {
			f.write("f", id)
			f.commit("add")
			f.git("checkout", "-qb", "side")
			f.git("rm", "-q", "f")
			f.commit("remove")
			f.git("checkout", "-q", "main")
			f.commit("main")
			f.git("merge", "-q", "--no-ff", "-m", "merge", "side")
		}, "add in f:1:5; 2 commits; removed by remove"},
		{"in an octopus", func(f *fixture) {
			f.commit("root")
			for _, side := range []string{"s1", "s2", "s3"} {
				f.git("checkout", "-qb", side, "main")
				f.write(side, "1\n")
				f.commit(side)
			}
			f.git("checkout", "-q", "main")
			f.git("merge", "-q", "--no-commit", "s1", "s2", "s3")
			f.write("f", id)
			f.commit("octopus")
		}, "octopus in f:1:5; 1 commits; HEAD; branches main"},
		{"on two histories that have no root in common", func(f *fixture) {
			f.write("f", id)
			f.commit("one")
			f.git("checkout", "-q", "--orphan", "other")
			f.write("g", "2\n")
			f.commit("two")
		}, "one in f:1:5; 2 commits; HEAD; branches main other"},
		{"in a message and a file of one commit", func(f *fixture) {
			f.write("f", id)
			f.commit("both\n\n" + id)
		}, "message of both; 1 commits; HEAD; branches main; also f"},
		{"on a branch and under a tag, not in HEAD", func(f *fixture) {
			f.commit("root")
			f.git("checkout", "-qb", "topic/x")
			f.write("f", id)
			f.commit("add")
			f.git("tag", "-a", "-m", "message", "v1")
			f.git("tag", "light")
			f.git("update-ref", "refs/pull/7/head", "HEAD")
			f.git("checkout", "-q", "main")
		}, "add in f:1:5; 1 commits; branches topic/x pull/7/head; tags light v1"},
		{"in a detached HEAD alone", func(f *fixture) {
			f.commit("root")
			f.git("checkout", "-q", "--detach")
			f.write("f", id)
			f.commit("add")
		}, "add in f:1:5; 1 commits; HEAD"},
		{"first on a branch that is gone, then on one that is not", func(f *fixture) {
			f.commit("root")
			f.git("checkout", "-qb", "side")
			f.write("f", id)
			f.commit("gone")
			f.git("checkout", "-q", "main")
			f.git("branch", "-D", "side")
			f.write("f", "\n"+id)
			f.commit("kept")
		}, "kept in f:2:5; 1 commits; HEAD; branches main"},
		{"in a blob that a tag names", func(f *fixture) {
			f.commit("root")
			f.git("tag", "blob", f.feed(f.text("\n"+id), "hash-object", "-w", "--stdin"))
		}, "no commit, :2; 0 commits; tags blob"},
		{"in a blob that an annotated tag names", func(f *fixture) {
			f.commit("root")
			f.git("tag", "-a", "-m", "message", "blob", f.feed(f.text("\n"+id), "hash-object", "-w", "--stdin"))
		}, "no commit, :2; 0 commits; tags blob"},
		{"in a tree that a tag of a tag names", func(f *fixture) {
			f.commit("root")
			f.write("d/f", id)
			f.git("add", "d")
			f.git("tag", "-a", "-m", "message", "tree", f.git("write-tree"))
			f.git("tag", "-a", "-m", "message", "tag", "tree")
			f.git("tag", "-d", "tree")
		}, "no commit, d/f:1; 0 commits; tags tag"},
		{"in the message of a tag within a tag", func(f *fixture) {
			f.commit("root")
			f.git("tag", "-a", "-m", f.text(id), "inner")
			f.git("tag", "-a", "-m", "message", "outer", "inner")
			f.git("tag", "-d", "inner")
		}, "message of tag inner; 0 commits"},
		{"in a tag's message and a blob of no ref", func(f *fixture) {
			f.commit("root")
			f.git("tag", "-a", "-m", f.text("subject\n\n"+id), "v1")
			f.feed(f.text(id), "hash-object", "-w", "--stdin")
		}, "message of tag v1; 0 commits"},
		{"under refs of odd names", func(f *fixture) {
			f.write("f", id)
			f.commit("add")
			f.git("branch", "-m", "é-☃#%$&'(;|")
			f.git("update-ref", "refs/heads/refs/heads/x", "HEAD")
			f.git("tag", "heads/x")
		}, "add in f:1:5; 1 commits; HEAD; branches refs/heads/x é-☃#%$&'(;|; tags heads/x"},
		{"in a path of bytes that are no UTF-8", func(f *fixture) {
			f.write("d\xff/\"\n", id)
			f.commit("add")
		}, "add in d\xff/\"\n:1:5; 1 commits; HEAD; branches main"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			c.make(f)
			if got := f.story(f.scan().only(t)); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			f.git("pack-refs", "--all")
			f.git("repack", "-adfq", "--depth=50", "--unpack-unreachable=never")
			if got := f.story(f.scan().only(t)); got != c.want {
				t.Errorf("packed: got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// TestAttributionInLinkedWorktree: HEAD is the work tree's own.
func TestAttributionInLinkedWorktree(t *testing.T) {
	f := newFixture(t)
	f.commit("root")
	linked := f.in(filepath.Join(t.TempDir(), "linked"))
	f.git("worktree", "add", "-q", linked.dir, "-b", "topic")
	linked.write("f", "{{akia#key}}\n")
	linked.clock += 600
	linked.commit("add")
	const want = "add in f:1:1; 1 commits"
	if got := f.story(f.scan().only(t)); got != want+"; branches topic" {
		t.Errorf("from the main work tree: %s", got)
	}
	if got := f.story(linked.scan().only(t)); got != want+"; HEAD; branches topic" {
		t.Errorf("from the linked one: %s", got)
	}
}
