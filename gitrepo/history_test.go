package gitrepo

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/keyguard/keyguard/scanner"
)

func ExampleHistory() {
	ctx := context.Background()
	repo, err := Open(ctx, ".")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer repo.Close()
	var s *scanner.Scanner // made by scanner.New
	h := History{Repo: repo, Revisions: []string{"main..HEAD"}}
	for r := range h.Scan(ctx, s) {
		for _, f := range r.Findings {
			fmt.Println(f.Origin.History.Commit, f.Origin.Path, f.Span.Line)
		}
	}
}

// place is where a finding is said to be.
type place struct {
	commit    string
	path      string
	message   bool
	tag       string
	reachable bool
}

func placeOf(f *scanner.Finding) place {
	h := f.Origin.History
	return place{h.Commit, f.Origin.Path, h.Message, h.Tag, h.Reachable}
}

const pair = "aws_access_key_id = {{akia#key}}\naws_secret_access_key = {{secret#secret}}\n"

// TestHistoryCoversAllContent: each repository holds one credential, in a place
// that scanners of `git log -p` do not see, or rarely.
func TestHistoryCoversAllContent(t *testing.T) {
	for _, c := range []struct {
		name string
		make func(f *fixture) place
	}{
		{"in a merge commit's tree alone", func(f *fixture) place {
			f.write("a", "1\n")
			f.commit("first")
			f.git("checkout", "-qb", "side")
			f.write("b", "2\n")
			f.commit("side")
			f.git("checkout", "-q", "main")
			f.write("c", "3\n")
			f.commit("main")
			f.git("merge", "-q", "--no-commit", "side")
			f.write("evil", pair)
			return place{f.commit("merge"), "evil", false, "", true}
		}},
		{"with the attribute -diff", func(f *fixture) place {
			f.write(".gitattributes", "*.env -diff\n")
			f.write("prod.env", pair)
			return place{f.commit("add"), "prod.env", false, "", true}
		}},
		{"with the attribute binary", func(f *fixture) place {
			f.write(".gitattributes", "* binary\n")
			f.write("prod.env", pair)
			return place{f.commit("add"), "prod.env", false, "", true}
		}},
		{"in a file with zero bytes", func(f *fixture) place {
			f.write("dump", "{{byte 0}}{{byte 0}}\n"+pair)
			return place{f.commit("add"), "dump", false, "", true}
		}},
		{"in a symlink that became a file", func(f *fixture) place {
			f.write("target", "t\n")
			if err := os.Symlink("target", filepath.Join(f.dir, "link")); err != nil {
				f.t.Skip(err)
			}
			f.commit("a link")
			f.git("rm", "-q", "link")
			f.write("link", pair)
			return place{f.commit("a file"), "link", false, "", true}
		}},
		{"in where a symlink leads", func(f *fixture) place {
			if err := os.Symlink(f.text("/keys/{{akia#key}}"), filepath.Join(f.dir, "link")); err != nil {
				f.t.Skip(err)
			}
			return place{f.commit("a link"), "link", false, "", true}
		}},
		{"in the newest stash", func(f *fixture) place {
			f.write("a", "1\n")
			f.commit("first")
			f.write("a", pair)
			f.git("stash", "push", "-q")
			return place{f.git("rev-parse", "stash@{0}"), "a", false, "", true}
		}},
		{"in an older stash", func(f *fixture) place {
			f.write("a", "1\n")
			f.commit("first")
			f.write("a", pair)
			f.git("stash", "push", "-q")
			f.write("a", "2\n")
			f.git("stash", "push", "-q")
			return place{f.git("rev-parse", "stash@{1}"), "a", false, "", false}
		}},
		{"in an untracked file that was stashed", func(f *fixture) place {
			f.write("a", "1\n")
			f.commit("first")
			f.write("new", pair)
			f.git("stash", "push", "-q", "--include-untracked")
			return place{f.git("rev-parse", "stash@{0}^3"), "new", false, "", true}
		}},
		{"in UTF-16", func(f *fixture) place {
			f.write("export.csv", "{{(}}"+pair+"{{)|bom|utf16le}}")
			return place{f.commit("add"), "export.csv", false, "", true}
		}},
		{"in an annotated tag's message", func(f *fixture) place {
			f.commit("first")
			f.git("tag", "-a", "-m", f.text(pair), "v1")
			return place{"", "", true, "v1", true}
		}},
		{"in the message of a tag that was deleted", func(f *fixture) place {
			f.commit("first")
			f.git("tag", "-a", "-m", f.text(pair), "v1")
			f.git("tag", "-d", "v1")
			return place{"", "", true, "v1", false}
		}},
		{"in a merge commit's message", func(f *fixture) place {
			f.commit("first")
			f.git("checkout", "-qb", "side")
			f.write("b", "2\n")
			f.commit("side")
			f.git("checkout", "-q", "main")
			f.git("merge", "-q", "--no-ff", "-m", f.text(pair), "side")
			return place{f.git("rev-parse", "HEAD"), "", true, "", true}
		}},
		{"in an empty commit's message", func(f *fixture) place {
			return place{f.commit("rotate\n\n" + pair), "", true, "", true}
		}},
		{"in a commit that was amended", func(f *fixture) place {
			f.write("a", pair)
			old := f.commit("oops")
			f.write("a", "clean\n")
			f.commit("better", "--amend")
			return place{old, "a", false, "", false}
		}},
		{"in a message that was amended", func(f *fixture) place {
			old := f.commit(pair)
			f.commit("better", "--amend")
			return place{old, "", true, "", false}
		}},
		{"in a file that was renamed and edited", func(f *fixture) place {
			f.write("old", "{{lines 40}}")
			f.commit("first")
			f.git("mv", "old", "new")
			text, err := os.ReadFile(filepath.Join(f.dir, "new"))
			if err != nil {
				f.t.Fatal(err)
			}
			writeFile(f.t, filepath.Join(f.dir, "new"), string(text)+f.text(pair))
			return place{f.commit("rename"), "new", false, "", true}
		}},
		{"in the author's name", func(f *fixture) place {
			return place{f.commit("first", f.text("--author={{akia#key}} <a@example.org>")), "", true, "", true}
		}},
		{"in the committer's address", func(f *fixture) place {
			f.env = []string{"GIT_COMMITTER_EMAIL=" + f.text("{{akia#key}}@example.org")}
			return place{f.commit("first"), "", true, "", true}
		}},
		{"in a note", func(f *fixture) place {
			head := f.commit("first")
			f.git("notes", "add", "-m", f.text(pair))
			return place{f.git("rev-parse", "refs/notes/commits"), head, false, "", true}
		}},
		{"on a branch that was deleted", func(f *fixture) place {
			f.commit("first")
			f.git("checkout", "-qb", "side")
			f.write("a", pair)
			side := f.commit("side")
			f.git("checkout", "-q", "main")
			f.git("branch", "-D", "side")
			return place{side, "a", false, "", false}
		}},
		{"in a file that was staged and never committed", func(f *fixture) place {
			f.commit("first")
			f.write("a", pair)
			f.git("add", "a")
			f.git("rm", "-qf", "a")
			return place{"", "", false, "", false}
		}},
		{"in a file that only one old commit has", func(f *fixture) place {
			f.write("a", pair)
			first := f.commit("oops")
			f.git("rm", "-q", "a")
			f.commit("gone")
			return place{first, "a", false, "", true}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			want := c.make(f)
			found := f.scan().of(f, "key")
			if got := placeOf(found); got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
			if left := f.scan(reachableOnly).findings; (len(left) > 0) != want.reachable {
				t.Errorf("--reachable-only gives %d findings", len(left))
			}
		})
	}
}

// TestHistorySelection: what revisions select, and nothing else, is scanned.
func TestHistorySelection(t *testing.T) {
	f := newFixture(t)
	step := func(name string) string {
		f.write("f"+name, "{{akia#"+name+"}}\n")
		return f.commit(name + ", {{akia#msg" + name + "}}")
	}
	base := step("base")
	f.git("checkout", "-qb", "topic")
	step("topic")
	f.git("checkout", "-qb", "second", base)
	step("second")
	f.git("checkout", "-q", "topic")
	f.git("merge", "-q", "--no-ff", "-m", "merge", "second")
	f.git("checkout", "-q", "main")
	step("main")
	f.git("tag", "v1")
	f.clock += 86_400
	step("late")
	dangling := f.text("{{akia#dangling}}")
	f.feed(dangling, "hash-object", "-w", "--stdin")

	names := []string{"base", "topic", "second", "main", "late"}
	for _, c := range []struct {
		name string
		revs []string
		want []string
	}{
		{"everything", nil, append(names, "dangling")},
		{"a branch", []string{"topic"}, names[:3]},
		{"two branches", []string{"second", "v1"}, []string{"base", "second", "main"}},
		{"a range, second parents included", []string{"main..topic"}, []string{"topic", "second"}},
		{"a range of both sides", []string{"main...topic"}, names[1:]},
		{"an empty range", []string{"topic..second"}, nil},
		{"since a revision", []string{"--all", "^v1"}, []string{"topic", "second", "late"}},
		{"since a date", []string{"--all", "--since=@1700040000"}, []string{"late"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := f.scan(revisions(c.revs...))
			var want []string
			for _, name := range c.want {
				want = append(want, f.text("{{akia#"+name+"}}"))
				if name != "dangling" {
					want = append(want, f.text("{{akia#msg"+name+"}}"))
				}
			}
			var got []string
			for _, x := range out.findings {
				got = append(got, x.KeyID)
			}
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("got %v, want %v of %v", got, want, f.synth.Names())
			}
		})
	}
}
