package scanrun

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

// ciSink is a sink that also writes to the pages of a CI system: the log, annotations of
// changed lines, and the job summary.
type ciSink struct {
	Sink
	also    []report.Writer
	options report.Options
	summary *bytes.Buffer // nil: the system has no summary
	file    string        // of the summary

	hint  io.Writer // nil: a change may contain marks
	found []string  // fingerprints
}

// newCISink returns a sink that also writes text to the log, if it has no report, and the
// system's annotations and summary. These mask secrets even with --reveal, because they
// are stored.
func newCISink(a *cli.App, f *Options, out *Outputs) Sink {
	t := &ciSink{Sink: out, options: out.options, file: a.Env("GITHUB_STEP_SUMMARY")}
	t.options.Reveal, t.options.Color = false, false
	if !out.toStdout() {
		t.add("text", a.Out)
		out.quiet = true
	}
	if !f.plan.Marks {
		t.hint = a.Err
	}
	if !f.plan.Job.System.Annotates {
		return t
	}
	t.add("github", a.Err)
	if t.file != "" {
		t.summary = new(bytes.Buffer)
		t.add("markdown", t.summary)
	}
	return t
}

func (t *ciSink) add(format string, w io.Writer) {
	if f, err := report.FormatNamed(format); err == nil {
		t.also = append(t.also, f.New(w, t.options))
	}
}

// Begin implements Sink.
func (t *ciSink) Begin() error {
	err := t.Sink.Begin()
	for _, w := range t.also {
		err = errors.Join(err, w.Begin())
	}
	return err
}

func (t *ciSink) Result(r *scanner.Result) error {
	err := t.Sink.Result(r)
	for i := range r.Findings {
		if id := r.Findings[i].Fingerprint(); !slices.Contains(t.found, id) {
			t.found = append(t.found, id)
		}
	}
	for _, w := range t.also {
		err = errors.Join(err, report.Write(w, r, t.options))
	}
	return err
}

func (t *ciSink) End(s report.Summary) error {
	err := t.Sink.End(s)
	for _, w := range t.also {
		err = errors.Join(err, w.End(s))
	}
	t.printAllowHint()
	if t.summary == nil || err != nil {
		return err
	}
	return addTo(t.file, t.summary.Bytes())
}

// printAllowHint prints how to allow a false positive if the change cannot allow itself.
func (t *ciSink) printAllowHint() {
	if t.hint == nil || len(t.found) == 0 {
		return
	}
	const few = 5
	list := strings.Join(t.found[:min(few, len(t.found))], " ")
	if len(t.found) > few {
		list += " …"
	}
	fmt.Fprintf(t.hint, "keyguard: false positive? A change cannot allow itself. On its target branch, run:\n  keyguard allow %s --reason '…'\n", list)
}

// addTo appends to a file that other programs may write to.
func addTo(name string, text []byte) error {
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("write the summary that GITHUB_STEP_SUMMARY names: %w", err)
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}
