//go:build unix

package pack

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A pipe in place of a file, which would keep a reader waiting, is a problem
// like any other. What else there is, is read.
func TestPipesDoNotHang(t *testing.T) {
	pipe := func(t *testing.T, path string) {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mkfifo(path, 0o666); err != nil {
			t.Skip("no pipes here: ", err)
		}
	}
	for _, tt := range []struct {
		name string
		make func(t *testing.T, dir string)
	}{
		{"loose object", func(t *testing.T, dir string) { pipe(t, loosePath(dir, nameID("piped"))) }},
		{"index", func(t *testing.T, dir string) { pipe(t, filepath.Join(dir, "pack", "pack-b.idx")) }},
		{"pack", func(t *testing.T, dir string) {
			craft(t, dir, "pack-b", crafted{name: "b", kind: Blob, body: []byte("b")})
			path := filepath.Join(dir, "pack", "pack-b.pack")
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			pipe(t, path)
		}},
		{"alternates", func(t *testing.T, dir string) { pipe(t, filepath.Join(dir, "info", "alternates")) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			craft(t, dir, "pack-a", crafted{name: "a", kind: Blob, body: []byte(hello)})
			tt.make(t, dir)
			seen, st := walkAll(t, dir, WalkOptions{})
			if seen[nameID("a")] != hello {
				t.Errorf("saw %q", seen)
			}
			if st.ProblemCount == 0 || !strings.Contains(st.Problems[0].Reason, "not a regular file") {
				t.Errorf("problems: %v", st.Problems)
			}
		})
	}
}
