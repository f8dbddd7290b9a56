package source_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/keyguard/keyguard/scanner"
	"github.com/keyguard/keyguard/source"
)

// lists is a Lister that knows some folders, by their names with slashes, and
// fails for a name that begins with a bang.
type lists map[string][]string

func (l lists) list(_ context.Context, dir string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		names, ok := l[filepath.ToSlash(dir)]
		if !ok {
			yield("", source.ErrNotListed)
			return
		}
		for _, name := range names {
			var err error
			if strings.HasPrefix(name, "!") {
				name, err = "", errors.New(name[1:])
			}
			if !yield(filepath.FromSlash(name), err) {
				return
			}
		}
	}
}

// contents tells what a source yields, a line a blob.
func contents(src scanner.Source) (out []string) {
	for b, err := range src.Blobs(context.Background()) {
		if err != nil {
			out = append(out, "error: "+err.Error())
			continue
		}
		r, err := b.Open()
		if err != nil {
			out = append(out, "error: "+err.Error())
			continue
		}
		text, err := io.ReadAll(r)
		r.Close()
		out = append(out, fmt.Sprintf("%s %q %v", b.Origin.Path, text, err))
	}
	return out
}

// inFolder makes files, by name and content, in a new working directory.
func inFolder(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		name = filepath.FromSlash(name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTree(t *testing.T) {
	inFolder(t, map[string]string{
		"a": "1", "b": "2", "c/d": "3", "c/e/f": "4", "x/y/z": "5", "x/.git/config": "6", "x/.hidden": "7",
		"x/inner/.git": "8", "x/inner/g": "9", "x/inner/h": "10",
	})
	known := lists{
		".": {"b", "gone", "a/was-a-folder", "c"}, "c": {"d", "e/f"}, "x/inner": {"g"}, "fails": {"!it fails", "d"},
	}
	for _, c := range []struct {
		name  string
		paths []string
		want  []string
	}{
		{"what is listed, in its order, and whether it is absent", []string{"."}, []string{
			`b "2"`, "error: gone: skipped: tracked, but not in the working tree: not checked out, or deleted",
			"error: a/was-a-folder: skipped: tracked, but not in the working tree: not checked out, or deleted", `c/d "3"`, `c/e/f "4"`,
		}},
		{"a file that is not listed, but named", []string{"a"}, []string{`a "1"`}},
		{"names as they are given", []string{"./c", "./a", "c/../b"}, []string{`c/d "3"`, `c/e/f "4"`, `a "1"`, `c/../b "2"`}},
		{"a folder without a list, and a repository in it", []string{"x"}, []string{`x/.hidden "7"`, `x/inner/g "9"`, `x/y/z "5"`}},
		{"what is not there", []string{"nosuch", "a"}, []string{"error: stat nosuch: no such file or directory", `a "1"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := contents(source.Tree{Paths: c.paths, List: known.list})
			for i := range got {
				got[i] = strings.TrimSuffix(got[i], " <nil>")
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestTreeOfAnotherFolder: names start there, on the disk and in reports.
func TestTreeOfAnotherFolder(t *testing.T) {
	inFolder(t, map[string]string{"a": "1", "in/b": "2", "in/c/d": "3"})
	dir, err := filepath.Abs("in")
	if err != nil {
		t.Fatal(err)
	}
	outside, err := filepath.Abs("a")
	if err != nil {
		t.Fatal(err)
	}
	known := lists{filepath.ToSlash(dir): {"b", "c/d"}}
	got := contents(source.Tree{Dir: dir, Paths: []string{".", "c/d", outside}, List: known.list})
	want := []string{`b "2" <nil>`, `c/d "3" <nil>`, `c/d "3" <nil>`, filepath.ToSlash(outside) + ` "1" <nil>`}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestTreeGoesOn: what cannot be listed or read is told, and the rest scanned.
func TestTreeGoesOn(t *testing.T) {
	inFolder(t, map[string]string{"a": "1", "d/b": "2"})
	known := lists{"d": {"!it fails", "b"}}
	got := contents(source.Tree{Paths: []string{"d", "a"}, List: known.list})
	want := []string{"error: list d: it fails", `d/b "2" <nil>`, `a "1" <nil>`}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTreeLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a right of their own there")
	}
	inFolder(t, map[string]string{"file": "text", "d/x": "y"})
	for name, target := range map[string]string{"link": "file", "nowhere": "gone", "loop": ".", "self": "self", "d/up": ".."} {
		if err := os.Symlink(target, name); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		path string
		want []string
	}{
		{"link", []string{`link "text" <nil>`}}, // is followed, as it is named
		{"nowhere", []string{"error: stat nowhere: no such file or directory"}},
		{"self", []string{"error: stat self: " + syscall.ELOOP.Error()}},
		{"d", []string{`d/up ".." <nil>`, `d/x "y" <nil>`}},
		{".", []string{`d/up ".." <nil>`, `d/x "y" <nil>`, `file "text" <nil>`, `link "file" <nil>`, `loop "." <nil>`, `nowhere "gone" <nil>`, `self "self" <nil>`}},
	} {
		t.Run(c.path, func(t *testing.T) {
			if got := contents(source.Tree{Paths: []string{c.path}, List: lists{}.list}); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestTreeExcept: the file that a report is written to is left out under each
// of its names.
func TestTreeExcept(t *testing.T) {
	inFolder(t, map[string]string{"a": "1", "report": "2", "b": "3"})
	info, err := os.Stat("report")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Link("report", "another"); err != nil {
		t.Skip(err)
	}
	got := contents(source.Tree{Paths: []string{"."}, List: lists{}.list, Except: []fs.FileInfo{info}})
	want := []string{`a "1" <nil>`, "error: another: skipped: the report of this scan", `b "3" <nil>`, "error: report: skipped: the report of this scan"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestTreeStops: a caller that has enough gets no more.
func TestTreeStops(t *testing.T) {
	inFolder(t, map[string]string{"a/b": "1", "a/c": "2", "d/.git": "", "d/e": "3", "d/f": "4"})
	known := lists{".": {"a", "d"}, "d": {"e", "f"}}
	whole := contents(source.Tree{Paths: []string{"."}, List: known.list})
	for enough := 1; enough <= len(whole); enough++ {
		n := 0
		for range (source.Tree{Paths: []string{"."}, List: known.list}).Blobs(context.Background()) {
			if n++; n == enough {
				break
			}
		}
		if n != enough {
			t.Errorf("%d blobs, not %d", n, enough)
		}
	}
}
