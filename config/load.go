package config

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/source"
)

// Config is the effective configuration of a run. It is immutable.
type Config struct {
	Files       []*File // by ascending precedence
	Set         *patterns.Set
	Exclude     *source.Ignore
	Allow       []allow.Entry
	Inline      allow.Inline
	MaxFileSize int64              // bytes; 0: no limit
	FailOn      *patterns.Severity // nil if it is not set
	MinSeverity patterns.Severity
	Jobs        int
	Timeout     time.Duration // 0: no limit
	Server      Server        // nil fields are not set
}

// Store reads files from a disk or a commit. Names have slashes.
type Store interface {
	// Read returns the content of a file, or fs.ErrNotExist. More than limit bytes are an
	// error.
	Read(name string, limit int64) ([]byte, error)
	// Label returns the name of a file in messages.
	Label(name string) string
}

// Source names a configuration file.
type Source struct {
	Store    Store
	Name     string
	Optional bool // ignore a missing file
}

// maxDepth is the maximum depth to which files extend each other.
const maxDepth = 8

// Load reads the files, by ascending precedence, and the files that they extend. flags
// takes precedence over all and may be nil. The error joins all faults as *Error values.
func Load(sources []Source, flags *File) (*Config, error) {
	l := &loader{done: make(map[string]bool)}
	var errs []error
	for _, s := range sources {
		errs = append(errs, l.load(s, nil, nil))
	}
	if flags != nil {
		flags.name = commandLine
		l.files = append(l.files, flags)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return build(l.files)
}

const commandLine = "command line"

// loader collects files.
type loader struct {
	files []*File
	done  map[string]bool // read files by label: two may extend the same one
}

// load reads a file after the files that it extends. from is the chain of labels that led
// to it, and at returns an error at the place that names it.
func (l *loader) load(s Source, from []string, at func(format string, args ...any) error) error {
	label := s.Store.Label(s.Name)
	if at == nil {
		at = func(format string, args ...any) error { return fmt.Errorf(format, args...) }
	}
	switch {
	case slices.Contains(from, label):
		return at("%s extends itself: %s", label, strings.Join(append(from, label), " > "))
	case len(from) > maxDepth:
		return at("files extend each other more than %d deep: %s", maxDepth, strings.Join(append(from, label), " > "))
	case l.done[label]:
		return nil
	}
	data, err := s.Store.Read(s.Name, MaxFile)
	if s.Optional && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return at("read %s: %w", label, reason(err))
	}
	f, err := Parse(label, data)
	if err != nil {
		return err
	}
	for i, name := range f.Extends {
		if !path.IsAbs(name) && !filepath.IsAbs(name) {
			name = path.Join(path.Dir(s.Name), name)
		}
		place := fmt.Sprintf("extends[%d]", i)
		fault := func(format string, args ...any) error {
			p := &faultList{file: f}
			p.add(place, format, args...)
			return p.err()
		}
		if err := l.load(Source{Store: s.Store, Name: name}, append(slices.Clone(from), label), fault); err != nil {
			return err
		}
	}
	l.done[label] = true
	l.files = append(l.files, f)
	return nil
}

// reason returns an error without its path, which the message already contains.
func reason(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// Name returns the name of the file in messages.
func (f *File) Name() string { return f.name }

// entryLines returns the line of each entry of the allowlist. It scans the starts of
// lines. If the count differs, because a string contains such a line or entries have
// another form, it uses the index.
func (f *File) entryLines() []int {
	var out []int
	n := 0
	for line := range strings.Lines(f.text) {
		n++
		line = strings.TrimLeft(line, " \t")
		if strings.HasPrefix(line, "[[") && strings.HasPrefix(strings.ReplaceAll(line, " ", ""), "[[allow]]") {
			out = append(out, n)
		}
	}
	if len(out) == len(f.Allow) {
		return out
	}
	out = nil
	for i := range f.Allow {
		out = append(out, f.line(f.index()[fmt.Sprintf("allow[%d]", i)].start))
	}
	return out
}

// build merges files.
func build(files []*File) (*Config, error) {
	c := &Config{Files: files}
	var errs []error
	var excludes, excepts []*source.Ignore
	for _, f := range files {
		for i, line := range f.entryLines() {
			e, err := f.allowEntry(i, fmt.Sprintf("%s:%d", f.name, line))
			errs = append(errs, err)
			c.Allow = append(c.Allow, e)
		}
		exclude, err := f.ignoreLists("scan.exclude", f.Scan.Exclude)
		excludes, errs = append(excludes, exclude...), append(errs, err)
		except, err := f.ignoreLists("inline.except", f.Inline.Except)
		excepts, errs = append(excepts, except...), append(errs, err)
		setIf(&c.Inline.Forbid, negated(f.Inline.Marks))
		setIf(&c.Inline.KeyguardOnly, negated(f.Inline.Foreign))
		setIf(&c.Inline.RequireReason, f.Inline.RequireReason)
		c.Server.Bypass = cmp.Or(f.Server.Bypass, c.Server.Bypass)
		c.Server.Log = cmp.Or(f.Server.Log, c.Server.Log)
		c.Server.TrustHead = cmp.Or(f.Server.TrustHead, c.Server.TrustHead)
		c.Server.FailOpen = cmp.Or(f.Server.FailOpen, c.Server.FailOpen)
		c.FailOn = cmp.Or(f.Scan.FailOn, c.FailOn)
		setIf(&c.MinSeverity, f.Scan.MinSeverity)
		setIf(&c.Jobs, f.Scan.Jobs)
		if f.Scan.MaxFileSize != nil {
			c.MaxFileSize = int64(*f.Scan.MaxFileSize)
		}
		if f.Scan.Timeout != nil {
			c.Timeout = f.Scan.Timeout.Duration
		}
	}
	c.Exclude = source.Join(excludes...)
	if len(excepts) > 0 {
		c.Inline.Except = source.Join(excepts...)
	}
	var err error
	c.Set, err = buildSet(files)
	return c, errors.Join(append(errs, err)...)
}

// ignoreLists compiles patterns, each with its own place in the file.
func (f *File) ignoreLists(at string, patterns []string) (out []*source.Ignore, err error) {
	for i, pattern := range patterns {
		ig, fault := source.NewIgnore(f.Place(fmt.Sprintf("%s[%d]", at, i)), []string{pattern})
		out, err = append(out, ig), errors.Join(err, fault)
	}
	return out, err
}

func setIf[T any](to *T, value *T) {
	if value != nil {
		*to = *value
	}
}

func negated(b *bool) *bool {
	if b == nil {
		return nil
	}
	not := !*b
	return &not
}
