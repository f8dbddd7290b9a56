package setup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/keyguard/keyguard/hooks"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/report"
)

// manager returns the program that manages a hook, or the hook itself if it is under
// version control.
func (p *hooksDir) manager(h hooks.Hook) (m hooks.Manager, ok bool) {
	m, ok = hooks.FindManager(p.repo.Root, p.dir, h)
	if p.versioned && !(ok && m.Active) {
		return hooks.Versioned(p.dir, h), true
	}
	return m, ok
}

// findManager returns the manager that should call keyguard. ok is false if git should
// call it directly.
func findManager(a *cli.App, p *hooksDir, name string, h hooks.Hook) (m hooks.Manager, ok bool, err error) {
	switch name {
	case "none":
		return hooks.Versioned(p.dir, h), p.versioned, nil
	case "auto":
		m, ok = p.manager(h)
		if ok && !m.Active {
			fmt.Fprintf(a.Out, "keyguard: note: %s is for %s, which has no hook here yet; once it has, run keyguard install again\n", shortPath(a, p, m.Config), m.Name)
			return m, false, nil
		}
		return m, ok, nil
	}
	if h == hooks.PreReceive || p.repo.Root == "" {
		return m, false, cli.Usage("install", "--manager: no manager has a %s hook here", h)
	}
	m, err = hooks.ManagerNamed(name, p.repo.Root, p.dir, h)
	if err != nil {
		err = cli.Usage("install", "--manager: %v", err)
	}
	return m, err == nil, err
}

// installManaged adds keyguard to a manager, or returns an error with instructions. done
// is false if no manager applies.
func installManaged(a *cli.App, p *hooksDir, name string, o hooks.Options) (done bool, err error) {
	m, ok, err := findManager(a, p, name, o.Hook)
	if err != nil || !ok {
		return false, err
	}
	switch {
	case m.Calls:
		printAction(a, o.DryRun, "already installed:", m.Config)
		if st, err := hooks.Status(p.dir, o.Hook); err == nil && st.Owner == hooks.None && m.Command != "" {
			fmt.Fprintf(a.Out, "keyguard: but git has no %s hook: now run: %s\n", o.Hook, m.Command)
		}
		return true, nil
	case m.Script && p.versioned && m.Config == filepath.Join(p.dir, string(o.Hook)):
		return true, addToVersioned(a, m, o)
	case m.Script:
		return true, addToScript(a, m, o)
	case name != "auto" && !exists(m.Config):
		return true, writeConfig(a, m, o)
	}
	return false, cli.WithHint(fmt.Errorf("%s manages this repository's hooks and would overwrite another", m.Name), managerHint(m))
}

// addToVersioned adds keyguard to a hook under version control. It replaces a shim, whose
// path is valid on one machine only.
func addToVersioned(a *cli.App, m hooks.Manager, o hooks.Options) error {
	st, err := hooks.Status(o.Dir, o.Hook)
	if err != nil {
		return err
	}
	if st.Owner == hooks.Ours || st.Owner == hooks.Edited {
		if _, err := hooks.Uninstall(o); err != nil {
			return err
		}
		if !o.DryRun {
			st, m = hooks.State{Hook: st.Before}, hooks.Versioned(o.Dir, o.Hook)
		}
	}
	if st.Hook.Path != "" && (o.Hook == hooks.PrePush || o.Hook == hooks.PreReceive) {
		return cli.WithHint(fmt.Errorf("%s is under version control and may read the refs that git hands it, so keyguard cannot read them first", m.Config),
			fmt.Sprintf(`let it keep them, refs=$(cat), and hand them on: printf '%%s\n' "$refs" | keyguard hook %s "$@" || exit $?`, o.Hook))
	}
	if err := addToScript(a, m, o); err != nil {
		return err
	}
	fmt.Fprintf(a.Out, "keyguard: note: that directory is under version control, so the hook calls keyguard by name: everyone who shares it needs keyguard in PATH, or --if-missing=allow\n")
	if st.Hook.Path != "" && !st.Hook.Runs {
		fmt.Fprintf(a.Out, "keyguard: note: it is not executable, so git does not run it: chmod +x %s\n", hooks.Quote(m.Config))
	}
	return nil
}

// addToScript adds keyguard to a manager's script.
func addToScript(a *cli.App, m hooks.Manager, o hooks.Options) error {
	m = m.IfMissing(o.Hook, o.IfMissing)
	action, err := m.AddLine(o.DryRun)
	if err != nil {
		return err
	}
	printAction(a, o.DryRun, map[hooks.Action]string{
		hooks.Created: "wrote", hooks.Updated: "added a line to", hooks.Unchanged: "already installed:",
	}[action], m.Config)
	if m.Command != "" && action == hooks.Created {
		fmt.Fprintf(a.Out, "keyguard: now run: %s\n", m.Command)
	}
	byName(a)
	return nil
}

// byName prints a note if keyguard is not in PATH.
func byName(a *cli.App) {
	if _, err := exec.LookPath("keyguard"); err != nil {
		fmt.Fprintln(a.Out, "keyguard: note: that file calls keyguard by its name, and it is not in PATH")
	}
}

// writeConfig creates the configuration of a manager.
func writeConfig(a *cli.App, m hooks.Manager, o hooks.Options) error {
	text := m.Snippet
	if m.Name == "pre-commit" {
		text = "repos:\n" + text
	}
	if !o.DryRun {
		f, err := os.OpenFile(m.Config, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if err != nil {
			return err
		}
		_, err = f.WriteString(text)
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	printAction(a, o.DryRun, "wrote", m.Config)
	fmt.Fprintf(a.Out, "keyguard: now run: %s\n", m.Command)
	byName(a)
	return nil
}

// uninstallManaged removes keyguard from a manager's script. It prints a note if the user
// must edit a configuration.
func uninstallManaged(a *cli.App, p *hooksDir, o hooks.Options) (done bool, err error) {
	m, ok := p.manager(o.Hook)
	if !ok || !m.Calls {
		return false, nil
	}
	if !m.Script {
		fmt.Fprintf(a.Out, "keyguard: note: %s still calls it for %s: take it out there\n", shortPath(a, p, m.Config), o.Hook)
		return true, nil
	}
	action, err := m.RemoveLine(o.DryRun)
	if err == nil && action != hooks.NotInstalled {
		printAction(a, o.DryRun, map[hooks.Action]string{hooks.Removed: "removed", hooks.Restored: "took its line out of"}[action], m.Config)
	}
	return action != hooks.NotInstalled, err
}

// shortPath returns a printable path relative to the working tree.
func shortPath(a *cli.App, p *hooksDir, path string) string {
	if rel, err := filepath.Rel(p.repo.Root, path); err == nil && filepath.IsLocal(rel) {
		path = rel
	}
	return report.Printable(filepath.ToSlash(path))
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

func managerHint(m hooks.Manager) string {
	hint := fmt.Sprintf("let %s call keyguard: add to %s:\n%s", m.Name, m.Config, m.Snippet)
	if m.Command != "" {
		hint += "then run: " + m.Command
	}
	return strings.TrimRight(hint, "\n")
}
