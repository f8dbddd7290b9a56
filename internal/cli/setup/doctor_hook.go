package setup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/hooks"
	"github.com/keyguard/keyguard/internal/cli"
)

// hookPlace is the location and state of the hook that should protect the repository.
type hookPlace struct {
	hook      hooks.Hook
	dir       string // git's hooks directory
	setting   string // value of core.hooksPath; empty if unset
	scope     string // of the setting
	file      string // with the setting
	state     hooks.State
	manager   hooks.Manager // that git runs; no name without one
	versioned bool          // under version control
}

// protection checks that a hook of keyguard runs here, and tries it.
func (c *diagnosis) protection(ctx context.Context) {
	p := hookPlace{hook: hooks.PreCommit}
	if c.repo.Root == "" {
		p.hook = hooks.PreReceive
	}
	var err error
	if p.setting, p.scope, p.file, err = c.repo.SettingOrigin(ctx, "core.hooksPath"); err == nil {
		p.dir, err = c.repo.HooksDir(ctx)
	}
	if errors.Is(err, gitrepo.ErrNoHooks) {
		c.add("hook", fail, "keyguard install, after "+p.unset(), "core.hooksPath in %s is %q, which is not a directory, so git runs no hooks", p.file, p.setting)
		return
	}
	if err == nil {
		p.state, err = hooks.Status(p.dir, p.hook)
	}
	if err != nil {
		c.unsure("hook", conflict(err))
		return
	}
	p.versioned = c.repo.IsVersioned(ctx, p.dir)
	if m, ok := hooks.FindManager(c.repo.Root, p.dir, p.hook); ok && m.Active {
		p.manager = m
	} else if m := hooks.Versioned(p.dir, p.hook); p.versioned && m.Calls {
		p.manager = m
	}
	c.shadowed(ctx, &p)
	defer c.others(&p)
	defer c.notCovered(&p)
	switch {
	case p.state.Owner == hooks.Ours && p.state.Role == hooks.PassOn:
		c.passedOn(ctx, &p)
	case p.state.Owner == hooks.Ours || p.state.Owner == hooks.Edited:
		c.ours(ctx, &p)
	case p.manager.Name != "":
		c.managed(ctx, &p)
	case p.state.Owner == hooks.Foreign:
		c.foreign(ctx, &p)
	default:
		c.missing(ctx, &p)
	}
}

// unset returns the command that removes core.hooksPath from git's configuration.
func (p *hookPlace) unset() string {
	if p.scope == "command" {
		return "core.hooksPath is taken out of git's variables or options"
	}
	return "git config --" + p.scope + " --unset core.hooksPath"
}

// shadowed reports a shared hook that core.hooksPath hides in this repository.
func (c *diagnosis) shadowed(ctx context.Context, p *hookPlace) {
	for _, scope := range []gitrepo.Scope{gitrepo.Global, gitrepo.System} {
		dir, err := scope.Path(ctx, "core.hooksPath")
		if err != nil || dir == "" || filepath.Clean(dir) == p.dir {
			continue
		}
		if st, err := hooks.Status(dir, p.hook); err == nil && st.Owner == hooks.Ours {
			c.add("hook", warn, "keyguard install protects this repository by itself", "%s is not run here: core.hooksPath in %s wins", st.Hook.Path, p.file)
		}
	}
}

// others reports keyguard's other hooks. They are not tried, because that needs a message
// or a push.
func (c *diagnosis) others(p *hookPlace) {
	for _, h := range hooks.All() {
		st, err := hooks.Status(p.dir, h)
		switch {
		case h == p.hook || err == nil && (st.Owner != hooks.Ours && st.Owner != hooks.Edited || st.Role == hooks.PassOn):
		case err != nil:
			c.unsure("hook", conflict(err))
		case !st.Hook.Runs:
			c.add("hook", fail, "chmod +x "+hooks.Quote(st.Hook.Path), "%s is not executable, so git does not run it", st.Hook.Path)
		case st.Owner == hooks.Edited:
			c.add("hook", warn, "keyguard install --force --type "+string(h)+" replaces it", "%s was edited by hand, and was not tried", st.Hook.Path)
		default:
			c.add("hook", well, "", "%s, which was not tried", st.Hook.Path)
		}
	}
}

// notCovered reports the hooks that would check content that pre-commit does not see.
func (c *diagnosis) notCovered(p *hookPlace) {
	folder := hooksDir{repo: c.repo, dir: p.dir, versioned: p.versioned}
	if types, unseen := folder.notCovered(); types != "" && p.hook == hooks.PreCommit && c.worst() == well {
		c.add("hook", warn, "keyguard install --type "+types, "no hook checks %s", unseen)
	}
}

// passedOn checks the repository's own hook. A shared hook runs only that one if keyguard
// was installed there for other hooks.
func (c *diagnosis) passedOn(ctx context.Context, p *hookPlace) {
	st, err := hooks.Status(filepath.Join(c.repo.Common, "hooks"), p.hook)
	if err != nil {
		c.unsure("hook", conflict(err))
		return
	}
	if st.Owner != hooks.Ours && st.Owner != hooks.Edited {
		c.add("hook", fail, fmt.Sprintf("keyguard install --%s --type %s", p.scope, p.hook), "%s only runs a hook that the repository has itself", p.state.Hook.Path)
		return
	}
	p.state = st
	c.ours(ctx, p)
}

// ours checks a hook that keyguard install wrote.
func (c *diagnosis) ours(ctx context.Context, p *hookPlace) {
	path := p.state.Hook.Path
	where := path
	if p.setting != "" {
		where += fmt.Sprintf(" (core.hooksPath in %s)", p.file)
	}
	switch {
	case !p.state.Hook.Runs:
		c.add("hook", fail, "chmod +x "+hooks.Quote(path), "%s is not executable, so git does not run it", where)
		return
	case p.state.Owner == hooks.Edited:
		c.add("hook", warn, "keyguard install --force replaces it", "%s was edited by hand", where)
	default:
		c.add("hook", well, "", "%s", where)
	}
	if p.versioned && p.state.Role == hooks.Local && filepath.Dir(path) == p.dir {
		c.add("hook", warn, "keyguard install writes one that works for others", "%s is under version control, and calls keyguard by a path of this machine", path)
	}
	if b := p.state.Before; b.Path != "" && b.Runs {
		c.add("hook", well, "", "%s runs first, and was not tried", filepath.Base(b.Path))
	}
	if c.isWithin(p.state.Binary) {
		c.add("program", unknown, "keyguard install", "%s is in the repository, whose author could have put anything there: it was not run", p.state.Binary)
		return
	}
	program := c.program(ctx, p.state.Binary, p.state.IfMissing)
	switch {
	case program == "":
	case p.hook == hooks.PreReceive:
		c.add("trial", well, "", "none: push a fake key from a clone to test it")
	case !p.state.Current: // its text is unknown
		c.add("hook", warn, "keyguard install --force writes one that can be tried", "%s is not as this version writes it: its program was tried, not the hook", filepath.Base(path))
		c.trial(ctx, func(t *gitrepo.Trial) (gitrepo.Verdict, error) { return t.Run(ctx, program, "hook", string(p.hook)) })
	default:
		c.trial(ctx, func(t *gitrepo.Trial) (gitrepo.Verdict, error) { return c.shimAlone(ctx, t, p) })
	}
}

// isWithin reports whether a program is in the repository, whose author could have
// replaced it. A relative path starts at the repository. The running program is trusted.
func (c *diagnosis) isWithin(program string) bool {
	if own, err := os.Executable(); err == nil && filepath.FromSlash(program) == own {
		return false
	}
	target, err := filepath.EvalSymlinks(filepath.FromSlash(program))
	if err != nil {
		return false // does not exist
	}
	for _, dir := range []string{c.repo.Root, c.repo.GitDir, c.repo.Common} {
		if dir == "" {
			continue
		}
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			dir = real
		}
		if rel, err := filepath.Rel(dir, target); err == nil && filepath.IsLocal(rel) {
			return true
		}
	}
	return !filepath.IsAbs(target)
}

// shimAlone runs a copy of the hook in an empty directory, so that no other hook runs
// first.
func (c *diagnosis) shimAlone(ctx context.Context, t *gitrepo.Trial, p *hookPlace) (gitrepo.Verdict, error) {
	text, err := os.ReadFile(p.state.Hook.Path)
	if err != nil {
		return gitrepo.Verdict{}, err
	}
	dir, err := os.MkdirTemp("", "keyguard-hooks-")
	if err != nil {
		return gitrepo.Verdict{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := os.WriteFile(filepath.Join(dir, string(p.hook)), text, 0o700); err != nil {
		return gitrepo.Verdict{}, err
	}
	// The variable reports to a shared hook that the repository's own hook has run.
	return t.Hook(ctx, dir, string(p.hook), fmt.Sprintf("KEYGUARD_CHAIN=|%s shared %s|", p.hook, c.repo.Root))
}

// managed checks the configuration of a hook manager.
func (c *diagnosis) managed(ctx context.Context, p *hookPlace) {
	m := p.manager
	if !m.Calls {
		c.add("hook", fail, "run keyguard install", "%s manages the hooks, and %s does not call keyguard", m.Name, m.Config)
		return
	}
	switch {
	case p.state.Owner == hooks.None:
		c.add("hook", fail, cmp.Or(m.Command, "npx husky"), "%s manages the hooks, but there is no %s hook in %s that runs %s", m.Name, p.hook, p.dir, m.Config)
		return
	case !p.state.Hook.Runs:
		c.add("hook", fail, "chmod +x "+hooks.Quote(p.state.Hook.Path), "%s is not executable, so git does not run it", p.state.Hook.Path)
		return
	}
	c.add("hook", well, "", "%s runs it by %s, and was not tried itself", m.Name, m.Config)
	path := ""
	if m.Name == "pre-commit" { // it installs its own programs
		path, _ = os.Executable()
	}
	c.called(ctx, p, path)
}

// foreign checks a hook of another author.
func (c *diagnosis) foreign(ctx context.Context, p *hookPlace) {
	path := p.state.Hook.Path
	switch {
	case !p.state.Hook.Runs:
		c.add("hook", fail, "keyguard install", "%s is not executable, so git does not run it", path)
	case !p.state.Hook.Mentions:
		c.add("hook", fail, "keyguard install keeps it, and runs it first", "%s is another's, and does not call keyguard", path)
	default:
		c.add("hook", warn, "keyguard install writes one that can be proved", "%s is another's that calls keyguard, and was not tried itself", path)
		c.called(ctx, p, "")
	}
}

// called tries the program that another hook calls, by its name or by path.
func (c *diagnosis) called(ctx context.Context, p *hookPlace, path string) {
	if path == "" {
		found, err := exec.LookPath("keyguard")
		if err != nil {
			c.add("program", fail, "add its directory to PATH", "keyguard is not in PATH, where the hook looks for it")
			return
		}
		path = found
	}
	if c.program(ctx, path, hooks.Block) != "" && p.hook == hooks.PreCommit {
		c.trial(ctx, func(t *gitrepo.Trial) (gitrepo.Verdict, error) { return t.Run(ctx, path, "hook", string(p.hook)) })
	}
}

// missing reports a missing hook, with the cause if it is known.
func (c *diagnosis) missing(ctx context.Context, p *hookPlace) {
	own := filepath.Join(c.repo.Common, "hooks")
	if st, err := hooks.Status(own, p.hook); p.setting != "" && err == nil && st.Owner == hooks.Ours {
		c.add("hook", fail, "keyguard install, or "+p.unset(),
			"%s is not run: core.hooksPath, in %s, sends git to %s", st.Hook.Path, p.file, p.dir)
		return
	}
	fix := "keyguard install"
	if dir, err := gitrepo.PathSetting(ctx, "init.templateDir"); err == nil && dir != "" && p.setting == "" {
		if st, err := hooks.Status(filepath.Join(dir, "hooks"), p.hook); err == nil && st.Owner == hooks.Ours {
			fix += ", or git init, which copies the hook of your template"
		}
	}
	if p.hook == hooks.PreReceive {
		fix += " --type pre-receive"
	}
	where := p.dir
	if p.setting != "" {
		where += fmt.Sprintf(" (core.hooksPath in %s)", p.file)
	}
	c.add("hook", fail, fix, "no %s hook in %s", p.hook, where)
}

// versionTime is the time limit of the program's version command.
const versionTime = 10 * time.Second

// program checks the program of a hook and returns its path. It returns "" if no program
// works.
func (c *diagnosis) program(ctx context.Context, path string, missing hooks.MissingPolicy) string {
	path = filepath.FromSlash(path)
	if info, err := os.Stat(path); err != nil || info.IsDir() {
		found, err := exec.LookPath("keyguard")
		if err != nil && missing == hooks.Allow {
			c.add("program", fail, "keyguard install", "%s does not exist, keyguard is not in PATH, and the hook blocks nothing", path)
			return ""
		}
		if err != nil {
			c.add("program", unknown, "keyguard install", "%s does not exist and keyguard is not in PATH: the hook blocks every commit", path)
			return ""
		}
		c.add("program", warn, "keyguard install", "%s does not exist; the hook uses %s, which is in PATH", path, found)
		path = found
	}
	ctx, cancel := context.WithTimeout(ctx, versionTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "version")
	cmd.WaitDelay = cli.Grace // a child may keep the pipe
	out, err := cmd.Output()
	line, _, _ := strings.Cut(string(out), "\n")
	version, ok := strings.CutPrefix(strings.TrimSpace(line), "keyguard ")
	switch {
	case err != nil || !ok:
		c.add("program", unknown, "keyguard install", "%s does not print its version", path)
		return ""
	case version != c.app.Version:
		c.add("program", warn, "keyguard install", "%s is version %s, and this is %s", path, version, c.app.Version)
	default:
		c.add("program", well, "", "%s, version %s", path, version)
	}
	return path
}
