package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/patterns"
)

// Name is the file's name, at the top of a repository.
const Name = ".keyguard.toml"

// File is what a configuration file says. The JSON Schema is made from these
// types, and its descriptions from their doc tags.
type File struct {
	Extends Files            `toml:"extends" doc:"Files to read before this one, relative to it and in the same repository; a file outside may extend any. What this one says wins; lists add up."`
	Scan    Scan             `toml:"scan" doc:"What is scanned, and how much of it."`
	Rules   Rules            `toml:"rules" doc:"Which rules apply. Built-in rules stay unless they are named here."`
	Inline  Inline           `toml:"inline" doc:"Whether comments such as keyguard:allow count."`
	Allow   []Allow          `toml:"allow" doc:"Findings that are fine. All conditions of an entry must hold."`
	Rule    []*patterns.Rule `toml:"rule" doc:"Rules of your own, in the form that keyguard rules show prints."`
	Server  Server           `toml:"server" doc:"What the pre-receive hook on a server does. Only the server's own files count."`

	name    string
	text    string
	places  index        // see index
	breaks  []int        // offsets of line breaks; see line
	secrets map[int]bool // see secretLines
}

// Scan narrows a scan.
type Scan struct {
	Exclude     []string  `toml:"exclude" doc:"Paths not to scan, in gitignore syntax, relative to the top of the repository. In history, a blob is excluded if every path that it ever had is."`
	MaxFileSize *Size     `toml:"max_file_size" doc:"Files of the work tree larger than this are skipped, and listed as such: 10MB."`
	Jobs        *int      `toml:"jobs" doc:"How many workers scan. 0: one for each processor."`
	Timeout     *Duration `toml:"timeout" doc:"Stop after this time, counted from the start of the program, with exit code 2: 90s, 5m."`
}

// Rules adjusts the set of rules.
type Rules struct {
	Enable   []string                     `toml:"enable" doc:"Ids of rules that apply though an extended file disables them."`
	Disable  []string                     `toml:"disable" doc:"Ids of rules that do not apply."`
	Severity map[string]patterns.Severity `toml:"severity" doc:"Other severities, by rule id: low, medium, high or critical."`
}

// Inline is the policy for marks in files.
type Inline struct {
	Marks         *bool    `toml:"marks" doc:"Whether any mark counts. Default: true."`
	Foreign       *bool    `toml:"foreign" doc:"Whether the marks of other scanners count, such as gitleaks:allow. Default: true."`
	RequireReason *bool    `toml:"require_reason" doc:"Whether a mark counts only with reason=…. Default: false."`
	Except        []string `toml:"except" doc:"Paths in gitignore syntax where a mark is only text, as in tests or documents about marks: none counts there, and none is told as one that allows nothing."`
}

// Server says what the pre-receive hook does.
type Server struct {
	Bypass    *bool   `toml:"bypass" doc:"Whether git push -o keyguard.allow=FINGERPRINT lets a finding pass, which is logged. Default: false."`
	Log       *string `toml:"log" doc:"File to which each bypass is added as a line of JSON. Default: keyguard/bypass.log in the repository's git folder."`
	TrustHead *bool   `toml:"trust_head" doc:"Whether the repository's own configuration, ignore file and baseline count, as HEAD has them before the push. Default: false."`
	FailOpen  *bool   `toml:"fail_open" doc:"Whether a push passes that could not be scanned in time. Default: false."`
}

// Allow is an entry of the allowlist.
type Allow struct {
	Reason       string       `toml:"reason" doc:"Why these findings are fine."`
	Expires      *Date        `toml:"expires" doc:"The last day on which the entry counts: 2027-01-31."`
	Paths        []string     `toml:"paths" doc:"Paths in gitignore syntax, relative to the top of the repository."`
	Rules        []string     `toml:"rules" doc:"Rule ids."`
	Regexes      []string     `toml:"regexes" doc:"Regular expressions (RE2), tried on the target."`
	Target       allow.Target `toml:"target" doc:"What the regexes are tried on: secret (the default), match (any part of the credential), line or path."`
	Stopwords    []string     `toml:"stopwords" doc:"Words within the secret, in any case."`
	Commits      []string     `toml:"commits" doc:"Ids of commits that introduced the finding, at least 7 digits."`
	Accounts     []string     `toml:"accounts" doc:"AWS account ids, 12 digits: a test account."`
	Fingerprints []string     `toml:"fingerprints" doc:"Fingerprints, as reports show them."`
}

// Files is one file name or a list of them.
type Files []string

// UnmarshalTOML implements toml.Unmarshaler.
func (f *Files) UnmarshalTOML(v any) error {
	switch v := v.(type) {
	case string:
		*f = Files{v}
		return nil
	case []any:
		for _, e := range v {
			s, ok := e.(string)
			if !ok {
				return errors.New("file names are strings")
			}
			*f = append(*f, s)
		}
		return nil
	}
	return errors.New("a file name or a list of them is wanted")
}

// Date is a day.
type Date struct{ time.Time }

// UnmarshalTOML implements toml.Unmarshaler. It takes a TOML date and a string
// of the same form.
func (d *Date) UnmarshalTOML(v any) error {
	var err error
	switch v := v.(type) {
	case time.Time:
		d.Time = time.Date(v.Year(), v.Month(), v.Day(), 0, 0, 0, 0, time.UTC)
	case string:
		*d, err = ParseDate(v)
	default:
		err = errDate
	}
	return err
}

var errDate = errors.New("a date is wanted, such as 2027-01-31")

// ParseDate reads a date in the form 2027-01-31.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, errDate
	}
	return Date{t}, nil
}

// String returns the date as it is written.
func (d Date) String() string { return d.Format(time.DateOnly) }

// Size is a number of bytes.
type Size int64

// UnmarshalTOML implements toml.Unmarshaler.
func (s *Size) UnmarshalTOML(v any) error {
	switch v := v.(type) {
	case int64:
		*s = Size(v)
	case string:
		return s.Set(v)
	default:
		return errSize
	}
	if *s < 0 {
		return errSize
	}
	return nil
}

var errSize = errors.New("a size is wanted, such as 500kB, 10MB or 1GB")

// Set reads a size, with flag.Value's name. Units are decimal, and binary with
// an i: 10MiB.
func (s *Size) Set(text string) error {
	units := []struct {
		suffix string
		factor float64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"kB", 1e3}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}, {"", 1}}
	for _, u := range units {
		number, ok := strings.CutSuffix(text, u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || !(n >= 0 && n*u.factor < 1<<62) {
			return errSize
		}
		*s = Size(n * u.factor)
		return nil
	}
	return errSize
}

// String returns the size in bytes.
func (s *Size) String() string { return fmt.Sprintf("%dB", int64(*s)) }

// Type names the value in a flag's help.
func (s *Size) Type() string { return "size" }

// Duration is a time span, written as Go does.
type Duration struct{ time.Duration }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil || v < 0 {
		return errors.New("a time span is wanted, such as 90s or 5m")
	}
	d.Duration = v
	return nil
}

// Limits, so that a hostile configuration fails and does not hang.
const (
	MaxFile  = 4 << 20  // bytes of a configuration file: some 20,000 entries
	MaxRegex = 64 << 10 // bytes of a regular expression
	maxFault = 20       // faults told of one file
)

// index tells where in a file its tables, keys and array elements are, by paths
// such as allow[2].regexes[0]. The TOML library tells the place of what it
// rejects, but not of what it has decoded.
type index map[string]span

// span is a stretch of a file, in bytes.
type span struct{ start, end int }
