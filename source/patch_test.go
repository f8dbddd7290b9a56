package source_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/keyguard/keyguard/scanner"
	"github.com/keyguard/keyguard/source"
)

// read returns what a patch adds, a line a file: name, text, the lines of the
// file that count, or an error.
func read(patch io.Reader) []string {
	var out []string
	for b, err := range (source.Patch{R: patch}).Blobs(context.Background()) {
		if err != nil {
			out = append(out, "error: "+err.Error())
			continue
		}
		r, _ := b.Open()
		text, err := io.ReadAll(r)
		if closeErr := r.Close(); err == nil {
			err = closeErr
		}
		if err != nil {
			out = append(out, "error: "+err.Error())
			continue
		}
		lines := "all"
		if b.Only != nil {
			only, _ := b.Only(nil)
			lines = fmt.Sprint(numbers(b, only))
		} else if b.Renumber != nil {
			lines = fmt.Sprintf("all, from %d", b.Renumber(1))
		}
		out = append(out, fmt.Sprintf("%s %q +%s", b.Origin.Path, strings.ReplaceAll(string(text), strings.Repeat("\n", 200), "…"), lines))
	}
	return out
}

func numbers(b *scanner.Blob, only scanner.Lines) (out []int) {
	for _, r := range only {
		for line := r.First; line <= r.Last; line++ {
			out = append(out, b.Renumber(line))
		}
	}
	return out
}

func TestPatch(t *testing.T) {
	for _, c := range []struct {
		name, patch string
		want        []string
	}{
		{"empty", "", nil},
		{"no patch", "hello\n", []string{`<stdin> "hello\n" +all, from 1`, "error: " + source.ErrNoPatch.Error()}},
		{"git", "diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1,2 +1,3 @@ func\n a\n-b\n+c\n+d\n", []string{`x "a\nc\nd\n" +[2 3]`}},
		{"two hunks", "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n@@ -9,0 +9,1 @@\n+c\n", []string{`x "b…\nc\n" +[1 9]`}},
		{"two files", "--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+a\n--- a/y\n+++ b/y\n@@ -0,0 +1 @@\n+b\n", []string{`x "a\n" +[1]`, `y "b\n" +[1]`}},
		{"a line that looks like a header", "--- a/x\n+++ b/x\n@@ -1,1 +1,2 @@\n--- a/z\n+++ b/z\n+@@ -1 +1 @@\n", []string{`x "++ b/z\n@@ -1 +1 @@\n" +[1 2]`}},
		{"no newline at the end", "+++ b/x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n", []string{`x "b\n" +[1]`}},
		{"quoted name", "+++ \"b/a\\tb\\303\\251\"\n@@ -0,0 +1 @@\n+a\n", []string{"a\tbé \"a\\n\" +[1]"}},
		{"name with spaces and a time", "+++ b/a b\t2024-01-01\n@@ -0,0 +1 @@\n+a\n", []string{`a b "a\n" +[1]`}},
		{"combined", "diff --cc x\n--- a/x\n+++ b/x\n@@@ -1,2 -1,2 +1,3 @@@\n  a\n- b\n -c\n++d\n+ e\n", []string{`x "a\nd\ne\n" +[2 3]`}},
		{"binary", "diff --git a/p.png b/p.png\nBinary files a/p.png and b/p.png differ\n+++ b/x\n@@ -0,0 +1 @@\n+a\n",
			[]string{"error: p.png: " + source.ErrBinary.Error(), `x "a\n" +[1]`}},
		{"binary, deleted", "diff --git a/p.png b/p.png\ndeleted file mode 100644\nBinary files a/p.png and /dev/null differ\n", nil},
		{"cut short", "+++ b/x\n@@ -1,3 +1,3 @@\n a\n", []string{"error: broken patch: it ends within a hunk"}},
		{"broken hunk", "+++ b/x\n@@ -1,3 +1,3 @@\n a\n*\n", []string{"error: broken patch: a line in a hunk does not begin with a blank, + or -", `<stdin> "*\n" +all, from 4`}},
		{"a hunk that swallows the next file", "+++ b/x\n@@ -1 +1,9 @@\n a\n+++ b/y\n@@ -0,0 +1 @@\n+b\n", []string{"error: broken patch: a line in a hunk does not begin with a blank, + or -", `x "b\n" +[1]`}},
		{"a hunk longer than it says", "+++ b/x\n@@ -0,0 +1 @@\n+a\n+b\n+c\n+++ b/y\n@@ -0,0 +1 @@\n+d\n",
			[]string{`x "a\n" +[1]`, "error: x: broken patch: line 4 is in no hunk", `y "d\n" +[1]`, `<stdin> "b\nc\n" +all, from 4`}},
		{"a damaged hunk header", "+++ b/x\n@@ -1 +1\n+a\n", []string{"error: x: broken patch: line 2 is in no hunk", `<stdin> "@@ -1 +1\na\n" +all, from 2`}},
		{"no hunk header", "--- a/x\n+++ b/x\n+a\n", []string{"error: x: broken patch: line 3 is in no hunk", `<stdin> "a\n" +all, from 3`}},
		{"a header alone", "--- a/x\n+++ b/x\ndiff --git a/y b/y\n", []string{"error: x: broken patch: it has no hunk"}},
		{"carriage returns", "+++ b/x\r\n@@ -0,0 +1,2 @@\r\n+a\r\n+b\r\n", []string{`x "a\r\nb\r\n" +[1 2]`}},
		{"a mail around it", "From x\nSubject: y\n\n---\n x | 1 +\n\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+a\n-- \n2.39\n",
			[]string{`x "a\n" +[1]`, `<stdin> "From x\nSubject: y\n\n---\n x | 1 +\n\n-- \n2.39\n" +all, from 1`}},
		{"a list in a mail", "From x\n\n+ one\n+ two\n---\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+a\n", []string{`x "a\n" +[1]`, `<stdin> "From x\n\n one\n two\n---\n" +all, from 1`}},
		{"deleted, then another", "diff --git a/p b/p\ndeleted file mode 100644\nBinary files a/p and /dev/null differ\ndiff --git a/q b/q\nBinary files a/q and b/q differ\n", []string{"error: q: " + source.ErrBinary.Error()}},
		{"a binary patch", "diff --git a/x b/x\nGIT binary patch\nliteral 6\nNcmZ?r^kWE$1ONpz0fhhn\n\nliteral 0\nHcmV?d00001\n\ndiff --git a/y b/y\n--- a/y\n+++ b/y\n@@ -0,0 +1 @@\n+a\n",
			[]string{`x "BIN\x00RY" +all`, `y "a\n" +[1]`}},
		{"a damaged binary patch", "diff --git a/x b/x\nGIT binary patch\nliteral 6\n+plain\n", []string{"error: x: " + source.ErrBinary.Error() + ": it is damaged", "error: x: broken patch: line 4 is in no hunk", `<stdin> "plain\n" +all, from 4`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, r := range []io.Reader{strings.NewReader(c.patch), iotest.OneByteReader(strings.NewReader(c.patch))} {
				if got := read(r); strings.Join(got, "\n") != strings.Join(c.want, "\n") {
					t.Errorf("got  %q\nwant %q", got, c.want)
				}
			}
		})
	}
}

func TestPatchWithAHugeLine(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	got := read(strings.NewReader("+++ b/x\n@@ -1,2 +1,2 @@\n-" + long + "\n+" + long + "\n c\n"))
	if len(got) != 1 || !strings.HasPrefix(got[0], `x "xxx`) || !strings.HasSuffix(got[0], `x\nc\n" +[1]`) || len(got[0]) < len(long) {
		t.Errorf("got %.40q…, %d", got, len(got))
	}
}

// FuzzPatch: a patch made of any text is read back as that text.
func FuzzPatch(f *testing.F) {
	f.Add("a\nb\n", "+++ b/z\n@@ -1 +1 @@\n")
	f.Fuzz(func(t *testing.T, old, text string) {
		read(strings.NewReader(text)) // any input: no panic, no hang
		lines := strings.SplitAfter(text, "\n")
		if lines[len(lines)-1] == "" {
			lines = lines[:len(lines)-1]
		}
		if len(lines) == 0 || strings.Contains(old, "\n") {
			return
		}
		var patch strings.Builder
		fmt.Fprintf(&patch, "--- a/x\n+++ b/x\n@@ -1,1 +1,%d @@\n-%s\n", len(lines), old)
		for _, l := range lines {
			patch.WriteString("+" + l)
		}
		got := read(strings.NewReader(patch.String()))
		if len(got) != 1 || !strings.HasPrefix(got[0], fmt.Sprintf("x %q +", strings.ReplaceAll(text, strings.Repeat("\n", 200), "…"))) {
			t.Errorf("text %q came back as %q", text, got)
		}
	})
}
