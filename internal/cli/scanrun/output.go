package scanrun

import (
	"bufio"
	"fmt"
	"os"
	"slices"

	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

// A Sink receives the results of a scan: Begin comes first, End last.
type Sink interface {
	Begin() error
	Result(r *scanner.Result) error
	End(s report.Summary) error
}

// output is a report and its destination.
type output struct {
	writer report.Writer
	buffer *bufio.Writer
	file   *cli.AtomicFile // nil: standard output
	name   string          // in errors
}

func (o *output) findings(list []report.Finding) error {
	err := o.writer.Findings(list)
	if err == nil && o.file == nil && len(list) > 0 {
		err = o.buffer.Flush() // findings appear at once
	}
	return o.failed(err)
}

func (o *output) begin() error { return o.failed(o.writer.Begin()) }

func (o *output) end(s report.Summary) error { return o.failed(o.writer.End(s)) }

// commit completes the report.
func (o *output) commit() error {
	err := o.buffer.Flush()
	if err == nil && o.file != nil {
		err = o.file.Commit()
	}
	return o.failed(err)
}

// failed returns err with the name of the report and a hint.
func (o *output) failed(err error) error {
	if err == nil {
		return nil
	}
	err = cli.Cause(err)
	hint := "make room, or write it elsewhere: --output FILE"
	if cli.IsClosedPipe(err) {
		hint = "the reader of the report stopped early; write it to a file with --output FILE"
	}
	return cli.WithHint(fmt.Errorf("write %s: %w", o.name, err), hint)
}

// Outputs are the reports of one scan.
type Outputs struct {
	ui      *cli.App
	list    []*output
	options report.Options
	quiet   bool // no summary on standard error
}

// OpenReports creates the reports. Existing files are kept until Commit.
func OpenReports(a *cli.App, f *ReportOptions, repository *report.Repository) (*Outputs, error) {
	destinations, err := f.destinations()
	if err != nil {
		return nil, err
	}
	out := &Outputs{ui: a, options: f.Report, quiet: f.Report.Quiet}
	out.options.Version, out.options.Repository = a.Version, repository
	needed := func(d destination) bool { return out.options.Why || !d.format.Anonymous }
	out.options.NoFingerprints = !slices.ContainsFunc(destinations, needed)
	for _, d := range destinations {
		o := &output{name: "the report", buffer: bufio.NewWriterSize(a.Out, 64<<10)}
		options := out.options
		color := f.Color
		if f.NoColor {
			color = "never"
		}
		options.Color, err = a.Colorful(color, d.file == "-" && cli.IsTerminal(a.Out))
		if err == nil && d.file != "-" {
			if o.file, err = cli.CreateAtomic(d.file, f.Report.Reveal); err == nil {
				o.name, o.buffer = d.file, bufio.NewWriterSize(o.file, 64<<10)
			}
		}
		if err != nil {
			out.Discard()
			return nil, err
		}
		o.writer = d.format.New(o.buffer, options)
		out.list = append(out.list, o)
	}
	return out, nil
}

func (o *Outputs) Result(r *scanner.Result) error { return report.Write(o, r, o.options) }

// Begin implements report.Writer.
func (o *Outputs) Begin() error {
	for _, one := range o.list {
		if err := one.begin(); err != nil {
			return err
		}
	}
	return nil
}

// Findings implements report.Writer.
func (o *Outputs) Findings(list []report.Finding) error {
	for _, one := range o.list {
		if err := one.findings(list); err != nil {
			return err
		}
	}
	return nil
}

// End implements report.Writer.
func (o *Outputs) End(s report.Summary) error {
	for _, one := range o.list {
		if err := one.end(s); err != nil {
			return err
		}
	}
	return nil
}

// Commit completes all reports. If all are files, it also prints the summary to standard
// error.
func (o *Outputs) Commit(s report.Summary) error {
	for _, one := range o.list {
		if err := one.commit(); err != nil {
			return err
		}
	}
	if !o.quiet && !o.toStdout() {
		fmt.Fprintln(o.ui.Err, s.String())
	}
	return nil
}

// toStdout reports whether a report goes to standard output.
func (o *Outputs) toStdout() bool {
	return slices.ContainsFunc(o.list, func(one *output) bool { return one.file == nil })
}

// Discard removes incomplete reports.
func (o *Outputs) Discard() {
	for _, one := range o.list {
		if one.file != nil {
			one.file.Discard()
		}
	}
}

// itself returns the files of the reports, which the scan must skip.
func (o *Outputs) itself() (files []os.FileInfo) {
	for _, one := range o.list {
		if one.file != nil {
			files = append(files, one.file.Files()...)
		}
	}
	return files
}
