package gitrepo_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/keyguard/keyguard/gitrepo"
)

// list returns the files below a folder with slashes, and the last error.
func list(dir string) (paths []string, err error) {
	for path, e := range gitrepo.Files(context.Background(), dir) {
		if e != nil {
			err = e
			continue
		}
		paths = append(paths, filepath.ToSlash(path))
	}
	return paths, err
}

func TestFiles(t *testing.T) {
	w := newWorkTree(t)
	for name, text := range map[string]string{
		".gitignore": "*.log\nbuild/\nhalf/*\n!half/kept\n", "a.txt": "", "sub/b.txt": "", "sub/deep/c.txt": "",
		"forced.log": "", "build/tracked": "", "half/kept": "",
	} {
		w.write(name, text)
	}
	w.git("add", "--all", "--force")
	w.git("commit", "--quiet", "--message", "first")
	for _, name := range []string{"new.txt", "sub/new.txt", "ignored.log", "build/out", "half/lost"} {
		w.write(name, "")
	}
	w.git("init", "--quiet", "inner")
	w.write("inner/d.txt", "")
	w.git("init", "--quiet", "--bare", "bare.git")
	w.git("init", "--quiet", "library")
	w.git("-C", "library", "commit", "--quiet", "--allow-empty", "--message", "first")
	w.git("submodule", "--quiet", "add", "./library", "module")
	w.git("submodule", "--quiet", "deinit", "--force", "module")
	for _, c := range []struct {
		dir  string
		want []string
		err  error
	}{
		{"sub", []string{"new.txt", "b.txt", "deep/c.txt"}, nil},
		{"sub/deep", []string{"c.txt"}, nil},
		{"half", []string{"kept"}, nil},
		{"inner", []string{"d.txt"}, nil},
		{"build", nil, gitrepo.ErrNoList},  // though a file in it is tracked
		{"module", nil, gitrepo.ErrNoList}, // not fetched
		{"..", nil, gitrepo.ErrNotRepo},
	} {
		t.Run(c.dir, func(t *testing.T) {
			got, err := list(w.path(c.dir))
			if !slices.Equal(got, c.want) || !errors.Is(err, c.err) {
				t.Errorf("got %q, %v; want %q, %v", got, err, c.want, c.err)
			}
		})
	}
	t.Run("top", func(t *testing.T) {
		got, err := list(w.dir)
		for _, want := range []string{"a.txt", "new.txt", "sub/b.txt", "forced.log", "build/tracked", "inner/", "module"} {
			if !slices.Contains(got, want) {
				t.Errorf("%s is not listed", want)
			}
		}
		for _, other := range []string{"ignored.log", "build/out", "half/lost", "inner/d.txt"} {
			if slices.Contains(got, other) {
				t.Errorf("%s is listed", other)
			}
		}
		if err != nil {
			t.Error(err)
		}
	})
	t.Run("bare", func(t *testing.T) {
		var refusal *gitrepo.Error
		if got, err := list(w.path("bare.git")); !errors.As(err, &refusal) || len(got) > 0 {
			t.Errorf("got %q, %v", got, err)
		}
	})
	t.Run("without git", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		if _, err := list(w.dir); !errors.Is(err, gitrepo.ErrNoGit) {
			t.Error(err)
		}
	})
}

// TestFilesByName: names come as they are, and a path in conflict comes once.
func TestFilesByName(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("file names are not any bytes there")
	}
	w := newWorkTree(t)
	names := []string{" lead", "\"quoted\"", "-rf", "line\nbreak", "not\xffutf8", "é"}
	for _, name := range names {
		w.write(name, "x\n")
	}
	w.git("add", "--all")
	w.git("commit", "--quiet", "--message", "first")
	w.git("checkout", "--quiet", "-b", "topic")
	w.write("é", "topic\n")
	w.git("commit", "--quiet", "--all", "--message", "topic")
	w.git("checkout", "--quiet", "main")
	w.write("é", "main\n")
	w.git("commit", "--quiet", "--all", "--message", "main")
	merge(t, w, "topic")
	if got, err := list(w.dir); err != nil || !slices.Equal(got, names) {
		t.Errorf("got %q, %v", got, err)
	}
	for range gitrepo.Files(context.Background(), w.dir) {
		break // and git is stopped
	}
}

// merge makes a conflict.
func merge(t *testing.T, w workTree, branch string) {
	t.Helper()
	if err := os.WriteFile(w.path(".git/MERGE_MSG"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	w.git("read-tree", "-m", "main~", "main", branch)
	if w.git("ls-files", "--unmerged") == "" {
		t.Fatal("no conflict")
	}
}
