package hooks

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/testenv"
)

// A yard is a folder with a hook installed in it and programs that write what
// happens to them to a log.
type yard struct {
	t              testing.TB
	dir, bin, hook string
	path           string // without keyguard
}

// witness is a program that logs its name and arguments, and all of its input if
// it is to read that, and exits with the status.
func witness(name, log string, reads bool, status string) string {
	s := "#!/bin/sh\n{ printf '" + name + ":'; printf ' <%s>' \"$@\"; echo; } >>" + Quote(log) + "\n"
	if reads {
		s += "cat >>" + Quote(log) + "\n"
	}
	return s + "exit " + status + "\n"
}

func newYard(t testing.TB) yard {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("runs hooks with sh")
	}
	dir := t.TempDir()
	path, err := testenv.PathWithout("keyguard", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	y := yard{t: t, dir: dir, bin: filepath.Join(dir, "bin", "keyguard"), hook: filepath.Join(dir, "hooks"), path: path}
	for _, d := range []string{"bin", "hooks", "work"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return y
}

func (y yard) log() string { return filepath.Join(y.dir, "log") }

func (y yard) write(path, text string, mode os.FileMode) {
	y.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		y.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		y.t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		y.t.Fatal(err)
	}
}

func (y yard) install(o Options) {
	y.t.Helper()
	o.Dir, o.Binary = y.hook, y.bin
	if _, err := Install(o); err != nil {
		y.t.Fatal(err)
	}
}

// run runs the hook as git does, in the work tree and by a relative path, and
// returns its exit status, what it wrote, and the log.
func (y yard) run(shell []string, h Hook, env []string, input string, args ...string) (status int, out, log string) {
	y.t.Helper()
	os.Remove(y.log())
	argv := append(append(shell, "../hooks/"+string(h)), args...)
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = filepath.Join(y.dir, "work")
	cmd.Env = append([]string{"PATH=" + y.path}, env...)
	cmd.Stdin = strings.NewReader(input)
	b, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		status = exit.ExitCode()
	} else if err != nil {
		y.t.Fatal(err)
	}
	text, _ := os.ReadFile(y.log())
	return status, string(b), string(text)
}

// shells are those of this machine that a hook may meet; the empty one is
// whatever #! says.
func shells() map[string][]string {
	found := map[string][]string{"#!": {}}
	for _, s := range []string{"dash", "bash", "busybox", "ksh", "mksh", "zsh"} {
		if path, err := exec.LookPath(s); err == nil {
			argv := []string{path}
			if s == "busybox" {
				argv = append(argv, "sh")
			}
			found[s] = argv
		}
	}
	return found
}

const refs = "refs/heads/a 1 refs/heads/a 0\nrefs/heads/\xff\\n%s 2 refs/heads/b 0\n\n  \n"

func TestShim(t *testing.T) {
	for _, c := range []struct {
		name           string
		hook           Hook
		before         string // exit status of an earlier hook, if any
		beforeIgnores  bool   // it does not read its input
		keyguard       string // exit status
		args           []string
		input, wantLog string
		want           int
	}{
		{name: "alone", hook: PreCommit, keyguard: "0", wantLog: "keyguard: <hook> <pre-commit>\n"},
		{name: "alone, finding", hook: PreCommit, keyguard: "1", want: 1, wantLog: "keyguard: <hook> <pre-commit>\n"},
		{name: "arguments as they are", hook: CommitMsg, keyguard: "0", args: []string{"a b", "", `'"$\`, "*"},
			wantLog: "keyguard: <hook> <commit-msg> <a b> <> <'\"$\\> <*>\n"},
		{name: "input as it is", hook: PrePush, keyguard: "0", args: []string{"origin", "/r"}, input: refs,
			wantLog: "keyguard: <hook> <pre-push> <origin> </r>\n" + refs},
		{name: "both", hook: PreCommit, before: "0", keyguard: "0",
			wantLog: "before: <>\nkeyguard: <hook> <pre-commit>\n"},
		{name: "both, arguments", hook: CommitMsg, before: "0", keyguard: "0", args: []string{"a b", "*"},
			wantLog: "before: <a b> <*>\nkeyguard: <hook> <commit-msg> <a b> <*>\n"},
		{name: "both, second fails", hook: PreCommit, before: "0", keyguard: "2", want: 2,
			wantLog: "before: <>\nkeyguard: <hook> <pre-commit>\n"},
		{name: "both, first fails", hook: PreCommit, before: "7", keyguard: "0", want: 7, wantLog: "before: <>\n"},
		{name: "both, input", hook: PreReceive, before: "0", keyguard: "0", input: refs,
			wantLog: "before: <>\n" + refs + "keyguard: <hook> <pre-receive>\n" + refs},
		{name: "both, no input", hook: PrePush, before: "0", keyguard: "0", args: []string{"o", "u"},
			wantLog: "before: <o> <u>\nkeyguard: <hook> <pre-push> <o> <u>\n"},
		{name: "both, input, no last newline", hook: PrePush, before: "0", keyguard: "1", want: 1, args: []string{"o"}, input: "a\nb",
			wantLog: "before: <o>\na\nbkeyguard: <hook> <pre-push> <o>\na\nb"},
		{name: "both, input, first fails", hook: PrePush, before: "3", keyguard: "0", want: 3, args: []string{"o"}, input: refs,
			wantLog: "before: <o>\n" + refs},
		{name: "both, input that the first ignores", hook: PreReceive, before: "0", beforeIgnores: true, keyguard: "0",
			input: strings.Repeat(refs, 4000), wantLog: "before: <>\nkeyguard: <hook> <pre-receive>\n" + strings.Repeat(refs, 4000)},
	} {
		for name, shell := range shells() {
			t.Run(c.name+"/"+name, func(t *testing.T) {
				y := newYard(t)
				reads := c.hook == PrePush || c.hook == PreReceive
				y.write(y.bin, witness("keyguard", y.log(), reads, c.keyguard), 0o755)
				if c.before != "" {
					y.write(filepath.Join(y.hook, string(c.hook)), witness("before", y.log(), reads && !c.beforeIgnores, c.before), 0o755)
				}
				y.install(Options{Hook: c.hook})
				status, out, log := y.run(shell, c.hook, nil, c.input, c.args...)
				if status != c.want || out != "" {
					t.Errorf("exit %d, want %d; wrote %q", status, c.want, out)
				}
				if log != c.wantLog {
					t.Errorf("log\n%.400q, want\n%.400q", log, c.wantLog)
				}
			})
		}
	}
}

func TestShimFindsKeyguard(t *testing.T) {
	for _, name := range []string{
		"plain", "with space", "it's", `"double"`, "$HOME", `back\slash`, "new\nline", "`ls`", "*", "-x", "\xff", "q'", "'q", "a=@HINT@",
	} {
		t.Run(name, func(t *testing.T) {
			y := newYard(t)
			y.bin = filepath.Join(y.dir, name, "key guard")
			y.write(y.bin, witness("keyguard", y.log(), false, "0"), 0o755)
			y.install(Options{Hook: PreCommit})
			if status, out, log := y.run(nil, PreCommit, nil, ""); status != 0 || log == "" {
				t.Errorf("exit %d, log %q, wrote %s", status, log, out)
			}
			if st, err := Status(y.hook, PreCommit); err != nil || st.Owner != Ours || st.Binary != y.bin {
				t.Errorf("Status: %v, %v, binary %q", err, st.Owner, st.Binary)
			}
		})
	}
}

func TestShimWithoutKeyguard(t *testing.T) {
	for _, c := range []struct {
		name    string
		missing MissingPolicy
		env     string
		before  bool
		want    int
		says    bool
		skips   bool // but on a server
	}{
		{name: "blocks", want: 2, says: true},
		{name: "allowed", missing: Allow, says: true},
		{name: "skipped", env: "SKIP=keyguard", skips: true},
		{name: "skipped among others", env: "SKIP=flake8, keyguard,x", skips: true},
		{name: "another is skipped", env: "SKIP=keyguard2,nokeyguard", want: 2, says: true},
		{name: "blocks after the earlier hook", before: true, want: 2, says: true},
		{name: "allowed after the earlier hook", before: true, missing: Allow, says: true},
	} {
		for _, h := range All() {
			t.Run(c.name+"/"+string(h), func(t *testing.T) {
				y := newYard(t)
				if c.skips && h == PreReceive {
					c.want, c.says = 2, true
				}
				if c.before {
					y.write(filepath.Join(y.hook, string(h)), witness("before", y.log(), false, "0"), 0o755)
				}
				y.install(Options{Hook: h, IfMissing: c.missing})
				status, out, log := y.run(nil, h, []string{c.env}, "a b c d\n")
				if status != c.want || strings.Contains(out, "hint: ") != c.says || strings.Contains(out, y.bin) != c.says {
					t.Errorf("exit %d, want %d; wrote %q", status, c.want, out)
				}
				if (log != "") != c.before {
					t.Errorf("log %q", log)
				}
			})
		}
	}
	t.Run("in PATH", func(t *testing.T) {
		y := newYard(t)
		y.install(Options{Hook: PreCommit})
		moved := filepath.Join(y.dir, "other place", "keyguard")
		y.write(moved, witness("keyguard", y.log(), false, "1"), 0o755)
		path := "PATH=" + y.path + ":" + filepath.Dir(moved)
		if status, out, log := y.run(nil, PreCommit, []string{path}, ""); status != 1 || log == "" || out != "" {
			t.Errorf("exit %d, log %q, wrote %q", status, log, out)
		}
	})
}

// Git does not run a hook that is not executable, so keeping it must not.
func TestShimLeavesIdleHookIdle(t *testing.T) {
	y := newYard(t)
	y.write(y.bin, witness("keyguard", y.log(), false, "0"), 0o755)
	y.write(filepath.Join(y.hook, "pre-commit"), witness("before", y.log(), false, "1"), 0o644)
	y.install(Options{Hook: PreCommit})
	if status, out, log := y.run(nil, PreCommit, nil, ""); status != 0 || log != "keyguard: <hook> <pre-commit>\n" {
		t.Errorf("exit %d, log %q, wrote %q", status, log, out)
	}
}

// A manager that chains hooks itself may have taken the shim away and be kept by
// a second install: the two must not call each other for ever.
func TestShimInACircle(t *testing.T) {
	y := newYard(t)
	y.write(y.bin, witness("keyguard", y.log(), false, "0"), 0o755)
	y.install(Options{Hook: PreCommit})
	path := filepath.Join(y.hook, "pre-commit")
	if err := os.Rename(path, path+".legacy"); err != nil {
		t.Fatal(err)
	}
	y.write(path, "#!/bin/sh\n\"$(cd \"${0%/*}\" && pwd)\"/pre-commit.legacy && echo manager >>"+Quote(y.log())+"\n", 0o755)
	y.install(Options{Hook: PreCommit})
	const call = "keyguard: <hook> <pre-commit>\n"
	if status, out, log := y.run(nil, PreCommit, nil, ""); status != 0 || log != call+"manager\n"+call {
		t.Errorf("exit %d, log %q, wrote %q", status, log, out)
	}
}

func TestShimIsShort(t *testing.T) {
	for _, h := range All() {
		for _, role := range []Role{Local, Shared, PassOn} {
			text := shim{hook: h, role: role}.render()
			if n := strings.Count(text, "\n"); n > 15 {
				t.Errorf("%s: %d lines, want at most 15", h, n)
			}
			if strings.Contains(strings.ReplaceAll(text, `"$@"`, ""), "@") {
				t.Errorf("%s: not all filled in", h)
			}
			if s, ok := parseShim(text); !ok || s.edited || s.role != role || s.version != 1 {
				t.Errorf("%s: reads as %+v", h, s)
			}
		}
	}
}

// FuzzQuote checks that sh and parseShim both read back the path that was
// written.
func FuzzQuote(f *testing.F) {
	for _, s := range []string{"", "a b", "'", `\'`, "''\n#", "$(x)`y`", "\xc3'", "\ncheck()"} {
		f.Add(s)
	}
	sh, err := exec.LookPath("sh")
	if err != nil {
		f.Skip(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ContainsAny(s, "\x00") || len(s) > 4096 {
			t.Skip("no path")
		}
		cmd := exec.Command(sh, "-s")
		cmd.Stdin = io.MultiReader(strings.NewReader("printf %s "), strings.NewReader(Quote(s)))
		out, err := cmd.Output()
		if err != nil || !bytes.Equal(out, []byte(s)) {
			t.Errorf("sh reads %q as %q, %v", s, out, err)
		}
		if got := unquote(Quote(s)); got != s {
			t.Errorf("%q comes back as %q", s, got)
		}
		if p, ok := parseShim(shim{hook: PreCommit, binary: s}.render()); !ok || p.edited {
			t.Errorf("shim for %q: ok %v, edited %v", s, ok, p.edited)
		}
	})
}

// TestShared: the shims of a folder that serves many repositories run the hook that
// each of them has, where git says by GIT_DIR; with a linked worktree's, where that
// says by commondir.
func TestShared(t *testing.T) {
	for _, c := range []struct {
		name    string
		role    Role
		gitDir  string // empty: .git
		common  string // what commondir says; empty: there is none
		own     string // the repository's own hook, below work
		exits   string // its exit status
		want    int
		wantLog string
	}{
		{name: "none", role: Shared, wantLog: "keyguard: <hook> <pre-commit> <a b>\n"},
		{name: "own", role: Shared, own: ".git/hooks/pre-commit", exits: "0", wantLog: "own: <a b>\nkeyguard: <hook> <pre-commit> <a b>\n"},
		{name: "own fails", role: Shared, own: ".git/hooks/pre-commit", exits: "4", want: 4, wantLog: "own: <a b>\n"},
		{name: "another folder", role: Shared, gitDir: "../git dir", own: "../git dir/hooks/pre-commit", exits: "0",
			wantLog: "own: <a b>\nkeyguard: <hook> <pre-commit> <a b>\n"},
		{name: "worktree", role: Shared, gitDir: "main/.git/worktrees/w", common: "../..", own: "main/.git/hooks/pre-commit", exits: "0",
			wantLog: "own: <a b>\nkeyguard: <hook> <pre-commit> <a b>\n"},
		{name: "passed on", role: PassOn, own: ".git/hooks/pre-commit", exits: "0", wantLog: "own: <a b>\n"},
		{name: "passed on, fails", role: PassOn, own: ".git/hooks/pre-commit", exits: "3", want: 3, wantLog: "own: <a b>\n"},
		{name: "nothing to pass on", role: PassOn},
	} {
		for name, shell := range shells() {
			t.Run(c.name+"/"+name, func(t *testing.T) {
				y := newYard(t)
				y.write(y.bin, witness("keyguard", y.log(), false, "0"), 0o755)
				work := filepath.Join(y.dir, "work")
				var env []string
				if c.gitDir != "" {
					env = []string{"GIT_DIR=" + c.gitDir}
				}
				if c.common != "" {
					y.write(filepath.Join(work, c.gitDir, "commondir"), c.common+"\n", 0o644)
				}
				if c.own != "" {
					y.write(filepath.Join(work, c.own), witness("own", y.log(), false, c.exits), 0o755)
				}
				y.install(Options{Hook: PreCommit, Role: c.role})
				status, out, log := y.run(shell, PreCommit, env, "", "a b")
				if status != c.want || out != "" || log != c.wantLog {
					t.Errorf("exit %d, wrote %q, log\n%s\nwant %d, log\n%s", status, out, log, c.want, c.wantLog)
				}
				if st, err := Status(y.hook, PreCommit); err != nil || st.Owner != Ours || st.Role != c.role {
					t.Errorf("Status: %v, %v, %v", err, st.Owner, st.Role)
				}
			})
		}
	}
}

// TestSharedAroundLocal: a repository may have keyguard's hook of its own, which
// chains another. Each runs once within the shared one.
func TestSharedAroundLocal(t *testing.T) {
	y := newYard(t)
	y.write(y.bin, witness("keyguard", y.log(), false, "0"), 0o755)
	y.install(Options{Hook: PreCommit, Role: Shared})
	own := filepath.Join(y.dir, "work", ".git", "hooks")
	y.write(filepath.Join(own, "pre-commit"), witness("own", y.log(), false, "0"), 0o755)
	if _, err := Install(Options{Dir: own, Hook: PreCommit, Binary: y.bin}); err != nil {
		t.Fatal(err)
	}
	const call = "keyguard: <hook> <pre-commit>\n"
	if status, out, log := y.run(nil, PreCommit, nil, ""); status != 0 || log != "own: <>\n"+call+call {
		t.Errorf("exit %d, log %q, wrote %q", status, log, out)
	}
}
