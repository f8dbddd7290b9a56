package scanrun

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/report"
)

func FormatNames() string {
	var names []string
	for _, f := range report.Formats() {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// destination is a report format and its file.
type destination struct {
	format report.Format
	file   string // "-" is standard output
}

// destinations pairs formats with files.
func (f *ReportOptions) destinations() ([]destination, error) {
	formats, files := f.Formats, f.Files
	switch {
	case len(formats) == 0 && len(files) == 0:
		formats, files = []string{"text"}, []string{"-"}
	case len(files) == 0 && len(formats) == 1:
		files = []string{"-"}
	case len(formats) > 0 && len(formats) != len(files):
		return nil, cli.Usage("scan", "%d of --format and %d of --output: they go in pairs, as in -f sarif -o a.sarif -f text -o -", len(formats), len(files))
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
			return nil, cli.Usage("scan", "two reports go to %s", file)
		}
		out = append(out, destination{format, file})
	}
	return out, nil
}

// namedFormat returns the format of that name. It returns an error if the file's
// extension belongs to another format.
func namedFormat(name, file string) (report.Format, error) {
	format, err := report.FormatNamed(name)
	if err != nil {
		return format, cli.WithHint(err, "see keyguard scan --help")
	}
	// Only these extensions belong to one format.
	for _, ext := range []string{".sarif", ".html", ".csv", ".jsonl"} {
		if filepath.Ext(file) == ext && format.Ext != ext {
			return format, cli.Usage("scan", "%s would be %s: --format and --output go in pairs, in their order", file, name)
		}
	}
	return format, nil
}

// formatOf returns the format for a file's extension. Without an extension it returns
// text.
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
	return report.Format{}, cli.WithHint(fmt.Errorf("no format goes by %s, as in %s", ext, file), "name one: --format "+strings.ReplaceAll(FormatNames(), ", ", "|"))
}

// regular reports whether a file is regular or does not exist.
func regular(file string) bool {
	info, err := os.Stat(file)
	return err != nil || info.Mode().IsRegular()
}

// sameFile reports whether two names are the same regular file.
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
