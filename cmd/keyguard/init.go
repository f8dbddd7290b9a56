package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/hooks"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/source"
)

const gitignore = ".gitignore"

// initFlags are what `keyguard init` can be told.
type initFlags struct{ write, dryRun bool }

func (a *app) initCommand() *cobra.Command {
	var f initFlags
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Set a repository up: ignore lines, a configuration, and what to do next",
		Long: `Init offers lines for .gitignore that keep files out which should not be committed
at all, such as .env and private keys, and a .keyguard.toml with everything there is
to say, commented out. On a terminal it asks; elsewhere it writes only with --write.
What is there already stays as it is.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.initRepository(cmd.Context(), f) },
	}
	cmd.Flags().BoolVarP(&f.write, "write", "w", false, "write without asking")
	cmd.Flags().BoolVarP(&f.dryRun, "dry-run", "n", false, "say what would be written, and write nothing")
	cmd.MarkFlagsMutuallyExclusive("write", "dry-run")
	return cmd
}

func (a *app) initRepository(ctx context.Context, f initFlags) error {
	p, err := a.policy(ctx, policyFlags{}, nil)
	if err != nil {
		return err
	}
	if p.top.gitDir == "" {
		return gitrepo.ErrNotRepo
	}
	if err := a.offerIgnores(p, f); err != nil {
		return err
	}
	if err := a.offerConfig(p.top, f); err != nil {
		return err
	}
	return a.nextSteps(ctx, p)
}

// offerIgnores adds to .gitignore what it lacks, if that is wanted.
func (a *app) offerIgnores(p *policy, f initFlags) error {
	if isLink(p.top.path(gitignore)) {
		return &hinted{fmt.Errorf("%s is a link, which git does not follow", gitignore), "make it a file"}
	}
	text, err := p.top.Read(gitignore, maxIgnore)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read %s: %w", gitignore, err)
	}
	lines, err := missingIgnores(string(text), p.config.Set)
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		fmt.Fprintf(a.out, "keyguard: %s keeps out what should not be committed\n", gitignore)
		return nil
	}
	fmt.Fprintf(a.out, "keyguard: these lines in %s keep out what should not be committed:\n", gitignore)
	for _, line := range lines {
		fmt.Fprintf(a.out, "    %s\n", report.Printable(line))
	}
	if !a.wants(f, "add them") {
		return nil
	}
	if err := writeFile(p.top.path(gitignore), appendLines(text, append([]string{"# What should not be committed at all (keyguard init)."}, lines...))); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "keyguard: added %s to %s\n", plural(len(lines), "line"), gitignore)
	return nil
}

// missingIgnores returns the lines that .gitignore needs to ignore what rules of
// files are about, and not the examples beside them.
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
	for _, r := range set.Rules {
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

// appendLines adds lines to a text, with its line ends.
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

// offerConfig writes a configuration if there is none and that is wanted.
func (a *app) offerConfig(t *top, f initFlags) error {
	if _, err := os.Lstat(t.path(config.Name)); err == nil {
		fmt.Fprintf(a.out, "keyguard: %s is there already\n", config.Name)
		return nil
	}
	fmt.Fprintf(a.out, "keyguard: a %s with everything there is to say, commented out, is a good start\n", config.Name)
	if !a.wants(f, "write it") {
		return nil
	}
	return a.initConfig()
}

// wants reports whether something shall be done, and asks if there is someone.
func (a *app) wants(f initFlags, what string) bool {
	switch {
	case f.write:
		return true
	case f.dryRun || !isTerminal(a.in) || !isTerminal(a.out):
		fmt.Fprintf(a.out, "keyguard: keyguard init --write would %s\n", what)
		return false
	}
	fmt.Fprintf(a.out, "keyguard: %s? [y/N] ", what)
	answer, _ := bufio.NewReader(a.in).ReadString('\n')
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes"
}

// nextSteps tells what is left to do: a baseline if there are findings, a hook.
func (a *app) nextSteps(ctx context.Context, p *policy) error {
	b := &baseliner{app: a, p: p}
	found, err := b.scan(ctx)
	if errors.As(err, new(exit)) {
		return err
	}
	steps := 0
	step := func(command, what string) {
		steps++
		fmt.Fprintf(a.out, "keyguard: next: %-26s %s\n", command, what)
	}
	switch {
	case err != nil:
		step("keyguard scan", "tells what of the work tree cannot be read")
	case len(found) > 0:
		step("keyguard scan", "shows "+plural(len(found), "finding")+" that the work tree has now; rotate what is real")
		step("keyguard baseline write", "lists what stays as known, so that only new ones are told")
	}
	if !hooked(ctx) {
		step("keyguard install", "writes the hook that blocks commits")
	}
	if steps == 0 {
		fmt.Fprintln(a.out, "keyguard: all is set up; keyguard doctor proves it")
	}
	return nil
}

// hooked reports whether git runs keyguard before a commit: by its own hook, or by the
// manager of the hooks.
func hooked(ctx context.Context) bool {
	p, err := openHooks(ctx)
	if err != nil {
		return false
	}
	st, err := hooks.Status(p.dir, hooks.PreCommit)
	m, ok := p.manager(hooks.PreCommit)
	return err == nil && (st.Owner == hooks.Ours || st.Owner == hooks.Edited || ok && m.Active && m.Calls)
}
