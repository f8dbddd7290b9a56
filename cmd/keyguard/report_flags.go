package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/report"
)

// reportFlags say which reports to write, where to, and how they look.
type reportFlags struct {
	formats, files []string // in the order given: they go in pairs
	color          string
	noColor        bool
	report         report.Options
}

func (f *reportFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVarP(&f.formats, "format", "f", nil, "report format: "+formatNames()+" (default text)")
	flags.StringArrayVarP(&f.files, "output", "o", nil, "file to write the report to, in the format that its name says; - is standard output; with --format several times, one each in that order")
	flags.BoolVar(&f.report.Reveal, "reveal", false, "print secrets unmasked")
	flags.StringVar(&f.color, "color", "auto", "colour: auto, always or never")
	flags.BoolVar(&f.noColor, "no-color", false, "the same as --color=never")
	flags.BoolVarP(&f.report.Quiet, "quiet", "q", false, "print nothing if the scan is clean")
	propose(cmd, "format", completeFormats)
	propose(cmd, "color", cobra.FixedCompletions([]cobra.Completion{"auto", "always", "never"}, cobra.ShellCompDirectiveNoFileComp))
}

func formatNames() string {
	var names []string
	for _, f := range report.Formats() {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// destination is a format and where it goes.
type destination struct {
	format report.Format
	file   string // -: standard output
}

// destinations pairs formats with files.
func (f *reportFlags) destinations() ([]destination, error) {
	formats, files := f.formats, f.files
	switch {
	case len(formats) == 0 && len(files) == 0:
		formats, files = []string{"text"}, []string{"-"}
	case len(files) == 0 && len(formats) == 1:
		files = []string{"-"}
	case len(formats) > 0 && len(formats) != len(files):
		return nil, usage("scan", "%d of --format and %d of --output: they go in pairs, as in -f sarif -o a.sarif -f text -o -", len(formats), len(files))
	}
	var out []destination
	for i, file := range files {
		format, err := formatOf(file)
		if len(formats) > 0 {
			format, err = namedFormat(formats[i], file)
		}
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(out, func(d destination) bool { return sameFile(d.file, file) }) {
			return nil, usage("scan", "two reports go to %s", file)
		}
		out = append(out, destination{format, file})
	}
	return out, nil
}

// namedFormat returns the format of that name, unless the file's name says that
// another was meant.
func namedFormat(name, file string) (report.Format, error) {
	format, err := report.FormatNamed(name)
	if err != nil {
		return format, &hinted{err, "see keyguard scan --help"}
	}
	// These are of one format only; .json, .txt or .xml may be of several.
	for _, ext := range []string{".sarif", ".html", ".csv", ".jsonl"} {
		if filepath.Ext(file) == ext && format.Ext != ext {
			return format, usage("scan", "%s would be %s: --format and --output go in pairs, in their order", file, name)
		}
	}
	return format, nil
}

// formatOf returns the format that a file's name tells; text if it tells none.
func formatOf(file string) (report.Format, error) {
	ext := filepath.Ext(file)
	if file == "-" || ext == "" || ext == file || !regular(file) {
		return report.FormatNamed("text")
	}
	for _, f := range report.Formats() {
		if f.Ext == ext {
			return f, nil
		}
	}
	return report.Format{}, &hinted{fmt.Errorf("no format goes by %s, as in %s", ext, file), "name one: --format " + strings.ReplaceAll(formatNames(), ", ", "|")}
}

// regular reports whether a file is one, or would be.
func regular(file string) bool {
	info, err := os.Stat(file)
	return err != nil || info.Mode().IsRegular()
}

// sameFile reports whether writing to both would lose one.
func sameFile(a, b string) bool {
	if a == b || filepath.Clean(a) == filepath.Clean(b) {
		return a == "-" || regular(a)
	}
	one, err := os.Stat(a)
	two, err2 := os.Stat(b)
	if err == nil && err2 == nil {
		return os.SameFile(one, two) && one.Mode().IsRegular()
	}
	dir, err := os.Stat(filepath.Dir(a))
	dir2, err2 := os.Stat(filepath.Dir(b))
	return err == nil && err2 == nil && os.SameFile(dir, dir2) && filepath.Base(a) == filepath.Base(b)
}
