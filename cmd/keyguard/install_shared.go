package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/hooks"
)

// shared is a folder whose hooks serve many repositories, by a setting of git's.
type shared struct {
	scope gitrepo.Scope // of the setting
	key   string        // core.hooksPath or init.templateDir
	own   string        // what keyguard sets it to
	role  hooks.Role
}

// sharedFolder returns which one the flags mean, if any.
func (a *app) sharedFolder(f installFlags) (shared, bool) {
	mine := filepath.Dir(filepath.FromSlash(a.userConfig()))
	switch {
	case f.global:
		return shared{gitrepo.Global, "core.hooksPath", filepath.Join(mine, "hooks"), hooks.Shared}, true
	case f.system:
		return shared{gitrepo.System, "core.hooksPath", filepath.Join(a.systemFolder(), "keyguard", "hooks"), hooks.Shared}, true
	case f.template:
		return shared{gitrepo.Global, "init.templateDir", filepath.Join(mine, "template"), hooks.Local}, true
	}
	return shared{}, false
}

// systemFolder is where a machine's configuration lies: beside git's own, if the
// environment names that.
func (a *app) systemFolder() string {
	switch dir := a.env("ProgramData"); {
	case a.env("GIT_CONFIG_SYSTEM") != "":
		return filepath.Dir(a.env("GIT_CONFIG_SYSTEM"))
	case runtime.GOOS == "windows" && dir != "":
		return dir
	}
	return "/etc"
}

// place returns the folder with the hooks: that which the setting names, or our own.
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
		return "", false, &hinted{fmt.Errorf("%s is %q in git's %s configuration, which is another folder in each repository", s.key, dir, s.scope),
			fmt.Sprintf("git config --%s --unset %s, or install in each repository", s.scope, s.key)}
	}
	if s.key == "init.templateDir" {
		dir = filepath.Join(dir, "hooks")
	}
	return dir, set, nil
}

// ours reports whether the folder is the one that keyguard made.
func (s shared) ours(dir string) bool { return dir == s.own || filepath.Dir(dir) == s.own }

func (a *app) installShared(ctx context.Context, s shared, list []hooks.Hook, o hooks.Options) error {
	dir, set, err := s.place(ctx)
	if err != nil {
		return err
	}
	o.Dir = dir
	if s.ours(dir) {
		o.Role = s.role
	}
	place := &hookFolder{repo: &gitrepo.Repo{}, dir: dir}
	place.versioned = !s.ours(dir) && place.repo.Versions(ctx, dir)
	for _, h := range list {
		if o.Hook = h; place.versioned {
			err = a.addToVersioned(hooks.Versioned(dir, h), o)
		} else {
			var r hooks.Report
			if r, err = hooks.Install(o); err == nil {
				a.tellInstalled(o, r)
			}
		}
		if err != nil {
			return conflict(err)
		}
	}
	switch {
	case o.Role == hooks.Shared:
		if err := a.passOn(o); err != nil {
			return err
		}
	case s.role == hooks.Shared:
		fmt.Fprintf(a.out, "keyguard: note: git's %s configuration had that folder already; a repository's own hooks do not run beside it\n", s.scope)
	}
	if set {
		return nil
	}
	if !o.DryRun {
		if err := s.scope.Set(ctx, s.key, s.own); err != nil {
			return err
		}
	}
	a.tell(o.DryRun, fmt.Sprintf("set %s in git's %s configuration to", s.key, s.scope), s.own)
	return nil
}

// passOn writes shims for the hooks that core.hooksPath would take from
// repositories.
func (a *app) passOn(o hooks.Options) error {
	o.Role = hooks.PassOn
	n := 0
	for _, h := range append(hooks.All(), hooks.PassedThrough()...) {
		if st, err := hooks.Status(o.Dir, h); err != nil || st.Role == hooks.Shared {
			continue // Install tells an error of this sort better
		}
		o.Hook = h
		if _, err := hooks.Install(o); err != nil {
			return conflict(err)
		}
		n++
	}
	a.tell(o.DryRun, fmt.Sprintf("%d more hooks there run those that a repository has itself:", n), o.Dir)
	return nil
}

func (a *app) uninstallShared(ctx context.Context, s shared, list []hooks.Hook, o hooks.Options) error {
	dir, set, err := s.place(ctx)
	if err != nil {
		return err
	}
	o.Dir = dir
	if !s.ours(dir) || s.role == hooks.Local {
		place := &hookFolder{repo: &gitrepo.Repo{}, dir: dir}
		place.versioned = place.repo.Versions(ctx, dir)
		if err := a.uninstallFrom(place, list, o, false); err != nil {
			return err
		}
	} else if left, err := a.uninstallOwn(list, o); err != nil || left {
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
	a.tell(o.DryRun, fmt.Sprintf("unset %s in git's %s configuration, which was", s.key, s.scope), s.own)
	return nil
}

// uninstallOwn removes keyguard's hooks from its own folder: the others pass on
// until none of them is left.
func (a *app) uninstallOwn(list []hooks.Hook, o hooks.Options) (left bool, err error) {
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
			a.tell(o.DryRun, "removed", filepath.Join(o.Dir, string(h)))
		}
	}
	if !removed {
		a.tell(o.DryRun, "is not installed in", o.Dir)
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
