package main

import (
	"bufio"
	"fmt"
	"os"
	"slices"

	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

// sink receives the results of a scan: begin comes first, end last.
type sink interface {
	begin() error
	result(r *scanner.Result) error
	end(s report.Summary) error
}

// output is one report and where it goes.
type output struct {
	writer report.Writer
	buffer *bufio.Writer
	file   *atomicFile // nil: standard output
	name   string      // in errors
}

func (o *output) findings(list []report.Finding) error {
	err := o.writer.Findings(list)
	if err == nil && o.file == nil && len(list) > 0 {
		err = o.buffer.Flush() // someone may be waiting for it
	}
	return o.failed(err)
}

func (o *output) begin() error { return o.failed(o.writer.Begin()) }

func (o *output) end(s report.Summary) error { return o.failed(o.writer.End(s)) }

// commit completes the report.
func (o *output) commit() error {
	err := o.buffer.Flush()
	if err == nil && o.file != nil {
		err = o.file.commit()
	}
	return o.failed(err)
}

// failed says which report could not be written, and what to do about it.
func (o *output) failed(err error) error {
	if err == nil {
		return nil
	}
	err = cause(err)
	hint := "make room, or write it elsewhere: --output FILE"
	if isClosedPipe(err) {
		hint = "what reads the report stopped before its end; --output FILE writes it to a file"
	}
	return &hinted{fmt.Errorf("write %s: %w", o.name, err), hint}
}

// outputs are the reports of one scan.
type outputs struct {
	ui      *app
	list    []*output
	options report.Options
	quiet   bool // no word on standard error
}

// open opens what the flags name. Nothing is written yet, and nothing replaced.
func (a *app) open(f *reportFlags, repository *report.Repository) (*outputs, error) {
	destinations, err := f.destinations()
	if err != nil {
		return nil, err
	}
	out := &outputs{ui: a, options: f.report, quiet: f.report.Quiet}
	out.options.Version, out.options.Repository = buildVersion(), repository
	for _, d := range destinations {
		o := &output{name: "the report", buffer: bufio.NewWriterSize(a.out, 64<<10)}
		options := out.options
		color := f.color
		if f.noColor {
			color = "never"
		}
		options.Color, err = a.colorful(color, d.file == "-" && isTerminal(a.out))
		if err == nil && d.file != "-" {
			if o.file, err = createAtomic(d.file, f.report.Reveal); err == nil {
				o.name, o.buffer = d.file, bufio.NewWriterSize(o.file, 64<<10)
			}
		}
		if err != nil {
			out.discard()
			return nil, err
		}
		o.writer = d.format.New(o.buffer, options)
		out.list = append(out.list, o)
	}
	return out, nil
}

func (o *outputs) result(r *scanner.Result) error { return report.Write(o, r, o.options) }

func (o *outputs) begin() error { return o.Begin() }

func (o *outputs) end(s report.Summary) error { return o.End(s) }

// Begin implements report.Writer.
func (o *outputs) Begin() error {
	for _, one := range o.list {
		if err := one.begin(); err != nil {
			return err
		}
	}
	return nil
}

// Findings implements report.Writer.
func (o *outputs) Findings(list []report.Finding) error {
	for _, one := range o.list {
		if err := one.findings(list); err != nil {
			return err
		}
	}
	return nil
}

// End implements report.Writer.
func (o *outputs) End(s report.Summary) error {
	for _, one := range o.list {
		if err := one.end(s); err != nil {
			return err
		}
	}
	return nil
}

// commit completes all reports. Where all go to files, the terminal gets the
// result at least.
func (o *outputs) commit(s report.Summary) error {
	for _, one := range o.list {
		if err := one.commit(); err != nil {
			return err
		}
	}
	if !o.quiet && !o.toStdout() {
		fmt.Fprintln(o.ui.err, s.String())
	}
	return nil
}

// toStdout reports whether a report goes to standard output.
func (o *outputs) toStdout() bool {
	return slices.ContainsFunc(o.list, func(one *output) bool { return one.file == nil })
}

// discard removes what was written of reports that were not completed.
func (o *outputs) discard() {
	for _, one := range o.list {
		if one.file != nil {
			one.file.discard()
		}
	}
}

// itself returns the files that a scan must not take for something to scan.
func (o *outputs) itself() (files []os.FileInfo) {
	for _, one := range o.list {
		if one.file != nil {
			files = append(files, one.file.itself()...)
		}
	}
	return files
}
