package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
)

// finding is a finding in a report of keyguard.
type finding struct {
	Rule        string `json:"rule_id"`
	Fingerprint string
	Path        string
	Line        int
	place       string // directory, path and line
}

// noise prints the findings per million lines of the directories, by rule. A directory is a
// working tree, or a bare repository, of which HEAD is scanned. If verdicts is not empty, it
// is the file with the verdicts on findings, to which new findings are appended.
func (b *bench) noise(dirs []string, verdicts string) error {
	known, err := readVerdicts(verdicts)
	if err != nil {
		return err
	}
	var all []finding
	total := 0
	for i, dir := range dirs {
		tree, err := b.workingTree(dir, filepath.Join(b.scratch, fmt.Sprint("tree", i)))
		if err != nil {
			return err
		}
		lines, err := b.countLines(tree)
		if err != nil {
			return err
		}
		found, err := b.findings(tree, dir)
		if err != nil {
			return err
		}
		fmt.Fprintf(b.out, "%s: %d lines, %d findings\n", dir, lines, len(found))
		total += lines
		all = append(all, found...)
		if tree != dir {
			if err := os.RemoveAll(tree); err != nil {
				return err
			}
		}
	}
	if err := writeNoise(b.out, all, total, known); err != nil || verdicts == "" {
		return err
	}
	return appendFindings(verdicts, all, known)
}

// workingTree returns dir, or scratch with the files of HEAD if dir is a bare repository. It
// writes nothing to dir. Files of which the repository has no object are left out.
func (b *bench) workingTree(dir, scratch string) (string, error) {
	bare, err := b.gitOutput(dir, "rev-parse", "--is-bare-repository")
	if err != nil || bare != "true" {
		return dir, err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return "", err
	}
	if _, err := b.gitOutput(b.scratch, "clone", "-q", "--shared", "--no-tags", "--no-checkout", dir, scratch); err != nil {
		return "", err
	}
	if _, err := b.gitOutput(scratch, "read-tree", "HEAD"); err != nil {
		return "", err
	}
	if _, err := b.gitOutput(scratch, "checkout-index", "--all"); err == nil {
		return scratch, nil
	}
	missing, err := b.gitOutput(scratch, "ls-files", "--deleted")
	if err == nil {
		fmt.Fprintf(b.out, "%s: without objects of %d files\n", dir, len(strings.Split(missing, "\n")))
	}
	return scratch, err
}

// countLines returns the number of lines of the text files that keyguard scans in a working
// tree. As for git, a file is binary if its first 8,000 bytes contain a zero.
func (b *bench) countLines(dir string) (lines int, err error) {
	const head = 8000
	out, err := b.gitOutput(dir, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	if err != nil {
		return 0, err
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if info, err := os.Lstat(file); err != nil || !info.Mode().IsRegular() {
			continue // removed, a link or a submodule
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return 0, err
		}
		if bytes.IndexByte(text[:min(len(text), head)], 0) < 0 {
			lines += bytes.Count(text, []byte("\n"))
		}
	}
	return lines, nil
}

// findings returns the findings of keyguard in a working tree, with all its allowances
// in comments ignored. name is the name of the directory in places.
func (b *bench) findings(tree, name string) ([]finding, error) {
	cmd := exec.CommandContext(b.ctx, b.keyguard, "scan", "--no-inline", "--no-progress", "-f", "jsonl")
	cmd.Dir, cmd.Env = tree, environment()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	found, unread, readErr := readFindings(bytes.NewReader(out), name)
	var exit *exec.ExitError
	if readErr != nil || err != nil && !errors.As(err, &exit) { // 1: findings, 2: content that was not read
		return nil, fmt.Errorf("scan %s: %w\n%s", name, errors.Join(err, readErr), &stderr)
	}
	for _, text := range unread {
		fmt.Fprintf(b.out, "%s: not read: %s\n", name, text)
	}
	return found, nil
}

// readFindings reads a report in JSON Lines: the findings, and the errors of content that was
// not read.
func readFindings(r io.Reader, name string) (found []finding, unread []string, err error) {
	for d := json.NewDecoder(r); ; {
		var line struct {
			Type string
			finding
			Errors []string
		}
		if err := d.Decode(&line); err != nil {
			return nil, nil, fmt.Errorf("report without a summary: %w", err)
		}
		switch line.Type {
		case "finding":
			line.place = fmt.Sprintf("%s:%s:%d", name, line.Path, line.Line)
			found = append(found, line.finding)
		case "summary":
			return found, line.Errors, nil
		}
	}
}

// ruleNoise counts the findings of a rule.
type ruleNoise struct {
	rule     string
	findings int
	by       map[string]int // by verdict
}

// writeNoise prints a row for each rule, those with the most findings first.
func writeNoise(w io.Writer, all []finding, lines int, known verdicts) error {
	rules := make(map[string]*ruleNoise)
	sum := &ruleNoise{"sum", 0, make(map[string]int)}
	for _, f := range all {
		r := rules[f.Rule]
		if r == nil {
			r = &ruleNoise{f.Rule, 0, make(map[string]int)}
			rules[f.Rule] = r
		}
		for _, n := range []*ruleNoise{r, sum} {
			n.findings++
			n.by[known[f.key()]]++
		}
	}
	var rows []*ruleNoise
	for _, r := range rules {
		rows = append(rows, r)
	}
	slices.SortFunc(rows, func(a, b *ruleNoise) int { return cmp.Or(b.findings-a.findings, cmp.Compare(a.rule, b.rule)) })
	fmt.Fprintf(w, "\n%d lines\n", lines)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "rule\tfindings\tper million lines\tfalse\ttrue\tunsure\topen\n")
	for _, r := range append(rows, sum) {
		fmt.Fprintf(t, "%s\t%d\t%.2f\t%d\t%d\t%d\t%d\n", r.rule, r.findings, 1e6*float64(r.findings)/float64(max(lines, 1)), r.by["false"], r.by["true"], r.by["unsure"], r.by[""])
	}
	return t.Flush()
}
