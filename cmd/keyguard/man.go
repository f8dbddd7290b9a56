package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/internal/cli"
)

// manCommand returns the command with which packages create their manual page.
func manCommand(a *cli.App) *cobra.Command {
	return &cobra.Command{
		Use:     "man",
		Short:   "Print the manual page in the format of man",
		Example: "  keyguard man | man -l -",
		Hidden:  true,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := io.WriteString(a.Out, manPage(cmd.Root())); err != nil {
				return fmt.Errorf("write the manual page: %w", err)
			}
			return nil
		},
	}
}

// manPage returns one page for all commands, in the man macros of troff (man(7),
// groff_man(7)).
func manPage(root *cobra.Command) string {
	var p page
	p.macro("TH", "KEYGUARD", "1", "", "keyguard "+root.Version, "User Commands")
	p.macro("SH", "NAME")
	p.line("keyguard - " + root.Short)
	p.macro("SH", "SYNOPSIS")
	p.line("keyguard COMMAND [FLAG…] [ARGUMENT…]")
	p.macro("SH", "COMMANDS")
	p.commands(root)
	p.macro("SH", "EXIT STATUS")
	p.list("0", "no findings", "1", "findings", "2", "usage error, or an input could not be read", "130", "interrupted")
	p.macro("SH", "FILES")
	p.list(
		config.Name, "configuration, at the top level of the repository; created by keyguard config init",
		".keyguardignore", "paths that are not scanned, in gitignore syntax",
		allow.BaselineName, "known findings; created by keyguard baseline write",
		"$XDG_CONFIG_HOME/keyguard/config.toml", "configuration for all your repositories; in ~/.config if the variable is not set",
	)
	p.macro("SH", "ENVIRONMENT")
	p.list(
		"KEYGUARD_CONFIG", "file to use instead of "+config.Name,
		"SKIP", "comma-separated names; if it contains keyguard, hooks do not scan",
		"NO_COLOR, FORCE_COLOR", "never use color, or always, if not empty",
	)
	p.macro("SH", "SEE ALSO")
	p.line("git(1), gitignore(5), githooks(5), https://github.com/keyguard/keyguard")
	return p.String()
}

// page is a manual page.
type page struct{ strings.Builder }

func (p *page) commands(parent *cobra.Command) {
	for _, cmd := range parent.Commands() {
		if cmd.Hidden || cmd.Name() == "help" {
			continue
		}
		p.command(cmd)
		p.commands(cmd)
	}
}

func (p *page) command(cmd *cobra.Command) {
	p.macro("SS", cmd.UseLine())
	about := cmd.Long
	if about == "" {
		about = cmd.Short
	}
	p.text(about)
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden && f.Name != "help" {
			p.list(flagForm(f), f.Usage)
		}
	})
	if cmd.HasExample() {
		p.macro("PP")
		p.example(cmd.Example)
	}
}

// flagForm returns how a flag is written: -f, --format string.
func flagForm(f *pflag.Flag) string {
	value, _ := pflag.UnquoteUsage(f)
	form := "--" + f.Name
	if f.Shorthand != "" {
		form = "-" + f.Shorthand + ", " + form
	}
	return strings.TrimSpace(form + " " + value)
}

// text writes prose. Indented lines keep their form.
func (p *page) text(s string) {
	for i, paragraph := range strings.Split(strings.Trim(s, "\n"), "\n\n") {
		if i > 0 {
			p.macro("PP")
		}
		if strings.ContainsAny(paragraph[:1], " \t") || strings.Contains(paragraph, "\n ") {
			p.example(paragraph)
		} else {
			p.line(paragraph)
		}
	}
}

func (p *page) example(s string) {
	p.macro("nf")
	p.line(strings.Trim(s, "\n"))
	p.macro("fi")
}

// list writes terms with their explanations.
func (p *page) list(pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		p.macro("TP")
		p.macro("B", pairs[i])
		p.line(pairs[i+1])
	}
}

func (p *page) macro(name string, args ...string) {
	p.WriteString("." + name)
	for _, arg := range args {
		p.WriteString(` "` + strings.ReplaceAll(roff(arg), `"`, `\(dq`) + `"`)
	}
	p.WriteByte('\n')
}

func (p *page) line(s string) {
	for line := range strings.SplitSeq(s, "\n") {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			p.WriteString(`\&`) // else it would be a macro
		}
		p.WriteString(roff(line) + "\n")
	}
}

// roff returns s in ASCII, with the commands of troff escaped.
func roff(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\\':
			b.WriteString(`\e`)
		case r == '-':
			b.WriteString(`\-`) // stays a hyphen that can be copied
		case r > '~':
			fmt.Fprintf(&b, `\[u%04X]`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
