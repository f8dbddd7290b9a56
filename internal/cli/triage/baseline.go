package triage

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/project"
	"github.com/keyguard/keyguard/internal/cli/scanrun"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

// BaselineCommand is one of the keyguard baseline commands.
type BaselineCommand struct {
	App    *cli.App
	Flags  scanrun.Options
	File   string // full path
	old    *allow.Baseline
	none   bool // the file does not exist
	Policy *project.Policy
}

// requireBaseline returns an error if the baseline does not exist.
func (b *BaselineCommand) requireBaseline() error {
	if b.none {
		return cli.WithHint(fmt.Errorf("%s does not exist", report.Printable(b.old.Name)), "create it with keyguard baseline write")
	}
	return nil
}

// Open reads the policy and the existing baseline.
func (b *BaselineCommand) Open(ctx context.Context) error {
	name := b.Flags.Policy.Baseline
	b.Flags.Policy.NoBaseline = true // or it would drop its own findings
	var err error
	if b.Policy, err = project.ReadPolicy(ctx, b.App, b.Flags.Policy, nil); err != nil {
		return err
	}
	store, file := config.Store(b.Policy.Root), allow.BaselineName
	if name != "" {
		if store, file, err = b.Policy.Named(name); err != nil {
			return err
		}
	}
	b.File = b.Policy.Root.Path(file)
	label := store.Label(file)
	text, err := store.Read(file, allow.MaxBaseline)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read %s: %w", label, err)
	}
	b.none = err != nil
	if b.old, err = allow.ParseBaseline(label, text); err != nil {
		return cli.WithHint(err, "fix that line")
	}
	return nil
}

// collector is a sink that keeps the findings.
type collector struct{ found []scanner.Finding }

// Begin implements scanrun.Sink.
func (c *collector) Begin() error { return nil }

func (c *collector) Result(r *scanner.Result) error {
	c.found = append(c.found, r.Findings...)
	return nil
}

func (c *collector) End(report.Summary) error { return nil }

// Scan returns all findings, including those in the baseline. A scan of history includes
// the working tree.
func (b *BaselineCommand) Scan(ctx context.Context) ([]scanner.Finding, error) {
	b.Flags.Dir = b.Policy.Root.Dir // the whole working tree, from any directory
	b.Policy.InRoot = func(path string) string { return path }
	found, err := b.part(ctx, b.Flags)
	if err == nil && b.Flags.History.All {
		tree := b.Flags
		tree.History.All = false
		var more []scanner.Finding
		more, err = b.part(ctx, tree)
		found = append(found, more...)
	}
	return found, err
}

// part scans with these options. An incomplete scan is an error.
func (b *BaselineCommand) part(ctx context.Context, flags scanrun.Options) ([]scanner.Finding, error) {
	found := &collector{}
	sum, err := scanrun.NewRun(b.App, b.Policy, found, flags).Do(ctx)
	switch {
	case sum.Partial != "":
		return nil, ctx.Err()
	case err != nil:
		return nil, err
	case len(sum.Errors) > 0:
		return nil, cli.WithHint(fmt.Errorf("scan incomplete (%s); the baseline is unchanged", cli.Plural(len(sum.Errors), "error")), "fix the errors above or exclude the files, and try again")
	}
	return found.found, nil
}

// Write replaces the baseline.
func (b *BaselineCommand) Write(ctx context.Context) error {
	found, err := b.Scan(ctx)
	if err != nil {
		return err
	}
	fresh := allow.NewBaseline(b.old.Name)
	fresh.History = b.Flags.History.All
	for i := range found {
		fresh.Add(&found[i])
	}
	fresh.CopyLabels(b.old)
	if err := b.Save(fresh, cli.Plural(fresh.Len(), "known finding")); err != nil || fresh.Len() == 0 {
		return err
	}
	fmt.Fprintf(b.App.Out, "keyguard: next: commit it, then run keyguard baseline audit to label each finding as a leak or a false positive\n")
	return nil
}

// Update adds new findings to the baseline.
func (b *BaselineCommand) Update(ctx context.Context) error {
	b.Flags.History.All = b.Flags.History.All || b.old.History
	found, err := b.Scan(ctx)
	if err != nil {
		return err
	}
	added := 0
	for i := range found {
		if b.old.Add(&found[i]) {
			added++
		}
	}
	b.old.History = b.Flags.History.All
	return b.Save(b.old, fmt.Sprintf("%d added, %s", added, cli.Plural(b.old.Len(), "known finding")))
}

// Prune removes the findings that no longer occur, and prints them.
func (b *BaselineCommand) Prune(ctx context.Context) error {
	if err := b.requireBaseline(); err != nil {
		return err
	}
	b.Flags.History.All = b.old.History
	found, err := b.Scan(ctx)
	if err != nil {
		return err
	}
	for i := range found {
		b.old.Match(&found[i])
	}
	gone := b.old.Unused()
	for _, k := range gone {
		fmt.Fprintf(b.App.Out, "gone: %s %s %s\n", k.Fingerprint, report.Printable(k.Rule), report.Printable(k.Path))
	}
	b.old.Remove(gone)
	return b.Save(b.old, fmt.Sprintf("%d removed, %s", len(gone), cli.Plural(b.old.Len(), "known finding")))
}

// Save writes the baseline and prints a summary.
func (b *BaselineCommand) Save(base *allow.Baseline, what string) error {
	if err := cli.WriteFile(b.File, base.Bytes()); err != nil {
		return err
	}
	fmt.Fprintf(b.App.Out, "keyguard: %s: %s\n", report.Printable(base.Name), what)
	return b.merge()
}

// merge sets merge=union in .gitattributes. Otherwise two branches that add adjacent
// lines conflict.
func (b *BaselineCommand) merge() error {
	if b.Policy.Root.GitDir == "" || filepath.Dir(b.File) != b.Policy.Root.Dir {
		return nil
	}
	const attributes = ".gitattributes"
	text, err := b.Policy.Root.Read(attributes, project.MaxIgnore)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	base := filepath.Base(b.File)
	if strings.Contains("\n"+string(text), "\n"+base+" ") || strings.ContainsAny(base, " \t\"") {
		return nil
	}
	if len(text) > 0 && !strings.HasSuffix(string(text), "\n") {
		text = append(text, '\n')
	}
	if err := cli.WriteFile(b.Policy.Root.Path(attributes), append(text, base+" merge=union\n"...)); err != nil {
		return err
	}
	fmt.Fprintf(b.App.Out, "keyguard: added merge=union for %s to .gitattributes\n", base)
	return nil
}

// Audit asks for the label of each unaudited entry.
func (b *BaselineCommand) Audit(ctx context.Context) error {
	if err := b.requireBaseline(); err != nil {
		return err
	}
	b.Flags.History.All = b.old.History
	found, err := b.Scan(ctx)
	if err != nil {
		return err
	}
	where := make(map[string]*scanner.Finding)
	for i := range found {
		if k := b.old.Match(&found[i]); k != nil && where[k.Fingerprint] == nil {
			where[k.Fingerprint] = &found[i]
		}
	}
	in := bufio.NewScanner(b.App.In)
	for _, k := range b.old.Sorted() {
		f := where[k.Fingerprint]
		if k.Label != allow.Unaudited || f == nil {
			continue
		}
		label, quit, err := b.ask(in, f)
		if err != nil {
			return err
		}
		if quit {
			break
		}
		k.Label = label
	}
	for _, k := range b.old.Unused() {
		fmt.Fprintf(b.App.Out, "no longer occurs: %s %s %s\n", k.Fingerprint, report.Printable(k.Rule), report.Printable(k.Path))
	}
	return b.Save(b.old, b.tally())
}

// ask prints a finding with masked secrets and reads its label.
func (b *BaselineCommand) ask(in *bufio.Scanner, f *scanner.Finding) (label allow.Label, quit bool, err error) {
	var text strings.Builder
	format, err := report.FormatNamed("text")
	if err != nil {
		return "", false, err
	}
	o := report.Options{Why: true}
	if err := format.New(&text, o).Findings([]report.Finding{report.NewFinding(f, o)}); err != nil {
		return "", false, err
	}
	fmt.Fprint(b.App.Out, text.String())
	for {
		fmt.Fprint(b.App.Out, "t: true, a leak   f: false positive   s: skip   q: save and quit > ")
		if !in.Scan() {
			fmt.Fprintln(b.App.Out)
			return allow.Unaudited, true, in.Err()
		}
		switch strings.ToLower(strings.TrimSpace(in.Text())) {
		case "t":
			return allow.Leak, false, nil
		case "f":
			return allow.FalsePositive, false, nil
		case "s":
			return allow.Unaudited, false, nil
		case "q":
			return allow.Unaudited, true, nil
		}
	}
}

func (b *BaselineCommand) tally() string {
	n := make(map[allow.Label]int)
	for _, k := range b.old.Sorted() {
		n[k.Label]++
	}
	return fmt.Sprintf("%s to rotate, %s, %d unaudited", cli.Plural(n[allow.Leak], "leak"), cli.Plural(n[allow.FalsePositive], "false positive"), n[allow.Unaudited])
}
