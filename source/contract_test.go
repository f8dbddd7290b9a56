package source_test

import (
	"os"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/scanner"
	"github.com/keyguard/keyguard/source"
	"github.com/keyguard/keyguard/source/sourcetest"
)

// long is a text larger than the buffers of sources.
var long = strings.Repeat("0123456789abcde\n", 5_000)

func TestTreeContract(t *testing.T) {
	inFolder(t, map[string]string{"a": "1", "empty": "", "c/d": long, "c/e": "2"})
	known := lists{".": {"a", "gone", "empty", "c"}, "c": {"!it fails", "d", "e"}}
	sourcetest.Test(t, func(*testing.T) scanner.Source {
		return source.Tree{Paths: []string{".", "nosuch", "a"}, List: known.list}
	},
		sourcetest.Item{Path: "a", Text: "1"}, sourcetest.Item{Err: "gone: skipped"}, sourcetest.Item{Path: "empty"},
		sourcetest.Item{Err: "it fails"}, sourcetest.Item{Path: "c/d", Text: long}, sourcetest.Item{Path: "c/e", Text: "2"},
		sourcetest.Item{Err: "nosuch"}, sourcetest.Item{Path: "a", Text: "1"})
}

func TestTreeWithoutListContract(t *testing.T) {
	inFolder(t, map[string]string{"a": "1", "b/c": "2", "d/.git": "", "d/e": "3"})
	if err := os.Symlink("a", "link"); err != nil {
		t.Skip(err)
	}
	known := lists{"d": {"e"}}
	sourcetest.Test(t, func(*testing.T) scanner.Source {
		return source.Tree{Paths: []string{"."}, List: known.list, MaxSize: 1}
	}, sourcetest.Item{Path: "a", Text: "1"}, sourcetest.Item{Path: "b/c", Text: "2"}, sourcetest.Item{Path: "d/e", Text: "3"},
		sourcetest.Item{Path: "link", Text: "a"})
}

func TestStreamContract(t *testing.T) {
	for _, text := range []string{"", "a\nb", long} {
		sourcetest.Test(t, func(*testing.T) scanner.Source { return source.Stream{Name: "in", R: strings.NewReader(text)} },
			sourcetest.Item{Path: "in", Text: text})
	}
}

// patch has a message, two files, a broken one and one after it.
var patch = `From: Ann
text
diff --git a/x b/x
--- a/x
+++ b/x
@@ -1,2 +1,2 @@
-old
+new
 same
diff --git a/bin b/bin
Binary files a/bin and b/bin differ
diff --git a/y b/y
--- a/y
+++ b/y
@@ -0,0 +1 @@
+two
@@ -7,0 +9 @@
+nine
--- a/z
+++ b/z
+lost
--- a/long
+++ b/long
@@ -0,0 +1,5000 @@
` + strings.ReplaceAll(long, "012345", "+01234")

const y = "two\n" // and, after the gap between two hunks:

func patchItems() []sourcetest.Item {
	return []sourcetest.Item{
		{Path: "x", Text: "new\nsame\n"}, {Err: "bin: "}, {Path: "y", Text: y + strings.Repeat("\n", 200) + "nine\n"},
		{Err: "z: broken patch"}, {Path: "long", Text: strings.ReplaceAll(long, "012345", "01234")},
		{Path: source.StdinName, Text: "From: Ann\ntext\nlost\n"},
	}
}

func TestPatchContract(t *testing.T) {
	sourcetest.Test(t, func(*testing.T) scanner.Source { return source.Patch{R: strings.NewReader(patch)} }, patchItems()...)
}

func TestFilterContract(t *testing.T) {
	skip := func(path string) string {
		if path == "x" || path == "long" {
			return "excluded"
		}
		return ""
	}
	filtered := patchItems()
	filtered[0], filtered[4] = sourcetest.Item{Err: "x: skipped: excluded"}, sourcetest.Item{Err: "long: skipped: excluded"}
	sourcetest.Test(t, func(*testing.T) scanner.Source {
		return source.Filter{Source: source.Filter{Source: source.Patch{R: strings.NewReader(patch)}, Skip: skip}, Skip: skip}
	}, filtered...)
	sourcetest.Test(t, func(*testing.T) scanner.Source {
		return source.Filter{Source: source.Stream{Name: "x", R: strings.NewReader(long)}, Skip: skip}
	}, sourcetest.Item{Err: "x: skipped: excluded"})
}
