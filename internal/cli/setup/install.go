package setup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/hooks"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/report"
)

// InstallOptions are the options of keyguard install and uninstall.
type InstallOptions struct {
	Types                    []string
	Global, System, Template bool
	Manager, IfMissing       string
	DryRun, Force            bool
}

// hooks returns the selected hooks. The default is all hooks.
func (f *InstallOptions) hooks(command string) (out []hooks.Hook, err error) {
	for _, name := range f.Types {
		h, err := hooks.ParseHook(strings.TrimSpace(name))
		if err != nil {
			return nil, cli.Usage(command, "--type: %v", err)
		}
		out = append(out, h)
	}
	if len(out) == 0 {
		return hooks.All(), nil
	}
	return out, nil
}

// Install installs the selected hooks.
func Install(ctx context.Context, a *cli.App, f InstallOptions) error {
	list, err := f.hooks("install")
	if err != nil {
		return err
	}
	o := hooks.Options{DryRun: f.DryRun, Force: f.Force}
	switch f.IfMissing {
	case "block":
	case "allow":
		o.IfMissing = hooks.Allow
	default:
		return cli.Usage("install", "invalid --if-missing %q: must be block or allow", f.IfMissing)
	}
	if o.Binary, err = ownPath(); err != nil {
		return err
	}
	if shared, ok := sharedDir(a, f); ok {
		return installShared(ctx, a, shared, list, o)
	}
	return installHere(ctx, a, f.Manager, list, o)
}

// installHere installs hooks in the current repository.
func installHere(ctx context.Context, a *cli.App, manager string, list []hooks.Hook, o hooks.Options) error {
	p, err := openHooks(ctx)
	if err != nil {
		return err
	}
	o.Dir = p.dir
	fresh := false
	for _, h := range list {
		o.Hook = h
		if p.shared(h) {
			printAction(a, o.DryRun, "already installed for all repositories:", filepath.Join(p.dir, string(h)))
			continue
		}
		if err := p.fits(h); err != nil {
			return err
		}
		done, err := installManaged(a, p, manager, o)
		if err == nil && !done {
			var r hooks.Report
			r, err = hooks.Install(o)
			fresh = fresh || r.Action == hooks.Created && h == hooks.PreCommit
			if err == nil {
				printInstalled(a, o, r)
			}
		}
		if err != nil {
			return conflict(err)
		}
	}
	if (p.scope == gitrepo.Global || p.scope == gitrepo.System) && !p.shared(hooks.All()...) {
		fmt.Fprintf(a.Out, "keyguard: note: core.hooksPath in git's %s configuration names that directory: the hook runs in all repositories\n", p.scope)
	}
	if types, unseen := p.notCovered(); fresh && types != "" {
		fmt.Fprintf(a.Out, "keyguard: tip: keyguard install --type %s also checks %s\n", types, unseen)
	}
	return nil
}

// notCovered returns the missing hooks of a working tree, and the content that they would
// check.
func (p *hooksDir) notCovered() (types, unseen string) {
	var names, contents []string
	for _, c := range []struct {
		hook    hooks.Hook
		content string
	}{
		{hooks.PreMergeCommit, "merges without conflicts"},
		{hooks.CommitMsg, "messages"},
		{hooks.PrePush, "pushes"},
	} {
		if !p.covers(c.hook) {
			names, contents = append(names, string(c.hook)), append(contents, c.content)
		}
	}
	return strings.Join(names, ","), strings.Join(contents, ", ")
}

// covers reports whether git runs a hook that calls keyguard.
func (p *hooksDir) covers(h hooks.Hook) bool {
	st, err := hooks.Status(p.dir, h)
	if err == nil && st.Role == hooks.PassOn {
		st, err = hooks.Status(filepath.Join(p.repo.Common, "hooks"), h)
	}
	if err != nil || !st.Hook.Runs {
		return false
	}
	m, ok := p.manager(h)
	return st.Owner != hooks.Foreign || st.Hook.Mentions || ok && m.Active && m.Calls
}

// printInstalled prints the result of an installation.
func printInstalled(a *cli.App, o hooks.Options, r hooks.Report) {
	printAction(a, o.DryRun, map[hooks.Action]string{
		hooks.Created:   "installed",
		hooks.Updated:   "updated",
		hooks.Unchanged: "already installed:",
	}[r.Action], r.Path)
	if r.Before.Path != "" {
		fmt.Fprintf(a.Out, "keyguard: existing hook kept as %s; it runs first\n", report.Printable(r.Before.Path))
		if !r.Before.Runs {
			fmt.Fprintf(a.Out, "keyguard: note: it is not executable, so git did not run it, and keyguard does not either\n")
		}
		if r.Before.ReadsName {
			fmt.Fprintf(a.Out, "keyguard: note: it seems to look at its own name, which has changed: check that it still works\n")
		}
	}
}

// Uninstall removes the selected hooks.
func Uninstall(ctx context.Context, a *cli.App, f InstallOptions) error {
	list, err := f.hooks("uninstall")
	if err != nil {
		return err
	}
	o := hooks.Options{DryRun: f.DryRun, Force: f.Force}
	if shared, ok := sharedDir(a, f); ok {
		return uninstallShared(ctx, a, shared, list, o)
	}
	p, err := openHooks(ctx)
	if err != nil {
		return err
	}
	if p.shared(hooks.All()...) {
		return cli.WithHint(errors.New("the hooks here are those of all repositories"), "keyguard uninstall --"+string(p.scope))
	}
	o.Dir = p.dir
	return uninstallFrom(a, p, list, o, len(f.Types) > 0)
}

// uninstallFrom removes hooks from a directory. It reports missing hooks only if they
// were named, or if all are missing.
func uninstallFrom(a *cli.App, p *hooksDir, list []hooks.Hook, o hooks.Options, named bool) error {
	gone := 0
	for _, h := range list {
		o.Hook = h
		managed, err := uninstallManaged(a, p, o)
		if err != nil {
			return conflict(err)
		}
		r, err := hooks.Uninstall(o)
		if err != nil {
			return conflict(err)
		}
		if r.Action == hooks.NotInstalled && (!named || managed) {
			if managed {
				gone++
			}
			continue
		}
		gone++
		printAction(a, o.DryRun, map[hooks.Action]string{
			hooks.Removed:      "removed",
			hooks.Restored:     "removed keyguard and restored the previous hook:",
			hooks.NotInstalled: "is not installed:",
		}[r.Action], r.Path)
	}
	if gone == 0 {
		printAction(a, o.DryRun, "is not installed in", o.Dir)
	}
	return nil
}

func printAction(a *cli.App, dryRun bool, what, path string) {
	if dryRun {
		what = "(dry run) " + what
	}
	fmt.Fprintf(a.Out, "keyguard: %s %s\n", what, report.Printable(path))
}

// hooksDir is the directory of a repository's hooks.
type hooksDir struct {
	repo  *gitrepo.Repo
	dir   string
	scope gitrepo.Scope // of core.hooksPath; empty if unset
	// versioned reports that the directory is under version control.
	versioned bool
}

func openHooks(ctx context.Context) (*hooksDir, error) {
	dir, err := cli.WorkingDir()
	if err != nil {
		return nil, err
	}
	repo, err := gitrepo.Open(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = repo.Close() }()
	p := &hooksDir{repo: repo}
	p.dir, err = repo.HooksDir(ctx)
	if errors.Is(err, gitrepo.ErrNoHooks) {
		return nil, cli.WithHint(err, "run git config --unset core.hooksPath, in the file that git config --show-origin core.hooksPath shows")
	} else if err != nil {
		return nil, err
	}
	p.versioned = repo.IsVersioned(ctx, p.dir)
	p.scope, err = repo.HooksScope(ctx)
	return p, err
}

// shared reports whether keyguard install --global wrote one of the hooks.
func (p *hooksDir) shared(list ...hooks.Hook) bool {
	return slices.ContainsFunc(list, func(h hooks.Hook) bool {
		st, err := hooks.Status(p.dir, h)
		return err == nil && st.Role == hooks.Shared
	})
}

// fits returns an error if git would not run the hook here.
func (p *hooksDir) fits(h hooks.Hook) error {
	switch {
	case p.repo.Bare && h != hooks.PreReceive:
		return cli.WithHint(fmt.Errorf("a bare repository does not run a %s hook", h), "use keyguard install --type pre-receive to check pushes")
	case p.shared(hooks.All()...):
		return cli.WithHint(errors.New("a hook of all repositories is installed, and git runs no other"), fmt.Sprintf("keyguard install --%s --type %s", p.scope, h))
	}
	return nil
}

func conflict(err error) error {
	var c *hooks.Conflict
	if errors.As(err, &c) {
		return cli.WithHint(err, c.Hint())
	}
	return err
}

// ownPath returns the path of the running program.
func ownPath() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", cli.WithHint(fmt.Errorf("find keyguard's own path: %w", err), "on Linux that needs /proc to be mounted")
	}
	if strings.Contains(filepath.ToSlash(path), "/go-build") {
		return "", cli.WithHint(errors.New("this keyguard is a temporary build, which a hook could not call"), "go install ./cmd/keyguard, then keyguard install")
	}
	return path, nil
}
