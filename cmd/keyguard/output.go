package main

import (
	"io/fs"

	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

// sink takes what a scan finds.
type sink interface {
	result(r *scanner.Result) error
	end(s report.Summary) error
}

// output is a report writer and the file behind it.
type output struct {
	writer  report.Writer
	options report.Options
	buffer  *buffered
	file    *atomicFile // nil: standard output
}

func (o *output) result(r *scanner.Result) error {
	return o.writer.Findings(report.Findings(r, o.options))
}

func (o *output) end(s report.Summary) error { return o.writer.End(s) }

// itself returns the files that a scan must not take for something to scan.
func (o *output) itself() []fs.FileInfo {
	if o.file == nil {
		return nil
	}
	return o.file.itself()
}

// commit completes the report.
func (o *output) commit() error {
	err := o.buffer.Flush()
	if err == nil && o.file != nil {
		err = o.file.commit()
	}
	return err
}

// discard removes what was written of a report that was not completed.
func (o *output) discard() {
	if o.file != nil {
		o.file.discard()
	}
}

func (a *app) reportWriter(f scanFlags) (*output, error) {
	format, err := report.FormatNamed(f.format)
	if err != nil {
		return nil, &hinted{err, "see keyguard scan --help"}
	}
	if f.noColor {
		f.color = "never"
	}
	if f.report.Color, err = a.colorful(f.color, f.output == "-" && isTerminal(a.out)); err != nil {
		return nil, err
	}
	f.report.Version = buildVersion()
	o := &output{buffer: newBuffered(a.out, true)}
	if f.output != "-" {
		if o.file, err = createAtomic(f.output); err != nil {
			return nil, err
		}
		o.buffer = newBuffered(o.file, false)
	}
	o.writer, o.options = format.New(o.buffer, f.report), f.report
	return o, nil
}
