package source_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/source"
)

// checkIgnore asks git which of paths an ignore file hides. git exits with 1 if
// it is none.
func checkIgnore(t *testing.T, dir, file string, paths []string) map[string]bool {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, ".gitignore"), []byte(file), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("git", "-c", "core.excludesFile=/dev/null", "-c", "core.ignoreCase=false", "check-ignore", "--no-index", "-z", "--stdin")
	cmd.Dir = dir
	cmd.Stdin = strings.NewReader(strings.Join(paths, "\x00") + "\x00")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil && cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("git check-ignore: %v: %s", err, stderr.Bytes())
	}
	ignored := make(map[string]bool)
	for p := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		ignored[p] = true
	}
	return ignored
}

func newRepo(t testing.TB) string {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir := t.TempDir()
	if out, err := exec.Command("git", "init", "-q", dir).CombinedOutput(); err != nil {
		t.Fatalf("git init: %v: %s", err, out)
	}
	return dir
}

func compare(t *testing.T, dir, file string, paths []string) {
	t.Helper()
	ig, err := source.ParseIgnore("ignore", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	want := checkIgnore(t, dir, file, paths)
	for _, p := range paths {
		if _, got := ig.Match(p); got != want[p] {
			t.Errorf("file %q, path %q: got %v, git says %v", file, p, got, want[p])
		}
	}
}

func TestIgnoreAgreesWithGit(t *testing.T) {
	dir := newRepo(t)
	paths := strings.Fields(`a b foo bar foo/bar bar/foo a/foo/bar abc abc/x abc/x/y abcx abc/d/x a/b a/x/b a/x/y/b axb a+b a(b) a|b a$b a.b aXb
		build build/keep build/x/keep x/build/keep foo.txt foo.txt.bak dir/foo.txt #x !x \x [a] a]b a-b ax a/ä ä äö .env .env.local x/.env
		Makefile foo/a/bar foo/a/b/bar tmp/x.log x.log logs/a/x.log`)
	for _, file := range []string{
		"a?b", "a+b\na(b)\na|b\na$b", "[!a]b", "foo/bar", "abc/**", "build\n!build/keep", "build/*\n!build/keep", "/foo", "foo/", "**/foo", "foo/**/bar",
		"a/**/b", "*.txt", "*.txt\n!dir/*.txt", "\\#x\n\\!x", "#x", "foo \nbar\\ ", "a]b", "[]]", "[a-", "[", "\\", "foo\\", "a[/]b", "[[:alpha:]]", "[[:nope:]]b",
		"abc**/x", "a/abc**", "**", "/**", "*", "*\n!*/\n!*.txt", "a/?", "ä", "?", "??", "[ä]", "!foo\nfoo", "foo\n!foo", ".env*", "foo.txt\r\nbar\r\n", "\ufefffoo",
		"//foo", "/", "!", "\n\n", "a/*/b", "***/foo", "a[b-a]c", "[\\]]", "a\\/b", "**\\/b", "x/**/", "**/", "tmp/**/*.log", "logs/**/x.log", "[^a]", "[[:]", "a[[:x]b]",
	} {
		compare(t, dir, file, paths)
	}
}

func TestIgnoreTellsThePlace(t *testing.T) {
	ig, err := source.ParseIgnore(".keyguardignore", []byte("# fixtures\n\n*.pem\ntestdata/\n"))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"a/b.pem": ".keyguardignore:3", "x/testdata/y": ".keyguardignore:4", "testdata": ""} {
		if got, _ := ig.Match(path); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
}

// FuzzIgnore takes git's word for the truth.
func FuzzIgnore(f *testing.F) {
	for _, s := range []string{"a*b/**/c?\n!x[a-z]/", "[!ab]*\n\\*", "abc**/x\n/**/y\n", "a/**\n!a/b\n \\ "} {
		f.Add(s, "a/b/c\nxy/z\nabc/d/x")
	}
	dir := newRepo(f)
	f.Fuzz(func(t *testing.T, file, names string) {
		if len(file) > 200 || strings.Contains(file, "\x00") {
			return
		}
		var paths []string
		for p := range strings.SplitSeq(names, "\n") {
			if clean := filepath.Clean(p); p == clean && filepath.IsLocal(p) && p != "." && !strings.ContainsAny(p, "\x00\\\"") && len(p) < 100 && !strings.HasPrefix(p, ":") && !strings.HasPrefix(p, ".git") {
				paths = append(paths, p)
			}
		}
		if len(paths) > 0 {
			compare(t, dir, file, paths)
		}
	})
}

// Random lines of the characters that mean something meet every path of three
// names.
func TestIgnoreAgreesWithGitAtRandom(t *testing.T) {
	dir := newRepo(t)
	rng := rand.New(rand.NewPCG(1, 2))
	var paths []string
	for _, a := range []string{"a", "b", "ab", "a-b", "]"} {
		for _, b := range []string{"", "/a", "/b", "/ab"} {
			for _, c := range []string{"", "/a", "/bb", "/a]"} {
				paths = append(paths, a+b+c)
			}
		}
	}
	for range 100 {
		var file strings.Builder
		for range 1 + rng.IntN(3) {
			for range 1 + rng.IntN(7) {
				file.WriteByte("aab/**?[]!^-\\ :"[rng.IntN(15)])
			}
			file.WriteByte('\n')
		}
		compare(t, dir, file.String(), paths)
	}
}
