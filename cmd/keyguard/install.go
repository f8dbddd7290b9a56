package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/hooks"
	"github.com/keyguard/keyguard/report"
)

// installFlags are what install and uninstall can be told.
type installFlags struct {
	dryRun, force bool
}

func (a *app) installCommand() *cobra.Command {
	var f installFlags
	cmd := &cobra.Command{
		Use:   "install",
		Short: "Write the pre-commit hook that blocks commits with credentials",
		Long: `Install writes a pre-commit hook into this repository, where git looks for it
(core.hooksPath included). A hook that is there already is kept and runs first.
Installing twice is installing once.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.install(cmd.Context(), f) },
	}
	a.installFlags(cmd, &f)
	return cmd
}

func (a *app) uninstallCommand() *cobra.Command {
	var f installFlags
	cmd := &cobra.Command{
		Use:   "uninstall",
		Short: "Remove the hook and put back what was there before",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return a.uninstall(cmd.Context(), f) },
	}
	a.installFlags(cmd, &f)
	return cmd
}

func (a *app) installFlags(cmd *cobra.Command, f *installFlags) {
	cmd.Flags().BoolVarP(&f.dryRun, "dry-run", "n", false, "say what would be done, and do nothing")
	cmd.Flags().BoolVar(&f.force, "force", false, "replace a keyguard hook that was edited by hand")
}

func (a *app) install(ctx context.Context, f installFlags) error {
	binary, err := ownPath()
	if err != nil {
		return err
	}
	repo, dir, err := openHooks(ctx)
	if err != nil {
		return err
	}
	if m, ok := hooks.FindManager(repo.Root, dir, hooks.PreCommit); ok && m.Active {
		return &hinted{fmt.Errorf("%s manages this repository's hooks and would overwrite another", m.Name), managerHint(m)}
	}
	r, err := hooks.Install(hooks.Options{Dir: dir, Hook: hooks.PreCommit, Binary: binary, DryRun: f.dryRun, Force: f.force})
	if err != nil {
		return conflict(err)
	}
	a.tell(f.dryRun, map[hooks.Action]string{
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
	return nil
}

func (a *app) uninstall(ctx context.Context, f installFlags) error {
	_, dir, err := openHooks(ctx)
	if err != nil {
		return err
	}
	r, err := hooks.Uninstall(hooks.Options{Dir: dir, Hook: hooks.PreCommit, DryRun: f.dryRun, Force: f.force})
	if err != nil {
		return conflict(err)
	}
	a.tell(f.dryRun, map[hooks.Action]string{
		hooks.Removed:      "removed",
		hooks.Restored:     "removed, and put back what was there before:",
		hooks.NotInstalled: "is not installed:",
	}[r.Action], r.Path)
	return nil
}

func (a *app) tell(dryRun bool, what, path string) {
	if dryRun {
		what = "(dry run) " + what
	}
	fmt.Fprintf(a.out, "keyguard: %s %s\n", what, report.Printable(path))
}

func openHooks(ctx context.Context) (*gitrepo.Repo, string, error) {
	dir, err := workingDir()
	if err != nil {
		return nil, "", err
	}
	repo, err := gitrepo.Open(ctx, dir)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = repo.Close() }()
	hooksDir, err := repo.HooksDir(ctx)
	if err != nil {
		return nil, "", err
	}
	if info, err := os.Stat(hooksDir); err == nil && !info.IsDir() || hooksDir == dir {
		return nil, "", &hinted{errors.New("core.hooksPath names no folder, so git runs no hooks"), "git config --unset core.hooksPath, in the configuration that git config --show-origin core.hooksPath tells"}
	}
	return repo, hooksDir, nil
}

func conflict(err error) error {
	var c *hooks.Conflict
	if errors.As(err, &c) {
		return &hinted{err, c.Hint()}
	}
	return err
}

func managerHint(m hooks.Manager) string {
	hint := fmt.Sprintf("let %s call keyguard: add to %s:\n%s", m.Name, m.Config, m.Snippet)
	if m.Command != "" {
		hint += "then run: " + m.Command
	}
	return strings.TrimRight(hint, "\n")
}

// ownPath returns where this program is, for the hook to call.
func ownPath() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find keyguard's own path: %w", err)
	}
	if strings.Contains(filepath.ToSlash(path), "/go-build") {
		return "", &hinted{errors.New("this keyguard is a temporary build, which a hook could not call"), "go install ./cmd/keyguard, then keyguard install"}
	}
	return path, nil
}
