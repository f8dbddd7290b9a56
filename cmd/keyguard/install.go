package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/hooks"
	"github.com/keyguard/keyguard/report"
)

// installFlags are what install and uninstall can be told.
type installFlags struct {
	types                    []string
	global, system, template bool
	manager, ifMissing       string
	dryRun, force            bool
}

func (a *app) installCommand() *cobra.Command {
	var f installFlags
	cmd := &cobra.Command{
		Use:   "install",
		Short: "Write the hooks that block commits and pushes with credentials",
		Long: `Install writes a pre-commit hook into this repository, where git looks for it
(core.hooksPath included). A hook that is there already is kept and runs first.
Installing twice is installing once. In a hooks folder under version control it adds
a line that calls keyguard by its name, which works for all who share the folder.

With --global, the hooks serve all your repositories, and still run those that a
repository has itself.`,
		Example: `  keyguard install                              this repository's commits
  keyguard install --type pre-commit,pre-push   and its pushes
  keyguard install --global                     every repository of yours
  keyguard install --type pre-receive           what is pushed to this server`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.install(cmd.Context(), f) },
	}
	f.register(cmd, []string{string(hooks.PreCommit)})
	cmd.Flags().StringVar(&f.manager, "manager", "auto", "who manages the hooks: auto, none, husky, lefthook or pre-commit")
	cmd.Flags().StringVar(&f.ifMissing, "if-missing", "block", "what the hook does when keyguard is gone: block or allow")
	propose(cmd, "manager", cobra.FixedCompletions([]cobra.Completion{"auto", "none", "husky", "lefthook", "pre-commit"}, cobra.ShellCompDirectiveNoFileComp))
	propose(cmd, "if-missing", cobra.FixedCompletions([]cobra.Completion{"block", "allow"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (a *app) uninstallCommand() *cobra.Command {
	var f installFlags
	cmd := &cobra.Command{
		Use:   "uninstall",
		Short: "Remove the hooks and put back what was there before",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return a.uninstall(cmd.Context(), f) },
	}
	f.register(cmd, nil)
	return cmd
}

func (f *installFlags) register(cmd *cobra.Command, types []string) {
	names := make([]cobra.Completion, 0, len(hooks.All()))
	for _, h := range hooks.All() {
		names = append(names, string(h))
	}
	flags := cmd.Flags()
	flags.StringSliceVarP(&f.types, "type", "t", types, "which hooks: "+strings.Join(names, ", "))
	flags.BoolVar(&f.global, "global", false, "for all your repositories, by git's core.hooksPath")
	flags.BoolVar(&f.system, "system", false, "for all repositories of this machine, likewise")
	flags.BoolVar(&f.template, "template", false, "for the repositories you will make or clone, by init.templateDir")
	flags.BoolVarP(&f.dryRun, "dry-run", "n", false, "say what would be done, and do nothing")
	flags.BoolVar(&f.force, "force", false, "replace or remove a keyguard hook that was edited by hand")
	cmd.MarkFlagsMutuallyExclusive("global", "system", "template")
	propose(cmd, "type", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
}

// hooks returns the hooks that were named; all if none was.
func (f *installFlags) hooks(verb string) (out []hooks.Hook, err error) {
	for _, name := range f.types {
		h, err := hooks.ParseHook(strings.TrimSpace(name))
		if err != nil {
			return nil, usage(verb, "--type: %v", err)
		}
		out = append(out, h)
	}
	if len(out) == 0 {
		return hooks.All(), nil
	}
	return out, nil
}

func (a *app) install(ctx context.Context, f installFlags) error {
	list, err := f.hooks("install")
	if err != nil {
		return err
	}
	o := hooks.Options{DryRun: f.dryRun, Force: f.force}
	switch f.ifMissing {
	case "block":
	case "allow":
		o.IfMissing = hooks.Allow
	default:
		return usage("install", "--if-missing is %q: it takes block or allow", f.ifMissing)
	}
	if o.Binary, err = ownPath(); err != nil {
		return err
	}
	if shared, ok := a.sharedFolder(f); ok {
		return a.installShared(ctx, shared, list, o)
	}
	return a.installHere(ctx, f.manager, list, o)
}

// installHere installs into the repository of the current folder.
func (a *app) installHere(ctx context.Context, manager string, list []hooks.Hook, o hooks.Options) error {
	p, err := openHooks(ctx)
	if err != nil {
		return err
	}
	o.Dir = p.dir
	fresh := false
	for _, h := range list {
		o.Hook = h
		if p.shared(h) {
			a.tell(o.DryRun, "is installed already, for all repositories:", filepath.Join(p.dir, string(h)))
			continue
		}
		if err := p.fits(h); err != nil {
			return err
		}
		done, err := a.installManaged(p, manager, o)
		if err == nil && !done {
			var r hooks.Report
			r, err = hooks.Install(o)
			fresh = fresh || r.Action == hooks.Created && h == hooks.PreCommit
			if err == nil {
				a.tellInstalled(o, r)
			}
		}
		if err != nil {
			return conflict(err)
		}
	}
	if (p.scope == gitrepo.Global || p.scope == gitrepo.System) && !p.shared(hooks.All()...) {
		fmt.Fprintf(a.out, "keyguard: note: core.hooksPath in git's %s configuration names that folder: the hook runs in all repositories\n", p.scope)
	}
	if types, unseen := p.notCovered(); fresh && types != "" {
		fmt.Fprintf(a.out, "keyguard: tip: keyguard install --type %s also checks %s\n", types, unseen)
	}
	return nil
}

// notCovered returns which hooks a work tree could have beside pre-commit, and
// the content that nothing checks without them. Both are empty if it has all.
func (p *hookFolder) notCovered() (types, unseen string) {
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
func (p *hookFolder) covers(h hooks.Hook) bool {
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

// tellInstalled says what was done to a hook.
func (a *app) tellInstalled(o hooks.Options, r hooks.Report) {
	a.tell(o.DryRun, map[hooks.Action]string{
		hooks.Created:   "installed",
		hooks.Updated:   "updated",
		hooks.Unchanged: "is installed already:",
	}[r.Action], r.Path)
	if r.Before.Path != "" {
		fmt.Fprintf(a.out, "keyguard: the hook that was there runs first: %s\n", report.Printable(r.Before.Path))
		if !r.Before.Runs {
			fmt.Fprintf(a.out, "keyguard: note: it is not executable, so git did not run it, and keyguard does not either\n")
		}
		if r.Before.ReadsName {
			fmt.Fprintf(a.out, "keyguard: note: it seems to look at its own name, which has changed: check that it still works\n")
		}
	}
}

func (a *app) uninstall(ctx context.Context, f installFlags) error {
	list, err := f.hooks("uninstall")
	if err != nil {
		return err
	}
	o := hooks.Options{DryRun: f.dryRun, Force: f.force}
	if shared, ok := a.sharedFolder(f); ok {
		return a.uninstallShared(ctx, shared, list, o)
	}
	p, err := openHooks(ctx)
	if err != nil {
		return err
	}
	if p.shared(hooks.All()...) {
		return &hinted{errors.New("the hooks here are those of all repositories"), "keyguard uninstall --" + string(p.scope)}
	}
	o.Dir = p.dir
	return a.uninstallFrom(p, list, o, len(f.types) > 0)
}

// uninstallFrom removes hooks from a folder. Those that are not there are told only
// if they were named, or if none was there.
func (a *app) uninstallFrom(p *hookFolder, list []hooks.Hook, o hooks.Options, named bool) error {
	gone := 0
	for _, h := range list {
		o.Hook = h
		managed, err := a.uninstallManaged(p, o)
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
		a.tell(o.DryRun, map[hooks.Action]string{
			hooks.Removed:      "removed",
			hooks.Restored:     "removed, and put back what was there before:",
			hooks.NotInstalled: "is not installed:",
		}[r.Action], r.Path)
	}
	if gone == 0 {
		a.tell(o.DryRun, "is not installed in", o.Dir)
	}
	return nil
}

func (a *app) tell(dryRun bool, what, path string) {
	if dryRun {
		what = "(dry run) " + what
	}
	fmt.Fprintf(a.out, "keyguard: %s %s\n", what, report.Printable(path))
}

// hookFolder is where a repository's hooks are.
type hookFolder struct {
	repo  *gitrepo.Repo
	dir   string
	scope gitrepo.Scope // that has set core.hooksPath, if any has
	// versioned says that others have the folder too, by this repository or another.
	versioned bool
}

func openHooks(ctx context.Context) (*hookFolder, error) {
	dir, err := workingDir()
	if err != nil {
		return nil, err
	}
	repo, err := gitrepo.Open(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = repo.Close() }()
	p := &hookFolder{repo: repo}
	p.dir, err = repo.HooksDir(ctx)
	if errors.Is(err, gitrepo.ErrNoHooks) {
		return nil, &hinted{err, "git config --unset core.hooksPath, in the configuration that git config --show-origin core.hooksPath tells"}
	} else if err != nil {
		return nil, err
	}
	p.versioned = repo.Versions(ctx, p.dir)
	p.scope, err = repo.HooksScope(ctx)
	return p, err
}

// shared reports whether one of the hooks is here by keyguard install --global.
func (p *hookFolder) shared(list ...hooks.Hook) bool {
	return slices.ContainsFunc(list, func(h hooks.Hook) bool {
		st, err := hooks.Status(p.dir, h)
		return err == nil && st.Role == hooks.Shared
	})
}

// fits returns an error if git would not run the hook here.
func (p *hookFolder) fits(h hooks.Hook) error {
	switch {
	case p.repo.Bare && h != hooks.PreReceive:
		return &hinted{fmt.Errorf("a bare repository has no use for a %s hook, as nobody commits in it", h), "keyguard install --type pre-receive checks what is pushed to it"}
	case p.shared(hooks.All()...):
		return &hinted{errors.New("a hook of all repositories is installed, and git runs no other"), fmt.Sprintf("keyguard install --%s --type %s", p.scope, h)}
	}
	return nil
}

func conflict(err error) error {
	var c *hooks.Conflict
	if errors.As(err, &c) {
		return &hinted{err, c.Hint()}
	}
	return err
}

// ownPath returns where this program is, for the hook to call.
func ownPath() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", &hinted{fmt.Errorf("find keyguard's own path: %w", err), "on Linux that needs /proc to be mounted"}
	}
	if strings.Contains(filepath.ToSlash(path), "/go-build") {
		return "", &hinted{errors.New("this keyguard is a temporary build, which a hook could not call"), "go install ./cmd/keyguard, then keyguard install"}
	}
	return path, nil
}
