package main

import "github.com/keyguard/keyguard/report"

// output is a report writer and the file behind it.
type output struct {
	report.Writer
	buffer *buffered
	file   *atomicFile // nil: standard output
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
	o.Writer = format.New(o.buffer, f.report)
	return o, nil
}
