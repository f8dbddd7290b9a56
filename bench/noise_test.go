package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadFindings(t *testing.T) {
	const report = `{"type":"start","version":"x"}
{"type":"finding","rule_id":"a","fingerprint":"f1","path":"x/y","line":3}
{"type":"summary","findings":1,"errors":["x.tar: damaged"]}
`
	got, unread, err := readFindings(strings.NewReader(report), "repo")
	if err != nil || len(unread) != 1 || unread[0] != "x.tar: damaged" || len(got) != 1 || got[0].Rule != "a" || got[0].Fingerprint != "f1" || got[0].place != "repo:x/y:3" {
		t.Errorf("got %+v, %v", got, err)
	}
	start, _, _ := strings.Cut(report, `{"type":"summary`)
	if _, _, err := readFindings(strings.NewReader(start), "repo"); err == nil {
		t.Error("a truncated report is read")
	}
}

func TestWriteNoise(t *testing.T) {
	all := []finding{{Rule: "b", Fingerprint: "1"}, {Rule: "a", Fingerprint: "1"}, {Rule: "b", Fingerprint: "2"}, {Rule: "b", Fingerprint: "3"}, {Rule: "c", Fingerprint: "4"}}
	known := verdicts{{"1", "b"}: "true", {"2", "b"}: "false", {"1", "a"}: "unsure", {"4", "c"}: ""}
	var out strings.Builder
	if err := writeNoise(&out, all, 2_000_000, known); err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(out.String()) {
		got = append(got, strings.Join(strings.Fields(line), " "))
	}
	want := "|2000000 lines|rule findings per million lines false true unsure open|b 3 1.50 1 1 0 1|a 1 0.50 0 0 1 0|c 1 0.50 0 0 0 1|sum 5 2.50 1 1 1 2"
	if strings.Join(got, "|") != want {
		t.Errorf("got %q", got)
	}
}

func TestVerdicts(t *testing.T) {
	name := filepath.Join(t.TempDir(), "verdicts.tsv")
	known, err := readVerdicts(name)
	if err != nil || len(known) != 0 {
		t.Fatalf("without a file: %v, %v", known, err)
	}
	first := []finding{{Rule: "a", Fingerprint: "1", place: "r:x\ty:3"}, {Rule: "a", Fingerprint: "1", place: "r:z:1"}}
	if err := appendFindings(name, first, known); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(name)
	if want := verdictsHead + "1\ta\t\tr:x?y:3\n"; err != nil || string(text) != want {
		t.Fatalf("got %q, %v, want %q", text, err, want)
	}
	judged := strings.Replace(string(text), "\t\t", "\tfalse\t", 1)
	if err := os.WriteFile(name, []byte(judged), 0o600); err != nil {
		t.Fatal(err)
	}
	if known, err = readVerdicts(name); err != nil || len(known) != 1 || known[verdictKey{"1", "a"}] != "false" {
		t.Fatalf("got %v, %v", known, err)
	}
	if err := appendFindings(name, append(first, finding{Rule: "b", Fingerprint: "1", place: "q"}), known); err != nil {
		t.Fatal(err)
	}
	if text, err = os.ReadFile(name); err != nil || string(text) != judged+"1\tb\t\tq\n" {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestVerdictErrors(t *testing.T) {
	name := filepath.Join(t.TempDir(), "verdicts.tsv")
	for _, line := range []string{"1\ta", "1\ta\tyes\tnote", "1 a true"} {
		if err := os.WriteFile(name, []byte("# head\n"+line+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readVerdicts(name); err == nil || !strings.Contains(err.Error(), "verdicts.tsv:2:") {
			t.Errorf("%q: got %v", line, err)
		}
	}
}

// TestTreesOfRepositories counts the lines of a working tree, and of the same files in a bare
// repository.
func TestTreesOfRepositories(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir := t.TempDir()
	b := &bench{ctx: context.Background(), scratch: t.TempDir()}
	git := func(dir string, args ...string) {
		t.Helper()
		if _, err := b.gitOutput(dir, append([]string{"-c", "user.name=a", "-c", "user.email=a@example.org"}, args...)...); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{"a.txt": "1\n2\n", "b/c.txt": "3\n", "d.bin": "\x00\n\n", "e.log": "4\n", ".gitignore": "*.log\n"} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	git(dir, "init", "-q")
	git(dir, "add", "a.txt", "d.bin", ".gitignore")
	git(dir, "commit", "-q", "-m", "x")
	bare := filepath.Join(t.TempDir(), "bare")
	git(dir, "clone", "-q", "--bare", dir, bare)
	for from, want := range map[string]int{dir: 4, bare: 3} {
		tree, err := b.workingTree(from, filepath.Join(b.scratch, "tree"))
		if err != nil {
			t.Fatal(err)
		}
		if lines, err := b.countLines(tree); err != nil || lines != want {
			t.Errorf("%s: got %d lines, %v, want %d", from, lines, err, want)
		}
		if (tree == dir) != (from == dir) {
			t.Errorf("the tree of %s is %s", from, tree)
		}
	}
}
