package hooks_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/hooks"
)

const binary = "/opt/key guard/bin/keyguard"

func options(t testing.TB, dir string) hooks.Options {
	t.Helper()
	path, err := filepath.Abs(binary) // adds the drive on Windows
	if err != nil {
		t.Fatal(err)
	}
	return hooks.Options{Dir: dir, Hook: hooks.PreCommit, Binary: path}
}

// snapshot lists what is in a folder: a line for each entry with its mode and
// its bytes, or where it points.
func snapshot(t testing.TB, dir string) string {
	t.Helper()
	var lines []string
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		var holds string
		switch {
		case info.Mode()&fs.ModeSymlink != 0:
			holds, _ = os.Readlink(path)
		case info.Mode().IsRegular():
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			holds = string(text)
		}
		lines = append(lines, fmt.Sprintf("%s %v %q", e.Name(), info.Mode(), holds))
	}
	return strings.Join(lines, "\n")
}

// put makes a file with exactly that mode.
func put(t testing.TB, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func link(t testing.TB, target, path string) {
	t.Helper()
	if err := os.Symlink(target, path); err != nil {
		t.Skip(err)
	}
}

func TestInstallThenUninstall(t *testing.T) {
	const foreign = "#!/bin/sh\r\necho \xff\x00 hi"
	for _, c := range []struct {
		name      string
		prepare   func(t *testing.T, hook string) // hook: path of pre-commit
		action    hooks.Action
		keeps     bool
		runs      bool // of the kept hook
		uninstall hooks.Action
	}{
		{"nothing there", func(*testing.T, string) {}, hooks.Created, false, false, hooks.Removed},
		{"a hook", func(t *testing.T, h string) { put(t, h, foreign, 0o755) }, hooks.Created, true, true, hooks.Restored},
		{"a hook with a mode of its own", func(t *testing.T, h string) { put(t, h, foreign, 0o711) }, hooks.Created, true, true, hooks.Restored},
		{"a hook that is not executable", func(t *testing.T, h string) { put(t, h, foreign, 0o640) }, hooks.Created, true, runtime.GOOS == "windows", hooks.Restored},
		{"an empty hook", func(t *testing.T, h string) { put(t, h, "", 0o755) }, hooks.Created, true, true, hooks.Restored},
		{"a link", func(t *testing.T, h string) {
			put(t, filepath.Join(h, "../../script"), foreign, 0o755)
			link(t, "../script", h)
		}, hooks.Created, true, true, hooks.Restored},
		{"a link to nothing", func(t *testing.T, h string) { link(t, "nowhere/else", h) }, hooks.Created, true, false, hooks.Restored},
		{"a link to a shim elsewhere", func(t *testing.T, h string) {
			o := options(t, filepath.Join(h, "../../elsewhere"))
			if _, err := hooks.Install(o); err != nil {
				t.Fatal(err)
			}
			link(t, "../elsewhere/pre-commit", h)
		}, hooks.Created, true, true, hooks.Restored},
		{"other hooks beside it", func(t *testing.T, h string) {
			put(t, h+".sample", foreign, 0o755)
			put(t, h+".legacy", foreign, 0o755)
		}, hooks.Created, false, false, hooks.Removed},
	} {
		t.Run(c.name, func(t *testing.T) {
			top := t.TempDir()
			dir := filepath.Join(top, "hooks dir")
			if err := os.Mkdir(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			hook := filepath.Join(dir, "pre-commit")
			c.prepare(t, hook)
			outside, before := snapshot(t, top), snapshot(t, dir)
			o := options(t, dir)

			dry := o
			dry.DryRun = true
			planned, err := hooks.Install(dry)
			if err != nil || snapshot(t, dir) != before {
				t.Fatalf("dry run: %v, folder\n%s", err, snapshot(t, dir))
			}
			r, err := hooks.Install(o)
			if err != nil {
				t.Fatal(err)
			}
			if r != planned || r.Action != c.action || r.Path != hook || (r.Before.Path != "") != c.keeps || r.Before.Runs != c.runs {
				t.Errorf("Install: %+v, planned %+v", r, planned)
			}
			installed := snapshot(t, dir)
			if r, err := hooks.Install(o); err != nil || r.Action != hooks.Unchanged || (r.Before.Path != "") != c.keeps || snapshot(t, dir) != installed {
				t.Errorf("second Install: %+v, %v", r, err)
			}
			st, err := hooks.Status(dir, hooks.PreCommit)
			if err != nil || st.Owner != hooks.Ours || !st.Hook.Runs || st.Version != 1 || st.Binary != filepath.ToSlash(o.Binary) || (st.Before.Path != "") != c.keeps {
				t.Errorf("Status: %+v, %v", st, err)
			}
			if r, err := hooks.Uninstall(dry); err != nil || r.Action != c.uninstall || snapshot(t, dir) != installed {
				t.Errorf("Uninstall, dry run: %+v, %v", r, err)
			}
			if r, err := hooks.Uninstall(o); err != nil || r.Action != c.uninstall {
				t.Errorf("Uninstall: %+v, %v", r, err)
			}
			if got := snapshot(t, dir); got != before {
				t.Errorf("folder after Uninstall\n%s\nwant\n%s", got, before)
			}
			if got := snapshot(t, top); got != outside {
				t.Errorf("beside the folder\n%s\nwant\n%s", got, outside)
			}
			if r, err := hooks.Uninstall(o); err != nil || r.Action != hooks.NotInstalled {
				t.Errorf("second Uninstall: %+v, %v", r, err)
			}
		})
	}
}

func TestInstallUpdates(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(o *hooks.Options)
	}{
		{"binary", func(o *hooks.Options) { o.Binary += "2" }},
		{"policy", func(o *hooks.Options) { o.IfMissing = hooks.Allow }},
		{"mode", func(o *hooks.Options) { os.Chmod(filepath.Join(o.Dir, "pre-commit"), 0o644) }},
		{"shim of a hook that is another's", func(o *hooks.Options) {
			other := *o
			other.Dir += "2"
			other.Hook = hooks.CommitMsg
			hooks.Install(other)
			os.Rename(filepath.Join(other.Dir, "commit-msg"), filepath.Join(o.Dir, "pre-commit"))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name == "mode" && runtime.GOOS == "windows" {
				t.Skip("no modes")
			}
			o := options(t, filepath.Join(t.TempDir(), "made", "for", "it"))
			if _, err := hooks.Install(o); err != nil {
				t.Fatal(err)
			}
			c.change(&o)
			if r, err := hooks.Install(o); err != nil || r.Action != hooks.Updated {
				t.Errorf("Install: %+v, %v", r, err)
			}
			if r, err := hooks.Install(o); err != nil || r.Action != hooks.Unchanged {
				t.Errorf("Install again: %+v, %v", r, err)
			}
			if st, err := hooks.Status(o.Dir, o.Hook); err != nil || st.IfMissing != o.IfMissing || st.Binary != filepath.ToSlash(o.Binary) {
				t.Errorf("Status: %+v, %v", st, err)
			}
		})
	}
}

func TestInstallRefuses(t *testing.T) {
	for _, c := range []struct {
		name    string
		prepare func(t *testing.T, o *hooks.Options, hook string)
		hint    bool // the error is a Conflict
	}{
		{"kept name is taken", func(t *testing.T, _ *hooks.Options, h string) {
			put(t, h, "new", 0o755)
			put(t, h+".before-keyguard", "old", 0o755)
		}, true},
		{"kept name is taken by a dangling link", func(t *testing.T, _ *hooks.Options, h string) {
			put(t, h, "new", 0o755)
			link(t, "nowhere", h+".before-keyguard")
		}, true},
		{"folder", func(t *testing.T, _ *hooks.Options, h string) { os.Mkdir(h, 0o755) }, true},
		{"link to a folder", func(t *testing.T, _ *hooks.Options, h string) { link(t, ".", h) }, true},
		{"another is at it", func(t *testing.T, _ *hooks.Options, h string) { put(t, h+".keyguard-lock", "", 0o755) }, true},
		{"relative binary", func(_ *testing.T, o *hooks.Options, _ string) { o.Binary = "keyguard" }, false},
		{"no folder given", func(_ *testing.T, o *hooks.Options, _ string) { o.Dir = "" }, false},
		{"unknown hook", func(_ *testing.T, o *hooks.Options, _ string) { o.Hook = "../pre-commit" }, false},
		{"folder is a file", func(t *testing.T, o *hooks.Options, h string) {
			put(t, h, "", 0o755)
			o.Dir = h
		}, false},
		{"folder is read-only", func(t *testing.T, o *hooks.Options, h string) {
			if runtime.GOOS == "windows" || os.Getuid() == 0 {
				t.Skip("modes do not hold this user")
			}
			put(t, h, "old", 0o755)
			os.Chmod(o.Dir, 0o555)
			t.Cleanup(func() { os.Chmod(o.Dir, 0o755) })
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := options(t, t.TempDir())
			dir := o.Dir
			c.prepare(t, &o, filepath.Join(dir, "pre-commit"))
			before := snapshot(t, dir)
			_, err := hooks.Install(o)
			var conflict *hooks.Conflict
			if err == nil || errors.As(err, &conflict) != c.hint || c.hint && conflict.Hint() == "" {
				t.Errorf("error %v", err)
			}
			if got := snapshot(t, dir); got != before {
				t.Errorf("folder\n%s\nwant\n%s", got, before)
			}
		})
	}
}

func TestEditedShim(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(text string) string
	}{
		{"line added", func(s string) string { return s + "echo done\n" }},
		{"other shell", func(s string) string { return strings.Replace(s, "/bin/sh", "/bin/bash", 1) }},
		{"other binary", func(s string) string { return strings.Replace(s, "/opt/", "/usr/", 1) }},
		{"sum lost", func(s string) string { return "# keyguard hook shim v1\n" + s[strings.Index(s, "hook="):] }},
		{"merged into another", func(s string) string { return "#!/bin/sh\nmake lint || exit\n" + s }},
		{"line ends", func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := options(t, t.TempDir())
			if _, err := hooks.Install(o); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(o.Dir, "pre-commit")
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			put(t, path, c.edit(string(text)), 0o755)
			before := snapshot(t, o.Dir)
			if st, err := hooks.Status(o.Dir, o.Hook); err != nil || st.Owner != hooks.Edited {
				t.Errorf("Status: %+v, %v", st, err)
			}
			var conflict *hooks.Conflict
			if _, err := hooks.Install(o); !errors.As(err, &conflict) {
				t.Errorf("Install: %v", err)
			}
			if _, err := hooks.Uninstall(o); !errors.As(err, &conflict) || snapshot(t, o.Dir) != before {
				t.Errorf("Uninstall: %v, folder\n%s", err, snapshot(t, o.Dir))
			}
			o.Force = true
			if r, err := hooks.Install(o); err != nil || r.Action != hooks.Updated {
				t.Errorf("Install, force: %+v, %v", r, err)
			}
			put(t, path, c.edit(string(text)), 0o755)
			if r, err := hooks.Uninstall(o); err != nil || r.Action != hooks.Removed {
				t.Errorf("Uninstall, force: %+v, %v", r, err)
			}
		})
	}
}

// Somebody else moves or replaces hooks after keyguard was installed.
func TestAfterOthers(t *testing.T) {
	for _, c := range []struct {
		name      string
		meddle    func(hook string) error
		install   hooks.Action // -1: an error
		uninstall hooks.Action
	}{
		{"shim deleted", os.Remove, hooks.Created, hooks.Restored},
		{"kept hook deleted", func(h string) error { return os.Remove(h + ".before-keyguard") }, hooks.Unchanged, hooks.Removed},
		{"shim replaced", func(h string) error { return os.WriteFile(h, []byte("other"), 0o755) }, -1, hooks.NotInstalled},
	} {
		t.Run(c.name, func(t *testing.T) {
			prepare := func() hooks.Options {
				o := options(t, t.TempDir())
				put(t, filepath.Join(o.Dir, "pre-commit"), "old", 0o755)
				if _, err := hooks.Install(o); err != nil {
					t.Fatal(err)
				}
				if err := c.meddle(filepath.Join(o.Dir, "pre-commit")); err != nil {
					t.Fatal(err)
				}
				return o
			}
			r, err := hooks.Install(prepare())
			if (err != nil) != (c.install < 0) || err == nil && r.Action != c.install {
				t.Errorf("Install: %+v, %v", r, err)
			}
			if r, err := hooks.Uninstall(prepare()); err != nil || r.Action != c.uninstall {
				t.Errorf("Uninstall: %+v, %v", r, err)
			}
		})
	}
}

func TestStatusOfOthers(t *testing.T) {
	for _, c := range []struct {
		name, text  string
		mode        os.FileMode
		runs, reads bool
	}{
		{"script", "#!/bin/sh\nexit 0\n", 0o755, true, false},
		{"not executable", "#!/bin/sh\nexit 0\n", 0o644, runtime.GOOS == "windows", false},
		{"looks at its name", "#!/bin/sh\nn=$(basename \"$0\")\n", 0o755, true, true},
		{"talks of keyguard", "#!/bin/sh\n# see keyguard hook shim v1\nkeyguard hook pre-commit\n", 0o755, true, false},
		{"large program", "\x7fELF" + strings.Repeat("\x00", 1<<20), 0o755, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, filepath.Join(dir, "pre-push"), c.text, c.mode)
			st, err := hooks.Status(dir, hooks.PrePush)
			if err != nil || st.Owner != hooks.Foreign || st.Hook.Runs != c.runs || st.Hook.ReadsName != c.reads || st.Version != 0 {
				t.Errorf("Owner %v, Runs %v, ReadsName %v, %v", st.Owner, st.Hook.Runs, st.Hook.ReadsName, err)
			}
		})
	}
	if st, err := hooks.Status(filepath.Join(t.TempDir(), "none"), hooks.PrePush); err != nil || st != (hooks.State{}) {
		t.Errorf("no folder: %+v, %v", st, err)
	}
}

func TestParseHook(t *testing.T) {
	for _, h := range hooks.All() {
		if got, err := hooks.ParseHook(string(h)); err != nil || got != h {
			t.Errorf("%s: %q, %v", h, got, err)
		}
	}
	if _, err := hooks.ParseHook("post-commit"); err == nil || !slices.ContainsFunc(hooks.All(), func(h hooks.Hook) bool {
		return strings.Contains(err.Error(), string(h))
	}) {
		t.Errorf("post-commit: %v", err)
	}
}

func ExampleInstall() {
	dir, err := os.MkdirTemp("", "hooks")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	path, _ := filepath.Abs("keyguard")
	o := hooks.Options{Dir: dir, Hook: hooks.PreCommit, Binary: path}
	for range 2 {
		r, err := hooks.Install(o)
		fmt.Println(filepath.Base(r.Path), r.Action == hooks.Created, err)
	}
	r, err := hooks.Uninstall(o)
	fmt.Println(filepath.Base(r.Path), r.Action == hooks.Removed, err)
	// Output:
	// pre-commit true <nil>
	// pre-commit false <nil>
	// pre-commit true <nil>
}
