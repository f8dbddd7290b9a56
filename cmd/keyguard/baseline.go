package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

func (a *app) baselineCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "baseline",
		Short: "Keep a list of the findings that were there before",
		Long: `A baseline lists known findings, so that a scan reports new ones only. It is the
file ` + allow.BaselineName + ` at the top of the repository: a line for each credential,
by its fingerprint, with a label, the rule and a path. It holds no secret and
may be committed. A label is ? until somebody has looked, then leak or false.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		a.baselineVerb("write", "Write a baseline of all findings, keeping the labels of those known", true, (*baseliner).write),
		a.baselineVerb("update", "Add the findings that are new", true, (*baseliner).update),
		a.baselineVerb("prune", "Remove the findings that no longer occur", false, (*baseliner).prune),
		a.baselineVerb("audit", "Look at each finding and label it", false, (*baseliner).audit),
	)
	return cmd
}

// baselineVerb returns a command. Those that do not choose scan what the baseline is of.
func (a *app) baselineVerb(use, short string, chooses bool, run func(*baseliner, context.Context) error) *cobra.Command {
	b := &baseliner{app: a}
	cmd := &cobra.Command{Use: use, Short: short, Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		a.clock.limit(b.flags.timeout)
		a.clock.enter("reading the configuration")
		if err := b.open(cmd.Context()); err != nil {
			return err
		}
		a.clock.limit(cmp.Or(b.flags.timeout, b.p.config.Timeout))
		return run(b, cmd.Context())
	}}
	limitFlag(cmd, &b.flags.timeout)
	b.flags.policy.files(cmd)
	if chooses {
		cmd.Flags().BoolVar(&b.flags.history.all, "history", false, "of all of history, not of the work tree alone; a baseline remembers which")
	}
	return cmd
}

// baseliner does the work of the verbs.
type baseliner struct {
	app   *app
	flags scanFlags
	file  string // full name
	old   *allow.Baseline
	none  bool // there is no such file yet
	p     *policy
}

// there fails where there is no baseline to work on.
func (b *baseliner) there() error {
	if b.none {
		return &hinted{fmt.Errorf("there is no %s", report.Printable(b.old.Name)), "keyguard baseline write makes it"}
	}
	return nil
}

// open reads the policy and the baseline there is.
func (b *baseliner) open(ctx context.Context) error {
	name := b.flags.policy.baseline
	b.flags.policy.noBaseline = true // findings must not be dropped by what is to be made
	var err error
	if b.p, err = b.app.policy(ctx, b.flags.policy, nil); err != nil {
		return err
	}
	store, file := config.Store(b.p.top), allow.BaselineName
	if name != "" {
		if store, file, err = b.p.named(name); err != nil {
			return err
		}
	}
	b.file = b.p.top.path(file)
	label := store.Label(file)
	text, err := store.Read(file, allow.MaxBaseline)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read %s: %w", label, err)
	}
	b.none = err != nil
	if b.old, err = allow.ParseBaseline(label, text); err != nil {
		return &hinted{err, "mend that line"}
	}
	return nil
}

// collector is a sink that keeps what was found.
type collector struct{ found []scanner.Finding }

func (c *collector) begin() error { return nil }

func (c *collector) result(r *scanner.Result) error {
	c.found = append(c.found, r.Findings...)
	return nil
}

func (c *collector) end(report.Summary) error { return nil }

// scan returns the findings, those of the baseline included. All of history is
// meant to have the work tree in it, committed or not.
func (b *baseliner) scan(ctx context.Context) ([]scanner.Finding, error) {
	b.flags.dir = b.p.top.dir // all of the work tree, wherever this was called
	b.p.inTop = func(path string) string { return path }
	found, err := b.part(ctx, b.flags)
	if err == nil && b.flags.history.all {
		tree := b.flags
		tree.history.all = false
		var more []scanner.Finding
		more, err = b.part(ctx, tree)
		found = append(found, more...)
	}
	return found, err
}

// part scans what flags say. A scan that did not read all is no ground for a
// baseline.
func (b *baseliner) part(ctx context.Context, flags scanFlags) ([]scanner.Finding, error) {
	found := &collector{}
	sum, err := b.app.newRun(b.p, found, flags).do(ctx)
	switch {
	case sum.Partial != "":
		return nil, ctx.Err()
	case err != nil:
		return nil, err
	case len(sum.Errors) > 0:
		return nil, &hinted{fmt.Errorf("not all was read (%s): the baseline stays as it is", plural(len(sum.Errors), "error")), "mend what the errors above tell of, or exclude the files, and run it again"}
	}
	return found.found, nil
}

// write makes the baseline anew.
func (b *baseliner) write(ctx context.Context) error {
	found, err := b.scan(ctx)
	if err != nil {
		return err
	}
	fresh := allow.NewBaseline(b.old.Name)
	fresh.History = b.flags.history.all
	for i := range found {
		fresh.Add(&found[i])
	}
	fresh.CopyLabels(b.old)
	if err := b.save(fresh, plural(fresh.Len(), "known finding")); err != nil || fresh.Len() == 0 {
		return err
	}
	fmt.Fprintf(b.app.out, "keyguard: next: commit it; keyguard baseline audit tells leaks, to be rotated, from false alarms\n")
	return nil
}

// update adds to it.
func (b *baseliner) update(ctx context.Context) error {
	b.flags.history.all = b.flags.history.all || b.old.History
	found, err := b.scan(ctx)
	if err != nil {
		return err
	}
	added := 0
	for i := range found {
		if b.old.Add(&found[i]) {
			added++
		}
	}
	b.old.History = b.flags.history.all
	return b.save(b.old, fmt.Sprintf("%d added, %s", added, plural(b.old.Len(), "known finding")))
}

// prune removes from it what no longer occurs, and tells what that was.
func (b *baseliner) prune(ctx context.Context) error {
	if err := b.there(); err != nil {
		return err
	}
	b.flags.history.all = b.old.History
	found, err := b.scan(ctx)
	if err != nil {
		return err
	}
	for i := range found {
		b.old.Match(&found[i])
	}
	gone := b.old.Unused()
	for _, k := range gone {
		fmt.Fprintf(b.app.out, "gone: %s %s %s\n", k.Fingerprint, report.Printable(k.Rule), report.Printable(k.Path))
	}
	b.old.Remove(gone)
	return b.save(b.old, fmt.Sprintf("%d removed, %s", len(gone), plural(b.old.Len(), "known finding")))
}

func (b *baseliner) save(base *allow.Baseline, what string) error {
	if err := writeFile(b.file, base.Bytes()); err != nil {
		return err
	}
	fmt.Fprintf(b.app.out, "keyguard: %s: %s\n", report.Printable(base.Name), what)
	return b.merge()
}

// merge tells git to merge baselines by keeping the lines of both sides. Sorted
// lines alone conflict where two branches add neighbours; union is built into
// git and needs no setting up, only this line.
func (b *baseliner) merge() error {
	if b.p.top.gitDir == "" || filepath.Dir(b.file) != b.p.top.dir {
		return nil
	}
	const attributes = ".gitattributes"
	text, err := b.p.top.Read(attributes, maxIgnore)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	base := filepath.Base(b.file)
	if strings.Contains("\n"+string(text), "\n"+base+" ") || strings.ContainsAny(base, " \t\"") {
		return nil
	}
	if len(text) > 0 && !strings.HasSuffix(string(text), "\n") {
		text = append(text, '\n')
	}
	if err := writeFile(b.p.top.path(attributes), append(text, base+" merge=union\n"...)); err != nil {
		return err
	}
	fmt.Fprintf(b.app.out, "keyguard: .gitattributes: %s merges as a union of lines\n", base)
	return nil
}

// audit asks about each entry that nobody has labelled.
func (b *baseliner) audit(ctx context.Context) error {
	if err := b.there(); err != nil {
		return err
	}
	b.flags.history.all = b.old.History
	found, err := b.scan(ctx)
	if err != nil {
		return err
	}
	where := make(map[string]*scanner.Finding)
	for i := range found {
		if b.old.Match(&found[i]) != nil && where[found[i].Fingerprint()] == nil {
			where[found[i].Fingerprint()] = &found[i]
		}
	}
	in := bufio.NewScanner(b.app.in)
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
		fmt.Fprintf(b.app.out, "no longer occurs: %s %s %s\n", k.Fingerprint, report.Printable(k.Rule), report.Printable(k.Path))
	}
	return b.save(b.old, b.tally())
}

// ask shows a finding with its secrets masked and reads the answer.
func (b *baseliner) ask(in *bufio.Scanner, f *scanner.Finding) (label allow.Label, quit bool, err error) {
	var text strings.Builder
	format, err := report.FormatNamed("text")
	if err != nil {
		return "", false, err
	}
	o := report.Options{Why: true}
	if err := format.New(&text, o).Findings([]report.Finding{report.NewFinding(f, o)}); err != nil {
		return "", false, err
	}
	fmt.Fprint(b.app.out, text.String())
	for {
		fmt.Fprint(b.app.out, "t: true, a leak   f: false alarm   s: skip   q: save and quit > ")
		if !in.Scan() {
			fmt.Fprintln(b.app.out)
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

func (b *baseliner) tally() string {
	n := make(map[allow.Label]int)
	for _, k := range b.old.Sorted() {
		n[k.Label]++
	}
	return fmt.Sprintf("%s to rotate, %s, %d to look at", plural(n[allow.Leak], "leak"), plural(n[allow.FalsePositive], "false alarm"), n[allow.Unaudited])
}
