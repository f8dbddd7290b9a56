package history

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/gitrepo/internal/gittest"
	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

func ExampleScan() {
	dir, err := leakyRepository()
	defer os.RemoveAll(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	repo, err := gitrepo.Open(ctx, dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer repo.Close()
	set, err := patterns.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	h := Scan{Repo: repo}
	for r := range h.Run(ctx, scanner.New(set, scanner.Options{})) {
		for _, f := range r.Findings {
			fmt.Printf("%s:%d: %s, in HEAD: %v\n", f.Origin.Path, f.Span.Line, f.Title, f.Origin.History.InHead)
		}
	}
	// Output: keys.txt:2: AWS key pair, in HEAD: false
}

// leakyRepository returns a repository whose second commit removes a key pair.
func leakyRepository() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "example"); err != nil {
		return dir, err
	}
	keys, err := synth.New(1).Expand("aws_access_key_id = {{akia}}\naws_secret_access_key = {{secret}}\n")
	for _, content := range []string{keys, "nothing\n"} {
		err = errors.Join(err, os.WriteFile(filepath.Join(dir, "keys.txt"), []byte(content), 0o644))
		for _, args := range [][]string{{"init", "-q"}, {"add", "."}, {"-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "-qm", "change"}} {
			err = errors.Join(err, exec.Command("git", append([]string{"-C", dir}, args...)...).Run())
		}
	}
	return dir, err
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
			f.Write("a", "1\n")
			f.Commit("first")
			f.Git("checkout", "-qb", "side")
			f.Write("b", "2\n")
			f.Commit("side")
			f.Git("checkout", "-q", "main")
			f.Write("c", "3\n")
			f.Commit("main")
			f.Git("merge", "-q", "--no-commit", "side")
			f.Write("evil", pair)
			return place{f.Commit("merge"), "evil", false, "", true}
		}},
		{"with the attribute -diff", func(f *fixture) place {
			f.Write(".gitattributes", "*.env -diff\n")
			f.Write("prod.env", pair)
			return place{f.Commit("add"), "prod.env", false, "", true}
		}},
		{"with the attribute binary", func(f *fixture) place {
			f.Write(".gitattributes", "* binary\n")
			f.Write("prod.env", pair)
			return place{f.Commit("add"), "prod.env", false, "", true}
		}},
		{"in a file with zero bytes", func(f *fixture) place {
			f.Write("dump", "{{byte 0}}{{byte 0}}\n"+pair)
			return place{f.Commit("add"), "dump", false, "", true}
		}},
		{"in a symlink that became a file", func(f *fixture) place {
			f.Write("target", "t\n")
			if err := os.Symlink("target", filepath.Join(f.Dir, "link")); err != nil {
				f.T.Skip(err)
			}
			f.Commit("a link")
			f.Git("rm", "-q", "link")
			f.Write("link", pair)
			return place{f.Commit("a file"), "link", false, "", true}
		}},
		{"in where a symlink leads", func(f *fixture) place {
			if err := os.Symlink(f.Text("/keys/{{akia#key}}"), filepath.Join(f.Dir, "link")); err != nil {
				f.T.Skip(err)
			}
			return place{f.Commit("a link"), "link", false, "", true}
		}},
		{"in the newest stash", func(f *fixture) place {
			f.Write("a", "1\n")
			f.Commit("first")
			f.Write("a", pair)
			f.Git("stash", "push", "-q")
			return place{f.Git("rev-parse", "stash@{0}"), "a", false, "", true}
		}},
		{"in an older stash", func(f *fixture) place {
			f.Write("a", "1\n")
			f.Commit("first")
			f.Write("a", pair)
			f.Git("stash", "push", "-q")
			f.Write("a", "2\n")
			f.Git("stash", "push", "-q")
			return place{f.Git("rev-parse", "stash@{1}"), "a", false, "", false}
		}},
		{"in an untracked file that was stashed", func(f *fixture) place {
			f.Write("a", "1\n")
			f.Commit("first")
			f.Write("new", pair)
			f.Git("stash", "push", "-q", "--include-untracked")
			return place{f.Git("rev-parse", "stash@{0}^3"), "new", false, "", true}
		}},
		{"in UTF-16", func(f *fixture) place {
			f.Write("export.csv", "{{(}}"+pair+"{{)|bom|utf16le}}")
			return place{f.Commit("add"), "export.csv", false, "", true}
		}},
		{"in an annotated tag's message", func(f *fixture) place {
			f.Commit("first")
			f.Git("tag", "-a", "-m", f.Text(pair), "v1")
			return place{"", "", true, "v1", true}
		}},
		{"in the message of a tag that was deleted", func(f *fixture) place {
			f.Commit("first")
			f.Git("tag", "-a", "-m", f.Text(pair), "v1")
			f.Git("tag", "-d", "v1")
			return place{"", "", true, "v1", false}
		}},
		{"in a merge commit's message", func(f *fixture) place {
			f.Commit("first")
			f.Git("checkout", "-qb", "side")
			f.Write("b", "2\n")
			f.Commit("side")
			f.Git("checkout", "-q", "main")
			f.Git("merge", "-q", "--no-ff", "-m", f.Text(pair), "side")
			return place{f.Git("rev-parse", "HEAD"), "", true, "", true}
		}},
		{"in an empty commit's message", func(f *fixture) place {
			return place{f.Commit("rotate\n\n" + pair), "", true, "", true}
		}},
		{"in a commit that was amended", func(f *fixture) place {
			f.Write("a", pair)
			old := f.Commit("oops")
			f.Write("a", "clean\n")
			f.Commit("better", "--amend")
			return place{old, "a", false, "", false}
		}},
		{"in a message that was amended", func(f *fixture) place {
			old := f.Commit(pair)
			f.Commit("better", "--amend")
			return place{old, "", true, "", false}
		}},
		{"in a file that was renamed and edited", func(f *fixture) place {
			f.Write("old", "{{lines 40}}")
			f.Commit("first")
			f.Git("mv", "old", "new")
			text, err := os.ReadFile(filepath.Join(f.Dir, "new"))
			if err != nil {
				f.T.Fatal(err)
			}
			gittest.WriteFile(f.T, filepath.Join(f.Dir, "new"), string(text)+f.Text(pair))
			return place{f.Commit("rename"), "new", false, "", true}
		}},
		{"in the author's name", func(f *fixture) place {
			return place{f.Commit("first", f.Text("--author={{akia#key}} <a@example.org>")), "", true, "", true}
		}},
		{"in the committer's address", func(f *fixture) place {
			f.Env = []string{"GIT_COMMITTER_EMAIL=" + f.Text("{{akia#key}}@example.org")}
			return place{f.Commit("first"), "", true, "", true}
		}},
		{"in a note", func(f *fixture) place {
			head := f.Commit("first")
			f.Git("notes", "add", "-m", f.Text(pair))
			return place{f.Git("rev-parse", "refs/notes/commits"), head, false, "", true}
		}},
		{"on a branch that was deleted", func(f *fixture) place {
			f.Commit("first")
			f.Git("checkout", "-qb", "side")
			f.Write("a", pair)
			side := f.Commit("side")
			f.Git("checkout", "-q", "main")
			f.Git("branch", "-D", "side")
			return place{side, "a", false, "", false}
		}},
		{"in a file that was staged and never committed", func(f *fixture) place {
			f.Commit("first")
			f.Write("a", pair)
			f.Git("add", "a")
			f.Git("rm", "-qf", "a")
			return place{"", "", false, "", false}
		}},
		{"in a file that only one old commit has", func(f *fixture) place {
			f.Write("a", pair)
			first := f.Commit("oops")
			f.Git("rm", "-q", "a")
			f.Commit("gone")
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
		f.Write("f"+name, "{{akia#"+name+"}}\n")
		return f.Commit(name + ", {{akia#msg" + name + "}}")
	}
	base := step("base")
	f.Git("checkout", "-qb", "topic")
	step("topic")
	f.Git("checkout", "-qb", "second", base)
	step("second")
	f.Git("checkout", "-q", "topic")
	f.Git("merge", "-q", "--no-ff", "-m", "merge", "second")
	f.Git("checkout", "-q", "main")
	step("main")
	f.Git("tag", "v1")
	f.Clock += 86_400
	step("late")
	dangling := f.Text("{{akia#dangling}}")
	f.Feed(dangling, "hash-object", "-w", "--stdin")

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
				want = append(want, f.Text("{{akia#"+name+"}}"))
				if name != "dangling" {
					want = append(want, f.Text("{{akia#msg"+name+"}}"))
				}
			}
			var got []string
			for _, x := range out.findings {
				got = append(got, x.KeyID)
			}
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("got %v, want %v of %v", got, want, f.Synth.Names())
			}
		})
	}
}
