package setup

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/hooks"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/project"
)

// shared is a directory of hooks for many repositories, selected by a setting of git.
type shared struct {
	scope gitrepo.Scope // of the setting
	key   string        // core.hooksPath or init.templateDir
	own   string        // its default value
	role  hooks.Role
}

// sharedDir returns the shared directory that the options select.
func sharedDir(a *cli.App, f InstallOptions) (shared, bool) {
	mine := filepath.Dir(filepath.FromSlash(project.UserConfig(a)))
	switch {
	case f.Global:
		return shared{gitrepo.Global, "core.hooksPath", filepath.Join(mine, "hooks"), hooks.Shared}, true
	case f.System:
		return shared{gitrepo.System, "core.hooksPath", filepath.Join(systemDir(a), "keyguard", "hooks"), hooks.Shared}, true
	case f.Template:
		return shared{gitrepo.Global, "init.templateDir", filepath.Join(mine, "template"), hooks.Local}, true
	}
	return shared{}, false
}

// systemDir returns the directory of system-wide configuration. GIT_CONFIG_SYSTEM moves
// it.
func systemDir(a *cli.App) string {
	switch dir := a.Env("ProgramData"); {
	case a.Env("GIT_CONFIG_SYSTEM") != "":
		return filepath.Dir(a.Env("GIT_CONFIG_SYSTEM"))
	case runtime.GOOS == "windows" && dir != "":
		return dir
	}
	return "/etc"
}

// place returns the hooks directory: the setting's, or the default.
func (s shared) place(ctx context.Context) (dir string, set bool, err error) {
	dir, err = s.scope.Path(ctx, s.key)
	if s.key == "init.templateDir" {
		dir, err = gitrepo.PathSetting(ctx, s.key)
	}
	if err != nil {
		return "", false, err
	}
	set = dir != ""
	switch {
	case !set:
		dir = s.own
	case !filepath.IsAbs(dir):
		return "", false, cli.WithHint(fmt.Errorf("%s is %q in git's %s configuration, which is another directory in each repository", s.key, dir, s.scope),
			fmt.Sprintf("git config --%s --unset %s, or install in each repository", s.scope, s.key))
	}
	if s.key == "init.templateDir" {
		dir = filepath.Join(dir, "hooks")
	}
	return dir, set, nil
}

// ours reports whether keyguard created the directory.
func (s shared) ours(dir string) bool { return dir == s.own || filepath.Dir(dir) == s.own }

func installShared(ctx context.Context, a *cli.App, s shared, list []hooks.Hook, o hooks.Options) error {
	dir, set, err := s.place(ctx)
	if err != nil {
		return err
	}
	o.Dir = dir
	if s.ours(dir) {
		o.Role = s.role
	}
	place := &hooksDir{repo: &gitrepo.Repo{}, dir: dir}
	place.versioned = !s.ours(dir) && place.repo.IsVersioned(ctx, dir)
	for _, h := range list {
		if o.Hook = h; place.versioned {
			err = addToVersioned(a, hooks.Versioned(dir, h), o)
		} else {
			var r hooks.Report
			if r, err = hooks.Install(o); err == nil {
				printInstalled(a, o, r)
			}
		}
		if err != nil {
			return conflict(err)
		}
	}
	switch {
	case o.Role == hooks.Shared:
		if err := passOn(a, o); err != nil {
			return err
		}
	case s.role == hooks.Shared:
		fmt.Fprintf(a.Out, "keyguard: note: git's %s configuration already had that directory; the repositories' own hooks do not run\n", s.scope)
	}
	if set {
		return nil
	}
	if !o.DryRun {
		if err := s.scope.Set(ctx, s.key, s.own); err != nil {
			return err
		}
	}
	printAction(a, o.DryRun, fmt.Sprintf("set %s in git's %s configuration to", s.key, s.scope), s.own)
	return nil
}

// passOn writes shims that run the repositories' own hooks, which core.hooksPath hides.
func passOn(a *cli.App, o hooks.Options) error {
	o.Role = hooks.PassOn
	n := 0
	for _, h := range append(hooks.All(), hooks.PassedThrough()...) {
		if st, err := hooks.Status(o.Dir, h); err != nil || st.Role == hooks.Shared {
			continue // Install reports the error
		}
		o.Hook = h
		if _, err := hooks.Install(o); err != nil {
			return conflict(err)
		}
		n++
	}
	printAction(a, o.DryRun, fmt.Sprintf("%d more hooks there run those that a repository has itself:", n), o.Dir)
	return nil
}

func uninstallShared(ctx context.Context, a *cli.App, s shared, list []hooks.Hook, o hooks.Options) error {
	dir, set, err := s.place(ctx)
	if err != nil {
		return err
	}
	o.Dir = dir
	if !s.ours(dir) || s.role == hooks.Local {
		place := &hooksDir{repo: &gitrepo.Repo{}, dir: dir}
		place.versioned = place.repo.IsVersioned(ctx, dir)
		if err := uninstallFrom(a, place, list, o, false); err != nil {
			return err
		}
	} else if left, err := uninstallOwn(a, list, o); err != nil || left {
		return err
	}
	if !set || !s.ours(dir) || !isEmpty(dir) && !o.DryRun {
		return nil
	}
	if !o.DryRun {
		if err := s.scope.Unset(ctx, s.key); err != nil {
			return err
		}
		_ = os.Remove(dir)
		_ = os.Remove(s.own)
	}
	printAction(a, o.DryRun, fmt.Sprintf("unset %s in git's %s configuration, which was", s.key, s.scope), s.own)
	return nil
}

// uninstallOwn removes keyguard's hooks from its own directory. The other shims remain
// until the last hook is removed.
func uninstallOwn(a *cli.App, list []hooks.Hook, o hooks.Options) (left bool, err error) {
	going := make(map[hooks.Hook]bool)
	for _, h := range list {
		going[h] = true
	}
	removed := false
	for _, h := range hooks.All() {
		st, err := hooks.Status(o.Dir, h)
		switch {
		case err != nil:
			return false, conflict(err)
		case st.Role != hooks.Shared:
		case !going[h]:
			left = true
		default:
			removed = true
			printAction(a, o.DryRun, "removed", filepath.Join(o.Dir, string(h)))
		}
	}
	if !removed {
		printAction(a, o.DryRun, "is not installed in", o.Dir)
	}
	for _, h := range append(hooks.All(), hooks.PassedThrough()...) {
		st, err := hooks.Status(o.Dir, h)
		if err != nil || st.Owner != hooks.Ours && st.Owner != hooks.Edited {
			continue
		}
		o.Hook = h
		switch {
		case left && going[h]:
			o.Role = hooks.PassOn
			_, err = hooks.Install(o)
		case !left:
			_, err = hooks.Uninstall(o)
		}
		if err != nil {
			return left, conflict(err)
		}
	}
	return left, nil
}

func isEmpty(dir string) bool {
	entries, err := os.ReadDir(dir)
	return os.IsNotExist(err) || err == nil && len(entries) == 0
}
