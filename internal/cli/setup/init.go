package setup

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/hooks"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/project"
	"github.com/keyguard/keyguard/internal/cli/triage"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/source"
)

// InitConfig writes a configuration with all options commented out.
func InitConfig(a *cli.App) error {
	t, err := project.FindRoot()
	if err != nil {
		return err
	}
	name := t.Path(config.Name)
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return cli.WithHint(fmt.Errorf("%s already exists", config.Name), "keyguard config show prints the effective configuration")
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(config.Template)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	fmt.Fprintf(a.Out, "keyguard: wrote %s\n", config.Name)
	return nil
}

const gitignore = ".gitignore"

// InitOptions are the options of keyguard init.
type InitOptions struct{ Write, DryRun bool }

// Init offers to set up the current repository.
func Init(ctx context.Context, a *cli.App, f InitOptions) error {
	p, err := project.ReadPolicy(ctx, a, project.Options{}, nil)
	if err != nil {
		return err
	}
	if p.Root.GitDir == "" {
		return gitrepo.ErrNotRepo
	}
	if err := offerIgnores(a, p, f); err != nil {
		return err
	}
	if err := offerConfig(a, p.Root, f); err != nil {
		return err
	}
	return nextSteps(ctx, a, p)
}

// offerIgnores offers to add missing lines to .gitignore.
func offerIgnores(a *cli.App, p *project.Policy, f InitOptions) error {
	if cli.IsLink(p.Root.Path(gitignore)) {
		return cli.WithHint(fmt.Errorf("%s is a link, which git does not follow", gitignore), "make it a file")
	}
	text, err := p.Root.Read(gitignore, project.MaxIgnore)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read %s: %w", gitignore, err)
	}
	lines, err := missingIgnores(string(text), p.Config.Set)
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		fmt.Fprintf(a.Out, "keyguard: %s already ignores sensitive files\n", gitignore)
		return nil
	}
	fmt.Fprintf(a.Out, "keyguard: missing from %s:\n", gitignore)
	for _, line := range lines {
		fmt.Fprintf(a.Out, "    %s\n", report.Printable(line))
	}
	if !wants(a, f, "add the lines") {
		return nil
	}
	if err := cli.WriteFile(p.Root.Path(gitignore), appendLines(text, append([]string{"# Sensitive files (keyguard init)."}, lines...))); err != nil {
		return err
	}
	fmt.Fprintf(a.Out, "keyguard: added %s to %s\n", cli.Plural(len(lines), "line"), gitignore)
	return nil
}

// missingIgnores returns the lines that .gitignore needs to ignore sensitive files, but
// not their examples.
func missingIgnores(text string, set *patterns.Set) ([]string, error) {
	var out []string
	ignores := func(name string) (bool, error) {
		ig, err := source.ParseIgnore(gitignore, []byte(text+"\n"+strings.Join(out, "\n")))
		if err != nil {
			return false, err
		}
		_, ok := ig.Match(name)
		return ok, nil
	}
	for _, r := range set.Rules() {
		for _, pattern := range r.Paths {
			ignored, err := ignores(strings.ReplaceAll(pattern, "*", "x"))
			if err != nil {
				return nil, err
			}
			if ignored {
				continue
			}
			if strings.Contains(pattern, "/") {
				pattern = "**/" + pattern
			}
			out = append(out, pattern)
		}
	}
	for _, example := range []string{".env.example", ".env.sample", ".env.template"} {
		if ignored, err := ignores(example); err != nil {
			return nil, err
		} else if ignored {
			out = append(out, "!"+example)
		}
	}
	return out, nil
}

// appendLines adds lines to a text, with the line endings of the text.
func appendLines(text []byte, lines []string) []byte {
	eol := "\n"
	if strings.Contains(string(text), "\r\n") {
		eol = "\r\n"
	}
	out := string(text)
	if out != "" {
		if !strings.HasSuffix(out, "\n") {
			out += eol
		}
		out += eol
	}
	return []byte(out + strings.Join(lines, eol) + eol)
}

// offerConfig offers to write a configuration if none exists.
func offerConfig(a *cli.App, t *project.Root, f InitOptions) error {
	if _, err := os.Lstat(t.Path(config.Name)); err == nil {
		fmt.Fprintf(a.Out, "keyguard: %s already exists\n", config.Name)
		return nil
	}
	fmt.Fprintf(a.Out, "keyguard: missing: %s, with every option commented out\n", config.Name)
	if !wants(a, f, "create it") {
		return nil
	}
	return InitConfig(a)
}

// wants reports whether the user accepts an offer. It asks only on a terminal.
func wants(a *cli.App, f InitOptions, what string) bool {
	switch {
	case f.Write:
		return true
	case f.DryRun || !cli.IsTerminal(a.In) || !cli.IsTerminal(a.Out):
		fmt.Fprintf(a.Out, "keyguard: keyguard init --write would %s\n", what)
		return false
	}
	fmt.Fprintf(a.Out, "keyguard: %s? [y/N] ", what)
	answer, _ := bufio.NewReader(a.In).ReadString('\n')
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes"
}

// nextSteps prints the remaining steps: a baseline if findings exist, a hook.
func nextSteps(ctx context.Context, a *cli.App, p *project.Policy) error {
	b := &triage.BaselineCommand{App: a, Policy: p}
	found, err := b.Scan(ctx)
	if errors.As(err, new(cli.Exit)) {
		return err
	}
	steps := 0
	step := func(command, what string) {
		steps++
		fmt.Fprintf(a.Out, "keyguard: next: %-26s %s\n", command, what)
	}
	switch {
	case err != nil:
		step("keyguard scan", "list the files that cannot be read")
	case len(found) > 0:
		step("keyguard scan", "review the "+cli.Plural(len(found), "finding")+" in the working tree; rotate the real ones")
		step("keyguard baseline write", "record the rest, so that only new findings are reported")
	}
	if !hooked(ctx) {
		step("keyguard install", "install the pre-commit hook")
	}
	if steps == 0 {
		fmt.Fprintln(a.Out, "keyguard: setup complete; test it with keyguard doctor")
	}
	return nil
}

// hooked reports whether git runs keyguard before a commit, directly or by a hook
// manager.
func hooked(ctx context.Context) bool {
	p, err := openHooks(ctx)
	if err != nil {
		return false
	}
	st, err := hooks.Status(p.dir, hooks.PreCommit)
	m, ok := p.manager(hooks.PreCommit)
	return err == nil && (st.Owner == hooks.Ours || st.Owner == hooks.Edited || ok && m.Active && m.Calls)
}
